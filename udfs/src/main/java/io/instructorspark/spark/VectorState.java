package io.instructorspark.spark;

import io.instructorspark.engine.Cosine;

/** Whether a vector has a direction. */
enum VectorState {
  USABLE,
  /** Null, or with a null element. */
  NULL,
  /** Without elements, or none that differs from 0. */
  ZERO,
  /** An element is NaN or infinite. */
  NOT_FINITE;

  /** The state of a vector, or of null. */
  static VectorState of(float[] vector) {
    if (vector == null) {
      return NULL;
    }
    double square = Cosine.square(vector, 0, vector.length);
    if (square > 0 && square < Double.POSITIVE_INFINITY) {
      return USABLE;
    }
    return square == 0 ? ZERO : NOT_FINITE;
  }
}
