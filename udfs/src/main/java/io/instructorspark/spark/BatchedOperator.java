package io.instructorspark.spark;

import io.instructorspark.engine.Device;
import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.SparkStrategy;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;

/** The rule and the strategy that a session needs for {@link EmbedTextExec}. */
final class BatchedOperator {
  static final String ENABLED = SessionSetting.OPERATOR_ENABLED.key();

  private BatchedOperator() {}

  /**
   * Brings the operator into a session, unless it is there.
   *
   * @return false if the session cannot take it; why is said once in the log
   */
  static synchronized boolean install(SparkSession session) {
    if (!isEnabled(
        ClassicSpark.isClassic(session)
            ? ClassicSpark.sessionState(session).conf()
            : SQLConf.get())) {
      FallBack.NO_OPERATOR.sayOnce(ENABLED + " is false");
      return false;
    }
    if (!ClassicSpark.isClassic(session)) {
      FallBack.NO_OPERATOR.sayOnce("it is " + session.getClass().getName());
      return false;
    }
    try {
      ExperimentalMethods methods = ClassicSpark.experimental(session);
      if (!isThere(methods)) {
        add(methods);
        planOnce(session);
      }
      return true;
    } catch (LinkageError | UnsupportedOperationException | ClassCastException e) {
      FallBack.NO_OPERATOR.sayOnce("Spark " + session.version() + " is not as expected: " + e);
      return false;
    }
  }

  /**
   * For sessions that are yet to be made. Extensions of Spark's can put a rule before or among
   * Spark's own, but some of these still move expressions later, out of EXISTS for one; the place
   * behind them is that of a running session's rules. Spark asks for the extension's rules whenever
   * it puts together the optimizer, before it asks for those.
   *
   * @return a rule that does nothing itself
   */
  static synchronized Rule<LogicalPlan> installing(SparkSession session) {
    ExperimentalMethods methods = ClassicSpark.experimental(session);
    if (!isThere(methods)) {
      add(methods);
    }
    return new Rule<>() {
      @Override
      public LogicalPlan apply(LogicalPlan plan) {
        return plan;
      }
    };
  }

  private static boolean isThere(ExperimentalMethods methods) {
    return Seqs.list(methods.extraStrategies()).stream().anyMatch(EmbedStrategy.class::isInstance);
  }

  /**
   * Whether a session's settings let the operator in.
   *
   * @throws IllegalArgumentException if the setting is neither true nor false
   */
  static boolean isEnabled(SQLConf conf) {
    String setting =
        conf.getConfString(ENABLED, SessionSetting.OPERATOR_ENABLED.defaultValue()).strip();
    if (!setting.equalsIgnoreCase("true") && !setting.equalsIgnoreCase("false")) {
      throw new IllegalArgumentException(
          "%s is '%s', expected true or false".formatted(ENABLED, setting));
    }
    return Boolean.parseBoolean(setting);
  }

  private static void add(ExperimentalMethods methods) {
    List<SparkStrategy> strategies = new ArrayList<>(Seqs.list(methods.extraStrategies()));
    strategies.add(new EmbedStrategy());
    methods.extraStrategies_$eq(Seqs.of(strategies));
    List<Rule<LogicalPlan>> rules = new ArrayList<>(Seqs.list(methods.extraOptimizations()));
    rules.add(new LiftEmbeddings());
    methods.extraOptimizations_$eq(Seqs.of(rules));
  }

  /** A query that runs nothing and links all that planning needs. */
  private static void planOnce(SparkSession session) {
    ModelSpec nowhere =
        new ModelSpec("none", "none", Compatibility.V1_0_1, Device.CPU, Precision.FP32, 2);
    EmbedCall call =
        new EmbedCall(
            new EmbeddingSpec(nowhere, EmbedOptions.DEFAULT, HandleInvalid.KEEP),
            OutputType.ARRAY,
            Metadata.empty(),
            null,
            null);
    Literal none = Literal.create(null, DataTypes.StringType);
    LogicalPlan plan = EmbedTextPlan.over(new OneRowRelation(), new EmbedText(none, none, call));
    ClassicSpark.ofRows(session, plan).queryExecution().executedPlan();
  }
}
