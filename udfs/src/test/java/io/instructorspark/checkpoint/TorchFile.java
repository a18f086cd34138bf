package io.instructorspark.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Writes the zip of a {@code torch.save} file. */
final class TorchFile {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private String folder = "archive";
  private int method = ZipArchiveEntry.STORED;
  private Zip64Mode zip64 = Zip64Mode.AsNeeded;

  static TorchFile of(byte[] pickle) {
    return new TorchFile().with("data.pkl", pickle).with("byteorder", "little");
  }

  TorchFile with(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  TorchFile with(String name, String content) {
    return with(name, content.getBytes(StandardCharsets.UTF_8));
  }

  TorchFile inFolder(String name) {
    folder = name;
    return this;
  }

  TorchFile deflated() {
    method = ZipArchiveEntry.DEFLATED;
    return this;
  }

  TorchFile alwaysZip64() {
    zip64 = Zip64Mode.Always;
    return this;
  }

  Path write(Path path) {
    try {
      return Files.write(path, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    SeekableInMemoryByteChannel file = new SeekableInMemoryByteChannel();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(file)) {
      zip.setUseZip64(zip64);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        byte[] content = entry.getValue();
        ZipArchiveEntry header = new ZipArchiveEntry(folder + "/" + entry.getKey());
        CRC32 crc = new CRC32();
        crc.update(content);
        header.setMethod(method);
        header.setSize(content.length);
        header.setCrc(crc.getValue());
        zip.putArchiveEntry(header);
        zip.write(content);
        zip.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Arrays.copyOf(file.array(), (int) file.size());
  }
}
