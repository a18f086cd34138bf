package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies of checkpoints that a JVM has opened stay until it ends. */
@Timeout(60)
class CopiesInUseIT {
  private static final String FINGERPRINT = "a".repeat(64);

  @TempDir private Path folder;
  private MachineCache cache;
  private Path model;

  @BeforeEach
  void fill() throws IOException {
    cache = new MachineCache(new CacheSettings(folder.toString(), 10_000));
    model = Files.createDirectory(folder.resolve("models").resolve(FINGERPRINT));
    Files.write(model.resolve("weights"), new byte[9_000]);
  }

  @Test
  void stayWhileAnotherJvmHasThemOpen() throws IOException {
    try (OtherJvm other = OtherJvm.opening(folder, FINGERPRINT)) {
      assertThat(other.said()).isEqualTo("true");
      cache.makeRoom(0, 5_000);
      assertThat(model).exists();
      cache.makeRoom(0, 5_000); // trying does not take the other's lock away
      assertThat(model).exists();
    }
    cache.makeRoom(0, 5_000);
    assertThat(model).doesNotExist();
    assertThat(folder.resolve("incoming")).isEmptyDirectory();
  }

  @Test
  void stayWhileThisJvmHasThemOpen() throws IOException {
    assertThat(cache.copyOf(FINGERPRINT)).isPresent();
    cache.makeRoom(0, 5_000);
    assertThat(model).exists();
  }

  @Test
  void goWhereTheDiskIsFull() throws IOException {
    new Eviction(folder, 1_000_000, () -> 500).makeRoom(0, 400);
    assertThat(model).exists();
    new Eviction(folder, 1_000_000, () -> Files.exists(model) ? 500 : 9_500).makeRoom(0, 600);
    assertThat(model).doesNotExist();
  }

  @Test
  void stayWhereThereIsRoomEnough() throws IOException {
    cache.makeRoom(0, 1_000);
    assertThat(model).exists();
    cache.makeRoom(1_000, 1_000);
    assertThat(model).as("what is staged already counts").doesNotExist();
  }
}
