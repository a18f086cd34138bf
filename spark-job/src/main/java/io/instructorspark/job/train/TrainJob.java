package io.instructorspark.job.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.ElementType;
import io.instructorspark.checkpoint.remote.FileTree;
import io.instructorspark.checkpoint.remote.Sha256;
import io.instructorspark.engine.AdamW;
import io.instructorspark.engine.PassLimits;
import io.instructorspark.engine.Precision;
import io.instructorspark.engine.TrainingMode;
import io.instructorspark.engine.training.EncoderTrainer;
import io.instructorspark.engine.training.Example;
import io.instructorspark.engine.training.StepResult;
import io.instructorspark.engine.training.TrainingBatch;
import io.instructorspark.engine.training.TrainingDivergedException;
import io.instructorspark.engine.training.TrainingSettings;
import io.instructorspark.engine.training.TrainingState;
import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.rows.Storage;
import io.instructorspark.spark.CheckpointAccess;
import io.instructorspark.spark.IfExists;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Prepares the data of a recipe as a Spark job, stops Spark, and trains on this machine: steps,
 * scores of what is held out, states to go on from, and the model at the end.
 */
final class TrainJob {
  /** Padded tokens of a pass; larger ones leave a processor's caches. */
  private static final int PASS_TOKENS = 2048;

  private static final int CURVE_POINTS = 200;
  private static final double ADAM_EPSILON = 1e-8;
  private static final int SHOWN_RECORDS = 3;

  private final Arguments arguments;
  private final SparkSession session;
  private final PrintStream said;
  private final Phases phases = new Phases();
  private final RecipeSettings settings;
  private final Wording wording;

  /**
   * What to do.
   *
   * @param recipe what was read from the file
   * @param file the recipe's
   * @param data where its files are looked for
   * @param output folder of this machine
   * @param weights numbers of the written weights
   * @param threads that share out a batch
   * @param seconds after which the run saves and stops
   */
  record Arguments(
      Recipe recipe,
      Path file,
      List<String> data,
      Path output,
      IfExists ifExists,
      Precision weights,
      int threads,
      double seconds,
      OnBadRecord onBadRecord) {}

  TrainJob(Arguments arguments, SparkSession session, PrintStream said) {
    this.arguments = arguments;
    this.session = session;
    this.said = said;
    this.settings = arguments.recipe().training();
    this.wording = new Wording(arguments.recipe());
  }

  TrainReport run() {
    try (TrainingFolder folder = TrainingFolder.open(arguments.output(), arguments.ifExists())) {
      return run(folder);
    } catch (IOException e) {
      throw TrainingFolder.unusable(arguments.output(), e);
    } catch (UncheckedIOException e) {
      throw TrainingFolder.unusable(arguments.output(), e.getCause());
    }
  }

  private TrainReport run(TrainingFolder folder) throws IOException {
    Storage storage = Storage.of(session);
    DataPlaces places =
        new DataPlaces(storage, arguments.data(), arguments.recipe().folder().toString());
    Prepared prepared =
        phases.time(
            "prepare",
            () ->
                Preparation.run(
                    session,
                    arguments.recipe(),
                    places,
                    folder.data().toUri().toString(),
                    arguments.onBadRecord()));
    try (PreparedData data =
        PreparedData.open(
            storage,
            folder.data().toUri().toString(),
            prepared,
            folder.inside().resolve("copies"))) {
      Checkpoint start = start(folder, data, prepared);
      folder.requireSame(keys(prepared, start));
      session.stop(); // hours follow in which executors would stand idle, and their heartbeats fail
      BatchSchedule schedule = new BatchSchedule(prepared.tasks(), settings.batches());
      schedule
          .tooSmall()
          .forEach(
              task ->
                  say(
                      "task %s is left out: its %,d records are fewer than a batch of %,d"
                          .formatted(task.name(), task.records(), settings.batches().batchSize())));
      try (EndOfProcess end = new EndOfProcess();
          EncoderTrainer trainer = trainer(folder, start)) {
        return train(folder, trainer, new Steps(prepared, data, schedule), end);
      }
    }
  }

