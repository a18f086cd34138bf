package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Writes checkpoints as Hugging Face publishes them: folders that this program and
 * sentence-transformers load.
 */
public final class CheckpointWriter {
  private static final String WEIGHTS = "model.safetensors";

  /** What Hugging Face's tokenizers and sentence-transformers read beside what is read here. */
  private static final List<String> BESIDE_ENCODER =
      List.of(
          "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "spiece.model");

  private static final String[] MODULES = {"Transformer", "Pooling", "Dense", "Normalize"};
  private static final String[] FOLDERS = {"", "1_Pooling", "2_Dense", "3_Normalize"};

  private CheckpointWriter() {}

  /**
   * Writes a checkpoint with other weights: configs and tokenizer are copied.
   *
   * @param like the checkpoint to copy from
   * @param type of the weights, {@link ElementType#F32} or {@link ElementType#BF16}
   * @param numbers of a tensor by the name that {@link Weights} gives it, in C order
   * @param folder to write into; created if it is not there
   * @throws IOException if a file is there already, or cannot be written
   */
  public static void write(
      Checkpoint like, ElementType type, Function<String, float[]> numbers, Path folder)
      throws IOException {
    ModuleList modules = like.modules();
    List<TensorInfo> encoder = new ArrayList<>();
    List<TensorInfo> dense = new ArrayList<>();
    List<String> weightFiles = new ArrayList<>();
    try (Weights weights = like.openWeights()) {
      for (String name : weights.names()) {
        weightFiles.add(weights.file(name));
        List<Long> shape = weights.tensor(name).shape();
        if (name.startsWith(Checkpoint.DENSE)) {
          dense.add(new TensorInfo(name.substring(Checkpoint.DENSE.length()), type, shape));
        } else {
          encoder.add(new TensorInfo(name, type, shape));
        }
      }
    }
    for (CheckpointFile file : like.files()) {
      if (!weightFiles.contains(file.path()) && !file.path().endsWith(".index.json")) {
        try (InputStream in = like.openFile(file.path())) {
          copy(in, folder.resolve(file.path()));
        }
      }
    }
    for (String name : BESIDE_ENCODER) {
      like.copyIfThere(RelativePath.join(modules.transformer(), name), folder);
    }
    Path denseFile = folder.resolve(RelativePath.join(modules.dense(), WEIGHTS));
    Files.createDirectories(denseFile.getParent());
    writeWeights(
        folder.resolve(RelativePath.join(modules.transformer(), WEIGHTS)),
        encoder,
        denseFile,
        dense,
        numbers);
  }

  private static void writeWeights(
      Path encoderFile,
      List<TensorInfo> encoder,
      Path denseFile,
      List<TensorInfo> dense,
      Function<String, float[]> numbers)
      throws IOException {
    SafetensorsWriter.write(denseFile, dense, name -> numbers.apply(Checkpoint.DENSE + name));
    SafetensorsWriter.write(encoderFile, encoder, numbers);
  }

  /**
   * Writes the checkpoint of a new model, with weights in single precision.
   *
   * @param model its sizes
   * @param tokenizer folder with {@code tokenizer.json} and, for sentence-transformers, {@code
   *     tokenizer_config.json}
   * @param numbers of a tensor by the name that {@link Weights} gives it, in C order
   * @param folder to write into; created if it is not there
   * @throws CheckpointException if the tokenizer does not fit
   * @throws IOException if a file is there already, or cannot be read or written
   */
  public static void create(
      NewModel model, Path tokenizer, Function<String, float[]> numbers, Path folder)
      throws IOException {
    T5Config config = model.config();
    DenseConfig dense = model.dense();
    Files.createDirectories(folder.resolve(FOLDERS[1]));
    Files.createDirectories(folder.resolve(FOLDERS[2]));
    Path json = tokenizer.resolve("tokenizer.json");
    if (!Files.isRegularFile(json)) {
      throw new CheckpointException(
          "there is no %s; make one with scripts/training/tokenizer, or give another tokenizer folder"
              .formatted(json));
    }
    Files.copy(json, folder.resolve("tokenizer.json"));
    for (String name : BESIDE_ENCODER) {
      if (Files.isRegularFile(tokenizer.resolve(name))) {
        Files.copy(tokenizer.resolve(name), folder.resolve(name));
      }
    }
    writeJson(folder.resolve("modules.json"), moduleList());
    writeJson(folder.resolve("config.json"), encoderConfig(config, model.dropout()));
    ObjectNode pooling = object();
    pooling.put("word_embedding_dimension", config.dModel());
    pooling.put("pooling_mode_cls_token", false);
    pooling.put("pooling_mode_mean_tokens", true);
    pooling.put("pooling_mode_max_tokens", false);
    pooling.put("pooling_mode_mean_sqrt_len_tokens", false);
    writeJson(folder.resolve("1_Pooling/config.json"), pooling);
    ObjectNode projection = object();
    projection.put("in_features", dense.inFeatures());
    projection.put("out_features", dense.outFeatures());
    projection.put("bias", dense.bias());
    projection.put("activation_function", dense.activation().torchClass());
    writeJson(folder.resolve("2_Dense/config.json"), projection);
    ObjectNode sentence = object();
    sentence.put("max_seq_length", model.maxSeqLength());
    sentence.put("do_lower_case", false);
    writeJson(folder.resolve("sentence_bert_config.json"), sentence);
    List<TensorInfo> encoder = new ArrayList<>();
    List<TensorInfo> projected = new ArrayList<>();
    RequiredTensors.encoder(config)
        .forEach((name, shape) -> encoder.add(new TensorInfo(name, ElementType.F32, shape)));
    RequiredTensors.dense(dense)
        .forEach((name, shape) -> projected.add(new TensorInfo(name, ElementType.F32, shape)));
    writeWeights(
        folder.resolve(WEIGHTS), encoder, folder.resolve("2_Dense/" + WEIGHTS), projected, numbers);
  }

  private static ArrayNode moduleList() {
    ArrayNode modules = new ObjectMapper().createArrayNode();
    for (int i = 0; i < MODULES.length; i++) {
      ObjectNode module = modules.addObject();
      module.put("idx", i);
      module.put("name", Integer.toString(i));
      module.put("path", FOLDERS[i]);
      module.put("type", "sentence_transformers.models." + MODULES[i]);
    }
    return modules;
  }

  private static ObjectNode encoderConfig(T5Config config, double dropout) {
    ObjectNode json = object();
    json.putArray("architectures").add("T5EncoderModel");
    json.put("model_type", "t5");
    json.put("vocab_size", config.vocabSize());
    json.put("d_model", config.dModel());
    json.put("d_kv", config.dKv());
    json.put("d_ff", config.dFf());
    json.put("num_layers", config.numLayers());
    json.put("num_heads", config.numHeads());
    json.put("relative_attention_num_buckets", config.relativeAttentionNumBuckets());
    json.put("relative_attention_max_distance", config.relativeAttentionMaxDistance());
    json.put("layer_norm_epsilon", config.layerNormEpsilon());
    json.put("dropout_rate", dropout);
    json.put("feed_forward_proj", "relu");
    json.put("is_encoder_decoder", false);
    json.put("tie_word_embeddings", true);
    json.put("use_cache", false);
    json.put("pad_token_id", 0);
    json.put("eos_token_id", 1);
    return json;
  }

  private static ObjectNode object() {
    return new ObjectMapper().createObjectNode();
  }

  private static void writeJson(Path file, com.fasterxml.jackson.databind.JsonNode json)
      throws IOException {
    Files.writeString(file, json.toPrettyString() + "\n");
  }

  static void copy(InputStream in, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.copy(in, file);
  }
}
