package io.instructorspark.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;

/** Remembers which files were opened, so that the fingerprint covers exactly those. */
final class RecordedFiles implements CheckpointFiles {
  private final CheckpointFiles files;
  private final TreeSet<String> opened = new TreeSet<>();

  RecordedFiles(CheckpointFiles files) {
    this.files = files;
  }

  /** Paths opened so far, sorted. */
  List<String> opened() {
    return List.copyOf(opened);
  }

  @Override
  public String describe(String path) {
    return files.describe(path);
  }

  @Override
  public boolean has(String path) {
    return files.has(path);
  }

  @Override
  public void requireLacking(String path) {
    files.requireLacking(path);
  }

  @Override
  public String sha256(String path) throws IOException {
    return files.sha256(path);
  }

  @Override
  public ByteSource open(String path) throws IOException {
    ByteSource source = files.open(path);
    opened.add(path);
    return source;
  }
}
