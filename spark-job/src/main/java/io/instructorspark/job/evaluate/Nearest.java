package io.instructorspark.job.evaluate;

import io.instructorspark.spark.NearestNeighbors;
import io.instructorspark.spark.NearestNeighborsModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The nearest rows of a corpus to some queries, compared with all of it where it lies; only ids
 * come to the driver.
 *
 * @param ids of the nearest by id of a query, the most similar first, equal ones by id
 * @param missing queries and rows of the corpus without a vector, which are near to nothing
 */
record Nearest(Map<String, List<String>> ids, Missing missing) {
  private static final String FOUND = "_evaluate_found";

  /**
   * Searches exactly.
   *
   * @param corpus with id and vector
   * @param queries with id and vector
   * @param centred whether the corpus' mean is taken off all vectors first
   */
  static Nearest of(Dataset<Row> corpus, Dataset<Row> queries, int k, boolean centred) {
    NearestNeighbors search =
        new NearestNeighbors()
            .setFeaturesCol(Embedding.VECTOR)
            .setIdCol(Embedding.ID)
            .setOutputCol(FOUND)
            .setK(k)
            .setAlgorithm("exact");
    if (centred) {
      search.setSimilarity("centered_cosine");
    }
    NearestNeighborsModel model = search.fit(corpus);
    try {
      return collected(model, queries);
    } finally {
      model.forget();
    }
  }

  private static Nearest collected(NearestNeighborsModel model, Dataset<Row> queries) {
    Map<String, List<String>> ids = new HashMap<>();
    long without = model.corpusRowsWithoutDirection();
    for (Row row :
        model
            .transform(queries)
            .selectExpr(Embedding.ID, "transform(%s, one -> one.id)".formatted(FOUND))
            .collectAsList()) {
      without += row.isNullAt(1) ? 1 : 0;
      ids.put(row.getString(0), row.isNullAt(1) ? List.of() : row.getList(1));
    }
    return new Nearest(
        ids, new Missing(without, without == 0 ? "" : "a vector that is null or zero"));
  }
}
