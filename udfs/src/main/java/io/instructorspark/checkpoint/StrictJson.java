package io.instructorspark.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * JSON as the files of a checkpoint must be: one value, no key twice, no deep nesting, and no more
 * tokens than a tree in some 20 MB of memory can hold.
 */
final class StrictJson {
  private static final int MAX_NESTING = 100;
  private static final long MAX_TREE_TOKENS = 200_000;

  /** Names are kept by no table. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private StrictJson() {}

  /** For texts too long for a tree, of at most this many tokens. */
  static JsonParser parser(String json, long maxTokens) throws IOException {
    return new BoundedJson(FACTORY.createParser(json), maxTokens);
  }

  static JsonNode parse(String json, String where) {
    try (JsonParser parser = parser(json, MAX_TREE_TOKENS)) {
      JsonNode tree = MAPPER.readTree(parser);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (StreamConstraintsException e) {
      throw new CheckpointException(
          "%s is larger or nested more deeply than is read: %s"
              .formatted(where, e.getOriginalMessage()),
          e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "%s is not valid JSON: %s".formatted(where, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text in memory is read without any
    }
  }
}
