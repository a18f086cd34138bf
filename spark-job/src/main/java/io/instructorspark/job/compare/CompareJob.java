package io.instructorspark.job.compare;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.rows.InputRows;
import io.instructorspark.job.rows.RowSource;
import io.instructorspark.job.separation.LabelledRows;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.VectorOrigin;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads rows with labels, takes a sample where they are many, and scores candidates on it. The
 * driver gets the labels with their counts, and sums over the rows.
 */
final class CompareJob {
  private static final String PARTITIONS = "spark.sql.shuffle.partitions";

  private final Arguments arguments;
  private final SparkSession session;
  private final ScoringLine line;
  private final Phases phases = new Phases();

  /**
   * What to do.
   *
   * @param texts empty where columns are compared
   * @param columns of ready vectors; empty where texts are embedded
   */
  record Arguments(
      RowSource input,
      String labelColumn,
      Optional<Texts> texts,
      List<String> columns,
      Settings settings,
      Output output) {
    /** Whether the best is chosen on one half of the rows and scored on the other. */
    boolean suggesting() {
      return texts.filter(Texts::suggesting).isPresent();
    }
  }

  /**
   * Texts that are embedded under each candidate.
   *
   * @param column of texts
   * @param stage that embeds them
   * @param wrongIsGiven whether the user has named the wrong instruction
   */
  record Texts(
      String column,
      InstructorEmbedder stage,
      Candidates candidates,
      boolean wrongIsGiven,
      boolean suggesting) {}

  /**
   * How candidates are scored.
   *
   * @param mostRows about so many are taken where there are more
   */
  record Settings(CrossValidation validation, Bootstrap bootstrap, long mostRows) {}

  /** What is written: a page, and the scores as JSON lines. */
  record Output(String page, Optional<String> scores) {}

  CompareJob(Arguments arguments, SparkSession session, ScoringLine line) {
    this.arguments = arguments;
    this.session = session;
    this.line = line;
  }

  CompareReport run() {
    useFewPartitions();
    try (InputRows input = InputRows.read(session, arguments.input())) {
      input.requireApartFrom(arguments.output().page());
      arguments.output().scores().ifPresent(input::requireApartFrom);
      input.requireRows();
      String label = input.column(arguments.labelColumn());
      List<String> columns = columns(input);
      RowReading reading = new RowReading(input, label, arguments.settings().bootstrap().seed());
      Candidates candidates =
          arguments.texts().map(Texts::candidates).orElseGet(() -> candidates(input, columns));
      try (LabelledRows rows =
          phases.time("read", () -> input.reading(() -> taken(reading, columns)))) {
        return arguments.suggesting()
            ? suggested(input, rows, candidates, label)
            : compared(input, rows, candidates, label);
      }
    }
  }

  /** What is shuffled is a sample, for which Spark's usual number of partitions is far too many. */
  private void useFewPartitions() {
    if (!session.sparkContext().getConf().contains(PARTITIONS)) {
      session.conf().set(PARTITIONS, session.sparkContext().defaultParallelism());
    }
  }

  private LabelledRows taken(RowReading reading, List<String> columns) {
    Dataset<Row> rows =
        arguments
            .texts()
            .map(texts -> reading.texts(texts.column()))
            .orElseGet(() -> reading.vectors(columns));
    return LabelledRows.of(rows, reading.label(), arguments.settings().mostRows());
  }

  private CompareReport compared(
      InputRows input, LabelledRows rows, Candidates candidates, String label) {
    arguments.settings().validation().requireEnough(rows.labels(), label, "");
    Scoring.Scored scored = input.reading(() -> scoring().of(rows, candidates, Optional.of(label)));
    return new CompareReport(
        arguments,
        label,
        rows.counts(),
        scored.comparison(),
        Optional.empty(),
        scored.maps(),
        phases);
  }

  /** The best is chosen on one half, and scored again on the other, where nothing was chosen. */
  private CompareReport suggested(
      InputRows input, LabelledRows rows, Candidates candidates, String label) {
    CrossValidation validation = arguments.settings().validation();
    LabelledRows choosing = rows.half(0);
    LabelledRows held = rows.half(1);
    validation.requireEnough(choosing.labels(), label, " in the half that is chosen on");
    validation.requireEnough(held.labels(), label, " in the half that is held out");
    Comparison all =
        input.reading(() -> scoring().of(choosing, candidates, Optional.empty())).comparison();
    Candidates last = candidates.only(List.of(all.winner().candidate()));
    Scoring.Scored again = input.reading(() -> scoring().of(held, last, Optional.of(label)));
    return new CompareReport(
        arguments,
        label,
        rows.counts(),
        all,
        Optional.of(again.comparison()),
        again.maps(),
        phases);
  }

  private Scoring scoring() {
    return new Scoring(
        new CandidateVectors(
            arguments.texts().map(Texts::stage).orElseGet(InstructorEmbedder::new)),
        arguments.settings(),
        line,
        phases);
  }

  /** The columns of vectors as the input spells them. */
  private List<String> columns(InputRows input) {
    Set<String> seen = new HashSet<>();
    List<String> columns = arguments.columns().stream().map(input::column).toList();
    for (String column : columns) {
      if (!seen.add(column)) {
        throw new CompareException(
            "--embedding-column %s is given twice; leave one of them out".formatted(column));
      }
    }
    return columns;
  }

  private static Candidates candidates(InputRows input, List<String> columns) {
    return Candidates.ofColumns(
        columns.stream()
            .map(
                name ->
                    Candidate.column(
                        name,
                        VectorOrigin.of(input.data().schema().apply(name))
                            .flatMap(VectorOrigin::instruction)))
            .toList());
  }
}
