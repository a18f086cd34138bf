package io.instructorspark.spark;

import io.instructorspark.engine.TokenCounter;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.TaskCompletionListener;

/**
 * How many tokens the encoder reads for an instruction and a text: an int, null for a null text.
 * Needs the tokenizer and no model. As {@link EmbedText} it is not evaluated on the driver.
 */
final class TokenCount extends JavaExpression implements Unevaluable, CodegenFallback {
  private static final long serialVersionUID = 1L;

  private final Expression instruction;
  private final Expression text;
  private final EmbedCall call;
  private transient TokenCounter counter;

  TokenCount(Expression instruction, Expression text, EmbedCall call) {
    this.instruction = instruction;
    this.text = text;
    this.call = call;
  }

  @Override
  List<Expression> childList() {
    return List.of(instruction, text);
  }

  @Override
  TokenCount withChildList(List<Expression> children) {
    return new TokenCount(children.get(0), children.get(1), call);
  }

  @Override
  TokenCount withFields(Object[] fields) {
    return new TokenCount((Expression) fields[0], (Expression) fields[1], (EmbedCall) fields[2]);
  }

  @Override
  Object[] fields() {
    return new Object[] {instruction, text, call};
  }

  @Override
  public DataType dataType() {
    return DataTypes.IntegerType;
  }

  @Override
  public boolean nullable() {
    return text.nullable();
  }

  @Override
  public boolean foldable() {
    return false;
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    return new EmbedText(instruction, text, call).checkInputDataTypes();
  }

  @Override
  public Object eval(InternalRow input) {
    String textValue = EmbedText.string(text.eval(input));
    if (textValue == null) {
      return null;
    }
    if (counter == null) {
      counter = TokenCounter.open(call.spec().model(), call.access(), call.spec().options());
      TaskContext task = TaskContext.get();
      if (task != null) {
        task.addTaskCompletionListener((TaskCompletionListener) done -> counter.close());
      }
    }
    return counter.count(EmbedText.string(instruction.eval(input)), textValue);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public String prettyName() {
    return "instructor_token_count";
  }

  @Override
  public String toString() {
    return "%s(%s, %s)".formatted(prettyName(), instruction, text);
  }
}
