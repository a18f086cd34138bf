package io.instructorspark.job.model;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.ElementType;
import io.instructorspark.checkpoint.TensorInfo;
import io.instructorspark.checkpoint.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads all weights of a checkpoint and looks for numbers that are none. */
final class WeightScan {
  private static final int CHUNK = 4 << 20;

  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * Scans every tensor.
   *
   * @return how many numbers there are
   * @throws CheckFailedException at the first tensor with a NaN or an infinity, and says where
   */
  long requireFinite(Checkpoint checkpoint) throws IOException {
    long numbers = 0;
    try (Weights weights = checkpoint.openWeights()) {
      for (String name : weights.names()) {
        TensorInfo tensor = weights.tensor(name);
        requireFinite(weights, tensor);
        numbers += tensor.elementCount();
      }
    }
    return numbers;
  }

  private void requireFinite(Weights weights, TensorInfo tensor) throws IOException {
    int bytes = tensor.type().bytes();
    for (long offset = 0; offset < tensor.byteCount(); offset += chunk.limit()) {
      chunk.clear().limit((int) Math.min(CHUNK, tensor.byteCount() - offset));
      weights.read(tensor, offset, chunk);
      chunk.flip();
      int at = firstWithoutValue(tensor.type());
      if (at >= 0) {
        throw new CheckFailedException(
            "number %,d of the tensor %s in %s is infinite or not a number. Download the checkpoint again; if it stays, the model is broken"
                .formatted(offset / bytes + at, tensor.name(), weights.file(tensor.name())));
      }
    }
  }

  /** Index of the first number whose exponent has all bits set; -1 if there is none. */
  private int firstWithoutValue(ElementType type) {
    int count = chunk.limit() / type.bytes();
    for (int i = 0; i < count; i++) {
      boolean finite =
          switch (type) {
            case F32 -> (chunk.getInt(i * Float.BYTES) & 0x7f80_0000) != 0x7f80_0000;
            case F16 -> (chunk.getShort(i * Short.BYTES) & 0x7c00) != 0x7c00;
            case BF16 -> (chunk.getShort(i * Short.BYTES) & 0x7f80) != 0x7f80;
          };
      if (!finite) {
        return i;
      }
    }
    return -1;
  }
}
