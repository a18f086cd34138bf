package io.instructorspark.checkpoint.remote;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.engine.Device;
import io.instructorspark.engine.EmbedOptions;
import io.instructorspark.engine.InstructorModel;
import io.instructorspark.engine.ModelSpec;
import io.instructorspark.engine.Precision;
import io.instructorspark.text.Compatibility;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A JVM that opens a checkpoint of the hub, loads it and embeds one text. */
final class HubLoadingJvm {
  private HubLoadingJvm() {}

  /**
   * @param args location, a file to write once it is ready, a file to wait for
   */
  public static void main(String[] args) throws Exception {
    Files.createFile(Path.of(args[1]));
    while (!Files.exists(Path.of(args[2]))) {
      Thread.sleep(5);
    }
    Checkpoint checkpoint = Checkpoint.open(args[0]);
    try (InstructorModel model = InstructorModel.load(checkpoint, Device.CPU, Precision.FP32)) {
      ModelSpec spec =
          new ModelSpec(
              checkpoint.pinned(),
              checkpoint.fingerprint(),
              Compatibility.V1_0_1,
              Device.CPU,
              Precision.FP32,
              checkpoint.maxSeqLength());
      float[] vector =
          model
              .embedder(spec, EmbedOptions.DEFAULT)
              .embed(List.of("Represent the line: "), List.of("A quiet kettle"))
              .rows()
              .get(0)
              .vector();
      System.out.println("vector " + Arrays.toString(vector));
    }
  }
}
