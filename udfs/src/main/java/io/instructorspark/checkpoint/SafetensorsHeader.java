package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: eight bytes of length, then JSON, then the tensors back to
 * back. As in the reference implementation, they must fill the rest of the file without gap or
 * overlap.
 */
final class SafetensorsHeader {
  private static final int LENGTH_BYTES = 8;
  private static final long MAX_HEADER = CheckpointFiles.MAX_HEADER_BYTES;
  private static final String METADATA = "__metadata__";

  private final String where;
  private final String file;
  private final long dataStart;
  private final long dataSize;

  private SafetensorsHeader(String where, String file, long dataStart, long dataSize) {
    this.where = where;
    this.file = file;
    this.dataStart = dataStart;
    this.dataSize = dataSize;
  }

  /** The tensors of the file, in the order of their bytes. */
  static List<StoredTensor> list(ByteSource source, String file) throws IOException {
    long size = source.size();
    if (size < LENGTH_BYTES) {
      throw new CheckpointException(
          "%s is no safetensors file: it has %d bytes".formatted(source.name(), size));
    }
    ByteBuffer lengthBytes = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    source.readFully(0, lengthBytes);
    long length = lengthBytes.flip().getLong();
    if (length < 0 || length > MAX_HEADER || length > size - LENGTH_BYTES) {
      throw new CheckpointException(
          ("%s is no safetensors file or is cut short: it says that its header has %s"
                  + " bytes; the file has %d, and a header at most %d")
              .formatted(source.name(), Long.toUnsignedString(length), size, MAX_HEADER));
    }
    ByteBuffer json = ByteBuffer.allocate((int) length);
    source.readFully(LENGTH_BYTES, json);
    long dataStart = LENGTH_BYTES + length;
    return new SafetensorsHeader(source.name(), file, dataStart, size - dataStart)
        .parse(text(json.flip(), source.name()));
  }

  private static String text(ByteBuffer json, String where) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(json).toString();
    } catch (CharacterCodingException e) {
      throw new CheckpointException("the header of %s is not UTF-8 text".formatted(where), e);
    }
  }

  private List<StoredTensor> parse(String json) {
    ConfigFile header = ConfigFile.parse(json, "the header of " + where);
    List<StoredTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : header.root().properties()) {
      if (!entry.getKey().equals(METADATA)) {
        tensors.add(tensor(entry.getKey(), entry.getValue()));
      }
    }
    tensors.sort(
        Comparator.comparingLong(StoredTensor::position)
            .thenComparingLong(StoredTensor::byteCount));
    long end = dataStart;
    for (StoredTensor tensor : tensors) {
      if (tensor.position() != end) {
        throw broken(
            tensor.name(),
            "it starts at byte %d of the data, the tensor before it ends at %d"
                .formatted(tensor.position() - dataStart, end - dataStart));
      }
      end += tensor.byteCount();
    }
    if (end != dataStart + dataSize) {
      throw new CheckpointException(
          ("the tensors of %s end at byte %d of the data, the file at %d; it is broken,"
                  + " download it again")
              .formatted(where, end - dataStart, dataSize));
    }
    return tensors;
  }

  private StoredTensor tensor(String name, JsonNode node) {
    JsonNode dtypeName = node.path("dtype");
    Dtype dtype =
        Dtype.named(dtypeName.asText())
            .orElseThrow(
                () ->
                    broken(name, "its dtype %s is unknown".formatted(ConfigFile.brief(dtypeName))));
    Extent extent = extent(name, node.path("shape"));
    List<Long> offsets = longs(name, "data_offsets", node.path("data_offsets"));
    if (offsets.size() != 2) {
      throw broken(name, "its data_offsets must be two numbers");
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (begin < 0 || begin > end || end > dataSize) {
      throw broken(
          name,
          "its data_offsets %s lie outside the file's %d bytes of data"
              .formatted(offsets, dataSize));
    }
    if (end - begin != extent.bytes(dtype.bytes())) {
      throw broken(
          name,
          "its shape %s of %s takes %d bytes, its data_offsets span %d"
              .formatted(extent.shape(), dtype, extent.bytes(dtype.bytes()), end - begin));
    }
    return new StoredTensor(name, dtype, extent, file, dataStart + begin);
  }

  private Extent extent(String name, JsonNode shape) {
    try {
      return Extent.of(longs(name, "shape", shape));
    } catch (IllegalArgumentException e) {
      throw broken(name, e.getMessage());
    }
  }

  private List<Long> longs(String name, String key, JsonNode array) {
    if (!array.isArray()) {
      throw broken(name, "its %s must be an array".formatted(key));
    }
    List<Long> values = new ArrayList<>();
    for (JsonNode value : array) {
      if (!value.isIntegralNumber() || !value.canConvertToLong()) {
        throw broken(name, "its %s must hold whole numbers".formatted(key));
      }
      values.add(value.longValue());
    }
    return values;
  }

  private CheckpointException broken(String tensor, String reason) {
    return new CheckpointException(
        "the header of %s is broken at the tensor %s: %s"
            .formatted(where, Printable.name(tensor), reason));
  }
}
