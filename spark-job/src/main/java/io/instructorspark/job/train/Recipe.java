package io.instructorspark.job.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to train, on which data and how: a YAML file, read whole and checked before anything runs.
 *
 * @param folder where the recipe lies; its relative paths begin there
 * @param model what training starts from
 * @param data at least one
 * @param evaluation what is held out and scored during the run
 * @param exclude globs of evaluation files, none of whose texts may be trained on
 * @param training the run itself
 */
record Recipe(
    Path folder,
    StartingModel model,
    List<DataSource> data,
    Optional<HeldOut> evaluation,
    List<String> exclude,
    RecipeSettings training) {
  Recipe {
    data = List.copyOf(data);
    exclude = List.copyOf(exclude);
  }

  /**
   * Reads a recipe.
   *
   * @throws io.instructorspark.job.yaml.YamlException if it is none; the message names file and key
   */
  static Recipe read(Path file) {
    return RecipeReader.read(file);
  }
}
