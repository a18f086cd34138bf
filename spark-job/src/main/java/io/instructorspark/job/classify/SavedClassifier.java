package io.instructorspark.job.classify;

import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.VectorClassifierModel;
import io.instructorspark.spark.VectorOrigin;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/**
 * A classifier in the form of a pipeline, which {@code PipelineModel.load} reads.
 *
 * @param embedder of texts; empty where nobody knows what made the vectors that were learned from
 * @param model of vectors
 */
record SavedClassifier(Optional<InstructorEmbedder> embedder, VectorClassifierModel model) {
  private static final String VECTOR = "embedding";

  /** One of texts, which are embedded as the stage says. */
  static SavedClassifier ofTexts(
      InstructorEmbedder stage, String textColumn, VectorClassifierModel model) {
    InstructorEmbedder embedder = stage.copy(ParamMap.empty());
    embedder.clear(embedder.device()); // it may be loaded on another machine
    embedder.setInputCol(textColumn).setOutputCol(VECTOR);
    model.origin().ifPresent(origin -> pin(embedder, origin));
    return new SavedClassifier(Optional.of(embedder), named(model, VECTOR));
  }

  /** One of texts, if the vectors say by what instruction they were made, and else of vectors. */
  static SavedClassifier ofVectors(
      String textColumn, String vectorColumn, VectorClassifierModel model) {
    Optional<VectorOrigin> origin = model.origin().filter(known -> known.instruction().isPresent());
    if (origin.isEmpty()) {
      return new SavedClassifier(Optional.empty(), named(model, vectorColumn));
    }
    InstructorEmbedder embedder =
        new InstructorEmbedder()
            .setInstruction(origin.get().instruction().get())
            .setInputCol(textColumn)
            .setOutputCol(VECTOR);
    pin(embedder, origin.get());
    return new SavedClassifier(Optional.of(embedder), named(model, VECTOR));
  }

  private static VectorClassifierModel named(VectorClassifierModel model, String vectorColumn) {
    return model
        .copy(ParamMap.empty())
        .setFeaturesCol(vectorColumn)
        .setPredictionCol("prediction")
        .setProbabilityCol("probability");
  }

  /** Whatever the settings of the session that loads it, the vectors are of the same kind. */
  private static void pin(InstructorEmbedder embedder, VectorOrigin origin) {
    embedder
        .setModel(origin.model())
        .setCompatibility(origin.compatibility())
        .setPrecision(origin.precision())
        .setMaxLength(Math.toIntExact(origin.maxLength()));
  }

  /**
   * Checks that nothing would be replaced.
   *
   * @throws ClassifyException if there is something, or the place cannot be reached
   */
  static void requireFree(SparkSession session, String location) {
    if (exists(session, location, "--save-model")) {
      throw new ClassifyException(
          "%s exists already; choose another --save-model, or move it away".formatted(location));
    }
  }

  private static boolean exists(SparkSession session, String location, String option) {
    try {
      Path path = new Path(location);
      return path.getFileSystem(session.sparkContext().hadoopConfiguration()).exists(path);
    } catch (IOException | IllegalArgumentException e) {
      throw new ClassifyException(
          "%s %s cannot be reached: %s".formatted(option, location, e.getMessage()), e);
    }
  }

  /** Writes the pipeline. */
  void save(SparkSession session, String location) {
    StructType input =
        embedder.isPresent()
            ? new StructType().add(embedder.get().getInputCol(), DataTypes.StringType)
            : new StructType()
                .add(
                    model.getFeaturesCol(),
                    DataTypes.createArrayType(DataTypes.FloatType),
                    true,
                    model.origin().map(VectorOrigin::metadata).orElse(Metadata.empty()));
    PipelineStage[] stages =
        Stream.<PipelineStage>concat(embedder.stream(), Stream.of(model))
            .toArray(PipelineStage[]::new);
    try {
      new Pipeline()
          .setStages(stages)
          .fit(session.createDataFrame(List.<Row>of(), input))
          .write()
          .save(location);
    } catch (IOException e) {
      throw new ClassifyException(
          "the classifier cannot be written to --save-model %s: %s"
              .formatted(location, e.getMessage()),
          e);
    }
  }

  /**
   * Reads one.
   *
   * @throws ClassifyException if there is none
   */
  static SavedClassifier load(SparkSession session, String location) {
    if (!exists(session, location, "--load-model")) {
      throw new ClassifyException("there is no --load-model %s".formatted(location));
    }
    Transformer[] stages = stages(location);
    int last = stages.length - 1;
    if (last == 0 && stages[0] instanceof VectorClassifierModel model) {
      return new SavedClassifier(Optional.empty(), model);
    }
    if (last == 1
        && stages[0] instanceof InstructorEmbedder embedder
        && stages[1] instanceof VectorClassifierModel model) {
      return new SavedClassifier(Optional.of(embedder), model);
    }
    throw new ClassifyException(
        "--load-model %s holds a pipeline of %s, and not a classifier that --save-model has written"
            .formatted(
                location,
                Arrays.stream(stages).map(stage -> stage.getClass().getSimpleName()).toList()));
  }

  private static Transformer[] stages(String location) {
    try {
      return PipelineModel.load(location).stages();
    } catch (RuntimeException e) { // Spark's, of many kinds
      throw new ClassifyException(
          "--load-model %s is no pipeline that can be loaded, as --save-model writes one (%s)"
              .formatted(location, e.getMessage()),
          e);
    }
  }
}
