package io.instructorspark.job.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A JSON account of a run, in the order its sections were added. Who adds arguments or locations
 * takes {@link Secrets} out of them first.
 */
public final class RunRecord {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Map<String, Object> sections = new LinkedHashMap<>();

  /**
   * Checks before a run that its record will have a place.
   *
   * @throws IllegalArgumentException if the file is there and is no run record, so that it must not
   *     be replaced
   */
  public static void requirePlace(Path file) {
    if (file.toString().isBlank()) {
      throw new IllegalArgumentException("--run-record needs a file name");
    }
    if (Files.exists(file) && !isRunRecord(file)) {
      throw new IllegalArgumentException(
          "%s is there already and is no run record, so it is not replaced; choose another --run-record"
              .formatted(file));
    }
  }

  private static boolean isRunRecord(Path file) {
    try {
      JsonNode content = Files.isRegularFile(file) ? JSON.readTree(file.toFile()) : null;
      return content != null && content.has("command") && content.has("versions");
    } catch (IOException notJson) {
      return false;
    }
  }

  /**
   * Adds or replaces a section: maps, lists, strings, numbers and booleans. Returns this record.
   */
  public RunRecord with(String section, Object content) {
    sections.put(section, content);
    return this;
  }

  /** The record as indented JSON. */
  public String json() {
    try {
      return JSON.writeValueAsString(sections);
    } catch (IOException e) {
      throw new UncheckedIOException("the run record cannot be written as JSON", e);
    }
  }

  /**
   * Writes the record to a file, its folders made if need be.
   *
   * @throws UncheckedIOException if it cannot be written; the message names the file
   */
  public void write(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, json() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("the run record cannot be written to %s".formatted(file), e);
    }
  }
}
