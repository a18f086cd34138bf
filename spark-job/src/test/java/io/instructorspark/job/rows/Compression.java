package io.instructorspark.job.rows;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/** How the tests' files are compressed, by other code than reads them. */
enum Compression {
  PLAIN(""),
  GZIP(".gz"),
  BZIP2(".bz2"),
  ZSTD(".zst");

  final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  byte[] compress(byte[] plain) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = stream(compressed)) {
      out.write(plain);
    }
    return compressed.toByteArray();
  }

  private OutputStream stream(OutputStream out) throws IOException {
    return switch (this) {
      case PLAIN -> out;
      case GZIP -> new GZIPOutputStream(out);
      case BZIP2 -> new BZip2CompressorOutputStream(out);
      case ZSTD -> new ZstdOutputStream(out);
    };
  }
}
