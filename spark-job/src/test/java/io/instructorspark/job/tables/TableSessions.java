package io.instructorspark.job.tables;

import io.instructorspark.job.LocalSpark;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.Function1;
import scala.runtime.BoxedUnit;

/** A session with the settings that docs/tables.md gives, on the context of all tests. */
final class TableSessions {
  private TableSessions() {}

  /**
   * Makes one and lets it be the default, which threads of the formats ask for.
   *
   * @param folder takes the tables
   */
  static SparkSession open(Path folder) {
    LocalSpark.session();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    Map<String, String> settings = TablesPage.settings();
    var builder = SparkSession.builder();
    for (String extension : settings.remove(TablesPage.EXTENSIONS).split(",")) {
      builder.withExtensions(extension(extension));
    }
    settings.forEach(builder::config);
    SparkSession session =
        builder
            .config("spark.sql.catalog.lake.warehouse", folder.resolve("lake").toUri().toString())
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toUri().toString())
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.databricks.delta.snapshotPartitions", 1)
            .getOrCreate();
    SparkSession.setActiveSession(session);
    return session;
  }

  /** Gives the other tests theirs back. */
  static void close() {
    SparkSession.setDefaultSession(LocalSpark.session());
    SparkSession.setActiveSession(LocalSpark.session());
  }

  @SuppressWarnings("unchecked")
  private static Function1<SparkSessionExtensions, BoxedUnit> extension(String name) {
    try {
      return (Function1<SparkSessionExtensions, BoxedUnit>)
          Class.forName(name).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(name, e);
    }
  }
}
