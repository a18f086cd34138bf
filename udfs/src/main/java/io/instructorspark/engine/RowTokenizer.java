package io.instructorspark.engine;

import io.instructorspark.text.Compatibility;
import io.instructorspark.text.JoinedText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From a row's instruction and text to what the encoder reads (Su et al. 2022, section 2.1; the
 * reference's code for the details). Not thread-safe: it remembers the token counts of the
 * instructions it has met.
 */
final class RowTokenizer {
  private static final int REMEMBERED_INSTRUCTIONS = 4096;
  private static final int REMEMBERED_LENGTH = 2000;

  private final T5Tokenizer tokenizer;
  private final Compatibility compatibility;
  private final boolean lowerCase;
  private final int maxLength;
  private final LongText longText;
  private final Map<String, Integer> tokensOfCounted =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > REMEMBERED_INSTRUCTIONS;
        }
      };

  RowTokenizer(T5Tokenizer tokenizer, ModelSpec spec, boolean lowerCase, LongText longText) {
    this.tokenizer = tokenizer;
    this.compatibility = spec.compatibility();
    this.lowerCase = lowerCase;
    this.maxLength = spec.maxLength();
    this.longText = longText;
  }

  /** Either pieces to encode, or the reason why there are none. */
  record Tokenized(List<Piece> pieces, boolean truncated, String error) {
    static Tokenized failed(String error) {
      return new Tokenized(List.of(), false, error);
    }
  }

  /** A text that the tokenizer refuses is that row's error and nobody else's. */
  Tokenized tokenize(int row, String instruction, String text) {
    try {
      return fit(row, instruction, text);
    } catch (EngineException e) {
      return Tokenized.failed(e.getMessage());
    }
  }

  private Tokenized fit(int row, String instruction, String text) {
    JoinedText joined = compatibility.join(instruction, text, lowerCase);
    int counted = countedTokens(joined.counted());
    int n = compatibility.instructionTokens(counted, joined.counted());
    if (counted == maxLength && !joined.counted().isEmpty()) {
      return Tokenized.failed(
          ("the instruction has %d or more tokens and fills the window of %d, so every text would get the same vector;"
                  + " shorten the instruction or raise maxLength")
              .formatted(counted - 1, maxLength));
    }
    int[] ids = tokenizer.encode(joined.joined());
    if (n >= ids.length) {
      return Tokenized.failed(
          ("instruction and text together have %d tokens and the instruction alone has %d, so no token of the text is left to"
                  + " average; end the instruction with \": \"")
              .formatted(ids.length, n));
    }
    if (ids.length <= maxLength) {
      return new Tokenized(List.of(new Piece(row, ids, n, 1)), false, null);
    }
    return switch (longText) {
      case TRUNCATE -> new Tokenized(List.of(new Piece(row, truncate(ids), n, 1)), true, null);
      case CHUNK -> new Tokenized(chunks(row, ids, n), false, null);
      case ERROR ->
          Tokenized.failed(
              "instruction and text have %d tokens, the window holds %d; shorten the text, or take longText truncate or chunk"
                  .formatted(ids.length, maxLength));
    };
  }

  /**
   * Tokens of the instruction alone in its window, {@code </s>} included. Very long instructions
   * are counted anew each time, so that what is remembered stays small.
   */
  private int countedTokens(String counted) {
    return counted.length() > REMEMBERED_LENGTH
        ? count(counted)
        : tokensOfCounted.computeIfAbsent(counted, this::count);
  }

  private int count(String counted) {
    return Math.min(maxLength, tokenizer.encode(counted).length);
  }

  private int[] truncate(int[] ids) {
    int[] cut = Arrays.copyOf(ids, maxLength);
    cut[maxLength - 1] = T5Tokenizer.EOS;
    return cut;
  }

  /**
   * The text's tokens cut where the window is full, each stretch behind the instruction's tokens
   * and before {@code </s>}.
   */
  private List<Piece> chunks(int row, int[] ids, int n) {
    int room = maxLength - 1 - n;
    int end = ids.length - 1; // its </s> is put behind every piece
    List<Piece> pieces = new ArrayList<>((end - n) / room + 1);
    for (int from = n; from < end; from += room) {
      int length = Math.min(room, end - from);
      int[] piece = Arrays.copyOf(ids, n + length + 1);
      System.arraycopy(ids, from, piece, n, length);
      piece[n + length] = T5Tokenizer.EOS;
      pieces.add(new Piece(row, piece, n, length));
    }
    return pieces;
  }
}
