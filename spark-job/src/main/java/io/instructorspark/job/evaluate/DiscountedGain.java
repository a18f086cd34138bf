package io.instructorspark.job.evaluate;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** nDCG of one query: gains as they are judged, discounted by the logarithm of the place. */
final class DiscountedGain {
  /** How many places count. */
  static final int PLACES = 10;

  private DiscountedGain() {}

  /**
   * The gain of the first {@value #PLACES} found, by that of the best order there is.
   *
   * @param found ids of documents, the most similar first
   * @param judged gain of each document that was judged; what is not in it gains nothing
   * @return from 0 to 1; NaN if no document gains anything
   */
  static double of(List<String> found, Map<String, Double> judged) {
    double best =
        gain(judged.values().stream().sorted(Comparator.reverseOrder()).limit(PLACES).toList());
    double gained =
        gain(found.stream().limit(PLACES).map(id -> judged.getOrDefault(id, 0.0)).toList());
    return best > 0 ? gained / best : Double.NaN;
  }

  private static double gain(Collection<Double> gains) {
    double sum = 0;
    int place = 1;
    for (double gain : gains) {
      place++;
      sum += Math.max(0, gain) * Math.log(2) / Math.log(place);
    }
    return sum;
  }
}
