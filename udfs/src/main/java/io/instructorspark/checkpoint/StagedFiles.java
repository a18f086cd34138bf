package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Staging;
import java.io.IOException;

/** A checkpoint whose files are copied to this machine when they are first opened. */
final class StagedFiles implements CheckpointFiles {
  private final Staging staging;
  private final String uri;

  StagedFiles(Staging staging, String uri) {
    this.staging = staging;
    this.uri = uri;
  }

  @Override
  public String describe(String path) {
    return path.isEmpty() ? uri : uri + "/" + path;
  }

  @Override
  public boolean has(String path) {
    try {
      return staging.has(path);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot read %s: %s".formatted(describe(path), Reason.of(e)), e);
    }
  }

  @Override
  public ByteSource open(String path) throws IOException {
    return new FileBytes(staging.fetch(path), describe(path));
  }

  @Override
  public String sha256(String path) throws IOException {
    staging.fetch(path);
    return staging.sha256(path);
  }
}
