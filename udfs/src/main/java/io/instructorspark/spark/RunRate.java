package io.instructorspark.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.left;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sum;

import io.instructorspark.engine.LongText;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How much work rows are: tokens, told from bytes, and the seconds of one, measured on a few rows
 * where the model will run.
 *
 * @param secondsPerToken of one task; 0 where there was nothing to measure
 * @param totals what measuring it took
 */
record RunRate(double secondsPerToken, EmbeddingMetrics.Totals totals) {
  private static final int BYTES_PER_TOKEN = 4; // of English; more of what has other letters
  private static final int TOKENS_PER_ROW = 2;
  private static final int SMALL_SAMPLE = 32;
  private static final int SAMPLE = 160;
  private static final long SMALL_INPUT = 1 << 18;
  private static final int LONGEST_SAMPLE = 1 << 16;
  private static final double ENOUGH_SECONDS = 0.5;
  private static final double LEAST_SLICE_SECONDS = 2;
  private static final double SLICE_SECONDS = 30;
  private static final int SLICES_PER_CORE = 4;

  /** About how many tokens the encoder reads of a row. */
  static Column tokens(EmbedPlan plan, Column text, Optional<Column> instruction) {
    Column bytes =
        instruction
            .map(RunRate::bytes)
            .orElseGet(() -> lit((long) plan.instruction().getBytes(UTF_8).length))
            .plus(bytes(text));
    Column tokens = bytes.divide(BYTES_PER_TOKEN).cast("long").plus(TOKENS_PER_ROW);
    return plan.spec().options().longText() == LongText.TRUNCATE
        ? least(tokens, lit((long) plan.model().spec().maxLength()))
        : tokens;
  }

  private static Column bytes(Column string) {
    return coalesce(octet_length(string).cast("long"), lit(0L));
  }

  /**
   * Embeds a few of the rows: 32, and where they took less than half a second, and are of many,
   * some more.
   *
   * @param inputBytes about how many bytes the input has; empty where nobody knows
   */
  static RunRate measured(
      EmbedPlan plan, Dataset<Row> rows, Column text, Optional<Long> inputBytes) {
    Column shortened = left(text.cast("string"), lit(LONGEST_SAMPLE)).as("text");
    Column instruction =
        plan.columns()
            .instruction()
            .map(name -> left(EmbedPlan.column(rows, name), lit(LONGEST_SAMPLE)))
            .orElseGet(() -> lit(plan.instruction()));
    boolean small = inputBytes.filter(bytes -> bytes < SMALL_INPUT).isPresent();
    List<Row> sample =
        rows
            .select(shortened, instruction.as("instruction"))
            .takeAsList(small ? SMALL_SAMPLE : SAMPLE)
            .stream()
            .distinct() // equal rows of one window are encoded once
            .toList();
    if (sample.isEmpty()) {
      return new RunRate(0, EmbeddingMetrics.Totals.NONE);
    }
    int few = Math.min(SMALL_SAMPLE, sample.size());
    SparkSession session = rows.sparkSession();
    Measured first = measure(plan, session, sample.subList(0, few));
    List<Row> more = sample.subList(few, sample.size());
    if (first.seconds > ENOUGH_SECONDS || more.isEmpty()) {
      return first.rate();
    }
    Measured second = measure(plan, session, more);
    return new RunRate(second.rate().secondsPerToken, first.totals.plus(second.totals));
  }

  private record Measured(double seconds, long tokens, EmbeddingMetrics.Totals totals) {
    RunRate rate() {
      return new RunRate(tokens == 0 ? 0 : seconds / tokens, totals);
    }
  }

  private static Measured measure(EmbedPlan plan, SparkSession session, List<Row> sample) {
    StructType schema =
        new StructType().add("text", DataTypes.StringType).add("instruction", DataTypes.StringType);
    Dataset<Row> rows = session.createDataFrame(sample, schema).coalesce(1);
    EmbeddingMetrics metrics = EmbeddingMetrics.of(session);
    EmbedColumns columns =
        new EmbedColumns(
            "text",
            Optional.of("instruction"),
            "vector",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    plan.with(columns, HandleInvalid.KEEP).embed(rows, metrics).select("vector").foreach(row -> {});
    long tokens =
        rows.select(sum(tokens(plan, rows.col("text"), Optional.of(rows.col("instruction")))))
            .head()
            .getLong(0);
    EmbeddingMetrics.Totals totals = metrics.totals();
    double seconds = totals.modelSeconds() + totals.tokenizerSeconds();
    return new Measured(seconds, tokens, totals);
  }

  /**
   * Tokens of a slice: half a minute of one task's work, or less where the whole input then has
   * enough slices to keep all tasks busy to the end.
   *
   * @param inputBytes about how many bytes the input has; empty where nobody knows
   */
  long tokensPerSlice(Optional<Long> inputBytes, int tasks) {
    if (secondsPerToken == 0) {
      return Long.MAX_VALUE;
    }
    double seconds =
        inputBytes
            .map(
                bytes ->
                    bytes
                        / (double) BYTES_PER_TOKEN
                        * secondsPerToken
                        / (SLICES_PER_CORE * (double) tasks))
            .orElse(SLICE_SECONDS);
    return (long)
        Math.ceil(
            Math.max(LEAST_SLICE_SECONDS, Math.min(SLICE_SECONDS, seconds)) / secondsPerToken);
  }
}
