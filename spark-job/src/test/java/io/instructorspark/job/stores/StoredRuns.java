package io.instructorspark.job.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.spark.EmbeddingRun;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.OutputException;
import io.instructorspark.spark.PreparedRun;
import io.instructorspark.spark.RunResult;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs whose output is in a store. */
final class StoredRuns {
  private static final int ROWS = 600;

  private StoredRuns() {}

  /**
   * Breaks a run off when its input is cut, goes on with it, and replaces it.
   *
   * @param output in the store; there is nothing yet
   * @param settings Hadoop's, for the store
   */
  static void requireThatTheyGoOn(String output, Map<String, String> settings) throws IOException {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1");
    settings.forEach((key, value) -> builder.config("spark.hadoop." + key, value));
    try (SparkSession session = builder.getOrCreate()) {
      Dataset<Row> rows =
          session.range(0, ROWS, 1, 3).selectExpr("id", "concat('text number ', id) AS text");
      EmbeddingRun run =
          EmbeddingRun.of(
                  new InstructorEmbedder().setModel(StoredModels.TINY_BASE.toString()), output)
              .withIfExists(IfExists.RESUME);
      try (PreparedRun first = run.prepare(rows)) {
        assertThat(first.pendingRows()).isEqualTo(ROWS);
        assertThatThrownBy(() -> run.run(rows))
            .isInstanceOf(OutputException.class)
            .hasMessageContaining("another run writes");
      }
      RunResult result = run.run(rows);
      assertThat(result.rows()).isEqualTo(ROWS);
      assertThat(result.embedded()).isEqualTo(ROWS);
      assertThat(session.read().parquet(output).select("id").distinct().count()).isEqualTo(ROWS);
      assertThat(run.run(rows).embedded()).isZero();
      RunResult again = run.withIfExists(IfExists.OVERWRITE).run(rows.limit(10));
      assertThat(again.rows()).isEqualTo(10);
      assertThat(session.read().parquet(output).count()).isEqualTo(10);
      Path state = new Path(output, "_instructor_run");
      FileSystem files = state.getFileSystem(session.sessionState().newHadoopConf());
      assertThat(Arrays.stream(files.listStatus(state)).map(file -> file.getPath().getName()))
          .noneMatch(name -> name.startsWith("slices") || name.startsWith("done"))
          .anyMatch(name -> name.startsWith("committed"));
    } finally {
      FileSystem.closeAll();
    }
  }
}
