package io.instructorspark.engine;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.instructorspark.checkpoint.T5Config;

/**
 * The relative position bias by length: computed for powers of two, since a longer one holds every
 * shorter one in its corner, and kept until the model goes. All of them together take at most twice
 * what the longest takes: heads × length² numbers.
 */
final class PositionBias {
  private static final int SHORTEST = 64;

  private final PtNDManager manager;
  private final TorchProgram program;
  private final PtNDArray table; // (buckets, heads)
  private final int maxDistance;
  private final Precision precision;
  private volatile Cached longest;

  private record Cached(int tokens, PtNDArray bias) {} // (1, heads, tokens, tokens)

  PositionBias(
      PtNDManager manager,
      TorchProgram program,
      PtNDArray table,
      T5Config config,
      Precision precision) {
    this.manager = manager;
    this.program = program;
    this.table = table;
    this.maxDistance = config.relativeAttentionMaxDistance();
    this.precision = precision;
    this.longest = compute(SHORTEST);
  }

  /** Numbers of all biases together once texts of that many tokens have been read. */
  static long numbers(int heads, int tokens) {
    long numbers = 0;
    for (long length = SHORTEST; ; length *= 2) {
      numbers += heads * length * length;
      if (length >= tokens) {
        return numbers;
      }
    }
  }

  /** A bias for at least that many tokens, as an argument that the caller closes. */
  IValue covering(int tokens) {
    Cached cached = longest;
    if (cached.tokens() < tokens) {
      cached = grow(tokens);
    }
    return IValue.from(cached.bias());
  }

  private synchronized Cached grow(int tokens) {
    if (longest.tokens() < tokens) {
      longest = compute(Integer.highestOneBit(tokens - 1) << 1);
    }
    return longest;
  }

  private Cached compute(int tokens) {
    try (NDManager scope = manager.newSubManager();
        IValue from = IValue.from(table);
        IValue length = IValue.from((long) tokens);
        IValue distance = IValue.from((long) maxDistance);
        IValue bias = IValue.from(program.call(scope, "position_bias", from, length, distance));
        IValue type = IValue.from((long) precision.torchType())) {
      return new Cached(tokens, program.call(manager, "to_type", bias, type));
    }
  }
}
