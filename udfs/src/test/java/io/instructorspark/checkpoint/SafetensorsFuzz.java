package io.instructorspark.checkpoint;

import java.nio.ByteBuffer;
import java.util.List;

/** Any bytes as a safetensors file. Jazzer calls the one method there is. */
public final class SafetensorsFuzz {
  private SafetensorsFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    FuzzLimits.check(
        () -> {
          ByteSource source = new MemoryBytes("x.safetensors", ByteBuffer.wrap(input));
          readAll(SafetensorsHeader.list(source, "x.safetensors"), source);
        });
  }

  /** Reads the first and last bytes of each: for one outside its file that is an error. */
  static void readAll(List<StoredTensor> tensors, ByteSource source) throws java.io.IOException {
    for (StoredTensor tensor : tensors.subList(0, Math.min(tensors.size(), 100))) {
      ByteBuffer last = ByteBuffer.allocate((int) Math.min(4_096, tensor.byteCount()));
      source.readFully(tensor.position(), last.duplicate());
      source.readFully(tensor.position() + tensor.byteCount() - last.remaining(), last);
    }
  }
}
