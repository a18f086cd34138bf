package io.instructorspark.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Any bytes as a {@code torch.save} file, or, after a first byte that asks for it, as the pickle in
 * a sound one: its checksum would keep a fuzzer from ever coming so far.
 */
public final class TorchFuzz {
  /** The first byte of what is taken for a pickle. */
  static final byte PICKLE = 1;

  private TorchFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    byte[] file =
        input.length > 0 && input[0] == PICKLE
            ? TorchFile.of(Arrays.copyOfRange(input, 1, input.length))
                .with("data/0", new byte[4096])
                .bytes()
            : input;
    FuzzLimits.check(
        () -> {
          ByteSource source = new MemoryBytes("x.bin", ByteBuffer.wrap(file));
          SafetensorsFuzz.readAll(TorchArchive.list(source, "x.bin"), source);
        });
  }
}
