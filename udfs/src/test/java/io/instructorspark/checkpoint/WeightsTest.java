package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.checkpoint.PickleWriter.View;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-base", "tiny-xl", "tiny-fp16", "tiny-sharded"})
  void readEveryTensorAsSensibleNumbers(String fixture) throws IOException {
    try (Weights weights = Checkpoint.open(Folders.fixture(fixture).toString()).openWeights()) {
      for (String name : weights.names()) {
        TensorInfo tensor = weights.tensor(name);
        double mean = 0;
        for (float value : floats(weights, tensor)) {
          mean += Math.abs(value) / tensor.elementCount();
        }
        assertThat(mean).as(name).isBetween(1e-3, 10.0);
      }
    }
  }

  @Test
  void areTheSameInASafetensorsAndInATorchFile() throws IOException {
    Path folder = Folders.copy("tiny-base", temp);
    Checkpoint safetensors = Checkpoint.open(folder.toString());
    byte[] expected = bytes(safetensors, "2_Dense.linear.weight");
    String fingerprint = safetensors.fingerprint();

    Files.delete(folder.resolve("2_Dense/model.safetensors"));
    TorchFile.of(
            PickleWriter.stateDict()
                .tensor("linear.weight", "FloatStorage", "0", 1024, View.matrix(32, 32))
                .endStateDict())
        .with("data/0", expected)
        .alwaysZip64()
        .write(folder.resolve("2_Dense/pytorch_model.bin"));

    Checkpoint torch = Checkpoint.open(folder.toString());
    assertThat(bytes(torch, "2_Dense.linear.weight")).isEqualTo(expected);
    assertThat(torch.fingerprint()).isNotEqualTo(fingerprint);
  }

  @Test
  void preferSafetensorsToTorch() throws IOException {
    Path folder = Folders.copy("tiny-base", temp);
    Files.writeString(folder.resolve("pytorch_model.bin"), "never looked at");

    assertThat(Checkpoint.open(folder.toString()).parameterCount()).isPositive();
  }

  @Test
  void readPartsOfATensor() throws IOException {
    Checkpoint checkpoint = Checkpoint.open(Folders.fixture("tiny-base").toString());
    byte[] whole = bytes(checkpoint, "shared.weight");

    try (Weights weights = checkpoint.openWeights()) {
      ByteBuffer direct = ByteBuffer.allocateDirect(40).position(3).limit(13);
      weights.read(weights.tensor("shared.weight"), 1000, direct);

      assertThat(direct.remaining()).isZero();
      byte[] part = new byte[10];
      direct.get(3, part);
      assertThat(part).isEqualTo(Arrays.copyOfRange(whole, 1000, 1010));
    }
  }

  @Test
  void refuseToReadBeyondATensor() throws IOException {
    try (Weights weights = Checkpoint.open(Folders.fixture("tiny-base").toString()).openWeights()) {
      TensorInfo norm = weights.tensor("encoder.final_layer_norm.weight");

      assertThatThrownBy(() -> weights.read(norm, 120, ByteBuffer.allocate(9)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has 128 bytes");
      assertThatThrownBy(() -> weights.read(norm, -1, ByteBuffer.allocate(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 12, 42, 64})
  void findANumberThatIsNoneHoweverTheyAreCut(int chunkBytes) throws IOException {
    Path folder = Folders.copy("tiny-base", temp);
    Path file = folder.resolve("2_Dense/model.safetensors");
    byte[] content = Files.readAllBytes(file);
    ByteBuffer.wrap(content)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(content.length - 4 * 7, Float.NaN); // the seventh from the end
    Files.write(file, content);

    try (Weights weights = Checkpoint.open(folder.toString()).openWeights()) {
      TensorInfo dense = weights.tensor("2_Dense.linear.weight");
      assertThatThrownBy(() -> readFrom(weights, dense, 4_000, chunkBytes))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(file.toString(), "linear.weight", "NaN or infinite at [31, 25]");
    }
  }

  private static void readFrom(Weights weights, TensorInfo tensor, int start, int chunkBytes)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(chunkBytes);
    for (long at = start; at < tensor.byteCount(); at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(chunkBytes, tensor.byteCount() - at));
      weights.read(tensor, at, chunk);
    }
  }

  @Test
  void nameATensorThatIsNotThere() throws IOException {
    try (Weights weights = Checkpoint.open(Folders.fixture("tiny-base").toString()).openWeights()) {
      assertThatThrownBy(() -> weights.tensor("lm_head.weight"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("lm_head.weight");
    }
  }

  @Test
  void readBeyondTwoGibibytes() throws IOException {
    Path folder = Folders.copy("tiny-base", temp);
    int vocabulary = 4_000_000;
    int width = 256;
    T5Config config = new T5Config(vocabulary, width, 8, 64, 1, 4, 32, 128, 1e-6);
    Folders.replace(folder.resolve("config.json"), "2048", Integer.toString(vocabulary));
    Folders.replace(folder.resolve("config.json"), "\"d_model\": 32", "\"d_model\": 256");
    Folders.replace(folder.resolve("config.json"), "\"num_layers\": 2", "\"num_layers\": 1");
    Folders.replace(
        folder.resolve("2_Dense/config.json"), "\"in_features\": 32", "\"in_features\": 256");
    SafetensorsFile.write(
        folder.resolve("2_Dense/model.safetensors"),
        RequiredTensors.dense(new DenseConfig(width, 32, false, DenseActivation.IDENTITY)));
    Path file =
        SafetensorsFile.write(
            folder.resolve("model.safetensors"), RequiredTensors.encoder(config)); // sparse
    byte[] mark = "the last norm".getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(raw.length() - mark.length);
      raw.write(mark);
    }

    try (Weights weights = Checkpoint.open(folder.toString()).openWeights()) {
      assertThat(weights.tensor("shared.weight").byteCount()).isEqualTo(4_096_000_000L);
      TensorInfo last = weights.tensor("encoder.final_layer_norm.weight");
      ByteBuffer found = ByteBuffer.allocate(mark.length);
      weights.read(last, last.byteCount() - mark.length, found);
      assertThat(found.array()).isEqualTo(mark);
      weights.read(weights.tensor("shared.weight"), 4_095_999_996L, ByteBuffer.allocate(4));
    }
  }

  private static byte[] bytes(Checkpoint checkpoint, String name) throws IOException {
    try (Weights weights = checkpoint.openWeights()) {
      TensorInfo tensor = weights.tensor(name);
      ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteCount());
      weights.read(tensor, 0, bytes);
      return bytes.array();
    }
  }

  private static float[] floats(Weights weights, TensorInfo tensor) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteCount()).order(ByteOrder.LITTLE_ENDIAN);
    weights.read(tensor, 0, bytes);
    bytes.flip();
    float[] values = new float[(int) tensor.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.type()) {
            case F32 -> bytes.getFloat();
            case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            case F16 -> half(bytes.getShort());
          };
    }
    return values;
  }

  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    double fraction = (bits & 0x3ff) / 1024.0;
    double size = exponent == 0 ? fraction * 0x1p-14 : (1 + fraction) * Math.pow(2, exponent - 15);
    return (float) (bits < 0 ? -size : size);
  }
}
