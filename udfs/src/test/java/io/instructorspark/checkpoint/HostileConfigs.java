package io.instructorspark.checkpoint;

import static io.instructorspark.checkpoint.HostileCheckpoint.replacing;
import static io.instructorspark.checkpoint.HostileCheckpoint.writing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Configs of other models, of no model, and of none that could be. */
final class HostileConfigs {
  private static final String CONFIG = "config.json";
  private static final String POOLING = "1_Pooling/config.json";
  private static final String DENSE = "2_Dense/config.json";
  private static final String SENTENCE = "sentence_bert_config.json";

  private HostileConfigs() {}

  static List<HostileCheckpoint> all() {
    List<HostileCheckpoint> all = new ArrayList<>(encoder());
    all.addAll(files());
    all.addAll(pooling());
    all.addAll(dense());
    return all;
  }

  private static List<HostileCheckpoint> encoder() {
    return List.of(
        size("layers-a-billion", "num_layers", 2, "1000000000", "num_layers must be between"),
        size("layers-2-to-the-40", "num_layers", 2, "1099511627776", "num_layers must be a whole"),
        size("layers-none", "num_layers", 2, "0", "num_layers must be between"),
        size("layers-negative", "num_layers", 2, "-2", "num_layers must be between"),
        size("layers-more-than-weights", "num_layers", 2, "1024", "")
            .blaming("model.safetensors", "no tensor encoder.block.2."),
        size("layers-fewer-than-weights", "num_layers", 2, "1", "")
            .blaming("model.safetensors", "encoder.block.1.", "num_layers is 1"),
        size("vocabulary-a-billion", "vocab_size", 2048, "1000000000", "vocab_size must be"),
        size("vocabulary-too-small", "vocab_size", 2048, "2000", "")
            .blaming("tokenizer.json", "more than the 2000 pieces", "config.json"),
        size("vocabulary-too-large", "vocab_size", 2048, "4194304", "")
            .blaming("model.safetensors", "expected [4194304, 32]"),
        size("width-a-billion", "d_model", 32, "1000000000", "d_model must be between"),
        size("width-text", "d_model", 32, "\"32\"", "d_model must be a whole number"),
        size("width-infinite", "d_model", 32, "1e999", "d_model must be a whole number"),
        size("width-list", "d_model", 32, "[" + "1,".repeat(5000) + "1]", "a whole number"),
        size("heads-a-billion", "num_heads", 4, "1000000000", "num_heads must be between"),
        size("feed-forward-huge", "d_ff", 64, "2147483647", "d_ff must be between"),
        size("head-width-huge", "d_kv", 8, "2147483647", "d_kv must be between"),
        size("head-width-other", "d_kv", 8, "16", "")
            .blaming("model.safetensors", "expected [64, 32]"),
        size("buckets-odd", "relative_attention_num_buckets", 32, "31", "even"),
        size("distance-short", "relative_attention_max_distance", 128, "8", "exceed a quarter"),
        replacing("config-epsilon", CONFIG, "1e-06", "1e999", "layer_norm_epsilon"),
        replacing("config-mt5", CONFIG, "\"t5\"", "\"mt5\"", "model_type is \"mt5\""),
        replacing("config-gated", CONFIG, "\"relu\"", "\"gated-gelu\"", "gated-gelu"),
        replacing(
            "config-escapes", CONFIG, "\"t5\"", "\"\\u001b[2J\\u0007\"", "\\u001b[2J\\u0007"));
  }

  private static HostileCheckpoint size(
      String name, String key, int old, String value, String words) {
    String setting = "\"%s\": ".formatted(key);
    return replacing("config-" + name, CONFIG, setting + old, setting + value, words);
  }

