package io.instructorspark.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory that a process on Linux may still take: what the machine has, and what the process's
 * control groups leave, by the kernel's files. Elsewhere it is unknown.
 */
final class FreeMemory {
  private static final long KIB = 1024;

  /** Control groups of the first kind say "no limit" by a number close to 2⁶³. */
  private static final long NO_LIMIT = 1L << 60;

  private final Path root;

  /**
   * @param root where {@code proc} and {@code sys} lie
   */
  FreeMemory(Path root) {
    this.root = root;
  }

  /** A kind of control groups: its files' names. */
  private record Groups(String mount, String limit, String usage, String reclaimable) {
    static final Groups SECOND =
        new Groups("sys/fs/cgroup", "memory.max", "memory.current", "inactive_file");
    static final Groups FIRST =
        new Groups(
            "sys/fs/cgroup/memory",
            "memory.limit_in_bytes",
            "memory.usage_in_bytes",
            "total_inactive_file");
  }

  /**
   * What the passes of a thread can take in this JVM.
   *
   * @param threads intra-op threads that it computes with
   * @return bytes; empty if nothing is known
   */
  static OptionalLong shareOfThread(int threads) {
    Runtime java = Runtime.getRuntime();
    return new FreeMemory(Path.of("/"))
        .share(
            java.maxMemory() - java.totalMemory(),
            Math.max(1, java.availableProcessors() / threads));
  }

  /**
   * What each of the threads that may work at once can take outside Java's heap. The heap is
   * thought to grow as far as it may, unless that left next to nothing: then a quarter is counted.
   *
   * @param heapRoom bytes by which the heap may still grow
   * @param threads computing threads the process may have
   * @return bytes, at least 0; empty if nothing is known
   */
  OptionalLong share(long heapRoom, int threads) {
    OptionalLong free = bytes();
    return free.isEmpty()
        ? free
        : OptionalLong.of(Math.max(free.getAsLong() / 4, free.getAsLong() - heapRoom) / threads);
  }

  /** Bytes in all; empty if nothing is known. */
  OptionalLong bytes() {
    OptionalLong machine = number("proc/meminfo", "MemAvailable:");
    long least = machine.isPresent() ? machine.getAsLong() * KIB : Long.MAX_VALUE;
    for (String group : lines("proc/self/cgroup")) {
      String[] parts = group.split(":", 3); // number, controllers, path
      if (parts.length == 3 && parts[1].isEmpty()) {
        least = Math.min(least, left(Groups.SECOND, parts[2]));
      } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
        least = Math.min(least, left(Groups.FIRST, parts[2]));
      }
    }
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least);
  }

  /** What a group and all those above it leave; those that a container does not show count not. */
  private long left(Groups kind, String path) {
    long least = Long.MAX_VALUE;
    Path group = Path.of("/" + path).normalize();
    for (; group != null; group = group.getParent()) {
      String folder = kind.mount() + (group.getNameCount() == 0 ? "" : group.toString());
      long limit = bytes(folder + "/" + kind.limit());
      long usage = bytes(folder + "/" + kind.usage());
      if (limit < NO_LIMIT && usage < NO_LIMIT) {
        long reclaimable = number(folder + "/memory.stat", kind.reclaimable()).orElse(0);
        least = Math.min(least, Math.max(0, limit - Math.max(0, usage - reclaimable)));
      }
    }
    return least;
  }

  /** A file's only number; the largest where there is no file, or {@code max} in it. */
  private long bytes(String file) {
    List<String> lines = lines(file);
    return lines.size() == 1 && lines.get(0).matches("[0-9]{1,18}")
        ? Long.parseLong(lines.get(0))
        : Long.MAX_VALUE;
  }

  /** The number behind a name at the beginning of a line. */
  private OptionalLong number(String file, String name) {
    return lines(file).stream()
        .map(line -> line.split("\\s+"))
        .filter(words -> words.length > 1 && words[0].equals(name))
        .filter(words -> words[1].matches("[0-9]{1,18}"))
        .mapToLong(words -> Long.parseLong(words[1]))
        .findFirst();
  }

  /** Empty where the kernel has no such file, or does not show it. */
  private List<String> lines(String file) {
    try {
      return Arrays.asList(Files.readString(root.resolve(file)).split("\n"));
    } catch (IOException e) {
      return List.of();
    }
  }
}
