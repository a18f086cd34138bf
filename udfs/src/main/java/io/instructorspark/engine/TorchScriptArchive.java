package io.instructorspark.engine;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Wraps a program text in the archive that libtorch's TorchScript loader reads: the source, a
 * pickle of an instance without parameters, no constants, and the format's version. Nothing of a
 * model is in it: weights are arguments.
 */
final class TorchScriptArchive {
  private static final String LINEAR_MARK = "  #linear\n";
  private static final String DROPOUT_MARK = "  #dropout\n";
  private static final String RATE_MARK = "#rate";
  private static final String THRESHOLD_MARK = "#threshold";
  private static final String SCALE_MARK = "#scale";
  private static final String TRAINING_MARK = "  #training\n";
  private static final String PRODUCT_MARK = "  #product\n";

  private TorchScriptArchive() {}

  /** The archive of the encoder with the linear layers of the given kind. */
  static byte[] ofEncoder(Packing packing) {
    return ofEncoder(packing, resource("dropout_none.py"), "");
  }

  /**
   * The archive of the encoder with what training needs beside it.
   *
   * @param dropout share of the numbers that each dropout zeroes; 0 for none
   */
  static byte[] ofTraining(double dropout) {
    String random =
        resource("dropout_random.py")
            .replace(RATE_MARK, Double.toString(dropout))
            .replace(THRESHOLD_MARK, Long.toString(Math.round(dropout * 0x1p31)))
            .replace(SCALE_MARK, Double.toString(1 / (1 - dropout)));
    return ofEncoder(
        Packing.NONE, dropout == 0 ? resource("dropout_none.py") : random, resource("training.py"));
  }

  private static byte[] ofEncoder(Packing packing, String dropout, String training) {
    return of(
        "InstructorT5",
        resource("instructor_t5.py")
            .replace(LINEAR_MARK, resource(packing.resource()))
            .replace(DROPOUT_MARK, dropout)
            .replace(TRAINING_MARK, training));
  }

  /** The archive of the products of blocks of vectors, by the library of the given kind. */
  static byte[] ofBlockProduct(Packing packing) {
    String product = packing == Packing.NONE ? "product_plain.py" : "product_onednn.py";
    return of(
        "BlockProduct", resource("block_product.py").replace(PRODUCT_MARK, resource(product)));
  }

  private static byte[] of(String module, String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "m/data.pkl", emptyInstance(module));
      store(zip, "m/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      store(zip, "m/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      store(zip, "m/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("in-memory archive of " + module, e);
    }
    return bytes.toByteArray();
  }

  private static String resource(String name) {
    try (InputStream in = TorchScriptArchive.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new EngineException(
            "the program text %s is missing from the instructor-spark jar; the jar is damaged"
                .formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new EngineException("cannot read the program text %s from the jar".formatted(name), e);
    }
  }

  /** libtorch reads archive entries in place, so they are stored, not deflated. */
  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /**
   * Pickle protocol 2 of {@code __torch__.MODULE} with {training: False, _is_full_backward_hook:
   * None}.
   */
  private static byte[] emptyInstance(String module) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x80, 2});
    out.writeBytes("c__torch__\n" + module + "\n");
    out.write(new byte[] {'q', 0, ')', (byte) 0x81}); // an empty tuple, NEWOBJ
    out.write(new byte[] {'}', '('});
    unicode(out, "training");
    out.write(new byte[] {'q', 1, (byte) 0x89});
    unicode(out, "_is_full_backward_hook");
    out.write(new byte[] {'q', 2, 'N'});
    out.write(new byte[] {'u', 'b', 'q', 3, '.'});
    return bytes.toByteArray();
  }

  private static void unicode(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    out.writeInt(Integer.reverseBytes(utf8.length));
    out.write(utf8);
  }
}
