package io.instructorspark.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What may stand before and behind the model of a {@code tokenizer.json}: the parts that T5's
 * tokenizers were ever published with, each with the settings that keep a text's length and the
 * time for it in bounds. Its errors are {@link IllegalArgumentException}s, to which the reader adds
 * the file.
 */
final class TokenizerParts {
  private static final String SPACES = " {2,}";
  private static final String META = "▁";
  private static final int MAX_PARTS = 16;

  private int parts;
  private int charsmaps;
  private int metaspaces;

  void requireNormalizer(JsonNode part) {
    switch (type(part, "normalizer")) {
      case "Sequence" -> part.path("normalizers").forEach(this::requireNormalizer);
      case "Precompiled" -> {
        if (++charsmaps > 1) {
          throw new IllegalArgumentException("it has more than one normalizer Precompiled");
        }
        Charsmap.require(part.path("precompiled_charsmap").asText());
      }
      case "Replace" -> requireReplace(part);
      case "Strip" -> {
        requireFlag(part, "strip_left");
        requireFlag(part, "strip_right");
      }
      case "NFC", "NFD", "NFKC", "NFKD", "Nmt", "Lowercase" -> {}
      default -> throw unknown("normalizer", part);
    }
  }

  /** Runs of spaces to one character; with anything else a text could grow, or never end. */
  private static void requireReplace(JsonNode part) {
    JsonNode pattern = part.path("pattern");
    boolean spaces =
        pattern.size() == 1
            && (SPACES.equals(pattern.path("Regex").textValue())
                || "  ".equals(pattern.path("String").textValue()));
    String content = part.path("content").asText();
    if (!spaces || !(content.equals(" ") || content.equals(META))) {
      throw new IllegalArgumentException(
          "its normalizer Replace puts %s for %s; only %s for the expression \"%s\" is read"
              .formatted(
                  ConfigFile.brief(part.path("content")),
                  ConfigFile.brief(pattern),
                  "a space or " + META,
                  SPACES));
    }
  }

  void requirePreTokenizer(JsonNode part) {
    requireSpaces(part);
    if (metaspaces == 0) {
      throw new IllegalArgumentException("its pre_tokenizer has no Metaspace");
    }
  }

  private void requireSpaces(JsonNode part) {
    switch (type(part, "pre_tokenizer")) {
      case "Sequence" -> part.path("pretokenizers").forEach(this::requireSpaces);
      case "WhitespaceSplit" -> {}
      case "Metaspace" -> {
        requireMetaspace(part);
        metaspaces++;
      }
      default -> throw unknown("pre_tokenizer", part);
    }
  }

  /** The decoder is never used here, but the library reads it. */
  void requireDecoder(JsonNode part) {
    if (part.isNull()) {
      return;
    }
    switch (type(part, "decoder")) {
      case "Sequence" -> part.path("decoders").forEach(this::requireDecoder);
      case "Metaspace" -> requireMetaspace(part);
      default -> throw unknown("decoder", part);
    }
  }

  private static void requireMetaspace(JsonNode part) {
    if (!META.equals(part.path("replacement").textValue())) {
      throw new IllegalArgumentException(
          "its Metaspace puts %s for a space, expected \"%s\""
              .formatted(ConfigFile.brief(part.path("replacement")), META));
    }
  }

  /** A text must come out as its own tokens and {@code </s>}, once each. */
  static void requirePostProcessor(JsonNode part) {
    if (!"TemplateProcessing".equals(part.path("type").textValue())) {
      throw unknown("post_processor", part);
    }
    JsonNode single = part.path("single");
    JsonNode ids = part.path("special_tokens").path("</s>").path("ids");
    boolean ends =
        single.size() == 2
            && "A".equals(single.path(0).path("Sequence").path("id").textValue())
            && "</s>".equals(single.path(1).path("SpecialToken").path("id").textValue())
            && ids.size() == 1
            && ids.path(0).isIntegralNumber()
            && ids.path(0).asLong() == 1;
    if (!ends) {
      throw new IllegalArgumentException(
          "its post_processor does not end a text with </s>, the id 1, once");
    }
  }

  private String type(JsonNode part, String role) {
    if (++parts > MAX_PARTS) {
      throw new IllegalArgumentException("it has more than %d parts".formatted(MAX_PARTS));
    }
    if (!part.path("type").isTextual()) {
      throw unknown(role, part);
    }
    return part.path("type").textValue();
  }

  private static void requireFlag(JsonNode part, String key) {
    if (!part.path(key).isBoolean()) {
      throw new IllegalArgumentException(
          "its normalizer %s must have true or false for %s"
              .formatted(part.path("type").asText(), key));
    }
  }

  private static IllegalArgumentException unknown(String role, JsonNode part) {
    return new IllegalArgumentException(
        "its %s is %s; T5's tokenizers have none of that type"
            .formatted(role, ConfigFile.brief(part.has("type") ? part.path("type") : part)));
  }
}
