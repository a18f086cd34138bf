package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator encodes each text at most once, wherever a query uses its vector. */
class BatchedOperatorIT {
  private static final int ROWS = 300;
  private static final String EMBED = "instructor_embed('Represent the Science title: ', text)";
  private static final String QUERY =
      "instructor_embed('Represent the Science title: ', 'Water on Mars')";

  @TempDir static Path folder;

  @Nested
  class ByExtension implements Contract {
    @Override
    public SparkSession session() {
      return OperatorSessions.extended();
    }
  }

  @Nested
  class OfARunningSession implements Contract {
    @Override
    public SparkSession session() {
      return OperatorSessions.registered();
    }
  }

  /** What holds however the operator came into the session. */
  interface Contract {
    SparkSession session();

    @BeforeEach
    default void makeTable() {
      SparkSession session = session();
      SparkSession.setActiveSession(session);
      session.conf().set("spark.instructor.model", OperatorSessions.TINY);
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        rows.add(
            RowFactory.create((long) i, "Water number " + i + " on the surface of Mars", i % 7));
      }
      Path parquet = folder.resolve("papers-" + getClass().getSimpleName());
      if (!parquet.toFile().exists()) {
        session
            .createDataFrame(
                rows,
                new StructType()
                    .add("id", DataTypes.LongType, false)
                    .add("text", DataTypes.StringType, true)
                    .add("shelf", DataTypes.IntegerType, false))
            .repartition(3)
            .write()
            .parquet(parquet.toString());
      }
      session.read().parquet(parquet.toString()).createOrReplaceTempView("papers");
    }

