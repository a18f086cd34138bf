package io.instructorspark.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import scala.collection.Seq;

/**
 * Shares of the votes of a row's neighbours, each of which has one; what travels to executors. Of
 * labels with equally many, that one wins whose neighbours are more similar in sum, then the first.
 *
 * @param labels how many there are
 */
record Votes(int labels) implements UDF1<Seq<Row>, Row> {
  @Override
  public Row call(Seq<Row> neighbors) {
    if (neighbors == null || neighbors.isEmpty()) {
      return null;
    }
    int count = neighbors.length();
    double[] votes = new double[labels];
    double[] similarities = new double[labels];
    for (int i = 0; i < count; i++) {
      Row neighbor = neighbors.apply(i);
      int label = neighbor.getStruct(0).getInt(NeighborClasses.LABEL_PLACE);
      votes[label]++;
      similarities[label] += neighbor.getFloat(1);
    }
    int best = 0;
    for (int label = 0; label < labels; label++) {
      boolean better =
          votes[label] > votes[best]
              || votes[label] == votes[best] && similarities[label] > similarities[best];
      best = better ? label : best;
    }
    for (int label = 0; label < labels; label++) {
      votes[label] /= count;
    }
    return ClassScore.of(best, votes);
  }
}
