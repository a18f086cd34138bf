package io.instructorspark.checkpoint;

import io.instructorspark.checkpoint.remote.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A checkpoint inside the jar, or anywhere else on the class path. Files are read into memory. */
final class ClassPathFiles implements CheckpointFiles {
  private static final String MODELS = "/io/instructorspark/models/";
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /** What is on the class path stays as it is while the JVM runs. */
  private static final Map<String, String> DIGESTS = new ConcurrentHashMap<>();

  private final String name;

  ClassPathFiles(String name) {
    this.name = name;
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || !has("modules.json")) {
      throw new CheckpointException(
          "there is no built-in checkpoint %s%s. %sinstructor-mini comes with this program; others"
                  .formatted(Location.BUILTIN, name, Location.BUILTIN)
              + " are looked for on the class path, in %sNAME/".formatted(MODELS.substring(1)));
    }
  }

  @Override
  public String describe(String path) {
    return Location.BUILTIN + name + (path.isEmpty() ? "" : "/" + path);
  }

  @Override
  public boolean has(String path) {
    return url(path) != null;
  }

  @Override
  public String sha256(String path) throws IOException {
    String key = String.valueOf(url(path));
    String known = DIGESTS.get(key);
    if (known == null) {
      try (InputStream in = url(path).openStream()) {
        known = Sha256.of(in);
      }
      DIGESTS.put(key, known);
    }
    return known;
  }

  @Override
  public ByteSource open(String path) throws IOException {
    URL url = url(path);
    if (url == null) {
      throw new FileNotFoundException(describe(path));
    }
    URLConnection connection = url.openConnection();
    try (InputStream in = connection.getInputStream()) {
      if (connection.getContentLengthLong() > MAX_BYTES) {
        throw new CheckpointException(
            ("%s has %d bytes, but files on the class path are read into memory, up to 2 GiB."
                    + " Put the checkpoint into a folder")
                .formatted(describe(path), connection.getContentLengthLong()));
      }
      return new MemoryBytes(describe(path), ByteBuffer.wrap(in.readAllBytes()));
    }
  }

  private URL url(String path) {
    return ClassPathFiles.class.getResource(MODELS + name + "/" + path);
  }
}
