package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderFilesTest {
  private static final String SIZES = "config.json";

  @TempDir Path temp;

  @Nested
  class FollowsALink {
    @Test
    void thatIsTheFolderItself() throws IOException {
      Path folder = Folders.copy("tiny-base", temp);
      Path link = Files.createSymbolicLink(temp.resolve("link"), folder);

      assertOpens(link);
    }

    @Test
    void toAFileOfTheSameFolder() throws IOException {
      Path folder = Folders.copy("tiny-base", temp);
      Files.move(folder.resolve(SIZES), folder.resolve("1_Pooling/sizes.json"));
      Files.createSymbolicLink(folder.resolve(SIZES), Path.of("1_Pooling/sizes.json"));

      assertOpens(folder);
    }

    @Test
    void toAFolderOfTheSameFolderAndThroughItToAnother() throws IOException {
      Path folder = Folders.copy("tiny-base", temp);
      Files.move(folder.resolve("2_Dense"), folder.resolve("dense-1"));
      Files.createSymbolicLink(folder.resolve("dense"), folder.resolve("dense-1"));
      Files.createSymbolicLink(folder.resolve("2_Dense"), Path.of("dense"));

      assertOpens(folder);
    }
  }

  @Nested
  class OfHuggingFacesCache {
    private Path repository;
    private Path snapshot;

    /** As huggingface_hub writes it: every file a relative link to a blob named by its hash. */
    @BeforeEach
    void cache() throws IOException {
      Path sound = Folders.copy("tiny-base", temp);
      repository = temp.resolve("hub/models--hkunlp--instructor-tiny");
      snapshot = repository.resolve("snapshots/0123456789abcdef");
      Path blobs = Files.createDirectories(repository.resolve("blobs"));
      int blob = 0;
      for (String file :
          List.of(
              SIZES,
              "modules.json",
              "tokenizer.json",
              "model.safetensors",
              "1_Pooling/config.json",
              "2_Dense/config.json",
              "2_Dense/model.safetensors")) {
        Path link = snapshot.resolve(file);
        Files.createDirectories(link.getParent());
        Path target = blobs.resolve("blob" + blob++);
        Files.move(sound.resolve(file), target);
        Files.createSymbolicLink(link, link.getParent().relativize(target));
      }
    }

    @Test
    void followsTheLinksToTheBlobs() {
      assertOpens(snapshot);
    }

    @Test
    void followsThemFromASnapshotThatIsItselfReachedByALink() throws IOException {
      assertOpens(Files.createSymbolicLink(temp.resolve("model"), snapshot));
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/main", "snapshots/other/config.json", "../models--x/blobs/b"})
    void refusesLinksToWhatIsNoBlobOfIt(String path) throws IOException {
      Path target = repository.resolve(path).normalize();
      Files.createDirectories(target.getParent());
      Files.move(repository.resolve("blobs/blob0"), target);
      relink(target);

      assertRefused("lies outside");
    }

    @Test
    void refusesABlobThatIsALinkToElsewhere() throws IOException {
      Path blob = repository.resolve("blobs/blob0");
      Files.move(blob, temp.resolve("elsewhere"));
      Files.createSymbolicLink(blob, temp.resolve("elsewhere"));

      assertRefused("lies outside");
    }

    @Test
    void namesABlobThatIsGone() throws IOException {
      Files.delete(repository.resolve("blobs/blob0"));

      assertRefused("is a link to ../../blobs/blob0, which is not there");
    }

    private void relink(Path target) throws IOException {
      Path link = snapshot.resolve(SIZES);
      Files.delete(link);
      Files.createSymbolicLink(link, link.getParent().relativize(target));
    }

    private void assertRefused(String reason) {
      assertThatThrownBy(() -> Checkpoint.open(snapshot.toString()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(snapshot.resolve(SIZES).toString(), reason);
    }
  }

  private static void assertOpens(Path folder) {
    Checkpoint checkpoint = Checkpoint.open(folder.toString());

    assertThat(checkpoint.parameterCount()).isEqualTo(83_232);
    assertThat(checkpoint.fingerprint()).hasSize(64);
  }
}
