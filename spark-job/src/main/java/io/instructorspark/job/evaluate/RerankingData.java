package io.instructorspark.job.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Queries with candidates that answer them and candidates that do not: the mean over queries of the
 * average precision. Queries without one or the other can only be right, and are left out, as in
 * MTEB.
 */
record RerankingData(
    Texts texts, int[] queries, List<int[]> positives, List<int[]> negatives, int without)
    implements TaskData {
  private static final String QUERY = "query";
  private static final String DOCUMENT = "document";

  static RerankingData read(SparkSession session, TaskSpec task) {
    try (DataFile file =
        DataFile.open(session, task, "candidates", QUERY).texts("positives").texts("negatives")) {
      List<Row> rows = file.read();
      List<Row> judged =
          rows.stream()
              .filter(row -> !row.getList(1).isEmpty() && !row.getList(2).isEmpty())
              .toList();
      if (judged.isEmpty()) {
        throw file.unfit("no query has both positives and negatives");
      }
      Texts texts = new Texts();
      List<int[]> positives = new ArrayList<>();
      List<int[]> negatives = new ArrayList<>();
      for (Row row : judged) {
        positives.add(texts.add(DOCUMENT, row.getList(1)));
        negatives.add(texts.add(DOCUMENT, row.getList(2)));
      }
      int[] queries = texts.add(QUERY, judged.stream().map(row -> row.getString(0)).toList());
      return new RerankingData(texts, queries, positives, negatives, rows.size() - judged.size());
    }
  }

  @Override
  public String leftOut() {
    return without == 0
        ? ""
        : "%,d queries without positives or without negatives are left out".formatted(without);
  }

  @Override
  public int rows() {
    return texts.size();
  }

  @Override
  public Scored score(Embedding embedding, Variant variant) {
    Vectors vectors = embedding.of(texts, variant);
    double[] precisions = new double[queries.length];
    for (int i = 0; i < queries.length; i++) {
      int query = queries[i];
      int right = positives.get(i).length;
      double[] cosines =
          IntStream.concat(Arrays.stream(positives.get(i)), Arrays.stream(negatives.get(i)))
              .mapToDouble(one -> vectors.cosine(query, one))
              .toArray();
      boolean[] relevant = new boolean[cosines.length];
      Arrays.fill(relevant, 0, right, true);
      precisions[i] = new AveragePrecision(cosines, relevant).score();
    }
    return Scored.of(new MeanOutcome(precisions), vectors.missing());
  }
}
