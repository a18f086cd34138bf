package io.instructorspark.spark;

/**
 * A finished part file of an output, and what it holds.
 *
 * @param slice the slice of its run that it holds
 * @param name of the file, in the output folder
 * @param length bytes
 * @param rows rows written
 * @param vectors rows that have a vector
 * @param errors rows that have none because of an error
 * @param truncated rows whose text was cut
 * @param skipped rows left out because of an error
 */
record PartFile(
    int slice,
    String name,
    long length,
    long rows,
    long vectors,
    long errors,
    long truncated,
    long skipped) {
  /** Begins all their names, as Spark's own. */
  static final String PREFIX = "part-";

  PartFile {
    if (slice < 0 || length < 0) {
      throw new IllegalArgumentException(
          "no part file: slice %d, %d bytes".formatted(slice, length));
    }
    if (!name.startsWith(PREFIX) || name.contains("/")) {
      throw new IllegalArgumentException("no name of a part file: '%s'".formatted(name));
    }
  }

  /** The same file in a later run, which has not left these rows out itself. */
  PartFile kept() {
    return new PartFile(slice, name, length, rows, vectors, errors, truncated, 0);
  }
}
