package io.instructorspark.engine;

import java.util.List;

/**
 * What one forward pass reads: token ids of some texts, padded by the engine to the longest.
 *
 * <p>Arrays are not copied: whoever makes a batch leaves them alone until the pass is over.
 *
 * @param ids for each text its token ids without padding, at least one
 * @param textStarts for each text the first position that pooling averages, at least 0 and below
 *     the text's length
 */
public record TokenBatch(List<int[]> ids, int[] textStarts) {
  /**
   * Checks that there is something to average in every row: an empty mean would be a vector of
   * nothing.
   */
  public TokenBatch {
    if (ids.isEmpty() || ids.size() != textStarts.length) {
      throw new IllegalArgumentException(
          "a batch needs one text start per text and at least one text, got %d texts and %d starts"
              .formatted(ids.size(), textStarts.length));
    }
    for (int i = 0; i < textStarts.length; i++) {
      if (textStarts[i] < 0 || textStarts[i] >= ids.get(i).length) {
        throw new IllegalArgumentException(
            "text %d of the batch has %d tokens, none at or after its text start %d"
                .formatted(i, ids.get(i).length, textStarts[i]));
      }
    }
  }

  /** Number of texts. */
  public int size() {
    return textStarts.length;
  }

  /** Length of the longest text in tokens. */
  public int tokens() {
    return ids.stream().mapToInt(row -> row.length).max().orElseThrow();
  }

  /** Tokens of all texts, padding left out. */
  public long realTokens() {
    return ids.stream().mapToLong(row -> row.length).sum();
  }
}
