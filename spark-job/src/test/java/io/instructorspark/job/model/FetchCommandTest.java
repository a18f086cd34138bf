package io.instructorspark.job.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointFile;
import io.instructorspark.job.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code instructor model fetch}. */
class FetchCommandTest {
  private static final String TINY = Models.fixture("tiny-base").toString();
  private static final String OTHER = Models.fixture("tiny-xl").toString();

  @TempDir private Path folder;
  private Models models;
  private Path place;

  @BeforeEach
  void place() {
    models = new Models(folder);
    place = folder.resolve("place");
    ShelfFileSystem.room = Integer.MAX_VALUE;
    ShelfFileSystem.full = false;
  }

  private static void requireCopy(Path copy, String of) {
    assertThat(Checkpoint.open(copy.toString()).fingerprint())
        .isEqualTo(Checkpoint.open(of).fingerprint());
  }

  @Nested
  class ToAFolder {
    private CommandRun fetch(String from, String... more) {
      String[] arguments = new String[more.length + 4];
      arguments[0] = "fetch";
      arguments[1] = from;
      arguments[2] = "--to";
      arguments[3] = place.toString();
      System.arraycopy(more, 0, arguments, 4, more.length);
      return models.run(arguments);
    }

    @Test
    void copiesExactlyTheFilesOfTheCheckpoint() throws IOException {
      CommandRun run = fetch(TINY);
      assertThat(run.status()).as(run.err()).isZero();
      List<String> expected =
          Checkpoint.open(TINY).files().stream().map(CheckpointFile::path).toList();
      assertThat(Models.files(place)).containsExactlyElementsOf(expected);
      requireCopy(place, TINY);
      assertThat(run.out())
          .contains("8 files")
          .contains("use it with  --model " + place)
          .contains(Checkpoint.open(TINY).fingerprint());
    }

    @Test
    void unpacksTheBuiltInModel() {
      assertThat(fetch("builtin:instructor-mini").status()).isZero();
      requireCopy(place, "builtin:instructor-mini");
    }

    @Test
    void copiesNothingWhereItIsAlready() {
      fetch(TINY);
      CommandRun again = fetch(TINY);
      assertThat(again.status()).isZero();
      assertThat(again.out()).contains("holds this checkpoint already");
    }

    @Test
    void leavesAnotherCheckpointAsItIs() {
      fetch(TINY);
      CommandRun run = fetch(OTHER);
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("holds another checkpoint").contains("--if-exists overwrite");
      requireCopy(place, TINY);
    }

