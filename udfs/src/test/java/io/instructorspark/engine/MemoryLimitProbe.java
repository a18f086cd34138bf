package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.text.Compatibility;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Works in a JVM whose memory somebody else bounds or measures, and prints {@code name=value}
 * lines.
 */
final class MemoryLimitProbe {
  private static final int ROWS = 64;
  private static final int LENGTH = 256;

  private MemoryLimitProbe() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "embed" -> embed(Integer.parseInt(args[1]), Path.of(args[2]));
      case "load" -> load(args[1]);
      case "measure" -> measure(args[1], Precision.of(args[2]), args[3]);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** Embeds long texts with a budget of tokens and writes their vectors. */
  private static void embed(int maxTokens, Path vectors) throws IOException {
    Random random = new Random(1);
    List<String> texts =
        Stream.generate(() -> Texts.random(random, 2 * LENGTH)).limit(ROWS).toList();
    Checkpoint checkpoint = Fixtures.checkpoint("builtin:instructor-mini");
    try (InstructorModel model = InstructorModel.load(checkpoint, Device.CPU, Precision.FP32);
        DataOutputStream out = new DataOutputStream(Files.newOutputStream(vectors))) {
      Embeddings embeddings =
          model
              .embedder(
                  Fixtures.spec(checkpoint, Compatibility.V1_0_1, LENGTH),
                  new EmbedOptions(LongText.TRUNCATE, new BatchLimits(maxTokens, 4096), 1))
              .embed(Collections.nCopies(ROWS, ""), texts);
      for (Embedding row : embeddings.rows()) {
        if (row.error() != null) {
          System.out.println("error=" + row.error());
        } else {
          for (float x : row.vector()) {
            out.writeFloat(x);
          }
        }
      }
      System.out.println("batches=" + embeddings.work().batches());
      System.out.println("vectors=" + embeddings.work().texts());
    }
    System.out.println("VmPeak=" + kilobytes("VmPeak"));
  }

  /** Loads a model and says what became of it. */
  private static void load(String folder) {
    Checkpoint checkpoint = Checkpoint.open(folder);
    try {
      InstructorModel.load(checkpoint, Device.CPU, Precision.FP32).close();
      System.out.println("loaded=true");
    } catch (EngineException e) {
      System.out.println("refused=" + e.getMessage());
    }
  }

  /** By how many bytes the process grows at the peak of one pass, for shapes as {@code 8x512}. */
  private static void measure(String location, Precision precision, String shapes)
      throws IOException {
    try (InstructorModel model =
        InstructorModel.load(Fixtures.checkpoint(location), Device.CPU, precision)) {
      model.useThreads(1);
      for (String shape : shapes.split(",")) {
        int[] sizes = Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
        TokenBatch batch = batch(sizes[0], sizes[1]);
        model.encode(batch);
        model.encode(batch);
        Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak begins anew
        long before = kilobytes("VmRSS");
        model.encode(batch);
        System.out.println(shape + "=" + 1024 * (kilobytes("VmHWM") - before));
      }
    }
  }

  /** The first text is a token longer than the others, so that there is padding. */
  private static TokenBatch batch(int texts, int tokens) {
    int[][] ids = new int[texts][];
    for (int i = 0; i < texts; i++) {
      ids[i] = new int[i == 0 ? tokens : tokens - 1];
      Arrays.fill(ids[i], 5 + i);
    }
    return new TokenBatch(List.of(ids), new int[texts]);
  }

  private static long kilobytes(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
