package io.instructorspark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeMemoryExceptionTest {
  /** As libtorch, oneDNN, cuBLAS, C++ and the loader of libraries word it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[enforce fail at alloc_cpu.cpp:119] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 67108864"
            + " bytes. Error code 12 (Cannot allocate memory)",
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 15.77 GiB",
        "CUDA error: out of memory",
        "std::bad_alloc",
        "could not create a primitive",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "libtorch_cpu.so: failed to map segment from shared object"
      })
  void isRecognisedInWhatNativeCodeSays(String said) {
    RuntimeException failure =
        new ai.djl.engine.EngineException(
            "The following operation failed.\nTraceback\nRuntimeError: " + said + "\n");
    assertThat(NativeMemoryException.evidence(failure)).hasValue("RuntimeError: " + said);
    assertThat(NativeMemoryException.ranOut(new RuntimeException("outer", failure))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cannot reserve 4096 bytes of direct buffer memory (allocated: 4096, limit: 4096)",
        "Unable to allocate 4096 bytes"
      })
  void isRecognisedInWhatJavaSaysOfMemoryOutsideItsHeap(String said) {
    assertThat(NativeMemoryException.ranOut(new OutOfMemoryError(said))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Java heap space",
        "GC overhead limit exceeded",
        "Requested array size exceeds VM limit"
      })
  void isNotAFullHeap(String said) {
    assertThat(NativeMemoryException.ranOut(new OutOfMemoryError(said))).isFalse();
  }

  @Test
  void isNotAnyOtherFailure() {
    assertThat(NativeMemoryException.ranOut(new RuntimeException())).isFalse();
    assertThat(NativeMemoryException.ranOut(new RuntimeException("index out of range in self")))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"instructor_t5.py", "linear_packed.py", "linear_plain.py"})
  void isNotReadIntoTheProgramsText(String resource) throws IOException {
    // tracebacks quote it
    try (InputStream text = TorchProgram.class.getResourceAsStream(resource)) {
      String program = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(NativeMemoryException.ranOut(new RuntimeException(program))).isFalse();
    }
  }
}
