package io.instructorspark.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a run: those of its slices, and those of its output.
 *
 * @param stage what embeds
 * @param plan the stage's, resolved
 * @param problemCol the input's column that says what is wrong with a row; empty for none
 * @param idCol the column that tells rows apart; empty for none
 * @param format of the output
 */
record RunColumns(
    InstructorEmbedder stage,
    EmbedPlan plan,
    Optional<String> problemCol,
    Optional<String> idCol,
    OutputFormat format) {
  /** What is wrong with a row, the last column of slices. */
  private static final String PROBLEM = "_run_problem";

  private static final String SOUND_TEXT = "_run_text";
  private static final String OURS = "_run_";

  /** Checks all that can be known to fail before a row is read. */
  static RunColumns of(
      InstructorEmbedder stage,
      Dataset<Row> rows,
      Optional<String> problemCol,
      Optional<String> idCol,
      OutputFormat format) {
    if (rows.isStreaming()) {
      throw new IllegalArgumentException(
          "a run embeds rows that are all there, and these are a stream; transform the stream with the stage itself");
    }
    if (stage.getDeduplicate()) {
      throw new IllegalArgumentException(
          "deduplicate looks for equal texts in all rows, and a run embeds slices of them, one by one; set deduplicate to false");
    }
    EmbedPlan plan = stage.plan(rows.sparkSession());
    plan.requireRunnable(rows.sparkSession());
    RunColumns columns = new RunColumns(stage, plan, problemCol, idCol, format);
    Dataset<Row> input = columns.sliced(rows);
    Stream.concat(problemCol.stream(), idCol.stream()).forEach(name -> rows.schema().apply(name));
    columns.embedded(input.withColumn(SliceWriter.FILE, lit("")), null);
    return columns;
  }

  /** The input's columns, then what is wrong with the row. */
  Dataset<Row> sliced(Dataset<Row> rows) {
    for (String name : rows.columns()) {
      if (name.startsWith(OURS)) {
        throw new IllegalArgumentException(
            "the input has a column '%s', and names that begin with %s are the run's own; rename it"
                .formatted(name, OURS));
      }
    }
    List<Column> columns = new ArrayList<>();
    Arrays.stream(rows.columns())
        .filter(name -> !Optional.of(name).equals(problemCol))
        .forEach(name -> columns.add(EmbedPlan.column(rows, name)));
    columns.add(
        problemCol
            .map(name -> EmbedPlan.column(rows, name).cast("string"))
            .orElseGet(() -> lit(null).cast(DataTypes.StringType))
            .as(PROBLEM));
    return rows.select(columns.toArray(Column[]::new));
  }

  /** The input's columns that the output has too. */
  static String[] inputColumns(Dataset<Row> sliced) {
    return Arrays.stream(sliced.columns())
        .filter(name -> !name.startsWith(OURS))
        .toArray(String[]::new);
  }

  /** About how many tokens a row of slices is. */
  Column tokens(Dataset<Row> sliced) {
    return RunRate.tokens(
        plan,
        EmbedPlan.column(sliced, stage.getInputCol()),
        plan.columns().instruction().map(name -> EmbedPlan.column(sliced, name)));
  }

  RunRate rate(Dataset<Row> sliced, Optional<Long> inputBytes) {
    Column text = EmbedPlan.column(sliced, stage.getInputCol());
    return RunRate.measured(plan, sliced, when(sliced.col(PROBLEM).isNull(), text), inputBytes);
  }

  /**
   * The output's columns, then those of {@link SliceWriter}.
   *
   * @param sliced rows of slices, with {@link SliceWriter#FILE} behind them
   * @param metrics null for none
   */
  Dataset<Row> embedded(Dataset<Row> sliced, EmbeddingMetrics metrics) {
    EmbedColumns names = plan.columns();
    String error = names.error().orElse(SliceWriter.ERROR);
    String truncated = names.truncated().orElse(SliceWriter.TRUNCATED);
    EmbedColumns added =
        new EmbedColumns(
            SOUND_TEXT,
            names.instruction(),
            names.vector(),
            names.tokenCount(),
            Optional.of(truncated),
            Optional.of(error));
    Dataset<Row> sound =
        sliced.withColumn(
            SOUND_TEXT,
            when(sliced.col(PROBLEM).isNull(), EmbedPlan.column(sliced, stage.getInputCol())));
    HandleInvalid chosen = plan.spec().handleInvalid();
    HandleInvalid handled = // the writer leaves rows out
        chosen == HandleInvalid.SKIP ? HandleInvalid.KEEP : chosen;
    Dataset<Row> rows = plan.with(added, handled).embed(sound, metrics);
    Column anyError = coalesce(rows.col(PROBLEM), EmbedPlan.column(rows, error));
    List<Column> output = new ArrayList<>();
    for (String name : inputColumns(sliced)) {
      output.add(EmbedPlan.column(rows, name));
    }
    output.add(EmbedPlan.column(rows, names.vector()));
    names.tokenCount().ifPresent(name -> output.add(EmbedPlan.column(rows, name)));
    names.truncated().ifPresent(name -> output.add(EmbedPlan.column(rows, name)));
    names.error().ifPresent(name -> output.add(anyError.as(name)));
    output.add(anyError.as(SliceWriter.ERROR));
    output.add(EmbedPlan.column(rows, truncated).as(SliceWriter.TRUNCATED));
    output.add(rows.col(SliceWriter.FILE));
    return rows.select(output.toArray(Column[]::new));
  }

  /** What the output holds of {@link #embedded}. */
  static StructType output(Dataset<Row> embedded) {
    StructType schema = embedded.schema();
    return new StructType(Arrays.copyOf(schema.fields(), schema.length() - 3));
  }

  /** What decides on vectors and columns, by the names users know. */
  Map<String, String> settings() {
    VectorOrigin origin = plan.model().origin();
    EmbedColumns names = plan.columns();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("the model's fingerprint", origin.fingerprint());
    settings.put("compatibility", origin.compatibility());
    settings.put("precision", origin.precision());
    settings.put("maxLength", Long.toString(origin.maxLength()));
    settings.put("longText", plan.spec().options().longText().label());
    settings.put("handleInvalid", plan.spec().handleInvalid().label());
    settings.put("the instruction", names.instruction().isPresent() ? "" : plan.instruction());
    settings.put("the instruction column", names.instruction().orElse(""));
    settings.put("the text column", stage.getInputCol());
    settings.put("the id column", idCol.orElse(""));
    settings.put("the vector column", names.vector());
    settings.put("the token count column", names.tokenCount().orElse(""));
    settings.put("the truncated column", names.truncated().orElse(""));
    settings.put("the error column", names.error().orElse(""));
    settings.put("the vectors' type", plan.outputType().label());
    settings.put("the output's format", format.name().toLowerCase(Locale.ROOT));
    return settings;
  }
}
