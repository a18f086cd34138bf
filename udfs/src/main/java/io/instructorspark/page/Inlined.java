package io.instructorspark.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A script or style of the class path, to stand in a page.
 *
 * @param source its text, with line feeds alone
 */
record Inlined(String source) {
  /** The library that draws the points; Apache-2.0. */
  static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.common.min.js";

  private static final List<String> ENDING = List.of("</script", "<script", "</style", "<!--");

  Inlined {
    String lower = source.toLowerCase(Locale.ROOT);
    for (String part : ENDING) {
      if (lower.contains(part)) {
        throw new IllegalArgumentException(
            "a script or style of a page must not hold %s, which would end it".formatted(part));
      }
    }
    if (source.indexOf('\r') >= 0 || source.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a script or style of a page must hold no carriage return and no NUL: a browser replaces them, and its digest is another then");
    }
  }

  /**
   * Reads one.
   *
   * @param resource absolute, or beside this class
   * @throws IllegalStateException if it is not on the class path
   */
  static Inlined of(String resource) {
    try (InputStream in = Inlined.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "%s is not on the class path; pages need it. Use all jars of the distribution (org.webjars:echarts among them), or the one jar"
                .formatted(resource));
      }
      return new Inlined(
          new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read".formatted(resource), e);
    }
  }

  /** Its source in a Content-Security-Policy. */
  String digest() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
      return "'sha256-%s'".formatted(Base64.getEncoder().encodeToString(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
