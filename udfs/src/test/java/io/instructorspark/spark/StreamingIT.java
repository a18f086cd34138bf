package io.instructorspark.spark;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Embedding in Structured Streaming. */
@Timeout(180)
class StreamingIT {
  private static final StructType SCHEMA =
      new StructType().add("id", "long").add("text", "string").add("at", "timestamp");
  private static final String ASK = "Represent the sentence: ";

  @TempDir Path folder;

  private SparkSession session;

  @BeforeEach
  void takeSession() {
    use(OperatorSessions.registered());
  }

  private void use(SparkSession one) {
    session = one;
    session.conf().set("spark.instructor.model", OperatorSessions.TINY);
    SparkSession.setActiveSession(session);
  }

  /** By which door rows are embedded. */
  enum Door {
    FUNCTION_OF_AN_EXTENSION {
      @Override
      Dataset<Row> embed(Dataset<Row> rows) {
        return FUNCTION_AFTER_REGISTER.embed(rows);
      }
    },
    FUNCTION_AFTER_REGISTER {
      @Override
      Dataset<Row> embed(Dataset<Row> rows) {
        return rows.selectExpr("*", "instructor_embed('%s', text) AS embedding".formatted(ASK));
      }
    },
    TRANSFORMER {
      @Override
      Dataset<Row> embed(Dataset<Row> rows) {
        return stage().transform(rows);
      }
    },
    TRANSFORMER_WITHOUT_OPERATOR {
      @Override
      Dataset<Row> embed(Dataset<Row> rows) {
        return stage().transform(rows);
      }
    };

    abstract Dataset<Row> embed(Dataset<Row> rows);

    SparkSession session() {
      if (this == FUNCTION_OF_AN_EXTENSION) {
        return OperatorSessions.extended();
      }
      if (this != TRANSFORMER_WITHOUT_OPERATOR) {
        return OperatorSessions.registered();
      }
      SparkSession plain = TestSession.get().newSession();
      plain.conf().set(BatchedOperator.ENABLED, "false");
      return plain;
    }
  }

  private static InstructorEmbedder stage() {
    return new InstructorEmbedder().setInstruction(ASK);
  }

