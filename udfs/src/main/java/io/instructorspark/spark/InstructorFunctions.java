package io.instructorspark.spark;

import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.ModelSpec;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.Metadata;
import scala.Option;

/** Embeddings as functions of SQL and of DataFrames. */
public final class InstructorFunctions {
  private InstructorFunctions() {}

  /**
   * Gives a running session the functions and the operator of {@link InstructorExtensions}. Calling
   * it again does nothing more.
   *
   * <p>A session that cannot take the operator, as one of Spark Connect, gets {@code
   * instructor_embed(instruction, text)} as a function that works row by row, with the session's
   * model as it is now; the log says so once.
   *
   * @throws IllegalArgumentException there, if a setting has no valid value
   * @throws io.instructorspark.checkpoint.CheckpointException there, if the checkpoint cannot be
   *     read
   */
  public static void register(SparkSession session) {
    if (!BatchedOperator.install(session)) {
      session.udf().register(SqlFunction.EMBED.sqlName(), udf(EmbeddingSpec.of(session)));
      return;
    }
    FunctionRegistry registry = ClassicSpark.sessionState(session).functionRegistry();
    for (SqlFunction function : SqlFunction.missingInSpark()) {
      registry.registerFunction(
          new FunctionIdentifier(function.sqlName()),
          function.info(),
          arguments -> function.of(Seqs.list(arguments)));
    }
  }

  /**
   * A function of instruction and text for DataFrame code, {@code udf(spec).apply(lit("…"),
   * col("text"))}, which may also be registered under a name. Returns the unit vector, {@code
   * array<float>}; null for a null text, and for a row that cannot be embedded unless such rows are
   * to be errors. A null instruction is the empty one.
   *
   * <p>In a session with the operator ({@link #register}, {@link InstructorExtensions}) it works
   * batch by batch; elsewhere row by row, which is slow.
   */
  public static UserDefinedFunction udf(EmbeddingSpec spec) {
    return EmbedUdf.of(
        new EmbedCall(
            Objects.requireNonNull(spec, "spec"),
            OutputType.ARRAY,
            Metadata.empty(),
            CheckpointAccess.of(activeSession()),
            null));
  }

  /** As {@link #udf(EmbeddingSpec)}: long texts are truncated, invalid rows give null. */
  public static UserDefinedFunction udf(ModelSpec model) {
    return udf(new EmbeddingSpec(model, EmbedOptions.DEFAULT, HandleInvalid.KEEP));
  }

  /** The session of this thread or, where it has none, the application's; null without one. */
  static SparkSession activeSession() {
    Option<SparkSession> active = SparkSession.getActiveSession();
    Option<SparkSession> session = active.isDefined() ? active : SparkSession.getDefaultSession();
    return session.isDefined() ? session.get() : null;
  }
}
