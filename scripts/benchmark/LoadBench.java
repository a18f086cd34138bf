import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Models;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/**
 * Seconds from a fresh JVM to its first vector, as an executor gets there: open and check the checkpoint, compare the
 * fingerprint, start libtorch, load and pack the weights, tokenise and encode one text.
 */
public final class LoadBench {
  public static void main(String[] args) throws Exception {
    double jvm = (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
    long start = System.nanoTime();
    Checkpoint checkpoint = Checkpoint.open(args[0]);
    String fingerprint = checkpoint.fingerprint();
    double opened = seconds(start);
    ModelSpec spec =
        new ModelSpec(
            checkpoint.pinned(), fingerprint, Compatibility.V1_0_1, Device.CPU, Precision.of(args[1]), checkpoint.maxSeqLength());
    InstructorModel model = Models.onThisJvm(spec);
    double loaded = seconds(start);
    model
        .embedder(spec, EmbedOptions.DEFAULT)
        .embed(List.of("Represent the sentence for retrieval: "), List.of("The kettle is on the stove."));
    double first = seconds(start);
    System.out.printf(
        "%s %s, first vector after %.2f s (open and fingerprint %.2f, load and pack %.2f, first text %.2f; before, JVM start %.2f)%n",
        Path.of(args[0]).getFileName(), args[1], first, opened, loaded - opened, first - loaded, jvm);
    System.in.read(); // peak_memory.py has seen the line
    System.out.println("done");
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
