package io.instructorspark.job.kmeans;

import static org.apache.spark.sql.functions.col;

import io.instructorspark.job.vectors.RowHash;
import io.instructorspark.job.vectors.VectorRows;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.feature.Normalizer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Unit vectors in partitions and an order that depend on the rows alone. MLlib's k-means draws its
 * first centres partition by partition and row by row, so one seed gives one result only then.
 *
 * <p>Rows go by the hash of their id into a number of partitions that their count alone decides,
 * one for each {@value #FEW} rows up to {@value #USUAL_PARTITIONS}, later one for each {@value
 * #MANY}, and are sorted there by id and row. Without an id it is the 64-bit xxHash of the row, of
 * which columns that hold maps are left out, as they have no order; rows of one hash are equal in
 * all the rest.
 */
public final class RepeatableRows {
  private static final int FEW = 4_096;
  private static final int MANY = 65_536;
  private static final int USUAL_PARTITIONS = 8;
  private static final String HASH = "_input_hash";
  private static final String ID = "_input_id";
  private static final String RAW = "_input_raw";

  private RepeatableRows() {}

  /**
   * The vectors of the rows that have one.
   *
   * @param id column of ids, if there is one
   * @param count of the rows that have a vector
   * @param output name of the one column of the result
   */
  public static Dataset<Row> vectors(
      VectorRows rows, Optional<String> id, long count, String output) {
    Dataset<Row> data = rows.data();
    Column vector = data.col(VectorRows.quoted(rows.vectorColumn()));
    Column hash = RowHash.of(data, rows.columns()).as(HASH);
    Column[] key =
        id.map(name -> new Column[] {col(ID), col(HASH)}).orElse(new Column[] {col(HASH)});
    Column[] columns =
        Stream.concat(
                Stream.of(vector.as(RAW), hash),
                id.map(name -> data.col(VectorRows.quoted(name)).as(ID)).stream())
            .toArray(Column[]::new);
    Dataset<Row> placed =
        data.where(vector.isNotNull())
            .select(columns)
            .repartition(partitions(count), key[0])
            .sortWithinPartitions(key)
            .select(RAW);
    return new Normalizer().setInputCol(RAW).setOutputCol(output).transform(placed).select(output);
  }

  private static int partitions(long rows) {
    long few = Math.min(USUAL_PARTITIONS, (rows + FEW - 1) / FEW);
    return (int) Math.max(1, Math.max(few, (rows + MANY - 1) / MANY));
  }
}
