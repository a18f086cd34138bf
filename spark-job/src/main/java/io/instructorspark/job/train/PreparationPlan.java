package io.instructorspark.job.train;

import io.instructorspark.checkpoint.remote.Sha256;
import io.instructorspark.engine.training.Negatives;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;

/**
 * What a preparation reads and by which rules.
 *
 * @param sources entries of the recipe: those of {@code data}, then {@code evaluation}
 * @param trained how many of them are trained on
 * @param exclude the files of evaluations
 * @param seed that shuffles and pairs
 * @param onBad what a bad record does
 */
record PreparationPlan(
    List<Source> sources,
    int trained,
    List<DataPlaces.Match> exclude,
    long seed,
    OnBadRecord onBad) {

  /**
   * An entry and its files.
   *
   * @param data the entry
   * @param matches its files and folders
   */
  record Source(DataSource data, List<DataPlaces.Match> matches) {
    TaskWriter.Rule rule() {
      return new TaskWriter.Rule(data.share().limit(), data.negatives() == Negatives.OWN);
    }
  }

  /**
   * Looks for the files.
   *
   * @throws PreparationException if an entry names none
   */
  static PreparationPlan of(Recipe recipe, DataPlaces places, OnBadRecord onBad) {
    List<Source> sources = new ArrayList<>();
    for (int i = 0; i < recipe.data().size(); i++) {
      DataSource data = recipe.data().get(i);
      sources.add(new Source(data, places.find(data.files(), "data[%d].files".formatted(i))));
    }
    recipe
        .evaluation()
        .ifPresent(
            held ->
                sources.add(
                    new Source(held.data(), places.find(held.data().files(), "evaluation.files"))));
    return new PreparationPlan(
        List.copyOf(sources),
        recipe.data().size(),
        recipe.exclude().isEmpty() ? List.of() : places.find(recipe.exclude(), "exclude"),
        recipe.training().batches().seed(),
        onBad);
  }

  /** Whether a source is trained on; else it is held out. */
  boolean isTrained(int source) {
    return source < trained;
  }

  /**
   * A SHA-256 of all that decides what is prepared: rules, and each file's name, length and time.
   */
  String digest() {
    StringBuilder all = new StringBuilder();
    all.append(Prepared.FORMAT).append('\n').append(seed).append('\n').append(onBad).append('\n');
    for (Source source : sources) {
      DataSource data = source.data();
      all.append(data.format()).append(data.instructions()).append(data.share());
      all.append(data.negatives()).append('\n');
      files(source.matches()).forEach(file -> all.append(described(file)).append('\n'));
    }
    all.append(trained).append('\n');
    files(exclude).forEach(file -> all.append(described(file)).append('\n'));
    return Sha256.of(all.toString());
  }

  private static Stream<FileStatus> files(List<DataPlaces.Match> matches) {
    return matches.stream().flatMap(match -> match.files().stream());
  }

  private static String described(FileStatus file) {
    return "%s %d %d".formatted(file.getPath(), file.getLen(), file.getModificationTime());
  }
}
