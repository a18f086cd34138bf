package io.instructorspark.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code tokenizer.json} and makes sure that it is a T5 tokenizer which Hugging Face's native
 * library can be given: that library ends the process over what it does not expect, and some
 * settings of it never end. So everything in the file is either known here or refused by name.
 */
public final class TokenizerFile {
  static final String FILE = "tokenizer.json";

  /** T5's has 2.4 MB. */
  private static final int MAX_BYTES = 8 << 20;

  /** All but vocabulary and added tokens; the map of characters is one token. */
  private static final int MAX_SECTION_TOKENS = 20_000;

  private final String json;
  private final String where;
  private final JsonParser parser;
  private final TokenizerVocabulary vocabulary;
  private final TokenizerParts parts;

  private TokenizerFile(String json, String where, JsonParser parser, int rows) {
    this.json = json;
    this.where = where;
    this.parser = parser;
    this.vocabulary = new TokenizerVocabulary(parser, rows);
    this.parts = new TokenizerParts();
  }

  /** The file's content, found fit for a model of this config. */
  static String read(CheckpointFiles files, String folder, T5Config config) {
    String path = RelativePath.join(folder, FILE);
    String json = files.text(path, MAX_BYTES);
    check(json, files.describe(path), config);
    return json;
  }

  static void check(String json, String where, T5Config config) {
    require(json, where, config.vocabSize());
  }

  /**
   * Makes sure that a file is the tokenizer of a T5 model, and safe to read. Takes time and memory
   * in proportion to the text.
   *
   * @param json its content
   * @param where how messages name it
   * @param rows of the model's embedding table: {@code vocab_size} of its {@code config.json}
   * @throws CheckpointException if it is not; the message says what is wrong
   */
  public static void require(String json, String where, int rows) {
    try (JsonParser parser = StrictJson.parser(json, MAX_BYTES)) {
      new TokenizerFile(json, where, parser, rows).check();
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "%s is not valid JSON: %s".formatted(where, e.getOriginalMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "%s is not a tokenizer of an INSTRUCTOR model: %s".formatted(where, e.getMessage()), e);
    } catch (IOException e) {
      throw new CheckpointException("cannot read %s: %s".formatted(where, e), e);
    }
  }

  private void check() throws IOException {
    Set<String> found = new HashSet<>();
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("it is no JSON object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      found.add(key);
      part(key);
    }
    if (parser.nextToken() != null) {
      throw new IllegalArgumentException("something follows its JSON object");
    }
    for (String key : List.of("model", "normalizer", "pre_tokenizer", "post_processor")) {
      if (!found.contains(key)) {
        throw new IllegalArgumentException("it has no " + key);
      }
    }
    vocabulary.requireRoom();
  }

  private void part(String key) throws IOException {
    switch (key) {
      case "version" -> {
        JsonNode version = section(key);
        if (!"1.0".equals(version.textValue())) {
          throw new IllegalArgumentException(
              "its version is %s, expected \"1.0\"".formatted(ConfigFile.brief(version)));
        }
      }
      case "truncation", "padding" -> section(key); // switched off wherever it is used
      case "added_tokens" -> vocabulary.readAddedTokens();
      case "normalizer" -> parts.requireNormalizer(section(key));
      case "pre_tokenizer" -> parts.requirePreTokenizer(section(key));
      case "post_processor" -> TokenizerParts.requirePostProcessor(section(key));
      case "decoder" -> parts.requireDecoder(section(key));
      case "model" -> model();
      default ->
          throw new IllegalArgumentException(
              "its part \"%s\" is unknown".formatted(Printable.name(key)));
    }
  }

  private void model() throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("its model is no JSON object");
    }
    Set<String> found = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      found.add(key);
      switch (key) {
        case "type" -> requireUnigram(section(key));
        case "unk_id" -> vocabulary.unknown(section(key));
        case "byte_fallback" -> {
          JsonNode fallback = section(key);
          if (!fallback.isBoolean()) {
            throw new IllegalArgumentException("its byte_fallback must be true or false");
          }
        }
        case "vocab" -> vocabulary.readPieces();
        default ->
            throw new IllegalArgumentException(
                "its model has the setting \"%s\", which no Unigram model has"
                    .formatted(Printable.name(key)));
      }
    }
    for (String key : List.of("type", "unk_id", "vocab")) {
      if (!found.contains(key)) {
        throw new IllegalArgumentException("its model has no " + key);
      }
    }
  }

  private static void requireUnigram(JsonNode type) {
    if (!"Unigram".equals(type.textValue())) {
      throw new IllegalArgumentException(
          "its model is of the type %s, expected \"Unigram\"".formatted(ConfigFile.brief(type)));
    }
  }

  /** The value that begins at the parser's token, as a tree; the parser is left at its end. */
  private JsonNode section(String key) throws IOException {
    int start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    int depth = 0;
    int tokens = 0;
    for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (++tokens > MAX_SECTION_TOKENS) {
        throw new IllegalArgumentException(
            "its %s has more than %d parts".formatted(key, MAX_SECTION_TOKENS));
      }
      if (depth == 0) {
        break;
      }
    }
    parser.finishToken();
    int end = Math.toIntExact(parser.currentLocation().getCharOffset());
    return StrictJson.parse(json.substring(start, end), "%s of %s".formatted(key, where));
  }
}
