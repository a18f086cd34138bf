package io.instructorspark.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;

/**
 * A parser that stops at too many tokens and at names that are too long. Jackson has such limits
 * itself, but only since versions that are younger than Spark's.
 */
final class BoundedJson extends JsonParserDelegate {
  private static final int MAX_NAME = 1_000;

  private final long maxTokens;
  private long tokens;

  BoundedJson(JsonParser parser, long maxTokens) {
    super(parser);
    this.maxTokens = maxTokens;
  }

  @Override
  public JsonToken nextToken() throws IOException {
    JsonToken token = super.nextToken();
    if (token != null && ++tokens > maxTokens) {
      throw new StreamConstraintsException(
          "Token count (%d) exceeds the maximum allowed (%d)".formatted(tokens, maxTokens));
    }
    if (token == JsonToken.FIELD_NAME && currentName().length() > MAX_NAME) {
      throw new StreamConstraintsException(
          "Name length (%d) exceeds the maximum allowed (%d)"
              .formatted(currentName().length(), MAX_NAME));
    }
    return token;
  }

  @Override
  public JsonToken nextValue() throws IOException {
    JsonToken token = nextToken();
    return token == JsonToken.FIELD_NAME ? nextToken() : token;
  }
}
