package io.instructorspark.job.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scores as JSON: maps for a run record, and lines of a file. */
final class ScoreLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ScoreLines() {}

  /** In order of rank. */
  static List<Map<String, Object>> of(Comparison comparison) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Score score : comparison.scores()) {
      Map<String, Object> said = new LinkedHashMap<>();
      said.put("rank", all.size() + 1);
      said.put("kind", score.candidate().kind().label());
      score.candidate().name().ifPresent(name -> said.put("name", name));
      score.candidate().instruction().ifPresent(text -> said.put("instruction", text));
      said.put("rows", comparison.rows());
      put(said, "agreement", score.agreement());
      score.silhouette().ifPresent(mean -> said.put("silhouette", mean));
      score.accuracy().ifPresent(accuracy -> put(said, "accuracy", accuracy));
      score.gap().ifPresent(gap -> put(said, gap));
      all.add(said);
    }
    return all;
  }

  private static void put(Map<String, Object> said, Score.Gap gap) {
    gap(said, "agreement_minus_baseline", Optional.of(gap.agreement()));
    gap(said, "accuracy_minus_baseline", gap.accuracy());
  }

  private static void gap(Map<String, Object> said, String name, Optional<Estimate> gap) {
    gap.ifPresent(
        of -> {
          put(said, name, of);
          said.put(name + "_within_noise", of.isNoise());
        });
  }

  /** A value and its interval. */
  static void put(Map<String, Object> said, String name, Estimate of) {
    said.put(name, of.value());
    said.put(name + "_low", of.low());
    said.put(name + "_high", of.high());
  }

  /**
   * Checks before a run that the file will have a place.
   *
   * @throws IllegalArgumentException if something is there that is no such file
   */
  static void requirePlace(Path file) {
    if (Files.exists(file) && !isOurs(file)) {
      throw new IllegalArgumentException(
          "%s is there already and holds no scores of compare, so it is not replaced; choose another --scores"
              .formatted(file));
    }
  }

  private static boolean isOurs(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String first = lines.readLine();
      JsonNode score = first == null ? null : JSON.readTree(first);
      return score != null && score.has("rank") && score.has("agreement_low");
    } catch (IOException notJson) {
      return false;
    }
  }

  /**
   * Writes a line for each score, the file's folders made if need be.
   *
   * @param parts what was scored on which rows
   * @throws UncheckedIOException if it cannot be written
   */
  static void write(Path file, Map<String, Comparison> parts) {
    StringBuilder text = new StringBuilder();
    try {
      for (Map.Entry<String, Comparison> part : parts.entrySet()) {
        for (Map<String, Object> score : of(part.getValue())) {
          Map<String, Object> line = new LinkedHashMap<>();
          line.put("part", part.getKey());
          line.putAll(score);
          text.append(JSON.writeValueAsString(line)).append('\n');
        }
      }
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("the scores cannot be written to %s".formatted(file), e);
    }
  }
}
