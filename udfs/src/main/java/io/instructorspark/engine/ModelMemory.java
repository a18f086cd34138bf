package io.instructorspark.engine;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.DenseConfig;
import io.instructorspark.checkpoint.T5Config;

/**
 * The native memory of a loaded model on a processor, by its sizes alone. Outside of it are Java's
 * heap, libtorch itself and what forward passes hold while they run.
 *
 * @param weights bytes of all weights as they are held: the layers' matrices in the model's
 *     precision, packed; embedding, norms, projection and the table of positions in fp32
 * @param positions bytes of the position biases once the longest texts have been read
 * @param loading bytes at the peak of loading: weights, the matrix that is being packed, and the
 *     buffers of the files' bytes
 */
public record ModelMemory(long weights, long positions, long loading) {
  private static final int FLOAT_BYTES = Float.BYTES;
  private static final int NORMS_PER_LAYER = 2;

  /** What a checkpoint needs in a precision. Reads nothing and loads no native library. */
  public static ModelMemory of(Checkpoint checkpoint, Precision precision) {
    return of(checkpoint.config(), checkpoint.dense(), checkpoint.maxSeqLength(), precision);
  }

  static ModelMemory of(T5Config config, DenseConfig dense, int maxLength, Precision precision) {
    long model = config.dModel();
    long inner = config.innerSize();
    long feedForward = config.dFf();
    long matrices = config.numLayers() * (4 * inner * model + 2 * feedForward * model);
    long floats =
        config.vocabSize() * model
            + (NORMS_PER_LAYER * config.numLayers() + 1L) * model
            + dense.outFeatures() * (model + (dense.bias() ? 1 : 0))
            + (long) config.relativeAttentionNumBuckets() * config.numHeads();
    long weights = matrices * precision.bytes() + floats * FLOAT_BYTES;
    long unpacked = WeightLoader.scratchSize(config) * precision.bytes();
    return new ModelMemory(
        weights,
        PositionBias.numbers(config.numHeads(), maxLength) * precision.bytes(),
        weights + unpacked + WeightLoader.BUFFER_BYTES);
  }
}
