package io.instructorspark.job.embed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.engine.Work;
import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.report.RunRecord;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.job.rows.RowCount;
import io.instructorspark.spark.EmbeddingMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.types.Metadata;

/**
 * What a finished run says of itself: the description beside the vectors, the run record, the
 * summary.
 */
record EmbedReport(
    EmbedJob.Arguments arguments,
    Metadata vectorMetadata,
    RowCount read,
    Written written,
    EmbeddingMetrics.Totals totals,
    Phases phases) {
  /** Phase of reading and counting the input. */
  static final String READ = "read";

  /** Phase of embedding and writing, which run as one. */
  static final String EMBED = "embed_and_write";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Rows of the output, counted while it was written; exact however often tasks ran. */
  record Written(long rows, long vectors, long errors, long truncated) {
    static Written of(Observation observation) throws InterruptedException {
      Map<String, Object> counts = observation.getAsJava();
      return new Written(
          (Long) counts.get("rows"),
          (Long) counts.get("vectors"),
          (Long) counts.get("errors"),
          (Long) counts.get("truncated"));
    }
  }

  /** Whether as many rows were written as the input had when it was counted. */
  boolean complete() {
    return written.rows() == read.rows();
  }

  /** Why the output cannot be trusted if it is not {@link #complete}. */
  String incompleteness() {
    return "%d rows were written where %s had %d when it was counted: it changed while it was read. Run again on an input that stays."
        .formatted(written.rows(), arguments.source().path(), read.rows());
  }

  /**
   * Model, mode and instruction of the vectors, as JSON: the same that the vector column's metadata
   * says.
   */
  String description() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(model()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the vectors' metadata is not JSON: " + vectorMetadata, e);
    }
  }

  private Map<String, Object> model() {
    try {
      @SuppressWarnings("unchecked")
      Map<String, Object> all = JSON.readValue(vectorMetadata.json(), LinkedHashMap.class);
      @SuppressWarnings("unchecked")
      Map<String, Object> model = (Map<String, Object>) all.get("instructor");
      return model;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the vectors' metadata is not JSON: " + vectorMetadata, e);
    }
  }

  RunRecord record(Map<String, String> versions) {
    Work work = totals.work();
    return new RunRecord()
        .with("command", "embed")
        .with("versions", versions)
        .with("model", model())
        .with(
            "counts",
            ordered(
                "rows", written.rows(),
                "vectors", written.vectors(),
                "errors", written.errors(),
                "unreadable_rows", read.problems(),
                "truncated", written.truncated(),
                "texts_encoded", work.encoded(),
                "model_loads", totals.modelLoads()))
        .with(
            "tokens",
            ordered(
                "real", work.tokens(),
                "padded", work.paddedTokens(),
                "real_by_padded", totals.paddingRatio(),
                "batches", work.batches()))
        .with("seconds", phases.all())
        .with(
            "thread_seconds",
            ordered("tokenizer", work.tokenizerNanos() / 1e9, "model", work.modelNanos() / 1e9))
        .with(
            "rates",
            ordered(
                "rows_per_second", written.rows() / phases.seconds(EMBED),
                "tokens_per_second", work.tokens() / phases.seconds(EMBED)));
  }

  /** The lines a user reads at the end. */
  String summary(List<String> examples) {
    double seconds = phases.seconds(EMBED);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d rows, %,d vectors of %s numbers in %.1f s (%,.0f rows/s, %,.0f tokens/s) in %s",
            written.rows(),
            written.vectors(),
            model().get("dimension"),
            seconds,
            written.rows() / seconds,
            totals.work().tokens() / seconds,
            Secrets.redacted(arguments.output())));
    if (written.truncated() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%,d texts were longer than the window and lost their end (column truncated; --long-text chunk reads them whole)",
              written.truncated()));
    }
    if (written.errors() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%,d rows have no vector because of an error (column error):",
              written.errors()));
      examples.forEach(example -> text.append(System.lineSeparator()).append("  ").append(example));
    }
    return text.toString();
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
