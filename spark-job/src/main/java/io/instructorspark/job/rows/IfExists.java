package io.instructorspark.job.rows;

/** What becomes of an output folder that is there already. */
public enum IfExists {
  /** The command fails before it reads anything. */
  ERROR,
  /** The folder is replaced, if it is one that this program or Spark wrote. */
  OVERWRITE
}
