package io.instructorspark.job.neighbors;

import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.report.RunRecord;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.spark.NearestNeighborsModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * What a finished search says of itself.
 *
 * @param search how it was done
 * @param counts by name
 * @param text for the user
 * @param isAnswer whether the text is what was asked for, and not only about it
 */
record NeighborsReport(
    NeighborsJob.Arguments arguments,
    Map<String, Object> search,
    Map<String, Object> counts,
    Phases phases,
    String text,
    boolean isAnswer) {
  private static final int TEXT_WIDTH = 100;

  static NeighborsReport written(
      NeighborsJob.Arguments arguments,
      NearestNeighborsModel model,
      Map<String, Object> seen,
      Phases phases) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("rows", seen.get("rows"));
    counts.put("rows_searched_for", seen.get("searched"));
    counts.put("neighbors", seen.get("neighbors") == null ? 0L : seen.get("neighbors"));
    counts.put("errors", seen.get("errors"));
    ofCorpus(counts, model);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d neighbors of %,d rows among %,d, by %s, in %s",
            counts.get("neighbors"),
            counts.get("rows_searched_for"),
            model.corpusRows(),
            similarity(arguments),
            Secrets.redacted(arguments.output().orElseThrow().folder())));
    long without = (Long) counts.get("rows") - (Long) counts.get("rows_searched_for");
    if (without > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%,d rows have null neighbors, for they have no vector with a direction (%,d of them because of an error, see column error)",
              without,
              counts.get("errors")));
    }
    return new NeighborsReport(
        arguments,
        search(arguments, model),
        counts,
        phases,
        text.append(after(model)).toString(),
        false);
  }

  static NeighborsReport grouped(
      NeighborsJob.Arguments arguments,
      NearestNeighborsModel model,
      Map<String, Object> seen,
      Phases phases) {
    Map<String, Object> counts = new LinkedHashMap<>(seen);
    ofCorpus(counts, model);
    String text =
        String.format(
            Locale.ROOT,
            "%,d rows in %,d groups by a %s of at least %s, in %s: to keep one of each, keep the rows whose group is their own id",
            counts.get("rows"),
            counts.get("groups"),
            similarity(arguments),
            arguments.search().minSimilarity().orElseThrow(),
            Secrets.redacted(arguments.output().orElseThrow().folder()));
    return new NeighborsReport(
        arguments, search(arguments, model), counts, phases, text + after(model), false);
  }

  static NeighborsReport answered(
      NeighborsJob.Arguments arguments,
      NearestNeighborsModel model,
      String id,
      List<Row> table,
      Phases phases) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("neighbors", (long) table.size());
    ofCorpus(counts, model);
    int width = table.stream().mapToInt(row -> row.getString(1).length()).max().orElse(0);
    width = Math.max(width, id.length());
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d rows searched, by %s%n%-10s  %-" + width + "s  %s",
            model.corpusRows(),
            similarity(arguments),
            "similarity",
            id,
            arguments.vectors().textColumn()));
    for (Row row : table) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%10.4f  %-" + width + "s  %s",
              row.getFloat(0),
              row.getString(1),
              row.isNullAt(2) ? "" : shortened(row.getString(2))));
    }
    return new NeighborsReport(
        arguments,
        search(arguments, model),
        counts,
        phases,
        text.append(after(model)).toString(),
        true);
  }

  private static void ofCorpus(Map<String, Object> counts, NearestNeighborsModel model) {
    counts.put("corpus_rows", model.corpusRows());
    counts.put("corpus_rows_left_out", model.corpusRowsWithoutDirection());
  }

  private static String similarity(NeighborsJob.Arguments arguments) {
    return arguments.search().centred() ? "cosine after the corpus' mean was taken off" : "cosine";
  }

  /** What a user has to know of the search and of the corpus. */
  private static String after(NearestNeighborsModel model) {
    StringBuilder text = new StringBuilder();
    if (model.cellCount() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nApproximate: %,d of %,d cells were searched for a row, which finds %.1f %% of the exact neighbors of a sample",
              model.probes(),
              model.cellCount(),
              100 * model.recall()));
    }
    if (model.corpusRowsWithoutDirection() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n%,d rows of the corpus are nobody's neighbors, for they have no vector with a direction",
              model.corpusRowsWithoutDirection()));
    }
    return text.toString();
  }

  private static Map<String, Object> search(
      NeighborsJob.Arguments arguments, NearestNeighborsModel model) {
    Map<String, Object> search = new LinkedHashMap<>();
    search.put("algorithm", model.algorithmUsed());
    search.put("similarity", arguments.search().centred() ? "centered_cosine" : "cosine");
    search.put("k", arguments.search().k());
    arguments.search().minSimilarity().ifPresent(least -> search.put("min_similarity", least));
    search.put("dimension", model.dimension());
    search.put("cells", model.cellCount());
    search.put("cells_searched", model.probes());
    search.put("recall", model.recall());
    return search;
  }

  /** One line of a text, without what would move the terminal's cursor. */
  private static String shortened(String text) {
    String line =
        text.codePoints()
            .limit(TEXT_WIDTH + 1L)
            .map(point -> Character.isISOControl(point) ? ' ' : point)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return line.codePointCount(0, line.length()) > TEXT_WIDTH
        ? line.substring(0, line.offsetByCodePoints(0, TEXT_WIDTH - 1)) + "…"
        : line;
  }

  RunRecord record(Map<String, String> versions) {
    return new RunRecord()
        .with("command", "neighbors")
        .with("versions", versions)
        .with("search", search)
        .with("counts", counts)
        .with("seconds", phases.all());
  }
}
