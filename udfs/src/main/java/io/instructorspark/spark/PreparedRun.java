package io.instructorspark.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SQLExecution;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/**
 * A run of which all is known that there is to do: its input is cut and its manifest written. It
 * holds the claim on the output until {@link #close}. For the driver, and one thread.
 */
public final class PreparedRun implements AutoCloseable {
  /** Larger than any slice, so that none is split and no two are read by one task. */
  private static final String ONE_FILE_A_TASK = Long.toString(1L << 40);

  /** So that neither a task nor its results are of all slices of a large input. */
  private static final int SLICES_PER_JOB = 10_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession session;
  private final RunFolder folder;
  private final RunOwner owner;
  private final RunColumns columns;
  private final RunManifest manifest;
  private final RunResult.InputChanges changes;
  private final EmbeddingMetrics.Totals sampled;
  private final Optional<List<PartFile>> committed;
  private final EmbeddingMetrics metrics;
  private final Map<Integer, PartFile> done;

  PreparedRun(
      SparkSession session,
      RunFolder folder,
      RunOwner owner,
      RunColumns columns,
      RunManifest manifest,
      RunResult.InputChanges changes,
      EmbeddingMetrics.Totals sampled) {
    this.session = session;
    this.folder = folder;
    this.owner = owner;
    this.columns = columns;
    this.manifest = manifest;
    this.changes = changes;
    this.sampled = sampled;
    this.metrics = EmbeddingMetrics.of(session);
    this.committed = folder.committed(manifest);
    this.done = new HashMap<>(committed.isPresent() ? Map.of() : folder.done(manifest));
  }

  /** Rows of the input that this run embeds, over all calls. */
  public long rows() {
    return manifest.rows();
  }

  /** Rows among {@link #rows} that could not be read rightly. */
  public long problems() {
    return manifest.problems();
  }

  /** Rows that are still to be embedded. */
  public long pendingRows() {
    return committed.isPresent() ? 0 : rows(pending());
  }

  /** Whether the output is finished, so that {@link #embed} has nothing to do. */
  public boolean isFinished() {
    return committed.isPresent() && folder.finished();
  }

  /** What the tasks of {@link #embed} count, while they run and after. */
  public EmbeddingMetrics metrics() {
    return metrics;
  }

  /** The columns of the output; the vector's says which model and mode made it. */
  public StructType schema() {
    return RunColumns.output(columns.embedded(slices(session, List.of()), null));
  }

  /** The rows of the output, which has to be finished. */
  public Dataset<Row> read() {
    return columns.format().read(session, schema(), RunFolder.literally(folder.store().root()));
  }

  /**
   * Embeds what is not done, and finishes the output. Broken off at any point, by anything, the
   * output can be resumed; what was written stays.
   *
   * @throws OutputException if the output cannot be written, was deleted, or was taken over by
   *     another run
   */
  public RunResult embed() {
    if (committed.isPresent()) {
      return finished(committed.get());
    }
    List<Integer> pending = pending();
    folder.markUnfinished(owner);
    List<PartFile> finished = new ArrayList<>(manifest.kept());
    finished.addAll(done.values());
    long repeated = rows(begun(folder.keepOnly(finished, owner)));
    for (int from = 0; from < pending.size(); from += SLICES_PER_JOB) {
      write(pending.subList(from, Math.min(pending.size(), from + SLICES_PER_JOB)))
          .forEach(part -> done.put(part.slice(), part));
    }
    List<PartFile> parts = new ArrayList<>(manifest.kept());
    IntStream.range(0, manifest.slices().size()).mapToObj(this::part).forEach(parts::add);
    if (parts.isEmpty()) {
      parts.add(emptyPart());
    }
    folder.commit(manifest, parts, description(), owner);
    return result(parts, rows(pending), repeated);
  }

  /** All rows are there; what a run that was broken off in its last steps has left is removed. */
  private RunResult finished(List<PartFile> parts) {
    if (folder.finished()) {
      folder.requireAll(manifest, parts);
      folder.keepOnly(parts, owner);
      folder.tidy(manifest.token(), owner);
    } else {
      folder.commit(manifest, parts, description(), owner);
    }
    return result(parts, 0, 0);
  }

  private PartFile part(int slice) {
    PartFile part = done.get(slice);
    if (part == null) {
      throw new IllegalStateException(
          "slice %d of %s was read by no task".formatted(slice, folder.shown()));
    }
    return part;
  }

  private List<Integer> pending() {
    return IntStream.range(0, manifest.slices().size())
        .filter(slice -> !done.containsKey(slice))
        .boxed()
        .toList();
  }

  private long rows(List<Integer> slices) {
    return slices.stream().mapToLong(slice -> manifest.slices().get(slice).rows()).sum();
  }

