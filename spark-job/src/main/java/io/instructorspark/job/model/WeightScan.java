package io.instructorspark.job.model;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.TensorInfo;
import io.instructorspark.checkpoint.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads all weights of a checkpoint, which refuses numbers that are none. */
final class WeightScan {
  private static final int CHUNK = 4 << 20;

  private WeightScan() {}

  /**
   * Reads every tensor.
   *
   * @return how many numbers there are
   * @throws io.instructorspark.checkpoint.CheckpointException at the first that is NaN or infinite,
   *     and says where
   */
  static long read(Checkpoint checkpoint) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long numbers = 0;
    try (Weights weights = checkpoint.openWeights()) {
      for (String name : weights.names()) {
        TensorInfo tensor = weights.tensor(name);
        for (long offset = 0; offset < tensor.byteCount(); offset += CHUNK) {
          chunk.clear().limit((int) Math.min(CHUNK, tensor.byteCount() - offset));
          weights.read(tensor, offset, chunk);
        }
        numbers += tensor.elementCount();
      }
    }
    return numbers;
  }
}
