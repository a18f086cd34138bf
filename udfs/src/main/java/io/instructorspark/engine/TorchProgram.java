package io.instructorspark.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
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

  /**
   * Compiles the encoder with what training needs.
   *
   * @param dropout share of the numbers that each dropout zeroes; 0 for none
   */
  static TorchProgram training(PtNDManager manager, double dropout) {
    return load(manager, TorchScriptArchive.ofTraining(dropout));
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

  /**
   * Runs a method that computes gradients, which libtorch does only in a call of nothing but arrays
   * (DJL runs every other call in inference mode). An array whose name ends in {@code []} is put in
   * a list with those beside it that have the same name.
   *
   * @return what the method returns; belongs to {@code scope}
   */
  NDList train(NDManager scope, String method, NDList arguments) {
    NDArray name = scope.create(0L); // its name says which method, and it which manager
    name.setName("module_method:" + method);
    NDList all = new NDList(name);
    all.addAll(arguments);
    JniUtils.setGraphExecutorOptimize(false); // its own derivatives do not know mixed precision
    try {
      return IValueUtils.forward(block, all, true);
    } finally {
      JniUtils.setGraphExecutorOptimize(true);
    }
  }

  /** Runs a method for its effect on an argument. Arguments are not closed. */
  void run(String method, IValue... arguments) {
    IValueUtils.runMethod(block, method, arguments).close();
  }
}
