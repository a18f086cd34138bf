package io.instructorspark.job.rows;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.CompressionOutputStream;
import org.apache.hadoop.io.compress.Compressor;
import org.apache.hadoop.io.compress.Decompressor;

/**
 * Reads {@code .zst} with the zstd that Spark ships, since Hadoop's own codec needs Hadoop's native
 * library. Frames may follow one another. Named in {@code io.compression.codecs}; does not write.
 */
final class ZstdCodec implements CompressionCodec {

  @Override
  public CompressionInputStream createInputStream(InputStream in) throws IOException {
    return new Frames(in);
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
    return ".zst";
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

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException("this codec only reads .zst files");
  }

  private static final class Frames extends CompressionInputStream {
    private final InputStream plain;

    Frames(InputStream compressed) throws IOException {
      super(compressed);
      this.plain = new ZstdInputStreamNoFinalizer(compressed);
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
      throw new IOException("a .zst stream cannot start over in the middle");
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
