package io.instructorspark.job.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes the instructions that a task is scored with.
 *
 * @param suite whose other tasks lend the wrong ones
 */
record Variants(Suite suite) {
  static final String TAG = "tag";
  static final String SIMPLE = "simple";
  private static final String PARAPHRASE = "paraphrase-";

  /** Where a suite has one category alone. */
  private static final String UNRELATED = "Represent the chess opening for naming its inventor: ";

  /** How the wrong instructions are chosen, for the reader of a result. */
  static final String WRONG_RULE =
      "that of the next task by name, from the first again after the last, whose category is another and whose instruction is not the task's own";

  static Variant own(TaskSpec task) {
    return new Variant(Variant.OWN, task.instructions(), "");
  }

  static Variant none(TaskSpec task) {
    return each(task, Variant.NONE, role -> "", "");
  }

  /** Those of another task: by role where it has the role, else its first role's. */
  Variant wrong(TaskSpec task) {
    List<TaskSpec> all = suite.all();
    int place = all.stream().map(TaskSpec::name).toList().indexOf(task.name());
    for (int i = 1; i < all.size(); i++) {
      TaskSpec other = all.get((place + i) % all.size());
      Variant lent =
          each(
              task,
              Variant.WRONG,
              role ->
                  other
                      .instructions()
                      .getOrDefault(
                          role, other.instructions().get(other.category().roles().get(0))),
              other.name());
      if (other.category() != task.category() && differs(lent, task)) {
        return lent;
      }
    }
    return each(
        task,
        Variant.WRONG,
        role -> UNRELATED,
        "no task, as the suite has none of another category");
  }

  private static boolean differs(Variant lent, TaskSpec task) {
    return lent.instructions().values().stream()
        .noneMatch(one -> task.instructions().containsValue(one));
  }

  /** The task's name alone. */
  static Variant tag(TaskSpec task) {
    return each(task, TAG, role -> InstructionParts.tag(task.name()), "the task's name");
  }

  /** Domain and text type; empty where an instruction is not of the usual form. */
  static Optional<Variant> simple(TaskSpec task) {
    Map<String, String> made = new LinkedHashMap<>();
    task.instructions()
        .forEach(
            (role, own) ->
                InstructionParts.of(own).ifPresent(parts -> made.put(role, parts.simple())));
    return made.size() == task.instructions().size()
        ? Optional.of(new Variant(SIMPLE, made, "domain and text type of the own one"))
        : Optional.empty();
  }

  /** Five, by the task's file or by rule; none where neither gives them for each role. */
  static List<Variant> paraphrases(TaskSpec task) {
    Map<String, List<String>> made = new LinkedHashMap<>();
    task.instructions()
        .forEach(
            (role, own) ->
                Optional.ofNullable(task.paraphrases().get(role))
                    .or(() -> InstructionParts.of(own).map(InstructionParts::paraphrases))
                    .ifPresent(some -> made.put(role, some)));
    List<Variant> all = new ArrayList<>();
    if (made.size() == task.instructions().size()) {
      for (int i = 0; i < TaskFile.PARAPHRASED; i++) {
        int at = i;
        all.add(
            each(
                task,
                paraphrase(i),
                role -> made.get(role).get(at),
                "other words for the own one"));
      }
    }
    return all;
  }

  static String paraphrase(int number) {
    return PARAPHRASE + (number + 1);
  }

  private static Variant each(
      TaskSpec task, String name, Function<String, String> instruction, String origin) {
    Map<String, String> instructions = new LinkedHashMap<>();
    task.category().roles().forEach(role -> instructions.put(role, instruction.apply(role)));
    return new Variant(name, instructions, origin);
  }
}
