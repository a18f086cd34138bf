package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.engine.RandomCheckpoint.Sizes;
import io.instructorspark.text.Compatibility;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Repeats what must not leak and prints by how many kB the process has grown. Runs in a JVM of its
 * own whose heap is touched from the start, so that growth means native memory. With a number
 * behind the folder it embeds so many small batches and does nothing else: {@code
 * scripts/check-memory} does that for hours' worth of them.
 */
final class NativeMemoryProbe {
  private NativeMemoryProbe() {}

  private interface Scenario {
    void run(int time) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    smallBatches(args.length > 1 ? Integer.parseInt(args[1]) : 6_000);
    if (args.length > 1) {
      return;
    }
    InstructorModel model = Fixtures.model("tiny-base");
    measure("batches", 500, 2000, time -> encode(model, time));
    model.close();
    measure("loads", 5, 50, time -> Fixtures.model("tiny-base").close());

    // about 5 MB of weights, so that eight models that stay show
    Sizes sizes =
        new Sizes(
            128,
            64,
            8,
            1024,
            2,
            new RandomCheckpoint.Positions(32, 128),
            new RandomCheckpoint.Dense(16, false, "Identity"));
    RandomCheckpoint whole = RandomCheckpoint.write(folder.resolve("whole"), sizes, 1);
    measure(
        "larger loads",
        4,
        8,
        time -> InstructorModel.load(whole.open(), Device.CPU, Precision.FP32).close());
    measure(
        "plain loads",
        4,
        8,
        time -> Fixtures.encoder(whole.open(), Precision.FP32, Packing.NONE).close());
    RandomCheckpoint cut = RandomCheckpoint.write(folder.resolve("cut"), sizes, 1);
    Checkpoint opened = cut.open();
    cutLastTensor(cut);
    measure("loads that fail half-way", 4, 8, time -> requireFailure(opened));
    RandomCheckpoint noTokenizer = RandomCheckpoint.write(folder.resolve("foreign"), sizes, 1);
    Path json = noTokenizer.folder().resolve("tokenizer.json");
    Files.writeString(json, Files.readString(json).replace("\"always\"", "\"sometimes\""));
    measure("loads without tokenizer", 4, 8, time -> requireFailure(noTokenizer.open()));
  }

  /** Tokeniser, planner and encoder, four short texts a batch. */
  private static void smallBatches(int batches) throws Exception {
    Checkpoint checkpoint = Fixtures.checkpoint("tiny-base");
    TextEmbedder embedder =
        Models.embedder(
            Fixtures.spec(checkpoint, Compatibility.V1_0_1, 512),
            Access.ofThisMachine(),
            EmbedOptions.DEFAULT);
    Scenario scenario =
        time -> {
          Random random = new Random(time % 100);
          List<String> texts = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            texts.add(Texts.random(random, 1 + random.nextInt(20)));
          }
          embedder.embed(Collections.nCopies(4, "Represent the sentence: "), texts);
        };
    repeat(0, 1_000, scenario);
    long start = residentKb();
    repeat(0, batches / 2, scenario);
    long middle = residentKb();
    repeat(batches / 2, batches, scenario);
    long end = residentKb();
    System.out.println("small batches, first half=" + (middle - start));
    System.out.println("small batches, second half=" + (end - middle));
    System.out.printf(
        "%d batches: %d kB after 1000 more, %d kB in the middle, %d kB at the end%n",
        batches, start, middle, end);
    Models.closeAll();
  }

  private static void repeat(int from, int to, Scenario scenario) throws Exception {
    for (int i = from; i < to; i++) {
      scenario.run(i);
    }
  }

  /** Shortens the weights' file, so that every tensor can be read but the last one written. */
  static void cutLastTensor(RandomCheckpoint checkpoint) throws IOException {
    Path file = checkpoint.folder().resolve("model.safetensors");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 4);
    }
  }

  private static void requireFailure(Checkpoint checkpoint) {
    try {
      InstructorModel.load(checkpoint, Device.CPU, Precision.FP32).close();
    } catch (EngineException expected) {
      return;
    }
    throw new AssertionError("the model was loaded");
  }

  private static void encode(InstructorModel model, int time) {
    Random random = new Random(time % 100);
    List<int[]> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int[] text = random.ints(1 + random.nextInt(40), 2, 2048).toArray();
      text[text.length - 1] = T5Tokenizer.EOS;
      ids.add(text);
    }
    model.encode(new TokenBatch(ids, new int[4]));
  }

  private static void measure(String name, int warmUp, int times, Scenario scenario)
      throws Exception {
    repeat(0, warmUp, scenario);
    long before = residentKb();
    repeat(0, times, scenario);
    System.out.println(name + "=" + (residentKb() - before));
  }

  private static long residentKb() throws Exception {
    for (int i = 0; i < 3; i++) { // direct buffers are freed behind a collection
      System.gc();
      Thread.sleep(30);
    }
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
