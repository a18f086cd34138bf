package io.instructorspark.job.evaluate;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tasks of a folder.
 *
 * @param all in the order of their names
 * @param chosen some of them, one at least
 */
record Suite(Path folder, List<TaskSpec> all, List<TaskSpec> chosen) {
  private static final int MOST_TASKS = 1_000;

  /**
   * Reads every YAML file of a folder, and checks it.
   *
   * @throws EvaluateException if there is none, or two tasks have one name
   * @throws io.instructorspark.job.yaml.YamlException if one is not as expected
   */
  static Suite read(Path folder) {
    List<TaskSpec> tasks = new ArrayList<>();
    Map<String, Path> names = new HashMap<>();
    for (Path file : files(folder)) {
      TaskSpec task = TaskFile.read(file);
      Path first = names.putIfAbsent(task.name(), file);
      if (first != null) {
        throw new EvaluateException(
            "%s and %s both hold a task '%s'; give one of them another name"
                .formatted(first, file, task.name()));
      }
      tasks.add(task);
    }
    tasks.sort(Comparator.comparing(TaskSpec::name));
    return new Suite(folder, List.copyOf(tasks), List.copyOf(tasks));
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new EvaluateException(
          "--suite %s is no folder; expected one that holds a YAML file for each task"
              .formatted(folder));
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files =
          entries
              .filter(file -> file.getFileName().toString().matches("[^.].*\\.ya?ml"))
              .sorted()
              .limit(MOST_TASKS + 1)
              .toList();
      if (files.isEmpty() || files.size() > MOST_TASKS) {
        throw new EvaluateException(
            "--suite %s holds %s; expected a file *.yaml for each task, at most %,d"
                .formatted(folder, files.isEmpty() ? "no task" : "too many tasks", MOST_TASKS));
      }
      return files;
    } catch (IOException e) {
      throw new EvaluateException("--suite %s cannot be listed: %s".formatted(folder, e));
    }
  }

  /**
   * The same tasks, of which only some are scored.
   *
   * @param globs of names; none for all
   * @param categories none for all
   * @throws IllegalArgumentException if a glob fits no task, or nothing is left
   */
  Suite only(List<String> globs, Set<Category> categories) {
    List<PathMatcher> wanted = new ArrayList<>();
    for (String glob : globs) {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      if (all.stream().noneMatch(task -> matcher.matches(Path.of(task.name())))) {
        throw new IllegalArgumentException(
            "no task of %s is called %s; there are %s"
                .formatted(
                    folder, glob, String.join(", ", all.stream().map(TaskSpec::name).toList())));
      }
      wanted.add(matcher);
    }
    List<TaskSpec> some =
        all.stream()
            .filter(task -> categories.isEmpty() || categories.contains(task.category()))
            .filter(
                task ->
                    wanted.isEmpty()
                        || wanted.stream().anyMatch(one -> one.matches(Path.of(task.name()))))
            .toList();
    if (some.isEmpty()) {
      throw new IllegalArgumentException(
          "no task of %s is of the categories and names that are asked for".formatted(folder));
    }
    return new Suite(folder, all, some);
  }

  /**
   * The same, with domains that the user names.
   *
   * @param domains by name of task
   * @throws IllegalArgumentException if there is no such task
   */
  Suite withDomains(Map<String, String> domains) {
    for (String name : domains.keySet()) {
      if (all.stream().noneMatch(task -> task.name().equals(name))) {
        throw new IllegalArgumentException(
            "--domain %s=%s names no task of %s".formatted(name, domains.get(name), folder));
      }
    }
    return new Suite(folder, named(all, domains), named(chosen, domains));
  }

  private static List<TaskSpec> named(List<TaskSpec> tasks, Map<String, String> domains) {
    return tasks.stream()
        .map(
            task ->
                domains.containsKey(task.name()) ? task.withDomain(domains.get(task.name())) : task)
        .toList();
  }
}
