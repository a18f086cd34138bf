package io.instructorspark.job.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The fields of a protocol buffer message one after another, as they stand in the bytes. Every
 * length is checked against what is there; nothing is copied. Reads what SentencePiece writes:
 * varints, 32 bits, 64 bits and byte strings, no groups.
 */
final class WireMessage {
  private static final int LONGEST_VARINT = 10;

  private final ByteBuffer bytes;
  private int field;
  private WireType type;
  private long number;
  private ByteBuffer string;

  /** How a field is written. */
  private enum WireType {
    VARINT,
    BITS_64,
    BYTES,
    BITS_32
  }

  WireMessage(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Goes to the next field.
   *
   * @return whether there is one
   * @throws SentencePieceException if the bytes are no message
   */
  boolean next() {
    if (!bytes.hasRemaining()) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    if (field <= 0 || tag >>> 32 != 0) {
      throw broken();
    }
    switch ((int) tag & 7) {
      case 0 -> {
        type = WireType.VARINT;
        number = varint();
      }
      case 1 -> {
        type = WireType.BITS_64;
        require(Long.BYTES);
        number = bytes.getLong();
      }
      case 2 -> {
        type = WireType.BYTES;
        long length = varint();
        require(length);
        string = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
      }
      case 5 -> {
        type = WireType.BITS_32;
        require(Integer.BYTES);
        number = bytes.getInt();
      }
      default -> throw broken();
    }
    return true;
  }

  /** Number of the field. */
  int field() {
    return field;
  }

  /** Its value, where it is a message. */
  WireMessage message() {
    return new WireMessage(bytes());
  }

  /** Its value, where it is a byte string. */
  ByteBuffer bytes() {
    require(WireType.BYTES);
    return string.duplicate();
  }

  /** Its value, where it is text. */
  String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
    } catch (CharacterCodingException e) {
      throw new SentencePieceException("it holds a text that is no UTF-8", e);
    }
  }

  /** Its value, where it is an integer, a truth value or the number of a choice. */
  long integer() {
    require(WireType.VARINT);
    return number;
  }

  /** Its value, where it is a float. */
  float real() {
    require(WireType.BITS_32);
    return Float.intBitsToFloat((int) number);
  }

  private void require(WireType expected) {
    if (type != expected) {
      throw new SentencePieceException(
          "its field %d is written as %s where %s is expected".formatted(field, type, expected));
    }
  }

  private void require(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw broken();
    }
  }

  private long varint() {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      require(1);
      byte next = bytes.get();
      value |= (long) (next & 0x7F) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw broken();
  }

  private SentencePieceException broken() {
    return new SentencePieceException(
        "it is no SentencePiece model, or one that was broken off (at byte %d of a message)"
            .formatted(bytes.position()));
  }
}
