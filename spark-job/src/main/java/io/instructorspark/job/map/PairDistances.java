package io.instructorspark.job.map;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.instructorspark.job.vectors.VectorRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/**
 * How far the two texts of pairs lie apart, as figure 1 of the INSTRUCTOR paper has it.
 *
 * @param pairs of two rows that both have vectors
 * @param means of the pairs' cosine distances, from 0 to 2, one for each column of vectors; NaN
 *     where there is no pair
 */
record PairDistances(long pairs, List<Double> means) {
  private static final String PAIR = "_input_pair";

  /**
   * Compares the rows that share a value with one other row; runs a job.
   *
   * @param rows kept, with columns of vectors
   * @param pairColumn whose value the two rows of a pair share
   * @param vectors names of columns
   * @throws IllegalArgumentException if no two rows share a value that no third has
   */
  static PairDistances of(Dataset<Row> rows, String pairColumn, List<String> vectors) {
    Column pair = col(VectorRows.quoted(pairColumn));
    Dataset<Row> couples =
        rows.where(pair.isNotNull())
            .groupBy(pair.as(PAIR))
            .agg(count(lit(1)).as("n"))
            .where(col("n").equalTo(2))
            .select(PAIR);
    Column[] both =
        vectors.stream()
            .map(name -> collect_list(col(VectorRows.quoted(name))).as(name)) // leaves nulls out
            .toArray(Column[]::new);
    Column[] found =
        vectors.stream()
            .map(name -> col(VectorRows.quoted(name)))
            .map(two -> when(size(two).equalTo(2), distance(two)))
            .flatMap(distance -> Stream.of(count(distance), avg(distance)))
            .toArray(Column[]::new);
    Column[] usable =
        Stream.concat(
                Stream.of(pair.as(PAIR)),
                vectors.stream().map(name -> VectorRows.mlVector(rows, name)))
            .toArray(Column[]::new);
    Row all =
        rows.select(usable)
            .join(couples, PAIR)
            .groupBy(PAIR)
            .agg(both[0], Arrays.copyOfRange(both, 1, both.length))
            .agg(found[0], Arrays.copyOfRange(found, 1, found.length))
            .head();
    List<Double> means = new ArrayList<>();
    for (int i = 1; i < found.length; i += 2) {
      means.add(all.isNullAt(i) ? Double.NaN : all.getDouble(i));
    }
    long pairs = all.getLong(found.length - 2);
    if (pairs == 0) {
      throw new IllegalArgumentException(
          "no two rows share a value of column '%s' that no third row has, so there are no pairs; give the two texts of a pair one value, and each pair its own"
              .formatted(pairColumn));
    }
    return new PairDistances(pairs, List.copyOf(means));
  }

  private static Column distance(Column both) {
    UDF1<Seq<Vector>, Double> distance =
        vectors -> {
          Vector one = vectors.apply(0);
          Vector other = vectors.apply(1);
          return 1 - one.dot(other) / (Vectors.norm(one, 2) * Vectors.norm(other, 2));
        };
    return functions.udf(distance, DataTypes.DoubleType).apply(both);
  }
}
