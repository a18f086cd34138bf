package io.instructorspark.checkpoint.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Another process of this machine that does one thing and then waits until it is stopped. */
final class OtherJvm implements AutoCloseable {
  private final Process process;
  private final String said;

  private OtherJvm(Process process, String said) {
    this.process = process;
    this.said = said;
  }

  /** Holds a lock. */
  static OtherJvm locking(Path file) throws IOException {
    return start("lock", file.toString(), "");
  }

  /** Opens the copy of a checkpoint. */
  static OtherJvm opening(Path cache, String fingerprint) throws IOException {
    return start("open", cache.toString(), fingerprint);
  }

  /** Asks for a file's digest. */
  static OtherJvm digesting(Path cache, Path file) throws IOException {
    return start("digest", cache.toString(), file.toString());
  }

  /** What came of it. */
  String said() {
    return said;
  }

  /** Kills it, as {@code kill -9} does, and waits until it is gone. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private static OtherJvm start(String... arguments) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OtherJvm.class.getName(),
                arguments[0],
                arguments[1],
                arguments[2])
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String said = out.readLine();
    if (said == null) {
      throw new IOException("the other JVM ended without a word");
    }
    return new OtherJvm(process, said);
  }

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "lock" -> System.out.println(MachineLock.attempt(Path.of(arguments[1])).isPresent());
      case "open" -> System.out.println(cache(arguments[1]).copyOf(arguments[2]).isPresent());
      case "digest" -> System.out.println(cache(arguments[1]).digests().of(Path.of(arguments[2])));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    Thread.sleep(Long.MAX_VALUE);
  }

  private static MachineCache cache(String folder) throws IOException {
    return new MachineCache(new CacheSettings(folder, CacheSettings.DEFAULT_MAX_BYTES));
  }
}
