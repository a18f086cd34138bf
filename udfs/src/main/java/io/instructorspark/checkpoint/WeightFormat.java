package io.instructorspark.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The formats of weight files, the preferred one first. */
enum WeightFormat {
  SAFETENSORS("model.safetensors") {
    @Override
    List<StoredTensor> list(ByteSource source, String file) throws IOException {
      return SafetensorsHeader.list(source, file);
    }
  },
  TORCH("pytorch_model.bin") {
    @Override
    List<StoredTensor> list(ByteSource source, String file) throws IOException {
      return TorchArchive.list(source, file);
    }
  };

  private static final String LFS_POINTER = "version https://git-lfs";

  private final String fileName;

  WeightFormat(String fileName) {
    this.fileName = fileName;
  }

  /** The file's name where there is only one. */
  String fileName() {
    return fileName;
  }

  /** The name of the list of shards where there are several. */
  String indexName() {
    return fileName + ".index.json";
  }

  /** The tensors of a file, from its header alone. */
  abstract List<StoredTensor> list(ByteSource source, String file) throws IOException;

  /** The tensors of a file; opens it, and names it in every error. */
  List<StoredTensor> list(CheckpointFiles files, String file) {
    if (!files.has(file)) {
      throw new CheckpointException(
          "there is no %s. Download the whole repository, every shard included"
              .formatted(files.describe(file)));
    }
    try (ByteSource source = files.open(file)) {
      refuseLfsPointer(source);
      return list(source, file);
    } catch (IOException e) {
      throw new CheckpointException("cannot read %s: %s".formatted(files.describe(file), e), e);
    }
  }

  private static void refuseLfsPointer(ByteSource source) throws IOException {
    ByteBuffer start = ByteBuffer.allocate((int) Math.min(LFS_POINTER.length(), source.size()));
    source.readFully(0, start);
    if (LFS_POINTER.equals(new String(start.array(), StandardCharsets.ISO_8859_1))) {
      throw new CheckpointException(
          "%s is a git-lfs pointer, not the weights. Run `git lfs pull` in the repository"
              .formatted(source.name()));
    }
  }
}
