package io.instructorspark.job.train;

import io.instructorspark.job.train.Findings.TaskKey;
import io.instructorspark.job.train.RecordColumns.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.Row;

/**
 * The tasks that executors have written, in the order of recipe and names.
 *
 * @param plan of the preparation
 * @param findings of the files
 * @param written a task each
 * @param dropping what labelled texts have lost
 */
record PreparedTasks(
    PreparationPlan plan, Findings findings, List<Written> written, Dropping dropping) {

  /** A row of {@link TaskWriter#RESULT}. */
  record Written(
      TaskKey key,
      String file,
      int records,
      int negatives,
      long duplicates,
      long overlap,
      long withoutNegative,
      long overLimit) {

    static Written of(Row row) {
      return new Written(
          new TaskKey(row.getInt(0), row.getString(1)),
          row.getString(2),
          row.getInt(3),
          row.getInt(4),
          row.getLong(5),
          row.getLong(6),
          row.getLong(7),
          row.getLong(8));
    }
  }

  static PreparedTasks of(
      PreparationPlan plan, Findings findings, List<Row> results, Dropping dropping) {
    List<Written> written =
        results.stream()
            .map(Written::of)
            .sorted(
                Comparator.comparing((Written task) -> task.key().source())
                    .thenComparing(task -> task.key().task()))
            .toList();
    return new PreparedTasks(plan, findings, written, dropping);
  }

  /**
   * Gives the files their names.
   *
   * @throws PreparationException if nothing is left to train on
   */
  Prepared place(PreparedFolder folder) {
    List<PreparedTask> tasks = new ArrayList<>();
    List<PreparedTask> evaluation = new ArrayList<>();
    List<String> withoutRecords = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Written task : written) {
      String name = unique(task.key(), names);
      if (task.records() == 0) {
        withoutRecords.add(name);
      } else if (plan.isTrained(task.key().source())) {
        tasks.add(placed(folder, task, name, "task-%04d.jsonl".formatted(tasks.size())));
      } else {
        evaluation.add(
            placed(folder, task, name, "evaluation-%04d.jsonl".formatted(evaluation.size())));
      }
    }
    if (tasks.isEmpty()) {
      throw new PreparationException(
          "no record is left to train on: %s were dropped".formatted(dropped().shown()));
    }
    return new Prepared(
        Prepared.FORMAT, plan.seed(), plan.digest(), tasks, evaluation, dropped(), withoutRecords);
  }

  private PreparedTask placed(PreparedFolder folder, Written task, String name, String file) {
    long bytes = folder.place(task.file(), file);
    DataSource data = plan.sources().get(task.key().source()).data();
    return new PreparedTask(
        name,
        file,
        task.records(),
        task.negatives(),
        bytes,
        data.share().weight(),
        data.share().from(),
        data.negatives(),
        task.key().source(),
        findings.origins().getOrDefault(task.key(), List.of()));
  }

  private static String unique(TaskKey key, Set<String> names) {
    String name = key.task();
    for (int again = 2; !names.add(name); again++) {
      name = "%s (%d)".formatted(key.task(), again);
    }
    return name;
  }

  private Dropped dropped() {
    return new Dropped(
        dropping.duplicates() + sum(Written::duplicates),
        dropping.overlap() + sum(Written::overlap),
        findings.having(Outcome.WITHOUT_POSITIVE),
        findings.having(Outcome.EMPTY_TEXT),
        dropping.singleLabel(),
        sum(Written::withoutNegative),
        sum(Written::overLimit),
        findings.having(Outcome.BAD));
  }

  private long sum(ToLongFunction<Written> count) {
    return written.stream().mapToLong(count).sum();
  }
}
