package io.instructorspark.spark;

import io.instructorspark.spark.NearestNeighborsModel.Probing;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Measures which share of the exact neighbours of a sample of a corpus a search of cells finds. */
final class Recall {
  private static final int SAMPLE = 256;
  private static final String ID = "id";
  private static final String VECTOR = "vector";

  private final NearestNeighborsModel model;
  private final Dataset<Row> sample;
  private final List<float[]> exact;

  private static final int STEPS_BACK = 2;

  private Recall(NearestNeighborsModel model, Dataset<Row> sample) {
    this.model = model;
    this.sample = sample;
    this.exact = similarities(null);
  }

  /** Finds the exact neighbours of the sample, once. */
  static Recall of(NearestNeighborsModel model, CellFit fit) {
    Dataset<Row> rows = fit.sample(SAMPLE);
    SparkSession session = rows.sparkSession();
    return new Recall(model, session.createDataFrame(rows.collectAsList(), rows.schema()));
  }

  /** The share that is found in so many cells; 1 where there is nothing to find. */
  double of(JavaRDD<CorpusBlock> blocks, Cells cells, int probes) {
    List<float[]> found = similarities(new Probing(blocks, cells, probes, 0));
    long all = 0;
    long hits = 0;
    for (int i = 0; i < exact.size(); i++) {
      float[] wanted = exact.get(i);
      all += wanted.length;
      for (float similarity : found.get(i)) {
        hits += wanted.length > 0 && similarity >= wanted[wanted.length - 1] ? 1 : 0;
      }
    }
    return all == 0 ? 1 : (double) hits / all;
  }

  /** About the fewest cells that reach a share: those of a rising sequence, then halfway back. */
  Probing reaching(double share, JavaRDD<CorpusBlock> blocks, Cells cells) {
    int few = 0; // that do not reach it
    int probes = 1;
    double recall = of(blocks, cells, probes);
    while (recall < share && probes < cells.count()) {
      few = probes;
      int more = Integer.highestOneBit(probes) == probes ? probes / 2 : probes / 3;
      probes = Math.min(cells.count(), probes + Math.max(1, more));
      recall = of(blocks, cells, probes);
    }
    for (int step = 0; step < STEPS_BACK && probes - few > 1; step++) {
      int half = (few + probes) / 2;
      double less = of(blocks, cells, half);
      if (less >= share) {
        probes = half;
        recall = less;
      } else {
        few = half;
      }
    }
    return new Probing(blocks, cells, probes, recall);
  }

  /** In the sample's order. */
  private List<float[]> similarities(Probing in) {
    List<float[]> similarities = new ArrayList<>();
    for (Row row : model.ofSample(sample, ID, VECTOR, in).select("neighbors").collectAsList()) {
      List<Row> neighbors = row.isNullAt(0) ? List.of() : row.getList(0);
      float[] values = new float[neighbors.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = neighbors.get(i).getFloat(1);
      }
      similarities.add(values);
    }
    return similarities;
  }
}
