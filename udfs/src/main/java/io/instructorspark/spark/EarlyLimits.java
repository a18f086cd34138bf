package io.instructorspark.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;

/** Limits below embeddings: what is cut off need not be embedded. */
final class EarlyLimits {
  private EarlyLimits() {}

  static LogicalPlan pushed(LogicalPlan plan) {
    LogicalPlan changed = plan.mapChildren(EarlyLimits::pushed);
    return changed instanceof LocalLimit limit
        ? limit.withNewChildren(Seqs.of(List.of(under(limit.child(), limit.limitExpr()))))
        : changed;
  }

  private static LogicalPlan under(LogicalPlan plan, Expression most) {
    if (plan instanceof Project project) {
      LogicalPlan child = under(project.child(), most);
      return child == project.child() ? plan : plan.withNewChildren(Seqs.of(List.of(child)));
    }
    if (plan instanceof EmbedTextPlan embed) {
      LogicalPlan child = under(embed.child(), most);
      boolean limited = child instanceof LocalLimit || child instanceof GlobalLimit;
      boolean done = limited || child != embed.child();
      return embed.withChild(done ? child : new LocalLimit(most, child));
    }
    return plan;
  }
}
