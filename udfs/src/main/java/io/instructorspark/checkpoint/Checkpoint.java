package io.instructorspark.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  private static final String DENSE = "2_Dense.";

  private final String location;
  private final CheckpointFiles files;
  private final List<String> paths;
  private final T5Config config;
  private final DenseConfig dense;
  private final SentenceConfig sentence;
  private final String tokenizerJson;
  private final Map<String, StoredTensor> tensors;
  private String fingerprint;

  private Checkpoint(String location, CheckpointFiles files) {
    this.location = location;
    this.files = files;
    RecordedFiles recorded = new RecordedFiles(files);
    ModuleList modules = ModuleList.read(recorded);
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
   *     io/instructorspark/models/NAME/}; or the path or {@code file:} URI of a folder as Hugging
   *     Face publishes it
   * @throws CheckpointException if there is none, if a part of it is missing, broken or
   *     inconsistent, or if it is not an INSTRUCTOR model
   */
  public static Checkpoint open(String location) {
    return new Checkpoint(location, Location.resolve(location));
  }

  /** The location as it was given to {@link #open}. */
  public String location() {
    return location;
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
   * The SHA-256, in hex, over name, size and content of exactly those files that are read: configs,
   * tokenizer and weights. It is the same wherever the files lie. The first call reads all weights
   * (about a second for each GiB), later ones return what it found.
   *
   * @throws CheckpointException if a file can no longer be read
   */
  public synchronized String fingerprint() {
    if (fingerprint == null) {
      fingerprint = Fingerprint.of(files, paths);
    }
    return fingerprint;
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
