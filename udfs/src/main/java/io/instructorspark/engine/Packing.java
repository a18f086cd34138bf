package io.instructorspark.engine;

/** How the layers' matrices are kept for their products. */
enum Packing {
  /** Reordered by oneDNN for the processor at hand: the fastest, where libtorch has it. */
  ONEDNN("linear_packed.py"),
  /** As they come: GPUs, and builds of libtorch without oneDNN. */
  NONE("linear_plain.py");

  private final String resource;

  Packing(String resource) {
    this.resource = resource;
  }

  /** The text of this kind's linear layer. */
  String resource() {
    return resource;
  }
}
