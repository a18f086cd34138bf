package io.instructorspark.job.stores;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.checkpoint.remote.CacheSettings;
import io.instructorspark.checkpoint.remote.RemoteStore;
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

/** A JVM that opens a stored checkpoint, loads it and embeds one text. */
final class LoadingJvm {
  private LoadingJvm() {}

  /**
   * @param arguments origin, cache, log of reads, delay in milliseconds, a file to write once it is
   *     ready, a file to wait for, a file for the vector
   */
  public static void main(String[] arguments) throws Exception {
    RemoteStore store =
        new RecordingStore(arguments[0], arguments[2], Long.parseLong(arguments[3]));
    Access access =
        Access.ofThisMachine()
            .withStore(store)
            .withCache(new CacheSettings(arguments[1], CacheSettings.DEFAULT_MAX_BYTES));
    Files.createFile(Path.of(arguments[4]));
    while (!Files.exists(Path.of(arguments[5]))) {
      Thread.sleep(5);
    }
    Checkpoint checkpoint = Checkpoint.open("shelf:/model", access);
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
      Files.writeString(Path.of(arguments[6]), Arrays.toString(vector));
    }
  }
}
