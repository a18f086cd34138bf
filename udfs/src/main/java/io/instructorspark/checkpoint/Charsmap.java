package io.instructorspark.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * SentencePiece's map of characters to their replacements: a double-array trie (Aoe, 1989) over
 * UTF-8 bytes, whose leaves give positions in a text where the replacements stand, each with a zero
 * byte behind it. The native library follows the trie without looking at its bounds, so every step
 * that any text could take is taken here first.
 */
final class Charsmap {
  /** T5's has 240,000. */
  private static final int MAX_BYTES = 1 << 20;

  /** Unicode's longest, U+FDFA, has 33; a long one would let short texts fill the memory. */
  private static final int MAX_REPLACEMENT = 128;

  private final IntBuffer trie;
  private final ByteBuffer replacements;
  private final BitSet seen = new BitSet();
  private final Deque<Integer> open = new ArrayDeque<>();

  private Charsmap(IntBuffer trie, ByteBuffer replacements) {
    this.trie = trie;
    this.replacements = replacements;
  }

  /**
   * Makes sure that no text leads out of the map.
   *
   * @throws IllegalArgumentException if one does, or if it is no such map
   */
  static void require(String base64) {
    ByteBuffer bytes = ByteBuffer.wrap(decoded(base64)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() < Integer.BYTES) {
      throw broken("it is empty");
    }
    int trieBytes = bytes.getInt();
    if (trieBytes <= 0 || trieBytes % Integer.BYTES != 0 || trieBytes > bytes.remaining()) {
      throw broken(
          "its trie should have %s bytes, %d follow"
              .formatted(Integer.toUnsignedString(trieBytes), bytes.remaining()));
    }
    ByteBuffer trie = bytes.slice(bytes.position(), trieBytes).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer replacements = bytes.position(bytes.position() + trieBytes).slice();
    try {
      StandardCharsets.UTF_8.newDecoder().decode(replacements.duplicate());
    } catch (CharacterCodingException e) {
      throw broken("its replacements are not UTF-8 text");
    }
    new Charsmap(trie.asIntBuffer(), replacements).walk();
  }

  /** The library takes only the one way to write bytes in base 64 that an encoder writes. */
  private static byte[] decoded(String base64) {
    if (base64.length() > MAX_BYTES / 3 * 4) {
      throw broken("it has %d characters".formatted(base64.length()));
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(broken("it is not base 64").getMessage(), e);
    }
    if (!Base64.getEncoder().encodeToString(bytes).equals(base64)) {
      throw broken("it is not base 64 as an encoder writes it");
    }
    return bytes;
  }

  private void walk() {
    enter(offset(trie.get(0)));
    while (!open.isEmpty()) {
      int base = open.pop();
      for (int label = 1; label <= 0xff; label++) {
        int at = base ^ label;
        requireInside(at);
        int unit = trie.get(at);
        if ((unit & 0x8000_00ff) == label) {
          int next = at ^ offset(unit);
          enter(next);
          if ((unit & 0x100) != 0) {
            requireReplacement(trie.get(next) & 0x7fff_ffff);
          }
        }
      }
    }
  }

  private void enter(int base) {
    requireInside(base);
    if (!seen.get(base)) {
      seen.set(base);
      open.push(base);
    }
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 0x200) >>> 6);
  }

  private void requireInside(int at) {
    if (at < 0 || at >= trie.limit()) {
      throw broken("its trie of %d units leads to unit %d".formatted(trie.limit(), at));
    }
  }

  private void requireReplacement(int start) {
    int end = start;
    while (end < replacements.limit()
        && replacements.get(end) != 0
        && end - start <= MAX_REPLACEMENT) {
      end++;
    }
    boolean character =
        start < replacements.limit() && (replacements.get(start) & 0xc0) != 0x80; // or inside one
    if (!character || end == replacements.limit() || end - start > MAX_REPLACEMENT) {
      throw broken(
          "it leads to byte %d of the %d with its replacements, where none stands"
              .formatted(start, replacements.limit()));
    }
  }

  private static IllegalArgumentException broken(String reason) {
    return new IllegalArgumentException("its precompiled_charsmap is broken: " + reason);
  }
}
