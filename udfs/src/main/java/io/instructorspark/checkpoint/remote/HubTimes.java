package io.instructorspark.checkpoint.remote;

import java.io.InterruptedIOException;
import java.io.Serializable;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a client of the hub waits.
 *
 * @param answer for a connection, and for the answer to a question about a file
 * @param transfer for the next bytes of a file
 * @param pause before the second attempt; doubled before each further one
 * @param longestPause bounds a pause, whoever asks for it
 */
record HubTimes(Duration answer, Duration transfer, Duration pause, Duration longestPause)
    implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(HubTimes.class);
  private static final int LONGEST_SECONDS = 24 * 60 * 60;

  static final HubTimes DEFAULT =
      new HubTimes(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofMillis(500),
          Duration.ofSeconds(30));

  HubTimes withAnswer(Duration newAnswer) {
    return new HubTimes(newAnswer, transfer, pause, longestPause);
  }

  HubTimes withTransfer(Duration newTransfer) {
    return new HubTimes(answer, newTransfer, pause, longestPause);
  }

  /**
   * Pauses before the next attempt.
   *
   * @param attempts how many have failed in a row
   * @throws InterruptedIOException if this thread is interrupted
   */
  void rest(int attempts, HubException reason) throws InterruptedIOException {
    Duration rest = reason.retryAfter().orElse(pause.multipliedBy(1L << Math.min(attempts - 1, 9)));
    long millis = Math.min(rest.toMillis(), longestPause.toMillis());
    LOG.info("another attempt in {} ms: {}", millis, reason.getMessage());
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before another attempt");
    }
  }

  /**
   * Seconds as the hub's Python client takes them: whole, with 0 for the default.
   *
   * @param variable the environment variable, for the error
   */
  static Duration seconds(String variable, String value, Duration byDefault) {
    try {
      int seconds = Integer.parseInt(value);
      if (seconds >= 0 && seconds <= LONGEST_SECONDS) {
        return seconds == 0 ? byDefault : Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(refusal(variable, value), e);
    }
    throw new IllegalArgumentException(refusal(variable, value));
  }

  private static String refusal(String variable, String value) {
    return "%s must be whole seconds from 0 (default) to %d, got \"%s\""
        .formatted(variable, LONGEST_SECONDS, value);
  }
}
