package io.instructorspark.job.train;

import io.instructorspark.engine.training.Negatives;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One entry of a recipe's {@code data}: files of one kind, and how they are trained on.
 *
 * @param files globs of files or folders; empty: everything that {@code --data} names
 * @param format empty: told from the columns
 * @param instructions what is put before the texts
 * @param paraphrases for an instruction, others that mean the same and take its place at times
 * @param share how much is drawn from it, and when
 * @param negatives what a query has to be told from
 */
record DataSource(
    List<String> files,
    Optional<RecordFormat> format,
    Instructions instructions,
    Map<String, List<String>> paraphrases,
    TaskShare share,
    Negatives negatives) {
  DataSource {
    files = List.copyOf(files);
    paraphrases = Map.copyOf(paraphrases);
  }
}
