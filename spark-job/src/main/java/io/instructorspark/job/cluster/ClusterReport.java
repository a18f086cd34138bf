package io.instructorspark.job.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.instructorspark.job.kmeans.ClusterFit;
import io.instructorspark.job.metrics.Phases;
import io.instructorspark.job.report.RunRecord;
import io.instructorspark.job.report.Secrets;
import io.instructorspark.job.vectors.VectorCounts;
import io.instructorspark.spark.VectorOrigin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a finished clustering says of itself.
 *
 * @param fitted empty where saved clusters were used
 * @param origin of the vectors, where it is known
 */
record ClusterReport(
    ClusterJob.Arguments arguments,
    VectorCounts counts,
    Optional<ClusterFit.Fitted> fitted,
    Description description,
    Optional<VectorOrigin> origin,
    Phases phases) {
  /** The summary's name beside the rows. */
  static final String SUMMARY = "_clusters.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final int BAR = 30;
  private static final int LONGEST_NAME = 70;

  /** The lines that a user reads at the end. */
  String text() {
    StringBuilder text = new StringBuilder();
    fitted.filter(all -> all.curve().size() > 1).ifPresent(all -> text.append(curve(all)));
    text.append(
        line(
            "%,d clusters of %,d rows, by cosine%s, in %s",
            description.groups().size(),
            description.rows(),
            description.silhouette().isPresent()
                ? line(", silhouette %.3f", description.silhouette().getAsDouble())
                : "",
            Secrets.redacted(arguments.output().folder())));
    int width =
        description.groups().stream()
            .mapToInt(group -> shortened(group.name()).length())
            .max()
            .orElse(0);
    text.append(
        line(
                "%n%7s  %9s  %8s  %-" + Math.max(width, 1) + "s",
                "cluster",
                "rows",
                "cohesion",
                "name")
            .stripTrailing());
    for (Description.Group group : description.groups()) {
      text.append(
          line(
              "%n%7d  %,9d  %8.3f  %s",
              group.cluster(), group.size(), group.cohesion(), shortened(group.name())));
    }
    return text.append(remarks()).toString();
  }

  private String curve(ClusterFit.Fitted all) {
    StringBuilder text = new StringBuilder(line("%7s  %10s%n", "k", "silhouette"));
    double most =
        all.curve().stream().mapToDouble(one -> one.silhouette().orElse(0)).max().orElse(0);
    for (ClusterFit.Candidate one : all.curve()) {
      double value = one.silhouette().orElse(Double.NaN);
      int bar = most > 0 && value > 0 ? (int) Math.round(BAR * value / most) : 0;
      text.append(
              line(
                      "%7d  %10.4f  %s%s",
                      one.k(), value, "▇".repeat(bar), one == all.chosen() ? " ◄" : "")
                  .stripTrailing())
          .append(System.lineSeparator());
    }
    return text.toString();
  }

  private String remarks() {
    StringBuilder text = new StringBuilder();
    int empty = asked() - description.groups().size();
    if (fitted.isPresent() && empty > 0) {
      text.append(
          line(
              "%n%d clusters were asked for, and %d have rows: there are no more different vectors, or their centres are nobody's nearest",
              asked(), description.groups().size()));
    }
    long without = counts.rows() - counts.vectors();
    if (without > 0) {
      text.append(
          line(
              "%n%,d rows are in no cluster, for they have no vector with a direction (%,d of them because of an error, see column error)",
              without, counts.errors()));
    }
    if (arguments.output().saveModel().isPresent()
        && origin.flatMap(VectorOrigin::instruction).isEmpty()) {
      text.append(
          line(
              "%nThe saved model takes vectors and not texts, as these do not say which model and instruction made them"));
    }
    return text.toString();
  }

  private int asked() {
    return fitted.map(all -> all.chosen().k()).orElseGet(() -> description.groups().size());
  }

  private static String shortened(String name) {
    return name.codePointCount(0, name.length()) > LONGEST_NAME
        ? name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…"
        : name;
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** The summary as JSON: counts, the curve, and the clusters. */
  String summary() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("rows", counts.rows());
    all.put("rows_in_clusters", counts.vectors());
    all.putAll(clustering());
    origin.ifPresent(made -> all.put("vectors", vectors(made)));
    all.put("clusters", description.groups().stream().map(this::cluster).toList());
    try {
      return JSON.writeValueAsString(all) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the summary cannot be written as JSON", e);
    }
  }

  /** The clusters as rows, one each. */
  Dataset<Row> table(SparkSession session) {
    return SummaryTable.of(session, description);
  }

  private Map<String, Object> cluster(Description.Group group) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("cluster", group.cluster());
    said.put("name", group.name());
    said.put("size", group.size());
    said.put("cohesion", group.cohesion());
    said.put("terms", group.terms().stream().map(ClusterReport::term).toList());
    said.put("nearest", group.nearest().stream().map(row -> example(row, false)).toList());
    said.put("doubtful", group.doubtful().stream().map(row -> example(row, true)).toList());
    return said;
  }

  private static Map<String, Object> term(Description.Term term) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("term", term.term());
    said.put("weight", term.weight());
    return said;
  }

  private static Map<String, Object> example(Description.Example row, boolean doubtful) {
    Map<String, Object> said = new LinkedHashMap<>();
    row.id().ifPresent(id -> said.put("id", id));
    row.text().ifPresent(text -> said.put("text", text));
    said.put("distance", row.distance());
    if (doubtful) {
      row.second().ifPresent(second -> said.put("second_cluster", second));
      row.margin().ifPresent(margin -> said.put("margin", margin));
    }
    return said;
  }

  private static Map<String, Object> vectors(VectorOrigin made) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("model", Secrets.redacted(made.model()));
    said.put("fingerprint", made.fingerprint());
    said.put("compatibility", made.compatibility());
    said.put("precision", made.precision());
    said.put("max_length", made.maxLength());
    said.put("dimension", made.dimension());
    made.instruction().ifPresent(sentence -> said.put("instruction", sentence));
    return said;
  }

  private Map<String, Object> clustering() {
    Map<String, Object> said = new LinkedHashMap<>();
    arguments
        .fit()
        .ifPresent(
            fit -> {
              said.put("k", fit.range().toString());
              said.put("seed", fit.seed());
              said.put("starts", fit.starts());
              said.put("max_iterations", fit.maxIterations());
            });
    arguments.loadModel().ifPresent(place -> said.put("saved_model", Secrets.redacted(place)));
    description.silhouette().ifPresent(mean -> said.put("silhouette", mean));
    fitted.ifPresent(
        all -> {
          said.put("chosen_k", all.chosen().k());
          said.put("curve", all.curve().stream().map(ClusterReport::candidate).toList());
        });
    return said;
  }

  private static Map<String, Object> candidate(ClusterFit.Candidate one) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("k", one.k());
    said.put("clusters", one.clusters());
    said.put("cost", one.cost());
    one.silhouette().ifPresent(mean -> said.put("silhouette", mean));
    return said;
  }

  RunRecord record(Map<String, String> versions) {
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("rows", counts.rows());
    rows.put("rows_in_clusters", counts.vectors());
    rows.put("errors", counts.errors());
    rows.put("clusters", (long) description.groups().size());
    RunRecord record =
        new RunRecord()
            .with("command", "cluster")
            .with("versions", versions)
            .with("clustering", clustering())
            .with("counts", rows)
            .with("seconds", phases.all());
    origin.ifPresent(made -> record.with("vectors", vectors(made)));
    return record;
  }

  /** The report as a page. */
  String page() {
    List<ClusterFit.Candidate> curve =
        fitted.map(ClusterFit.Fitted::curve).filter(all -> all.size() > 1).orElse(List.of());
    return new ClusterPage(
            description, curve, asked(), origin.flatMap(VectorOrigin::instruction), counts.rows())
        .html();
  }
}
