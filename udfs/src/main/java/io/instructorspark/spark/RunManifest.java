package io.instructorspark.spark;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a run has to do, decided before it embeds anything; written once and never changed.
 *
 * @param format version of this form
 * @param run the claim under which it was decided, by which its files are told from others'
 * @param settings what decides on the vectors and columns, by the name that users know it by
 * @param schema the columns of the slices as Spark's JSON
 * @param inputs the files that were read; empty where the rows came from elsewhere
 * @param slices what is to be embedded, in the order of the input
 * @param kept part files of earlier runs that stay
 */
record RunManifest(
    int format,
    String run,
    Map<String, String> settings,
    String schema,
    List<InputFile> inputs,
    List<Slice> slices,
    List<PartFile> kept) {
  static final int FORMAT = 1;

  private static final Pattern SLICE_NAME = Pattern.compile("slice-[0-9A-Za-z.-]+");

  RunManifest {
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "a run of form %d where form %d is read".formatted(format, FORMAT));
    }
    if (RunToken.in(run).isEmpty()) {
      throw new IllegalArgumentException("no name of a run: '%s'".formatted(run));
    }
    settings = new LinkedHashMap<>(settings);
    Objects.requireNonNull(schema, "schema");
    inputs = List.copyOf(inputs);
    slices = List.copyOf(slices);
    kept = List.copyOf(kept);
  }

  /**
   * A file that was read.
   *
   * @param length bytes
   * @param modified milliseconds since 1970, as its store says
   */
  record InputFile(String path, long length, long modified) {}

  /**
   * Rows that are embedded and written together.
   *
   * @param file where they lie, among the run's slices
   * @param rows how many
   * @param problems how many of them could not be read rightly
   * @param tokens about how much work they are
   */
  record Slice(String file, long rows, long problems, long tokens) {
    Slice {
      if (!SLICE_NAME.matcher(file).matches()) {
        throw new IllegalArgumentException("no name of a slice: '%s'".formatted(file));
      }
    }
  }

  /** Names the run's files. */
  @JsonIgnore
  RunToken token() {
    return RunToken.in(run).orElseThrow();
  }

  @JsonIgnore
  long rows() {
    return slices.stream().mapToLong(Slice::rows).sum();
  }

  @JsonIgnore
  long problems() {
    return slices.stream().mapToLong(Slice::problems).sum();
  }

  /** The first setting that differs, in words; empty where none does. */
  Optional<String> difference(Map<String, String> now) {
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String other = now.getOrDefault(setting.getKey(), "");
      if (!setting.getValue().equals(other)) {
        return Optional.of(
            "%s was %s and is %s now"
                .formatted(setting.getKey(), quoted(setting.getValue()), quoted(other)));
      }
    }
    return Optional.empty();
  }

  private static String quoted(String value) {
    return value.isEmpty() ? "not set" : "'%s'".formatted(value);
  }

  /** How the files that are read now differ from those that were, in words. */
  Optional<String> difference(List<InputFile> now) {
    if (inputs.isEmpty() || now.isEmpty()) {
      return Optional.empty();
    }
    Map<String, InputFile> then = byPath(inputs);
    Map<String, InputFile> found = byPath(now);
    for (InputFile file : then.values()) {
      InputFile other = found.get(file.path());
      if (other == null) {
        return Optional.of("%s is not among its files any more".formatted(file.path()));
      }
      if (!other.equals(file)) {
        return Optional.of(
            "%s has changed (%,d bytes then, %,d now)"
                .formatted(file.path(), file.length(), other.length()));
      }
    }
    return found.keySet().stream()
        .filter(path -> !then.containsKey(path))
        .findFirst()
        .map("%s is new"::formatted);
  }

  private static Map<String, InputFile> byPath(List<InputFile> files) {
    return files.stream()
        .collect(Collectors.toMap(InputFile::path, Function.identity(), (a, b) -> a, TreeMap::new));
  }
}