  /** What steps are made of. */
  private record Steps(Prepared prepared, PreparedData data, BatchSchedule schedule) {}

  private ObjectNode keys(Prepared prepared, Checkpoint start) {
    ObjectNode keys = JsonMapper.builder().build().createObjectNode();
    keys.put("recipe", digest(arguments.file()));
    keys.put("data", prepared.digest());
    keys.put("model to begin with", start.fingerprint());
    keys.put("number of threads", Integer.toString(arguments.threads()));
    return keys;
  }

  private static String digest(Path recipe) {
    try (InputStream in = Files.newInputStream(recipe)) {
      return Sha256.of(in);
    } catch (IOException e) {
      throw new TrainException("the recipe %s cannot be read: %s".formatted(recipe, e), e);
    }
  }

  private Checkpoint start(TrainingFolder folder, PreparedData data, Prepared prepared)
      throws IOException {
    return arguments.recipe().model() instanceof FineTuned from
        ? Checkpoint.open(from.location(), CheckpointAccess.of(session))
        : new NewCheckpoint((Scratch) arguments.recipe().model(), settings, session, this::say)
            .in(folder, data, prepared);
  }

  private EncoderTrainer trainer(TrainingFolder folder, Checkpoint start) throws IOException {
    TrainingMode mode =
        new TrainingMode(settings.dropout(), settings.precision(), arguments.threads());
    Optional<TrainingState> state = TrainingState.newest(folder.states());
    if (state.isPresent()) {
      say("goes on from step %,d".formatted(state.get().steps()));
      return EncoderTrainer.resume(start, state.get(), mode, engineSettings());
    }
    return EncoderTrainer.begin(start, mode, engineSettings());
  }

  private TrainingSettings engineSettings() {
    RecipeSettings.Optimizer optimizer = settings.optimizer();
    RecipeSettings.Batches batches = settings.batches();
    return new TrainingSettings(
        batches.steps(),
        batches.maxLength(),
        new AdamW(
            optimizer.rate(),
            optimizer.embeddingRate(),
            optimizer.weightDecay(),
            optimizer.beta1(),
            optimizer.beta2(),
            ADAM_EPSILON),
        optimizer.schedule(),
        optimizer.warmup(),
        optimizer.clip(),
        batches.microBatch() < batches.batchSize()
            ? PassLimits.passByPass(
                Math.min(PASS_TOKENS, 3 * batches.microBatch() * batches.maxLength()))
            : PassLimits.keeping(PASS_TOKENS),
        batches.seed());
  }

  private TrainReport train(
      TrainingFolder folder, EncoderTrainer trainer, Steps steps, EndOfProcess end)
      throws IOException {
    long from = trainer.done();
    long examples = 0;
    long tokens = 0;
    Optional<HeldOutScore> score = Optional.empty();
    TrainProgress progress = new TrainProgress(said, from, settings.batches().steps());
    try (Curve curve = Curve.open(folder.curve(), from)) {
      while (trainer.done() < settings.batches().steps()
          && !end.isNear()
          && (trainer.done() == from || progress.seconds() < arguments.seconds())) {
        StepResult result = step(folder, trainer, steps, curve);
        long step = trainer.done();
        examples += settings.batches().batchSize();
        tokens += result.tokens();
        progress.step(step, result, settings.batches().batchSize());
        score = heldOut(step, trainer, steps, curve, progress).or(last(score));
        if (step % settings.checkpointEvery() == 0) {
          save(folder, trainer, curve);
        }
      }
      double seconds = progress.seconds();
      boolean finished = trainer.done() == settings.batches().steps();
      if (!finished) {
        save(folder, trainer, curve);
        if (end.isNear()) {
          say(
              "ended from outside after step %,d, which is saved; go on with --if-exists resume"
                  .formatted(trainer.done()));
        }
      }
      Optional<String> fingerprint =
          finished ? Optional.of(publish(folder, trainer)) : Optional.empty();
      TrainReport report =
          new TrainReport(
              arguments.output(),
              finished,
              trainer.done(),
              trainer.done() - from,
              settings.batches().steps(),
              examples,
              tokens,
              seconds,
              curve.means(CURVE_POINTS),
              score,
              steps.prepared(),
              fingerprint,
              phases);
      if (finished) {
        folder.tidy();
      }
      return report;
    }
  }

