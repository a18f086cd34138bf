package io.instructorspark.engine;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * A loaded TorchScript program. Stateless: weights are arguments. Thread-safe; its native memory
 * belongs to the manager that it was loaded with.
 */
final class TorchProgram {
  private final PtSymbolBlock block;

  private TorchProgram(PtSymbolBlock block) {
    this.block = block;
  }

  /**
   * Compiles the encoder.
   *
   * @throws ai.djl.engine.EngineException if libtorch does not know an operator of this kind of
   *     packing
   */
  static TorchProgram encoder(PtNDManager manager, Packing packing) {
    return load(manager, TorchScriptArchive.ofEncoder(packing));
  }

  /** Compiles the products of blocks of vectors. */
  static TorchProgram blockProduct(PtNDManager manager, Packing packing) {
    return load(manager, TorchScriptArchive.ofBlockProduct(packing));
  }

  private static TorchProgram load(PtNDManager manager, byte[] archive) {
    try {
      return new TorchProgram(
          JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false));
    } catch (IOException e) {
      throw new EngineException("libtorch did not read a program of this jar", e);
    }
  }

  /** Runs {@code forward}; the result belongs to {@code scope}. Arguments are not closed. */
  PtNDArray forward(NDManager scope, IValue... arguments) {
    try (IValue result = block.forward(arguments)) {
      return result.toTensor((PtNDManager) scope);
    }
  }

  /** Runs a method whose result belongs to {@code scope}. Arguments are not closed. */
  PtNDArray call(NDManager scope, String method, IValue... arguments) {
    try (IValue result = IValueUtils.runMethod(block, method, arguments)) {
      return result.toTensor((PtNDManager) scope);
    }
  }

  /** Runs a method for its effect on an argument. Arguments are not closed. */
  void run(String method, IValue... arguments) {
    IValueUtils.runMethod(block, method, arguments).close();
  }
}
