package io.instructorspark.checkpoint.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lock that one thread of one process of the machine has. */
@Timeout(60)
class MachineLockIT {
  @TempDir private Path folder;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    thread.shutdownNow();
  }

  private Path file() {
    return folder.resolve("deep/lock");
  }

  @Test
  void keepsAnotherThreadOut() throws Exception {
    try (MachineLock held = MachineLock.await(file(), "test")) {
      assertThat(held).isNotNull();
      assertThat(thread.submit(() -> MachineLock.attempt(file())).get()).isEmpty();
    }
    assertThat(thread.submit(() -> MachineLock.attempt(file())).get()).isPresent();
  }

  @Test
  void isNotGivenTwiceToOneThread() throws IOException {
    try (MachineLock held = MachineLock.await(file(), "test")) {
      assertThat(held).isNotNull();
      assertThat(MachineLock.attempt(file())).isEmpty();
    }
  }

  @Test
  void saysWhatAFolderNeedsToBeLocked() throws IOException {
    Files.createFile(folder.resolve("deep"));
    for (int attempt = 1; attempt <= 2; attempt++) { // the first leaves nothing locked
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> MachineLock.attempt(file()))
          .withMessageContaining("cannot lock " + file())
          .withMessageContaining("may write");
    }
  }

  @Test
  void isWaitedFor() throws Exception {
    Future<MachineLock> waiting;
    try (MachineLock held = MachineLock.await(file(), "test")) {
      waiting = thread.submit(() -> MachineLock.await(file(), "test"));
      Thread.sleep(200);
      assertThat(held).isNotNull();
      assertThat(waiting.isDone()).isFalse();
    }
    assertThat(waiting.get(5, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void isNotWaitedForByAThreadThatIsInterrupted() throws Exception {
    try (MachineLock held = MachineLock.await(file(), "test")) {
      assertThat(held).isNotNull();
      Future<MachineLock> waiting =
          thread.submit(
              () -> {
                Thread.currentThread().interrupt();
                return MachineLock.await(file(), "test");
              });
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(waiting::get)
          .withCauseInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void keepsAnotherProcessOutAndIsNotLostToItsTries() throws IOException {
    try (MachineLock held = MachineLock.await(file(), "test")) {
      assertThat(held).isNotNull();
      try (OtherJvm other = OtherJvm.locking(file())) {
        assertThat(other.said()).isEqualTo("false");
      }
      assertThat(MachineLock.attempt(file())).isEmpty(); // a try of this process
      try (OtherJvm other = OtherJvm.locking(file())) {
        assertThat(other.said()).isEqualTo("false");
      }
    }
  }

  @Test
  void isNotLostToTheTryOfAnotherClassLoader() throws Exception {
    Method attempt =
        new Separate()
            .loadClass(MachineLock.class.getName())
            .getDeclaredMethod("attempt", Path.class);
    attempt.setAccessible(true);
    try (MachineLock held = MachineLock.await(file(), "test")) {
      assertThat(held).isNotNull();
      assertThat((Optional<?>) attempt.invoke(null, file())).isEmpty();
      try (OtherJvm other = OtherJvm.locking(file())) {
        assertThat(other.said()).isEqualTo("false");
      }
    }
    assertThat((Optional<?>) attempt.invoke(null, file())).isPresent();
  }

  /** Loads the lock's class anew, as Spark does for a session that brings its own jars. */
  private static final class Separate extends ClassLoader {
    Separate() {
      super(MachineLock.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(MachineLock.class.getName()) || findLoadedClass(name) != null) {
        return super.loadClass(name, resolve);
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void endsWithAProcessThatIsKilled() throws IOException {
    try (OtherJvm other = OtherJvm.locking(file())) {
      assertThat(other.said()).isEqualTo("true");
      assertThat(MachineLock.attempt(file())).isEmpty();
    }
    assertThat(MachineLock.attempt(file())).isPresent();
    assertThat(Files.exists(file())).isTrue();
  }
}
