package io.instructorspark.job.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.page.PageFile;
import io.instructorspark.page.PageKind;
import io.instructorspark.spark.IfExists;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder that an evaluation is written to: {@code scores.jsonl}, {@code summary.jsonl}, {@code
 * analyses.jsonl} where there are some, and {@code index.html}, written last.
 */
record EvaluationFolder(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCORES = "scores.jsonl";
  private static final String SUMMARY = "summary.jsonl";
  private static final String ANALYSES = "analyses.jsonl";
  private static final String PAGE = "index.html";
  private static final List<String> OURS = List.of(SCORES, SUMMARY, ANALYSES, PAGE);

  private PageFile page() {
    return new PageFile(folder.resolve(PAGE), PageKind.EVALUATION, "--output");
  }

  /**
   * Checks before the work that it may be written; changes nothing.
   *
   * @throws IllegalArgumentException if it is there and may not be replaced, or holds what no
   *     evaluation wrote
   */
  void requirePlace(IfExists ifExists) {
    if (ifExists == IfExists.RESUME) {
      throw new IllegalArgumentException(
          "this command does not resume what was broken off: say --if-exists error or overwrite");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("%s is a file; --output takes a folder".formatted(folder));
    }
    List<String> there = there();
    if (!there.isEmpty() && ifExists == IfExists.ERROR) {
      throw new IllegalArgumentException(
          "%s exists already; choose another --output, or say --if-exists overwrite"
              .formatted(folder));
    }
    for (String name : there) {
      if (!OURS.contains(name)) {
        throw new IllegalArgumentException(
            "%s holds %s, which no evaluation wrote, so nothing in it is replaced; choose another --output"
                .formatted(folder, name));
      }
    }
    page().requirePlace();
  }

  private List<String> there() {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be listed".formatted(folder), e);
    }
  }

  /** Writes all of it. */
  void write(EvaluateReport report) {
    try {
      Files.createDirectories(folder);
      write(SCORES, ScoreLines.scores(report.results()));
      write(SUMMARY, ScoreLines.summary(report.results()));
      if (report.tables().isEmpty()) {
        Files.deleteIfExists(folder.resolve(ANALYSES));
      } else {
        write(ANALYSES, ScoreLines.analyses(report.tables()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the scores cannot be written to %s".formatted(folder), e);
    }
    page().write(EvaluatePage.of(report).html());
  }

  private void write(String name, List<Map<String, Object>> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Map<String, Object> line : lines) {
      text.append(json(line)).append('\n');
    }
    Files.writeString(folder.resolve(name), text);
  }

  private static String json(Map<String, Object> line) throws JsonProcessingException {
    return JSON.writeValueAsString(line);
  }
}
