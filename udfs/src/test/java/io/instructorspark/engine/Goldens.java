package io.instructorspark.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.text.Compatibility;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * The reference's own results on the fixture checkpoints; fixtures/README.md says how they were
 * made.
 */
final class Goldens {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, List<Golden>> READ = new ConcurrentHashMap<>();

  private Goldens() {}

  /** One text in one mode, and what the reference makes of it. */
  record Golden(
      String name,
      Compatibility mode,
      int maxLength,
      String instruction,
      String text,
      int[] ids,
      int[] pooled,
      float[] vector) {

    /** The reference gives all texts one vector here; we report an error instead. */
    boolean instructionFillsTheWindow() {
      return ids.length == maxLength && textStart() == maxLength - 1;
    }

    int textStart() {
      return IntStream.range(0, pooled.length).filter(i -> pooled[i] == 1).findFirst().orElse(-1);
    }
  }

  static List<Golden> of(String resource) {
    return READ.computeIfAbsent(resource, Goldens::read);
  }

  private static List<Golden> read(String resource) {
    try (InputStream in = Goldens.class.getResourceAsStream("/fixtures/" + resource);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      List<Golden> goldens = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        goldens.add(parse(JSON.readTree(line)));
      }
      return goldens;
    } catch (IOException e) {
      throw new AssertionError("cannot read the goldens " + resource, e);
    }
  }

  private static Golden parse(JsonNode line) {
    JsonNode numbers = line.get("vector");
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) numbers.get(i).asDouble();
    }
    return new Golden(
        line.get("case").asText(),
        Compatibility.of(line.get("mode").asText()),
        line.get("max_length").asInt(),
        line.get("instruction").asText(),
        line.get("text").asText(),
        integers(line.get("ids")),
        integers(line.get("pooled")),
        vector);
  }

  private static int[] integers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }
}
