package io.instructorspark.spark;

import io.instructorspark.text.InstructionTemplate;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** {@link InstructionTemplate} of three strings, each of which may be null; never null itself. */
final class InstructionSentence extends JavaExpression implements CodegenFallback {
  private static final long serialVersionUID = 1L;

  private final Expression domain;
  private final Expression textType;
  private final Expression objective;

  InstructionSentence(Expression domain, Expression textType, Expression objective) {
    this.domain = domain;
    this.textType = textType;
    this.objective = objective;
  }

  @Override
  List<Expression> childList() {
    return List.of(domain, textType, objective);
  }

  @Override
  InstructionSentence withChildList(List<Expression> children) {
    return new InstructionSentence(children.get(0), children.get(1), children.get(2));
  }

  @Override
  InstructionSentence withFields(Object[] fields) {
    return new InstructionSentence(
        (Expression) fields[0], (Expression) fields[1], (Expression) fields[2]);
  }

  @Override
  Object[] fields() {
    return new Object[] {domain, textType, objective};
  }

  @Override
  public DataType dataType() {
    return DataTypes.StringType;
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    return EmbedText.isString(domain)
            && EmbedText.isString(textType)
            && EmbedText.isString(objective)
        ? TypeCheckResult.TypeCheckSuccess$.MODULE$
        : new TypeCheckResult.TypeCheckFailure(
            "%s takes three strings, got %s, %s and %s; a part that is not wanted is null"
                .formatted(
                    prettyName(),
                    domain.dataType().simpleString(),
                    textType.dataType().simpleString(),
                    objective.dataType().simpleString()));
  }

  @Override
  public Object eval(InternalRow input) {
    return UTF8String.fromString(
        InstructionTemplate.of(
            EmbedText.string(domain.eval(input)),
            EmbedText.string(textType.eval(input)),
            EmbedText.string(objective.eval(input))));
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public String prettyName() {
    return "instructor_instruction";
  }

  @Override
  public String toString() {
    return "%s(%s, %s, %s)".formatted(prettyName(), domain, textType, objective);
  }
}
