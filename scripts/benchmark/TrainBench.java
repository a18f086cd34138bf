import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.AdamW;
import io.instructorspark.engine.Contrast;
import io.instructorspark.engine.PassLimits;
import io.instructorspark.engine.Precision;
import io.instructorspark.engine.TokenBatch;
import io.instructorspark.engine.TrainableEncoder;
import io.instructorspark.engine.TrainingMode;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Our side of the training benchmark. TrainBench prepare CHECKPOINT RECORDS.jsonl.gz STEPS BATCH OUT.json cuts records with
 * query, pos and neg into batches of token ids. TrainBench run CHECKPOINT BATCHES.json fp32|bf16 THREADS DROPOUT reads
 * lines on standard input: each "pass" is one update a batch and prints wall and CPU seconds and the last loss.
 */
public final class TrainBench {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LENGTH = 64;

  private record Step(TokenBatch texts, Contrast contrast) {}

  public static void main(String[] args) throws Exception {
    if (args[0].equals("prepare")) {
      prepare(args[1], args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]), args[5]);
    } else {
      run(args);
    }
  }

  private static void prepare(String checkpoint, String records, int steps, int batch, String out) throws Exception {
    ArrayNode all = JSON.createArrayNode();
    try (TrainableEncoder encoder =
            TrainableEncoder.load(Checkpoint.open(checkpoint), new TrainingMode(0, Precision.FP32, 1));
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(new FileInputStream(records)), StandardCharsets.UTF_8))) {
      for (int step = 0; step < steps; step++) {
        List<JsonNode> some = new ArrayList<>();
        while (some.size() < batch) {
          JsonNode record = JSON.readTree(in.readLine());
          if (record.get("neg").isArray()) {
            some.add(record);
          }
        }
        List<String> instructions = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (String side : List.of("query", "pos", "neg")) {
          some.forEach(record -> instructions.add(record.get(side).get(0).asText()));
          some.forEach(record -> texts.add(record.get(side).get(1).asText()));
        }
        TokenBatch tokens = encoder.tokens(instructions, texts, MAX_LENGTH);
        ObjectNode one = all.addObject();
        one.set("ids", JSON.valueToTree(tokens.ids()));
        one.set("starts", JSON.valueToTree(tokens.textStarts()));
      }
    }
    JSON.writeValue(new File(out), all);
  }

  private static void run(String[] args) throws Exception {
    List<Step> steps = new ArrayList<>();
    for (JsonNode one : JSON.readTree(new File(args[2]))) {
      List<int[]> ids = new ArrayList<>();
      one.get("ids").forEach(row -> ids.add(JSON.convertValue(row, int[].class)));
      int pairs = ids.size() / 3;
      boolean[] forth = new boolean[2 * pairs * pairs];
      boolean[] back = new boolean[2 * pairs * pairs];
      Arrays.fill(forth, true);
      for (int i = 0; i < pairs; i++) {
        Arrays.fill(back, 2 * i * pairs, 2 * i * pairs + pairs, true);
      }
      steps.add(
          new Step(
              new TokenBatch(ids, JSON.convertValue(one.get("starts"), int[].class)),
              new Contrast(pairs, pairs, forth, back, 0.05)));
    }
    Precision precision = Precision.of(args[3]);
    TrainingMode mode = new TrainingMode(Double.parseDouble(args[5]), precision, Integer.parseInt(args[4]));
    int maxTokens = Integer.getInteger("tokens", 2048);
    try (TrainableEncoder encoder = TrainableEncoder.load(Checkpoint.open(args[1]), mode)) {
      System.out.println("ready");
      OperatingSystemMXBean os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      long updates = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        long wall = System.nanoTime();
        long cpu = os.getProcessCpuTime();
        double loss = 0;
        for (Step step : steps) {
          updates++;
          loss = encoder.addGradients(step.texts, step.contrast, PassLimits.keeping(maxTokens), updates);
          encoder.update(
              new AdamW(1e-4, 1e-3, 0.01, 0.9, 0.999, 1e-8), updates, Math.min(1, 1 / encoder.gradientNorm()));
        }
        System.out.printf(
            "wall %.4f cpu %.4f loss %.4f%n",
            (System.nanoTime() - wall) / 1e9, (os.getProcessCpuTime() - cpu) / 1e9, loss);
      }
    }
  }
}
