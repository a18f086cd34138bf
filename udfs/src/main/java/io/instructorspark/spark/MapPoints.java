package io.instructorspark.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.xxhash64;

import io.instructorspark.page.Figure;
import io.instructorspark.page.Label;
import io.instructorspark.page.Panel;
import io.instructorspark.page.Points;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The points that a page shows of rows on one or several maps: all of them, or above {@link
 * Points#MOST} a sample, those whose ids have the least hashes, so that the same rows give the same
 * sample on any partitioning. For the driver, which gets a text, an id, a category, coordinates and
 * the nearest neighbours of each point, and no vector.
 */
public final class MapPoints {
  /** Of each point, on the page. */
  private static final int NEIGHBORS = 8;

  private static final int SEED = 17;
  private static final String HASH = "_map_hash";
  private static final String PAIRED = "_map_paired";

  // places of the columns that the driver gets
  private static final int TEXT = 1;
  private static final int ID = 2;
  private static final int COLOR = 3;
  private static final int PAIR = 4;
  private static final int COORDINATES = 5;

  private final Points points;
  private final List<SemanticMapModel> maps;
  private final List<float[]> coordinates;
  private final List<double[][]> turns;
  private final List<int[]> neighbors;
  private final int[] partners;
  private final Dataset<Row> rows;

  /**
   * What a page says of a row.
   *
   * @param key column of numbers, no two rows with the same one; decides on the order of the points
   * @param text column of texts; empty for none
   * @param id column of ids, of any type; empty for none
   * @param color column that the points are coloured by, of any type that can be a string; of a
   *     column of numbers with many values, eight ranges with as many points each. Empty for none
   * @param pairs column whose value two rows share that belong together; empty for none
   */
  public record Columns(
      String key,
      Optional<String> text,
      Optional<String> id,
      Optional<String> color,
      Optional<String> pairs) {}

  private MapPoints(
      Points points,
      List<SemanticMapModel> maps,
      List<float[]> coordinates,
      List<int[]> neighbors,
      int[] partners,
      Dataset<Row> rows) {
    this.points = points;
    this.maps = maps;
    this.coordinates = coordinates;
    this.turns =
        IntStream.range(0, maps.size())
            .mapToObj(
                i ->
                    Procrustes.turn(
                        coordinates.get(i), coordinates.get(0), maps.get(i).dimensions()))
            .toList();
    this.neighbors = neighbors;
    this.partners = partners;
    this.rows = rows;
  }

  /**
   * Takes the points of rows that lie on all maps; runs jobs, so rows that are not cheap should be
   * persisted.
   *
   * @param rows that all maps have transformed, each with columns of its own; where the vectors of
   *     a map are no longer there, its points have no nearest neighbours
   * @param maps with the columns that they have read and added, one or more
   * @throws IllegalArgumentException if a column is missing
   */
  public static MapPoints of(Dataset<?> rows, Columns columns, List<SemanticMapModel> maps) {
    return of(rows, columns, maps, Points.MOST);
  }

  /**
   * @param most points
   */
  static MapPoints of(Dataset<?> rows, Columns columns, List<SemanticMapModel> maps, int most) {
    Dataset<Row> all = rows.toDF();
    Column placed = lit(true);
    for (SemanticMapModel map : maps) {
      placed = placed.and(EmbedPlan.column(all, map.getOutputCol()).isNotNull());
    }
    Column hashed =
        EmbedPlan.column(all, columns.id().or(columns::text).orElse(columns.key())).cast("string");
    Dataset<Row> kept = all.where(placed).withColumn(HASH, xxhash64(lit(SEED), hashed));
    long total = kept.count();
    Dataset<Row> sample = total <= most ? kept : first(kept, columns.key(), most);
    List<Row> collected = collected(paired(sample, all, columns.pairs()), columns, maps);
    Map<Long, Integer> places = new HashMap<>();
    for (Row row : collected) {
      places.put(row.getLong(0), places.size());
    }
    List<float[]> coordinates = new ArrayList<>();
    List<int[]> neighbors = new ArrayList<>();
    for (int i = 0; i < maps.size(); i++) {
      coordinates.add(coordinates(collected, COORDINATES + i, maps.get(i).dimensions()));
      neighbors.add(neighbors(sample, columns.key(), maps.get(i), places));
    }
    MapCategories categories =
        MapCategories.of(
            collected.stream().map(row -> row.getString(COLOR)).toList(),
            columns.color().map(name -> all.schema().apply(name).dataType()));
    Points points =
        new Points(
            collected.stream().map(row -> row.isNullAt(TEXT) ? "" : row.getString(TEXT)).toList(),
            columns.id().map(id -> collected.stream().map(MapPoints::id).toList()),
            categories.places(),
            categories.names(),
            columns.color(),
            total);
    return new MapPoints(
        points, maps, coordinates, neighbors, partners(collected), sample.drop(HASH));
  }

  private static String id(Row row) {
    return row.isNullAt(ID) ? "" : row.getString(ID);
  }

  /** So many rows: those with the least hashes, of equal ones those with the least keys. */
  private static Dataset<Row> first(Dataset<Row> rows, String key, int most) {
    Column id = EmbedPlan.column(rows, key);
    Row last =
        rows.select(struct(col(HASH), id).as(HASH))
            .orderBy(HASH)
            .limit(most)
            .agg(max(col(HASH)))
            .head()
            .getStruct(0);
    Column notBehind = // a null is before all ids
        last.isNullAt(1) ? id.isNull() : id.isNull().or(id.leq(lit(last.get(1))));
    Column hash = lit(last.getLong(0));
    return rows.where(col(HASH).lt(hash).or(col(HASH).equalTo(hash).and(notBehind)));
  }

  /** With the pairs' values, null where not just two rows of all have one. */
  private static Dataset<Row> paired(
      Dataset<Row> sample, Dataset<Row> all, Optional<String> pairs) {
    if (pairs.isEmpty()) {
      return sample.withColumn(PAIRED, lit(null).cast("string"));
    }
    Column value = EmbedPlan.column(all, pairs.get()).cast("string");
    Dataset<Row> couples =
        all.groupBy(value.as(PAIRED))
            .agg(count(lit(1)).as("n"))
            .where(col("n").equalTo(2))
            .drop("n");
    Column own = EmbedPlan.column(sample, pairs.get()).cast("string");
    return sample.join(couples, own.equalTo(couples.col(PAIRED)), "left");
  }

  private static List<Row> collected(
      Dataset<Row> sample, Columns columns, List<SemanticMapModel> maps) {
    Column[] wanted =
        Stream.concat(
                Stream.of(
                    EmbedPlan.column(sample, columns.key()).cast("long"),
                    string(sample, columns.text()),
                    string(sample, columns.id()),
                    string(sample, columns.color()),
                    col(PAIRED)),
                maps.stream().map(map -> EmbedPlan.column(sample, map.getOutputCol())))
            .toArray(Column[]::new);
    return sample.orderBy(EmbedPlan.column(sample, columns.key())).select(wanted).collectAsList();
  }

  private static Column string(Dataset<Row> rows, Optional<String> column) {
    return column
        .map(name -> EmbedPlan.column(rows, name).cast("string"))
        .orElseGet(() -> lit(null).cast("string"));
  }

  private static float[] coordinates(List<Row> rows, int column, int dimensions) {
    float[] coordinates = new float[rows.size() * dimensions];
    int place = 0;
    for (Row row : rows) {
      for (Float coordinate : row.<Float>getList(column)) {
        coordinates[place++] = coordinate;
      }
    }
    return coordinates;
  }

  private static int[] neighbors(
      Dataset<Row> sample, String key, SemanticMapModel map, Map<Long, Integer> places) {
    if (sample.schema().getFieldIndex(map.getFeaturesCol()).isEmpty()) {
      return new int[0];
    }
    int[] neighbors = new int[places.size() * NEIGHBORS];
    Arrays.fill(neighbors, -1);
    Dataset<Row> vectors =
        sample.select(
            EmbedPlan.column(sample, key).cast("long").as("id"),
            EmbedPlan.column(sample, map.getFeaturesCol()).as("vector"));
    NearestNeighborsModel model =
        new NearestNeighbors()
            .setFeaturesCol("vector")
            .setK(NEIGHBORS)
            .setExcludeSelf(true)
            .fit(vectors);
    try {
      for (Row row : model.transform(vectors).select("id", "neighbors.id").collectAsList()) {
        if (!row.isNullAt(1)) {
          int next = places.get(row.getLong(0)) * NEIGHBORS;
          for (Long neighbor : row.<Long>getList(1)) {
            neighbors[next++] = places.get(neighbor);
          }
        }
      }
    } finally {
      model.forget();
    }
    return neighbors;
  }

  /** Of each point the other one that has the same value, where there is just one; else -1. */
  private static int[] partners(List<Row> rows) {
    Map<String, List<Integer>> byValue = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).isNullAt(PAIR)) {
        byValue.computeIfAbsent(rows.get(i).getString(PAIR), value -> new ArrayList<>()).add(i);
      }
    }
    int[] partners = new int[rows.size()];
    Arrays.fill(partners, -1);
    for (List<Integer> pair : byValue.values()) {
      if (pair.size() == 2) {
        partners[pair.get(0)] = pair.get(1);
        partners[pair.get(1)] = pair.get(0);
      }
    }
    return partners;
  }

  /** The rows of the points, with all their columns, in any order. */
  public Dataset<Row> rows() {
    return rows;
  }

  /** The points, in the order of their keys. */
  public Points points() {
    return points;
  }

  /** The same points in other categories, as of clusters. */
  public Points points(int[] categories, List<String> names) {
    return new Points(
        points.texts(), points.ids(), categories, names, Optional.empty(), points.total());
  }

  /** Of each point the place of the one that it is a pair with, or -1. */
  public int[] partners() {
    return partners.clone();
  }

  /**
   * How one of the maps is turned so that its points lie as near as they can to those of the first
   * map: the orthogonal Procrustes problem, solved by a singular value decomposition.
   *
   * @param map its place
   * @return (axes, axes), for {@link SemanticMapModel#turned}; that of the first map changes
   *     nothing
   */
  public double[][] turn(int map) {
    return Arrays.stream(turns.get(map)).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * One of the maps as a page shows it: turned to the first and drawn as large, by the root of the
   * mean square of the points' distances from the middle. The vectors of some instructions lie many
   * times closer to each other than those of others, and would be a blot beside them.
   *
   * @param map its place
   * @param instruction that its vectors were made with
   * @param figures about it
   * @param labels names on it, in coordinates of this map as it was fitted
   */
  public Panel panel(int map, String instruction, List<Figure> figures, List<Label> labels) {
    SemanticMapModel model = maps.get(map);
    double[][] turn = turn(map);
    double scale = scale(map);
    for (double[] row : turn) {
      for (int i = 0; i < row.length; i++) {
        row[i] *= scale;
      }
    }
    int dimensions = model.dimensions();
    float[] turned = coordinates.get(map).clone();
    for (int from = 0; from < turned.length; from += dimensions) {
      double[] point = new double[dimensions];
      for (int i = 0; i < dimensions; i++) {
        point[i] = turned[from + i];
      }
      double[] place = Procrustes.turned(turn, point);
      for (int i = 0; i < dimensions; i++) {
        turned[from + i] = (float) place[i];
      }
    }
    return new Panel(
        instruction,
        dimensions,
        turned,
        model.turned(turns.get(map)).explainedVariance(),
        figures,
        neighbors.get(map),
        labels.stream().map(label -> turned(label, turn)).toList());
  }

  private double scale(int map) {
    double own = size(coordinates.get(map));
    return own > 0 ? size(coordinates.get(0)) / own : 1;
  }

  /** Of as many points, up to one factor. */
  private static double size(float[] coordinates) {
    double sum = 0;
    for (float coordinate : coordinates) {
      sum += (double) coordinate * coordinate;
    }
    return Math.sqrt(sum);
  }

  private static Label turned(Label label, double[][] turn) {
    double[] place =
        Procrustes.turned(
            turn, Arrays.copyOf(new double[] {label.x(), label.y(), label.z()}, turn.length));
    double[] three = Arrays.copyOf(place, 3);
    return new Label(label.text(), label.category(), three[0], three[1], three[2]);
  }
}
