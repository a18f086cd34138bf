package io.instructorspark.spark;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;

/**
 * Leaves out operators whose vectors the columns above do not read. Spark optimizes a subquery
 * alone, and then takes no more of its columns than the query around it asks for: EXISTS, and the
 * search of a table format for the files that a MERGE touches, read the key of a source and not its
 * vector.
 */
final class NeededEmbeddings {
  private NeededEmbeddings() {}

  /** The plan itself if all are needed. */
  static LogicalPlan of(LogicalPlan plan) {
    LogicalPlan below = plan.mapChildren(NeededEmbeddings::of);
    return below instanceof Project project && mayHoldSome(project.child())
        ? ofColumns(project)
        : below;
  }

  /** Other operators end the search: most projections need not be asked what they read. */
  private static boolean mayHoldSome(LogicalPlan child) {
    return child instanceof EmbedTextPlan || child instanceof Filter;
  }

  private static LogicalPlan ofColumns(Project project) {
    Set<ExprId> read = new HashSet<>();
    addAll(read, project.references());
    LogicalPlan child = readBy(read, project.child());
    return child == project.child() ? project : project.withNewChildren(Seqs.of(List.of(child)));
  }

  private static LogicalPlan readBy(Set<ExprId> read, LogicalPlan plan) {
    if (plan instanceof Filter filter) {
      addAll(read, filter.references());
      LogicalPlan child = readBy(read, filter.child());
      return child == filter.child() ? filter : filter.withNewChildren(Seqs.of(List.of(child)));
    }
    if (!(plan instanceof EmbedTextPlan embedding)) {
      return plan;
    }
    if (!read.contains(embedding.result().exprId())) {
      return readBy(read, embedding.child());
    }
    addAll(read, embedding.embed().references());
    LogicalPlan child = readBy(read, embedding.child());
    return child == embedding.child() ? embedding : embedding.withChild(child);
  }

  private static void addAll(Set<ExprId> read, AttributeSet columns) {
    for (Attribute column : Seqs.list(columns.toSeq())) {
      read.add(column.exprId());
    }
  }
}
