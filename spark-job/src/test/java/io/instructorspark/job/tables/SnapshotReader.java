package io.instructorspark.job.tables;

import io.instructorspark.job.tables.TablesIT.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;

/** Reads the whole table {@code vectors} again and again in a session and thread of its own. */
final class SnapshotReader {
  private final SparkSession session;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  /** Odd while a MERGE runs. */
  private final AtomicInteger mergeEdges = new AtomicInteger();

  private final AtomicInteger duringMerges = new AtomicInteger();
  private volatile boolean stopped;
  private Future<List<Map<Long, Stored>>> seen;

  private SnapshotReader(SparkSession session) {
    this.session = session;
  }

  /** In a new session, where the writer's is. */
  static SnapshotReader start(SparkSession session, SparkSession writer) {
    session.sql(
        "USE %s.%s"
            .formatted(writer.catalog().currentCatalog(), writer.catalog().currentDatabase()));
    SnapshotReader reader = new SnapshotReader(session);
    reader.seen = reader.thread.submit(reader::read);
    return reader;
  }

  private List<Map<Long, Stored>> read() {
    SparkSession.setActiveSession(session);
    List<Map<Long, Stored>> snapshots = new ArrayList<>();
    boolean last;
    do {
      last = stopped;
      int edges = mergeEdges.get();
      session.sql("REFRESH TABLE vectors");
      snapshots.add(Stored.rows(session.table("vectors")));
      if (edges % 2 == 1 && mergeEdges.get() == edges) {
        duringMerges.incrementAndGet();
      }
    } while (!last);
    return snapshots;
  }

  /** Runs a MERGE. */
  void during(Callable<?> merge) throws Exception {
    mergeEdges.incrementAndGet();
    try {
      merge.call();
    } finally {
      mergeEdges.incrementAndGet();
    }
  }

  /** All snapshots in order; the last one begins after this is called. */
  List<Map<Long, Stored>> stop() throws Exception {
    stopped = true;
    thread.shutdown();
    return seen.get(5, TimeUnit.MINUTES);
  }

  int duringMerges() {
    return duringMerges.get();
  }
}
