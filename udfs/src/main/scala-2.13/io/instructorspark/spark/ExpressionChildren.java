package io.instructorspark.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.immutable.IndexedSeq;

/** Gives an expression its children as a Java list. */
abstract class ExpressionChildren extends Expression {
  private static final long serialVersionUID = 1;

  /** A copy with other children, in order. */
  abstract Expression withChildList(List<Expression> children);

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return withChildList(Seqs.list(children));
  }
}
