package io.instructorspark.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Cells as a model saves them: a Parquet file of their centres.
 *
 * @param probes cells that are searched for a row
 */
record SavedCells(Cells cells, int probes) {
  private static final StructType SCHEMA =
      new StructType()
          .add("cell", DataTypes.IntegerType, false)
          .add("centre", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("probes", DataTypes.IntegerType, false);

  void write(SparkSession session, String path) {
    List<Row> rows = new ArrayList<>();
    for (int cell = 0; cell < cells.count(); cell++) {
      rows.add(RowFactory.create(cell, cells.centre(cell), probes));
    }
    session.createDataFrame(rows, SCHEMA).coalesce(1).write().parquet(path);
  }

  /** What was saved; empty where there is nothing. */
  static Optional<SavedCells> read(SparkSession session, String path) {
    if (!RunStore.of(session, path).exists(new Path(path))) {
      return Optional.empty();
    }
    Dataset<Row> saved = session.read().schema(SCHEMA).parquet(path);
    List<Row> rows = saved.orderBy("cell").collectAsList();
    int dimension = rows.isEmpty() ? 0 : rows.get(0).getList(1).size();
    if (dimension == 0 || rows.stream().anyMatch(row -> row.getList(1).size() != dimension)) {
      throw new IllegalArgumentException(
          "%s holds no centres of cells of one dimension; save the model again".formatted(path));
    }
    float[] centres = new float[rows.size() * dimension];
    int place = 0;
    for (Row row : rows) {
      for (float number : row.<Float>getList(1)) {
        centres[place++] = number;
      }
    }
    return Optional.of(
        new SavedCells(new Cells(dimension, centres), Math.max(1, rows.get(0).getInt(2))));
  }
}
