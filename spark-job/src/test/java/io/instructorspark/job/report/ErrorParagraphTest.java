package io.instructorspark.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorParagraphTest {
  @Test
  void isTheMessageWrittenForTheUserUnderSparksWrappers() {
    Exception ours = new IllegalArgumentException("windowSize must be > 0, got -1");
    assertThat(ErrorParagraph.of(new RuntimeException("Job aborted", ours)))
        .isEqualTo("instructor: windowSize must be > 0, got -1");
  }

  @Test
  void readsAMessageThatSparkQuotesFromAnExecutor() {
    String quoted =
        "Job aborted due to stage failure: Task 0 in stage 1.0 failed: io.instructorspark.engine.EngineException: no GPU here\n\tat x.Y.z(Y.java:1)\n\nDriver stacktrace:";
    assertThat(ErrorParagraph.of(new IllegalStateException(quoted)))
        .isEqualTo("instructor: no GPU here");
  }

  @Test
  void namesTheKindOfAForeignFailure() {
    assertThat(ErrorParagraph.of(new RuntimeException(new java.io.IOException("disk full"))))
        .isEqualTo("instructor: IOException: disk full");
  }

  @Test
  void showsNoControlCharactersAndNoEndlessText() {
    String message =
        ErrorParagraph.of(new IllegalArgumentException("\u001b[31mred" + "x".repeat(9000)));
    assertThat(message).contains("\\u001b[31mred").doesNotContain("\u001b").hasSizeLessThan(2100);
  }

  @Test
  void survivesFailuresWithoutAMessage() {
    assertThat(ErrorParagraph.of(new NullPointerException())).contains("NullPointerException");
  }

  @Test
  void showsNoSecrets() {
    assertThat(ErrorParagraph.of(new IllegalArgumentException("no s3a://id:secret@bucket/a.csv")))
        .isEqualTo("instructor: no s3a://***@bucket/a.csv");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.", "a://", "a-"})
  @Timeout(10)
  void takesNoTimeOverLongMessages(String part) {
    String paragraph = ErrorParagraph.of(new IllegalArgumentException(part.repeat(500_000)));
    assertThat(paragraph).contains(part).hasSizeLessThan(2_100);
  }
}
