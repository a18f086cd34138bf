package io.instructorspark.job.train;

/** What a record that cannot be read does. */
enum OnBadRecord {
  /** It ends the preparation before the work, with its file and line. */
  ERROR,
  /** It is left out and counted. */
  SKIP
}
