package io.instructorspark.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every element type that a weight file may mention, by its safetensors name. Tensors that the
 * model does not need may have any of them; those it needs must have an {@link #elementType}.
 */
enum Dtype {
  F32(4, ElementType.F32),
  F16(2, ElementType.F16),
  BF16(2, ElementType.BF16),
  F64(8, null),
  F8_E4M3(1, null),
  F8_E5M2(1, null),
  C64(8, null),
  I64(8, null),
  I32(4, null),
  I16(2, null),
  I8(1, null),
  U64(8, null),
  U32(4, null),
  U16(2, null),
  U8(1, null),
  BOOL(1, null);

  private final int bytes;
  private final ElementType elementType;

  Dtype(int bytes, ElementType elementType) {
    this.bytes = bytes;
    this.elementType = elementType;
  }

  int bytes() {
    return bytes;
  }

  /** The type to read weights of this type as; empty where this program does not read it. */
  Optional<ElementType> elementType() {
    return Optional.ofNullable(elementType);
  }

  static Optional<Dtype> named(String name) {
    return Arrays.stream(values()).filter(dtype -> dtype.name().equals(name)).findFirst();
  }
}
