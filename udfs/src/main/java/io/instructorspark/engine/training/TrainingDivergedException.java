package io.instructorspark.engine.training;

/** A loss or gradient that is NaN or infinite: no update was made with it. */
public class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrainingDivergedException(String message) {
    super(message);
  }
}
