package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An INSTRUCTOR checkpoint that was found complete and consistent: configs, tokenizer, and every
 * tensor of the encoder and the projection with the shape that the configs ask for. Immutable, safe
 * for use by several threads, and holds no open file.
 *
 * <pre>{@code
 * Checkpoint checkpoint = Checkpoint.open("/models/instructor-large");
 * try (Weights weights = checkpoint.openWeights()) {
 *   TensorInfo embedding = weights.tensor("shared.weight");
 *   weights.read(embedding, 0, buffer);
 * }
 * }</pre>
 */
public final class Checkpoint {
  /** The projection's tensors carry this name whatever its folder is called. */
  static final String DENSE = "2_Dense.";

  private final String location;
  private final String pinned;
  private final Access access;
  private final CheckpointFiles files;
  private final List<String> paths;
  private final ModuleList modules;
  private final T5Config config;
  private final DenseConfig dense;
  private final SentenceConfig sentence;
  private final String tokenizerJson;
  private final Map<String, StoredTensor> tensors;
  private String fingerprint;

  Checkpoint(String location, Source source) {
    this.location = location;
    this.pinned = source.pinned();
    this.access = source.access();
    this.files = source.files();
    RecordedFiles recorded = new RecordedFiles(files);
    this.modules = ModuleList.read(recorded);
    String encoder = modules.transformer();
    this.config = T5Config.read(config(recorded, encoder));
    PoolingConfig.requireMean(config(recorded, modules.pooling()));
    this.dense = DenseConfig.read(recorded, modules.dense(), config);
    this.sentence = SentenceConfig.read(recorded, encoder);
    this.tokenizerJson = TokenizerFile.read(recorded, encoder, config);
    this.tensors = tensors(recorded, modules);
    this.paths = recorded.opened();
  }

  /**
   * Opens a checkpoint. Reads its configs and the headers of its weight files, not the weights.
   *
   * @param location {@code builtin:NAME} for one on the class path, under {@code
   *     io/instructorspark/models/NAME/}; the path or {@code file:} URI of a folder as Hugging Face
   *     publishes it; or {@code hf://org/name[@revision]}, as {@link #open(String, Access)} says
   * @throws CheckpointException if there is none, if a part of it is missing, broken or
   *     inconsistent, or if it is not an INSTRUCTOR model
   */
  public static Checkpoint open(String location) {
    return open(location, Access.ofThisMachine());
  }

  /**
   * Opens a checkpoint wherever it lies. What is not on this machine is copied to its cache first,
   * once, weights included; a copy that is there and current is used as it is.
   *
   * @param location as for {@link #open(String)}; or {@code hf://org/name[@revision]}, a model
   *     repository of the Hugging Face hub; or a folder's URI of any scheme that the access's store
   *     knows
   * @param access by which means
   * @throws CheckpointException as {@link #open(String)} does, and if the location cannot be
   *     reached, or the cache not be written
   */
  public static Checkpoint open(String location, Access access) {
    return Location.of(location).open(location, access, null);
  }

  /**
   * Opens a checkpoint that another process has seen already: an executor what the driver chose. If
   * this machine's cache has a copy of it, nothing is asked from elsewhere.
   *
   * @param pinned what {@link #pinned} of the other process's checkpoint says
   * @param fingerprint what its {@link #fingerprint} says
   * @throws CheckpointException as {@link #open(String, Access)} does, and if the checkpoint that
   *     is found has another fingerprint
   */
  public static Checkpoint open(String pinned, Access access, String fingerprint) {
    Checkpoint checkpoint = Location.of(pinned).open(pinned, access, fingerprint);
    if (!checkpoint.fingerprint().equals(fingerprint)) {
      throw new CheckpointException(
          ("%s has the fingerprint %s on this machine, but %s where it was chosen: two checkpoints"
                  + " under one name, or one that changed meanwhile. Put the same files everywhere,"
                  + " or start again")
              .formatted(pinned, checkpoint.fingerprint(), fingerprint));
    }
    return checkpoint;
  }

  /** The location as it was given to {@link #open}. */
  public String location() {
    return location;
  }

  /**
   * The location as any process of any machine can name it, and for a repository of the hub, with
   * the commit that its revision stands for: names the same files tomorrow.
   */
  public String pinned() {
    return pinned;
  }

  /**
   * What another process needs to open {@link #pinned}: the access it was opened with, less what
   * the location has no use for.
   */
  public Access access() {
    return access;
  }

