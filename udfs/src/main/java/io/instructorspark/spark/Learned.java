package io.instructorspark.spark;

import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What a classifier has taken from the rows that it learned from. */
sealed interface Learned permits LinearClasses, NeighborClasses {
  /**
   * Adds a column of {@link ClassScore}, null where a row's vector has no direction.
   *
   * @param vectors a column of the rows
   */
  Dataset<Row> scored(Dataset<Row> rows, VectorColumn vectors, String column);

  /** How many steps it took to learn. */
  int iterations();

  /** Whether learning came to its end. */
  boolean converged();

  /** Writes it below a folder of its own. */
  void save(SparkSession session, String folder) throws IOException;

  /** Lets executors forget what they keep of it. */
  void forget();
}
