package io.instructorspark.job.train;

import static io.instructorspark.job.train.RecordColumns.FILE;
import static io.instructorspark.job.train.RecordColumns.FORMAT;
import static io.instructorspark.job.train.RecordColumns.OUTCOME;
import static io.instructorspark.job.train.RecordColumns.PLACE;
import static io.instructorspark.job.train.RecordColumns.POSITION;
import static io.instructorspark.job.train.RecordColumns.PROBLEM;
import static io.instructorspark.job.train.RecordColumns.SOURCE;
import static io.instructorspark.job.train.RecordColumns.TASK;
import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import io.instructorspark.job.train.RecordColumns.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What was found in the files, before anything is made of it.
 *
 * @param files all files, as messages name them
 * @param counts how many records of a file had an outcome, and the first of them
 * @param origins the files of each task, the first {@value PreparedTask#SHOWN_FILES}
 */
record Findings(List<String> files, List<Found> counts, Map<TaskKey, List<String>> origins) {
  private static final int MOST_TASKS = 10_000;
  private static final int SHOWN = 5;

  /**
   * Records of one outcome in a file.
   *
   * @param file its number
   * @param outcome null: nothing is wrong
   * @param format null where it is not known
   * @param count how many
   * @param position of the first
   * @param first the first, as messages say it
   */
  record Found(
      int file, Outcome outcome, RecordFormat format, long count, long position, String first) {}

  /** A task of a source. */
  record TaskKey(int source, String task) {}

  /**
   * Looks through all records, in two passes.
   *
   * @throws PreparationException if a file holds tasks beyond number
   */
  static Findings of(Dataset<Row> raw, List<String> files) {
    List<Row> rows =
        raw.groupBy(FILE, OUTCOME, FORMAT)
            .agg(
                count(lit(1)).as("count"),
                min(struct(col(POSITION), col(PLACE), col(PROBLEM))).as("first"),
                approx_count_distinct(TASK).as("tasks"))
            .collectAsList();
    List<Found> counts = new ArrayList<>();
    for (Row row : rows) {
      if (row.getLong(5) > MOST_TASKS) {
        throw new PreparationException(
            "%s holds some %,d tasks, and at most %,d are told apart: is its task the number of a record?"
                .formatted(files.get(row.getInt(0)), row.getLong(5), MOST_TASKS));
      }
      Row first = row.getStruct(4);
      counts.add(
          new Found(
              row.getInt(0),
              row.isNullAt(1) ? null : Outcome.valueOf(row.getString(1)),
              row.isNullAt(2) ? null : RecordFormat.valueOf(row.getString(2)),
              row.getLong(3),
              first.getLong(0),
              "%s, %s: %s"
                  .formatted(files.get(row.getInt(0)), first.getString(1), first.getString(2))));
    }
    return new Findings(files, counts, origins(raw, files));
  }

  private static Map<TaskKey, List<String>> origins(Dataset<Row> raw, List<String> files) {
    List<Row> rows =
        raw.where(col(OUTCOME).isNull())
            .groupBy(SOURCE, TASK)
            .agg(slice(sort_array(collect_set(FILE)), 1, PreparedTask.SHOWN_FILES))
            .collectAsList();
    Map<TaskKey, List<String>> origins = new HashMap<>();
    for (Row row : rows) {
      List<Integer> numbers = row.getList(2);
      origins.put(
          new TaskKey(row.getInt(0), row.getString(1)), numbers.stream().map(files::get).toList());
    }
    return origins;
  }

  /**
   * Checks that every file holds records, and that they can be used.
   *
   * @throws PreparationException if not; with file and line
   */
  void require(OnBadRecord onBad) {
    List<String> empty =
        IntStream.range(0, files.size())
            .filter(file -> counts.stream().noneMatch(found -> found.file() == file))
            .mapToObj(files::get)
            .toList();
    if (!empty.isEmpty()) {
      throw new PreparationException(
          "%s holds no records: fetch it again, or take it out of the recipe"
              .formatted(String.join(", ", empty.subList(0, Math.min(SHOWN, empty.size())))));
    }
    List<Found> bad =
        counts.stream()
            .filter(
                found ->
                    found.outcome() == Outcome.BAD || found.outcome() == Outcome.WITHOUT_POSITIVE)
            .sorted(Comparator.comparing(Found::file).thenComparing(Found::position))
            .toList();
    if (onBad == OnBadRecord.ERROR && !bad.isEmpty()) {
      long all = bad.stream().mapToLong(Found::count).sum();
      List<String> first = bad.stream().limit(SHOWN).map(Found::first).toList();
      throw new PreparationException(
          "%,d %s cannot be trained on. %s. Mend the data, or leave such records out with --on-bad-record skip"
              .formatted(all, all == 1 ? "record" : "records", String.join("; ", first)));
    }
    if (counts.stream().noneMatch(found -> found.outcome() == null)) {
      throw new PreparationException(
          "no record can be trained on. The first: %s"
              .formatted(bad.isEmpty() ? "all texts are empty" : bad.get(0).first()));
    }
  }

  /** How many labelled texts there are that can be used. */
  long labelled() {
    return counts.stream()
        .filter(found -> found.outcome() == null && found.format() == RecordFormat.LABELS)
        .mapToLong(Found::count)
        .sum();
  }

  /** Whether there are records that can be used and are no labelled texts. */
  boolean hasOthers() {
    return counts.stream()
        .anyMatch(found -> found.outcome() == null && found.format() != RecordFormat.LABELS);
  }

  /** How many records had an outcome. */
  long having(Outcome outcome) {
    return counts.stream()
        .filter(found -> found.outcome() == outcome)
        .mapToLong(Found::count)
        .sum();
  }

  /**
   * Checks that labelled texts can be told apart.
   *
   * @param labels what {@link LabelPairs#labels} finds
   * @return the texts that are alone in their label
   * @throws PreparationException if a task has fewer than two labels of two texts
   */
  static Dropping requireLabels(Dataset<Row> labels) {
    long single = 0;
    for (Row row : labels.collectAsList()) {
      single += row.getLong(3);
      if (row.getLong(2) < 2) {
        throw new PreparationException(
            "the task '%s' has %s: pairs are made of the texts of a label, and negatives of the texts of others, so it takes two labels with two texts each"
                .formatted(
                    row.getString(1),
                    row.getLong(2) == 0 && row.getLong(3) > 1
                        ? "a label of its own for every text"
                        : "one label of two texts or more ('%s')"
                            .formatted(JsonFields.shown(row.getString(4)))));
      }
    }
    return new Dropping(0, 0, single);
  }
}
