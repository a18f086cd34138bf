package io.instructorspark.checkpoint;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that opens each folder below the given one as any user of the library would, reads all
 * its weights if it opens, and prints a line for each: name, milliseconds of processor time, what
 * was thrown, and its message. Meant to run with little memory.
 */
final class HostileProbe {
  private HostileProbe() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    List<Path> folders;
    try (Stream<Path> listed = Files.list(Path.of(arguments[0]))) {
      folders = listed.filter(Files::isDirectory).sorted().toList();
    }
    for (Path folder : folders) {
      long start = threads.getCurrentThreadCpuTime();
      String end = opened(folder);
      long millis = (threads.getCurrentThreadCpuTime() - start) / 1_000_000;
      out.printf("%s\t%d\t%s%n", folder.getFileName(), millis, end);
    }
  }

  private static String opened(Path folder) {
    try {
      Checkpoint checkpoint = Checkpoint.open(folder.toString());
      readAll(checkpoint);
      return "nothing\tit was read";
    } catch (Throwable thrown) { // an error is what the test looks for
      return thrown.getClass().getName() + "\t" + thrown.getMessage();
    }
  }

  static void readAll(Checkpoint checkpoint) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
    try (Weights weights = checkpoint.openWeights()) {
      for (String name : weights.names()) {
        TensorInfo tensor = weights.tensor(name);
        for (long at = 0; at < tensor.byteCount(); at += chunk.limit()) {
          chunk.clear().limit((int) Math.min(chunk.capacity(), tensor.byteCount() - at));
          weights.read(tensor, at, chunk);
        }
      }
    }
  }
}
