package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What {@code torch.save} writes since PyTorch 1.6: a zip of one folder (whose name varies) with
 * {@code data.pkl}, {@code byteorder} and one file for each storage, none compressed, so that
 * tensors can be read in place.
 */
final class TorchArchive {
  private static final String PICKLE = "/data.pkl";
  private static final int PICKLE_MARK = 0x80;
  private static final int ZIP_MARK = 'P';

  private final ByteSource source;
  private final String file;
  private final Map<String, ZipMember> entries;
  private final String folder;

  private TorchArchive(ByteSource source, String file, Map<String, ZipMember> entries) {
    this.source = source;
    this.file = file;
    this.entries = entries;
    List<String> pickles =
        entries.keySet().stream()
            .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
            .toList();
    if (pickles.size() != 1) {
      throw refused("it holds %d files *%s, expected one".formatted(pickles.size(), PICKLE));
    }
    this.folder = pickles.get(0).substring(0, pickles.get(0).length() - PICKLE.length());
  }

  /** The tensors of the file's state_dict; the same storage may serve several. */
  static List<StoredTensor> list(ByteSource source, String file) throws IOException {
    requireZip(source);
    return new TorchArchive(source, file, ZipDirectory.read(source)).list();
  }

  private static void requireZip(ByteSource source) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(1);
    if (source.size() > 0) {
      source.readFully(0, first);
    }
    int mark = first.get(0) & 0xff;
    if (mark == PICKLE_MARK) {
      throw new CheckpointException(
          ("%s is in PyTorch's old format without a zip. Save it again with PyTorch 1.6"
                  + " or newer: torch.save(torch.load(path, weights_only=True), path)")
              .formatted(source.name()));
    }
    if (mark != ZIP_MARK) {
      throw new CheckpointException(
          "%s is not a file that torch.save wrote: it is no zip archive".formatted(source.name()));
    }
  }

  private List<StoredTensor> list() throws IOException {
    ZipMember byteOrder = entries.get(folder + "/byteorder");
    if (byteOrder != null) {
      String order = StandardCharsets.US_ASCII.decode(content(byteOrder, 100)).toString().strip();
      if (!order.equals("little")) {
        throw refused("its byte order is %s, only little is read".formatted(order));
      }
    }
    ByteBuffer pickle = pickle(entries.get(folder + PICKLE));
    List<StoredTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, TorchTensor> entry :
        StateDictPickle.read(pickle, source.name()).entrySet()) {
      tensors.add(stored(entry.getKey(), entry.getValue()));
    }
    return tensors;
  }

  private StoredTensor stored(String name, TorchTensor tensor) {
    Extent extent = extent(name, tensor);
    TorchStorage storage = tensor.storage();
    if (!tensor.isContiguous()) {
      throw refused(
          "the tensor %s is not contiguous: shape %s, strides %s. Save it after .contiguous()"
              .formatted(Printable.name(name), tensor.shape(), tensor.strides()));
    }
    if (tensor.offset() < 0 || tensor.offset() > storage.elements() - extent.elements()) {
      throw refused(
          "the tensor %s of shape %s at offset %d lies outside its storage of %d elements"
              .formatted(
                  Printable.name(name), tensor.shape(), tensor.offset(), storage.elements()));
    }
    ZipMember entry = entries.get(folder + "/data/" + storage.key());
    if (entry == null) {
      throw refused(
          "the storage %s of the tensor %s is missing"
              .formatted(Printable.name(storage.key()), Printable.name(name)));
    }
    int bytes = storage.dtype().bytes();
    if (storage.elements() > entry.size() / bytes) {
      throw refused(
          "the storage %s should have %d elements of %s, but its file has %d bytes"
              .formatted(
                  Printable.name(storage.key()),
                  storage.elements(),
                  storage.dtype(),
                  entry.size()));
    }
    return new StoredTensor(
        name, storage.dtype(), extent, file, start(entry) + tensor.offset() * bytes);
  }

  private Extent extent(String name, TorchTensor tensor) {
    try {
      return Extent.of(tensor.shape());
    } catch (IllegalArgumentException e) {
      throw refused("the tensor %s cannot be: %s".formatted(Printable.name(name), e.getMessage()));
    }
  }

  private ByteBuffer content(ZipMember entry, int maxBytes) throws IOException {
    if (entry.size() > maxBytes) {
      throw refused(
          "%s has %d bytes, at most %d are read".formatted(entry.name(), entry.size(), maxBytes));
    }
    ByteBuffer content = ByteBuffer.allocate((int) entry.size());
    source.readFully(start(entry), content);
    return content.flip();
  }

  /** The pickle, after its checksum; those of storages are left to whoever reads the weights. */
  private ByteBuffer pickle(ZipMember entry) throws IOException {
    ByteBuffer pickle = content(entry, CheckpointFiles.MAX_HEADER_BYTES);
    CRC32 crc = new CRC32();
    crc.update(pickle.duplicate());
    if ((int) crc.getValue() != entry.crc()) {
      throw refused(
          "%s has the CRC-32 %08x, but the zip says %08x; the file is damaged"
              .formatted(entry.name(), crc.getValue(), entry.crc()));
    }
    return pickle;
  }

  /** Position in the file of an entry's first byte, once it is known to be stored plainly. */
  private long start(ZipMember entry) {
    if (!entry.isPlain()) {
      throw refused(
          ("%s is compressed or encrypted; torch.save stores plainly, so another program"
                  + " packed it. Save it again with torch.save")
              .formatted(entry.name()));
    }
    return entry.data();
  }

  private CheckpointException refused(String reason) {
    return new CheckpointException("%s: %s".formatted(source.name(), reason));
  }
}
