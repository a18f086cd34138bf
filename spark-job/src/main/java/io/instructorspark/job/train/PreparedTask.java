package io.instructorspark.job.train;

import io.instructorspark.engine.training.Negatives;
import java.util.List;

/**
 * A task of a prepared folder.
 *
 * @param name unique in the folder
 * @param file its file there, a record a line in the order that the seed shuffled them to
 * @param records lines of the file
 * @param negatives how many of them have a negative
 * @param bytes length of the file
 * @param weight multiplies its share of the steps
 * @param from the share of the run after which it is drawn from
 * @param against which texts its queries have to be told from
 * @param source place of its entry in the recipe's {@code data}
 * @param files what it was read from, the first {@value #SHOWN_FILES}
 */
record PreparedTask(
    String name,
    String file,
    int records,
    int negatives,
    long bytes,
    double weight,
    double from,
    Negatives against,
    int source,
    List<String> files) {
  static final int SHOWN_FILES = 20;

  PreparedTask {
    files = List.copyOf(files);
  }
}
