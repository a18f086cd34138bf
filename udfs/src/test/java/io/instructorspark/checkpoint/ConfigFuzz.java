package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Sha256;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes as one of the small files: the first byte says which, the rest is its content; the
 * other files are not there.
 */
public final class ConfigFuzz {
  static final List<String> FILES =
      List.of(
          "config.json",
          ModuleList.FILE,
          "1_Pooling/config.json",
          "2_Dense/config.json",
          SentenceConfig.FILE,
          "model.safetensors.index.json");

  private static final T5Config CONFIG = new T5Config(64, 32, 8, 64, 2, 4, 32, 128, 1e-6);

  private ConfigFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    String file = FILES.get(Math.floorMod(input[0], FILES.size()));
    CheckpointFiles files = new OneFile(file, Arrays.copyOfRange(input, 1, input.length));
    FuzzLimits.check(
        () -> {
          switch (file) {
            case "config.json" -> T5Config.read(ConfigFile.read(files, file));
            case ModuleList.FILE -> ModuleList.read(files);
            case "1_Pooling/config.json" -> PoolingConfig.requireMean(ConfigFile.read(files, file));
            case "2_Dense/config.json" -> DenseConfig.read(files, "2_Dense", CONFIG);
            case SentenceConfig.FILE -> SentenceConfig.read(files, "");
            default -> StoredTensors.of(files, "", "");
          }
        });
  }

  /** A checkpoint of one file. */
  private record OneFile(String path, byte[] content) implements CheckpointFiles {
    @Override
    public String describe(String other) {
      return "/model/" + other;
    }

    @Override
    public boolean has(String other) {
      return path.equals(other);
    }

    @Override
    public String sha256(String other) throws IOException {
      return Sha256.of(new ByteArrayInputStream(content));
    }

    @Override
    public ByteSource open(String other) throws IOException {
      if (!has(other)) {
        throw new FileNotFoundException(other);
      }
      return new MemoryBytes(describe(other), ByteBuffer.wrap(content));
    }
  }
}
