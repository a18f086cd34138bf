package io.instructorspark.job.rows;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The file formats rows are read from, each known by the suffixes of its files. */
public enum InputFormat {
  /** Comma-separated values with a header line (RFC 4180). */
  CSV("csv"),
  /** As {@link #CSV}, separated by tabs. */
  TSV("tsv", "tab"),
  /** One JSON object a line. */
  JSONL("jsonl", "json", "ndjson"),
  /** One text a line, in the column {@code text}. */
  TXT("txt", "text"),
  /** Apache Parquet. */
  PARQUET("parquet");

  private static final List<String> COMPRESSIONS = List.of(".gz", ".bz2", ".zst");

  private final String label;
  private final List<String> suffixes;

  InputFormat(String label, String... moreSuffixes) {
    this.label = label;
    this.suffixes =
        Stream.concat(Stream.of(label), Arrays.stream(moreSuffixes))
            .map(suffix -> "." + suffix)
            .toList();
  }

  /** The name users write, as in {@code --input-format csv}. */
  public String label() {
    return label;
  }

  /**
   * The format that users call by this label, in any case.
   *
   * @throws InputException if there is none; the message lists the choices
   */
  public static InputFormat of(String label) {
    return Arrays.stream(values())
        .filter(format -> format.label.equalsIgnoreCase(label))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "no input format '%s'; the choices are %s".formatted(label, choices())));
  }

  /**
   * The format of a file by the suffix of its name, a suffix of compression left aside: {@code
   * a.jsonl.gz} is {@link #JSONL}.
   *
   * @throws InputException if the suffix says nothing
   */
  public static InputFormat ofPath(String path) {
    return bySuffix(path)
        .orElseThrow(
            () ->
                new InputException(
                    "cannot tell the format of %s from its name: give --input-format (%s)"
                        .formatted(path, choices())));
  }

  static Optional<InputFormat> bySuffix(String path) {
    String name = withoutCompression(path).toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.suffixes.stream().anyMatch(name::endsWith))
        .findFirst();
  }

  static String withoutCompression(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return COMPRESSIONS.stream()
        .filter(lower::endsWith)
        .findFirst()
        .map(suffix -> path.substring(0, path.length() - suffix.length()))
        .orElse(path);
  }

  static String choices() {
    return Arrays.stream(values()).map(InputFormat::label).collect(joining(", "));
  }

  @Override
  public String toString() {
    return label;
  }
}
