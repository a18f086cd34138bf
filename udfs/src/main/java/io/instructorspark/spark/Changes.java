package io.instructorspark.spark;

/** What becomes of rows that an input, grown since it was embedded, has changed or left out. */
public enum Changes {
  /** They are counted; their old rows stay in the output. */
  REPORT,
  /** Changed rows are embedded again, and deleted ones leave the output. */
  APPLY,
  /** They are an error, before anything is embedded. */
  ERROR
}
