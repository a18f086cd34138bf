package io.instructorspark.job.tables;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.spark.EmbeddingSpec;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.InstructorFunctions;
import io.instructorspark.spark.VectorOrigin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.Metadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embedding from and into tables of Delta Lake and Iceberg, as docs/tables.md has it. */
@Timeout(600)
class TablesIT {
  private static final String ASK = "Represent the sentence: ";
  private static final String EMBED = "instructor_embed('%s', text) AS embedding".formatted(ASK);
  private static final String MERGE =
      "MERGE INTO vectors v USING %s n ON v.id = n.id"
          + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *";
  private static final String CHANGES =
      """
      (SELECT r.id, r.round, r.text, instructor_embed('%s', r.text) AS embedding
      FROM texts r LEFT JOIN vectors was ON r.id = was.id
      WHERE was.id IS NULL OR NOT (r.text <=> was.text))
      """
          .formatted(ASK);

  @TempDir static Path folder;

  private static SparkSession session;
  private static EncodedTexts encoded;
  private static int namespaces;
  private static String namespace;

  @BeforeAll
  static void open() {
    session = TableSessions.open(folder);
    encoded = new EncodedTexts(session);
  }

  @AfterAll
  static void close() {
    encoded.stop();
    TableSessions.close();
  }

  @BeforeEach
  void takeSession() {
    SparkSession.setActiveSession(session);
    encoded.since();
  }

  private static List<Row> sql(String statement) {
    return session.sql(statement).collectAsList();
  }

  private static void useNew(TableFormat format) {
    namespace = format.namespace(session, "n" + namespaces++);
    sql("USE " + namespace);
  }

  /** Tables {@code texts} of some rows, and {@code vectors} of none. */
  private static void makeTables(TableFormat format, int rows, String properties) {
    useNew(format);
    sql("CREATE TABLE texts (id BIGINT, round INT, text STRING) USING " + format.source());
    insertTexts(0, rows, 0);
    sql(
        "CREATE TABLE vectors (id BIGINT, round INT, text STRING, embedding ARRAY<FLOAT>) USING %s %s"
            .formatted(format.source(), properties));
  }

  private static void insertTexts(int from, int to, int round) {
    sql(
        "INSERT INTO texts SELECT id, %d, concat('sentence ', id, ' of round %d') FROM range(%d, %d, 1, 1)"
            .formatted(round, round, from, to));
  }

  private static void insertVectors() {
    sql("INSERT INTO vectors SELECT id, round, text, %s FROM texts".formatted(EMBED));
  }

  private static void changeTexts(int below, int round) {
    sql(
        "UPDATE texts SET round = %d, text = concat('sentence ', id, ' of round %d') WHERE id < %d"
            .formatted(round, round, below));
  }

  /**
   * Each row of {@code texts} once, with the vector of its text as the stage makes it. A stream's
   * batches are written by another session than this one.
   */
  private static void assertVectorsOfAllTexts(String table) {
    sql("REFRESH TABLE " + table);
    assertThat(Stored.rows(session.table(table)))
        .usingRecursiveComparison()
        .isEqualTo(Stored.expected(session.table("texts")));
  }

  /** A row of a table, with what its vector says, to a precision that batches do not disturb. */
  record Stored(int round, String text, List<Long> vector) {
    static Map<Long, Stored> rows(Dataset<Row> table) {
      Map<Long, Stored> rows = new TreeMap<>();
      for (Row row : table.select("id", "round", "text", "embedding").collectAsList()) {
        Stored stored = new Stored(row.getInt(1), row.getString(2), rounded(row.getList(3)));
        assertThat(rows.put(row.getLong(0), stored)).as("two rows of id %s", row.get(0)).isNull();
      }
      return rows;
    }

    static Map<Long, Stored> expected(Dataset<Row> texts) {
      return rows(new InstructorEmbedder().setInstruction(ASK).transform(texts));
    }

