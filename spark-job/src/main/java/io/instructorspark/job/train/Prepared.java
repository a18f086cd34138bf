package io.instructorspark.job.train;

import java.util.ArrayList;
import java.util.List;

/**
 * What a prepared folder holds; its {@code preparation.json}.
 *
 * @param format of the folder's layout
 * @param seed that shuffled the records
 * @param digest of the recipe's part and of the files that it was made from
 * @param tasks to train on
 * @param evaluation held out
 * @param dropped what was left out
 * @param withoutRecords names of tasks of which nothing was left
 */
record Prepared(
    int format,
    long seed,
    String digest,
    List<PreparedTask> tasks,
    List<PreparedTask> evaluation,
    Dropped dropped,
    List<String> withoutRecords) {
  static final int FORMAT = 1;

  Prepared {
    tasks = List.copyOf(tasks);
    evaluation = List.copyOf(evaluation);
    withoutRecords = List.copyOf(withoutRecords);
  }

  /** Records to train on. */
  long records() {
    return tasks.stream().mapToLong(PreparedTask::records).sum();
  }

  /** All files of the folder but {@code preparation.json}. */
  List<PreparedTask> all() {
    List<PreparedTask> all = new ArrayList<>(tasks);
    all.addAll(evaluation);
    return all;
  }
}
