package io.instructorspark.job.vectors;

import io.instructorspark.job.rows.FileColumn;
import io.instructorspark.spark.VectorOrigin;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.Metadata;

/** What the vectors of several files have in common; Spark takes the word of one of them. */
final class CommonOrigin {
  private CommonOrigin() {}

  /**
   * Metadata that are true for the vectors of all files: without the instruction where files differ
   * in it, and nothing where one of several does not say where its vectors come from.
   *
   * @param first those of the column as Spark has read it, right where all say the same
   * @throws IllegalArgumentException if vectors of two files cannot be compared
   */
  static Metadata of(Metadata first, List<FileColumn> files) {
    if (files.size() < 2) {
      return first;
    }
    Optional<FileColumn> known =
        files.stream().filter(file -> VectorOrigin.of(file.field()).isPresent()).findFirst();
    if (known.isEmpty()) {
      return first;
    }
    VectorOrigin common = VectorOrigin.of(known.get().field()).orElseThrow();
    boolean all = true;
    for (FileColumn file : files) {
      Optional<VectorOrigin> origin = VectorOrigin.of(file.field());
      all &= origin.isPresent();
      if (origin.isPresent()) {
        requireComparable(known.get(), file, common.difference(origin.get()));
        if (!common.instruction().equals(origin.get().instruction())) {
          common = common.withInstruction(Optional.empty());
        }
      }
    }
    return all ? common.metadata() : Metadata.empty();
  }

  private static void requireComparable(
      FileColumn one, FileColumn other, Optional<String> difference) {
    difference.ifPresent(
        words -> {
          throw new IllegalArgumentException(
              "the vectors in %s and in %s cannot be compared: %s. Embed all rows with one model and mode, or give one of the two"
                  .formatted(one.file(), other.file(), words));
        });
  }
}
