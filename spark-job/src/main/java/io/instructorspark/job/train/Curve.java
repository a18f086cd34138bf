package io.instructorspark.job.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.instructorspark.engine.training.StepResult;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each step came to, a JSON line each, in a file that a run appends to. */
final class Curve implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final BufferedWriter out;

  private Curve(Path file, BufferedWriter out) {
    this.file = file;
    this.out = out;
  }

  /** Opens a curve and drops the lines behind a step: those of a run that was broken off. */
  static Curve open(Path file, long until) throws IOException {
    if (Files.exists(file)) {
      Path kept = file.resolveSibling(file.getFileName() + ".draft");
      try (BufferedReader in = Files.newBufferedReader(file);
          BufferedWriter out = Files.newBufferedWriter(kept)) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (step(line) <= until) {
            out.write(line);
            out.newLine();
          }
        }
      }
      Files.move(kept, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return new Curve(
        file, Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** The step of a line; none for one that was broken off. */
  private static long step(String line) {
    try {
      return JSON.readTree(line).path("step").asLong(Long.MAX_VALUE);
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  void add(long step, String task, StepResult result) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("task", task);
    line.put("loss", result.loss());
    line.put("gradient_norm", result.gradientNorm());
    line.put("rate", result.rate());
    line.put("tokens", result.tokens());
    write(line);
  }

  void add(long step, HeldOutScore score) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("held_out_loss", score.loss());
    line.put("held_out_accuracy", score.accuracy());
    line.put("held_out_pairs", score.pairs());
    write(line);
  }

  private void write(Map<String, Object> line) throws IOException {
    out.write(JSON.writeValueAsString(line));
    out.newLine();
  }

  void flush() throws IOException {
    out.flush();
  }

  /** The mean loss of as many stretches of steps, for a record of bounded size. */
  List<Map<String, Object>> means(int stretches) throws IOException {
    out.flush();
    List<double[]> losses = new ArrayList<>();
    List<Map<String, Object>> means = new ArrayList<>();
    long steps = 0;
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        steps = Math.max(steps, step(line));
      }
    }
    long length = Math.max(1, (steps + stretches - 1) / stretches);
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JsonNode node = JSON.readTree(line);
        if (node.has("loss")) {
          int stretch = (int) ((node.get("step").asLong() - 1) / length);
          while (losses.size() <= stretch) {
            losses.add(new double[2]);
          }
          losses.get(stretch)[0] += node.get("loss").asDouble();
          losses.get(stretch)[1]++;
        }
      }
    }
    for (int i = 0; i < losses.size(); i++) {
      if (losses.get(i)[1] > 0) {
        Map<String, Object> mean = new LinkedHashMap<>();
        mean.put("until_step", Math.min(steps, (i + 1) * length));
        mean.put("loss", losses.get(i)[0] / losses.get(i)[1]);
        means.add(mean);
      }
    }
    return means;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
