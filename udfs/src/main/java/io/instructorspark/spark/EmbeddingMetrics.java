package io.instructorspark.spark;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.instructorspark.engine.Work;
import java.io.Serializable;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts of embedding runs: of all actions on what {@link InstructorEmbedder#transformCounting}
 * returned.
 *
 * <p>In an action each partition counts once, however often Spark computes it: a task that failed,
 * a speculative copy, and a stage that runs again because an executor was lost change nothing but
 * the time. Several actions add up, and so do the batches of a stream. Two exceptions count again:
 * a partition that is computed again after 100,000 others, and one that a later job of the query
 * computes again in a session without the operator.
 *
 * <p>One object on the driver, thread-safe; at most 30 MB. Tasks count by pass and by window, not
 * by row.
 */
@DefaultSerializer(JavaSerializer.class)
public final class EmbeddingMetrics implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingMetrics.class);

  private final PartCounts counts;

  /** Registers the counters with a running context. */
  public EmbeddingMetrics(SparkContext context) {
    this(new PartCounts());
    context.register(counts, "instructor");
  }

  private EmbeddingMetrics(PartCounts counts) {
    this.counts = counts;
  }

  /**
   * Counters of a session or, where it gives no access to a context (Spark Connect, some shared
   * clusters), an object that counts nothing: its totals stay 0, and one line of the log says so.
   */
  public static EmbeddingMetrics of(SparkSession session) {
    if (!ClassicSpark.isClassic(session)) {
      return off(session.getClass().getName() + " has no SparkContext");
    }
    SparkContext context;
    try {
      context = session.sparkContext();
    } catch (RuntimeException e) { // as shared clusters forbid it, each in its own way
      return off("the session does not give its SparkContext: " + e.getMessage());
    }
    return new EmbeddingMetrics(context);
  }

  /** Counts nothing, and says why. */
  static EmbeddingMetrics off(String why) {
    LOG.warn("embeddings are not counted in this session: {}", why);
    return new EmbeddingMetrics((PartCounts) null);
  }

  /** Whether anything is counted; see {@link #of}. */
  public boolean isCounting() {
    return counts != null;
  }

  /** The counts of tasks that are done; all 0 where nothing is counted. Cheap. */
  public Totals totals() {
    return counts == null ? Totals.NONE : counts.sum();
  }

  /** The counts of one part, as far as its task is done. */
  Totals totals(CountedPart part) {
    return counts == null ? Totals.NONE : counts.of(part);
  }

  /** The accumulator's number; -1 where nothing is counted. */
  long id() {
    return counts == null ? -1 : counts.id();
  }

  /** Adds what a task counted. */
  void merge(PartCounts ofTask) {
    counts.merge(ofTask);
  }

  /** For one iterator over rows of a task, in the task's thread. */
  Optional<EmbeddingCounters> inTask(EmbeddingPlace place) {
    return Optional.ofNullable(counts).map(part -> new CountersOfPart(part, place));
  }

  private static final class CountersOfPart implements EmbeddingCounters {
    private final PartCounts counts;
    private final EmbeddingPlace place;
    private CountedPart part;
    private Totals sum = Totals.NONE;

    CountersOfPart(PartCounts counts, EmbeddingPlace place) {
      this.counts = counts;
      this.place = place;
    }

    private void add(Totals more) {
      if (part == null) {
        part = CountedPart.of(place, counts.size());
      }
      sum = sum.plus(more);
      counts.put(part, sum);
    }

    @Override
    public void addBatch(int rows, long tokens) {
      add(new Totals(rows, 0, 0, 0, 0, Work.NONE.withTokens(tokens)));
    }

    @Override
    public void addWindow(int rowsWithoutPass, long errors, long truncated, Work work) {
      add(new Totals(rowsWithoutPass, errors, truncated, 0, 0, work.withTokens(0)));
    }

    @Override
    public void addModelLoad(long nanos) {
      add(new Totals(0, 0, 0, 1, nanos, Work.NONE));
    }
  }

  /**
   * Sums over tasks.
   *
   * @param rows rows read
   * @param errors rows without a vector because of an error; null texts are not errors
   * @param truncated rows whose text was cut
   * @param modelLoads models that tasks loaded into their JVM; 0 where all found one there
   * @param modelLoadNanos time that tasks took to load models
   * @param work texts, tokens, batches and nanoseconds summed over task threads
   */
  public record Totals(
      long rows, long errors, long truncated, long modelLoads, long modelLoadNanos, Work work)
      implements Serializable {
    static final Totals NONE = new Totals(0, 0, 0, 0, 0, Work.NONE);

    /** Rows that got a vector. */
    public long texts() {
      return work.texts();
    }

    /** Tokens that the encoder read, padding left out. */
    public long tokens() {
      return work.tokens();
    }

    /** Forward passes. */
    public long batches() {
      return work.batches();
    }

    /** Seconds in the tokenizer, summed over task threads. */
    public double tokenizerSeconds() {
      return seconds(work.tokenizerNanos());
    }

    /** Seconds in forward passes, waiting for a GPU included, summed over task threads. */
    public double modelSeconds() {
      return seconds(work.modelNanos());
    }

    /** Seconds in which tasks loaded models. */
    public double modelLoadSeconds() {
      return seconds(modelLoadNanos);
    }

    private static double seconds(long nanos) {
      return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Real tokens by padded tokens, in (0, 1]; 1 where nothing was encoded. */
    public double paddingRatio() {
      return work.paddedTokens() == 0 ? 1 : (double) work.tokens() / work.paddedTokens();
    }

    Totals plus(Totals other) {
      return new Totals(
          rows + other.rows,
          errors + other.errors,
          truncated + other.truncated,
          modelLoads + other.modelLoads,
          modelLoadNanos + other.modelLoadNanos,
          work.plus(other.work));
    }

    Totals minus(Totals other) {
      return new Totals(
          rows - other.rows,
          errors - other.errors,
          truncated - other.truncated,
          modelLoads - other.modelLoads,
          modelLoadNanos - other.modelLoadNanos,
          work.minus(other.work));
    }
  }
}
