package io.instructorspark.spark;

import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import scala.collection.immutable.IndexedSeq;

/** Gives a logical plan its only child. */
abstract class LogicalChild extends LogicalPlan implements UnaryNode {
  private static final long serialVersionUID = 1;

  /** A copy with another child. */
  abstract LogicalPlan withChild(LogicalPlan child);

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> children) {
    return withChild(children.head());
  }
}
