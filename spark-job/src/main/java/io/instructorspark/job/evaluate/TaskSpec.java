package io.instructorspark.job.evaluate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a task's YAML says, checked.
 *
 * @param name told apart from other tasks by it
 * @param files by role, all there
 * @param instructions by role, one for each of the category's roles
 * @param paraphrases of instructions by role; roles without any are left out
 * @param domain what its texts are of, for the analysis of shift
 */
record TaskSpec(
    String name,
    Category category,
    Procedure procedure,
    Map<String, Path> files,
    Map<String, String> instructions,
    Map<String, List<String>> paraphrases,
    Optional<String> domain) {
  TaskSpec {
    files = Map.copyOf(files);
    instructions = Map.copyOf(instructions);
    paraphrases = Map.copyOf(paraphrases);
  }

  /** The same, of another domain. */
  TaskSpec withDomain(String other) {
    return new TaskSpec(
        name, category, procedure, files, instructions, paraphrases, Optional.of(other));
  }
}
