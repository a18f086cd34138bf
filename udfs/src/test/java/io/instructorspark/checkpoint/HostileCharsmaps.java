package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** Maps of characters that lead the native library out of their bounds. */
final class HostileCharsmaps {
  private HostileCharsmaps() {}

  /** A map in its two parts. */
  private record Parts(byte[] trie, byte[] replacements) {
    Parts withTrie(byte[] other) {
      return new Parts(other, replacements);
    }

    Parts withReplacements(byte[] other) {
      return new Parts(trie, other);
    }

    byte[] bytes(int statedSize) {
      return ByteBuffer.allocate(4 + trie.length + replacements.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(statedSize)
          .put(trie)
          .put(replacements)
          .array();
    }
  }

  static List<HostileCheckpoint> all() {
    return List.of(
        base64("empty", "", "it is empty"),
        base64("no-base-64", "!!!", "not base 64"),
        base64("base-64-unpadded", "AAAAAA", "not base 64 as an encoder writes it"),
        base64("base-64-loose-bits", "AAAAAB==", "not base 64 as an encoder writes it"),
        base64("of-2-mb", "A".repeat(2 << 20), "2097152 characters"),
        stated("size-none", 0),
        stated("size-negative", -1),
        stated("size-beyond", Integer.MAX_VALUE),
        stated("size-odd", 1022),
        spoilt(
            "trie-cut", parts -> parts.withTrie(Arrays.copyOf(parts.trie(), 400)), "trie of 100"),
        spoilt("trie-full", parts -> parts.withTrie(filled(parts.trie().length, -1)), "trie of"),
        spoilt("trie-in-circles", parts -> parts.withTrie(circles(parts.trie())), "where none"),
        spoilt(
            "no-replacements", parts -> parts.withReplacements(new byte[0]), "where none stands"),
        spoilt(
            "replacements-cut",
            parts -> parts.withReplacements(Arrays.copyOf(parts.replacements(), 50)),
            "where none stands"),
        spoilt(
            "replacements-not-utf-8",
            parts -> parts.withReplacements(filled(5000, -1)),
            "not UTF-8"),
        spoilt(
            "replacements-endless",
            parts -> parts.withReplacements(filled(1 << 18, 'x')),
            "where none stands"),
        spoilt(
            "replacements-between", parts -> parts.withReplacements(wide()), "where none stands"),
        HostileTokenizers.changed(
            "charsmap-twice",
            root ->
                root.set(
                    "normalizer",
                    HostileTokenizers.tree(
                        "{\"type\":\"Sequence\",\"normalizers\":[%1$s,%1$s]}"
                            .formatted(root.get("normalizer")))),
            "more than one normalizer Precompiled"));
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /** Every unit a match for its byte, with a leaf, and the root after it. */
  private static byte[] circles(byte[] trie) {
    ByteBuffer bytes = ByteBuffer.allocate(trie.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < trie.length / 4; at++) {
      bytes.putInt(at & 0xff | 0x100 | (at & 0xff | 0x100) << 10);
    }
    return bytes.array();
  }

  private static byte[] wide() {
    ByteBuffer bytes = ByteBuffer.allocate(90_000);
    while (bytes.hasRemaining()) {
      bytes.put((byte) 0xc3).put((byte) 0xa9).put((byte) 0); // é
    }
    return bytes.array();
  }

  private static HostileCheckpoint stated(String name, int size) {
    return HostileTokenizers.changed(
        "charsmap-" + name, root -> set(root, parts(root).bytes(size)), "its trie should have");
  }

  private static HostileCheckpoint spoilt(String name, UnaryOperator<Parts> change, String words) {
    return HostileTokenizers.changed(
        "charsmap-" + name,
        root -> {
          Parts changed = change.apply(parts(root));
          set(root, changed.bytes(changed.trie().length));
        },
        "precompiled_charsmap is broken",
        words);
  }

  private static HostileCheckpoint base64(String name, String base64, String words) {
    return HostileTokenizers.changed(
        "charsmap-" + name,
        root -> ((ObjectNode) root.get("normalizer")).put("precompiled_charsmap", base64),
        words);
  }

  private static void set(ObjectNode root, byte[] charsmap) {
    ((ObjectNode) root.get("normalizer"))
        .put("precompiled_charsmap", Base64.getEncoder().encodeToString(charsmap));
  }

  private static Parts parts(ObjectNode root) {
    ByteBuffer bytes =
        ByteBuffer.wrap(
                Base64.getDecoder()
                    .decode(root.get("normalizer").get("precompiled_charsmap").textValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    byte[] trie = new byte[bytes.getInt()];
    bytes.get(trie);
    byte[] replacements = new byte[bytes.remaining()];
    bytes.get(replacements);
    return new Parts(trie, replacements);
  }
}