  private static List<HostileCheckpoint> files() {
    String keys =
        IntStream.range(0, 70_000)
            .mapToObj(i -> "\"%x\":[]".formatted(i))
            .collect(Collectors.joining(",", "{", "}"));
    return List.of(
        writing("config-empty", CONFIG, "", "must hold a JSON object"),
        writing("config-null", CONFIG, "null", "must hold a JSON object"),
        writing("config-array", CONFIG, "[]", "must hold a JSON object"),
        writing("config-empty-object", CONFIG, "{}", "model_type is missing"),
        writing("config-html", CONFIG, "<html>", "not valid JSON"),
        writing("config-comment", CONFIG, "{/* */}", "not valid JSON"),
        writing("config-key-twice", CONFIG, "{\"a\": 1, \"a\": 2}", "Duplicate"),
        writing("config-trailing", CONFIG, "{} x", "not valid JSON"),
        writing("config-of-2-mb", CONFIG, " ".repeat(2 << 20), "at most 1048576"),
        writing("config-deep", CONFIG, "{\"a\":" + "[".repeat(100_000), "nesting depth"),
        writing("config-70000-keys", CONFIG, keys, "Token count"),
        writing(
            "config-text-of-1-mb",
            CONFIG,
            "{\"model_type\":\"" + "x".repeat(1_000_000) + "\"}",
            "xxx … xxx"),
        writing("sentence-length", SENTENCE, "{\"max_seq_length\": 2000000000}", "max_seq_length"),
        writing("sentence-lower-case", SENTENCE, "{\"do_lower_case\": \"x\"}", "do_lower_case"),
        writing("sentence-array", SENTENCE, "[]", "must hold a JSON object"));
  }

  private static List<HostileCheckpoint> pooling() {
    return List.of(
        flag("cls", "pooling_mode_cls_token"),
        flag("max", "pooling_mode_max_tokens"),
        flag("sqrt-length", "pooling_mode_mean_sqrt_len_tokens"),
        flag("weighted-mean", "pooling_mode_weightedmean_tokens"),
        flag("last-token", "pooling_mode_lasttoken"),
        flag("yet-unknown", "pooling_mode_attention"),
        mode("cls"),
        mode("max"),
        mode("mean_sqrt_len_tokens"),
        mode("weightedmean"),
        mode("lasttoken"),
        writing("pooling-no-mean", POOLING, "{\"pooling_mode_mean_tokens\": false}", "is false"),
        writing(
            "pooling-mode-list", POOLING, "{\"pooling_mode\": [\"mean\", \"max\"]}", "a string"),
        writing(
            "pooling-flag-text",
            POOLING,
            "{\"pooling_mode_max_tokens\": \"no\"}",
            "true or false"));
  }

  private static HostileCheckpoint flag(String name, String key) {
    return writing(
        "pooling-" + name,
        POOLING,
        "{\"pooling_mode_mean_tokens\": true, \"%s\": true}".formatted(key),
        key + " is true");
  }

  private static HostileCheckpoint mode(String mode) {
    return writing(
        "pooling-mode-" + mode,
        POOLING,
        "{\"pooling_mode\": \"%s\"}".formatted(mode),
        "pooling_mode is \"%s\"".formatted(mode));
  }

  private static List<HostileCheckpoint> dense() {
    String identity = "torch.nn.modules.linear.Identity";
    return List.of(
        replacing("dense-gelu", DENSE, identity, "torch.nn.GELU", "torch.nn.GELU"),
        replacing("dense-system", DENSE, identity, "posix.system", "posix.system"),
        replacing(
            "dense-width", DENSE, "\"in_features\": 32", "\"in_features\": 64", "d_model is 32"),
        replacing(
            "dense-huge",
            DENSE,
            "\"out_features\": 32",
            "\"out_features\": 2147483647",
            "out_features must be"),
        replacing("dense-bias-missing", DENSE, "\"bias\": false", "\"bias\": true")
            .blaming(HostileCheckpoint.DENSE, "no tensor linear.bias"),
        HostileCheckpoint.of(
            "dense-bias-unasked",
            folder ->
                SafetensorsFile.write(
                    folder.resolve(HostileCheckpoint.DENSE),
                    RequiredTensors.dense(new DenseConfig(32, 32, true, DenseActivation.IDENTITY))),
            HostileCheckpoint.DENSE,
            "linear.bias",
            "bias is false"));
  }
}
