package io.instructorspark.engine.training;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointWriter;
import io.instructorspark.checkpoint.ElementType;
import io.instructorspark.checkpoint.SafetensorsWriter;
import io.instructorspark.checkpoint.TensorInfo;
import io.instructorspark.checkpoint.Weights;
import io.instructorspark.checkpoint.remote.FileTree;
import io.instructorspark.engine.TrainableEncoder;
import io.instructorspark.engine.TrainableEncoder.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A training as it stood after a step, on disk: {@code state-000001200} holds the checkpoint in
 * single precision, and AdamW's moments beside it. Immutable.
 */
public final class TrainingState {
  private static final Pattern NAME = Pattern.compile("state-(\\d{9})");
  private static final String DRAFT = "draft-";
  private static final String MOMENTS_1 = "moments-1.safetensors";
  private static final String MOMENTS_2 = "moments-2.safetensors";
  private static final int KEPT = 2;

  private final Path folder;
  private final long steps;

  private TrainingState(Path folder, long steps) {
    this.folder = folder;
    this.steps = steps;
  }

  /**
   * The newest state in a folder; empty if there is none.
   *
   * @throws IOException if the folder cannot be read
   */
  public static Optional<TrainingState> newest(Path folder) throws IOException {
    return all(folder).stream().findFirst();
  }

  /** All whole states, the newest first. A state is renamed to its name when it is whole. */
  private static List<TrainingState> all(Path folder) throws IOException {
    List<TrainingState> states = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Matcher name = NAME.matcher(file.getFileName().toString());
          if (name.matches()) {
            states.add(new TrainingState(file, Long.parseLong(name.group(1))));
          }
        }
      }
    }
    states.sort(Comparator.comparingLong(TrainingState::steps).reversed());
    return states;
  }

  static TrainingState write(Path folder, long steps, TrainableEncoder encoder) throws IOException {
    Files.createDirectories(folder);
    deleteDrafts(folder);
    Path draft = folder.resolve(DRAFT + steps);
    try {
      CheckpointWriter.write(
          encoder.checkpoint(),
          ElementType.F32,
          name -> encoder.numbers(Numbers.WEIGHTS, name),
          draft);
      writeMoments(draft.resolve(MOMENTS_1), Numbers.MOMENTS_1, encoder);
      writeMoments(draft.resolve(MOMENTS_2), Numbers.MOMENTS_2, encoder);
    } catch (IOException | RuntimeException e) {
      FileTree.delete(draft);
      throw e;
    }
    Path whole = folder.resolve("state-%09d".formatted(steps));
    if (Files.exists(whole)) { // saved before, by a run that went on from an earlier state
      FileTree.delete(whole);
    }
    Files.move(draft, whole, StandardCopyOption.ATOMIC_MOVE);
    List<TrainingState> states = all(folder);
    for (TrainingState old : states.subList(Math.min(KEPT, states.size()), states.size())) {
      FileTree.delete(old.folder);
    }
    return new TrainingState(whole, steps);
  }

  private static void writeMoments(Path file, Numbers which, TrainableEncoder encoder)
      throws IOException {
    List<TensorInfo> tensors = new ArrayList<>();
    try (Weights weights = encoder.checkpoint().openWeights()) {
      for (String name : weights.names()) {
        tensors.add(new TensorInfo(name, ElementType.F32, weights.tensor(name).shape()));
      }
    }
    SafetensorsWriter.write(file, tensors, name -> encoder.numbers(which, name));
  }

  /** What writers that were killed have left. */
  private static void deleteDrafts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(DRAFT)) {
          FileTree.delete(file);
        }
      }
    }
  }

  /** Steps that were done. */
  public long steps() {
    return steps;
  }

  /** Where it lies. */
  public Path folder() {
    return folder;
  }

  /** The model as it stood: a checkpoint as any other. */
  public Checkpoint checkpoint() {
    return Checkpoint.open(folder.toString());
  }

  void readInto(TrainableEncoder encoder) throws IOException {
    try (Weights learnt = checkpoint().openWeights();
        Weights first = Weights.ofFile(folder.resolve(MOMENTS_1));
        Weights second = Weights.ofFile(folder.resolve(MOMENTS_2))) {
      encoder.read(learnt, first, second);
    }
  }
}
