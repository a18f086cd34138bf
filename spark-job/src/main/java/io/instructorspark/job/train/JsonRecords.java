package io.instructorspark.job.train;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.instructorspark.job.train.RecordMaker.Place;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The values of a JSON file one after another: those of one array, as MEDI is published, or one a
 * line. Holds one value at a time. A line that is no JSON is a value that says so; an array that
 * breaks off ends everything, as nothing tells where its next value begins.
 */
final class JsonRecords implements Iterator<JsonRecords.Value>, AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ObjectReader WHOLE_LINE =
      JSON.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String file;
  private final BufferedInputStream in;
  private final JsonParser array;
  private final Lines lines;
  private long number;
  private Value next;

  /**
   * One value of a file.
   *
   * @param place where it lies
   * @param node the value
   * @param problem why there is no value; null where there is one
   */
  record Value(Place place, JsonNode node, String problem) {}

  /**
   * Begins to read.
   *
   * @param file as messages name it
   * @param opened its bytes, decompressed; closed with this
   */
  JsonRecords(String file, InputStream opened) {
    this.file = file;
    this.in = new BufferedInputStream(opened, 1 << 16);
    try {
      if (beginsArray()) {
        this.array = JSON.createParser(in);
        this.lines = null;
        array.nextToken();
      } else {
        this.array = null;
        this.lines = new Lines(in);
      }
      this.next = read();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Value next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    Value value = next;
    try {
      next = read();
    } catch (IOException e) {
      throw broken(e);
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private Value read() throws IOException {
    return array == null ? line() : element();
  }

  private Value element() throws IOException {
    JsonToken token = array.nextToken();
    if (token == JsonToken.END_ARRAY) {
      if (array.nextToken() != null) {
        throw new IOException("something follows the end of the list");
      }
      return null;
    }
    if (token == null) {
      throw new IOException("the list has no end");
    }
    Place place =
        new Place(
            ++number,
            "record %d (line %d)".formatted(number, array.currentTokenLocation().getLineNr()));
    return new Value(place, JSON.readTree(array), null);
  }

  private Value line() throws IOException {
    byte[] bytes = lines.next();
    number++;
    while (bytes != null && isBlank(bytes)) {
      bytes = lines.next();
      number++;
    }
    if (bytes == null) {
      return null;
    }
    Place place = Place.line(number);
    try {
      JsonNode node = WHOLE_LINE.readTree(bytes);
      return new Value(place, node, null);
    } catch (JsonProcessingException e) {
      return unread(place, "it is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) { // bytes that are no UTF-8
      return unread(place, "it is no JSON: " + e.getMessage());
    }
  }

  private static Value unread(Place place, String problem) {
    String first = problem.lines().findFirst().orElse("");
    return new Value(place, MissingNode.getInstance(), JsonFields.shown(first));
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private boolean beginsArray() throws IOException {
    int space = 1 << 12;
    in.mark(space);
    int read = in.read();
    for (int i = 1; i < space && Character.isWhitespace(read); i++) {
      read = in.read();
    }
    in.reset();
    return read == '[';
  }

  private PreparationException broken(IOException e) {
    String reason =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return new PreparationException(
        "%s cannot be read to its end, after %s %,d: %s. Fetch it again, or mend it"
            .formatted(
                file,
                array == null ? "line" : "record",
                number,
                reason.lines().findFirst().orElse("")),
        e);
  }
}
