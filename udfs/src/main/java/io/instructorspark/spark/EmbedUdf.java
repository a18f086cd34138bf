package io.instructorspark.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.expressions.SparkUserDefinedFunction;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import scala.runtime.AbstractFunction2;

/**
 * Instruction and text to a vector, row by row, on the model that all tasks of a JVM share: what a
 * session that lacks the operator calls. Where the operator is there, {@link LiftEmbeddings} knows
 * the function and takes its place.
 */
final class EmbedUdf extends AbstractFunction2<Object, Object, Object> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final EmbedCall call;
  private transient TaskEmbedder embedder;

  private EmbedUdf(EmbedCall call) {
    this.call = call;
  }

  /** As Spark's functions take it. The vector is {@code array<float>}. */
  static UserDefinedFunction of(EmbedCall call) {
    return new SparkUserDefinedFunction(
        new EmbedUdf(call),
        OutputType.ARRAY.dataType(),
        Seqs.of(List.of()),
        scala.Option.empty(),
        scala.Option.apply("instructor_embed"),
        true,
        true);
  }

  /** Whether an expression is a call of such a function. */
  static boolean isCalledBy(Expression expression) {
    return expression instanceof ScalaUDF udf && udf.function() instanceof EmbedUdf;
  }

  /** The expression with such calls as embeddings. */
  static Expression asEmbedText(Expression expression) {
    Expression changed = expression.mapChildren(EmbedUdf::asEmbedText);
    if (!(changed instanceof ScalaUDF udf && udf.function() instanceof EmbedUdf function)) {
      return changed;
    }
    List<Expression> arguments = Seqs.list(udf.children());
    if (!arguments.stream().allMatch(EmbedText::isString)) {
      throw new IllegalArgumentException(
          "the function of instruction and text takes two strings, got %s; cast them to string"
              .formatted(
                  arguments.stream().map(argument -> argument.dataType().simpleString()).toList()));
    }
    return new GetStructField(
        new EmbedText(arguments.get(0), arguments.get(1), function.call),
        EmbedCall.VECTOR,
        scala.Option.empty());
  }

  @Override
  public Object apply(Object instruction, Object text) {
    if (embedder == null) {
      FallBack.ROW_BY_ROW.sayOnce("a user-defined function");
      embedder = new TaskEmbedder(call, EmbeddingPlace.OF_THE_TASK, List.of());
    }
    return embedder.embed((String) instruction, (String) text).vector();
  }
}