  /** Slices that part files without a marker were to hold. */
  private List<Integer> begun(List<String> strays) {
    return strays.stream()
        .map(name -> name.replaceFirst("^part-([0-9]{6,9})-.*", "$1"))
        .filter(number -> number.matches("[0-9]{6,9}"))
        .map(Integer::parseInt)
        .filter(slice -> slice < manifest.slices().size() && !done.containsKey(slice))
        .distinct()
        .toList();
  }

  private List<PartFile> write(List<Integer> pending) {
    SparkSession reading = ClassicSpark.cloned(session);
    reading.conf().set("spark.sql.files.maxPartitionBytes", ONE_FILE_A_TASK);
    reading.conf().set("spark.sql.files.openCostInBytes", ONE_FILE_A_TASK);
    reading.conf().unset("spark.sql.files.maxPartitionNum");
    reading.conf().set("spark.sql.files.ignoreCorruptFiles", "false");
    reading.conf().set("spark.sql.files.ignoreMissingFiles", "false");
    Dataset<Row> embedded = columns.embedded(slices(reading, pending), metrics);
    StructType schema = RunColumns.output(embedded);
    Map<String, Integer> numbers = new HashMap<>();
    Map<Integer, Long> rows = new HashMap<>();
    for (int slice : pending) {
      numbers.put(manifest.slices().get(slice).file(), slice);
      rows.put(slice, manifest.slices().get(slice).rows());
    }
    SliceWriter writer =
        new SliceWriter(
            folder,
            RowFiles.of(reading, columns.format(), schema),
            manifest.token(),
            owner.ticket(),
            numbers,
            rows,
            schema.fieldIndex(columns.stage().getOutputCol()),
            columns.plan().spec().handleInvalid() == HandleInvalid.SKIP);
    return owner.during(
        session.sparkContext(),
        () -> {
          QueryExecution query = embedded.queryExecution();
          return SQLExecution.withNewExecutionId(
              query,
              scala.Option.apply("embed"),
              () ->
                  RunStore.values(
                      query.toRdd().toJavaRDD().mapPartitions(writer).collect(), PartFile.class));
        });
  }

  /** The rows of slices, each with the name of its slice. */
  private Dataset<Row> slices(SparkSession reading, List<Integer> numbers) {
    StructType schema = (StructType) DataType.fromJson(manifest.schema());
    if (numbers.isEmpty()) {
      return reading
          .createDataFrame(List.of(), schema)
          .withColumn(SliceWriter.FILE, functions.lit(""));
    }
    String[] paths =
        numbers.stream()
            .map(number -> manifest.slices().get(number).file())
            .map(name -> RunFolder.literally(new Path(folder.slices(manifest.token()), name)))
            .toArray(String[]::new);
    Dataset<Row> rows = reading.read().schema(schema).parquet(paths);
    return rows.withColumn(
        SliceWriter.FILE, rows.metadataColumn("_metadata").getField("file_name"));
  }

  /** Of a run without rows: the columns alone. */
  private PartFile emptyPart() {
    RowFiles files = RowFiles.of(session, columns.format(), schema());
    String name =
        "%s%s-%s%s"
            .formatted(
                PartFile.PREFIX, RunToken.sixDigits(0), UUID.randomUUID(), files.extension());
    try {
      files.open(folder.part(name)).close();
      return new PartFile(0, name, folder.store().length(folder.part(name)), 0, 0, 0, 0, 0);
    } catch (Exception e) { // Scala's do not declare what they throw
      throw SliceWriter.explained(folder, folder.part(name), e);
    }
  }

  /** Model, mode and instruction of the vectors: what the vector column's metadata says. */
  private String description() {
    Metadata vector = schema().apply(columns.stage().getOutputCol()).metadata();
    try {
      return JSON.writerWithDefaultPrettyPrinter()
              .writeValueAsString(JSON.readTree(vector.json()).get(VectorOrigin.KEY))
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the vectors' metadata is not JSON: " + vector, e);
    }
  }

  private RunResult result(List<PartFile> parts, long embedded, long repeated) {
    return new RunResult(
        parts.stream().mapToLong(PartFile::rows).sum(),
        parts.stream().mapToLong(PartFile::vectors).sum(),
        parts.stream().mapToLong(PartFile::errors).sum(),
        parts.stream().mapToLong(PartFile::truncated).sum(),
        parts.stream().mapToLong(PartFile::skipped).sum(),
        embedded,
        repeated,
        changes,
        totals());
  }

  /** The counts of the rows, with the models that were loaded to measure how fast that goes. */
  private EmbeddingMetrics.Totals totals() {
    EmbeddingMetrics.Totals counted = metrics.totals();
    return new EmbeddingMetrics.Totals(
        counted.rows(),
        counted.errors(),
        counted.truncated(),
        counted.modelLoads() + sampled.modelLoads(),
        counted.modelLoadNanos() + sampled.modelLoadNanos(),
        counted.work());
  }

  /** Gives the output free; an unfinished one can be resumed. */
  @Override
  public void close() {
    owner.close();
  }
}
