package io.instructorspark.job.rows;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Names that somebody who wrote another name may have meant. */
public final class Spelling {
  private static final int SUGGESTIONS = 3;

  private Spelling() {}

  /**
   * At most three of the names that look like the wanted one, the likest first; none where none
   * does. Letter case and surrounding space do not count.
   */
  public static List<String> near(String wanted, List<String> names) {
    return names.stream()
        .filter(name -> alike(wanted, name))
        .sorted(Comparator.comparingInt(name -> distance(wanted, name)))
        .limit(SUGGESTIONS)
        .toList();
  }

  private static boolean alike(String wanted, String name) {
    String shorter = wanted.length() < name.length() ? wanted : name;
    String longer = wanted.length() < name.length() ? name : wanted;
    boolean begins =
        shorter.length() >= 3 && longer.toLowerCase(Locale.ROOT).startsWith(lower(shorter));
    return begins || distance(wanted, name) <= Math.max(1, wanted.length() / 3);
  }

  private static int distance(String one, String other) {
    return LevenshteinDistance.getDefaultInstance().apply(lower(one), lower(other));
  }

  private static String lower(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
