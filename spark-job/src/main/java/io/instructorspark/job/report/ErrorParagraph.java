package io.instructorspark.job.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One readable paragraph from an exception: the message that was written for the user, wherever it
 * sits in the chain.
 */
public final class ErrorParagraph {
  private static final String OURS = "io.instructorspark.";

  private static final int LONGEST = 2_000;

  /** Looking for secrets takes the square of this time; far more than is shown, to cut none. */
  private static final int LONGEST_READ = 4 * LONGEST;

  /** How Spark quotes an exception of an executor whose class did not travel. */
  private static final Pattern QUOTED =
      Pattern.compile(
          "io\\.instructorspark\\.[\\w.]+Exception: (.+?)(?=\\R\\s*at |\\z)", Pattern.DOTALL);

  private ErrorParagraph() {}

  /**
   * The deepest message of ours; without one, the deepest that says anything, with its kind.
   * Without {@link Secrets}.
   */
  public static String of(Throwable failure) {
    String message = message(failure);
    String shown = message.substring(0, Math.min(message.length(), LONGEST_READ));
    return readable(Secrets.redacted(shown));
  }

  /** A message that was written for the user. Without {@link Secrets}. */
  public static String saying(String message) {
    return readable(Secrets.redacted("instructor: " + message.strip()));
  }

  /** What a terminal shows safely: control characters as their numbers, and not endlessly much. */
  private static String readable(String message) {
    StringBuilder text = new StringBuilder();
    message
        .codePoints()
        .limit(LONGEST)
        .forEach(
            p -> {
              if (Character.isISOControl(p) && p != '\n') {
                text.append("\\u%04x".formatted(p));
              } else {
                text.appendCodePoint(p);
              }
            });
    return message.codePointCount(0, message.length()) > LONGEST ? text + " …" : text.toString();
  }

  private static String message(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    for (int i = chain.size() - 1; i >= 0; i--) {
      Throwable t = chain.get(i);
      if (t.getMessage() != null && t.getClass().getName().startsWith(OURS)) {
        return "instructor: " + t.getMessage().strip();
      }
    }
    for (int i = chain.size() - 1; i >= 0; i--) {
      Matcher quoted = QUOTED.matcher(String.valueOf(chain.get(i).getMessage()));
      if (quoted.find()) {
        return "instructor: " + quoted.group(1).strip();
      }
    }
    Throwable root = chain.get(chain.size() - 1);
    for (int i = chain.size() - 1; i > 0 && root.getMessage() == null; i--) {
      root = chain.get(i - 1);
    }
    return root instanceof IllegalArgumentException && root.getMessage() != null
        ? "instructor: " + root.getMessage().strip()
        : "instructor: %s: %s"
            .formatted(root.getClass().getSimpleName(), firstLines(root.getMessage()));
  }

  private static String firstLines(String message) {
    return message == null
        ? "no message"
        : String.join(
            " ", message.lines().map(String::strip).filter(l -> !l.isEmpty()).limit(3).toList());
  }
}
