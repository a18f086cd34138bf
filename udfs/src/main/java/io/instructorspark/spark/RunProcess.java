package io.instructorspark.spark;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process, told from others by more than its number: numbers are used again, and other machines
 * and containers have the same ones.
 *
 * @param host its machine's name, for messages
 * @param machine the machine since it started, and the space of process numbers in it; empty where
 *     that is not known
 * @param pid its number
 * @param started when the process was, in its machine's ticks; 0 where that is not known
 * @param since when it began with what it does
 */
record RunProcess(String host, String machine, long pid, long started, String since) {
  /** This one. */
  static RunProcess current() {
    long pid = ProcessHandle.current().pid();
    return new RunProcess(
        hostName(),
        thisMachine().orElse(""),
        pid,
        started(pid).orElse(0L),
        Instant.now().toString());
  }

  /** Whether it lives; empty where that cannot be told from here. */
  Optional<Boolean> isAlive() {
    if (machine.isEmpty() || started == 0 || !thisMachine().equals(Optional.of(machine))) {
      return Optional.empty();
    }
    return Optional.of(started(pid).equals(Optional.of(started)));
  }

  private static Optional<String> thisMachine() {
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      Path numbers = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
      return Optional.of(boot + " " + numbers);
    } catch (IOException | RuntimeException e) { // not Linux, or not allowed
      return Optional.empty();
    }
  }

  /** Ticks from the machine's start to the process's: the 22nd field of its state. */
  private static Optional<Long> started(long pid) {
    try {
      String state = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] afterName = state.substring(state.lastIndexOf(')') + 2).split(" ");
      return afterName[0].equals("Z")
          ? Optional.empty()
          : Optional.of(Long.parseLong(afterName[19]));
    } catch (IOException | RuntimeException e) { // gone, or not Linux
      return Optional.empty();
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
