package io.instructorspark.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The open weight files of a {@link Checkpoint}: the encoder's tensors under their own names and
 * the projection's as {@code 2_Dense.linear.weight} and, if it has one, {@code
 * 2_Dense.linear.bias}. Holds file handles until closed. Reads by several threads at once are safe.
 */
public final class Weights implements Closeable {
  private final Map<String, StoredTensor> tensors;
  private final Map<String, ByteSource> sources = new LinkedHashMap<>();

  Weights(CheckpointFiles files, Map<String, StoredTensor> tensors) {
    this.tensors = tensors;
    try {
      for (StoredTensor tensor : tensors.values()) {
        if (!sources.containsKey(tensor.file())) {
          sources.put(tensor.file(), files.open(tensor.file()));
        }
      }
    } catch (IOException e) {
      CheckpointException failure =
          new CheckpointException(
              "cannot open the weights of %s: %s".formatted(files.describe(""), e), e);
      try {
        close();
      } catch (IOException suppressed) {
        failure.addSuppressed(suppressed);
      }
      throw failure;
    }
  }

  /**
   * Opens a safetensors file whose tensors have the names that a model's weights have here, such as
   * what a training writes beside a checkpoint.
   *
   * @throws CheckpointException if there is no such file, or it is broken
   */
  public static Weights ofFile(Path file) {
    Path absolute = file.toAbsolutePath();
    FolderFiles files = new FolderFiles(absolute.getParent());
    String name = absolute.getFileName().toString();
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    WeightFormat.SAFETENSORS
        .list(files, name)
        .forEach(
            tensor -> {
              if (tensor.dtype().elementType().isPresent()) {
                tensors.put(tensor.name(), tensor);
              }
            });
    return new Weights(files, tensors);
  }

  /** Names of all tensors, in the order in which a forward pass needs them. */
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /**
   * What a tensor is.
   *
   * @param name as in a T5 checkpoint ({@code encoder.block.0.…}); the embedding is {@code
   *     shared.weight} whichever of its two names is stored
   * @throws IllegalArgumentException if the model has no such tensor
   */
  public TensorInfo tensor(String name) {
    StoredTensor tensor = stored(name);
    return new TensorInfo(name, tensor.dtype().elementType().orElseThrow(), tensor.shape());
  }

  /**
   * The path of the file that holds a tensor, as the checkpoint's list of files names it.
   *
   * @throws IllegalArgumentException if the model has no such tensor
   */
  public String file(String name) {
    return stored(name).file();
  }

  /**
   * Fills what remains of {@code dst} with the tensor's raw little-endian bytes. Streams from the
   * file, nothing is mapped or cached; a direct buffer of a few MiB is the fastest. Every number
   * that lies wholly in the part read is checked to be finite.
   *
   * @param byteOffset of the first byte to read, counted from the tensor's start
   * @throws CheckpointException if a number is NaN or infinite; names file, tensor and position
   * @throws IllegalArgumentException if the tensor ends before {@code dst} is full
   * @throws IOException if the file cannot be read, or was cut short or closed since it was opened
   */
  public void read(TensorInfo tensor, long byteOffset, ByteBuffer dst) throws IOException {
    StoredTensor stored = stored(tensor.name());
    if (byteOffset < 0 || byteOffset > stored.byteCount() - dst.remaining()) {
      throw new IllegalArgumentException(
          "%s has %d bytes; cannot read %d from byte %d"
              .formatted(tensor.name(), stored.byteCount(), dst.remaining(), byteOffset));
    }
    int start = dst.position();
    sources.get(stored.file()).readFully(stored.position() + byteOffset, dst);
    requireFinite(stored, byteOffset, dst.duplicate().flip().position(start));
  }

  private void requireFinite(StoredTensor stored, long byteOffset, ByteBuffer read) {
    ElementType type = stored.dtype().elementType().orElseThrow();
    int cut = (int) (-byteOffset & type.bytes() - 1); // rest of a number that began before
    if (read.remaining() < cut) {
      return;
    }
    int found = FiniteNumbers.firstNonFinite(type, read.position(read.position() + cut));
    if (found >= 0) {
      throw new CheckpointException(
          ("%s: the tensor %s of shape %s is NaN or infinite at %s; no vector could be computed"
                  + " with it. Its training diverged or the file is damaged; use another copy")
              .formatted(
                  sources.get(stored.file()).name(),
                  stored.name(),
                  stored.shape(),
                  stored.extent().index((byteOffset + cut) / type.bytes() + found)));
    }
  }

  /** Closes every file, even where closing one fails. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (ByteSource source : sources.values()) {
      try {
        source.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private StoredTensor stored(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "the model has no tensor %s; it has %d, such as %s"
              .formatted(name, tensors.size(), tensors.keySet().iterator().next()));
    }
    return tensor;
  }
}
