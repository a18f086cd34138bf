package io.instructorspark.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Which batches of a folder are finished, and which files are theirs: one small file for each
 * batch, that is written last and in one go. One without its end says nothing.
 */
final class BatchMarkers {
  /** Beside the batches; readers of Spark and Hive leave such names out. */
  static final String FOLDER = "_instructor_batches";

  private static final String ABOUT = "about.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final FileSystem store;

  /**
   * A finished batch.
   *
   * @param query the streaming query that wrote it; empty where none did
   * @param files names in the batch's folder
   */
  record Marker(long batch, String query, List<String> files) {}

  BatchMarkers(Path folder, Configuration conf) throws IOException {
    this.store = folder.getFileSystem(conf);
    this.folder = store.makeQualified(folder);
  }

  static BatchMarkers of(SparkSession session, String folder) throws IOException {
    return new BatchMarkers(new Path(folder), ClassicSpark.sessionState(session).newHadoopConf());
  }

  /** Where a batch's files are. */
  Path batch(long batch) {
    return new Path(folder, EmbeddedBatches.BATCH_COLUMN + "=" + batch);
  }

  private Path marker(long batch) {
    return new Path(new Path(folder, FOLDER), batch + ".json");
  }

  /**
   * Makes sure that the folder is for such batches, and for vectors of these origins.
   *
   * @param origins what columns say of their origin
   * @throws IllegalStateException if it is not
   */
  void open(Map<String, String> origins) throws IOException {
    Path about = new Path(new Path(folder, FOLDER), ABOUT);
    Optional<JsonNode> there = json(about);
    if (there.isPresent()) {
      requireSame(there.get().path("origins"), origins);
      return;
    }
    requireEmpty();
    ObjectNode said = JSON.createObjectNode().put("format", 1);
    ObjectNode columns = said.putObject("origins");
    origins.forEach(columns::put);
    write(about, said);
  }

  private void requireEmpty() throws IOException {
    for (FileStatus file : list(folder)) {
      if (!file.getPath().getName().equals(FOLDER)) {
        throw new IllegalStateException(
            "%s holds %s and no batches of embeddings; what is there would be mixed with them. Take an empty folder, or a new one"
                .formatted(folder, file.getPath().getName()));
      }
    }
  }

  private void requireSame(JsonNode there, Map<String, String> origins) {
    Map<String, String> before = new TreeMap<>();
    there.fieldNames().forEachRemaining(name -> before.put(name, there.path(name).asText()));
    if (!before.equals(origins)) {
      throw new IllegalStateException(
          "%s holds vectors of %s, and these would be of %s; vectors of different models, modes or instructions belong into different folders"
              .formatted(folder, before, origins));
    }
  }

  /** What says that a batch is finished; empty if it is not. */
  Optional<Marker> read(long batch) throws IOException {
    return json(marker(batch))
        .map(
            json -> {
              List<String> files = new ArrayList<>();
              json.path("files").forEach(file -> files.add(file.asText()));
              return new Marker(batch, json.path("query").asText(), files);
            });
  }

  /** Says that a batch is finished. */
  void finish(Marker marker) throws IOException {
    ObjectNode json =
        JSON.createObjectNode().put("batch", marker.batch()).put("query", marker.query());
    marker.files().forEach(json.putArray("files")::add);
    write(marker(marker.batch()), json);
  }

  /** Removes what is left of a batch that is not finished. */
  void remove(long batch) throws IOException {
    store.delete(batch(batch), true);
  }

  /** Removes what tasks left beside the files of a finished batch. */
  void removeAllBut(Marker marker) throws IOException {
    Set<String> named = new HashSet<>(marker.files());
    for (FileStatus file : list(batch(marker.batch()))) {
      if (!named.contains(file.getPath().getName())) {
        store.delete(file.getPath(), true);
      }
    }
  }

  /** The files of all finished batches, in the batches' order. */
  List<String> files() throws IOException {
    Map<Long, Marker> markers = new TreeMap<>();
    for (FileStatus file : list(new Path(folder, FOLDER))) {
      String name = file.getPath().getName();
      if (name.matches("[0-9]+[.]json")) {
        long batch = Long.parseLong(name.substring(0, name.length() - ".json".length()));
        read(batch).ifPresent(marker -> markers.put(batch, marker));
      }
    }
    List<String> files = new ArrayList<>();
    for (Marker marker : markers.values()) {
      marker.files().forEach(name -> files.add(new Path(batch(marker.batch()), name).toString()));
    }
    return files;
  }

  private FileStatus[] list(Path place) throws IOException {
    try {
      return store.listStatus(place);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** Empty if the file is not there or has no end. */
  private Optional<JsonNode> json(Path file) throws IOException {
    try (FSDataInputStream in = store.open(file)) {
      JsonNode json = JSON.readTree(in.readAllBytes());
      return json.isObject() ? Optional.of(json) : Optional.empty();
    } catch (FileNotFoundException | JsonProcessingException | ChecksumException e) {
      return Optional.empty();
    }
  }

  private void write(Path file, JsonNode json) throws IOException {
    try (OutputStream out = store.create(file, true)) {
      out.write(JSON.writeValueAsBytes(json));
    }
  }
}
