package io.instructorspark.spark;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal;

/** The conditions under which an expression is evaluated where it stands. */
@FunctionalInterface
interface Guard {
  /** Evaluated for each row. */
  Guard NONE = expression -> expression;

  /** The expression where the conditions hold, else null. */
  Expression around(Expression expression);

  /** Also needs a condition to be true. */
  default Guard and(Expression condition) {
    return inner -> around(new If(condition, inner, nullOf(inner)));
  }

  /** Also needs a condition to be false or null. */
  default Guard andNot(Expression condition) {
    return inner -> around(new If(condition, nullOf(inner), inner));
  }

  private static Literal nullOf(Expression expression) {
    return Literal.create(null, expression.dataType());
  }
}
