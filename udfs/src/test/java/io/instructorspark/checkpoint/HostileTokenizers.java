package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Tokenizers of other models, and those that end or hang the process in the native library. */
final class HostileTokenizers {
  private static final String FILE = TokenizerFile.FILE;
  private static final ObjectMapper JSON = new ObjectMapper();

  private HostileTokenizers() {}

  static List<HostileCheckpoint> all() {
    List<HostileCheckpoint> all = new ArrayList<>(files());
    all.addAll(vocabularies());
    all.addAll(addedTokens());
    all.addAll(parts());
    all.addAll(HostileCharsmaps.all());
    return all;
  }

  /** A copy of the sound tokenizer, changed. */
  static HostileCheckpoint changed(String name, Consumer<ObjectNode> change, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add(FILE);
    return HostileCheckpoint.of(
        "tokenizer-" + name,
        folder -> {
          Path file = folder.resolve(FILE);
          ObjectNode root = (ObjectNode) JSON.readTree(file.toFile());
          change.accept(root);
          Files.write(file, JSON.writeValueAsBytes(root));
        },
        all.toArray(String[]::new));
  }

  private static HostileCheckpoint part(String name, String key, String json, String... words) {
    return changed(name, root -> root.set(key, tree(json)), words);
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<HostileCheckpoint> files() {
    String model = "\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}";
    return List.of(
        text("empty", "", "no JSON object"),
        text("array", "[]", "no JSON object"),
        text("object", "{}", "it has no model"),
        text("cut", "{\"version\": \"1.0\", \"model\": {\"type\"", "not valid JSON"),
        text("html", "<html>", "not valid JSON"),
        text("word-piece", "{" + model, "\"WordPiece\", expected \"Unigram\""),
        text("two-models", "{\"version\": \"1.0\", \"version\": \"1.0\", " + model, "Duplicate"),
        text("deep", "{\"normalizer\":" + "[".repeat(100_000), "nesting depth"),
        text("of-9-mb", " ".repeat(9 << 20), "at most 8388608"),
        text("key-bomb", "{\"padding\":{" + keys(400_000) + "}}", "more than 20000 parts"),
        text("unknown-parts", "{" + keys(400_000) + "}", "its part \"0\" is unknown"),
        part("version", "version", "\"2.0\"", "its version is \"2.0\""),
        HostileCheckpoint.of(
            "tokenizer-followed",
            folder -> {
              Path file = folder.resolve(FILE);
              Files.writeString(file, Files.readString(file) + "{}");
            },
            FILE,
            "something follows"),
        HostileCheckpoint.of(
            "tokenizer-not-utf-8",
            folder -> Files.write(folder.resolve(FILE), new byte[] {'"', (byte) 0xff}),
            FILE,
            "not UTF-8"));
  }

  private static HostileCheckpoint text(String name, String content, String... words) {
    return HostileCheckpoint.writing("tokenizer-" + name, FILE, content, words);
  }

  private static String keys(int count) {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < count; i++) {
      keys.append(i == 0 ? "" : ",").append("\"%x\":1".formatted(i));
    }
    return keys.toString();
  }

  private static List<HostileCheckpoint> vocabularies() {
    return List.of(
        model("bpe", "type", "\"BPE\"", "\"BPE\", expected \"Unigram\""),
        changed("no-type", root -> model(root).remove("type"), "its model has no type"),
        model("unknown-setting", "fuse_unk", "true", "fuse_unk"),
        model("unk-outside", "unk_id", "999999", "its unk_id is 999999"),
        model("unk-null", "unk_id", "null", "its unk_id is null"),
        model("unk-negative", "unk_id", "-1", "its unk_id is -1"),
        model("byte-fallback", "byte_fallback", "\"yes\"", "byte_fallback must be"),
        model("vocabulary-empty", "vocab", "[]", "its unk_id is 2"),
        model("vocabulary-object", "vocab", "{\"a\": 1}", "vocab must be an array"),
        model("vocabulary-of-texts", "vocab", "[\"a\", \"b\"]", "piece 0 must be a text"),
        piece("end-elsewhere", 1, "[\"<s>\", 0.0]", "its piece 1 is \"<s>\""),
        piece("end-twice", 7, "[\"</s>\", 0.0]", "its piece 7 is \"</s>\""),
        piece("piece-number", 7, "[5, 0.0]", "piece 7 must be a text"),
        piece("piece-empty", 7, "[\"\", 0.0]", "piece 7 has 0 characters"),
        piece("piece-of-3-mb", 7, "[\"" + "a".repeat(3 << 20) + "\", 0.0]", "piece 7 has 3145728"),
        piece("piece-of-three", 7, "[\"a\", 0.0, 1]", "piece 7 must be a text"),
        piece("score-text", 7, "[\"a\", \"1\"]", "piece 7 must be a text"),
        piece("score-null", 7, "[\"a\", null]", "piece 7 must be a text"),
        piece("score-large", 7, "[\"a\", 1e308]", "has the score 1.0E308"),
        HostileCheckpoint.replacing(
            "tokenizer-score-infinite", FILE, "-3.101475238800049", "1e999", "the score Infinity"),
        HostileCheckpoint.replacing(
            "tokenizer-score-nan", FILE, "-3.101475238800049", "NaN", "not valid JSON"),
        changed(
            "vocabulary-large",
            root -> {
              ArrayNode vocabulary = (ArrayNode) model(root).get("vocab");
              for (int i = 0; i < 100_000; i++) {
                vocabulary.add(JSON.createArrayNode().add("x" + i).add(-1.5));
              }
            },
            "more than the 2048 pieces"));
  }

