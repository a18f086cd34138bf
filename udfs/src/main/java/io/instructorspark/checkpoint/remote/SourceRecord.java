package io.instructorspark.checkpoint.remote;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a store said of a checkpoint's files when they were copied: enough to know, without reading
 * them, that a copy is still current.
 *
 * @param location the folder in the store
 * @param fingerprint of the checkpoint that was found there
 * @param files those that were copied
 * @param absent those that were looked for and not there; one of them may appear and change what
 *     the checkpoint is
 */
record SourceRecord(
    String location, String fingerprint, Map<String, RemoteFile> files, Set<String> absent) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_BYTES = 1 << 20;

  SourceRecord {
    files = new TreeMap<>(files);
    absent = new TreeSet<>(absent);
  }

  /** Whether the store would say the same now. Asks it once for each file. */
  boolean isCurrent(RemoteStore store) throws IOException {
    for (Map.Entry<String, RemoteFile> file : files.entrySet()) {
      Optional<RemoteFile> now = store.find(location, file.getKey());
      if (now.isEmpty() || !now.get().equals(file.getValue()) || now.get().isUnversioned()) {
        return false;
      }
    }
    for (String path : absent) {
      if (store.find(location, path).isPresent()) {
        return false;
      }
    }
    return true;
  }

  void write(Path file) throws IOException {
    AtomicFile.write(file, JSON.writeValueAsString(this).getBytes(StandardCharsets.UTF_8));
  }

  /** Empty if there is none, or it cannot be understood: it is only a memory. */
  static Optional<SourceRecord> read(Path file, String location) throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        return Optional.empty();
      }
      SourceRecord read = JSON.readValue(Files.readAllBytes(file), SourceRecord.class);
      return Optional.ofNullable(read).filter(source -> source.location.equals(location));
    } catch (NoSuchFileException | com.fasterxml.jackson.core.JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
