package io.instructorspark.checkpoint;

import java.util.List;
import java.util.Objects;

/**
 * What a tensor of a checkpoint is, without its content.
 *
 * @param name the name to ask {@link Weights#tensor} for
 * @param type how each element is stored
 * @param shape axes, outermost first; rows are contiguous (C order)
 */
public record TensorInfo(String name, ElementType type, List<Long> shape) {
  /**
   * Copies the shape.
   *
   * @throws IllegalArgumentException if the shape has a negative axis or overflows
   */
  public TensorInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    shape = Extent.of(shape).shape();
  }

  /** The product of the axes; 1 for a scalar. */
  public long elementCount() {
    return Extent.of(shape).elements();
  }

  /** Bytes that the whole tensor takes in the file; may exceed 2 GiB. */
  public long byteCount() {
    return Extent.of(shape).bytes(type.bytes());
  }
}