    @Test
    void replacesAnotherCheckpointIfToldTo() throws IOException {
      fetch(TINY);
      Files.writeString(place.resolve("notes.txt"), "mine");
      CommandRun run = fetch(OTHER, "--if-exists", "overwrite");
      assertThat(run.status()).as(run.err()).isZero();
      requireCopy(place, OTHER); // though safetensors files were there, which are read first
      assertThat(place.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void refusesAFolderOfOtherThings() throws IOException {
      Files.createDirectories(place);
      Files.writeString(place.resolve("notes.txt"), "mine");
      CommandRun run = fetch(TINY);
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("is not empty, and no complete checkpoint");
      assertThat(Models.files(place)).containsExactly("notes.txt");
    }

    @Test
    void neverWritesOverTheFilesThatItReads() throws IOException {
      Path source = models.copy(Models.fixture("tiny-base"));
      Files.writeString(source.resolve("pytorch_model.bin"), "the weights once more");
      String before = Checkpoint.open(source.toString()).fingerprint();
      place = Files.createSymbolicLink(folder.resolve("other-name"), source);
      CommandRun run = fetch(source.toString(), "--if-exists", "overwrite");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("is the folder that the checkpoint is read from");
      assertThat(Checkpoint.open(source.toString()).fingerprint()).isEqualTo(before);
      assertThat(source.resolve("pytorch_model.bin")).exists();
    }

    @Test
    void replacesLinksAndNotWhatTheyLeadTo() throws IOException {
      Path source = models.copy(Models.fixture("tiny-base"));
      Files.createDirectories(place);
      for (String file : List.of("modules.json", "config.json", "tokenizer.json")) {
        Files.createSymbolicLink(place.resolve(file), source.resolve(file));
      }
      String before = Checkpoint.open(source.toString()).fingerprint();
      CommandRun run = fetch(OTHER, "--if-exists", "overwrite");
      assertThat(run.status()).as(run.err()).isZero();
      requireCopy(place, OTHER);
      assertThat(Checkpoint.open(source.toString()).fingerprint()).isEqualTo(before);
    }

    @Test
    void refusesAFile() throws IOException {
      Files.writeString(place, "mine");
      CommandRun run = fetch(TINY, "--if-exists", "overwrite");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("is a file");
    }

    @Test
    void saysNothingIfItShallBeQuiet() {
      CommandRun run = fetch(TINY, "--quiet");
      assertThat(run.out()).isEmpty();
      requireCopy(place, TINY);
    }
  }

  @Nested
  class ToAStore {
    private CommandRun fetch(String... more) {
      String[] arguments = new String[more.length + 6];
      arguments[0] = "fetch";
      arguments[1] = TINY;
      arguments[2] = "--to";
      arguments[3] = "shelf:" + place;
      arguments[4] = "--conf";
      arguments[5] = ShelfFileSystem.SETTING;
      System.arraycopy(more, 0, arguments, 6, more.length);
      return models.run(arguments);
    }

    @Test
    void copiesThroughHadoop() {
      CommandRun run = fetch();
      assertThat(run.status()).as(run.err()).isZero();
      requireCopy(place, TINY);
      assertThat(run.out()).contains("--model shelf:" + place);
    }

    @Test
    void whatCameFromThereCanBeReadFromThere() {
      fetch();
      CommandRun run = models.run("fetch", "shelf:" + place, "--conf", ShelfFileSystem.SETTING);
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out()).contains("copied shelf:").contains(folder.resolve("cache").toString());
      CommandRun again = models.run("fetch", "shelf:" + place, "--conf", ShelfFileSystem.SETTING);
      assertThat(again.out()).contains("is on this machine already");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysWhereADiskIsFull() {
      ShelfFileSystem.full = true;
      CommandRun run = fetch();
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("cannot copy to shelf:" + place + ": No space left on device");
      assertThat(place.resolve("modules.json")).doesNotExist();
    }

    @Test
    void isNoCheckpointUntilTheLastFileIsThere() throws IOException {
      ShelfFileSystem.room = 7;
      CommandRun broken = fetch();
      assertThat(broken.status()).isEqualTo(1);
      assertThat(broken.err()).contains("the shelf broke down").contains("shelf:" + place);
      assertThat(Models.files(place)).hasSize(7).doesNotContain("modules.json");
      ShelfFileSystem.room = Integer.MAX_VALUE;
      assertThat(fetch().err()).contains("broken off");
      assertThat(fetch("--if-exists", "overwrite").status()).isZero();
      requireCopy(place, TINY);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://some/where",
        "https://host/x",
        "builtin:mine",
        "~/mine",
        "s3a://me:secret@bucket/x",
        "s3a://bucket/x?token=abc",
        " "
      })
  void isMisusedWithPlacesThatAreNotWritten(String to) {
    CommandRun run = models.run("fetch", TINY, "--to", to);
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).doesNotContain("secret").doesNotContain("abc");
  }

  @Test
  void namesTheOptionThatIsMisused() {
    CommandRun run = models.run("fetch", TINY, "--if-exists", "maybe");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--if-exists", "maybe").doesNotContain("Exception");
  }

  @Test
  void saysWhatIsMissingForAStoreThatHadoopDoesNotReach() {
    CommandRun run = models.run("fetch", TINY, "--to", "nosuch://host/x");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("cannot reach nosuch://host/x").contains("class path");
  }

  @Test
  void saysSoToWhereTheLibraryOfAStoreLacksAClass() {
    CommandRun run =
        models.run(
            "fetch",
            TINY,
            "--to",
            "lame://host/x",
            "--conf",
            "spark.hadoop.fs.lame.impl=" + LameFileSystem.class.getName());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("cannot reach lame://host/x").contains("class path");
  }

  /** Of a library that came alone. */
  public static final class LameFileSystem extends RawLocalFileSystem {
    /** As a JVM does when a class that this one needs is nowhere. */
    public LameFileSystem() {
      throw new NoClassDefFoundError("org/nowhere/Client");
    }
  }

  @Test
  void doesNotReachForWhatItCouldNotPlace() throws IOException {
    Files.createDirectories(place);
    Files.writeString(place.resolve("notes.txt"), "mine");
    CommandRun run = models.run("fetch", "hf://no/where", "--to", place.toString());
    assertThat(run.err()).contains("is not empty");
  }

  @Test
  void saysWhereACheckpointOfThisMachineLies() {
    CommandRun run = models.run("fetch", TINY);
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("is on this machine already").contains("--model " + TINY);
  }
}
