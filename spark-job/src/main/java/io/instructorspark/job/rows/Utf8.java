package io.instructorspark.job.rows;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Bytes read as UTF-8.
 *
 * @param text the text, U+FFFD where bytes are no UTF-8
 * @param invalidByte the number of the first byte, from 1, that is no UTF-8; 0 where all are
 */
record Utf8(String text, int invalidByte) {
  private static final char REPLACEMENT = '\uFFFD';

  static Utf8 decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return new Utf8(text, text.indexOf(REPLACEMENT) < 0 ? 0 : firstInvalid(bytes));
  }

  /** The bytes of a string that was decoded as ISO-8859-1, read as UTF-8. */
  static Utf8 ofLatin1(String bytes) {
    return isAscii(bytes)
        ? new Utf8(bytes, 0)
        : decode(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  boolean isValid() {
    return invalidByte == 0;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** Tells a genuine U+FFFD of the input from a malformed byte. */
  private static int firstInvalid(byte[] bytes) {
    CharsetDecoder strict =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(Math.min(bytes.length, 1 << 13) + 1);
    CoderResult result = strict.decode(in, out, true);
    while (result.isOverflow()) {
      out.clear();
      result = strict.decode(in, out, true);
    }
    return result.isError() ? in.position() + 1 : 0;
  }
}
