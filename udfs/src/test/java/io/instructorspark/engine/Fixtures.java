package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.text.Compatibility;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** The tiny checkpoints among the test resources. */
final class Fixtures {
  static final List<String> NAMES = List.of("tiny-base", "tiny-xl", "tiny-fp16", "tiny-sharded");

  private Fixtures() {}

  static String location(String name) {
    try {
      return Path.of(Fixtures.class.getResource("/fixtures/" + name).toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static Checkpoint checkpoint(String name) {
    return Checkpoint.open(name.startsWith("builtin:") ? name : location(name));
  }

  static T5Encoder encoder(Checkpoint checkpoint, Precision precision, Packing packing) {
    return T5Encoder.load(checkpoint, ai.djl.Device.cpu(), precision, packing);
  }

  static InstructorModel model(String name) {
    return InstructorModel.load(checkpoint(name), Device.CPU, Precision.FP32);
  }

  static ModelSpec spec(Checkpoint checkpoint, Compatibility mode, int maxLength) {
    return new ModelSpec(
        checkpoint.location(),
        checkpoint.fingerprint(),
        mode,
        Device.CPU,
        Precision.FP32,
        maxLength);
  }
}
