package io.instructorspark.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A batch of texts cut into forward passes, and the passes shared out among workers. Depends on the
 * lengths of the texts alone, so that the same batch is always cut alike.
 */
final class TrainingPasses {
  private final TokenBatch texts;
  private final List<int[]> cut;
  private final List<List<Integer>> shares;

  /** The place of each text among all passes' texts, share by share. */
  private final int[] places;

  TrainingPasses(TokenBatch texts, int maxTokens, int workers) {
    this.texts = texts;
    int[] lengths = texts.ids().stream().mapToInt(row -> row.length).toArray();
    int padded = Arrays.stream(lengths).max().orElseThrow() * lengths.length;
    int even = padded / workers + 1; // so that a small batch has work for all
    this.cut = BatchPlanner.plan(lengths, Math.min(maxTokens, even));
    this.shares = shares(workers);
    this.places = new int[lengths.length];
    int place = 0;
    for (List<Integer> share : shares) {
      for (int pass : share) {
        for (int text : cut.get(pass)) {
          places[text] = place++;
        }
      }
    }
  }

  /** Gives each pass, the longest first, to whom has the least to do. */
  private List<List<Integer>> shares(int workers) {
    List<List<Integer>> all = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      all.add(new ArrayList<>());
    }
    long[] load = new long[workers];
    int[] bySize =
        IntStream.range(0, cut.size())
            .boxed()
            .sorted((a, b) -> Long.compare(tokens(b), tokens(a)))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int pass : bySize) {
      int least = 0;
      for (int i = 1; i < workers; i++) {
        least = load[i] < load[least] ? i : least;
      }
      all.get(least).add(pass);
      load[least] += tokens(pass);
    }
    all.removeIf(List::isEmpty);
    return all;
  }

  private long tokens(int pass) {
    int[] some = cut.get(pass);
    return (long) some.length * texts.ids().get(some[0]).length;
  }

  /** How many workers have something to do. */
  int shareCount() {
    return shares.size();
  }

  /** The numbers of the passes of a share. */
  List<Integer> passes(int share) {
    return shares.get(share);
  }

  /** Texts of a pass. */
  int size(int pass) {
    return cut.get(pass).length;
  }

  /** Texts of a share. */
  int shareSize(int share) {
    return shares.get(share).stream().mapToInt(this::size).sum();
  }

  /** Where each text of the batch is among the texts of all passes, share by share. */
  int[] places() {
    return places;
  }

  /** Token ids, lengths and starts of some passes, as list arguments that belong to the scope. */
  NDList arguments(NDManager scope, List<Integer> passes) {
    List<PtNDArray> ids = new ArrayList<>();
    List<PtNDArray> lengths = new ArrayList<>();
    List<PtNDArray> starts = new ArrayList<>();
    for (int pass : passes) {
      TokenBatch batch = batch(cut.get(pass));
      ids.add(T5Encoder.ids(scope, batch, batch.tokens()));
      lengths.add(T5Encoder.longs(scope, T5Encoder.paddedLengths(batch, batch.tokens())));
      starts.add(T5Encoder.longs(scope, batch.textStarts()));
    }
    NDList all = Parameters.named("ids", ids);
    all.addAll(Parameters.named("lengths", lengths));
    all.addAll(Parameters.named("starts", starts));
    return all;
  }

  private TokenBatch batch(int[] some) {
    return new TokenBatch(
        Arrays.stream(some).mapToObj(texts.ids()::get).toList(),
        Arrays.stream(some).map(text -> texts.textStarts()[text]).toArray());
  }

  /** As whole-number argument: what comes first, then a seed for each pass. */
  static NDArray seeds(NDManager scope, long[] first, long seed, List<Integer> passes) {
    long[] all = Arrays.copyOf(first, first.length + passes.size());
    for (int i = 0; i < passes.size(); i++) {
      all[first.length + i] = Mixing.of(seed, passes.get(i));
    }
    return scope.create(all);
  }
}
