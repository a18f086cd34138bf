package io.instructorspark.job.train;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which records each step trains on: a function of seed, tasks and settings alone, so a run that is
 * resumed goes on as if it had not stopped. A batch is of one task (paper section 2.3), drawn by
 * the task's share among those whose time has come. A task's batches walk through an order of its
 * records, and through a new one when too few are left for a batch; no record comes twice before
 * that. Tasks with fewer records than a batch are never drawn.
 *
 * <p>The choices of all steps are made at the beginning, in 8 bytes a step. Immutable; any thread.
 */
final class BatchSchedule {
  private static final long CHOICE = 1;
  private static final long ORDER = 2;

  private final List<PreparedTask> tasks;
  private final int batchSize;
  private final long seed;
  private final int[] taskOf;
  private final int[] turnOf;

  /**
   * The records of a step.
   *
   * @param task which of the tasks
   * @param records their numbers in the task's file, all different
   */
  record Batch(int task, int[] records) {}

  /**
   * Makes the choices of all steps.
   *
   * @param tasks of a prepared folder, in its order
   * @throws PreparationException if no task has the records of a batch, or none at the beginning
   */
  BatchSchedule(List<PreparedTask> tasks, RecipeSettings.Batches settings) {
    this.tasks = List.copyOf(tasks);
    this.batchSize = settings.batchSize();
    this.seed = settings.seed();
    this.taskOf = new int[settings.steps()];
    this.turnOf = new int[settings.steps()];
    requireEnough();
    int[] turns = new int[tasks.size()];
    int step = 0;
    while (step < taskOf.length) {
      int from = step;
      int until = nextChange(from);
      double[] sums = sums(settings.sampling(), from);
      for (; step < until; step++) {
        int task = drawn(sums, step);
        taskOf[step] = task;
        turnOf[step] = turns[task]++;
      }
    }
  }

  /** The tasks that are too small for a batch, and so are never drawn. */
  List<PreparedTask> tooSmall() {
    return tasks.stream().filter(task -> task.records() < batchSize).toList();
  }

  /** How many steps draw a task. */
  int[] stepsOfTasks() {
    int[] steps = new int[tasks.size()];
    for (int task : taskOf) {
      steps[task]++;
    }
    return steps;
  }

  /** The records of a step, from 0. */
  Batch batch(int step) {
    int task = taskOf[step];
    int records = tasks.get(task).records();
    int perRound = records / batchSize;
    int round = turnOf[step] / perRound;
    int first = turnOf[step] % perRound * batchSize;
    Permutation order = new Permutation(records, Draw.bits(seed, ORDER, task, round));
    int[] chosen = IntStream.range(first, first + batchSize).map(order::at).toArray();
    return new Batch(task, chosen);
  }

  private void requireEnough() {
    if (tooSmall().size() == tasks.size()) {
      int most = tasks.stream().mapToInt(PreparedTask::records).max().orElse(0);
      throw new PreparationException(
          "no task has the %,d records of a batch; the largest has %,d. Lower training.batchSize, or add data"
              .formatted(batchSize, most));
    }
    if (sumOf(sums(Sampling.UNIFORM, 0)) == 0) {
      throw new PreparationException(
          "no task of %,d records or more is drawn from the beginning: give at least one of data[].from as 0"
              .formatted(batchSize));
    }
  }

  private boolean isOpen(PreparedTask task, int step) {
    return task.records() >= batchSize && step >= opening(task);
  }

  private int opening(PreparedTask task) {
    return (int) Math.ceil(task.from() * taskOf.length);
  }

  private int nextChange(int step) {
    return tasks.stream()
        .mapToInt(this::opening)
        .filter(opening -> opening > step)
        .min()
        .orElse(taskOf.length);
  }

  private double[] sums(Sampling sampling, int step) {
    double[] sums = new double[tasks.size()];
    double sum = 0;
    for (int i = 0; i < sums.length; i++) {
      PreparedTask task = tasks.get(i);
      sum += isOpen(task, step) ? task.weight() * sampling.share(task.records()) : 0;
      sums[i] = sum;
    }
    return sums;
  }

  private static double sumOf(double[] sums) {
    return sums.length == 0 ? 0 : sums[sums.length - 1];
  }

  /** The first task whose sum lies above what is drawn: one that is open. */
  private int drawn(double[] sums, int step) {
    double all = sumOf(sums);
    double drawn = Math.min(Draw.share(seed, CHOICE, step) * all, Math.nextDown(all));
    int low = 0;
    int high = sums.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sums[middle] > drawn) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
