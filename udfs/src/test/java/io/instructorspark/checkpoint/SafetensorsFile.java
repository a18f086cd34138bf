package io.instructorspark.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Writes safetensors files, right ones and wrong ones. Their data are sparse zeros. */
final class SafetensorsFile {
  private SafetensorsFile() {}

  /** A file with this header and as many zero bytes of data. */
  static Path write(Path path, String header, long dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return write(path, json.length, json, dataBytes);
  }

  /** A file that says its header has this length, whatever it has. */
  static Path write(Path path, long statedLength, byte[] header, long dataBytes) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(0);
      file.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(statedLength).array());
      file.write(header);
      file.setLength(8 + header.length + dataBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return path;
  }

  /** A file of these F32 tensors, in the order given. */
  static Path write(Path path, Map<String, List<Long>> shapes) {
    StringJoiner header = new StringJoiner(",", "{", "}");
    long end = 0;
    for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
      long begin = end;
      end += Extent.of(tensor.getValue()).bytes(4);
      header.add(
          "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(tensor.getKey(), tensor.getValue(), begin, end));
    }
    return write(path, header.toString(), end);
  }
}
