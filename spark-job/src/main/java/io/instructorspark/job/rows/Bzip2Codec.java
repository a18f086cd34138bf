package io.instructorspark.job.rows;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * Reads {@code .bz2} whole and checks every block. Hadoop's own codec looks for the next block's
 * mark instead, so that tasks can start in the middle, and passes over blocks whose mark is
 * damaged: their rows would be gone without a word.
 */
final class Bzip2Codec extends ReadingCodec {
  /** For Hadoop, which makes codecs by reflection. */
  Bzip2Codec() {
    super(".bz2");
  }

  @Override
  InputStream decompressed(InputStream compressed) throws IOException {
    return new BZip2CompressorInputStream(new BufferedInputStream(compressed), true);
  }
}
