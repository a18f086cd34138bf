package io.instructorspark.job.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.text.Compatibility;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A checkpoint of which the reference implementation's vectors for some texts are known. Each is a
 * resource {@code known/FINGERPRINT.jsonl}: a line with its name, then a line for each vector.
 *
 * @param name what people call it
 * @param goldens the reference's vectors
 */
record KnownModel(String name, List<Golden> goldens) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A text in a mode, and the unit vector that the reference makes of it. */
  record Golden(Compatibility mode, String instruction, String text, float[] vector) {
    private static Golden parse(JsonNode line) {
      JsonNode numbers = line.required("vector");
      float[] vector = new float[numbers.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) numbers.get(i).doubleValue();
      }
      return new Golden(
          Compatibility.of(line.required("mode").textValue()),
          line.required("instruction").textValue(),
          line.required("text").textValue(),
          vector);
    }
  }

  /** The model of a fingerprint; empty if it is not known. */
  static Optional<KnownModel> of(String fingerprint) {
    String resource = "known/%s.jsonl".formatted(fingerprint);
    try (InputStream in = KnownModel.class.getResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(read(in));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the goldens in " + resource, e);
    }
  }

  private static KnownModel read(InputStream in) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    String name = JSON.readTree(lines.readLine()).required("name").textValue();
    List<Golden> goldens = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      goldens.add(Golden.parse(JSON.readTree(line)));
    }
    return new KnownModel(name, goldens);
  }
}