  private static ObjectNode model(ObjectNode root) {
    return (ObjectNode) root.get("model");
  }

  private static HostileCheckpoint model(String name, String key, String json, String words) {
    return changed(name, root -> model(root).set(key, tree(json)), words);
  }

  private static HostileCheckpoint piece(String name, int id, String json, String words) {
    return changed(name, root -> ((ArrayNode) model(root).get("vocab")).set(id, tree(json)), words);
  }

  private static List<HostileCheckpoint> addedTokens() {
    String token = "{\"id\": %s, \"content\": \"%s\", \"special\": true}";
    return List.of(
        part("added-object", "added_tokens", "{}", "added_tokens must be an array"),
        part("added-outside", "added_tokens", "[" + token.formatted("2048", "x") + "]", "id 2048"),
        part(
            "added-huge",
            "added_tokens",
            "[" + token.formatted("9999999999", "x") + "]",
            "id 9999999999"),
        part(
            "added-negative",
            "added_tokens",
            "[" + token.formatted("-1", "x") + "]",
            "must have an id"),
        part("added-empty", "added_tokens", "[" + token.formatted("5", "") + "]", "a content of 1"),
        part(
            "added-text-id",
            "added_tokens",
            "[" + token.formatted("\"5\"", "x") + "]",
            "a number as id"),
        part(
            "added-50000",
            "added_tokens",
            "["
                + (token.formatted("5", "x") + ",").repeat(49_999)
                + token.formatted("5", "x")
                + "]",
            "adds more than 1000"));
  }

  private static List<HostileCheckpoint> parts() {
    String grow =
        "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"aaaaaaaaaa\"}";
    return List.of(
        normalizer("regex-catastrophic", replace("(a+)+$", ""), "its normalizer Replace"),
        normalizer("regex-deep", replace("(".repeat(20_000) + ")".repeat(20_000), ""), "Replace"),
        normalizer("regex-to-a-long-text", replace(" {2,}", "x".repeat(100_000)), "Replace"),
        normalizer(
            "replace-growing",
            "{\"type\":\"Sequence\",\"normalizers\":[" + (grow + ",").repeat(8) + grow + "]}",
            "Replace"),
        normalizer(
            "prepend",
            "{\"type\":\"Prepend\",\"prepend\":\"" + "ab".repeat(100_000) + "\"}",
            "its normalizer is \"Prepend\""),
        normalizer("bert", "{\"type\":\"BertNormalizer\"}", "\"BertNormalizer\""),
        normalizer("untyped", "{\"prepend\":\"x\"}", "its normalizer is"),
        normalizer("null", "null", "its normalizer is null"),
        normalizer(
            "many",
            "{\"type\":\"Sequence\",\"normalizers\":["
                + "{\"type\":\"NFKD\"},".repeat(4000)
                + "{\"type\":\"NFKD\"}]}",
            "more than 16 parts"),
        part(
            "split",
            "pre_tokenizer",
            "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a+)+$\"},\"behavior\":\"Isolated\",\"invert\":false}",
            "its pre_tokenizer is \"Split\""),
        part("byte-level", "pre_tokenizer", "{\"type\":\"ByteLevel\"}", "\"ByteLevel\""),
        part("no-metaspace", "pre_tokenizer", "{\"type\":\"WhitespaceSplit\"}", "no Metaspace"),
        part(
            "other-metaspace",
            "pre_tokenizer",
            "{\"type\":\"Metaspace\",\"replacement\":\"_\"}",
            "puts \"_\" for a space"),
        part(
            "roberta",
            "post_processor",
            "{\"type\":\"RobertaProcessing\"}",
            "\"RobertaProcessing\""),
        part("no-post-processor", "post_processor", "null", "its post_processor is null"),
        template("template-without-token", "{}", "A", "does not end a text"),
        template("template-of-b", special("[1]"), "B", "does not end a text"),
        template("template-id-outside", special("[999999]"), "A", "does not end a text"),
        template("template-ids-many", special("[1,1,1]"), "A", "does not end a text"),
        template("template-ids-none", special("[]"), "A", "does not end a text"),
        part(
            "template-repeating",
            "post_processor",
            "{\"type\":\"TemplateProcessing\",\"single\":["
                + "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},".repeat(1000)
                + "{\"SpecialToken\":{\"id\":\"</s>\",\"type_id\":0}}],\"pair\":[],\"special_tokens\":"
                + special("[1]")
                + "}",
            "does not end a text"),
        part("decoder", "decoder", "{\"type\":\"WordPiece\"}", "its decoder is \"WordPiece\""));
  }

  private static HostileCheckpoint normalizer(String name, String json, String words) {
    return part("normalizer-" + name, "normalizer", json, words);
  }

  private static String replace(String regex, String content) {
    return "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"%s\"},\"content\":\"%s\"}"
        .formatted(regex, content);
  }

  private static String special(String ids) {
    return "{\"</s>\":{\"id\":\"</s>\",\"ids\":%s,\"tokens\":[\"</s>\"]}}".formatted(ids);
  }

  private static HostileCheckpoint template(String name, String special, String of, String words) {
    return part(
        name,
        "post_processor",
        "{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"%s\",\"type_id\":0}},{\"SpecialToken\":{\"id\":\"</s>\",\"type_id\":0}}],\"pair\":[],\"special_tokens\":%s}"
            .formatted(of, special),
        words);
  }
}