  private static java.util.function.Supplier<Optional<HeldOutScore>> last(
      Optional<HeldOutScore> score) {
    return () -> score;
  }

  private StepResult step(TrainingFolder folder, EncoderTrainer trainer, Steps steps, Curve curve)
      throws IOException {
    int number = (int) trainer.done(); // from 0
    BatchSchedule.Batch batch = steps.schedule().batch(number);
    PreparedTask task = steps.prepared().tasks().get(batch.task());
    List<Example> examples = new ArrayList<>();
    for (int place = 0; place < batch.records().length; place++) {
      Example example = steps.data().task(batch.task()).record(batch.records()[place]);
      examples.add(wording.of(example, task.source(), number, place));
    }
    try {
      StepResult result =
          phases.time(
              "train",
              () ->
                  trainer.step(TrainingBatch.of(examples, task.against(), settings.temperature())));
      curve.add(trainer.done(), task.name(), result);
      return result;
    } catch (TrainingDivergedException | IllegalArgumentException e) {
      curve.flush();
      throw new TrainException(
          "%s. The batch was of task %s, records %s of %s. %s"
              .formatted(
                  e.getMessage(),
                  task.name(),
                  shown(batch.records()),
                  folder.data().resolve(task.file()),
                  lastGood(folder)));
    }
  }

  private static String shown(int[] records) {
    String some =
        String.join(
            ", ", Arrays.stream(records).limit(SHOWN_RECORDS).mapToObj(Integer::toString).toList());
    return records.length > SHOWN_RECORDS
        ? "%s and %d others".formatted(some, records.length - SHOWN_RECORDS)
        : some;
  }

  private static String lastGood(TrainingFolder folder) throws IOException {
    return TrainingState.newest(folder.states())
        .map(
            state ->
                "The model of step %,d is kept in %s and loads as a checkpoint"
                    .formatted(state.steps(), state.folder()))
        .orElse("No state was saved before it (training.checkpointEvery)");
  }

  private Optional<HeldOutScore> heldOut(
      long step, EncoderTrainer trainer, Steps steps, Curve curve, TrainProgress progress)
      throws IOException {
    Optional<HeldOut> heldOut = arguments.recipe().evaluation();
    if (heldOut.isEmpty()
        || step % heldOut.get().every() != 0 && step < settings.batches().steps()) {
      return Optional.empty();
    }
    HeldOutScore score =
        phases.time(
            "held_out",
            () ->
                HeldOutScore.of(
                    trainer,
                    steps.data(),
                    steps.prepared().evaluation().size(),
                    settings.batches().batchSize(),
                    settings.temperature()));
    curve.add(step, score);
    progress.say(
        String.format(
            java.util.Locale.ROOT,
            "step %,d  held out: loss %.4f, %.1f %% of %,d queries next to their own positive",
            step,
            score.loss(),
            100 * score.accuracy(),
            score.pairs()));
    return Optional.of(score);
  }

  /** A state, behind the lines of the curve that belong to it. */
  private void save(TrainingFolder folder, EncoderTrainer trainer, Curve curve) throws IOException {
    curve.flush();
    trainer.save(folder.states());
  }

  private String publish(TrainingFolder folder, EncoderTrainer trainer) throws IOException {
    Path model = folder.inside().resolve("model");
    FileTree.delete(model);
    trainer.write(
        arguments.weights() == Precision.BF16 ? ElementType.BF16 : ElementType.F32, model);
    folder.publish(model);
    return Checkpoint.open(arguments.output().toString()).fingerprint();
  }

  private void say(String line) {
    if (said != null) {
      said.println(line);
    }
  }
}
