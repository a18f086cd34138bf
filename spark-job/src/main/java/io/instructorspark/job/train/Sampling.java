package io.instructorspark.job.train;

/** How tasks share the steps of a run. */
enum Sampling {
  /** By the square root of their records: small tasks are heard, large ones are not worn out. */
  SQRT {
    @Override
    double share(long records) {
      return Math.sqrt(records);
    }
  },
  /** By their records. */
  PROPORTIONAL {
    @Override
    double share(long records) {
      return records;
    }
  },
  /** All alike. */
  UNIFORM {
    @Override
    double share(long records) {
      return 1;
    }
  };

  /** The share of a task before its weight. */
  abstract double share(long records);
}
