package io.instructorspark.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles instruction by instruction, as {@code torch.save} would, or as it never would. */
final class PickleWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter op(int... bytes) {
    for (int value : bytes) {
      out.write(value);
    }
    return this;
  }

  PickleWriter ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  PickleWriter bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter proto(int version) {
    return op(0x80, version);
  }

  PickleWriter global(String module, String name) {
    return op('c').ascii(module + "\n" + name + "\n");
  }

  PickleWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    op('X').int32(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  PickleWriter number(int value) {
    return op('J').int32(value);
  }

  PickleWriter orderedDict() {
    return global("collections", "OrderedDict").op(')', 'R');
  }

  /** An empty OrderedDict and a mark, for {@link #tensor}s to follow. */
  static PickleWriter stateDict() {
    return new PickleWriter().proto(2).orderedDict().op('(');
  }

  /** A key and its tensor, of rank two. */
  PickleWriter tensor(String name, String storageType, String key, int elements, View view) {
    text(name).global("torch._utils", "_rebuild_tensor_v2");
    op('(', '(').text("storage").global("torch", storageType).text(key).text("cpu");
    number(elements).op('t', 'Q').number(view.offset());
    number(view.rows()).number(view.columns()).op(0x86);
    number(view.rowStride()).number(view.columnStride()).op(0x86);
    return op(0x89).orderedDict().op('t', 'R');
  }

  /** Closes {@link #stateDict}. */
  byte[] endStateDict() {
    return op('u').end();
  }

  byte[] end() {
    return op('.').out.toByteArray();
  }

  private PickleWriter int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  /** How a matrix looks at its storage. */
  record View(int offset, int rows, int columns, int rowStride, int columnStride) {
    static View matrix(int rows, int columns) {
      return new View(0, rows, columns, columns, 1);
    }
  }
}
