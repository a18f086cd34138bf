package io.instructorspark.spark;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/** The params that {@link SemanticMap} and its model share. */
final class MapParams {
  final Param<String> featuresCol;
  final Param<String> outputCol;
  final IntParam k;

  MapParams(Params stage) {
    featuresCol = StageParams.vectors(stage);
    outputCol = StageParams.name(stage, "outputCol", "column to add with the coordinates");
    k = new IntParam(stage, "k", "axes of the map: 2 or 3", ParamValidators.inRange(2, 3));
    stage.setDefault(featuresCol, "embedding");
    stage.setDefault(outputCol, "coordinates");
    stage.setDefault(k, (Object) 2);
  }
}
