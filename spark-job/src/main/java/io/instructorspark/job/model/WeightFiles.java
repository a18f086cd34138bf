package io.instructorspark.job.model;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a part of a checkpoint stores its weights.
 *
 * @param part {@code encoder} or {@code projection}
 * @param format {@code safetensors} or {@code torch}
 * @param files number of files they are in
 * @param types element types, in the order of their names
 */
record WeightFiles(String part, String format, int files, List<String> types) {
  private static final String PROJECTION = "2_Dense.";

  /** Encoder and projection. */
  static List<WeightFiles> of(Checkpoint checkpoint) {
    try (Weights weights = checkpoint.openWeights()) {
      List<String> encoder = new ArrayList<>(weights.names());
      List<String> projection = encoder.stream().filter(n -> n.startsWith(PROJECTION)).toList();
      encoder.removeAll(projection);
      return List.of(of("encoder", weights, encoder), of("projection", weights, projection));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot close the weights of %s: %s".formatted(checkpoint.location(), e.getMessage()), e);
    }
  }

  private static WeightFiles of(String part, Weights weights, List<String> names) {
    Set<String> files = new TreeSet<>();
    Set<String> types = new TreeSet<>();
    for (String name : names) {
      files.add(weights.file(name));
      types.add(weights.tensor(name).type().name());
    }
    boolean torch = files.stream().noneMatch(file -> file.endsWith(".safetensors"));
    return new WeightFiles(part, torch ? "torch" : "safetensors", files.size(), List.copyOf(types));
  }

  @Override
  public String toString() {
    return "%s in %s, %d %s, %s"
        .formatted(part, format, files, files == 1 ? "file" : "files", String.join(" and ", types));
  }
}
