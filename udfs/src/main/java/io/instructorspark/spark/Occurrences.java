package io.instructorspark.spark;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** Whether there are embeddings that are not lifted yet. */
final class Occurrences {
  private Occurrences() {}

  static boolean within(LogicalPlan plan) {
    if (inExpressionsOf(plan)) {
      return true;
    }
    for (LogicalPlan child : Seqs.list(plan.children())) {
      if (within(child)) {
        return true;
      }
    }
    return false;
  }

  static boolean inExpressionsOf(LogicalPlan operator) {
    if (operator instanceof EmbedTextPlan) {
      return false;
    }
    for (Expression expression : Seqs.list(operator.expressions())) {
      if (within(expression)) {
        return true;
      }
    }
    return false;
  }

  static boolean within(Expression expression) {
    if (expression instanceof EmbedText || EmbedUdf.isCalledBy(expression)) {
      return true;
    }
    for (Expression child : Seqs.list(expression.children())) {
      if (within(child)) {
        return true;
      }
    }
    return false;
  }
}
