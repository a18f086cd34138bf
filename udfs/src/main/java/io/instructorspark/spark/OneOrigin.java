package io.instructorspark.spark;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/** Refuses to mix vectors of different models or modes where their columns say which made them. */
final class OneOrigin {
  private static final String REMEDY =
      "; such vectors cannot be compared. Embed both with one model and mode.";

  private OneOrigin() {}

  /** Why two expressions' vectors may not be compared; empty if they may, or do not say. */
  static Optional<String> difference(Expression one, Expression other) {
    return difference(metadata(one), metadata(other));
  }

  private static Optional<String> difference(Metadata one, Metadata other) {
    return VectorOrigin.of(one)
        .flatMap(origin -> VectorOrigin.of(other).flatMap(origin::difference))
        .map(difference -> difference + REMEDY);
  }

  /**
   * Checks that no union puts vectors of different origins into one column.
   *
   * @throws IllegalArgumentException if one does
   */
  static void requireOf(LogicalPlan plan) {
    if (plan instanceof Union) {
      List<LogicalPlan> children = Seqs.list(plan.children());
      for (LogicalPlan child : children.subList(1, children.size())) {
        requireSame(Seqs.list(children.get(0).output()), Seqs.list(child.output()));
      }
    }
    Seqs.list(plan.children()).forEach(OneOrigin::requireOf);
  }

  private static void requireSame(List<Attribute> one, List<Attribute> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      String column = one.get(i).name();
      difference(one.get(i).metadata(), other.get(i).metadata())
          .ifPresent(
              difference -> {
                throw new IllegalArgumentException(
                    "UNION of column '%s': %s".formatted(column, difference));
              });
    }
  }

  private static Metadata metadata(Expression expression) {
    if (expression instanceof GetStructField field) {
      return ((StructType) field.child().dataType()).apply(field.ordinal()).metadata();
    }
    return expression instanceof NamedExpression named ? named.metadata() : Metadata.empty();
  }
}
