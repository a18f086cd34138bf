package io.instructorspark.checkpoint;

import java.util.List;

/** The size of a tensor: its axes, and the number of elements that they span. */
record Extent(List<Long> shape, long elements) {
  static final int MAX_RANK = 16;

  /**
   * Measures a shape.
   *
   * @throws IllegalArgumentException for a negative axis, too many axes or more elements than a
   *     long counts in bytes
   */
  static Extent of(List<Long> shape) {
    if (shape.size() > MAX_RANK) {
      throw new IllegalArgumentException(
          "it has %d axes, at most %d are read".formatted(shape.size(), MAX_RANK));
    }
    long elements = 1;
    for (long axis : shape) {
      if (axis < 0) {
        throw new IllegalArgumentException("its shape %s has a negative axis".formatted(shape));
      }
      if (elements != 0 && axis > Long.MAX_VALUE / 8 / elements) {
        throw new IllegalArgumentException("its shape %s is absurdly large".formatted(shape));
      }
      elements *= axis;
    }
    return new Extent(List.copyOf(shape), elements);
  }

  /** Where in each axis the element of this number in C order is. */
  List<Long> index(long element) {
    Long[] index = new Long[shape.size()];
    long rest = element;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      index[axis] = rest % shape.get(axis);
      rest /= shape.get(axis);
    }
    return List.of(index);
  }

  /** Bytes taken by elements of this type; never overflows, as {@link #of} bounds the count. */
  long bytes(int bytesPerElement) {
    return elements * bytesPerElement;
  }
}