  /** The files that the checkpoint consists of, in the order of their paths. */
  public List<CheckpointFile> files() {
    return paths.stream().map(path -> CheckpointFile.of(files, path)).toList();
  }

  /**
   * The folder on this machine that the files are read from: the one that was given, or where a
   * copy was made; empty for what is on the class path.
   *
   * @throws CheckpointException if it can no longer be read
   */
  public Optional<Path> folder() {
    try {
      return files.folder();
    } catch (IOException e) {
      throw new CheckpointException("cannot read %s: %s".formatted(files.describe(""), e), e);
    }
  }

  /**
   * Opens one of the {@link #files} at its first byte; the caller closes it.
   *
   * @param path as {@link CheckpointFile#path} says
   * @throws IllegalArgumentException if the checkpoint does not consist of such a file
   * @throws IOException if it cannot be read
   */
  public InputStream openFile(String path) throws IOException {
    if (!paths.contains(path)) {
      throw new IllegalArgumentException(
          "%s is none of the files of %s: %s".formatted(path, location, paths));
    }
    return new SourceStream(files.open(path));
  }

  /** The encoder's sizes. */
  public T5Config config() {
    return config;
  }

  /** The projection after pooling. */
  public DenseConfig dense() {
    return dense;
  }

  /**
   * Tokens that a text is cut to, the end token included; 512 where the checkpoint does not say.
   */
  public int maxSeqLength() {
    return sentence.maxSeqLength();
  }

  /** Whether texts are lower-cased before they are tokenised. */
  public boolean doLowerCase() {
    return sentence.doLowerCase();
  }

  /** The content of {@code tokenizer.json}, as the {@code tokenizers} library reads it. */
  public String tokenizerJson() {
    return tokenizerJson;
  }

  /**
   * The SHA-256, in hex, over the names and SHA-256 of exactly those files that are read: configs,
   * tokenizer and weights. It is the same wherever the files lie, and what {@code sha256sum}, its
   * own output given to it once more, says of {@link #files} in their order. Weights are read for
   * it once on a machine (about a second for each GiB): the digest of a large file is remembered.
   *
   * @throws CheckpointException if a file can no longer be read
   */
  public synchronized String fingerprint() {
    if (fingerprint == null) {
      fingerprint = Fingerprint.of(files, paths);
    }
    return fingerprint;
  }

  /**
   * Makes sure that the fingerprint is still that of the files: for whoever has read them, since a
   * file may be replaced while it is read. Costs little where their SHA-256 are remembered.
   *
   * @throws CheckpointException if one is another file now, or can no longer be read
   */
  public void requireUnchanged() {
    if (!Fingerprint.of(files, paths).equals(fingerprint())) {
      throw new CheckpointException(
          "%s changed while it was read; start again once nobody writes it any more"
              .formatted(files.describe("")));
    }
  }

  /** Parameters of encoder and projection together, the embedding counted once. */
  public long parameterCount() {
    return tensors.values().stream().mapToLong(tensor -> tensor.extent().elements()).sum();
  }

  /**
   * Opens the weight files; the caller closes them.
   *
   * @throws CheckpointException if a file can no longer be opened
   */
  public Weights openWeights() {
    return new Weights(files, tensors);
  }

  /** The folders of its parts. */
  ModuleList modules() {
    return modules;
  }

  /** Copies a file that it does not consist of to the same place in another folder. */
  void copyIfThere(String path, Path folder) throws IOException {
    if (files.has(path) && !paths.contains(path)) {
      try (InputStream in = new SourceStream(files.open(path))) {
        CheckpointWriter.copy(in, folder.resolve(path));
      }
    }
  }

  private static ConfigFile config(CheckpointFiles files, String folder) {
    return ConfigFile.read(files, RelativePath.join(folder, "config.json"));
  }

  private Map<String, StoredTensor> tensors(CheckpointFiles recorded, ModuleList modules) {
    StoredTensors encoderFiles =
        StoredTensors.of(
            recorded, modules.transformer(), "Download the whole repository, weights included");
    RequiredTensors.refuseFurtherLayers(config, encoderFiles);
    StoredTensors denseFiles = StoredTensors.of(recorded, modules.dense(), ModuleList.WHY_DENSE);
    RequiredTensors.refuseBiasUnasked(dense, denseFiles);
    Map<String, StoredTensor> all =
        new LinkedHashMap<>(RequiredTensors.pick(RequiredTensors.encoder(config), encoderFiles));
    RequiredTensors.pick(RequiredTensors.dense(dense), denseFiles)
        .forEach((name, tensor) -> all.put(DENSE + name, tensor));
    return all;
  }
}
