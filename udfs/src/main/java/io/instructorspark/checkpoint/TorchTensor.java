package io.instructorspark.checkpoint;

import java.util.List;

/**
 * A tensor as a pickle describes it: not checked against anything yet.
 *
 * @param offset of its first element in the storage
 * @param strides elements to skip for a step along each axis
 */
record TorchTensor(TorchStorage storage, long offset, List<Long> shape, List<Long> strides) {
  /** Whether the elements lie in C order; the stride of an axis of length one means nothing. */
  boolean isContiguous() {
    if (shape.size() != strides.size()) {
      return false;
    }
    if (shape.contains(0L)) {
      return true;
    }
    long expected = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (shape.get(axis) != 1 && strides.get(axis) != expected) {
        return false;
      }
      expected *= shape.get(axis);
    }
    return true;
  }
}
