package io.instructorspark.spark;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/** The params that {@link NearestNeighbors} and its model share. */
final class NeighborParams {
  static final String COSINE = "cosine";
  static final String CENTERED_COSINE = "centered_cosine";
  static final String EXACT = "exact";
  static final String IVF = "ivf";
  static final String AUTO = "auto";

  final Param<String> featuresCol;
  final Param<String> idCol;
  final Param<String> outputCol;
  final IntParam k;
  final Param<String> similarity;
  final DoubleParam minSimilarity;
  final BooleanParam excludeSelf;
  final Param<String> algorithm;
  final IntParam cells;
  final DoubleParam targetRecall;
  final LongParam seed;

  NeighborParams(Params stage) {
    featuresCol = StageParams.vectors(stage);
    idCol =
        StageParams.name(
            stage,
            "idCol",
            "column that names the rows of the corpus; unique, of any type that has an order");
    outputCol =
        StageParams.name(
            stage, "outputCol", "column to add with the neighbours, the most similar first");
    k = StageParams.positive(stage, "k", "neighbours of a row, at most");
    similarity =
        StageParams.choice(
            stage,
            "similarity",
            "cosine, or centered_cosine: after the corpus' mean is taken off all vectors",
            COSINE,
            CENTERED_COSINE);
    minSimilarity =
        new DoubleParam(
            stage,
            "minSimilarity",
            "least similarity of a neighbour, from -1 to 1",
            ParamValidators.inRange(-1, 1));
    excludeSelf =
        new BooleanParam(
            stage,
            "excludeSelf",
            "whether the row of the corpus with a row's own id is no neighbour of it");
    algorithm =
        StageParams.choice(
            stage,
            "algorithm",
            "exact: all pairs; ivf: the cells nearest to a row; auto: ivf for large corpora",
            EXACT,
            IVF,
            AUTO);
    cells =
        new IntParam(
            stage,
            "cells",
            "number of cells of ivf; 0 takes about the square root of the corpus' rows",
            ParamValidators.gtEq(0));
    targetRecall =
        new DoubleParam(
            stage,
            "targetRecall",
            "share of the exact neighbours that ivf has to find, by a sample, from 0 to 1",
            ParamValidators.inRange(0, 1));
    seed = new LongParam(stage, "seed", "seed of the first centres of ivf's cells");
    stage.setDefault(featuresCol, "embedding");
    stage.setDefault(idCol, "id");
    stage.setDefault(outputCol, "neighbors");
    stage.setDefault(k, (Object) 10);
    stage.setDefault(similarity, COSINE);
    stage.setDefault(minSimilarity, (Object) (-1.0));
    stage.setDefault(excludeSelf, (Object) false);
    stage.setDefault(algorithm, EXACT);
    stage.setDefault(cells, (Object) 0);
    stage.setDefault(targetRecall, (Object) 0.96);
    stage.setDefault(seed, (Object) 1L);
  }
}
