package io.instructorspark.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * An INSTRUCTOR folder of any shape with weights from a seed, over the fixtures' tokenizer, and its
 * tensors on the heap for whoever computes with them.
 */
record RandomCheckpoint(Path folder, Sizes sizes, Map<String, float[]> tensors) {
  private static final int VOCABULARY = 2048; // the fixtures' tokenizer
  private static final ObjectMapper JSON = new ObjectMapper();

  static final Sizes SMALL =
      new Sizes(16, 8, 2, 32, 2, new Positions(32, 128), new Dense(16, false, "Identity"));

  /** The sizes of the encoder. */
  record Sizes(
      int dModel, int dKv, int heads, int dFf, int layers, Positions positions, Dense dense) {
    int inner() {
      return heads * dKv;
    }

    Sizes withPositions(int buckets, int maxDistance) {
      return new Sizes(dModel, dKv, heads, dFf, layers, new Positions(buckets, maxDistance), dense);
    }

    Sizes withAttention(int dKv, int heads) {
      return new Sizes(dModel, dKv, heads, dFf, layers, positions, dense);
    }

    Sizes withDense(int out, boolean bias, String activation) {
      return new Sizes(
          dModel, dKv, heads, dFf, layers, positions, new Dense(out, bias, activation));
    }
  }

  record Positions(int buckets, int maxDistance) {}

  record Dense(int out, boolean bias, String activation) {}

  static RandomCheckpoint write(Path folder, Sizes sizes, long seed) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    Map<String, List<Integer>> shapes = shapes(sizes);
    Random random = new Random(seed);
    shapes.forEach((name, shape) -> tensors.put(name, values(name, shape, sizes, random)));
    try {
      writeConfigs(folder, sizes);
      Map<String, List<Integer>> dense = new LinkedHashMap<>(shapes);
      dense.keySet().removeIf(name -> !name.startsWith("linear."));
      shapes.keySet().removeAll(dense.keySet());
      writeTensors(folder.resolve("model.safetensors"), shapes, tensors);
      writeTensors(folder.resolve("2_Dense/model.safetensors"), dense, tensors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RandomCheckpoint(folder, sizes, tensors);
  }

  Checkpoint open() {
    return Checkpoint.open(folder.toString());
  }

  /** The table of position biases stands last, so that a file cut short lacks only that. */
  private static Map<String, List<Integer>> shapes(Sizes sizes) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    int model = sizes.dModel();
    shapes.put("shared.weight", List.of(VOCABULARY, model));
    for (int i = 0; i < sizes.layers(); i++) {
      String attention = "encoder.block.%d.layer.0.".formatted(i);
      String feedForward = "encoder.block.%d.layer.1.".formatted(i);
      shapes.put(attention + "layer_norm.weight", List.of(model));
      for (String matrix : List.of("q", "k", "v")) {
        shapes.put(
            attention + "SelfAttention." + matrix + ".weight", List.of(sizes.inner(), model));
      }
      shapes.put(attention + "SelfAttention.o.weight", List.of(model, sizes.inner()));
      shapes.put(feedForward + "layer_norm.weight", List.of(model));
      shapes.put(feedForward + "DenseReluDense.wi.weight", List.of(sizes.dFf(), model));
      shapes.put(feedForward + "DenseReluDense.wo.weight", List.of(model, sizes.dFf()));
    }
    shapes.put("encoder.final_layer_norm.weight", List.of(model));
    shapes.put("linear.weight", List.of(sizes.dense().out(), model));
    if (sizes.dense().bias()) {
      shapes.put("linear.bias", List.of(sizes.dense().out()));
    }
    shapes.put(
        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
        List.of(sizes.positions().buckets(), sizes.heads()));
    return shapes;
  }

  /** Spread as T5 spreads its first weights, so that hidden states keep their size. */
  private static float[] values(String name, List<Integer> shape, Sizes sizes, Random random) {
    boolean norm = name.endsWith("norm.weight");
    double spread =
        norm
            ? 0.2
            : name.contains("bias") || name.startsWith("shared")
                ? 1
                : 1 / Math.sqrt(shape.get(shape.size() - 1));
    if (name.endsWith("q.weight")) {
      spread /= Math.sqrt(sizes.dKv());
    }
    float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((norm ? 1 : 0) + spread * random.nextGaussian());
    }
    return values;
  }

  private static void writeConfigs(Path folder, Sizes sizes) throws IOException {
    Files.createDirectories(folder.resolve("1_Pooling"));
    Files.createDirectories(folder.resolve("2_Dense"));
    Path fixture = Path.of(Fixtures.location("tiny-base"));
    for (String same :
        List.of(
            "modules.json",
            "tokenizer.json",
            "sentence_bert_config.json",
            "1_Pooling/config.json")) {
      Files.copy(fixture.resolve(same), folder.resolve(same));
    }
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "t5");
    config.put("feed_forward_proj", "relu");
    config.put("vocab_size", VOCABULARY);
    config.put("d_model", sizes.dModel());
    config.put("d_kv", sizes.dKv());
    config.put("d_ff", sizes.dFf());
    config.put("num_layers", sizes.layers());
    config.put("num_heads", sizes.heads());
    config.put("relative_attention_num_buckets", sizes.positions().buckets());
    config.put("relative_attention_max_distance", sizes.positions().maxDistance());
    config.put("layer_norm_epsilon", 1e-6);
    JSON.writeValue(folder.resolve("config.json").toFile(), config);
    Dense dense = sizes.dense();
    JSON.writeValue(
        folder.resolve("2_Dense/config.json").toFile(),
        Map.of(
            "in_features", sizes.dModel(),
            "out_features", dense.out(),
            "bias", dense.bias(),
            "activation_function", "torch.nn.modules.activation." + dense.activation()));
  }

  private static void writeTensors(
      Path file, Map<String, List<Integer>> shapes, Map<String, float[]> tensors)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    long end = 0;
    for (Map.Entry<String, List<Integer>> tensor : shapes.entrySet()) {
      long begin = end;
      end += 4L * tensors.get(tensor.getKey()).length;
      header.put(
          tensor.getKey(),
          Map.of("dtype", "F32", "shape", tensor.getValue(), "data_offsets", List.of(begin, end)));
    }
    byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(8 + json.length + end)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    shapes.keySet().forEach(name -> put(bytes, tensors.get(name)));
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      out.write(bytes.flip());
    }
  }

  private static void put(ByteBuffer bytes, float[] values) {
    for (float value : values) {
      bytes.putFloat(value);
    }
  }
}
