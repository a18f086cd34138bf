package io.instructorspark.spark;

/** A row cannot be embedded and {@code handleInvalid} is {@code error}. */
public final class InvalidRowException extends RuntimeException {
  InvalidRowException(String message) {
    super(message);
  }
}
