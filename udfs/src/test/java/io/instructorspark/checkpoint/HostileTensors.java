package io.instructorspark.checkpoint;

import static io.instructorspark.checkpoint.HostileCheckpoint.pickle;

import io.instructorspark.checkpoint.PickleWriter.View;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors of a state_dict, of shards and of an encoder that do not fit. */
final class HostileTensors {
  private static final String INDEX = "model.safetensors.index.json";

  private HostileTensors() {}

  static List<HostileCheckpoint> all() {
    List<HostileCheckpoint> all = new ArrayList<>(views());
    all.addAll(shards());
    all.addAll(encoders());
    return all;
  }

  private static List<HostileCheckpoint> views() {
    return List.of(
        view("offset", 1024, new View(1, 32, 32, 32, 1), "outside its storage"),
        view("offset-negative", 1024, new View(-1, 32, 32, 32, 1), "outside its storage"),
        view("strides", 1024, new View(0, 32, 32, 1, 32), "not contiguous"),
        view("strides-negative", 1024, new View(1023, 32, 32, -32, -1), "not contiguous"),
        view("axis-negative", 1024, new View(0, -32, -32, 32, 1), "negative axis"),
        view("absurd", 1024, new View(0, Integer.MAX_VALUE, Integer.MAX_VALUE, 32, 1), "absurdly"),
        view("storage-long", 2_000_000_000, View.matrix(32, 32), "its file has 4096 bytes"),
        view("storage-negative", -1, View.matrix(32, 32), "a storage of -1"),
        view("other-shape", 1024, View.matrix(16, 64), "expected [32, 32]"),
        typed("type-double", "DoubleStorage", 512, View.matrix(16, 32), "linear.weight"),
        typed("type-long", "LongStorage", 512, View.matrix(16, 32), "linear.weight"),
        keyed("key-upwards", "../0", "storage ../0"),
        keyed("key-absolute", "/etc/passwd", "storage /etc/passwd"),
        axes("of-17-axes", 17, "17 axes"),
        axes("of-100000-axes", 100_000, "100000 axes"));
  }

  private static HostileCheckpoint view(String name, int elements, View view, String words) {
    return pickle("tensor-" + name, dense("FloatStorage", "0", elements, view), words);
  }

  private static HostileCheckpoint typed(
      String name, String type, int elements, View view, String words) {
    return pickle("tensor-" + name, dense(type, "0", elements, view), words);
  }

  private static HostileCheckpoint keyed(String name, String key, String words) {
    return pickle("tensor-" + name, dense("FloatStorage", key, 1024, View.matrix(32, 32)), words);
  }

  private static byte[] dense(String type, String key, int elements, View view) {
    return PickleWriter.stateDict()
        .tensor("linear.weight", type, key, elements, view)
        .endStateDict();
  }

  private static HostileCheckpoint axes(String name, int count, String words) {
    PickleWriter writer =
        PickleWriter.stateDict().text("linear.weight").global("torch._utils", "_rebuild_tensor_v2");
    writer.op('(', '(').text("storage").global("torch", "FloatStorage").text("0").text("cpu");
    writer.number(1024).op('t', 'Q', 'K', 0, '(');
    for (int i = 0; i < count; i++) {
      writer.op('K', 1);
    }
    writer.op('t', ')', 0x89).orderedDict().op('t', 'R');
    return pickle("tensor-" + name, writer.endStateDict(), words);
  }

  private static List<HostileCheckpoint> shards() {
    String many = "{\"weight_map\": {\"a\": [" + "[],".repeat(300_000) + "1]}}";
    return List.of(
        index("shards-upwards", "{\"weight_map\": {\"a\": \"../x.safetensors\"}}", "leads out"),
        index("shards-absolute", "{\"weight_map\": {\"a\": \"/etc/passwd\"}}", "leads out"),
        index("shards-backslash", "{\"weight_map\": {\"a\": \"..\\\\x\"}}", "leads out"),
        index("shards-nul", "{\"weight_map\": {\"a\": \"x\\u0000y\"}}", "leads out"),
        index("shards-surrogate", "{\"weight_map\": {\"a\": \"x\\ud800y\"}}", "\\ud800")
            .blaming("shards-surrogate", "\\ud800"),
        index(
            "shards-missing",
            "{\"weight_map\": {\"a\": \"gone.safetensors\"}}",
            "gone.safetensors"),
        index(
            "shards-itself",
            "{\"weight_map\": {\"a\": \"" + INDEX + "\"}}",
            INDEX,
            "its header has"),
        index("shards-a-folder", "{\"weight_map\": {\"a\": \"2_Dense\"}}", "")
            .blaming("2_Dense", "is a folder, expected a file"),
        index("shards-number", "{\"weight_map\": {\"a\": 5}}", "no file name for a"),
        index("shards-list", "{\"weight_map\": [1]}", "weight_map must be an object"),
        index("shards-none", "{}", "weight_map must be an object"),
        index("shards-empty", "{\"weight_map\": {}}", "no tensor shared.weight"),
        index("shards-bomb", many, "Token count"),
        index(
            "shards-elsewhere",
            "{\"weight_map\": {\"a\": \"2_Dense/model.safetensors\"}}",
            "weight_map says that a is in"),
        index("shards-of-5-mb", " ".repeat(5 << 20), "at most 4194304"));
  }

  private static HostileCheckpoint index(String name, String json, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("safetensors");
    return HostileCheckpoint.of(
        name,
        folder -> {
          Files.delete(folder.resolve("model.safetensors"));
          Files.writeString(folder.resolve(INDEX), json);
        },
        all.toArray(String[]::new));
  }

  private static List<HostileCheckpoint> encoders() {
    T5Config config = new T5Config(2048, 32, 8, 64, 2, 4, 32, 128, 1e-6);
    String cut = "encoder.block.1.layer.1.layer_norm.weight";
    return List.of(
        encoder(
            "encoder-with-another-layer",
            config,
            null,
            "encoder.block.2.layer.0.layer_norm.weight"),
        encoder("encoder-with-a-far-layer", config, null, "encoder.block.99999999999.layer.0.x"),
        encoder("encoder-without-a-norm", config, cut, null),
        encoder("encoder-without-embedding", config, "shared.weight", null),
        encoder("encoder-without-positions", config, positions(), null));
  }

  private static String positions() {
    return "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
  }

  private static HostileCheckpoint encoder(String name, T5Config config, String less, String more) {
    return HostileCheckpoint.of(
        name,
        folder -> {
          Map<String, List<Long>> shapes = new LinkedHashMap<>(RequiredTensors.encoder(config));
          if (less != null) {
            shapes.remove(less);
          }
          if (more != null) {
            shapes.put(more, List.of(32L));
          }
          Path file = folder.resolve("model.safetensors");
          SafetensorsFile.write(file, shapes);
        },
        "model.safetensors",
        less == null ? more : "no tensor " + less);
  }
}
