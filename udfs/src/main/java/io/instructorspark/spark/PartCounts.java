package io.instructorspark.spark;

import io.instructorspark.spark.EmbeddingMetrics.Totals;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.util.AccumulatorV2;

/**
 * Counts by part: what is counted again for a part takes the place of what was counted before, so
 * that tasks which Spark repeats count once. Thread-safe: an executor's heartbeat reads while the
 * task counts.
 *
 * <p>The driver remembers the last {@value #REMEMBERED} parts, in less than 300 bytes each; those
 * before are in the sum alone.
 */
final class PartCounts extends AccumulatorV2<Map.Entry<CountedPart, Totals>, PartCounts.Value> {
  static final int REMEMBERED = 100_000;

  private static final long serialVersionUID = 1L;

  private final int remembered;
  private final boolean ofTask;
  private LinkedHashMap<CountedPart, Totals> parts; // absent while Spark registers what it reads
  private Totals sum;

  /**
   * What listeners see.
   *
   * @param sum all parts together
   * @param parts those of a task; empty on the driver, which has too many
   */
  record Value(Totals sum, Map<CountedPart, Totals> parts) implements Serializable {
    /** As Spark's page of a stage shows it. */
    @Override
    public String toString() {
      return "%d rows, %d tokens, %d errors"
          .formatted(sum.rows(), sum.work().tokens(), sum.errors());
    }
  }

  /** The driver's. */
  PartCounts() {
    this(REMEMBERED, false);
  }

  /**
   * @param ofTask whether tasks count in it, which show their parts
   */
  PartCounts(int remembered, boolean ofTask) {
    this.remembered = remembered;
    this.ofTask = ofTask;
    reset();
  }

  /** The counts of a part, all zero if it has none, or is not remembered. */
  synchronized Totals of(CountedPart part) {
    return parts == null ? Totals.NONE : parts.getOrDefault(part, Totals.NONE);
  }

  /** How many parts are remembered. */
  synchronized int size() {
    return parts == null ? 0 : parts.size();
  }

  synchronized Totals sum() {
    return sum == null ? Totals.NONE : sum;
  }

  /** Sets what a part counts. */
  synchronized void put(CountedPart part, Totals counts) {
    Totals before = parts.remove(part);
    sum = sum.minus(before == null ? Totals.NONE : before).plus(counts);
    parts.put(part, counts);
    if (parts.size() > remembered) {
      parts.remove(parts.keySet().iterator().next());
    }
  }

  private synchronized Map<CountedPart, Totals> copyOfParts() {
    return parts == null ? Map.of() : new LinkedHashMap<>(parts);
  }

  @Override
  public void add(Map.Entry<CountedPart, Totals> counted) {
    put(counted.getKey(), counted.getValue());
  }

  @Override
  public void merge(AccumulatorV2<Map.Entry<CountedPart, Totals>, Value> other) {
    ((PartCounts) other).copyOfParts().forEach(this::put);
  }

  @Override
  public synchronized boolean isZero() {
    return parts == null || parts.isEmpty() && sum.equals(Totals.NONE);
  }

  @Override
  public Value value() {
    return new Value(sum(), ofTask ? Map.copyOf(copyOfParts()) : Map.of());
  }

  @Override
  public synchronized void reset() {
    parts = new LinkedHashMap<>();
    sum = Totals.NONE;
  }

  @Override
  public PartCounts copyAndReset() {
    return new PartCounts(remembered, true);
  }

  @Override
  public PartCounts copy() {
    PartCounts copy = copyAndReset();
    synchronized (this) {
      copy.parts = new LinkedHashMap<>(parts);
      copy.sum = sum;
    }
    return copy;
  }

  private synchronized void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
  }
}
