package io.instructorspark.spark;

import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import scala.collection.IndexedSeq;

/** Gives a physical plan its only child. */
abstract class PhysicalChild extends SparkPlan implements UnaryExecNode {
  private static final long serialVersionUID = 1;

  /** A copy with another child. */
  abstract SparkPlan withChild(SparkPlan child);

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> children) {
    return withChild(children.head());
  }

  /**
   * How Scala 2.12 lets the trait call a method of the class that it is mixed into. Java's compiler
   * does not see that the trait asks for it.
   */
  public String org$apache$spark$sql$execution$UnaryExecNode$$super$formattedNodeName() {
    return super.formattedNodeName();
  }
}
