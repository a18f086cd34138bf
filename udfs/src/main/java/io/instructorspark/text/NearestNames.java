package io.instructorspark.text;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names that somebody who wrote {@code wanted} may have meant. */
final class NearestNames {
  private static final int AT_MOST = 5;
  private static final int LONGEST = 64; // an instruction taken for a name can be a page long
  private static final int UNRELATED = Integer.MAX_VALUE;

  private final String wanted;

  NearestNames(String wanted) {
    this.wanted = PythonStrip.strip(cut(wanted)).toLowerCase(Locale.ROOT);
  }

  /**
   * Returns at most five of {@code names}, the nearest first; equally near ones keep their order.
   */
  List<String> among(List<String> names) {
    return names.stream()
        .filter(name -> distance(name) < UNRELATED)
        .sorted(Comparator.comparingInt(this::distance))
        .limit(AT_MOST)
        .toList();
  }

  /** Returns {@code name}, shortened where it is too long to be one. */
  static String cut(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "…";
  }

  /** Below 3 a slip or two; then names that begin alike, that hold each other, that are alike. */
  private int distance(String name) {
    if (wanted.isEmpty()) {
      return UNRELATED;
    }
    int edits = edits(wanted, name);
    if (edits <= 2) {
      return edits;
    }
    int shorter = Math.min(wanted.length(), name.length());
    if (edits(wanted.substring(0, shorter), name.substring(0, shorter)) <= shorter / 4) {
      return 3;
    }
    if (name.contains(wanted) || wanted.contains(name)) {
      return 4;
    }
    return edits <= shorter / 3 ? 4 + edits : UNRELATED;
  }

  /** Levenshtein distance: single letters inserted, removed or replaced. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
