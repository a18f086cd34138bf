package io.instructorspark.job.evaluate;

/**
 * V-measure of clusters against labels (Rosenberg and Hirschberg 2007): the harmonic mean of
 * homogeneity, that a cluster holds one label, and completeness, that a label lies in one cluster.
 * Of several clusterings, the mean.
 *
 * @param labels of each item, from 0; (items)
 * @param clusters of each item, from 0, in each clustering; (clustering, items)
 */
record VMeasure(int[] labels, int[][] clusters) implements Outcome {
  @Override
  public int items() {
    return labels.length;
  }

  @Override
  public double score(int[] times) {
    double sum = 0;
    for (int[] one : clusters) {
      sum += score(one, times);
    }
    return sum / clusters.length;
  }

  private double score(int[] assigned, int[] times) {
    int columns = most(assigned) + 1;
    double[] both = new double[(most(labels) + 1) * columns];
    double[] byLabel = new double[most(labels) + 1];
    double[] byCluster = new double[columns];
    double all = 0;
    for (int i = 0; i < labels.length; i++) {
      both[labels[i] * columns + assigned[i]] += times[i];
      byLabel[labels[i]] += times[i];
      byCluster[assigned[i]] += times[i];
      all += times[i];
    }
    double ofLabels = entropy(byLabel, all);
    double ofClusters = entropy(byCluster, all);
    double shared = Math.max(0, ofLabels + ofClusters - entropy(both, all));
    double homogeneity = ofLabels == 0 ? 1 : shared / ofLabels;
    double completeness = ofClusters == 0 ? 1 : shared / ofClusters;
    return homogeneity + completeness == 0
        ? 0
        : 2 * homogeneity * completeness / (homogeneity + completeness);
  }

  private static double entropy(double[] counts, double all) {
    double sum = 0;
    for (double count : counts) {
      if (count > 0 && count < all) {
        sum -= count / all * Math.log(count / all);
      }
    }
    return sum;
  }

  private static int most(int[] values) {
    int most = 0;
    for (int value : values) {
      most = Math.max(most, value);
    }
    return most;
  }
}
