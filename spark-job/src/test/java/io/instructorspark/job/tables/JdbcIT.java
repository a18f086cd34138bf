package io.instructorspark.job.tables;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.spark.InstructorEmbedder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Texts from a database, and vectors into one; the database is Derby in this JVM. */
@Timeout(300)
class JdbcIT {
  private static final String DRIVER = "org.apache.derby.iapi.jdbc.AutoloadedDriver";
  private static final int ROWS = 40;

  @TempDir static Path folder;

  private static SparkSession session;
  private static String url;

  @BeforeAll
  static void fill() throws SQLException {
    System.setProperty("derby.system.home", folder.toString());
    url = "jdbc:derby:" + folder.resolve("shop");
    session = TableSessions.open(folder);
    try (Connection database = DriverManager.getConnection(url + ";create=true")) {
      database
          .createStatement()
          .execute("CREATE TABLE reviews (id BIGINT PRIMARY KEY, text VARCHAR(4000))");
      PreparedStatement insert = database.prepareStatement("INSERT INTO reviews VALUES (?, ?)");
      for (int id = 0; id < ROWS; id++) {
        insert.setLong(1, id);
        insert.setString(2, id == 7 ? null : "review number " + id);
        insert.execute();
      }
    }
  }

  @AfterAll
  static void close() {
    TableSessions.close();
    try {
      DriverManager.getConnection(url + ";shutdown=true").close();
    } catch (SQLException e) { // how Derby says that it is done
      assertThat(e.getSQLState()).isEqualTo("08006");
    }
  }

  @BeforeEach
  void takeSession() {
    SparkSession.setActiveSession(session);
  }

  private static DataFrameReader reader() {
    return session.read().format("jdbc").option("url", url).option("driver", DRIVER);
  }

  private static DataFrameWriter<Row> writer(Dataset<Row> rows, String table) {
    return rows.write()
        .format("jdbc")
        .option("url", url)
        .option("driver", DRIVER)
        .option("dbtable", table);
  }

  private static Dataset<Row> reviews() {
    return reader()
        .option("dbtable", "reviews")
        .option("partitionColumn", "id")
        .option("lowerBound", 5)
        .option("upperBound", 35)
        .option("numPartitions", 3)
        .load();
  }

  private static Dataset<Row> embedded() {
    return new InstructorEmbedder()
        .setInputCol("TEXT")
        .setInstruction("Represent the product review: ")
        .transform(reviews());
  }

  @Test
  void embedsATableByPartitionsIntoDelta() {
    assertThat(embedded().rdd().getNumPartitions()).isEqualTo(3);
    String vectors = folder.resolve("vectors").toString();
    embedded().write().format("delta").save(vectors);
    Dataset<Row> stored = session.read().format("delta").load(vectors);
    assertThat(stored.count()).isEqualTo(ROWS);
    assertThat(stored.where("embedding IS NULL").select("id").first().getLong(0)).isEqualTo(7);
    assertThat(stored.where("size(embedding) = 256").count()).isEqualTo(ROWS - 1);
  }

  @Test
  void isRefusedArraysByDerby() {
    assertThatThrownBy(() -> writer(embedded().select("id", "embedding"), "arrays").save())
        .hasMessageContaining("Can't get JDBC type for array<float>");
  }

  @Test
  void writesVectorsAsTextAndReadsThemBackExactly() {
    Dataset<Row> vectors = embedded().select("id", "embedding").cache();
    writer(vectors.withColumn("embedding", to_json(col("embedding"))), "vectors").save();
    Dataset<Row> back =
        reader()
            .option("dbtable", "vectors")
            .load()
            .selectExpr("id", "from_json(embedding, 'array<float>') AS back");
    assertThat(back.join(vectors, "id").where("back <=> embedding").count()).isEqualTo(ROWS);
    vectors.unpersist();
  }
}
