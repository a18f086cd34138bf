package io.instructorspark.job.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Labelled texts: accuracy of logistic regression on their vectors (paper section 3).
 *
 * @param labels of each row, from 0
 * @param text place of each row's text; -1 where no fit needs it
 */
record ClassificationData(Texts texts, int[] labels, int[] text, Fits fits, String leftOut)
    implements TaskData {
  private static final String ROLE = "text";
  private static final int MOST_LABELS = 1_000;
  private static final String TRAIN = "train";
  private static final String TEST = "test";

  static ClassificationData read(SparkSession session, TaskSpec task, ScoringSettings settings) {
    try (DataFile file = DataFile.open(session, task, "texts", ROLE, "label").optional("split")) {
      List<Row> rows = file.read();
      int[] labels = labels(file, rows.stream().map(row -> row.getString(1)).toList());
      Fits fits = fits(file, rows, labels, task.procedure(), settings);
      for (Fits.Fit fit : fits.all()) {
        if (Arrays.stream(fit.learned()).map(row -> labels[row]).distinct().count() < 2) {
          throw file.unfit("the rows to learn from have one label; two are needed at least");
        }
        if (fit.judged().length == 0) {
          throw file.unfit("no rows are left to judge; give more rows, or a column 'split'");
        }
      }
      Texts texts = new Texts();
      int[] text = new int[rows.size()];
      Arrays.fill(text, -1);
      int[] needed = fits.needed();
      for (int row : needed) {
        text[row] = texts.add(ROLE, rows.get(row).getString(0));
      }
      int idle = rows.size() - needed.length;
      return new ClassificationData(
          texts,
          labels,
          text,
          fits,
          idle == 0 ? "" : "%,d rows are neither learned from nor judged".formatted(idle));
    }
  }

  /**
   * Numbers in the order of the labels as text.
   *
   * @throws EvaluateException if there are more than {@value #MOST_LABELS}
   */
  static int[] labels(DataFile file, List<String> names) {
    Map<String, Integer> numbers = new HashMap<>();
    new TreeSet<>(names).forEach(name -> numbers.put(name, numbers.size()));
    if (numbers.size() > MOST_LABELS) {
      throw file.unfit(
          "it has %,d labels, and %,d at most can be told apart here; are they labels?"
              .formatted(numbers.size(), MOST_LABELS));
    }
    return names.stream().mapToInt(numbers::get).toArray();
  }

  private static Fits fits(
      DataFile file, List<Row> rows, int[] labels, Procedure procedure, ScoringSettings settings) {
    Set<String> splits = new HashSet<>();
    rows.forEach(row -> splits.add(row.getString(2)));
    boolean given = splits.contains(TRAIN) && splits.contains(TEST);
    if (!given
        && (procedure == Procedure.SPLIT || splits.contains(TRAIN) || splits.contains(TEST))) {
      throw file.unfit(
          "column 'split' has no rows of both 'train' and 'test' (it has %s)"
              .formatted(splits.stream().map(String::valueOf).sorted().limit(5).toList()));
    }
    return switch (procedure) {
      case FOLDS -> Fits.folds(byLabel(all(rows), labels), settings.seed());
      case SPLIT -> new Fits(List.of(new Fits.Fit(in(rows, TRAIN), in(rows, TEST))));
      case MTEB ->
          given
              ? Fits.draws(byLabel(in(rows, TRAIN), labels), in(rows, TEST), settings)
              : Fits.draws(byLabel(all(rows), labels), rows.size(), settings);
    };
  }

  private static int[] all(List<Row> rows) {
    return IntStream.range(0, rows.size()).toArray();
  }

  private static int[] in(List<Row> rows, String split) {
    return IntStream.range(0, rows.size())
        .filter(row -> split.equals(rows.get(row).getString(2)))
        .toArray();
  }

  private static List<List<Integer>> byLabel(int[] rows, int[] labels) {
    List<List<Integer>> byLabel = new ArrayList<>();
    for (int row : rows) {
      while (byLabel.size() <= labels[row]) {
        byLabel.add(new ArrayList<>());
      }
      byLabel.get(labels[row]).add(row);
    }
    return byLabel.stream().filter(some -> !some.isEmpty()).toList();
  }

  @Override
  public int rows() {
    return texts.size();
  }

  @Override
  public Scored score(Embedding embedding, Variant variant) {
    Vectors vectors = embedding.of(texts, variant);
    int[] items = fits.judged();
    byte[][] right =
        fits.all().parallelStream().map(fit -> right(fit, vectors, items)).toArray(byte[][]::new);
    return Scored.of(new FitsOutcome(right), vectors.missing());
  }

  private byte[] right(Fits.Fit fit, Vectors vectors, int[] items) {
    int[] learned = fit.learned();
    int[] known = Arrays.stream(learned).map(row -> labels[row]).distinct().sorted().toArray();
    LogisticFit model =
        LogisticFit.of(
            Arrays.stream(learned).mapToObj(row -> vectors.of(text[row])).toList(),
            Arrays.stream(learned).map(row -> Arrays.binarySearch(known, labels[row])).toArray(),
            known.length);
    byte[] right = new byte[items.length];
    Arrays.fill(right, FitsOutcome.NOT_JUDGED);
    for (int row : fit.judged()) {
      int predicted = known[model.predict(vectors.of(text[row]))];
      right[Arrays.binarySearch(items, row)] = (byte) (predicted == labels[row] ? 1 : 0);
    }
    return right;
  }
}
