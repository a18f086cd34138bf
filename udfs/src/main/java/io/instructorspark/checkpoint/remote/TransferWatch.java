package io.instructorspark.checkpoint.remote;

/** Told how the copy of a file to this machine goes on. Called on the thread that copies. */
@FunctionalInterface
public interface TransferWatch {
  /** Takes no notice. */
  TransferWatch SILENT = (file, done, total) -> {};

  /**
   * Called when a copy begins, every few hundred milliseconds, and when it is complete.
   *
   * @param file what is copied, as a person would name it; without credentials
   * @param done bytes that are there; begins above 0 where an earlier copy is taken up again
   * @param total bytes of the whole file
   */
  void transferred(String file, long done, long total);
}
