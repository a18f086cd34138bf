package io.instructorspark.engine.training;

import io.instructorspark.engine.Contrast;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The texts of one step, all of one task, in the order that the loss wants: queries, positives,
 * negatives.
 *
 * @param instructions of the texts
 * @param texts queries, as many positives, then those negatives that there are
 * @param contrast what each pair is set against; never a text that equals its own positive or
 *     query, nor one of the same label
 */
public record TrainingBatch(List<String> instructions, List<String> texts, Contrast contrast) {
  /**
   * Puts examples into a batch.
   *
   * @param examples at least one
   * @param negatives what each is set against
   * @param temperature that cosines are divided by, above 0
   * @throws IllegalArgumentException if there are no examples, or negatives are {@link
   *     Negatives#OWN} and an example has none
   */
  public static TrainingBatch of(List<Example> examples, Negatives negatives, double temperature) {
    int pairs = examples.size();
    List<Example.Side> sides = new ArrayList<>(3 * pairs);
    examples.forEach(example -> sides.add(example.query()));
    examples.forEach(example -> sides.add(example.positive()));
    List<Integer> owners = new ArrayList<>(); // of the negatives
    for (int i = 0; i < pairs; i++) {
      if (examples.get(i).negative() != null) {
        owners.add(i);
        sides.add(examples.get(i).negative());
      } else if (negatives == Negatives.OWN) {
        throw new IllegalArgumentException(
            "a record has no negative, and its task says negatives: own; give it one, or take negatives: batch");
      }
    }
    int columns = pairs + owners.size();
    boolean[] forth = new boolean[pairs * columns];
    boolean[] back = new boolean[pairs * columns];
    for (int i = 0; i < pairs; i++) {
      Example pair = examples.get(i);
      for (int j = 0; j < pairs; j++) {
        Example other = examples.get(j);
        boolean inBatch = negatives != Negatives.OWN && differ(pair, other);
        boolean stands = negatives == Negatives.BATCH_AND_POSITIVES || other.negative() == null;
        forth[i * columns + j] = i == j || inBatch && stands && tells(pair, other.positive());
        back[i * columns + j] = i == j || inBatch && tells(pair, other.query());
      }
      for (int k = 0; k < owners.size(); k++) {
        boolean own = owners.get(k) == i;
        boolean inBatch = negatives != Negatives.OWN && pair.label() == null;
        forth[i * columns + pairs + k] =
            (own || inBatch) && tells(pair, examples.get(owners.get(k)).negative());
        back[i * columns + pairs + k] =
            own && negatives == Negatives.OWN && tells(pair, pair.negative());
      }
    }
    return new TrainingBatch(
        sides.stream().map(Example.Side::instruction).toList(),
        sides.stream().map(Example.Side::text).toList(),
        new Contrast(pairs, owners.size(), forth, back, temperature));
  }

  /** Pairs of the batch. */
  public int size() {
    return contrast.pairs();
  }

  /** Whether two pairs are known not to belong together by their labels. */
  private static boolean differ(Example pair, Example other) {
    return pair.label() == null || !Objects.equals(pair.label(), other.label());
  }

  /** Whether a text is another one than both of the pair. */
  private static boolean tells(Example pair, Example.Side candidate) {
    return !candidate.text().equals(pair.positive().text())
        && !candidate.text().equals(pair.query().text());
  }
}
