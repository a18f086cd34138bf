package io.instructorspark.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.catalyst.trees.CurrentOrigin;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.metric.SQLMetric;

/**
 * A physical plan with one child that leaves the child's rows in their partitions and order,
 * written in Java: what Scala would derive from a case class comes from {@link #fields}. Two are
 * equal if they are of one class and their fields are.
 */
abstract class UnaryPhysical extends PhysicalChild {
  private static final long serialVersionUID = 1;

  private transient scala.collection.immutable.Map<String, SQLMetric> metrics;

  /** The columns that come out, in order. */
  abstract List<Attribute> outputList();

  /** Those of them that the child does not have. */
  abstract List<Attribute> producedList();

  /** New counters by name, in the order in which they are shown; asked for once. */
  abstract java.util.Map<String, SQLMetric> metricMap();

  /**
   * All that makes the plan what it is, its child included. Spark looks for expressions in them,
   * and finds those in Scala's collections but not those in Java's.
   */
  abstract Object[] fields();

  /** A copy with other fields, as many and in the order of {@link #fields}. */
  abstract SparkPlan withFields(Object[] fields);

  @Override
  public final scala.collection.immutable.List<SparkPlan> children() {
    return Seqs.of(List.of(child()));
  }

  @Override
  public final scala.collection.immutable.List<Attribute> output() {
    return Seqs.of(outputList());
  }

  @Override
  public final AttributeSet producedAttributes() {
    return AttributeSet$.MODULE$.apply(Seqs.of(producedList()));
  }

  @Override
  public final Partitioning outputPartitioning() {
    return child().outputPartitioning();
  }

  @Override
  public final scala.collection.immutable.List<SortOrder> outputOrdering() {
    return child().outputOrdering().toList();
  }

  @Override
  public final synchronized scala.collection.immutable.Map<String, SQLMetric> metrics() {
    if (metrics == null) {
      metrics = Seqs.of(metricMap());
    }
    return metrics;
  }

  @Override
  public final SparkPlan withNewChildInternal(SparkPlan child) {
    return withChild(child);
  }

  @Override
  public final SparkPlan makeCopy(Object[] newFields) {
    return CurrentOrigin.withOrigin(
        origin(),
        () -> {
          SparkPlan copy = withFields(newFields);
          copy.copyTagsFrom(this);
          return copy;
        });
  }

  @Override
  public final SparkPlan clone() {
    return CurrentOrigin.withOrigin(
        origin(),
        () -> {
          SparkPlan copy = withChild(child().clone());
          copy.copyTagsFrom(this);
          return copy;
        });
  }

  @Override
  public final int productArity() {
    return fields().length;
  }

  @Override
  public final Object productElement(int n) {
    return fields()[n];
  }

  @Override
  public final boolean canEqual(Object other) {
    return other != null && other.getClass() == getClass();
  }

  @Override
  public final boolean equals(Object other) {
    return canEqual(other) && Arrays.equals(fields(), ((UnaryPhysical) other).fields());
  }

  /** Spark's own, which it makes once from the fields. */
  @Override
  public final int hashCode() {
    return super.hashCode();
  }
}
