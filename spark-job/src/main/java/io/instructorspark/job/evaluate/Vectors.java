package io.instructorspark.job.evaluate;

import java.util.List;

/**
 * Vectors by place of their texts. A text that got none has zeros here: as like to all others as to
 * none, so that scores are finite and a model that cannot embed is not rewarded for it.
 *
 * @param all (texts, dimension), finite
 * @param missing how many have none
 */
record Vectors(List<float[]> all, Missing missing) {
  float[] of(int place) {
    return all.get(place);
  }

  /** The cosine, from -1 to 1; 0 where one of the two is zeros. */
  double cosine(int one, int other) {
    float[] a = all.get(one);
    float[] b = all.get(other);
    double product = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return aa == 0 || bb == 0 ? 0 : Math.max(-1, Math.min(1, product / Math.sqrt(aa * bb)));
  }

  /** The greatest cosine of a text with others; 0 without any. */
  double nearest(int one, int[] others) {
    double most = others.length == 0 ? 0 : -1;
    for (int other : others) {
      most = Math.max(most, cosine(one, other));
    }
    return most;
  }
}
