package io.instructorspark.job.rows;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads {@code .zst} with the zstd that Spark ships, since Hadoop's own codec needs Hadoop's native
 * library. Frames may follow one another.
 */
final class ZstdCodec extends ReadingCodec {
  /** For Hadoop, which makes codecs by reflection. */
  ZstdCodec() {
    super(".zst");
  }

  @Override
  InputStream decompressed(InputStream compressed) throws IOException {
    return new ZstdInputStreamNoFinalizer(compressed);
  }
}
