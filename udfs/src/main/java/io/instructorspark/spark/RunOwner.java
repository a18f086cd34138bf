package io.instructorspark.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One driver's claim on an output. Claims are numbered; the highest is valid, of those of one
 * number the one whose id its file has, and whoever finds its own not valid stops. A driver that is
 * gone without a word is told from one that works by its process, on one machine, and by its sign
 * of life elsewhere. For the driver.
 */
final class RunOwner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunOwner.class);
  private static final long BEAT_SECONDS = 5;
  private static final long RELEASED = -1;
  private static final long WITHOUT_BEAT_SECONDS = 4 * BEAT_SECONDS;

  private final RunFolder folder;
  private final RunToken token;
  private final ScheduledExecutorService beats;
  private volatile Runnable whenLost = () -> {};

  /**
   * Who writes.
   *
   * @param id of this claim
   */
  record Claim(String id, RunProcess process) {}

  /**
   * A sign of life.
   *
   * @param id of the claim
   * @param beat changes from one to the next; -1 after the end
   */
  record Sign(String id, long beat) {}

  /** The claim as tasks know it. */
  record Ticket(RunFolder folder, RunToken token) implements Serializable {
    /**
     * Checks that the claim is the valid one.
     *
     * @throws OutputException if another run has the output, it was deleted, or the run has ended
     */
    void require() {
      RunOwner.loss(folder, token)
          .ifPresent(
              reason -> {
                throw new OutputException(reason);
              });
    }
  }

  private RunOwner(RunFolder folder, RunToken token) {
    this.folder = folder;
    this.token = token;
    this.beats =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "instructor-run-owner");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Claims the output; makes its folder if need be.
   *
   * @throws OutputException if another run writes it
   */
  static RunOwner claim(RunFolder folder) {
    List<Integer> before = folder.owners();
    int latest = before.isEmpty() ? 0 : before.get(0);
    if (latest > 0) {
      requireGone(folder, latest);
    }
    if (latest == RunToken.HIGHEST) {
      throw new OutputException(
          "%s is not of a run, which would have to be the last one; remove it"
              .formatted(folder.owner(latest)));
    }
    RunOwner owner = new RunOwner(folder, RunToken.of(latest + 1));
    owner.create();
    before.forEach(folder::deleteOwner);
    owner.beats.scheduleWithFixedDelay(owner::beat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    return owner;
  }

  RunToken token() {
    return token;
  }

  Ticket ticket() {
    return new Ticket(folder, token);
  }

  /**
   * Checks that this claim is the valid one.
   *
   * @throws OutputException if another run has the output, or it was deleted
   */
  void require() {
    ticket().require();
  }

  /** What starts jobs of Spark's; they are cancelled when the claim is lost. */
  <T> T during(SparkContext context, Supplier<T> jobs) {
    String tag = "instructor-run-" + UUID.randomUUID();
    context.addJobTag(tag);
    whenLost = () -> context.cancelJobsWithTag(tag);
    try {
      return jobs.get();
    } catch (Exception e) { // Spark's are checked ones too, and not declared
      requireAfter(e);
      throw e;
    } finally {
      whenLost = () -> {};
      context.removeJobTag(tag);
    }
  }

  /** What ended the jobs is no riddle where the output is another's, or gone. */
  private void requireAfter(Exception failure) {
    Optional<String> loss;
    try {
      loss = loss(folder, token);
    } catch (OutputException e) { // a store that does not answer: the failure says so itself
      failure.addSuppressed(e);
      return;
    }
    if (loss.isPresent()) {
      throw new OutputException(loss.get(), failure);
    }
  }

  private void create() {
    try {
      folder
          .store()
          .createNew(folder.owner(token.number()), new Claim(token.id(), RunProcess.current()));
    } catch (IOException e) {
      Optional<Claim> other = read(folder, token.number());
      throw other.isPresent()
          ? busy(folder, other.get())
          : folder.store().unwritable(folder.owner(token.number()), e);
    }
    Optional<String> loss = loss(folder, token); // two may do so at once, and one has it
    if (loss.isPresent()) {
      throw read(folder, folder.owners().stream().findFirst().orElse(token.number()))
          .map(other -> busy(folder, other))
          .orElseGet(() -> new OutputException(loss.get()));
    }
  }

  private static Optional<Claim> read(RunFolder folder, int number) {
    return folder.store().read(folder.owner(number), Claim.class, RunStore.SMALL);
  }

  /** The last sign of life; empty before the first, and while one is being written. */
  private static Optional<Sign> sign(RunFolder folder, int number) {
    return folder.store().read(folder.beat(number), Sign.class, RunStore.SMALL);
  }

  private static boolean isReleased(RunFolder folder, int number, String id) {
    return sign(folder, number).filter(sign -> sign.equals(new Sign(id, RELEASED))).isPresent();
  }

  private static void requireGone(RunFolder folder, int latest) {
    Optional<Claim> found = read(folder, latest);
    if (found.isPresent() && isReleased(folder, latest, found.get().id())) {
      return;
    }
    Optional<Boolean> alive = found.flatMap(claim -> claim.process().isAlive());
    if (alive.isPresent()) {
      if (alive.get()) {
        throw busy(folder, found.get());
      }
      return;
    }
    LOG.warn(
        "{} was claimed by another run ({}); looking for {} seconds whether it still works",
        folder.shown(),
        found.map(claim -> claim.process().host()).orElse("unknown"),
        WITHOUT_BEAT_SECONDS);
    Optional<Sign> first = sign(folder, latest);
    for (long waited = 0; waited < WITHOUT_BEAT_SECONDS; waited++) {
      sleep();
      Optional<Sign> now = sign(folder, latest);
      if (now.isPresent() && now.get().beat() == RELEASED) {
        return;
      }
      if (now.isPresent() && first.isPresent() && !now.equals(first)) {
        throw read(folder, latest)
            .map(claim -> busy(folder, claim))
            .orElseGet(() -> new OutputException("another run writes " + folder.shown()));
      }
      first = first.or(() -> now);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutputException("interrupted while another run was looked for", e);
    }
  }

  private static OutputException busy(RunFolder folder, Claim claim) {
    return new OutputException(
        "another run writes %s (process %d on %s, since %s): wait for its end, stop it, or choose another --output"
            .formatted(
                folder.shown(),
                claim.process().pid(),
                claim.process().host(),
                claim.process().since()));
  }

  private static Optional<String> loss(RunFolder folder, RunToken token) {
    int highest = folder.owners().stream().findFirst().orElse(0);
    if (highest < token.number()) {
      return Optional.of(
          "%s was deleted while it was written; run again".formatted(folder.shown()));
    }
    boolean valid =
        highest == token.number()
            && read(folder, highest).filter(claim -> claim.id().equals(token.id())).isPresent();
    if (!valid) {
      return Optional.of("another run has taken over %s; this one stops".formatted(folder.shown()));
    }
    return isReleased(folder, highest, token.id())
        ? Optional.of("the run that wrote %s has ended".formatted(folder.shown()))
        : Optional.empty();
  }

  /** A store that does not answer for once is no loss: the next beat asks again. */
  private void beat() {
    try {
      Optional<String> loss = loss(folder, token);
      if (loss.isPresent()) {
        LOG.warn("{}", loss.get());
        whenLost.run();
      } else {
        write(Math.abs(System.nanoTime() / 1_000_000));
      }
    } catch (RuntimeException e) { // thrown, it would end all further beats
      LOG.warn("no sign of life could be given: {}", e.getMessage());
    }
  }

  private void write(long beat) {
    folder.store().write(folder.beat(token.number()), new Sign(token.id(), beat));
  }

  /** Gives the output free. */
  @Override
  public void close() {
    beats.shutdownNow();
    try {
      beats.awaitTermination(BEAT_SECONDS, TimeUnit.SECONDS);
      if (loss(folder, token).isEmpty()) {
        release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (OutputException e) { // the next run finds this process gone
      LOG.warn("{}", e.getMessage());
    }
  }

  /** A full disk takes no word, but a claim can be deleted. */
  private void release() {
    try {
      write(RELEASED);
    } catch (OutputException e) {
      LOG.warn("{}", e.getMessage());
      folder.deleteOwner(token.number());
    }
  }
}
