package io.instructorspark.job.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that was scored, and averages of it.
 *
 * @param tasks in the order of their names
 * @param models in the order they were given
 * @param variants of the instructions, in the order of tables
 */
record Results(
    List<TaskSpec> tasks, List<String> models, List<String> variants, List<Result> all, long seed) {

  /** A model under a variant: a column of a table. */
  record Side(String model, String variant) {
    /** As a table calls it, where there are several models. */
    String named(boolean several) {
      return several ? model + " " + variant : variant;
    }
  }

  /** One side less another. */
  record Contrast(Side side, Side against) {
    String label() {
      return side.model().equals(against.model())
          ? "%s − %s".formatted(side.variant(), against.variant())
          : "%s − %s, %s".formatted(side.model(), against.model(), side.variant());
    }
  }

  /** All sides. */
  List<Side> sides() {
    return models.stream()
        .flatMap(model -> variants.stream().map(variant -> new Side(model, variant)))
        .toList();
  }

  /**
   * The differences that are told: with instructions less without and less wrong, model by model.
   */
  List<Contrast> contrasts() {
    List<Contrast> all = new ArrayList<>();
    for (String model : models) {
      for (String control : List.of(Variant.NONE, Variant.WRONG)) {
        if (variants.contains(Variant.OWN) && variants.contains(control)) {
          all.add(new Contrast(new Side(model, Variant.OWN), new Side(model, control)));
        }
      }
    }
    for (String model : models.subList(1, models.size())) {
      for (String variant : variants) {
        all.add(new Contrast(new Side(model, variant), new Side(models.get(0), variant)));
      }
    }
    return all;
  }

  /** The categories of the tasks, in their usual order. */
  List<Category> categories() {
    return Arrays.stream(Category.values()).filter(one -> !in(one).isEmpty()).toList();
  }

  /** The tasks of a category. */
  List<TaskSpec> in(Category category) {
    return tasks.stream().filter(task -> task.category() == category).toList();
  }

  /** One result; empty where a task has no such variant. */
  Optional<Result> of(TaskSpec task, Side side) {
    return all.stream()
        .filter(
            one ->
                one.task().name().equals(task.name())
                    && one.model().equals(side.model())
                    && one.variant().name().equals(side.variant()))
        .findFirst();
  }

  /** A side on a task, which must have been scored. */
  Function<TaskSpec, Sample> on(Side side) {
    return task -> of(task, side).orElseThrow().sample();
  }

  /** A contrast on a task, paired by item. */
  Function<TaskSpec, Sample> on(Contrast contrast) {
    return task -> on(contrast.side()).apply(task).minus(on(contrast.against()).apply(task));
  }

  /** The mean over tasks, items and tasks resampled. */
  Sample over(List<TaskSpec> some, Function<TaskSpec, Sample> scored) {
    return Sample.overTasks(
        some.stream().map(scored).toList(),
        31 * seed + some.stream().map(TaskSpec::name).toList().hashCode());
  }

  /** The mean of the categories' means. */
  Sample overCategories(Function<TaskSpec, Sample> scored) {
    return Sample.mean(categories().stream().map(category -> over(in(category), scored)).toList());
  }

  /** By level and name: each task, each category, and both means over all. */
  Map<List<String>, Sample> levels(Function<TaskSpec, Sample> scored) {
    Map<List<String>, Sample> levels = new LinkedHashMap<>();
    tasks.forEach(task -> levels.put(List.of("task", task.name()), scored.apply(task)));
    categories()
        .forEach(one -> levels.put(List.of("category", one.label()), over(in(one), scored)));
    levels.put(List.of("mean_over_tasks", "all"), over(tasks, scored));
    levels.put(List.of("mean_over_categories", "all"), overCategories(scored));
    return levels;
  }
}
