package io.instructorspark.engine;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Native memory did not suffice, on the processor or on a GPU. */
final class NativeMemoryException extends EngineException {
  /**
   * What is said where memory ran out: by libtorch's allocators for the processor and for CUDA, by
   * C++ itself, by oneDNN (for memory as for a kernel whose code found no room), by cuBLAS, and by
   * the loader of libraries.
   */
  private static final List<String> NATIVE =
      List.of(
          "can't allocate memory",
          "cannot allocate memory",
          "out of memory",
          "bad_alloc",
          "could not create a primitive",
          "could not create a memory",
          "cublas_status_alloc_failed",
          "failed to map segment");

  /** What Java says where memory outside its heap ran out. */
  private static final List<String> OUTSIDE_THE_HEAP =
      List.of("direct buffer memory", "unable to allocate");

  NativeMemoryException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Whether a failure means that native memory ran out. A full heap does not: that is {@link
   * OutOfMemoryError}'s own case.
   */
  static boolean ranOut(Throwable failure) {
    return evidence(failure).isPresent();
  }

  /** The line of a failure's message, or of its causes', which says that memory ran out. */
  static Optional<String> evidence(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .flatMap(NativeMemoryException::evidenceAlone)
        .findFirst();
  }

  private static Stream<String> evidenceAlone(Throwable failure) {
    List<String> said = failure instanceof OutOfMemoryError ? OUTSIDE_THE_HEAP : NATIVE;
    return String.valueOf(failure.getMessage())
        .lines()
        .map(String::strip)
        .filter(line -> said.stream().anyMatch(line.toLowerCase(Locale.ROOT)::contains));
  }
}
