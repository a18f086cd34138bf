import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.Precision;
import io.instructorspark.engine.TokenBatch;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Our side of the engine benchmark: the engine alone on given batches. Reads lines on standard input: each "pass"
 * encodes all batches once and prints the CPU-seconds of the process.
 */
public final class EngineBench {
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Precision precision = Precision.of(args[1]);
    JsonNode work = new ObjectMapper().readTree(new File(folder.toFile(), "batches.json"));
    List<TokenBatch> batches = new ArrayList<>();
    for (JsonNode batch : work.get("batches")) {
      List<int[]> rows = new ArrayList<>();
      for (JsonNode row : batch) {
        int[] ids = new int[row.size()];
        Arrays.setAll(ids, i -> row.get(i).asInt());
        rows.add(ids);
      }
      int[] starts = new int[rows.size()];
      Arrays.fill(starts, work.get("text_start").asInt());
      batches.add(new TokenBatch(rows, starts));
    }
    long loading = System.nanoTime();
    try (InstructorModel model = InstructorModel.load(Checkpoint.open(folder.toString()), Device.CPU, precision)) {
      model.useThreads(Integer.parseInt(args[2]));
      System.out.printf("ready, loaded in %.2f s%n", (System.nanoTime() - loading) / 1e9);
      OperatingSystemMXBean os = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
      List<float[]> vectors = new ArrayList<>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("pass")) {
          vectors.clear();
          long start = os.getProcessCpuTime();
          for (TokenBatch batch : batches) {
            vectors.addAll(Arrays.asList(model.encode(batch)));
          }
          System.out.printf("cpu %.4f%n", (os.getProcessCpuTime() - start) / 1e9);
        } else if (line.startsWith("dump ")) {
          ByteBuffer bytes = ByteBuffer.allocate(vectors.size() * vectors.get(0).length * 4).order(ByteOrder.LITTLE_ENDIAN);
          vectors.forEach(v -> { for (float x : v) bytes.putFloat(x); });
          Files.write(Path.of(line.substring(5)), bytes.array());
          System.out.println("dumped");
        }
      }
    }
  }
}
