package io.instructorspark.job.cluster;

import io.instructorspark.job.kmeans.Assignment;
import io.instructorspark.job.kmeans.ClusterFit;
import io.instructorspark.job.vectors.SavedPipeline;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.VectorOrigin;
import java.util.Optional;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.SparkSession;

/**
 * Saved clusters: texts in, column {@code cluster} out.
 *
 * @param embedder empty where vectors did not say which model and instruction made them
 * @param model of centres
 */
record SavedClusters(Optional<InstructorEmbedder> embedder, KMeansModel model) {
  /**
   * Checks that ready vectors are such as the clusters were made of, as far as both say.
   *
   * @throws IllegalArgumentException if another model or mode made them
   */
  void requireComparable(Optional<VectorOrigin> vectors) {
    new SavedPipeline(embedder, model).requireComparable(vectors);
  }

  /** As {@link SavedPipeline#stage}. */
  InstructorEmbedder stage(InstructorEmbedder options) {
    return new SavedPipeline(embedder, model).stage(options);
  }

  void save(SparkSession session, String location) {
    KMeansModel last = model.copy(ParamMap.empty());
    last.setFeaturesCol(SavedPipeline.VECTOR).setPredictionCol(Assignment.CLUSTER);
    new SavedPipeline(embedder, last).save(session, location);
  }

  /**
   * What {@link #save} has written.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static SavedClusters load(SparkSession session, String location) {
    SavedPipeline saved = SavedPipeline.load(session, location, KMeansModel.class);
    KMeansModel model = (KMeansModel) saved.model();
    if (!model.getDistanceMeasure().equals("cosine")) {
      throw new IllegalArgumentException(
          "the clusters in --load-model are by %s distance, and those of cluster by cosine; give the folder that its --save-model has written"
              .formatted(model.getDistanceMeasure()));
    }
    return new SavedClusters(
        saved.embedder(),
        model.setFeaturesCol(ClusterFit.UNIT).setPredictionCol(ClusterFit.PREDICTION));
  }
}
