package io.instructorspark.engine;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the layers' matrices are kept for their products. */
enum Packing {
  /** Reordered by oneDNN for the processor at hand: the fastest, where libtorch has it. */
  ONEDNN("linear_packed.py"),
  /** As they come: GPUs, and builds of libtorch or processors without oneDNN's products. */
  NONE("linear_plain.py");

  private static final Logger LOG = LoggerFactory.getLogger(Packing.class);
  private static final int TRIED = 8;

  private final String resource;

  Packing(String resource) {
    this.resource = resource;
  }

  /** The text of this kind's linear layer. */
  String resource() {
    return resource;
  }

  /** The best kind that this machine's processor and libtorch have: a tiny product is tried. */
  static Packing best(Precision precision) {
    try (PtNDManager scope = (PtNDManager) LibTorch.engine().newBaseManager(Device.cpu())) {
      TorchProgram program = TorchProgram.encoder(scope, ONEDNN);
      try (IValue type = IValue.from((long) precision.torchType());
          IValue zeros = IValue.from((PtNDArray) scope.zeros(new Shape(TRIED, TRIED)));
          IValue x = IValue.from(program.call(scope, "to_type", zeros, type));
          IValue flat = IValue.from((PtNDArray) scope.zeros(new Shape(TRIED * TRIED)));
          IValue scratch = IValue.from(program.call(scope, "to_type", flat, type));
          IValue sizes = IValue.listFrom(TRIED, TRIED);
          IValue packed = IValue.from(program.call(scope, "pack", scratch, sizes));
          IValue after = IValue.from("none")) {
        program.call(scope, "linear", x, packed, after);
      }
      return ONEDNN;
    } catch (ai.djl.engine.EngineException e) {
      LOG.info(
          "no packed {} matrices on this machine, using plain ones: {}", precision, firstLine(e));
      return NONE;
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage())
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse("");
  }
}
