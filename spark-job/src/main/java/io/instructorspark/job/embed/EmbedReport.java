package io.instructorspark.job.embed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.instructorspark.engine.Work;
import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.report.RunRecord;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.spark.RunResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.Metadata;

/**
 * What a finished run says of itself: the run record, the summary.
 *
 * @param problems rows of the input that could not be read rightly
 */
record EmbedReport(
    EmbedJob.Arguments arguments,
    Metadata vectorMetadata,
    long problems,
    RunResult result,
    Phases phases) {
  /** Phase of reading the input and cutting it. */
  static final String READ = "read";

  /** Phase of embedding and writing, which run as one. */
  static final String EMBED = "embed_and_write";

  private static final ObjectMapper JSON = new ObjectMapper();

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
    Work work = result.totals().work();
    return new RunRecord()
        .with("command", "embed")
        .with("versions", versions)
        .with("model", model())
        .with(
            "counts",
            ordered(
                "rows", result.rows(),
                "vectors", result.vectors(),
                "errors", result.errors(),
                "unreadable_rows", problems,
                "truncated", result.truncated(),
                "rows_embedded", result.embedded(),
                "rows_repeated", result.repeated(),
                "texts_encoded", work.encoded(),
                "model_loads", result.totals().modelLoads()))
        .with(
            "tokens",
            ordered(
                "real", work.tokens(),
                "padded", work.paddedTokens(),
                "real_by_padded", result.totals().paddingRatio(),
                "batches", work.batches()))
        .with("seconds", phases.all())
        .with(
            "thread_seconds",
            ordered(
                "tokenizer", result.totals().tokenizerSeconds(),
                "model", result.totals().modelSeconds(),
                "loading", result.totals().modelLoadSeconds()))
        .with(
            "rates",
            ordered(
                "rows_per_second", result.embedded() / phases.seconds(EMBED),
                "tokens_per_second", work.tokens() / phases.seconds(EMBED)));
  }

  /** The lines a user reads at the end. */
  String summary(List<String> examples) {
    double seconds = phases.seconds(EMBED);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d rows, %,d vectors of %s numbers",
            result.rows(),
            result.vectors(),
            model().get("dimension")));
    if (result.embedded() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              " in %.1f s (%,.0f rows/s, %,.0f tokens/s)",
              seconds,
              result.embedded() / seconds,
              result.totals().work().tokens() / seconds));
    }
    text.append(" in ").append(Secrets.redacted(arguments.output()));
    long before = result.rows() + result.skipped() - result.embedded();
    if (before > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%,d of the rows were there already; %,d were embedded now",
              before,
              result.embedded()));
    }
    RunResult.InputChanges changes = result.changes();
    if (changes.later()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nThe input has changed since this run began, and only what it had then is embedded; run again for the rest"));
    } else if (changes.any()) {
      text.append(String.format(Locale.ROOT, "%nOf the input, %s", changes));
      if (!changes.applied() && changes.changed() + changes.deleted() > 0) {
        text.append("; old rows were kept (--changes apply replaces and removes them)");
      }
    }
    if (result.truncated() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%,d texts were longer than the window and lost their end (column truncated; --long-text chunk reads them whole)",
              result.truncated()));
    }
    if (result.errors() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%,d rows have no vector because of an error (column error):",
              result.errors()));
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
