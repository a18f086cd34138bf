package io.instructorspark.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.trees.CurrentOrigin;

/**
 * An expression written in Java: what Scala would derive from a case class comes from {@link
 * #fields}. Two are equal if they are of one class and their fields are.
 */
abstract class JavaExpression extends ExpressionChildren implements Serializable {
  private static final long serialVersionUID = 1;

  /** The children, in order. */
  abstract List<Expression> childList();

  /**
   * All that makes the expression what it is, its children included. Spark looks for expressions in
   * them, and finds those in Scala's collections but not those in Java's.
   */
  abstract Object[] fields();

  /** A copy with other fields, as many and in the order of {@link #fields}. */
  abstract Expression withFields(Object[] fields);

  @Override
  public final scala.collection.immutable.List<Expression> children() {
    return Seqs.of(childList());
  }

  @Override
  public final Expression makeCopy(Object[] newFields) {
    return CurrentOrigin.withOrigin(
        origin(),
        () -> {
          Expression copy = withFields(newFields);
          copy.copyTagsFrom(this);
          return copy;
        });
  }

  @Override
  public final Expression clone() {
    return CurrentOrigin.withOrigin(
        origin(),
        () -> {
          Expression copy = withChildList(childList().stream().map(Expression::clone).toList());
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
    return canEqual(other) && Arrays.equals(fields(), ((JavaExpression) other).fields());
  }

  /** Spark's own, which it makes once from the fields. */
  @Override
  public final int hashCode() {
    return super.hashCode();
  }
}
