package io.instructorspark.job.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Triplets of a text, one that is like it in one view, and one that is like it in the other: under
 * the instruction of a view, the text must be nearer to the one that is like it in that view. The
 * score is the mean of both views; vectors that heed no instruction come to one half. Its parts say
 * how often a view is right under its own instruction, and under the other view's.
 */
record MultiViewData(List<String> texts, int[] anchors, int[] firsts, int[] seconds)
    implements TaskData {
  private static final List<String> VIEWS = List.of("view1", "view2");

  static MultiViewData read(SparkSession session, TaskSpec task) {
    try (DataFile file =
        DataFile.open(session, task, "triplets", "a", "same_view1", "same_view2")) {
      List<Row> rows = file.read();
      Texts texts = new Texts();
      int[][] places = new int[3][];
      for (int i = 0; i < 3; i++) {
        int column = i;
        places[i] = texts.add("", rows.stream().map(row -> row.getString(column)).toList());
      }
      return new MultiViewData(
          texts.all().stream().map(Texts.Text::text).toList(), places[0], places[1], places[2]);
    }
  }

  @Override
  public int rows() {
    return texts.size();
  }

  @Override
  public Scored score(Embedding embedding, Variant variant) {
    Texts both = new Texts();
    VIEWS.forEach(view -> both.add(view, texts));
    Vectors vectors = embedding.of(both, variant);
    double[] under1 = nearerToFirst(vectors, 0);
    double[] under2 = nearerToFirst(vectors, texts.size());
    double[] right = new double[anchors.length];
    double[] second1 = new double[anchors.length];
    double[] second2 = new double[anchors.length];
    for (int i = 0; i < right.length; i++) {
      second1[i] = 1 - under1[i];
      second2[i] = 1 - under2[i];
      right[i] = (under1[i] + second2[i]) / 2;
    }
    Map<String, Outcome> parts = new LinkedHashMap<>();
    parts.put("view1_under_view1", new MeanOutcome(under1));
    parts.put("view1_under_view2", new MeanOutcome(under2));
    parts.put("view2_under_view2", new MeanOutcome(second2));
    parts.put("view2_under_view1", new MeanOutcome(second1));
    return new Scored(new MeanOutcome(right), parts, vectors.missing());
  }

  /**
   * 1 for each triplet whose text is nearer to what is like it in the first view, one half where
   * both are equally near.
   *
   * @param from place of the first text under the instruction
   */
  private double[] nearerToFirst(Vectors vectors, int from) {
    double[] nearer = new double[anchors.length];
    for (int i = 0; i < nearer.length; i++) {
      double first = vectors.cosine(from + anchors[i], from + firsts[i]);
      double second = vectors.cosine(from + anchors[i], from + seconds[i]);
      nearer[i] = first > second ? 1 : first < second ? 0 : 0.5;
    }
    return nearer;
  }
}
