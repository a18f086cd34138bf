package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.checkpoint.PickleWriter.View;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchArchiveTest {
  /** Six floats whose bytes tell where they are. */
  private static final byte[] STORAGE =
      "111122223333444455556666".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("pytorch_model.bin");
  }

  @Nested
  class Reads {
    @ParameterizedTest
    @ValueSource(strings = {"archive", "pytorch_model", "модель"})
    void whateverTheTopFolderIsCalled(String name) throws IOException {
      matrix(View.matrix(2, 3)).inFolder(name).write(file);

      assertThat(content(list().get(0))).isEqualTo("111122223333444455556666");
    }

    @Test
    void zip64() throws IOException {
      matrix(View.matrix(2, 3)).alwaysZip64().write(file);

      assertThat(content(list().get(0))).isEqualTo("111122223333444455556666");
    }

    @Test
    void aTensorInTheMiddleOfItsStorage() throws IOException {
      matrix(new View(2, 1, 3, 99, 1)).write(file);

      assertThat(content(list().get(0))).isEqualTo("333344445555");
    }

    @Test
    void severalNamesOfOneStorage() throws IOException {
      TorchFile.of(
              PickleWriter.stateDict()
                  .tensor("shared.weight", "FloatStorage", "0", 6, View.matrix(3, 2))
                  .tensor("encoder.embed_tokens.weight", "FloatStorage", "0", 6, View.matrix(3, 2))
                  .endStateDict())
          .with("data/0", STORAGE)
          .write(file);

      List<StoredTensor> tensors = list();

      assertThat(tensors)
          .extracting(StoredTensor::name)
          .containsExactly("shared.weight", "encoder.embed_tokens.weight");
      assertThat(tensors.get(0).position()).isEqualTo(tensors.get(1).position());
    }
  }

  @Nested
  class Refuses {
    @Test
    void transposedTensors() {
      matrix(new View(0, 2, 3, 1, 2)).write(file);

      assertRefused("the tensor a is not contiguous");
    }

    @Test
    void offsetsOutsideTheStorage() {
      matrix(new View(1, 2, 3, 3, 1)).write(file);

      assertRefused("outside its storage of 6 elements");
    }

    @Test
    void negativeOffsets() {
      matrix(new View(-1, 2, 3, 3, 1)).write(file);

      assertRefused("outside its storage");
    }

    @Test
    void absurdShapes() {
      matrix(new View(0, -2, 3, 3, 1)).write(file);

      assertRefused("negative axis");
    }

    @Test
    void storagesShorterThanTheySay() {
      pickled(View.matrix(2, 3)).with("data/0", Arrays.copyOf(STORAGE, 20)).write(file);

      assertRefused("its file has 20 bytes");
    }

    @Test
    void missingStorages() {
      pickled(View.matrix(2, 3)).write(file);

      assertRefused("storage 0 of the tensor a is missing");
    }

    @Test
    void compression() {
      matrix(View.matrix(2, 3)).deflated().write(file);

      assertRefused("compressed");
    }

    @Test
    void bigEndianNumbers() {
      matrix(View.matrix(2, 3)).with("byteorder", "big").write(file);

      assertRefused("byte order is big");
    }

    @Test
    void archivesWithoutAPickle() {
      new TorchFile().with("readme", "hello").write(file);

      assertRefused("expected one");
    }

    @Test
    void theOldFormatWithoutAZip() throws IOException {
      Files.write(file, new PickleWriter().proto(2).op(0x8a, 10, 0x6c, 0xfc).end());

      assertRefused("old format");
    }

    @Test
    void whatIsNoArchive() throws IOException {
      Files.writeString(file, "<html>404</html>");

      assertRefused("no zip archive");
    }

    @Test
    void anEmptyFile() throws IOException {
      Files.createFile(file);

      assertRefused("no zip archive");
    }

    @Test
    void filesThatAreCutShort() throws IOException {
      byte[] whole = Files.readAllBytes(matrix(View.matrix(2, 3)).write(file));
      Files.write(file, Arrays.copyOf(whole, whole.length - 30));

      assertThatThrownBy(
              () -> WeightFormat.TORCH.list(new FolderFiles(folder), "pytorch_model.bin"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("pytorch_model.bin");
    }

    @Test
    void gitLfsPointers() throws IOException {
      Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");

      assertThatThrownBy(
              () -> WeightFormat.TORCH.list(new FolderFiles(folder), "pytorch_model.bin"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("git lfs pull");
    }

    private void assertRefused(String message) {
      assertThatThrownBy(TorchArchiveTest.this::list)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("pytorch_model.bin")
          .hasMessageContaining(message);
    }
  }

  private static TorchFile matrix(View view) {
    return pickled(view).with("data/0", STORAGE);
  }

  private static TorchFile pickled(View view) {
    return TorchFile.of(
        PickleWriter.stateDict().tensor("a", "FloatStorage", "0", 6, view).endStateDict());
  }

  private List<StoredTensor> list() throws IOException {
    try (ByteSource source = new FileBytes(file)) {
      return TorchArchive.list(source, "pytorch_model.bin");
    }
  }

  private String content(StoredTensor tensor) throws IOException {
    try (ByteSource source = new FileBytes(file)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) tensor.byteCount());
      source.readFully(tensor.position(), bytes);
      return new String(bytes.array(), StandardCharsets.US_ASCII);
    }
  }
}
