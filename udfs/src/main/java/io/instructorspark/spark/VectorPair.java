package io.instructorspark.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.FloatType;

/** A {@link VectorFunction} of two expressions. */
final class VectorPair extends JavaExpression implements CodegenFallback {
  private static final long serialVersionUID = 1L;

  private final VectorFunction function;
  private final Expression left;
  private final Expression right;

  VectorPair(VectorFunction function, Expression left, Expression right) {
    this.function = function;
    this.left = left;
    this.right = right;
  }

  @Override
  List<Expression> childList() {
    return List.of(left, right);
  }

  @Override
  VectorPair withChildList(List<Expression> children) {
    return new VectorPair(function, children.get(0), children.get(1));
  }

  @Override
  VectorPair withFields(Object[] fields) {
    return new VectorPair(
        (VectorFunction) fields[2], (Expression) fields[0], (Expression) fields[1]);
  }

  @Override
  Object[] fields() {
    return new Object[] {left, right, function};
  }

  @Override
  public DataType dataType() {
    return DataTypes.FloatType;
  }

  @Override
  public boolean nullable() {
    return true;
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    if (!isVector(left)) {
      return refused("first", left);
    }
    if (!isVector(right)) {
      return refused("second", right);
    }
    return OneOrigin.difference(left, right)
        .map(prettyName().concat(": ")::concat)
        .<TypeCheckResult>map(TypeCheckResult.TypeCheckFailure::new)
        .orElse(TypeCheckResult.TypeCheckSuccess$.MODULE$);
  }

  private TypeCheckResult refused(String which, Expression argument) {
    return new TypeCheckResult.TypeCheckFailure(
        "the %s argument of %s must be array<float>, got %s; cast it to array<float>"
            .formatted(which, prettyName(), argument.dataType().simpleString()));
  }

  private static boolean isVector(Expression argument) {
    return argument.dataType() instanceof ArrayType array
        && array.elementType() instanceof FloatType;
  }

  @Override
  public Object eval(InternalRow input) {
    Object leftValue = left.eval(input);
    Object rightValue = leftValue == null ? null : right.eval(input);
    return rightValue == null
        ? null
        : function.apply((ArrayData) leftValue, (ArrayData) rightValue);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public String prettyName() {
    return function.sqlName();
  }

  @Override
  public String toString() {
    return "%s(%s, %s)".formatted(prettyName(), left, right);
  }
}
