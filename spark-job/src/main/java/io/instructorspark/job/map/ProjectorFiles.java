package io.instructorspark.job.map;

import static io.instructorspark.job.vectors.VectorRows.quoted;
import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.job.vectors.VectorRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Vectors and what is known of their texts as TensorBoard's embedding projector reads them: {@code
 * tensors-1.tsv} and so on, {@code metadata.tsv}, {@code projector_config.json} for its page and
 * {@code projector_config.pbtxt} for {@code tensorboard --logdir}.
 *
 * @param folder of the files; made if need be
 * @param vectors columns, a file for each
 * @param key column that orders the rows
 */
record ProjectorFiles(Path folder, List<String> vectors, String key) {
  private static final String CONFIG = "projector_config.json";
  private static final String METADATA = "metadata.tsv";
  private static final String TEXT_CONFIG = "projector_config.pbtxt";
  private static final String NOTHING = "-";

  /**
   * Checks before the work that the files will replace none but such.
   *
   * @throws IllegalArgumentException if the folder is a file, or holds something else
   */
  static void requirePlace(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "%s is a file, and --projector takes a folder; choose another".formatted(folder));
    }
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(
              name ->
                  !name.matches(
                      "tensors-\\d+\\.tsv|metadata\\.tsv|projector_config\\.(json|pbtxt)"))
          .findFirst()
          .ifPresent(
              foreign -> {
                throw new IllegalArgumentException(
                    "%s holds %s, which is no file for the projector; choose an empty or new folder for --projector"
                        .formatted(folder, foreign));
              });
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read".formatted(folder), e);
    }
  }

  /**
   * Writes the rows in the order of their keys, one after the other.
   *
   * @param rows the points of a page, so not too many
   * @param columns that say what a row is; with a header where there is more than one, as the
   *     projector wants it
   * @throws UncheckedIOException if a file cannot be written
   */
  void write(Dataset<Row> rows, List<String> columns) {
    List<String> shown = columns.isEmpty() ? List.of(key) : columns;
    try {
      Files.createDirectories(folder);
      try (Stream<Path> old =
          Files.list(folder)) { // of an earlier run, which may have had more maps
        for (Path file :
            old.filter(path -> path.toString().matches(".*/tensors-\\d+\\.tsv")).toList()) {
          Files.delete(file);
        }
      }
      writeAll(rows, shown);
      Files.writeString(folder.resolve(CONFIG), config());
      Files.writeString(folder.resolve(TEXT_CONFIG), textConfig());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the projector's files cannot be written to %s; see to its rights and space, or choose another --projector"
              .formatted(folder),
          e);
    }
  }

  private void writeAll(Dataset<Row> rows, List<String> columns) throws IOException {
    List<Writer> tensors = new ArrayList<>();
    try (Writer metadata = Files.newBufferedWriter(folder.resolve(METADATA))) {
      for (int i = 0; i < vectors.size(); i++) {
        tensors.add(Files.newBufferedWriter(folder.resolve(file(i))));
      }
      if (columns.size() > 1) {
        metadata.write(
            columns.stream().map(ProjectorFiles::header).collect(Collectors.joining("\t")) + "\n");
      }
      Iterator<Row> all = selected(rows, columns).toLocalIterator();
      while (all.hasNext()) {
        Row row = all.next();
        metadata.write(
            IntStream.range(0, columns.size())
                    .mapToObj(i -> row.isNullAt(i) ? NOTHING : field(row.getString(i)))
                    .collect(Collectors.joining("\t"))
                + "\n");
        for (int i = 0; i < vectors.size(); i++) {
          Vector vector = row.getAs(columns.size() + i);
          StringBuilder line = new StringBuilder();
          for (double number : vector.toArray()) {
            line.append(line.isEmpty() ? "" : "\t").append((float) number);
          }
          tensors.get(i).write(line.append('\n').toString());
        }
      }
    } finally {
      for (Writer writer : tensors) {
        writer.close();
      }
    }
  }

  private Dataset<Row> selected(Dataset<Row> rows, List<String> columns) {
    Column[] wanted =
        Stream.concat(
                columns.stream().map(name -> col(quoted(name)).cast("string")),
                vectors.stream().map(name -> VectorRows.mlVector(rows, name)))
            .toArray(Column[]::new);
    return rows.orderBy(col(key)).select(wanted);
  }

  private static String file(int map) {
    return "tensors-%d.tsv".formatted(map + 1);
  }

  /** A column of ours by what it is. */
  private static String header(String column) {
    return field(column.replaceFirst("^_input_map_", ""));
  }

  /** Without what would begin another field or line. */
  private static String field(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    return line.isBlank() ? NOTHING : line; // readers pass over blank lines
  }

  /** What {@code tensorboard --logdir} looks for. */
  private String textConfig() {
    return IntStream.range(0, vectors.size())
        .mapToObj(
            i ->
                "embeddings {\n  tensor_name: \"map %d\"\n  tensor_path: \"%s\"\n  metadata_path: \"%s\"\n}\n"
                    .formatted(i + 1, file(i), METADATA))
        .collect(Collectors.joining());
  }

  private String config() throws JsonProcessingException {
    List<Map<String, String>> embeddings =
        IntStream.range(0, vectors.size())
            .mapToObj(
                i ->
                    Map.of(
                        "tensorName",
                        "map " + (i + 1),
                        "tensorPath",
                        file(i),
                        "metadataPath",
                        METADATA))
            .toList();
    return new ObjectMapper()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(Map.of("embeddings", embeddings))
        + "\n";
  }
}
