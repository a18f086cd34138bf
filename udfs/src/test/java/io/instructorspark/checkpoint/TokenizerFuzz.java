package io.instructorspark.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Any bytes as a {@code tokenizer.json}, or, after a first byte that asks for it, as its map of
 * characters. A map that was found sound is then used as the native library does.
 */
public final class TokenizerFuzz {
  /** The first byte of what is taken for a map of characters. */
  static final byte CHARSMAP = 1;

  private static final T5Config CONFIG = new T5Config(64, 32, 8, 64, 2, 4, 32, 128, 1e-6);

  private TokenizerFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0 && input[0] == CHARSMAP) {
      charsmap(Arrays.copyOfRange(input, 1, input.length));
    } else {
      String json = new String(input, StandardCharsets.UTF_8);
      FuzzLimits.check(() -> TokenizerFile.check(json, "tokenizer.json", CONFIG));
    }
  }

  private static void charsmap(byte[] map) {
    FuzzLimits.check(
        () -> {
          try {
            Charsmap.require(Base64.getEncoder().encodeToString(map));
          } catch (IllegalArgumentException e) {
            return; // as it should be: the reader of the file adds its name
          }
          walk(map);
        });
  }

  /** Follows a few texts through the trie, step by step and without any check. */
  private static void walk(byte[] map) {
    ByteBuffer bytes = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN);
    int[] trie = new int[bytes.getInt() / 4];
    bytes.asIntBuffer().get(trie);
    byte[] replacements = Arrays.copyOfRange(map, 4 + 4 * trie.length, map.length);
    for (int start = 0; start < map.length; start += 1 + map.length / 64) {
      int at = offset(trie[0]);
      for (int i = start; i < map.length && map[i] != 0; i++) {
        int label = map[i] & 0xff;
        at ^= label;
        int unit = trie[at];
        if ((unit & 0x8000_00ff) != label) {
          break;
        }
        at ^= offset(unit);
        if ((unit >> 8 & 1) == 1) {
          replacement(replacements, trie[at] & 0x7fff_ffff);
        }
      }
    }
  }

  private static void replacement(byte[] replacements, int start) {
    int end = start;
    while (replacements[end] != 0) {
      end++;
    }
    String text = new String(replacements, start, end - start, StandardCharsets.UTF_8);
    if (text.contains("\ufffd") || end - start > 128) {
      throw new AssertionError("a replacement was let through that is none");
    }
  }

  private static int offset(int unit) {
    return unit >>> 10 << ((unit & 0x200) >>> 6);
  }
}
