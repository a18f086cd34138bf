package io.instructorspark.job.embed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.metrics.ProgressLine;
import io.instructorspark.job.rows.IfExists;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.OutputFolder;
import io.instructorspark.job.rows.OutputFormat;
import io.instructorspark.job.rows.RowCount;
import io.instructorspark.job.rows.RowSource;
import io.instructorspark.spark.EmbeddingMetrics;
import io.instructorspark.spark.EmbeddingProgress;
import io.instructorspark.spark.InstructorEmbedder;
import java.io.PrintStream;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Reads rows, embeds them, writes them. Everything that can be known to fail is checked before the
 * first text is encoded.
 */
final class EmbedJob {
  private static final String VECTOR = "embedding";
  private static final String TOKEN_COUNT = "token_count";
  private static final String TRUNCATED = "truncated";
  private static final String ERROR = "error";

  /** The text without what could not be read rightly. */
  private static final String SOUND_TEXT = "_sound_text";

  private static final int EXAMPLES = 5;

  private final Arguments arguments;
  private final SparkSession session;
  private final Phases phases = new Phases();

  /** What to do. The stage carries model and instruction; its columns are the job's. */
  record Arguments(
      RowSource source,
      String output,
      OutputFormat outputFormat,
      IfExists ifExists,
      InstructorEmbedder stage,
      String textColumn,
      String idColumn) {}

  EmbedJob(Arguments arguments, SparkSession session) {
    this.arguments = arguments;
    this.session = session;
  }

  /**
   * @param terminal where the progress line goes; null for nowhere
   */
  EmbedResult run(PrintStream terminal) throws InterruptedException {
    OutputFolder output = OutputFolder.open(session, arguments.output(), arguments.ifExists());
    try (InputRows input =
        phases.time(EmbedReport.READ, () -> InputRows.read(session, arguments.source()))) {
      output.requireApartFrom(input);
      input.requireFree(List.of(VECTOR, TOKEN_COUNT, TRUNCATED, ERROR, SOUND_TEXT));
      String text = input.column(arguments.textColumn());
      String id = arguments.idColumn() == null ? null : input.column(arguments.idColumn());
      InstructorEmbedder stage =
          arguments
              .stage()
              .setInputCol(SOUND_TEXT)
              .setOutputCol(VECTOR)
              .setTokenCountCol(TOKEN_COUNT)
              .setTruncatedCol(TRUNCATED)
              .setErrorCol(ERROR);
      if (stage.isSet(stage.instructionCol())) {
        stage.setInstructionCol(input.column(stage.getInstructionCol()));
      }
      EmbeddingMetrics metrics = new EmbeddingMetrics(session.sparkContext());
      embedded(stage, text, input.data(), metrics); // fails here, not after a pass over the input
      RowCount counted = phases.time(EmbedReport.READ, input::count);
      Dataset<Row> ordered =
          phases.time(
              EmbedReport.READ, () -> input.ordered(session.sparkContext().defaultParallelism()));
      Dataset<Row> embedded = embedded(stage, text, ordered, metrics);
      Observation written = new Observation("written");
      Dataset<Row> observed =
          embedded.observe(
              written,
              count(lit(1)).as("rows"),
              count(col(VECTOR)).as("vectors"),
              count(col(ERROR)).as("errors"),
              count(when(col(TRUNCATED), 1)).as("truncated"));
      phases.time(
          EmbedReport.EMBED, () -> write(output, observed, metrics, counted.rows(), terminal));
      EmbedReport report =
          new EmbedReport(
              arguments,
              embedded.schema().apply(VECTOR).metadata(),
              counted,
              EmbedReport.Written.of(written),
              metrics.totals(),
              phases);
      if (!report.complete()) {
        output.markUnfinished();
        throw new IllegalStateException(report.incompleteness());
      }
      output.describe(report.description());
      return new EmbedResult(
          report, report.summary(examples(output, id, embedded.schema(), report)));
    }
  }

  private Dataset<Row> embedded(
      InstructorEmbedder stage, String text, Dataset<Row> rows, EmbeddingMetrics metrics) {
    Dataset<Row> readable =
        rows.withColumn(SOUND_TEXT, when(col(InputRows.PROBLEM_COLUMN).isNull(), quoted(text)));
    return stage
        .transformCounting(readable, metrics)
        .withColumn(ERROR, coalesce(col(InputRows.PROBLEM_COLUMN), col(ERROR)))
        .drop(InputRows.PROBLEM_COLUMN, SOUND_TEXT);
  }

  private Void write(
      OutputFolder output,
      Dataset<Row> rows,
      EmbeddingMetrics metrics,
      long total,
      PrintStream terminal) {
    if (terminal == null) {
      output.write(rows, arguments.outputFormat());
      return null;
    }
    EmbeddingProgress progress = new EmbeddingProgress(metrics);
    session.sparkContext().addSparkListener(progress);
    ProgressLine line =
        ProgressLine.start(
            terminal,
            total,
            () -> {
              EmbeddingProgress.Counted now = progress.now();
              return new ProgressLine.Done(now.rows(), now.tokens());
            });
    try {
      output.write(rows, arguments.outputFormat());
    } finally {
      line.close();
      session.sparkContext().removeSparkListener(progress);
    }
    return null;
  }

  /** A few of the rows with errors, read back from the output. */
  private List<String> examples(
      OutputFolder output, String id, StructType schema, EmbedReport report) {
    if (report.written().errors() == 0) {
      return List.of();
    }
    Dataset<Row> flagged =
        output
            .read(session, schema, arguments.outputFormat())
            .where(col(ERROR).isNotNull())
            .limit(EXAMPLES);
    return (id == null
            ? flagged.select(col(ERROR))
            : flagged.select(
                concat(
                    lit(id + " "),
                    coalesce(quoted(id).cast("string"), lit("(no id)")),
                    lit(": "),
                    col(ERROR))))
        .as(Encoders.STRING())
        .collectAsList();
  }

  /** A column whose name may hold dots and backticks. */
  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
