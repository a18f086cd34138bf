package io.instructorspark.job.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Examples for prompts: of the test rows, the share whose nearest training row has the same label
 * (template). The training rows' mean is taken off all vectors first (paper section 3).
 */
record PromptData(List<Row> train, List<Row> test) implements TaskData {
  private static final String ROLE = "text";

  static PromptData read(SparkSession session, TaskSpec task) {
    return new PromptData(rows(session, task, "train"), rows(session, task, "test"));
  }

  private static List<Row> rows(SparkSession session, TaskSpec task, String role) {
    try (DataFile file = DataFile.open(session, task, role, ROLE, "label")) {
      return file.read();
    }
  }

  @Override
  public int rows() {
    return train.size() + test.size();
  }

  @Override
  public Scored score(Embedding embedding, Variant variant) {
    String instruction = variant.instruction(ROLE);
    Dataset<Row> pool = embedding.of(texts(train), instruction);
    Dataset<Row> asked = embedding.of(texts(test), instruction);
    Nearest nearest = Nearest.of(pool, asked, 1, true);
    double[] right = new double[test.size()];
    for (int i = 0; i < right.length; i++) {
      String label = test.get(i).getString(1);
      right[i] =
          nearest.ids().getOrDefault(id(i), List.of()).stream()
              .filter(id -> train.get(Integer.parseInt(id)).getString(1).equals(label))
              .count();
    }
    return Scored.of(new MeanOutcome(right), nearest.missing());
  }

  private static Map<String, String> texts(List<Row> rows) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      texts.put(id(i), rows.get(i).getString(0));
    }
    return texts;
  }

  /** Equal similarities are ordered by id, so that ids are ordered as rows are. */
  private static String id(int row) {
    return "%06d".formatted(row);
  }
}
