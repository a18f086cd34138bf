package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Function;

/** Writes safetensors files. */
public final class SafetensorsWriter {
  private static final int CHUNK_BYTES = 4 << 20;

  /** Data begins at a multiple of this, as in the reference implementation. */
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes tensors one after the other, and makes sure that they are on disk. One tensor at a time
   * is on the heap.
   *
   * @param file to create
   * @param tensors names, types ({@link ElementType#F32} or {@link ElementType#BF16}, which rounds
   *     to the nearest) and shapes
   * @param numbers of a tensor by its name, in C order
   * @throws IOException if the file is there already or cannot be written, or the disk is full
   * @throws IllegalArgumentException if a tensor has not as many numbers as its shape says, if one
   *     of them is NaN or infinite, or for another type
   */
  public static void write(Path file, List<TensorInfo> tensors, Function<String, float[]> numbers)
      throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeFully(out, header(tensors));
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (TensorInfo tensor : tensors) {
        float[] values = numbers.apply(tensor.name());
        requireSound(tensor, values);
        for (float value : values) {
          if (chunk.remaining() < Float.BYTES) {
            writeFully(out, chunk.flip());
            chunk.clear();
          }
          put(chunk, tensor.type(), value);
        }
      }
      writeFully(out, chunk.flip());
      out.force(true);
    }
  }

  private static ByteBuffer header(List<TensorInfo> tensors) {
    ObjectNode header = new ObjectMapper().createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (TensorInfo tensor : tensors) {
      if (tensor.type() == ElementType.F16) {
        throw new IllegalArgumentException(
            "%s cannot be written as F16, which T5 overflows; take BF16".formatted(tensor.name()));
      }
      ObjectNode entry = header.putObject(tensor.name());
      entry.put("dtype", tensor.type().name());
      tensor.shape().forEach(entry.withArray("shape")::add);
      entry.putArray("data_offsets").add(offset).add(offset + tensor.byteCount());
      offset += tensor.byteCount();
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int length = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void requireSound(TensorInfo tensor, float[] values) {
    if (values.length != tensor.elementCount()) {
      throw new IllegalArgumentException(
          "%s of shape %s got %d numbers".formatted(tensor.name(), tensor.shape(), values.length));
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "%s has a number that is %s and is not written".formatted(tensor.name(), value));
      }
    }
  }

  private static void put(ByteBuffer chunk, ElementType type, float value) {
    int bits = Float.floatToRawIntBits(value);
    if (type == ElementType.F32) {
      chunk.putInt(bits);
    } else {
      chunk.putShort((short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16)); // ties to even
    }
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
