package io.instructorspark.job.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Generated texts with people's references and scores: how the greatest cosine with a reference
 * goes with the score. Text generation is scored over all rows (Pearson). Summaries are scored
 * within each document and averaged over documents (Spearman), where a document has several; rows
 * of one {@code document}, or with the same references, are of one document.
 *
 * @param documents rows of each document that is scored; empty: all rows together
 */
record ReferenceData(
    Texts texts,
    int[] generated,
    List<int[]> references,
    double[] scores,
    List<int[]> documents,
    String leftOut,
    Correlation.Kind kind)
    implements TaskData {
  private static final String ROLE = "text";

  static ReferenceData read(SparkSession session, TaskSpec task) {
    boolean summaries = task.category() == Category.SUMMARISATION;
    String role = task.category().files().get(0);
    try (DataFile file =
        DataFile.open(session, task, role, "hyp")
            .texts("refs")
            .number("score")
            .optional("document")) {
      List<Row> rows = file.read();
      Texts texts = new Texts();
      int[] generated = texts.add(ROLE, rows.stream().map(row -> row.getString(0)).toList());
      List<int[]> references = new ArrayList<>();
      for (Row row : rows) {
        if (row.getList(1).isEmpty()) {
          throw file.unfit("row %,d has no reference".formatted(references.size() + 1));
        }
        references.add(texts.add(ROLE, row.getList(1)));
      }
      double[] scores = rows.stream().mapToDouble(row -> row.getDouble(2)).toArray();
      if (Arrays.stream(scores).distinct().count() < 2) {
        throw file.unfit("all scores are equal, so nothing can be told from them");
      }
      List<int[]> all = summaries ? documents(rows) : List.of();
      List<int[]> told = all.stream().filter(document -> tells(document, scores)).toList();
      boolean single = told.isEmpty();
      return new ReferenceData(
          texts,
          generated,
          references,
          scores,
          told,
          single || told.size() == all.size()
              ? ""
              : "%,d of %,d documents are left out, as they have one summary or one score"
                  .formatted(all.size() - told.size(), all.size()),
          summaries ? Correlation.Kind.SPEARMAN : Correlation.Kind.PEARSON);
    }
  }

  private static List<int[]> documents(List<Row> rows) {
    Map<Object, List<Integer>> byDocument = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      Object key = row.isNullAt(3) ? row.getList(1) : row.getString(3);
      byDocument.computeIfAbsent(key, unused -> new ArrayList<>()).add(i);
    }
    return byDocument.values().stream()
        .map(some -> some.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  private static boolean tells(int[] document, double[] scores) {
    return Arrays.stream(document).mapToDouble(i -> scores[i]).distinct().count() > 1;
  }

  @Override
  public int rows() {
    return texts.size();
  }

  @Override
  public Scored score(Embedding embedding, Variant variant) {
    Vectors vectors = embedding.of(texts, variant);
    double[] cosines = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      cosines[i] = vectors.nearest(generated[i], references.get(i));
    }
    Outcome outcome =
        documents.isEmpty()
            ? Correlation.of(kind, cosines, scores)
            : new MeanOutcome(
                documents.stream().mapToDouble(rows -> within(rows, cosines)).toArray());
    return Scored.of(outcome, vectors.missing());
  }

  private double within(int[] rows, double[] cosines) {
    return Correlation.of(
            kind,
            Arrays.stream(rows).mapToDouble(i -> cosines[i]).toArray(),
            Arrays.stream(rows).mapToDouble(i -> scores[i]).toArray())
        .score();
  }
}
