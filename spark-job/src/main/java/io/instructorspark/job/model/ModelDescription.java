package io.instructorspark.job.model;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointFile;
import io.instructorspark.checkpoint.DenseConfig;
import io.instructorspark.checkpoint.T5Config;
import io.instructorspark.engine.ModelMemory;
import io.instructorspark.engine.Precision;
import io.instructorspark.job.metrics.ByteCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A checkpoint told to a person, or to a program.
 *
 * @param checkpoint what is described
 * @param weights how its weights are stored
 * @param files what it consists of
 * @param known the published model that it is; null if it is none that this program knows
 */
record ModelDescription(
    Checkpoint checkpoint, List<WeightFiles> weights, List<CheckpointFile> files, String known) {

  static ModelDescription of(Checkpoint checkpoint) {
    return new ModelDescription(
        checkpoint,
        WeightFiles.of(checkpoint),
        checkpoint.files(),
        KnownModel.of(checkpoint.fingerprint()).map(KnownModel::name).orElse(null));
  }

  private long bytes() {
    return files.stream().mapToLong(CheckpointFile::size).sum();
  }

  /** For people. */
  List<String> lines() {
    T5Config t5 = checkpoint.config();
    DenseConfig dense = checkpoint.dense();
    List<String> lines = new ArrayList<>();
    lines.add(line("location", "%s", checkpoint.location()));
    if (!checkpoint.pinned().equals(checkpoint.location())) {
      lines.add(line("pinned", "%s", checkpoint.pinned()));
    }
    checkpoint
        .folder()
        .map(Path::toString)
        .filter(folder -> !folder.equals(checkpoint.pinned()))
        .ifPresent(folder -> lines.add(line("here in", "%s", folder)));
    lines.add(
        line(
            "encoder",
            "T5 v1.0, %d layers, d_model %,d, %d heads of %d, d_ff %,d",
            t5.numLayers(),
            t5.dModel(),
            t5.numHeads(),
            t5.dKv(),
            t5.dFf()));
    lines.add(
        line(
            "",
            "vocabulary of %,d, %d relative attention buckets up to distance %,d",
            t5.vocabSize(),
            t5.relativeAttentionNumBuckets(),
            t5.relativeAttentionMaxDistance()));
    lines.add(line("pooling", "mean over the text's tokens"));
    lines.add(
        line(
            "projection",
            "%,d to %,d, %s bias, activation %s",
            dense.inFeatures(),
            dense.outFeatures(),
            dense.bias() ? "with" : "no",
            dense.activation().name().toLowerCase(Locale.ROOT)));
    lines.add(line("dimension", "%,d, unit vectors", dense.outFeatures()));
    lines.add(
        line(
            "length",
            "at most %,d tokens of instruction and text; texts %s lower-cased",
            checkpoint.maxSeqLength(),
            checkpoint.doLowerCase() ? "are" : "are not"));
    lines.add(line("parameters", "%,d", checkpoint.parameterCount()));
    String label = "weights";
    for (WeightFiles part : weights) {
      lines.add(line(label, "%s", part));
      label = "";
    }
    label = "memory";
    for (Precision precision : Precision.values()) {
      ModelMemory memory = ModelMemory.of(checkpoint, precision);
      lines.add(
          line(
              label,
              "%s: %s of weights, %s at the peak of loading; %s of positions with the longest texts",
              precision,
              ByteCount.text(memory.weights()),
              ByteCount.text(memory.loading()),
              ByteCount.text(memory.positions())));
      label = "";
    }
    lines.add(
        line(
            "files",
            "%d, %s (%,d bytes); SHA-256, bytes, path:",
            files.size(),
            ByteCount.text(bytes()),
            bytes()));
    for (CheckpointFile file : files) {
      lines.add("  %s %,15d  %s".formatted(file.sha256(), file.size(), file.path()));
    }
    lines.add(line("fingerprint", "%s", checkpoint.fingerprint()));
    lines.add(
        line("known as", "%s", known == null ? "none of the models this program knows" : known));
    lines.add(line("repeat by", "%s", repeat()));
    return lines;
  }

  /** The shell command that gives the fingerprint, {@code sha256sum} over its own lines. */
  private String repeat() {
    String paths = String.join(" ", files.stream().map(file -> quoted(file.path())).toList());
    String sum = "sha256sum %s | sha256sum".formatted(paths);
    return checkpoint
        .folder()
        .map(folder -> "cd %s && %s".formatted(quoted(folder.toString()), sum))
        .orElse(sum);
  }

  private static String quoted(String path) {
    return path.matches("[A-Za-z0-9_./@:+=-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
  }

  private static String line(String label, String format, Object... values) {
    return "%-12s ".formatted(label) + String.format(Locale.ROOT, format, values);
  }

  /** For programs; sizes in bytes. */
  Map<String, Object> fields() {
    T5Config t5 = checkpoint.config();
    DenseConfig dense = checkpoint.dense();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("location", checkpoint.location());
    fields.put("pinned", checkpoint.pinned());
    fields.put("folder", checkpoint.folder().map(Path::toString).orElse(null));
    fields.put("encoder", t5);
    fields.put("pooling", "mean");
    fields.put("projection", dense);
    fields.put("dimension", dense.outFeatures());
    fields.put("maxLength", checkpoint.maxSeqLength());
    fields.put("lowerCase", checkpoint.doLowerCase());
    fields.put("parameters", checkpoint.parameterCount());
    fields.put("weights", weights);
    Map<String, ModelMemory> memory = new LinkedHashMap<>();
    for (Precision precision : Precision.values()) {
      memory.put(precision.label(), ModelMemory.of(checkpoint, precision));
    }
    fields.put("memory", memory);
    fields.put("files", files);
    fields.put("bytes", bytes());
    fields.put("fingerprint", checkpoint.fingerprint());
    fields.put("knownAs", known);
    return fields;
  }
}
