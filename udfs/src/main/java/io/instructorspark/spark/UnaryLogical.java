package io.instructorspark.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.CurrentOrigin;

/**
 * A logical plan with one child, written in Java: what Scala would derive from a case class comes
 * from {@link #fields}. Two are equal if they are of one class and their fields are.
 *
 * <p>Its place is behind analysis, put in by a rule of the optimiser: where a dataset is joined
 * with itself, the analyser gives new ids only to the columns of plans that it knows.
 */
abstract class UnaryLogical extends LogicalChild {
  private static final long serialVersionUID = 1;

  /** The columns that come out, in order. */
  abstract List<Attribute> outputList();

  /** Those of them that the child does not have. */
  abstract List<Attribute> producedList();

  /**
   * All that makes the plan what it is, its child included. Spark looks for expressions in them,
   * and finds those in Scala's collections but not those in Java's.
   */
  abstract Object[] fields();

  /** A copy with other fields, as many and in the order of {@link #fields}. */
  abstract LogicalPlan withFields(Object[] fields);

  @Override
  public final scala.collection.immutable.List<LogicalPlan> children() {
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
  public final LogicalPlan withNewChildInternal(LogicalPlan child) {
    return withChild(child);
  }

  @Override
  public final LogicalPlan makeCopy(Object[] newFields) {
    return CurrentOrigin.withOrigin(
        origin(),
        () -> {
          LogicalPlan copy = withFields(newFields);
          copy.copyTagsFrom(this);
          return copy;
        });
  }

  @Override
  public final LogicalPlan clone() {
    return CurrentOrigin.withOrigin(
        origin(),
        () -> {
          LogicalPlan copy = withChild(child().clone());
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
    return canEqual(other) && Arrays.equals(fields(), ((UnaryLogical) other).fields());
  }

  /** Spark's own, which it makes once from the fields. */
  @Override
  public final int hashCode() {
    return super.hashCode();
  }
}
