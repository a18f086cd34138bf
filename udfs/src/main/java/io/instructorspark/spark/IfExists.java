package io.instructorspark.spark;

/** What becomes of an output that is there already. */
public enum IfExists {
  /** It is an error, before anything is read. */
  ERROR,
  /** It is replaced, if this program or Spark wrote it. */
  OVERWRITE,
  /** What is done already stays, and the rest is done. */
  RESUME
}
