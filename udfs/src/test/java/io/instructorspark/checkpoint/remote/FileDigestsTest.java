package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests of large files are computed once, and anew once the file is another. */
class FileDigestsTest {
  private static final String PLANTED = "f".repeat(64);
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2025-03-04T05:06:07Z"));

  @TempDir private Path folder;
  private Path cache;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    cache = folder.resolve("cache");
    file = Files.write(folder.resolve("weights"), new byte[5 << 20]);
    Files.setLastModifiedTime(file, LONG_AGO);
  }

  private FileDigests digests() {
    return new FileDigests(new CacheSettings(cache.toString(), 1));
  }

  private static String computed(Path file) throws IOException {
    return Sha256.of(Files.newInputStream(file));
  }

  private List<Path> records() throws IOException {
    if (!Files.exists(cache.resolve("digests"))) {
      return List.of();
    }
    try (Stream<Path> records = Files.list(cache.resolve("digests"))) {
      return records.toList();
    }
  }

  /** Puts another digest into the memory: who gets to see it did not read the file. */
  private void plant() throws IOException {
    String computed = digests().of(file);
    assertThat(computed).isEqualTo(computed(file));
    Path record = records().get(0);
    Files.writeString(record, Files.readString(record).replace(computed, PLANTED));
    assertThat(digests().of(file)).isEqualTo(PLANTED);
  }

  @Test
  void areRememberedForOtherProcesses() throws IOException {
    plant();
    try (OtherJvm other = OtherJvm.digesting(cache, file)) {
      assertThat(other.said()).isEqualTo(PLANTED);
    }
  }

  @Test
  void areTheSameByAnyNameOfTheFile() throws IOException {
    plant();
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThat(digests().of(link)).isEqualTo(PLANTED);
  }

  @Test
  void areComputedAnewOnceTheSizeIsAnother() throws IOException {
    plant();
    Files.write(file, new byte[1], StandardOpenOption.APPEND);
    Files.setLastModifiedTime(file, LONG_AGO);
    assertThat(digests().of(file)).isEqualTo(computed(file));
  }

  @Test
  void areComputedAnewOnceTheTimeIsAnother() throws IOException {
    plant();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 1000);
    }
    Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.toInstant().plusNanos(1_000)));
    assertThat(digests().of(file)).isEqualTo(computed(file));
  }

  /** As {@code rsync --inplace --times}, or tar with fixed times into an inode that was freed. */
  @Test
  void areComputedAnewThoughTimeAndSizeWerePutBack() throws IOException {
    plant();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 1000);
    }
    Files.setLastModifiedTime(file, LONG_AGO);
    assertThat(digests().of(file)).isEqualTo(computed(file));
  }

  @Test
  void areComputedAnewOnceAnotherFileHasTheName() throws IOException {
    plant();
    byte[] content = new byte[5 << 20];
    content[17] = 1;
    Path other = Files.write(folder.resolve("other"), content);
    Files.setLastModifiedTime(other, LONG_AGO);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(digests().of(file)).isEqualTo(computed(file));
  }

  @Test
  void ofAFileThatJustChangedAreNotRemembered() throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    assertThat(digests().of(file)).isEqualTo(computed(file));
    assertThat(records()).isEmpty();
  }

  @Test
  void ofASmallFileAreNotRemembered() throws IOException {
    Files.write(file, new byte[1000]);
    Files.setLastModifiedTime(file, LONG_AGO);
    assertThat(digests().of(file)).isEqualTo(computed(file));
    assertThat(records()).isEmpty();
  }

  @Test
  void areComputedWhereTheCacheCannotBeWritten() throws IOException {
    cache = file.resolve("below-a-file");
    assertThat(digests().of(file)).isEqualTo(computed(file));
  }

  @Test
  void areComputedWhereTheMemoryIsDamaged() throws IOException {
    plant();
    Files.write(records().get(0), new byte[] {(byte) 0xff, 0, '\n'});
    assertThat(digests().of(file)).isEqualTo(computed(file));
    Files.write(records().get(0), "x\ny\nz".getBytes(StandardCharsets.UTF_8));
    assertThat(digests().of(file)).isEqualTo(computed(file));
  }
}