    private static List<Long> rounded(List<Float> vector) {
      return vector.stream().map(number -> Math.round(number * 1000.0)).toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void runsThePage(TableFormat format) {
    useNew(format);
    List<String> embedding = new ArrayList<>();
    for (String statement : TablesPage.statements(format)) {
      sql(statement);
      long texts = encoded.since();
      if (texts > 0) {
        embedding.add(statement.split("\\s+", 2)[0] + " " + texts);
      }
    }
    List<String> ofBoth = List.of("INSERT 3", "INSERT 1", "MERGE 2", "CREATE 1");
    assertThat(embedding).startsWith(ofBoth.toArray(new String[0]));
    assertThat(embedding.subList(ofBoth.size(), embedding.size()))
        .isEqualTo(format == TableFormat.DELTA ? List.of("MERGE 1") : List.of());
    assertThat(sql("SELECT id, text FROM review_vectors ORDER BY id"))
        .isEqualTo(sql("SELECT id, text FROM reviews ORDER BY id"))
        .extracting(row -> row.getLong(0))
        .containsExactly(1L, 3L, 4L, 5L);
    Map<String, String> properties =
        sql("SHOW TBLPROPERTIES review_vectors").stream()
            .collect(Collectors.toMap(row -> row.getString(0), row -> row.getString(1)));
    Dataset<Row> anew =
        new InstructorEmbedder()
            .setModel(properties.get("instructor.model"))
            .setInstruction(properties.get("instructor.instruction"))
            .setOutputCol("anew")
            .transform(session.table("review_vectors"));
    assertThat(anew.where("vector_l2_distance(embedding, anew) < 1e-5").count()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void takesVectorsByEveryDoor(TableFormat format) throws Exception {
    makeTables(format, 5, "");
    insertVectors();
    assertVectorsOfAllTexts("vectors");
    Dataset<Row> texts = session.table("texts");
    texts.selectExpr("*", EMBED).writeTo("by_frame").using(format.source()).create();
    assertVectorsOfAllTexts("by_frame");
    var embed = InstructorFunctions.udf(EmbeddingSpec.of(session));
    texts
        .withColumn("embedding", embed.apply(lit(ASK), col("text")))
        .writeTo("by_function")
        .using(format.source())
        .create();
    assertVectorsOfAllTexts("by_function");
    new InstructorEmbedder()
        .setInstruction(ASK)
        .transform(texts)
        .writeTo("by_stage")
        .using(format.source())
        .create();
    assertVectorsOfAllTexts("by_stage");
    assertThat(encoded.since()).isGreaterThanOrEqualTo(20);
  }

  @ParameterizedTest
  @EnumSource
  void knowsTheOriginOfVectors(TableFormat format) throws Exception {
    makeTables(format, 2, "");
    Dataset<Row> texts = session.table("texts");
    Dataset<Row> vectors = new InstructorEmbedder().setInstruction(ASK).transform(texts);
    VectorOrigin made = VectorOrigin.of(vectors.schema().apply("embedding")).orElseThrow();
    vectors
        .writeTo("made")
        .using(format.source())
        .tableProperty("instructor.origin", made.metadata().json())
        .create();
    sql(
        "CREATE TABLE selected USING %s AS SELECT id, %s FROM texts"
            .formatted(format.source(), EMBED));
    for (String table : List.of("made", "selected")) {
      assertThat(VectorOrigin.of(session.table(table).schema().apply("embedding")).isPresent())
          .as(table)
          .isEqualTo(format == TableFormat.DELTA);
    }
    Dataset<Row> other =
        new InstructorEmbedder().setInstruction(ASK).setPrecision("bf16").transform(texts);
    assertThatThereIsNoCheck(other);
    String origin = sql("SHOW TBLPROPERTIES made ('instructor.origin')").get(0).getString(1);
    Dataset<Row> stored =
        session.table("made").withMetadata("embedding", Metadata.fromJson(origin));
    assertThat(VectorOrigin.of(stored.schema().apply("embedding"))).contains(made);
    assertThatThrownBy(() -> stored.union(other).collectAsList())
        .hasMessageContaining("precision is fp32 on one side and bf16 on the other");
  }

  /** The formats take a column for what its type is; the page says to compare before. */
  private static void assertThatThereIsNoCheck(Dataset<Row> other) throws Exception {
    Metadata before = session.table("made").schema().apply("embedding").metadata();
    other.writeTo("made").append();
    assertThat(session.table("made").schema().apply("embedding").metadata()).isEqualTo(before);
    assertThat(session.table("made").count()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void showsReadersOneVersionOrAnotherWhileItMerges(TableFormat format) throws Exception {
    int rounds = 4;
    makeTables(format, 20, "");
    insertVectors();
    List<Map<Long, Stored>> versions = new ArrayList<>();
    versions.add(Stored.expected(session.table("texts")));
    SnapshotReader reader = SnapshotReader.start(session.newSession(), session);
    for (int round = 1; round <= rounds; round++) {
      changeTexts(8, round);
      insertTexts(20 + 3 * (round - 1), 20 + 3 * round, round);
      encoded.since();
      reader.during(() -> sql(MERGE.formatted(CHANGES)));
      assertThat(encoded.since()).as("8 changed, 3 new").isEqualTo(11);
      versions.add(Stored.expected(session.table("texts")));
    }
    List<Map<Long, Stored>> seen = reader.stop();
    assertThat(reader.duringMerges()).as("reads that began and ended within a MERGE").isPositive();
    assertThat(seen).as("each is a committed version").isSubsetOf(versions);
    assertThat(seen.stream().map(versions::indexOf).toList()).isSorted();
    assertThat(seen).last().isEqualTo(versions.get(rounds));

    Object first = format.firstVersionWithRows(session, namespace + ".vectors");
    assertThat(Stored.rows(session.sql("SELECT * FROM vectors VERSION AS OF " + first)))
        .isEqualTo(versions.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy-on-write", "merge-on-read"})
  void embedsAChangeOnceHoweverIcebergMerges(String mode) {
    makeTables(TableFormat.ICEBERG, 6, "TBLPROPERTIES ('write.merge.mode' = '%s')".formatted(mode));
    insertVectors();
    changeTexts(2, 1);
    encoded.since();
    sql(MERGE.formatted(CHANGES));
    assertThat(encoded.since()).isEqualTo(2);
    assertVectorsOfAllTexts("vectors");
  }

  @ParameterizedTest
  @EnumSource
  void changesNothingWhereATaskFails(TableFormat format) {
    makeTables(format, 4, "");
    insertVectors();
    insertTexts(4, 8, 1);
    String missing =
        "INSERT INTO vectors SELECT r.id, r.round, r.text, instructor_embed('%s', %s)"
            + " FROM texts r LEFT ANTI JOIN vectors v ON r.id = v.id";
    assertThatThrownBy(
            () -> sql(missing.formatted(ASK, "if(r.id = 6, raise_error('broken off'), r.text)")))
        .hasStackTraceContaining("broken off");
    assertThat(session.table("vectors").count()).isEqualTo(4);
    encoded.since();
    sql(missing.formatted(ASK, "r.text"));
    assertThat(encoded.since()).isEqualTo(4);
    assertVectorsOfAllTexts("vectors");
  }

  @ParameterizedTest
  @EnumSource
  void mergesEachBatchOfAStreamOnceThoughItIsGivenTwice(TableFormat format) throws Exception {
    makeTables(format, 3, "");
    insertTexts(3, 6, 0);
    VoidFunction2<Dataset<Row>, Long> merge =
        (batch, number) -> {
          new InstructorEmbedder()
              .setInstruction(ASK)
              .transform(batch)
              .createOrReplaceTempView("new_vectors");
          String merging = MERGE.replace("INTO vectors", "INTO " + namespace + ".vectors");
          batch.sparkSession().sql(merging.formatted("new_vectors"));
        };
    runBrokenOffAfterABatch(merge);
    assertVectorsOfAllTexts("vectors");
    insertTexts(6, 9, 1);
    run(merge);
    assertVectorsOfAllTexts("vectors");
  }

  @Test
  void appendsEachBatchOfAStreamOnceToDelta() throws Exception {
    makeTables(TableFormat.DELTA, 3, "");
    insertTexts(3, 6, 0);
    VoidFunction2<Dataset<Row>, Long> append =
        (batch, number) ->
            new InstructorEmbedder()
                .setInstruction(ASK)
                .transform(batch)
                .write()
                .format("delta")
                .mode("append")
                .option("txnAppId", "texts")
                .option("txnVersion", number)
                .saveAsTable("vectors");
    runBrokenOffAfterABatch(append);
    assertVectorsOfAllTexts("vectors");
  }

  @ParameterizedTest
  @EnumSource
  void embedsAStreamFromTableToTable(TableFormat format) throws Exception {
    makeTables(format, 3, "");
    String checkpoint = checkpoint();
    for (int round = 0; round < 2; round++) {
      new InstructorEmbedder()
          .setInstruction(ASK)
          .transform(session.readStream().table("texts"))
          .writeStream()
          .format(format.source())
          .option("checkpointLocation", checkpoint)
          .trigger(Trigger.AvailableNow())
          .toTable("vectors")
          .awaitTermination();
      assertVectorsOfAllTexts("vectors");
      insertTexts(3, 5, 1);
    }
  }

  private static String checkpoint() {
    return folder.resolve("checkpoint-" + namespaces).toUri().toString();
  }

  /** The first batch is written, and then its query ends before the checkpoint knows of it. */
  private static void runBrokenOffAfterABatch(VoidFunction2<Dataset<Row>, Long> write)
      throws Exception {
    List<Long> given = new ArrayList<>();
    VoidFunction2<Dataset<Row>, Long> breaking =
        (batch, number) -> {
          write.call(batch, number);
          given.add(number);
          if (given.size() == 1) {
            throw new IllegalStateException("broken off");
          }
        };
    assertThatExceptionOfType(StreamingQueryException.class)
        .isThrownBy(() -> run(breaking))
        .withStackTraceContaining("broken off");
    run(breaking);
    assertThat(given).startsWith(0L, 0L);
  }

  private static void run(VoidFunction2<Dataset<Row>, Long> write) throws Exception {
    session
        .readStream()
        .option("maxFilesPerTrigger", 1)
        .option("streaming-max-files-per-micro-batch", 1)
        .table("texts")
        .writeStream()
        .foreachBatch(write)
        .option("checkpointLocation", checkpoint())
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
  }
}
