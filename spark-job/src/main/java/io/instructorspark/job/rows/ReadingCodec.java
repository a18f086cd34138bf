package io.instructorspark.job.rows;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.apache.hadoop.io.compress.Compressor;
import org.apache.hadoop.io.compress.Decompressor;

/**
 * A codec of Hadoop's that only reads, and reads a file from its beginning to its end: nothing is
 * skipped to find a place to start. Named in {@code io.compression.codecs}.
 */
abstract class ReadingCodec implements CompressionCodec {
  private final String extension;

  ReadingCodec(String extension) {
    this.extension = extension;
  }

  /** The decompressed bytes; whatever is damaged is an IOException. */
  abstract InputStream decompressed(InputStream compressed) throws IOException;

  @Override
  public CompressionInputStream createInputStream(InputStream in) throws IOException {
    return new Plain(in, decompressed(in));
  }

  @Override
  public CompressionInputStream createInputStream(InputStream in, Decompressor ignored)
      throws IOException {
    return createInputStream(in);
  }

  /** None: the stream decompresses by itself, so there is nothing to pool. */
  @Override
  public Class<? extends Decompressor> getDecompressorType() {
    return null;
  }

  @Override
  public Decompressor createDecompressor() {
    return null;
  }

  @Override
  public String getDefaultExtension() {
    return extension;
  }

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out) {
    throw readOnly();
  }

  @Override
  public CompressionOutputStream createOutputStream(OutputStream out, Compressor compressor) {
    throw readOnly();
  }

  @Override
  public Class<? extends Compressor> getCompressorType() {
    throw readOnly();
  }

  @Override
  public Compressor createCompressor() {
    throw readOnly();
  }

  private UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException(extension + " files are only read here");
  }

  private static final class Plain extends CompressionInputStream {
    private final InputStream plain;

    Plain(InputStream compressed, InputStream plain) throws IOException {
      super(compressed);
      this.plain = plain;
    }

    @Override
    public int read() throws IOException {
      return plain.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return plain.read(bytes, offset, length);
    }

    @Override
    public void resetState() throws IOException {
      throw new IOException("a compressed stream cannot start over in the middle");
    }

    @Override
    public void close() throws IOException {
      try {
        plain.close();
      } finally {
        super.close();
      }
    }
  }
}
