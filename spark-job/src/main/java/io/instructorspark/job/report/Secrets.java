package io.instructorspark.job.report;

import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps passwords, keys and tokens out of everything that is printed or written about a run. */
public final class Secrets {
  private static final String HIDDEN = "***";

  /** {@code a.b=value}, also behind {@code --conf=}: only a key with a dot is a setting. */
  private static final Pattern SETTING =
      Pattern.compile(
          "((?:--?[A-Za-z][\\w-]*=)?\\s*([\\w-]*\\.[\\w.\\-]*)\\s*=).*", Pattern.DOTALL);

  /** A Java option inside a setting. */
  private static final Pattern PROPERTY = Pattern.compile("(-D([\\w.\\-]+)=)(?:\"[^\"]*\"|\\S+)");

  private static final Pattern QUERY = Pattern.compile("([?&]([\\w.\\-]+)=)[^&#\\s\"']+");

  /**
   * Also a secret with slashes, which no URI may have; not a port, and not the container of {@code
   * abfss://container@account}.
   */
  private static final Pattern USER_INFO =
      Pattern.compile(
          "(?i)\\b((?!(?:abfs|wasb)s?://)[a-z][a-z0-9+.\\-]*://)(?:[^/\\s@]+|[^/\\s@:]+:(?!\\d+/)[^\\s@]*)@");

  private static final Pattern BETWEEN_WORDS = Pattern.compile("[._\\-]+|(?<=[a-z0-9])(?=[A-Z])");
  private static final Set<String> WORDS = Set.of("sas", "sig", "pwd");
  private static final Pattern ENDING =
      Pattern.compile(".*(?:key|secret|password|passwd|passphrase|token|credentials?|signature)");

  private Secrets() {}

  /**
   * A setting, a location or a message without the secrets in it: {@code key=***}, {@code
   * scheme://***@host}, {@code ?sig=***}. What is no secret stays as it is.
   */
  public static String redacted(String text) {
    Matcher setting = SETTING.matcher(text);
    if (setting.matches() && isSecret(setting.group(2))) {
      return setting.group(1) + HIDDEN;
    }
    String hosts =
        USER_INFO.matcher(text).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN + "@"));
    String properties = PROPERTY.matcher(hosts).replaceAll(Secrets::hidden);
    return properties.contains("://")
        ? QUERY.matcher(properties).replaceAll(Secrets::hidden)
        : properties;
  }

  private static String hidden(MatchResult found) {
    return Matcher.quoteReplacement(
        isSecret(found.group(2)) ? found.group(1) + HIDDEN : found.group());
  }

  private static boolean isSecret(String key) {
    return BETWEEN_WORDS
        .splitAsStream(key)
        .map(word -> word.toLowerCase(Locale.ROOT))
        .anyMatch(word -> WORDS.contains(word) || ENDING.matcher(word).matches());
  }
}
