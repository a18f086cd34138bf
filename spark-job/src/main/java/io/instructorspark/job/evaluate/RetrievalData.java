package io.instructorspark.job.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Queries against a corpus: nDCG of the ten nearest documents, the mean over queries that have a
 * relevant one. The corpus stays where it lies.
 *
 * @param judged gains of documents by query; every query has a document that gains something
 */
record RetrievalData(
    DataFile file,
    Dataset<Row> corpus,
    Map<String, String> queries,
    Map<String, Map<String, Double>> judged,
    int without)
    implements TaskData {

  static RetrievalData read(SparkSession session, TaskSpec task) {
    Map<String, String> queries = queries(session, task);
    Map<String, Map<String, Double>> judged = judged(session, task, queries);
    DataFile file = DataFile.open(session, task, "corpus", "id", "text").optional("title");
    try {
      int all = queries.size();
      queries.keySet().retainAll(judged.keySet());
      return new RetrievalData(file, file.corpus(), queries, judged, all - queries.size());
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Map<String, String> queries(SparkSession session, TaskSpec task) {
    try (DataFile file = DataFile.open(session, task, "queries", "id", "text")) {
      Map<String, String> queries = new LinkedHashMap<>();
      for (Row row : file.read()) {
        if (queries.put(row.getString(0), row.getString(1)) != null) {
          throw file.unfit("two rows have the id '%s'".formatted(row.getString(0)));
        }
      }
      return queries;
    }
  }

  private static Map<String, Map<String, Double>> judged(
      SparkSession session, TaskSpec task, Map<String, String> queries) {
    try (DataFile file = DataFile.open(session, task, "qrels", "query", "doc").number("score")) {
      Map<String, Map<String, Double>> judged = new HashMap<>();
      for (Row row : file.read()) {
        if (queries.containsKey(row.getString(0)) && row.getDouble(2) > 0) {
          judged
              .computeIfAbsent(row.getString(0), unused -> new HashMap<>())
              .merge(row.getString(1), row.getDouble(2), Math::max);
        }
      }
      if (judged.isEmpty()) {
        throw file.unfit("no query of the task has a document with a score above 0");
      }
      return judged;
    }
  }

  @Override
  public String leftOut() {
    return without == 0
        ? ""
        : "%,d queries without a relevant document are left out".formatted(without);
  }

  @Override
  public int rows() {
    return queries.size();
  }

  @Override
  public Scored score(Embedding embedding, Variant variant) {
    Dataset<Row> documents = embedding.of(corpus, variant.instruction("document"));
    Dataset<Row> asked = embedding.of(queries, variant.instruction("query"));
    Nearest nearest =
        file.reading(() -> Nearest.of(documents, asked, DiscountedGain.PLACES, false));
    List<Double> gains = new ArrayList<>();
    for (String query : queries.keySet()) {
      gains.add(DiscountedGain.of(nearest.ids().getOrDefault(query, List.of()), judged.get(query)));
    }
    return Scored.of(
        new MeanOutcome(gains.stream().mapToDouble(Double::doubleValue).toArray()),
        nearest.missing());
  }

  @Override
  public void close() {
    file.close();
  }
}
