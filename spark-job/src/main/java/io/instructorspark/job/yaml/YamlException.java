package io.instructorspark.job.yaml;

/**
 * Settings that are not as expected. The message names the file and the key, says what was expected
 * and how to mend it, and can be shown to the user as it is.
 */
public final class YamlException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  YamlException(String message, Throwable cause) {
    super(message, cause);
  }
}
