package io.instructorspark.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a checkpoint, read at any position. Safe for use by several threads. */
interface ByteSource extends Closeable {
  /** What to call it in an error. */
  String name();

  long size() throws IOException;

  /**
   * Fills what remains of {@code dst} with the bytes that start at {@code position}.
   *
   * @throws java.io.EOFException if the file ends before
   */
  void readFully(long position, ByteBuffer dst) throws IOException;
}
