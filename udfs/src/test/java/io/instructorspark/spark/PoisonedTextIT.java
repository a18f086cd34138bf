package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A text that the model cannot embed costs its row, not its batch or partition. */
class PoisonedTextIT {
  private static final int ROWS = 100;
  private static final int GUILTY = 42;

  private SparkSession session;

  @BeforeEach
  void takeSession() {
    session = OperatorSessions.registered();
    SparkSession.setActiveSession(session);
    session.conf().set("spark.instructor.model", OperatorSessions.TINY);
    session.conf().set("spark.instructor.longText", "error");
    rows("%s").createOrReplaceTempView("sound");
    rows("if(id = " + GUILTY + ", repeat('too long ', 1000), %s)")
        .createOrReplaceTempView("poisoned");
  }

  @AfterEach
  void restoreSession() {
    session.conf().unset("spark.instructor.longText");
  }

  private Dataset<Row> rows(String text) {
    return session
        .range(0, ROWS, 1, 1)
        .selectExpr("id", text.replace("%s", "concat('text number ', id)") + " AS text");
  }

  private List<Row> embedded(String table) {
    return session
        .sql(
            "SELECT id, instructor_embedding('x: ', text) AS e FROM %s ORDER BY id"
                .formatted(table))
        .selectExpr("id", "e.vector", "e.error")
        .collectAsList();
  }

  @Test
  void isFlaggedAndItsNeighboursAreAsWithoutIt() {
    List<Row> sound = embedded("sound");
    List<Row> poisoned = embedded("poisoned");
    assertThat(poisoned).hasSize(ROWS);
    for (int i = 0; i < ROWS; i++) {
      if (i == GUILTY) {
        assertThat(poisoned.get(i).isNullAt(1)).isTrue();
        assertThat(poisoned.get(i).getString(2)).contains("the window holds");
      } else {
        assertThat(poisoned.get(i).getString(2)).isNull();
        List<Float> one = sound.get(i).getList(1);
        List<Float> other = poisoned.get(i).getList(1);
        for (int d = 0; d < one.size(); d++) {
          assertThat(Math.abs(one.get(d) - other.get(d))).isLessThan(1e-6f);
        }
      }
    }
  }

  @Test
  void isCountedAsAnError() {
    SqlRun run = SqlRun.of(session, "SELECT instructor_embed('x: ', text) FROM poisoned");
    assertThat(run.metrics()).containsEntry("errors", 1L).containsEntry("rows", (long) ROWS);
  }

  @Test
  void failsTheQueryWhereThatIsAskedFor() {
    session.conf().set("spark.instructor.handleInvalid", "error");
    try {
      assertThat(embedded("sound")).hasSize(ROWS);
      assertThatThrownBy(() -> embedded("poisoned")).hasStackTraceContaining("the window holds");
    } finally {
      session.conf().unset("spark.instructor.handleInvalid");
    }
  }

  @Test
  void isLeftOutOfAStagesRowsWhereThatIsAskedFor() {
    Dataset<Row> kept =
        new InstructorEmbedder()
            .setInstruction("x: ")
            .setHandleInvalid("skip")
            .transform(session.table("poisoned"));
    SqlRun run = SqlRun.of(kept);
    assertThat(run.rows()).hasSize(ROWS - 1).noneMatch(row -> row.getLong(0) == GUILTY);
    assertThat(run.texts()).isEqualTo(ROWS - 1);
  }
}