    default SqlRun run(String query) {
      return SqlRun.of(session(), query);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT id, EMBED AS v FROM papers",
          "SELECT * FROM (SELECT id, EMBED AS v FROM papers) WHERE v[0] > 0",
          "SELECT EMBED AS v, vector_inner_product(EMBED, EMBED) AS one FROM papers",
          "SELECT id, EMBED[0] AS a FROM papers WHERE EMBED[1] > 0 AND EMBED[2] < 1",
          "SELECT id FROM papers ORDER BY vector_cosine_similarity(EMBED, array_repeat(float(1), 32)) DESC LIMIT 5",
          "SELECT id, EMBED AS v FROM papers ORDER BY v[0] LIMIT 5",
          "SELECT EMBED AS v, count(*) FROM papers GROUP BY EMBED",
          "SELECT EMBED[0] > 0 AS side, count(*), max(EMBED[1]) FROM papers GROUP BY EMBED[0] > 0",
          "SELECT count(DISTINCT EMBED) FROM papers",
          "SELECT shelf, collect_list(EMBED) FROM papers GROUP BY shelf",
          "SELECT a.id, b.id FROM papers a JOIN papers b ON a.id = b.id AND b.shelf = 3 WHERE EMBED_A[0] > 0",
          "WITH e AS (SELECT id, EMBED AS v FROM papers) SELECT * FROM e WHERE v[0] > 0 ORDER BY v[1]",
          "SELECT id, rank() OVER (PARTITION BY shelf ORDER BY EMBED[0]) FROM papers",
          "SELECT id, x FROM papers LATERAL VIEW explode(EMBED) AS x",
          "SELECT id, EMBED AS v FROM papers UNION ALL SELECT id, EMBED AS v FROM papers WHERE false",
          "SELECT id, EMBED AS v FROM papers DISTRIBUTE BY EMBED[0] > 0",
        })
    default void encodesEachRowAtMostOnce(String query) {
      for (String adaptive : List.of("true", "false")) {
        session().conf().set("spark.sql.adaptive.enabled", adaptive);
        SqlRun run =
            run(query.replace("EMBED_A", EMBED.replace("text", "a.text")).replace("EMBED", EMBED));
        assertThat(run.texts())
            .as("adaptive %s: %s", adaptive, run.metrics())
            .isBetween(1L, (long) ROWS);
        assertThat(run.batches()).isLessThan(ROWS / 2);
      }
      session().conf().unset("spark.sql.adaptive.enabled");
    }

    @Test
    default void encodesBothSidesOfAJoinKeyOnce() {
      SqlRun run =
          run(
              "SELECT a.id, b.id FROM papers a JOIN papers b ON %s = %s"
                  .formatted(of("a.text"), of("b.text")));
      assertThat(run.rows()).hasSize(ROWS);
      assertThat(run.texts()).isLessThanOrEqualTo(2L * ROWS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    default void encodesACommonTableExpressionThatIsJoinedWithItselfOnce(String adaptive) {
      session().conf().set("spark.sql.adaptive.enabled", adaptive);
      SqlRun run =
          run(
              """
              WITH e AS (SELECT id, %s AS v FROM papers)
              SELECT a.id, b.id, vector_inner_product(a.v, b.v) FROM e a JOIN e b ON a.id = b.id - 1
              """
                  .formatted(EMBED));
      session().conf().unset("spark.sql.adaptive.enabled");
      assertThat(run.rows()).hasSize(ROWS - 1);
      assertThat(run.texts()).isEqualTo(ROWS);
    }

    @Test
    default void encodesACachedViewOnce() {
      run("CACHE TABLE embedded AS SELECT id, %s AS v FROM papers".formatted(EMBED));
      try {
        SqlRun run = run("SELECT id, v FROM embedded WHERE v[0] > 0 ORDER BY v[1]");
        assertThat(run.texts()).isZero();
        assertThat(run.rows()).isNotEmpty();
      } finally {
        session().sql("UNCACHE TABLE embedded");
      }
    }

    @Test
    default void encodesAConstantOnceForAllRows() {
      SqlRun run =
          run(
              "SELECT id, vector_cosine_similarity(%s, %s) AS likeness FROM papers WHERE %s[0] IS NOT NULL"
                  .formatted(QUERY, EMBED, QUERY));
      assertThat(run.rows()).hasSize(ROWS);
      assertThat(run.texts()).isEqualTo(ROWS + 1);
    }

    @Test
    default void encodesTwoConstantsOnceEachOnAnExecutor() {
      SqlRun run =
          run(
              "SELECT vector_cosine_similarity(%s, instructor_embed('', 'Water'))"
                  .formatted(QUERY));
      assertThat(run.texts()).isEqualTo(2);
      assertThat(run.rows().get(0).getFloat(0)).isBetween(-1f, 1f);
    }

    @Test
    default void doesNotEvaluateRowsOfTheDriverThere() {
      Dataset<Row> local =
          session()
              .createDataFrame(
                  List.of(RowFactory.create("Water"), RowFactory.create("Mars")),
                  new StructType().add("text", DataTypes.StringType));
      local.createOrReplaceTempView("local_rows");
      assertThat(run("SELECT %s FROM local_rows".formatted(EMBED)).texts()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "CASE WHEN id < 10 THEN EMBED END",
          "CASE WHEN id >= 10 THEN NULL WHEN shelf < 99 THEN EMBED END",
          "CASE WHEN id >= 10 THEN NULL ELSE EMBED END",
          "if(id < 10, EMBED, NULL)",
          "coalesce(if(id >= 10, array(float(1)), NULL), EMBED)",
          "id < 10 AND EMBED[0] > 0",
          "id >= 10 OR EMBED[0] > 0",
        })
    default void doesNotEncodeRowsThatAConditionKeepsOut(String guarded) {
      SqlRun run = run("SELECT id, %s AS v FROM papers".formatted(guarded.replace("EMBED", EMBED)));
      assertThat(run.rows()).hasSize(ROWS);
      assertThat(run.texts()).isEqualTo(10);
    }

    @Test
    default void doesNotEncodeRowsThatAnotherConditionOfAFilterTurnsDown() {
      assertThat(run("SELECT id FROM papers WHERE %s[0] > 0 AND id < 10".formatted(EMBED)).texts())
          .isEqualTo(10);
    }

    @Test
    default void letsNoErrorOfARowThatAConditionKeepsOutSurface() {
      session().conf().set("spark.instructor.handleInvalid", "error");
      session().conf().set("spark.instructor.longText", "error");
      try {
        SqlRun run =
            run(
                "SELECT id, CASE WHEN id < 10 THEN %s END AS v FROM papers"
                    .formatted(of("if(id < 10, text, repeat(text, 1000))")));
        assertThat(run.rows()).hasSize(ROWS);
        assertThat(run.texts()).isEqualTo(10);
      } finally {
        session().conf().unset("spark.instructor.handleInvalid");
        session().conf().unset("spark.instructor.longText");
      }
    }

    @Test
    default void encodesNoMoreThanALimitNeeds() {
      SqlRun run = run("SELECT id, %s AS v FROM papers LIMIT 10".formatted(EMBED));
      assertThat(run.rows()).hasSize(10);
      assertThat(run.texts()).isBetween(10L, 30L);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "SELECT id, EMBED AS v FROM papers ORDER BY id DESC LIMIT 5",
          "SELECT EMBED AS v FROM papers ORDER BY shelf, id % 10, id LIMIT 5",
          "SELECT v FROM (SELECT id + 1 AS n, EMBED AS v FROM papers) ORDER BY n LIMIT 5",
        })
    default void encodesOnlyTheFirstRowsOfAnOrderThatNoVectorDecides(String query) {
      SqlRun run = run(query.replace("EMBED", EMBED));
      assertThat(run.rows()).hasSize(5);
      assertThat(run.texts()).isEqualTo(5);
      List<Row> all =
          session().sql(query.replace("EMBED", EMBED).replace("LIMIT 5", "")).collectAsList();
      assertThat(rounded(run.rows())).isEqualTo(rounded(all.subList(0, 5)));
    }

    private static List<String> rounded(List<Row> rows) {
      return rows.stream()
          .map(
              row -> {
                List<Float> vector = row.getList(row.size() - 1);
                return vector.stream().map(x -> Math.round(x * 1e5f)).toList()
                    + (row.size() > 1 ? " " + row.get(0) : "");
              })
          .toList();
    }

    @Test
    default void leavesColumnsThatDependOnTheirPlaceWhereTheyAre() {
      String query =
          "SELECT id, length(input_file_name()) > 0 AS named%s FROM papers ORDER BY id LIMIT 3";
      List<Row> rows = run(query.formatted(", " + EMBED + " AS v")).rows();
      assertThat(rows).hasSize(3).allMatch(row -> row.getBoolean(1));
    }

    @Test
    default void evaluatesConditionsThatAreDrawnOnlyOnce() {
      SqlRun run =
          run("SELECT id, CASE WHEN rand(3) < 0.5 THEN %s END AS v FROM papers".formatted(EMBED));
      assertThat(run.rows()).hasSize(ROWS);
      assertThat(run.rows().stream().filter(row -> row.isNullAt(1)).count())
          .isBetween(ROWS / 4L, 3L * ROWS / 4);
    }

    @Test
    default void takesTheFirstRowsOfWhatWasSorted() {
      SqlRun run =
          run(
              "SELECT * FROM (SELECT id, %s AS v FROM (SELECT id, text FROM papers ORDER BY id DESC LIMIT 5)) DISTRIBUTE BY id"
                  .formatted(EMBED));
      assertThat(run.rows().stream().map(row -> row.getLong(0)))
          .containsExactlyInAnyOrder(299L, 298L, 297L, 296L, 295L);
      assertThat(run.texts()).isEqualTo(5);
    }

    @Test
    default void encodesNothingForAColumnThatNobodyReads() {
      SqlRun run =
          run(
              "SELECT id FROM papers WHERE EXISTS (SELECT * FROM (SELECT id AS key, %s AS v FROM papers WHERE shelf < 3) WHERE key = id)"
                  .formatted(EMBED));
      assertThat(run.rows()).isNotEmpty();
      assertThat(run.texts()).isZero();
    }

    @Test
    default void embedsForExistsInBatches() {
      SqlRun run =
          run(
              "SELECT id FROM papers p WHERE EXISTS (SELECT 1 FROM papers q WHERE q.shelf = p.shelf AND q.id > p.id AND %s[0] > p.id / 1000)"
                  .formatted(of("q.text")));
      assertThat(run.texts()).isBetween(1L, (long) ROWS);
    }

    @Test
    default void takesAnInstructionOfTheDay() {
      SqlRun run =
          run("SELECT instructor_embed(concat('on ', current_date(), ': '), text) FROM papers");
      assertThat(run.texts()).isEqualTo(ROWS);
    }

    @Test
    default void staysOutWhereItIsNotEnabled() {
      session().conf().set(BatchedOperator.ENABLED, "false");
      try {
        SqlRun run = run("SELECT %s FROM papers LIMIT 3".formatted(EMBED));
        assertThat(run.rows()).hasSize(3);
        assertThat(run.metrics()).doesNotContainKey("texts encoded");
      } finally {
        session().conf().unset(BatchedOperator.ENABLED);
      }
    }

    @Test
    default void takesAnInstructionThatAQueryFinds() {
      SqlRun run =
          run(
              "SELECT id, instructor_embed((SELECT concat('number ', max(id), ': ') FROM papers), text) AS v FROM papers");
      assertThat(run.rows()).hasSize(ROWS).noneMatch(row -> row.isNullAt(1));
      assertThat(run.texts()).isEqualTo(ROWS);
    }

    @Test
    default void tellsSparkHowLargeVectorsAre() {
      long rows = 1000;
      LogicalPlan plan =
          session()
              .range(rows)
              .selectExpr(of("string(id)") + " AS v")
              .queryExecution()
              .optimizedPlan();
      assertThat(plan.children().head().stats().sizeInBytes().toLong())
          .isGreaterThan(rows * 32 * Float.BYTES);
    }

    @Test
    default void embedsWhatWasAggregated() {
      SqlRun run =
          run(
              "SELECT shelf, instructor_embed('', max(text)) AS v, count(*) FROM papers GROUP BY shelf");
      assertThat(run.rows()).hasSize(7);
      assertThat(run.texts()).isEqualTo(7);
    }

    @Test
    default void embedsWithinLambdasRowByRow() {
      SqlRun run =
          run(
              "SELECT transform(array(text, 'b'), t -> instructor_embed('', t)) FROM papers LIMIT 3");
      assertThat(run.rows()).hasSize(3);
      assertThat(run.rows().get(0).getList(0)).hasSize(2);
    }

    @Test
    default void givesTheVectorsOfTheStage() {
      Dataset<Row> papers = session().table("papers");
      List<Row> bySql =
          papers.selectExpr("id", EMBED + " AS embedding").orderBy("id").collectAsList();
      List<Row> byStage =
          new InstructorEmbedder()
              .setInstruction("Represent the Science title: ")
              .transform(papers)
              .select("id", "embedding")
              .orderBy("id")
              .collectAsList();
      assertThat(bySql).hasSize(ROWS);
      for (int i = 0; i < ROWS; i++) {
        List<Float> one = bySql.get(i).getList(1);
        List<Float> other = byStage.get(i).getList(1);
        for (int d = 0; d < one.size(); d++) {
          assertThat(one.get(d)).isCloseTo(other.get(d), within(1e-6f));
        }
      }
    }

    @Test
    default void isWhatTheStagePlans() {
      Dataset<Row> embedded =
          new InstructorEmbedder()
              .setInstruction("Represent the Science title: ")
              .setTokenCountCol("tokens")
              .setErrorCol("why")
              .setHandleInvalid("skip")
              .transform(session().table("papers"))
              .filter("embedding[0] > 0");
      SqlRun run = SqlRun.of(embedded);
      assertThat(run.texts()).isEqualTo(ROWS);
      assertThat(embedded.queryExecution().explainString(formatted()))
          .contains("InstructorEmbed", "precision=fp32", OperatorSessions.TINY)
          .contains("instruction='Represent the Science title: '");
    }

    private static org.apache.spark.sql.execution.ExplainMode formatted() {
      return org.apache.spark.sql.execution.ExplainMode.fromString("formatted");
    }

    private static String of(String text) {
      return EMBED.replace("text", text);
    }
  }
}
