package io.instructorspark.job.rows;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Files that readers cannot decompress on the fly, unpacked once; {@link #close} deletes them.
 *
 * @param files the files to read, in the given order
 * @param folder where the unpacked ones lie; empty if none had to be
 * @param storage whose file systems hold them
 */
record Unpacked(List<Path> files, Optional<Path> folder, Storage storage) implements AutoCloseable {

  static Unpacked of(SparkSession spark, Storage storage, InputFiles input, RowSource source) {
    if (input.paths().stream().noneMatch(Unpacked::isCompressed)) {
      return new Unpacked(input.paths(), Optional.empty(), storage);
    }
    if (input.partitionRoot().isPresent()) {
      throw new InputException(
          "%s has sub-folders and compressed files: unpack the files (gunzip, bunzip2, unzstd) first"
              .formatted(input.input()));
    }
    Path folder = newFolder(spark, storage, input, source);
    List<Path> files = new ArrayList<>();
    try {
      for (Path file : input.paths()) {
        files.add(isCompressed(file) ? unpack(storage, file, folder, files.size()) : file);
      }
      return new Unpacked(List.copyOf(files), Optional.of(folder), storage);
    } catch (RuntimeException e) {
      new Unpacked(files, Optional.of(folder), storage).close();
      throw e;
    }
  }

  @Override
  public void close() {
    folder.ifPresent(
        made -> {
          try {
            storage.fileSystem(made).delete(made, true);
          } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the unpacked files in " + made, e);
          }
        });
  }

  private static boolean isCompressed(Path file) {
    return !InputFormat.withoutCompression(file.getName()).equals(file.getName());
  }

  private static Path newFolder(
      SparkSession spark, Storage storage, InputFiles input, RowSource source) {
    String master = spark.sparkContext().master();
    boolean oneMachine = master.equals("local") || master.startsWith("local[");
    if (source.scratch().isEmpty() && !oneMachine) {
      throw new InputException(
          "%s is compressed Parquet, which is unpacked before it is read, but the executors of %s do not see this machine's temporary folder: unpack it first, or give a scratch folder that they see"
              .formatted(input.input(), master));
    }
    try {
      if (source.scratch().isEmpty()) {
        Path made = new Path(Files.createTempDirectory("instructor-unpacked-").toUri());
        storage.fileSystem(made).deleteOnExit(made);
        return made;
      }
      Path made = new Path(source.scratch().get(), "instructor-unpacked-" + UUID.randomUUID());
      FileSystem files = storage.fileSystem(made);
      files.mkdirs(made);
      files.deleteOnExit(made);
      return made;
    } catch (IOException e) {
      throw new InputException(
          "cannot make a folder to unpack %s into: %s".formatted(input.input(), e.getMessage()), e);
    }
  }

  private static Path unpack(Storage storage, Path file, Path folder, int number) {
    String name = "%05d-%s".formatted(number, InputFormat.withoutCompression(file.getName()));
    Path target = new Path(folder, name);
    try (InputStream in = storage.open(file);
        OutputStream out = storage.fileSystem(target).create(target)) {
      in.transferTo(out);
      return target;
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }
}