  private void file(String name, String... lines) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source"));
    Files.write(source.resolve(name), List.of(lines));
  }

  private static String json(int id) {
    return "{\"id\":%d,\"text\":\"text number %d\",\"at\":\"2024-01-01T00:%02d:00Z\"}"
        .formatted(id, id, id % 60);
  }

  private void threeFiles() throws IOException {
    file("a.json", json(1), json(2), "{\"id\":3}");
    file("b.json", json(4), "this is no JSON {", json(5));
    file("c.json", json(6));
  }

  /** A damaged line becomes a row of nulls, as Spark has it. */
  private Dataset<Row> stream() {
    return session
        .readStream()
        .schema(SCHEMA)
        .option("maxFilesPerTrigger", 1)
        .json(folder.resolve("source").toString());
  }

  private void run(DataStreamWriter<Row> writer) throws Exception {
    StreamingQuery query = started(writer, Trigger.AvailableNow());
    query.awaitTermination();
  }

  private StreamingQuery started(DataStreamWriter<Row> writer, Trigger trigger)
      throws TimeoutException {
    return writer
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .trigger(trigger)
        .start();
  }

  private DataStreamWriter<Row> toFiles(Dataset<Row> rows) {
    return rows.writeStream()
        .outputMode("append")
        .format("parquet")
        .option("path", folder.resolve("out").toString());
  }

  private DataStreamWriter<Row> toBatches(Transformer stage) {
    return stream().writeStream().foreachBatch(new EmbeddedBatches(stage, out()));
  }

  private String out() {
    return folder.resolve("out").toString();
  }

  private Dataset<Row> written() {
    return session.read().parquet(out());
  }

  /** Vectors by id; -1 is the damaged row's. */
  private static Map<Long, List<Float>> vectors(Dataset<Row> rows) {
    Map<Long, List<Float>> vectors = new TreeMap<>();
    List<Row> all = rows.select("id", "embedding").collectAsList();
    for (Row row : all) {
      vectors.put(row.isNullAt(0) ? -1 : row.getLong(0), row.isNullAt(1) ? null : row.getList(1));
    }
    assertThat(vectors).as("each id once").hasSize(all.size());
    return vectors;
  }

  private void assertSameAsInABatch(Dataset<Row> rows) {
    Map<Long, List<Float>> actual = vectors(rows);
    Map<Long, List<Float>> expected =
        vectors(
            stage()
                .transform(
                    session.read().schema(SCHEMA).json(folder.resolve("source").toString())));
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (id, vector) -> {
          if (vector == null) {
            assertThat(actual.get(id)).as("id %d", id).isNull();
          } else {
            for (int i = 0; i < vector.size(); i++) {
              assertThat(Math.abs(actual.get(id).get(i) - vector.get(i))).isLessThan(1e-6f);
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void embedsTheRowsOfFilesAsABatchDoes(Door door) throws Exception {
    use(door.session());
    threeFiles();
    run(toFiles(door.embed(stream())));
    assertSameAsInABatch(written());
    assertThat(vectors(written())).containsKeys(-1L, 3L).containsEntry(3L, null);
  }

  @Test
  void usesTheOperator() throws Exception {
    threeFiles();
    StreamingQuery query =
        started(toFiles(Door.TRANSFORMER.embed(stream())), Trigger.AvailableNow());
    query.awaitTermination();
    Object stream = query.getClass().getMethod("streamingQuery").invoke(query);
    Object last = stream.getClass().getMethod("lastExecution").invoke(stream);
    assertThat(((QueryExecution) last).executedPlan().toString()).contains(EmbedTextExec.NAME);
  }

  @Test
  void goesOnFromItsCheckpoint() throws Exception {
    threeFiles();
    run(toFiles(stage().transform(stream())));
    run(toFiles(stage().transform(stream())));
    file("d.json", json(7), json(8));
    run(toFiles(stage().transform(stream())));
    assertSameAsInABatch(written());
    assertThat(vectors(written())).hasSize(9);
  }

  @Test
  void worksUnderATriggerOfTime() throws Exception {
    threeFiles();
    StreamingQuery query =
        started(toFiles(stage().transform(stream())), Trigger.ProcessingTime(100));
    query.processAllAvailable();
    file("d.json", json(7));
    query.processAllAvailable();
    query.stop();
    assertSameAsInABatch(written());
  }

  @Test
  void embedsRowsOfARateSource() throws Exception {
    Dataset<Row> rows =
        session
            .readStream()
            .format("rate")
            .option("rowsPerSecond", 20)
            .load()
            .selectExpr("value AS id", "concat('text number ', value) AS text");
    StreamingQuery query =
        started(
            toFiles(rows.selectExpr("id", "instructor_embed('x: ', text) AS embedding")),
            Trigger.ProcessingTime(200));
    while (query.isActive()
        && (query.lastProgress() == null || query.lastProgress().batchId() < 3)) {
      Thread.sleep(50);
    }
    query.stop();
    assertThat(query.exception().isEmpty()).isTrue();
    Map<Long, List<Float>> vectors = vectors(written());
    assertThat(vectors).isNotEmpty().doesNotContainValue(null);
    assertThat(vectors.keySet().stream().mapToLong(id -> id).max().orElseThrow())
        .isEqualTo(vectors.size() - 1);
  }

  @Test
  void embedsTheSameTextAsAConstantInAllBatches() throws Exception {
    threeFiles();
    run(
        toFiles(
            stream()
                .selectExpr("id", "instructor_embed('x: ', 'the same question') AS embedding")));
    assertThat(vectors(written()).values().stream().distinct()).hasSize(1);
  }

  @Test
  void isFollowedByAnAggregateUnderAWatermark() throws Exception {
    threeFiles();
    Dataset<Row> counted =
        stage()
            .transform(stream().where("id IS NOT NULL AND text IS NOT NULL"))
            .withWatermark("at", "0 seconds")
            .groupBy(window(col("at"), "2 minutes"))
            .agg(count(lit(1)).as("rows"), avg(col("embedding").getItem(0)).as("mean"));
    run(toFiles(counted));
    List<Row> windows = written().orderBy("window").collectAsList();
    assertThat(windows).extracting(row -> row.getLong(1)).containsExactly(1L, 1L, 2L);
    assertThat(windows).noneMatch(row -> row.isNullAt(2));
  }

  @Test
  void failsTheQueryWhereInvalidRowsAreErrors() throws Exception {
    file("a.json", "{\"id\":1,\"text\":\"%s\"}".formatted("word ".repeat(700)));
    InstructorEmbedder strict = stage().setLongText("error").setHandleInvalid("error");
    assertThatExceptionOfType(StreamingQueryException.class)
        .isThrownBy(() -> run(toFiles(strict.transform(stream()))))
        .withStackTraceContaining("a row cannot be embedded");
  }

  @Test
  void countsTheRowsOfAllBatches() throws Exception {
    threeFiles();
    EmbeddingMetrics metrics = EmbeddingMetrics.of(session);
    run(toFiles(stage().transformCounting(stream(), metrics)));
    assertThat(metrics.totals().rows()).isEqualTo(7);
    assertThat(metrics.totals().texts()).isEqualTo(5);
  }

  @Test
  void refusesToDeduplicateByTheParametersName() throws Exception {
    threeFiles();
    PipelineModel pipeline =
        new Pipeline()
            .setStages(new PipelineStage[] {stage().setDeduplicate(true)})
            .fit(session.read().schema(SCHEMA).json(folder.resolve("source").toString()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pipeline.transform(stream()))
        .withMessageContaining("deduplicate");
    use(Door.TRANSFORMER_WITHOUT_OPERATOR.session());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pipeline.transform(stream()))
        .withMessageContaining("deduplicate");
  }

  @Test
  @Timeout(400)
  void losesAndDoublesNothingWhenItsDriverIsKilled() throws Exception {
    StreamingChaos chaos = new StreamingChaos(folder, 20240607);
    chaos.run(session, 2);
    assertThat(chaos.account()).contains("each once");
  }

  /** {@link EmbeddedBatches}. */
  @Nested
  class Batches {
    private Dataset<Row> rows(int... ids) {
      return session.createDataFrame(
          java.util.Arrays.stream(ids)
              .mapToObj(id -> RowFactory.create((long) id, "text " + id))
              .toList(),
          new StructType().add("id", "long").add("text", "string"));
    }

    private EmbeddedBatches batches() {
      return new EmbeddedBatches(stage(), out());
    }

    private List<Long> ids(Dataset<Row> rows) {
      return rows.orderBy("id").select("id").as(Encoders.LONG()).collectAsList();
    }

    private List<String> files(String place) throws IOException {
      try (Stream<Path> files = Files.list(folder.resolve("out").resolve(place))) {
        return files
            .map(file -> file.getFileName().toString())
            .filter(name -> !name.startsWith("."))
            .sorted()
            .toList();
      }
    }

    @Test
    void holdTheStreamsRows() throws Exception {
      threeFiles();
      run(toBatches(stage()));
      run(toBatches(stage()));
      assertSameAsInABatch(written());
      assertSameAsInABatch(EmbeddedBatches.read(session, out()));
      assertThat(written().select("batch").distinct().as(Encoders.INT()).collectAsList())
          .containsExactlyInAnyOrder(0, 1, 2);
      assertThat(VectorOrigin.of(written().schema().apply("embedding"))).isPresent();
    }

    @Test
    void takeAPipeline() throws Exception {
      threeFiles();
      run(
          toBatches(
              new Pipeline()
                  .setStages(new PipelineStage[] {stage()})
                  .fit(session.read().schema(SCHEMA).json(folder.resolve("source").toString()))));
      assertSameAsInABatch(written());
    }

    @Test
    void leaveAFinishedOneAsItIs() throws Exception {
      batches().call(rows(1, 2), 0L);
      List<String> before = files("batch=0");
      batches().call(rows(1, 2), 0L);
      assertThat(files("batch=0")).isEqualTo(before);
      assertThat(ids(written())).containsExactly(1L, 2L);
    }

    @Test
    void removeWhatIsLeftOfAnUnfinishedOne() throws Exception {
      batches().call(rows(1, 2), 0L);
      batches().call(rows(3), 1L);
      Files.delete(folder.resolve("out/_instructor_batches/1.json"));
      assertThat(ids(EmbeddedBatches.read(session, out()))).containsExactly(1L, 2L);
      batches().call(rows(3), 1L);
      assertThat(ids(written())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void takeAMarkerWithoutItsEndForNone() throws Exception {
      batches().call(rows(1, 2), 0L);
      Files.delete(folder.resolve("out/_instructor_batches/.0.json.crc"));
      Files.writeString(folder.resolve("out/_instructor_batches/0.json"), "{\"batch\":0,\"fil");
      assertThatExceptionOfType(FileNotFoundException.class)
          .isThrownBy(() -> EmbeddedBatches.read(session, out()))
          .withMessageContaining("no finished batch");
      batches().call(rows(1, 2), 0L);
      assertThat(ids(written())).containsExactly(1L, 2L);
    }

    @Test
    void removeWhatALateTaskLeftWithTheNext() throws Exception {
      batches().call(rows(1, 2), 0L);
      Path late = folder.resolve("out/batch=0/part-late.parquet");
      Files.copy(folder.resolve("out/batch=0").resolve(files("batch=0").get(0)), late);
      batches().call(rows(3), 1L);
      assertThat(late).doesNotExist();
      assertThat(ids(written())).containsExactly(1L, 2L, 3L);
    }

    @Test
    void mayBeEmpty() throws Exception {
      batches().call(rows(), 0L);
      batches().call(rows(1), 1L);
      assertThat(ids(written())).containsExactly(1L);
    }

    @Test
    void deduplicateWithinEach() throws Exception {
      new EmbeddedBatches(stage().setDeduplicate(true), out()).call(rows(1, 2), 0L);
      assertThat(ids(written())).containsExactly(1L, 2L);
    }

    @Test
    void areNotMixedWithOtherFiles() throws Exception {
      rows(1).write().parquet(out());
      assertThatIllegalStateException()
          .isThrownBy(() -> batches().call(rows(2), 0L))
          .withMessageContaining("no batches of embeddings")
          .withMessageContaining("Take an empty folder");
      assertThat(ids(written())).containsExactly(1L);
    }

    @Test
    void areNotMixedWithVectorsOfAnotherInstruction() throws Exception {
      batches().call(rows(1), 0L);
      assertThatIllegalStateException()
          .isThrownBy(
              () -> new EmbeddedBatches(stage().setInstruction("y: "), out()).call(rows(2), 1L))
          .withMessageContaining("instruction 'y: '");
    }

    @Test
    void belongToOneCheckpoint() throws Exception {
      threeFiles();
      run(toBatches(stage()));
      StreamingQuery other =
          toBatches(stage())
              .option("checkpointLocation", folder.resolve("another").toString())
              .trigger(Trigger.AvailableNow())
              .start();
      assertThatExceptionOfType(StreamingQueryException.class)
          .isThrownBy(other::awaitTermination)
          .withStackTraceContaining("Give each checkpoint a folder of its own");
    }

    @Test
    void refuseRowsWithAColumnOfTheirName() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> batches().call(rows(1).withColumn("Batch", lit(1)), 0L))
          .withMessageContaining("rename yours");
    }

    @Test
    void leaveTheSessionsOwnWayToCommit() throws Exception {
      String before = session.conf().get("spark.sql.sources.commitProtocolClass");
      batches().call(rows(1), 0L);
      assertThat(session.conf().get("spark.sql.sources.commitProtocolClass")).isEqualTo(before);
    }
  }
}
