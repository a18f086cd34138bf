package io.instructorspark.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * The forward passes over the pieces of one call: planned, made, and made again in smaller batches
 * where one fails. Pieces that are alike are read once. What memory does not suffice for is halved
 * until it fits; what fails otherwise is read text by text, so that only the guilty go without.
 */
final class Passes {
  /** Time for other threads' passes to end, before a single text is given up for lack of memory. */
  private static final long BREATH_MILLIS = 250;

  private final Encoder encoder;
  private final PassBudget budget;
  private final BatchWatch watch;
  private final DistinctPieces distinct;
  private final float[][] vectors;
  private final String[] errors;
  private long encoded;
  private long tokens;
  private long padded;
  private long batches;

  /** What makes one pass; {@link InstructorModel#pass}. */
  interface Encoder {
    float[][] pass(TokenBatch batch);
  }

  /**
   * @param pieces in the order of their rows
   */
  Passes(Encoder encoder, PassBudget budget, BatchWatch watch, List<Piece> pieces) {
    this.encoder = encoder;
    this.budget = budget;
    this.watch = watch;
    this.distinct = DistinctPieces.of(pieces);
    this.vectors = new float[distinct.pieces().size()][];
    this.errors = new String[vectors.length];
  }

  /**
   * Makes all passes.
   *
   * @throws EngineException if no pass will do well any more
   */
  void run() {
    int[] lengths = IntStream.range(0, vectors.length).map(distinct::length).toArray();
    Deque<int[]> waiting = new ArrayDeque<>(BatchPlanner.plan(lengths, budget.tokens()));
    while (!waiting.isEmpty()) {
      int[] batch = waiting.pop();
      if (batch.length > 1 && padded(batch) > budget.tokens()) {
        push(batch, Math.max(1, budget.tokens() / distinct.length(batch[0])), waiting);
      } else if (batch.length > 1) {
        encode(batch, waiting);
      } else {
        encodeAlone(batch[0]);
      }
    }
  }

  private void encode(int[] batch, Deque<int[]> waiting) {
    try {
      done(batch, encoder.pass(tokenBatch(batch)));
    } catch (NativeMemoryException e) {
      budget.tooLarge(batch.length, distinct.length(batch[0]), e);
      push(batch, (batch.length + 1) / 2, waiting);
      return;
    } catch (PassFailedException e) {
      for (int i = batch.length - 1; i >= 0; i--) {
        waiting.push(new int[] {batch[i]});
      }
      return;
    }
    told(batch, true);
  }

  private void encodeAlone(int index) {
    int[] batch = {index};
    try {
      done(batch, passAlone(tokenBatch(batch)));
    } catch (NativeMemoryException e) {
      errors[index] =
          ("a text of %d tokens does not fit into native memory even alone; give the executor more memory outside its heap"
                  + " (spark.executor.memoryOverhead), run fewer tasks at once, or lower maxLength (%s)")
              .formatted(distinct.length(index), e.getMessage());
    } catch (PassFailedException e) {
      errors[index] = e.getMessage();
    }
    told(batch, errors[index] == null);
  }

  private float[][] passAlone(TokenBatch batch) {
    try {
      return encoder.pass(batch);
    } catch (NativeMemoryException e) {
      breathe();
      return encoder.pass(batch);
    }
  }

  private static void breathe() {
    try {
      Thread.sleep(BREATH_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled =
          new CancellationException("interrupted while waiting for native memory");
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  private void done(int[] batch, float[][] encodedBatch) {
    for (int i = 0; i < batch.length; i++) {
      vectors[batch[i]] = encodedBatch[i];
    }
    encoded += batch.length;
    tokens += real(batch);
    padded += padded(batch);
    batches++;
    budget.fitted(padded(batch));
  }

  private void told(int[] batch, boolean read) {
    watch.afterBatch(
        Arrays.stream(batch).map(i -> distinct.rows()[i]).sum(), read ? real(batch) : 0);
  }

  private TokenBatch tokenBatch(int[] batch) {
    return new TokenBatch(
        Arrays.stream(batch).mapToObj(i -> distinct.pieces().get(i).ids()).toList(),
        Arrays.stream(batch).map(i -> distinct.pieces().get(i).textStart()).toArray());
  }

  /** Cuts a batch: the first of its texts come next, then the others. */
  private static void push(int[] batch, int first, Deque<int[]> waiting) {
    waiting.push(Arrays.copyOfRange(batch, first, batch.length));
    waiting.push(Arrays.copyOf(batch, first));
  }

  /** The first is the longest. */
  private long padded(int[] batch) {
    return (long) batch.length * distinct.length(batch[0]);
  }

  private long real(int[] batch) {
    return Arrays.stream(batch).mapToLong(distinct::length).sum();
  }

  /** The unit vector of a piece, shared by those alike; null if there is an error. */
  float[] vector(int piece) {
    return vectors[distinct.places()[piece]];
  }

  /** Why a piece has no vector; null if it has one. */
  String error(int piece) {
    return errors[distinct.places()[piece]];
  }

  /** What the passes took. */
  Work work(long texts, long tokenizerNanos, long modelNanos) {
    return new Work(texts, encoded, tokens, padded, batches, tokenizerNanos, modelNanos);
  }
}
