package io.instructorspark.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RebalancePartitions;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.Sort;

/**
 * Spark sorts a whole data set by ranges that it finds in a sample, and runs what is below the sort
 * once for the sample and once for the rows. An exchange between keeps what was embedded for the
 * first run.
 */
final class SortedEmbeddings {
  private SortedEmbeddings() {}

  static LogicalPlan kept(LogicalPlan plan) {
    if (plan instanceof LocalLimit limit && isTop(limit.child())) {
      return limit.mapChildren(
          SortedEmbeddings::keptBelowTop); // no ranges: each task sorts its own
    }
    LogicalPlan changed = plan.mapChildren(SortedEmbeddings::kept);
    boolean byRanges =
        changed instanceof Sort sort && sort.global() && embedsInItsStage(sort.child());
    return byRanges
        ? changed.mapChildren(
            child ->
                new RebalancePartitions(
                    Seqs.of(List.of()), child, scala.Option.empty(), scala.Option.empty()))
        : changed;
  }

  private static boolean isTop(LogicalPlan plan) {
    return plan instanceof Sort || plan instanceof Project project && isTop(project.child());
  }

  private static LogicalPlan keptBelowTop(LogicalPlan plan) {
    return plan.mapChildren(
        plan instanceof Sort ? SortedEmbeddings::kept : SortedEmbeddings::keptBelowTop);
  }

  /** Whether rows come from an embedding without an exchange that would keep them. */
  private static boolean embedsInItsStage(LogicalPlan plan) {
    if (plan instanceof EmbedTextPlan) {
      return true;
    }
    boolean exchanged =
        plan instanceof RebalancePartitions
            || plan instanceof RepartitionByExpression
            || plan instanceof Repartition repartition && repartition.shuffle()
            || plan instanceof Aggregate
            || plan instanceof Sort sort && sort.global();
    return !exchanged
        && Seqs.list(plan.children()).stream().anyMatch(SortedEmbeddings::embedsInItsStage);
  }
}
