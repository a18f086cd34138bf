package io.instructorspark.job.cluster;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A description as rows, one for each cluster. */
final class SummaryTable {
  private SummaryTable() {}

  static Dataset<Row> of(SparkSession session, Description description) {
    StructType term =
        new StructType().add("term", DataTypes.StringType).add("weight", DataTypes.DoubleType);
    StructType near =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("distance", DataTypes.DoubleType);
    StructType doubtful =
        near.add("second_cluster", DataTypes.IntegerType).add("margin", DataTypes.DoubleType);
    StructType schema =
        new StructType()
            .add("cluster", DataTypes.IntegerType)
            .add("name", DataTypes.StringType)
            .add("size", DataTypes.LongType)
            .add("cohesion", DataTypes.DoubleType)
            .add("terms", DataTypes.createArrayType(term))
            .add("nearest", DataTypes.createArrayType(near))
            .add("doubtful", DataTypes.createArrayType(doubtful));
    return session
        .createDataFrame(description.groups().stream().map(SummaryTable::row).toList(), schema)
        .coalesce(1);
  }

  private static Row row(Description.Group group) {
    List<Row> terms =
        group.terms().stream().map(term -> RowFactory.create(term.term(), term.weight())).toList();
    List<Row> nearest =
        group.nearest().stream()
            .map(
                row ->
                    RowFactory.create(
                        row.id().orElse(null), row.text().orElse(null), row.distance()))
            .toList();
    List<Row> doubtful =
        group.doubtful().stream()
            .map(
                row ->
                    RowFactory.create(
                        row.id().orElse(null),
                        row.text().orElse(null),
                        row.distance(),
                        row.second().orElse(null),
                        row.margin().orElse(null)))
            .toList();
    return RowFactory.create(
        group.cluster(),
        group.name(),
        group.size(),
        group.cohesion(),
        terms.toArray(),
        nearest.toArray(),
        doubtful.toArray());
  }
}
