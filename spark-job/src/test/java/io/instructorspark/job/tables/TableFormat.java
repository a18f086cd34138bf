package io.instructorspark.job.tables;

import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/** The formats of tables under test, each in a catalog of its own. */
enum TableFormat {
  DELTA("spark_catalog") {
    @Override
    Object firstVersionWithRows(SparkSession session, String table) {
      return 1;
    }
  },
  ICEBERG("lake") {
    @Override
    Object firstVersionWithRows(SparkSession session, String table) {
      return session
          .sql(
              "SELECT snapshot_id FROM %s.snapshots ORDER BY committed_at LIMIT 1".formatted(table))
          .first()
          .getLong(0);
    }
  };

  private final String catalog;

  TableFormat(String catalog) {
    this.catalog = catalog;
  }

  /** What stands behind {@code VERSION AS OF}; of a table that was created without rows. */
  abstract Object firstVersionWithRows(SparkSession session, String table);

  /** As after {@code USING}. */
  String source() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A new namespace with no tables. */
  String namespace(SparkSession session, String name) {
    String namespace = catalog + "." + name;
    session.sql("CREATE NAMESPACE " + namespace);
    return namespace;
  }
}
