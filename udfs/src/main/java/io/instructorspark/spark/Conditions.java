package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;

/** Conditions that must all hold. */
final class Conditions {
  private Conditions() {}

  /** The parts of a condition that are joined by AND, from left to right. */
  static List<Expression> split(Expression condition) {
    List<Expression> parts = new ArrayList<>();
    addParts(condition, parts);
    return parts;
  }

  private static void addParts(Expression condition, List<Expression> parts) {
    if (condition instanceof And and) {
      addParts(and.left(), parts);
      addParts(and.right(), parts);
    } else {
      parts.add(condition);
    }
  }

  /**
   * One condition of several.
   *
   * @param parts at least one
   */
  static Expression all(List<Expression> parts) {
    return parts.stream().reduce(And::new).orElseThrow();
  }
}
