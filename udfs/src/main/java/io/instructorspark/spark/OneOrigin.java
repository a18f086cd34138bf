package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/** Refuses to mix vectors of different models or modes where their columns say which made them. */
final class OneOrigin {
  static final String REMEDY =
      "; such vectors cannot be compared. Embed both with one model and mode.";

  private OneOrigin() {}

  /** Why two expressions' vectors may not be compared; empty if they may, or do not say. */
  static Optional<String> difference(Expression one, Expression other) {
    return VectorOrigin.of(metadata(one))
        .flatMap(origin -> VectorOrigin.of(metadata(other)).flatMap(origin::difference))
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
        requireSame(columns(children.get(0)), columns(child));
      }
    }
    Seqs.list(plan.children()).forEach(OneOrigin::requireOf);
  }

  private static void requireSame(List<NamedExpression> one, List<NamedExpression> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      String column = one.get(i).name();
      difference((Expression) one.get(i), (Expression) other.get(i))
          .ifPresent(
              difference -> {
                throw new IllegalArgumentException(
                    "UNION of column '%s': %s".formatted(column, difference));
              });
    }
  }

  /** What the columns are made of, where the plan says it: a cast there has lost the metadata. */
  private static List<NamedExpression> columns(LogicalPlan plan) {
    return plan instanceof Project project
        ? Seqs.list(project.projectList())
        : new ArrayList<>(Seqs.list(plan.output()));
  }

  private static Metadata metadata(Expression expression) {
    if (expression instanceof GetStructField field) {
      return ((StructType) field.child().dataType()).apply(field.ordinal()).metadata();
    }
    if (expression instanceof Cast cast) {
      return metadata(cast.child());
    }
    if (expression instanceof Alias alias && VectorOrigin.of(alias.metadata()).isEmpty()) {
      return metadata(alias.child());
    }
    return expression instanceof NamedExpression named ? named.metadata() : Metadata.empty();
  }
}
