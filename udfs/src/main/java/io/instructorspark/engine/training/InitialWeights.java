package io.instructorspark.engine.training;

import io.instructorspark.checkpoint.NewModel;
import io.instructorspark.checkpoint.T5Config;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Weights of a model before it is trained, as T5 draws them (Raffel et al. 2020; the deviations are
 * those of the published code), with two changes that let small models begin as averaged word
 * vectors: the last matrix of each sub-layer is made quiet, and the projection is the identity.
 * Each tensor is a function of the seed and its name.
 */
public final class InitialWeights implements Function<String, float[]> {
  private final NewModel model;
  private final float[] embeddings;
  private final double quiet;
  private final long seed;

  /**
   * Describes weights; none is drawn yet.
   *
   * @param model its sizes
   * @param embeddings a vector for each token, (vocab_size, d_model) one after the other; null to
   *     draw them with a deviation of {@link #DEVIATION}
   * @param quiet what the last matrices of sub-layers are multiplied with
   * @param seed of all that is drawn
   */
  public InitialWeights(NewModel model, float[] embeddings, double quiet, long seed) {
    this.model = model;
    this.embeddings = embeddings;
    this.quiet = quiet;
    this.seed = seed;
    long expected = (long) model.config().vocabSize() * model.config().dModel();
    if (embeddings != null && embeddings.length != expected) {
      throw new IllegalArgumentException(
          "%d numbers are not %d vectors of %d"
              .formatted(embeddings.length, model.config().vocabSize(), model.config().dModel()));
    }
  }

  /** Deviation of token embeddings that are drawn. */
  public static final double DEVIATION = 0.3;

  @Override
  public float[] apply(String name) {
    T5Config config = model.config();
    int dModel = config.dModel();
    int inner = config.innerSize();
    if (name.equals("shared.weight")) {
      return embeddings != null
          ? embeddings
          : drawn(name, (long) config.vocabSize() * dModel, DEVIATION);
    }
    if (name.endsWith("layer_norm.weight")) {
      float[] ones = new float[dModel];
      Arrays.fill(ones, 1);
      return ones;
    }
    long square = (long) inner * dModel;
    if (name.endsWith("SelfAttention.q.weight")) {
      return drawn(name, square, 1 / Math.sqrt((double) dModel * config.dKv()));
    }
    if (name.endsWith("SelfAttention.k.weight") || name.endsWith("SelfAttention.v.weight")) {
      return drawn(name, square, 1 / Math.sqrt(dModel));
    }
    if (name.endsWith("SelfAttention.o.weight")) {
      return drawn(name, square, quiet / Math.sqrt(inner));
    }
    if (name.endsWith("relative_attention_bias.weight")) {
      return drawn(
          name,
          (long) config.relativeAttentionNumBuckets() * config.numHeads(),
          1 / Math.sqrt(dModel));
    }
    if (name.endsWith("DenseReluDense.wi.weight")) {
      return drawn(name, (long) config.dFf() * dModel, 1 / Math.sqrt(dModel));
    }
    if (name.endsWith("DenseReluDense.wo.weight")) {
      return drawn(name, (long) config.dFf() * dModel, quiet / Math.sqrt(config.dFf()));
    }
    return projection(name);
  }

  /** The identity where the projection is square, else orthogonal by chance; a bias is 0. */
  private float[] projection(String name) {
    int in = model.dense().inFeatures();
    int out = model.dense().outFeatures();
    if (name.endsWith("bias")) {
      return new float[out];
    }
    if (in != out) {
      return drawn(name, (long) in * out, 1 / Math.sqrt(in));
    }
    float[] identity = new float[in * in];
    for (int i = 0; i < in; i++) {
      identity[i * in + i] = 1;
    }
    return identity;
  }

  private float[] drawn(String name, long count, double deviation) {
    SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
    float[] numbers = new float[Math.toIntExact(count)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (random.nextGaussian() * deviation);
    }
    return numbers;
  }
}
