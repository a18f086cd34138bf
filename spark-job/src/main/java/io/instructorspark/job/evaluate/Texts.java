package io.instructorspark.job.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The texts of a task that are embedded and looked at on one machine, each once. */
final class Texts {
  /** As many are held at most, with their vectors. */
  static final int MOST = 250_000;

  private final Map<Text, Integer> places = new LinkedHashMap<>();

  /** A text in a role. */
  record Text(String role, String text) {}

  /**
   * Adds a text, if it is not there.
   *
   * @return its place
   * @throws EvaluateException if there are more than {@value #MOST}
   */
  int add(String role, String text) {
    int next = places.size();
    int place = places.computeIfAbsent(new Text(role, text), unused -> next);
    if (places.size() > MOST) {
      throw new EvaluateException(
          "a task has more than %,d distinct texts, which are held on one machine; take a sample of its rows"
              .formatted(MOST));
    }
    return place;
  }

  /** As {@link #add(String, String)}, for several. */
  int[] add(String role, List<String> texts) {
    return texts.stream().mapToInt(text -> add(role, text)).toArray();
  }

  /** How many there are. */
  int size() {
    return places.size();
  }

  /** All of them, by place. */
  List<Text> all() {
    return new ArrayList<>(places.keySet());
  }
}
