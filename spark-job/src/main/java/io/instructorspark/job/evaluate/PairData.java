package io.instructorspark.job.evaluate;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Pairs of texts with a score: how alike they are (STS), or whether they belong together. */
record PairData(Texts texts, int[] first, int[] second, double[] scores, boolean sts)
    implements TaskData {
  private static final String ROLE = "text";

  static PairData read(SparkSession session, TaskSpec task) {
    boolean sts = task.category() == Category.STS;
    try (DataFile file = DataFile.open(session, task, "pairs", "a", "b").number("score")) {
      List<Row> rows = file.read();
      Texts texts = new Texts();
      int[] first = texts.add(ROLE, rows.stream().map(row -> row.getString(0)).toList());
      int[] second = texts.add(ROLE, rows.stream().map(row -> row.getString(1)).toList());
      double[] scores = rows.stream().mapToDouble(row -> row.getDouble(2)).toArray();
      long different = rows.stream().map(row -> row.getDouble(2)).distinct().count();
      if (sts && different < 2) {
        throw file.unfit("all scores are equal, so nothing can be told from them");
      }
      if (!sts && !(different == 2 && Arrays.stream(scores).allMatch(one -> one * one == one))) {
        throw file.unfit("'score' must be 0 or 1, and both must be there");
      }
      return new PairData(texts, first, second, scores, sts);
    }
  }

  @Override
  public int rows() {
    return texts.size();
  }

  @Override
  public Scored score(Embedding embedding, Variant variant) {
    Vectors vectors = embedding.of(texts, variant);
    double[] cosines = new double[scores.length];
    boolean[] together = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      cosines[i] = vectors.cosine(first[i], second[i]);
      together[i] = scores[i] == 1;
    }
    return Scored.of(
        sts
            ? Correlation.of(Correlation.Kind.SPEARMAN, cosines, scores)
            : new AveragePrecision(cosines, together),
        vectors.missing());
  }
}
