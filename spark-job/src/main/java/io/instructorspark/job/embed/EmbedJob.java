package io.instructorspark.job.embed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.metrics.ProgressLine;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.RowSource;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.spark.Changes;
import io.instructorspark.spark.EmbeddingProgress;
import io.instructorspark.spark.EmbeddingRun;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.OutputFormat;
import io.instructorspark.spark.PreparedRun;
import io.instructorspark.spark.RunResult;
import java.io.PrintStream;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads rows, embeds them, writes them. Everything that can be known to fail is checked before the
 * first text is encoded.
 */
final class EmbedJob {
  private static final String VECTOR = "embedding";
  private static final String TOKEN_COUNT = "token_count";
  private static final String TRUNCATED = "truncated";
  private static final String ERROR = "error";
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
      Changes changes,
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
  EmbedResult run(PrintStream terminal) {
    EmbeddingRun run =
        EmbeddingRun.of(arguments.stage(), arguments.output())
            .withFormat(arguments.outputFormat())
            .withIfExists(arguments.ifExists())
            .withChanges(arguments.changes())
            .withProblemCol(InputRows.PROBLEM_COLUMN);
    run.requireOutput(session);
    try (InputRows input =
        phases.time(EmbedReport.READ, () -> InputRows.read(session, arguments.source()))) {
      input.requireApartFrom(arguments.output());
      input.requireFree(List.of(VECTOR, TOKEN_COUNT, TRUNCATED, ERROR));
      String id = arguments.idColumn() == null ? null : input.column(arguments.idColumn());
      nameColumns(input);
      try (PreparedRun prepared = phases.time(EmbedReport.READ, () -> prepared(run, id, input))) {
        RunResult result = phases.time(EmbedReport.EMBED, () -> embed(prepared, terminal));
        EmbedReport report =
            new EmbedReport(
                arguments,
                prepared.schema().apply(VECTOR).metadata(),
                prepared.problems(),
                result,
                phases);
        return new EmbedResult(report, report.summary(examples(prepared, id, result)));
      }
    }
  }

  private void nameColumns(InputRows input) {
    InstructorEmbedder stage = arguments.stage();
    stage
        .setInputCol(input.column(arguments.textColumn()))
        .setOutputCol(VECTOR)
        .setTokenCountCol(TOKEN_COUNT)
        .setTruncatedCol(TRUNCATED)
        .setErrorCol(ERROR);
    if (stage.isSet(stage.instructionCol())) {
      stage.setInstructionCol(input.column(stage.getInstructionCol()));
    }
  }

  private static PreparedRun prepared(EmbeddingRun run, String id, InputRows input) {
    EmbeddingRun withId = id == null ? run : run.withIdCol(id);
    input.requireRows();
    return input.reading(() -> withId.prepare(input.data(), input.paths()));
  }

  private RunResult embed(PreparedRun prepared, PrintStream terminal) {
    if (terminal == null) {
      return prepared.embed();
    }
    EmbeddingProgress progress = new EmbeddingProgress(prepared.metrics());
    session.sparkContext().addSparkListener(progress);
    ProgressLine line =
        ProgressLine.start(
            terminal,
            prepared.pendingRows(),
            () -> {
              EmbeddingProgress.Counted now = progress.now();
              return new ProgressLine.Done(now.rows(), now.tokens());
            });
    try {
      return prepared.embed();
    } finally {
      line.close();
      session.sparkContext().removeSparkListener(progress);
    }
  }

  /** A few of the rows with errors, read back from the output. */
  private List<String> examples(PreparedRun prepared, String id, RunResult result) {
    if (result.errors() == 0) {
      return List.of();
    }
    Dataset<Row> flagged = prepared.read().where(col(ERROR).isNotNull()).limit(EXAMPLES);
    return (id == null
            ? flagged.select(col(ERROR))
            : flagged.select(
                concat(
                    lit(id + " "),
                    coalesce(col(VectorRows.quoted(id)).cast("string"), lit("(no id)")),
                    lit(": "),
                    col(ERROR))))
        .as(Encoders.STRING())
        .collectAsList();
  }
}
