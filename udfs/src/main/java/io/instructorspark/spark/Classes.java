package io.instructorspark.spark;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/**
 * What a classifier knows of the rows that it learned from, whatever the algorithm.
 *
 * @param algorithm its name
 * @param labels that it can give
 * @param vectorOrigin of the vectors; empty where they did not say
 * @param withoutLabel rows that were left out for want of a label
 * @param withoutDirection rows that were left out because of their vectors
 */
record Classes(
    String algorithm,
    ClassLabels labels,
    Optional<VectorOrigin> vectorOrigin,
    long withoutLabel,
    long withoutDirection) {
  private static final StructType SAVED =
      new StructType()
          .add("algorithm", DataTypes.StringType)
          .add("labelType", DataTypes.StringType)
          .add("labels", DataTypes.createArrayType(DataTypes.StringType))
          .add("rows", DataTypes.createArrayType(DataTypes.LongType))
          .add("origin", DataTypes.StringType)
          .add("withoutLabel", DataTypes.LongType)
          .add("withoutDirection", DataTypes.LongType);

  static Classes of(LabelledVectors rows, Optional<VectorOrigin> origin, String algorithm) {
    return new Classes(
        algorithm, rows.labels(), origin, rows.withoutLabel(), rows.withoutDirection());
  }

  void save(SparkSession session, String folder) {
    Row row =
        RowFactory.create(
            algorithm,
            labels.typeJson(),
            labels.texts().toArray(String[]::new),
            labels.rows().toArray(Long[]::new),
            vectorOrigin.map(origin -> origin.metadata().json()).orElse(null),
            withoutLabel,
            withoutDirection);
    session.createDataFrame(List.of(row), SAVED).coalesce(1).write().parquet(folder);
  }

  static Classes load(SparkSession session, String folder) {
    Row row = session.read().schema(SAVED).parquet(folder).head();
    return new Classes(
        row.getString(0),
        new ClassLabels(row.getString(1), row.getList(2), row.getList(3)),
        row.isNullAt(4) ? Optional.empty() : VectorOrigin.of(Metadata.fromJson(row.getString(4))),
        row.getLong(5),
        row.getLong(6));
  }
}
