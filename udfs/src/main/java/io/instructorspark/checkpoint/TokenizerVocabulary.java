package io.instructorspark.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/**
 * Pieces and added tokens of a {@code tokenizer.json}, read in passing: none is kept. Its errors
 * are {@link IllegalArgumentException}s, to which the reader adds the file.
 */
final class TokenizerVocabulary {
  private static final String END = "</s>";
  private static final int END_ID = 1;

  /** SentencePiece makes pieces of up to 16; long ones make the search quadratic. */
  private static final int MAX_PIECE = 128;

  /** T5 adds 103; the native library takes seconds for 50,000. */
  private static final int MAX_ADDED = 1_000;

  /** Logarithms of probabilities are some -20 at most. */
  private static final double MAX_SCORE = 1e6;

  private final JsonParser parser;
  private final int rows;
  private int pieces;
  private long highestAdded = -1;
  private JsonNode unknown;

  /**
   * @param parser stands at a value whenever a method is called, and is left at its end
   * @param rows of the embedding: how many ids there may be
   */
  TokenizerVocabulary(JsonParser parser, int rows) {
    this.parser = parser;
    this.rows = rows;
  }

  void unknown(JsonNode id) {
    unknown = id;
  }

  /** Checks what only the whole file tells. */
  void requireRoom() {
    if (!unknown.isIntegralNumber()
        || !unknown.canConvertToInt()
        || unknown.intValue() < 0
        || unknown.intValue() >= pieces) {
      throw new IllegalArgumentException(
          "its unk_id is %s, expected a number below its %d pieces"
              .formatted(ConfigFile.brief(unknown), pieces));
    }
    if (pieces <= END_ID) {
      throw new IllegalArgumentException("its vocabulary has %d pieces".formatted(pieces));
    }
    if (highestAdded >= rows) {
      throw new IllegalArgumentException(
          "it adds a token with the id %d, but by config.json vocab_size is %d"
              .formatted(highestAdded, rows));
    }
  }

  void readPieces() throws IOException {
    requireToken(JsonToken.START_ARRAY, "its vocab must be an array of pieces with their scores");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (pieces == rows) {
        throw new IllegalArgumentException(
            "its vocabulary has more than the %d pieces that vocab_size in config.json says"
                .formatted(rows));
      }
      readPiece();
      pieces++;
    }
  }

  private void readPiece() throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY
        || parser.nextToken() != JsonToken.VALUE_STRING) {
      throw noPiece();
    }
    String piece = parser.getText();
    if (piece.isEmpty() || piece.length() > MAX_PIECE) {
      throw new IllegalArgumentException(
          "its piece %d has %d characters, expected 1 to %d"
              .formatted(pieces, piece.length(), MAX_PIECE));
    }
    if ((pieces == END_ID) != piece.equals(END)) {
      throw new IllegalArgumentException(
          "its piece %d is \"%s\", but %s must have the id %d and no other"
              .formatted(pieces, Printable.name(piece), END, END_ID));
    }
    if (!parser.nextToken().isNumeric()) {
      throw noPiece();
    }
    if (!(Math.abs(parser.getDoubleValue()) <= MAX_SCORE)) {
      throw new IllegalArgumentException(
          "its piece %d has the score %s".formatted(pieces, parser.getDoubleValue()));
    }
    if (parser.nextToken() != JsonToken.END_ARRAY) {
      throw noPiece();
    }
  }

  private IllegalArgumentException noPiece() {
    return new IllegalArgumentException(
        "its piece %d must be a text with its score".formatted(pieces));
  }

  void readAddedTokens() throws IOException {
    requireToken(JsonToken.START_ARRAY, "its added_tokens must be an array");
    for (int count = 0; parser.nextToken() != JsonToken.END_ARRAY; count++) {
      if (count == MAX_ADDED) {
        throw new IllegalArgumentException(
            "it adds more than %d tokens to the vocabulary".formatted(MAX_ADDED));
      }
      readAddedToken("its added token %d".formatted(count));
    }
  }

  private void readAddedToken(String which) throws IOException {
    requireToken(JsonToken.START_OBJECT, which + " must be an object");
    long id = -1;
    boolean named = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (key) {
        case "id" -> {
          requireToken(JsonToken.VALUE_NUMBER_INT, which + " must have a number as id");
          id = parser.getLongValue();
        }
        case "content" -> {
          requireToken(JsonToken.VALUE_STRING, which + " must have a text as content");
          named = !parser.getText().isEmpty() && parser.getText().length() <= MAX_PIECE;
        }
        case "single_word", "lstrip", "rstrip", "normalized", "special" -> {
          if (!value.isBoolean()) {
            throw new IllegalArgumentException(
                "%s must have true or false for %s".formatted(which, key));
          }
        }
        default ->
            throw new IllegalArgumentException(
                "%s has the unknown setting \"%s\"".formatted(which, Printable.name(key)));
      }
    }
    if (id < 0 || !named) {
      throw new IllegalArgumentException(
          "%s must have an id and a content of 1 to %d characters".formatted(which, MAX_PIECE));
    }
    highestAdded = Math.max(highestAdded, id);
  }

  private void requireToken(JsonToken expected, String message) {
    if (parser.currentToken() != expected) {
      throw new IllegalArgumentException(message);
    }
  }
}
