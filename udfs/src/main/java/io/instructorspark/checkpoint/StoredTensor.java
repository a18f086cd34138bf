package io.instructorspark.checkpoint;

import java.util.List;

/**
 * A tensor where it lies in a weight file, in C order. Its bytes are known to be inside the file.
 *
 * @param name as in the file
 * @param file path of the file that holds it
 * @param position of its first byte in the file
 */
record StoredTensor(String name, Dtype dtype, Extent extent, String file, long position) {
  List<Long> shape() {
    return extent.shape();
  }

  long byteCount() {
    return extent.bytes(dtype.bytes());
  }
}
