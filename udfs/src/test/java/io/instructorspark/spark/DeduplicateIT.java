package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each distinct pair of instruction and text is embedded once. */
class DeduplicateIT {
  private static final int ROWS = 600;
  private static final int TEXTS = 20;

  private SparkSession session;

  @BeforeEach
  void takeSession() {
    session = OperatorSessions.registered();
    session.conf().set("spark.instructor.model", OperatorSessions.TINY);
  }

  private Dataset<Row> rows() {
    return session
        .range(0, ROWS, 1, 5)
        .selectExpr(
            "id",
            "concat('text number ', id % " + TEXTS + ") AS text",
            "concat('instruction ', id % 2, ': ') AS ask");
  }

  private static InstructorEmbedder stage() {
    return new InstructorEmbedder().setDeduplicate(true).setTokenCountCol("tokens");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 7, 4096})
  void embedsEachTextOnceOverAnyNumberOfWindows(int window) {
    Dataset<Row> embedded = stage().setInstruction("x: ").setWindowSize(window).transform(rows());
    SqlRun run = SqlRun.of(embedded);
    assertThat(run.rows()).hasSize(ROWS).noneMatch(row -> row.isNullAt(3));
    assertThat(run.texts()).isEqualTo(TEXTS);
    assertThat(run.metrics().get("rows")).isEqualTo(ROWS);
  }

  @Test
  void tellsPairsApartByTheirInstruction() {
    SqlRun run =
        SqlRun.of(
            stage()
                .setInstructionCol("ask")
                .transform(rows().selectExpr("id", "text", "concat('n ', id % 3, ': ') AS ask")));
    assertThat(run.rows()).hasSize(ROWS);
    assertThat(run.texts()).isEqualTo(3L * TEXTS);
  }

  @Test
  void givesTheSameVectorsAsWithoutIt() {
    List<Row> once =
        stage().setInstructionCol("ask").transform(rows()).orderBy("id").collectAsList();
    List<Row> each =
        stage()
            .setDeduplicate(false)
            .setInstructionCol("ask")
            .transform(rows())
            .orderBy("id")
            .collectAsList();
    for (int i = 0; i < ROWS; i++) {
      List<Float> one = once.get(i).getList(3);
      List<Float> other = each.get(i).getList(3);
      for (int d = 0; d < one.size(); d++) {
        assertThat(Math.abs(one.get(d) - other.get(d))).isLessThan(1e-6f);
      }
    }
  }

  @Test
  void shufflesOnceAndJoinsNothing() {
    Dataset<Row> embedded = stage().setInstruction("x: ").transform(rows());
    String plan = embedded.queryExecution().sparkPlan().toString();
    assertThat(Pattern.compile("Exchange").matcher(plan).results().count()).isEqualTo(1);
    assertThat(plan).doesNotContain("Join");
    assertThat(embedded.rdd().getNumPartitions())
        .isEqualTo(Integer.parseInt(session.conf().get("spark.sql.shuffle.partitions")));
  }

  @Test
  void keepsNullTexts() {
    Dataset<Row> some = rows().selectExpr("id", "if(id % 2 = 0, text, NULL) AS text");
    SqlRun run = SqlRun.of(stage().setInstruction("x: ").transform(some));
    assertThat(run.rows()).hasSize(ROWS);
    assertThat(run.rows().stream().filter(row -> row.isNullAt(2))).hasSize(ROWS / 2);
    assertThat(run.texts()).isEqualTo(TEXTS / 2);
  }

  @Test
  void worksWithoutTheOperator() {
    SparkSession plain = TestSession.get().newSession();
    plain.conf().set(BatchedOperator.ENABLED, "false");
    plain.conf().set("spark.instructor.model", OperatorSessions.TINY);
    EmbeddingMetrics metrics = new EmbeddingMetrics(plain.sparkContext());
    Dataset<Row> input =
        plain
            .range(0, ROWS, 1, 5)
            .selectExpr("id", "concat('text number ', id % " + TEXTS + ") AS text");
    assertThat(stage().setInstruction("x: ").transformCounting(input, metrics).collectAsList())
        .hasSize(ROWS);
    assertThat(metrics.totals().work().encoded()).isEqualTo(TEXTS);
    assertThat(metrics.totals().work().texts()).isEqualTo(ROWS);
  }

  @Test
  void isRefusedForStreamsByItsName() {
    Dataset<Row> stream =
        session.readStream().format("rate").load().selectExpr("string(value) AS text");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage().transform(stream))
        .withMessageContaining("deduplicate")
        .withMessageContaining("a stream never has all of them");
  }
}
