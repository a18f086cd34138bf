package io.instructorspark.spark;

import java.util.List;

/**
 * What a finished {@link EmbeddingRun} has done. What the output holds is exact, however often
 * tasks, executors or the driver died on the way.
 *
 * @param rows rows in the output
 * @param vectors of them, those that have a vector
 * @param errors rows without a vector because of an error; null texts are not errors
 * @param truncated rows whose text was cut
 * @param skipped rows left out because of an error, where {@code handleInvalid} is {@code skip}
 * @param embedded rows that this call embedded; the others were there already
 * @param repeated rows among them that an earlier, broken-off call may have embedded before: those
 *     of slices it had begun to write
 * @param changes how a grown input differs from the one that was embedded before
 * @param totals what this call's tasks counted over the rows it embedded, and all models they
 *     loaded
 */
public record RunResult(
    long rows,
    long vectors,
    long errors,
    long truncated,
    long skipped,
    long embedded,
    long repeated,
    InputChanges changes,
    EmbeddingMetrics.Totals totals) {

  /**
   * How a grown input differs from the one that was embedded before, by id.
   *
   * @param added rows whose id is new
   * @param changed rows that are not as they were
   * @param deleted ids that are gone
   * @param applied whether changed rows were embedded again and deleted ones left out
   * @param later whether the input differs and was not compared yet, because an unfinished run was
   *     finished first: the next call compares
   * @param examples a few of the changed and deleted ids
   */
  public record InputChanges(
      long added,
      long changed,
      long deleted,
      boolean applied,
      boolean later,
      List<String> examples) {
    static final InputChanges NONE = new InputChanges(0, 0, 0, false, false, List.of());

    /** The input differs, and is compared when the run that it was cut for is finished. */
    static final InputChanges LATER = new InputChanges(0, 0, 0, false, true, List.of());

    /** Whether rows were added, changed or deleted. */
    public boolean any() {
      return added + changed + deleted > 0;
    }

    /** In words. */
    @Override
    public String toString() {
      return "%,d rows are new, %,d have changed and %,d are gone%s"
          .formatted(
              added,
              changed,
              deleted,
              examples.isEmpty() ? "" : " (%s)".formatted(String.join(", ", examples)));
    }
  }
}
