package io.instructorspark.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The function for DataFrames, with the operator and without. */
class InstructorFunctionsIT {
  private static final String INSTRUCTION = "Represent the number: ";
  private static final int ROWS = 40;

  private SparkSession with;
  private SparkSession without;

  @BeforeEach
  void takeSessions() {
    with = OperatorSessions.registered();
    without = TestSession.get().newSession();
    for (SparkSession session : List.of(with, without)) {
      session.conf().set("spark.instructor.model", OperatorSessions.TINY);
    }
  }

  private static Dataset<Row> rows(SparkSession session) {
    return session.range(0, ROWS, 1, 2).selectExpr("id", "concat('number ', id) AS text");
  }

  private static UserDefinedFunction function(SparkSession session) {
    SparkSession.setActiveSession(session);
    return InstructorFunctions.udf(EmbeddingSpec.of(session));
  }

  private static Dataset<Row> embedded(SparkSession session) {
    return rows(session)
        .select(col("id"), function(session).apply(lit(INSTRUCTION), col("text")).as("v"));
  }

  @Test
  void isBatchedWhereTheOperatorIs() {
    SqlRun run = SqlRun.of(embedded(with).filter("v[0] > -2").orderBy("id"));
    assertThat(run.texts()).isEqualTo(ROWS);
    assertThat(run.rows()).hasSize(ROWS);
  }

  @Test
  void worksRowByRowWhereItIsNot() {
    SqlRun run = SqlRun.of(embedded(without).orderBy("id"));
    assertThat(run.metrics()).doesNotContainKey("texts encoded");
    assertThat(vectors(run.rows()))
        .isEqualTo(vectors(embedded(with).orderBy("id").collectAsList()));
  }

  private static List<List<Float>> vectors(List<Row> rows) {
    return rows.stream()
        .map(row -> row.<Float>getList(1).stream().map(x -> Math.round(x * 1e4f) / 1e4f).toList())
        .toList();
  }

  @Test
  void giveNullForNullTexts() {
    for (SparkSession session : List.of(with, without)) {
      Dataset<Row> nothing =
          rows(session)
              .select(function(session).apply(lit(null).cast("string"), lit(null).cast("string")));
      assertThat(nothing.collectAsList()).hasSize(ROWS).allMatch(row -> row.isNullAt(0));
    }
  }

  @Test
  void canBeRegisteredUnderAName() {
    with.udf().register("embed_number", function(with));
    rows(with).createOrReplaceTempView("numbers");
    SqlRun run = SqlRun.of(with, "SELECT embed_number('x: ', text) FROM numbers");
    assertThat(run.texts()).isEqualTo(ROWS);
  }

  @Test
  void takesAModelAlone() {
    SparkSession.setActiveSession(with);
    UserDefinedFunction function = InstructorFunctions.udf(EmbeddingSpec.of(with).model());
    assertThat(rows(with).select(function.apply(lit("x: "), col("text"))).count()).isEqualTo(ROWS);
  }

  @Nested
  class ASessionThatCannotTakeTheOperator {
    private SparkSession session;

    @BeforeEach
    void keepTheOperatorOut() {
      session = TestSession.get().newSession();
      session.conf().set(BatchedOperator.ENABLED, "false");
      session.conf().set("spark.instructor.model", OperatorSessions.TINY);
      InstructorFunctions.register(session);
      rows(session).createOrReplaceTempView("numbers");
    }

    @Test
    void embedsInSqlRowByRow() {
      SqlRun run =
          SqlRun.of(
              session,
              "SELECT id, instructor_embed('%s', text) FROM numbers ORDER BY id"
                  .formatted(INSTRUCTION));
      assertThat(run.metrics()).doesNotContainKey("texts encoded");
      assertThat(vectors(run.rows()))
          .isEqualTo(vectors(embedded(with).orderBy("id").collectAsList()));
    }

    @Test
    void letsTheStageMapPartitions() {
      Dataset<Row> byPartitions =
          new InstructorEmbedder()
              .setInstruction(INSTRUCTION)
              .setTokenCountCol("tokens")
              .transform(rows(session))
              .orderBy("id");
      assertThat(byPartitions.queryExecution().toString())
          .contains("MapPartitions")
          .doesNotContain(EmbedTextExec.NAME);
      List<Row> rows = byPartitions.select("id", "embedding").collectAsList();
      assertThat(vectors(rows)).isEqualTo(vectors(embedded(with).orderBy("id").collectAsList()));
    }
  }

  @Test
  void registeringTwiceAddsNothing() {
    int rules = ClassicSpark.experimental(with).extraOptimizations().size();
    InstructorFunctions.register(with);
    assertThat(ClassicSpark.experimental(with).extraOptimizations().size()).isEqualTo(rules);
  }

  @Test
  void refusesWhatIsMissing() {
    assertThatThrownBy(() -> new EmbeddingSpec(null, null, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("model");
  }
}
