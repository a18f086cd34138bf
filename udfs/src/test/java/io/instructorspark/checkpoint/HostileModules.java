package io.instructorspark.checkpoint;

import static io.instructorspark.checkpoint.HostileCheckpoint.replacing;
import static io.instructorspark.checkpoint.HostileCheckpoint.writing;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Lists of modules that name other classes, other orders, or paths that lead out. */
final class HostileModules {
  private static final String FILE = "modules.json";

  private HostileModules() {}

  static List<HostileCheckpoint> all() {
    List<HostileCheckpoint> all = new ArrayList<>(lists());
    all.addAll(paths());
    return all;
  }

  private static List<HostileCheckpoint> lists() {
    return List.of(
        list("empty", "", "lists no Dense"),
        list("without-dense", "Transformer Pooling Normalize", "lists no Dense"),
        list("without-pooling", "Transformer Dense", "expected [Transformer, Pooling, Dense"),
        list("dense-twice", "Transformer Pooling Dense Dense", "expected [Transformer"),
        list("dense-first", "Dense Transformer Pooling", "expected [Transformer"),
        list("normalize-first", "Normalize Transformer Pooling Dense", "expected [Transformer"),
        list("one-more", "Transformer Pooling Dense Normalize Normalize", "expected [Transformer"),
        list("a-command", "Transformer Pooling Dense posix.system", "posix.system"),
        list("lstm", "Transformer LSTM Pooling Dense", "LSTM"),
        list("30000-modules", "Dense ".repeat(30_000), "modules.json"),
        writing("modules-object", FILE, "{}", "JSON array of modules"),
        writing("modules-numbers", FILE, "[1, 2]", "a module of the type \"\""),
        writing("modules-no-json", FILE, "[{", "not valid JSON"),
        writing("modules-html", FILE, "<html>", "not valid JSON"));
  }

  private static HostileCheckpoint list(String name, String kinds, String... words) {
    StringJoiner json = new StringJoiner(",", "[", "]");
    for (String kind : kinds.split(" ")) {
      if (!kind.isEmpty()) {
        String folder =
            kind.equals("Pooling") ? "1_Pooling" : kind.equals("Dense") ? "2_Dense" : "";
        json.add("{\"type\":\"%s\",\"path\":\"%s\"}".formatted(kind, folder));
      }
    }
    return writing("modules-" + name, FILE, json.toString(), words);
  }

  private static List<HostileCheckpoint> paths() {
    return List.of(
        path("upwards", "../2_Dense"),
        path("upwards-later", "a/../../2_Dense"),
        path("absolute", "/2_Dense"),
        path("backslash", "..\\\\2_Dense"),
        path("drive", "C:2_Dense"),
        path("uri", "file:///etc"),
        path("nul", "2_Dense\\u0000.txt"),
        path("line-feed", "2_Dense\\n"),
        replacing("modules-path-gone", FILE, "\"2_Dense\"", "\"3_Dense\"", "")
            .blaming("there is no", "3_Dense"),
        replacing("modules-path-long", FILE, "\"2_Dense\"", "\"" + "d/".repeat(50_000) + "\"", "")
            .blaming("there is no", "modules-path-long", "config.json"),
        replacing(
                "modules-path-of-one-name",
                FILE,
                "\"2_Dense\"",
                "\"" + "d".repeat(50_000) + "\"",
                "")
            .blaming("there is no", "modules-path-of-one-name", "config.json"),
        replacing("modules-path-surrogate", FILE, "\"2_Dense\"", "\"\\ud800\"", "")
            .blaming("modules-path-surrogate", "\\ud800"));
  }

  private static HostileCheckpoint path(String name, String path) {
    return replacing(
        "modules-path-" + name,
        FILE,
        "\"2_Dense\"",
        "\"" + path + "\"",
        "leads out of the checkpoint");
  }
}
