package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mounts whose reads go over a network; {@code scripts/check-fuse} tries a real one. */
class FolderStoreTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"fuse", "fuse.s3fs", "fuse.gcsfuse", "fuse.bindfs", "fuse.rclone"})
  void areThoseOfFuse(String type) {
    assertThat(FolderStore.isRemote(type)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "overlay", "tmpfs", "fuseblk", "apfs", "NTFS", "fusectl"})
  void areNotDisks(String type) {
    assertThat(FolderStore.isRemote(type)).isFalse();
  }

  @Test
  void areNotFoldersThatAreMissing() {
    assertThat(FolderStore.isRemote(folder.resolve("missing"))).isFalse();
    assertThat(FolderStore.isRemote(folder)).isFalse();
  }

  @Test
  void tellAChangeBySizeOrTime() throws IOException {
    FolderStore store = new FolderStore();
    String location = store.qualify(folder.resolve("x/..").toUri().toString());
    assertThat(location).isEqualTo(folder.toString());
    Path file = Files.write(folder.resolve("a"), new byte[3]);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
    var first = store.find(location, "a").orElseThrow();
    assertThat(first.size()).isEqualTo(3);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_001L));
    assertThat(store.find(location, "a").orElseThrow()).isNotEqualTo(first);
    assertThat(store.find(location, "missing")).isEmpty();
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    assertThat(store.find(location, "a").orElseThrow().version())
        .as("a mount that knows no times")
        .isEmpty();
  }
}
