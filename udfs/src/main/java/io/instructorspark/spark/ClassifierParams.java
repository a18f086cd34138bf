package io.instructorspark.spark;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The params that {@link VectorClassifier} and its model share. */
final class ClassifierParams {
  final Param<String> featuresCol;
  final Param<String> predictionCol;
  final Param<String> probabilityCol;
  final Param<String> probabilitiesCol;

  ClassifierParams(Params stage) {
    featuresCol = StageParams.vectors(stage);
    predictionCol =
        StageParams.name(
            stage,
            "predictionCol",
            "column to add with the predicted label, of the type of those that were learned");
    probabilityCol =
        StageParams.name(
            stage, "probabilityCol", "column to add with the predicted label's probability");
    probabilitiesCol =
        StageParams.name(
            stage,
            "probabilitiesCol",
            "column to add, if it is set, with every label's probability, a map");
    stage.setDefault(featuresCol, "embedding");
    stage.setDefault(predictionCol, "prediction");
    stage.setDefault(probabilityCol, "probability");
  }

  /**
   * A schema with the columns that are added.
   *
   * @param labels the labels' type
   * @throws IllegalArgumentException if one of them is there already, or two have one name
   */
  StructType append(StructType schema, Params stage, DataType labels) {
    StructType all = added(schema, stage.getOrDefault(predictionCol), labels);
    all = added(all, stage.getOrDefault(probabilityCol), DataTypes.DoubleType);
    return stage.isSet(probabilitiesCol)
        ? added(
            all,
            stage.getOrDefault(probabilitiesCol),
            DataTypes.createMapType(labels, DataTypes.DoubleType, false))
        : all;
  }

  private static StructType added(StructType schema, String column, DataType type) {
    if (schema.getFieldIndex(column).isDefined()) {
      throw new IllegalArgumentException(
          "there is a column '%s' already; choose another name for what is added, or rename it"
              .formatted(column));
    }
    return schema.add(column, type, true);
  }
}
