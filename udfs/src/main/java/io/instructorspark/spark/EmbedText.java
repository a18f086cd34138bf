package io.instructorspark.spark;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;

/**
 * An instruction and a text, embedded: {@code struct<vector, token_count, truncated, error>}, never
 * null itself. {@link LiftEmbeddings} takes it out of a query's expressions and gives it to {@link
 * EmbedTextExec}, which works batch by batch. Where it stays, it is evaluated row by row.
 *
 * <p>It says {@link Unevaluable} to Spark's optimizer, which would otherwise evaluate it on the
 * driver where the rows are known there; executors evaluate it all the same.
 */
final class EmbedText extends JavaExpression implements Unevaluable, CodegenFallback {
  private static final long serialVersionUID = 1L;

  private final Expression instruction;
  private final Expression text;
  private final EmbedCall call;
  private transient TaskEmbedder rowByRow;

  EmbedText(Expression instruction, Expression text, EmbedCall call) {
    this.instruction = instruction;
    this.text = text;
    this.call = call;
  }

  Expression instruction() {
    return instruction;
  }

  Expression text() {
    return text;
  }

  EmbedCall call() {
    return call;
  }

  @Override
  List<Expression> childList() {
    return List.of(instruction, text);
  }

  @Override
  EmbedText withChildList(List<Expression> children) {
    return new EmbedText(children.get(0), children.get(1), call);
  }

  @Override
  EmbedText withFields(Object[] fields) {
    return new EmbedText((Expression) fields[0], (Expression) fields[1], (EmbedCall) fields[2]);
  }

  @Override
  Object[] fields() {
    return new Object[] {instruction, text, call};
  }

  @Override
  public DataType dataType() {
    return call.resultType();
  }

  @Override
  public boolean nullable() {
    return false;
  }

  /** Never: a model has no business on the driver. */
  @Override
  public boolean foldable() {
    return false;
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    if (!isString(instruction)) {
      return refused("instruction", instruction);
    }
    return isString(text) ? TypeCheckResult.TypeCheckSuccess$.MODULE$ : refused("text", text);
  }

  static boolean isString(Expression argument) {
    return argument.dataType() instanceof StringType;
  }

  private static TypeCheckResult refused(String what, Expression argument) {
    return new TypeCheckResult.TypeCheckFailure(
        "the %s is %s, and only strings can be embedded; cast it to string"
            .formatted(what, argument.dataType().simpleString()));
  }

  @Override
  public Object eval(InternalRow input) {
    if (rowByRow == null) {
      FallBack.ROW_BY_ROW.sayOnce(text.sql());
      rowByRow = new TaskEmbedder(call, EmbeddingPlace.OF_THE_TASK, List.of());
    }
    String textValue = string(text.eval(input));
    String instructionValue = textValue == null ? null : string(instruction.eval(input));
    return call.outputType().result(rowByRow.embed(instructionValue, textValue));
  }

  /** A value of Catalyst's string type, null for null. */
  static String string(Object value) {
    return value == null ? null : value.toString();
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public String prettyName() {
    return "instructor_embed";
  }

  @Override
  public String toString() {
    return "%s(%s, %s, %s)".formatted(prettyName(), instruction, text, call.description());
  }
}
