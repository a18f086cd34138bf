package io.instructorspark.job.command;

import io.instructorspark.checkpoint.remote.Access;
import io.instructorspark.checkpoint.remote.TransferWatch;
import io.instructorspark.job.metrics.TransferProgress;
import java.io.PrintStream;

/**
 * Shows on standard error how copies of checkpoints go on, until it is closed: on a terminal a line
 * that is rewritten, elsewhere a line now and then, with {@code --quiet} nothing. One at a time in
 * a JVM.
 */
public final class Transfers implements AutoCloseable {
  private final TransferProgress progress;
  private final TransferWatch watch;

  private Transfers(TransferProgress progress, TransferWatch watch) {
    this.progress = progress;
    this.watch = watch;
  }

  /** Shows all copies of this JVM that nobody else watches. */
  public static Transfers show(GeneralOptions options) {
    return show(options, System.err);
  }

  static Transfers show(GeneralOptions options, PrintStream err) {
    TransferProgress progress =
        options.drawsProgress() ? TransferProgress.drawn(err) : TransferProgress.printed(err);
    TransferWatch watch = options.quiet() ? progress::count : progress::transferred;
    Access.watchAll(watch);
    return new Transfers(progress, watch);
  }

  /** Whom to tell of a copy that goes elsewhere than to this machine. */
  public TransferWatch watch() {
    return watch;
  }

  /** Bytes copied so far. */
  public long bytes() {
    return progress.bytes();
  }

  @Override
  public void close() {
    Access.watchAll(TransferWatch.SILENT);
    progress.close();
  }
}
