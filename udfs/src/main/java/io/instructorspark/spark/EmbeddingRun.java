package io.instructorspark.spark;

import io.instructorspark.spark.RunManifest.InputFile;
import io.instructorspark.spark.RunManifest.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds rows into a folder of part files so that nothing is lost or doubled when tasks, executors
 * or the driver die: a run that was broken off, called again with {@link IfExists#RESUME}, goes on
 * where it was.
 *
 * <pre>{@code
 * RunResult result = EmbeddingRun.of(new InstructorEmbedder().setInstruction("Represent the review: "), "s3a://bucket/vectors")
 *     .withIfExists(IfExists.RESUME)
 *     .run(reviews);
 * }</pre>
 *
 * <p>The rows are rewritten as slices of at most a minute of one task's work, balanced by tokens,
 * and a manifest says which; then each slice is embedded into a part file of its own, and a marker
 * says that it is done. Nothing is renamed, so the run is as safe on object stores as on disks. The
 * output is what the folder holds once {@code _SUCCESS} is there; before, readers see some of the
 * finished slices and some that are being written. It has the input's columns, the vector, and the
 * extra columns of the stage. Rows are in the input's order where the input is read in one, part
 * files in the order of their names; rows that a grown input brought follow the older ones.
 *
 * <p>Slices take as much room as the input, in the output's folder, until the run is finished.
 * Resuming, everything that decides on vectors and columns has to be as it was: model, mode,
 * instruction, columns, format. Immutable.
 */
public final class EmbeddingRun {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingRun.class);

  /** Partitions of the input that one task at most rewrites for each of the session's cores. */
  private static final int PARTITIONS_PER_CORE = 16;

  private final InstructorEmbedder stage;
  private final String output;
  private final OutputFormat format;
  private final Optional<String> idCol;
  private final Optional<String> problemCol;
  private final IfExists ifExists;
  private final Changes changes;

  private EmbeddingRun(
      InstructorEmbedder stage,
      String output,
      OutputFormat format,
      Optional<String> idCol,
      Optional<String> problemCol,
      IfExists ifExists,
      Changes changes) {
    this.stage = Objects.requireNonNull(stage, "stage");
    this.output = Objects.requireNonNull(output, "output");
    this.format = Objects.requireNonNull(format, "format");
    this.idCol = idCol;
    this.problemCol = problemCol;
    this.ifExists = Objects.requireNonNull(ifExists, "ifExists");
    this.changes = Objects.requireNonNull(changes, "changes");
  }

  /**
   * A run that writes Parquet, and refuses an output that is there already.
   *
   * @param stage says which columns are read and added, and how; {@code deduplicate} cannot be
   *     honoured and is refused
   * @param output a folder; a local path or any Hadoop URI that executors can write
   */
  public static EmbeddingRun of(InstructorEmbedder stage, String output) {
    return new EmbeddingRun(
        stage,
        output,
        OutputFormat.PARQUET,
        Optional.empty(),
        Optional.empty(),
        IfExists.ERROR,
        Changes.REPORT);
  }

  /** The same run with part files of another format. */
  public EmbeddingRun withFormat(OutputFormat other) {
    return new EmbeddingRun(stage, output, other, idCol, problemCol, ifExists, changes);
  }

  /**
   * The same run for an input whose rows a column tells apart, so that it may grow: resuming a
   * finished output embeds the rows whose ids are new. Ids must be unique and not null then.
   */
  public EmbeddingRun withIdCol(String column) {
    return new EmbeddingRun(
        stage, output, format, Optional.of(column), problemCol, ifExists, changes);
  }

  /**
   * The same run for an input with a column that says what is wrong with a row, null where nothing
   * is. Such rows get no vector, and this as their error; the column itself is not written.
   */
  public EmbeddingRun withProblemCol(String column) {
    return new EmbeddingRun(stage, output, format, idCol, Optional.of(column), ifExists, changes);
  }

  /** The same run with another answer to an output that is there already. */
  public EmbeddingRun withIfExists(IfExists other) {
    return new EmbeddingRun(stage, output, format, idCol, problemCol, other, changes);
  }

  /** The same run with another answer to rows that a grown input has changed or left out. */
  public EmbeddingRun withChanges(Changes other) {
    return new EmbeddingRun(stage, output, format, idCol, problemCol, ifExists, other);
  }

  /**
   * Prepares and embeds.
   *
   * @throws OutputException as {@link #prepare(Dataset)} and {@link PreparedRun#embed} do
   */
  public RunResult run(Dataset<Row> rows) {
    try (PreparedRun prepared = prepare(rows)) {
      return prepared.embed();
    }
  }

  /**
   * Checks that the output may be written, and touches nothing; {@link #prepare} does so too, after
   * the input was looked at.
   *
   * @throws OutputException if it is there and may not be replaced or resumed, or cannot be reached
   */
  public void requireOutput(SparkSession session) {
    RunFolder folder = RunFolder.of(session, output);
    requireAllowed(folder, folder.exists());
  }

  /**
   * As {@link #prepare(Dataset, List)}, with the files that Spark says the rows are of; rows that
   * come from elsewhere are taken for the same as before when the run is resumed.
   */
  public PreparedRun prepare(Dataset<Row> rows) {
    return prepare(rows, rows.isStreaming() ? List.of() : List.of(rows.inputFiles()));
  }

  /**
   * Checks everything, claims the output, reads and cuts the rows unless that was done, and writes
   * the manifest. Embeds nothing but a few rows to see how long they take. Nothing of a new output
   * is left when this fails, and an old one is as it was, or, where changes were being applied to
   * it, is put right by the next call.
   *
   * @param inputFiles the files that the rows are of, by which a changed input is known
   * @throws OutputException if the output is there and may not be replaced, cannot be resumed with
   *     these settings, is written by another run, or cannot be reached
   * @throws IllegalArgumentException as {@link InstructorEmbedder#transform}, and if the stage
   *     deduplicates or a column's type has no place in the files
   */
  public PreparedRun prepare(Dataset<Row> rows, List<String> inputFiles) {
    SparkSession session = rows.sparkSession();
    RunColumns columns = RunColumns.of(stage, rows, problemCol, idCol, format);
    RunFolder folder = RunFolder.of(session, output);
    boolean there = folder.exists();
    requireAllowed(folder, there);
    List<InputFile> inputs = inputs(folder.store(), inputFiles);
    RunOwner owner = RunOwner.claim(folder);
    boolean ours = !there && folder.holdsOnlyClaims();
    boolean prepared = false;
    try {
      requireAllowed(folder, !ours); // another run may have come and gone since the first look
      Input input = new Input(folder, owner, columns, columns.sliced(rows), inputs);
      PreparedRun run = owner.during(session.sparkContext(), () -> prepare(input));
      prepared = true;
      return run;
    } finally {
      if (!prepared) {
        giveUp(folder, owner, ours);
      }
    }
  }

  /** The rows, and where they go. */
  private record Input(
      RunFolder folder,
      RunOwner owner,
      RunColumns columns,
      Dataset<Row> sliced,
      List<InputFile> files) {}

  private PreparedRun prepare(Input input) {
    Optional<RunManifest> found =
        ifExists == IfExists.RESUME ? input.folder.manifest() : Optional.empty();
    Todo todo = found.isPresent() ? resumed(input, found.get()) : begun(input);
    return new PreparedRun(
        input.sliced.sparkSession(),
        input.folder,
        input.owner,
        input.columns,
        todo.manifest,
        todo.changes,
        todo.sampled);
  }

  private static void giveUp(RunFolder folder, RunOwner owner, boolean ours) {
    try (owner) {
      if (ours) {
        folder.deleteAll(owner);
      }
    } catch (OutputException e) { // the output is another's now; what failed is thrown already
      LOG.warn("{}", e.getMessage());
    }
  }

  private void requireAllowed(RunFolder folder, boolean there) {
    if (!there) {
      return;
    }
    if (ifExists == IfExists.ERROR) {
      throw new OutputException(
          folder.begun() && !folder.finished()
              ? "%s exists already, from a run that was broken off; go on with it by --if-exists resume, choose another --output, or say --if-exists overwrite"
                  .formatted(folder.shown())
              : "%s exists already%s; choose another --output, or say --if-exists overwrite"
                  .formatted(
                      folder.shown(),
                      folder.finished() ? "" : " (without the mark of a finished run)"));
    }
    if (ifExists == IfExists.OVERWRITE) {
      folder.requireReplaceable();
    } else {
      folder.requireResumable();
    }
  }

  private static List<InputFile> inputs(RunStore store, List<String> files) {
    List<InputFile> inputs = new ArrayList<>();
    for (String file : files) {
      try {
        Path path = new Path(file);
        FileStatus status = path.getFileSystem(store.hadoop().value()).getFileStatus(path);
        inputs.add(
            new InputFile(
                status.getPath().toString(), status.getLen(), status.getModificationTime()));
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "the input %s cannot be reached: %s".formatted(file, e.getMessage()), e);
      }
    }
    return inputs;
  }

  /** What there is to do, and what finding that out has shown. */
  private record Todo(
      RunManifest manifest, RunResult.InputChanges changes, EmbeddingMetrics.Totals sampled) {}

  private Todo resumed(Input input, RunManifest manifest) {
    Optional<String> difference =
        manifest
            .difference(input.columns.settings())
            .or(
                () ->
                    manifest.schema().equals(input.sliced.schema().json())
                        ? Optional.empty()
                        : Optional.of("the input has other columns than it had"));
    if (difference.isPresent()) {
      throw notResumable(input.folder, difference.get());
    }
    Optional<String> change = manifest.difference(input.files);
    boolean mayHaveGrown =
        change.isPresent()
            || (idCol.isPresent() && (input.files.isEmpty() || changes != Changes.REPORT));
    if (!mayHaveGrown) {
      return new Todo(manifest, RunResult.InputChanges.NONE, EmbeddingMetrics.Totals.NONE);
    }
    if (idCol.isEmpty()) {
      throw notResumable(
          input.folder,
          "of the input, %s. With an id column only new rows are embedded"
              .formatted(change.orElse("")));
    }
    Optional<List<PartFile>> committed = input.folder.committed(manifest);
    if (committed.isEmpty()) {
      return new Todo(manifest, RunResult.InputChanges.LATER, EmbeddingMetrics.Totals.NONE);
    }
    input.folder.requireAll(manifest, committed.get());
    return grown(input, committed.get());
  }

  private static OutputException notResumable(RunFolder folder, String reason) {
    return new OutputException(
        "%s cannot be resumed: %s. Run as before, choose another --output, or say --if-exists overwrite"
            .formatted(folder.shown(), reason));
  }

  private Todo grown(Input input, List<PartFile> parts) {
    RunFolder folder = input.folder;
    try (GrownInput grown = GrownInput.of(input.columns, folder, parts, input.sliced)) {
      boolean apply = changes == Changes.APPLY;
      RunResult.InputChanges found = grown.changes(apply);
      long gone = found.changed() + found.deleted();
      if (changes == Changes.ERROR && gone > 0) {
        throw notResumable(folder, found.toString());
      }
      Cut cut = cut(input, apply ? grown.addedOrChanged() : grown.added());
      requireCount(
          cut.slices.stream().mapToLong(Slice::rows).sum(),
          found.added() + (apply ? found.changed() : 0));
      List<PartFile> kept = parts;
      if (apply && gone > 0) {
        folder.markUnfinished(input.owner);
        kept = grown.withoutChangedOrDeleted();
        requireCount(rows(kept), rows(parts) - gone);
      }
      RunManifest manifest = manifest(input, cut.slices, keptOf(kept));
      folder.write(manifest, input.owner);
      return new Todo(manifest, found, cut.sampled);
    }
  }

  private static long rows(List<PartFile> parts) {
    return parts.stream().mapToLong(PartFile::rows).sum();
  }

  private static List<PartFile> keptOf(List<PartFile> parts) {
    return parts.stream().filter(part -> part.rows() > 0).map(PartFile::kept).toList();
  }

  /** The rows are read more than once here, and must be the same ones each time. */
  private static void requireCount(long rows, long compared) {
    if (rows != compared) {
      throw new IllegalArgumentException(
          "%,d rows were read where %,d had been compared: the input changed while it was read. Run again when nobody writes it"
              .formatted(rows, compared));
    }
  }

  private Todo begun(Input input) {
    if (ifExists == IfExists.OVERWRITE) {
      input.folder.requireReplaceable();
    }
    Cut cut = cut(input, input.sliced);
    input.folder.clear(input.owner.token(), input.owner);
    RunManifest manifest = manifest(input, cut.slices, List.of());
    input.folder.write(manifest, input.owner);
    return new Todo(manifest, RunResult.InputChanges.NONE, cut.sampled);
  }

  private static RunManifest manifest(Input input, List<Slice> slices, List<PartFile> kept) {
    return new RunManifest(
        RunManifest.FORMAT,
        input.owner.token().toString(),
        input.columns.settings(),
        input.sliced.schema().json(),
        input.files,
        slices,
        kept);
  }

  private record Cut(List<Slice> slices, EmbeddingMetrics.Totals sampled) {}

  private static Cut cut(Input input, Dataset<Row> wanted) {
    SparkSession session = wanted.sparkSession();
    int tasks =
        Math.max(
            1,
            session.sparkContext().defaultParallelism()
                / input.columns.plan().spec().options().threads());
    Optional<Long> bytes =
        input.files.isEmpty()
            ? Optional.empty()
            : Optional.of(input.files.stream().mapToLong(InputFile::length).sum());
    RunRate rate = input.columns.rate(wanted, bytes);
    RowFiles files = RowFiles.of(session, OutputFormat.PARQUET, wanted.schema());
    RDD<InternalRow> rows =
        wanted.withColumn("_run_tokens", input.columns.tokens(wanted)).queryExecution().toRdd();
    SliceCutter cutter =
        new SliceCutter(
            input.folder, files, input.owner.token(), rate.tokensPerSlice(bytes, tasks));
    List<String> slices =
        ConsecutivePartitions.atMost(PARTITIONS_PER_CORE * tasks, rows)
            .mapPartitionsWithIndex(cutter, true)
            .collect();
    return new Cut(RunStore.values(slices, Slice.class), rate.totals());
  }
}
