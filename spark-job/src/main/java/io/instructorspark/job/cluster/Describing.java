package io.instructorspark.job.cluster;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.substring;

import io.instructorspark.job.kmeans.Assignment;
import io.instructorspark.job.vectors.VectorRows;
import io.instructorspark.spark.TopicTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Describes clusters from rows that are in them. Everything is aggregated by Spark; the driver gets
 * a few terms and rows of each cluster.
 *
 * @param idColumn names the rows, if there is one
 * @param textColumn has their texts, if there is one
 * @param terms how terms are found
 * @param examples rows of a kind for each cluster, at most
 */
record Describing(
    Optional<String> idColumn, Optional<String> textColumn, TopicTerms terms, int examples) {
  private static final int LONGEST_TEXT = 400;
  private static final String ID = "id";
  private static final String TEXT = "text";
  private static final String RANK = "rank";
  private static final String TERMS = "terms";

  /**
   * @param rows with the column {@link Assignment#ASSIGNED}, null where a row is in no cluster
   * @param silhouette of these rows, by the number of clusters that have one
   */
  Description of(Dataset<Row> rows, Function<Integer, OptionalDouble> silhouette) {
    Dataset<Row> some =
        rows.where(col(Assignment.ASSIGNED).isNotNull())
            .select(
                assigned(Assignment.CLUSTER),
                assigned(Assignment.DISTANCE),
                assigned(Assignment.SECOND),
                assigned(Assignment.MARGIN),
                string(idColumn).as(ID),
                string(textColumn).as(TEXT));
    Map<Integer, List<Description.Term>> words = words(some);
    Map<Integer, List<Description.Example>> nearest = first(some, Assignment.DISTANCE);
    Map<Integer, List<Description.Example>> doubtful =
        first(some.where(col(Assignment.MARGIN).isNotNull()), Assignment.MARGIN);
    List<Row> sizes =
        some.groupBy(Assignment.CLUSTER)
            .agg(count(lit(1)), avg(lit(1).minus(col(Assignment.DISTANCE))))
            .orderBy(Assignment.CLUSTER)
            .collectAsList();
    List<Description.Group> groups = new ArrayList<>();
    for (Row row : sizes) {
      int cluster = row.getInt(0);
      groups.add(
          new Description.Group(
              cluster,
              row.getLong(1),
              row.getDouble(2),
              words.getOrDefault(cluster, List.of()),
              nearest.getOrDefault(cluster, List.of()),
              doubtful.getOrDefault(cluster, List.of())));
    }
    return new Description(List.copyOf(groups), silhouette.apply(groups.size()));
  }

  private static Column assigned(String field) {
    return col(Assignment.ASSIGNED).getField(field).as(field);
  }

  private static Column string(Optional<String> column) {
    return column.map(name -> col(VectorRows.quoted(name))).orElse(lit(null)).cast("string");
  }

  private Map<Integer, List<Description.Term>> words(Dataset<Row> rows) {
    if (textColumn.isEmpty()) {
      return Map.of();
    }
    Map<Integer, List<Description.Term>> words = new HashMap<>();
    terms.setInputCol(TEXT).setClusterCol(Assignment.CLUSTER).setOutputCol(TERMS);
    for (Row row : terms.transform(rows).collectAsList()) {
      words.put(
          row.getInt(0),
          row.<Row>getList(1).stream()
              .map(term -> new Description.Term(term.getString(0), term.getDouble(1)))
              .toList());
    }
    return words;
  }

  /** The rows of each cluster with the smallest values; equal ones by text and id. */
  private Map<Integer, List<Description.Example>> first(Dataset<Row> rows, String by) {
    Map<Integer, List<Description.Example>> first = new HashMap<>();
    rows.withColumn(
            RANK,
            row_number()
                .over(Window.partitionBy(Assignment.CLUSTER).orderBy(col(by), col(TEXT), col(ID))))
        .where(col(RANK).leq(examples))
        .withColumn(TEXT, substring(col(TEXT), 1, LONGEST_TEXT))
        .orderBy(Assignment.CLUSTER, RANK)
        .collectAsList()
        .forEach(
            row ->
                first
                    .computeIfAbsent(row.getAs(Assignment.CLUSTER), cluster -> new ArrayList<>())
                    .add(example(row)));
    return first;
  }

  private static Description.Example example(Row row) {
    return new Description.Example(
        Optional.ofNullable(row.getAs(ID)),
        Optional.ofNullable(row.getAs(TEXT)),
        row.getAs(Assignment.DISTANCE),
        Optional.ofNullable(row.getAs(Assignment.SECOND)),
        Optional.ofNullable(row.getAs(Assignment.MARGIN)));
  }
}
