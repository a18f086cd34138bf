package io.instructorspark.job.kmeans;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.evaluation.ClusteringEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * MLlib's k-means by cosine, from several starts for each number of clusters.
 *
 * @param range of numbers of clusters
 * @param seed of the first start; each other one has the next number
 * @param starts fits for each number of clusters, of which that of least cost is kept
 * @param maxIterations of a fit
 */
public record ClusterFit(ClusterRange range, long seed, int starts, int maxIterations) {
  /** A centre that moves by less than this cosine distance has come to rest. */
  private static final double TOLERANCE = 1e-6;

  /**
   * A later fit is better only by more than sums in another order differ by, so that the choice is
   * the same in every run.
   */
  private static final double BETTER = 1e-6;

  /** The column of unit vectors. */
  public static final String UNIT = "_input_unit";

  /** The column of a model's clusters. */
  public static final String PREDICTION = "_input_prediction";

  /**
   * One number of clusters.
   *
   * @param model the best fit
   * @param cost sum of the rows' cosine distances to their centres
   * @param clusters that have a row
   * @param silhouette mean over the rows, by cosine; empty where there is one cluster
   */
  public record Candidate(
      int k, KMeansModel model, double cost, int clusters, OptionalDouble silhouette) {}

  /**
   * What was tried.
   *
   * @param curve a candidate for each number of clusters
   * @param chosen the one with the highest silhouette, of equal ones the one with fewest clusters
   */
  public record Fitted(List<Candidate> curve, Candidate chosen) {}

  /**
   * Fits all that are to be tried. Runs jobs: of few rows, whose fits leave most cores idle,
   * several starts side by side.
   *
   * @param vectors unit vectors in column {@link #UNIT}, kept in memory, at least as many as
   *     clusters
   * @throws IllegalArgumentException if the vectors of a cluster cancel each other
   */
  public Fitted fit(Dataset<Row> vectors) {
    List<Candidate> curve = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(abreast(vectors));
    try {
      range.numbers().forEach(k -> curve.add(candidate(k, vectors, threads)));
    } finally {
      threads.shutdownNow();
    }
    Candidate chosen = curve.get(0);
    for (Candidate other : curve) {
      if (other.silhouette().orElse(-1) > chosen.silhouette().orElse(-1) + BETTER) {
        chosen = other;
      }
    }
    return new Fitted(List.copyOf(curve), chosen);
  }

  /** How many fits fill the cores. */
  private int abreast(Dataset<Row> vectors) {
    int cores = vectors.sparkSession().sparkContext().defaultParallelism();
    return Math.max(1, Math.min(starts, cores / Math.max(1, vectors.rdd().getNumPartitions())));
  }

  private Candidate candidate(int k, Dataset<Row> vectors, ExecutorService threads) {
    KMeansModel best = null;
    double least = Double.POSITIVE_INFINITY;
    Queue<Future<KMeansModel>> fits = new ArrayDeque<>();
    for (int start = 0; start < starts; start++) {
      long withSeed = seed + start;
      fits.add(threads.submit(() -> fitted(k, withSeed, vectors)));
    }
    while (!fits.isEmpty()) { // in the order of starts; a model that was looked at is let go
      KMeansModel model = of(fits.remove());
      double cost = model.summary().trainingCost();
      if (best == null || cost < least - BETTER * Math.max(least, 1)) {
        best = model;
        least = cost;
      }
    }
    int clusters =
        (int) Arrays.stream(best.summary().clusterSizes()).filter(size -> size > 0).count();
    return new Candidate(k, best, least, clusters, silhouette(best, vectors, clusters));
  }

  private static KMeansModel of(Future<KMeansModel> fit) {
    try {
      return fit.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException("k-means failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("k-means was interrupted", e);
    }
  }

  private KMeansModel fitted(int k, long withSeed, Dataset<Row> vectors) {
    KMeansModel model = stage(k, withSeed).fit(vectors);
    requireDirections(model);
    return model;
  }

  private KMeans stage(int k, long withSeed) {
    return new KMeans()
        .setK(k)
        .setSeed(withSeed)
        .setMaxIter(maxIterations)
        .setTol(TOLERANCE)
        .setSolver("block") // vectors of a model have no zeros to skip
        .setDistanceMeasure("cosine")
        .setFeaturesCol(UNIT)
        .setPredictionCol(PREDICTION);
  }

  private static void requireDirections(KMeansModel model) {
    for (Vector centre : model.clusterCenters()) {
      for (double number : centre.toArray()) {
        if (!Double.isFinite(number)) {
          throw new IllegalArgumentException(
              "the vectors of a cluster cancel each other, so it has no centre by cosine; ask for more clusters (--k), or look for rows whose vectors are opposite");
        }
      }
    }
  }

  /** Of rows that a model puts into so many clusters; empty for one. */
  public static OptionalDouble silhouette(KMeansModel model, Dataset<Row> vectors, int clusters) {
    if (clusters < 2) {
      return OptionalDouble.empty();
    }
    double mean =
        new ClusteringEvaluator()
            .setFeaturesCol(model.getFeaturesCol())
            .setPredictionCol(model.getPredictionCol())
            .setDistanceMeasure("cosine")
            .evaluate(model.transform(vectors));
    return OptionalDouble.of(mean);
  }
}
