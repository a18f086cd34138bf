package io.instructorspark.job.vectors;

import io.instructorspark.job.report.Secrets;
import io.instructorspark.spark.IfExists;
import io.instructorspark.spark.InstructorEmbedder;
import io.instructorspark.spark.OutputException;
import io.instructorspark.spark.VectorOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A pipeline of a fitted model, with the stage that embeds before it where that is known. {@code
 * PipelineModel.load} takes it as it is: texts in, the model's columns out.
 *
 * @param embedder empty where vectors did not say which model and instruction made them
 * @param model takes the column {@link #VECTOR}
 */
public record SavedPipeline(Optional<InstructorEmbedder> embedder, Transformer model) {
  /** The column of vectors, between the stages. */
  public static final String VECTOR = "embedding";

  private static final String METADATA = "metadata";

  /**
   * The stage that makes vectors of one origin; everything that decides on them is set, so that no
   * session's settings can.
   *
   * @return empty where the origin is unknown, or rows have their own instructions
   * @throws IllegalArgumentException if its checkpoint is another one now
   * @throws io.instructorspark.checkpoint.CheckpointException if its checkpoint cannot be opened
   */
  public static Optional<InstructorEmbedder> embedder(
      Optional<VectorOrigin> origin, String textColumn) {
    return origin
        .filter(made -> made.instruction().isPresent())
        .map(
            made -> {
              InstructorEmbedder stage =
                  new InstructorEmbedder()
                      .setInputCol(textColumn)
                      .setOutputCol(VECTOR)
                      .setInstruction(made.instruction().get())
                      .setModel(made.model())
                      .setCompatibility(made.compatibility())
                      .setPrecision(made.precision())
                      .setMaxLength((int) made.maxLength())
                      .setOutputType("vector")
                      .setHandleInvalid("error");
              requireSame(made, origin(stage));
              return stage;
            });
  }

  /** The origin of the vectors that a stage makes. */
  private static VectorOrigin origin(InstructorEmbedder stage) {
    StructType texts = new StructType().add(stage.getInputCol(), DataTypes.StringType);
    return VectorOrigin.of(stage.transformSchema(texts).apply(stage.getOutputCol())).orElseThrow();
  }

  private static void requireSame(VectorOrigin one, VectorOrigin other) {
    one.difference(other)
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  "the vectors and the saved model do not belong together: %s; embed the rows with the model that it was made with"
                      .formatted(difference));
            });
  }

  /**
   * Checks that ready vectors are such as the model was made of, as far as both say.
   *
   * @throws IllegalArgumentException if another model or mode made them
   */
  public void requireComparable(Optional<VectorOrigin> vectors) {
    vectors.ifPresent(
        made ->
            embedder.ifPresent(
                stage -> {
                  VectorOrigin own = origin(stage);
                  requireSame(made, own);
                  if (made.instruction().isPresent()
                      && !made.instruction().equals(own.instruction())) {
                    throw new IllegalArgumentException(
                        "the vectors were made with the instruction '%s' and those of the saved model with '%s'; embed the rows with the model's own"
                            .formatted(made.instruction().get(), own.instruction().orElse("")));
                  }
                }));
  }

  /**
   * Checks that a model may be saved there, and touches nothing.
   *
   * @throws OutputException if something is there that may not be replaced
   */
  public static void requirePlace(SparkSession session, String location, IfExists ifExists) {
    try {
      Path path = new Path(location);
      FileSystem files = fileSystem(session, path);
      if (!files.exists(path)) {
        return;
      }
      if (ifExists != IfExists.OVERWRITE) {
        throw new OutputException(
            "%s exists already; choose another --save-model, or say --if-exists overwrite"
                .formatted(shown(location)));
      }
      if (!files.exists(new Path(path, METADATA)) || !files.exists(new Path(path, "stages"))) {
        throw new OutputException(
            "%s is no saved pipeline, so it is not overwritten; choose another --save-model"
                .formatted(shown(location)));
      }
    } catch (IOException e) {
      throw new OutputException(
          "%s cannot be reached: %s".formatted(shown(location), e.getMessage()), e);
    }
  }

  /**
   * The stage that embeds texts as the model's were.
   *
   * @param options stage whose device is taken, if it has one set
   * @throws IllegalArgumentException if there is none
   */
  public InstructorEmbedder stage(InstructorEmbedder options) {
    InstructorEmbedder stage =
        embedder.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the saved model takes vectors, as it was made of vectors that did not say which model and instruction made them; name their column with --embedding-column"));
    return options.isSet(options.device()) ? stage.setDevice(options.getDevice()) : stage;
  }

  /** Saves the pipeline in place of another that {@link #requirePlace} has allowed. */
  public void save(SparkSession session, String location) {
    List<PipelineStage> stages = new ArrayList<>();
    embedder.ifPresent(stages::add);
    stages.add(model);
    StructType schema =
        embedder
            .map(stage -> new StructType().add(stage.getInputCol(), DataTypes.StringType))
            .orElseGet(() -> new StructType().add(VECTOR, SQLDataTypes.VectorType()));
    try {
      new Pipeline()
          .setStages(stages.toArray(PipelineStage[]::new))
          .fit(session.createDataFrame(List.of(), schema))
          .write()
          .overwrite()
          .save(location);
    } catch (IOException e) {
      throw new OutputException(
          "the model cannot be saved in %s: %s".formatted(shown(location), e.getMessage()), e);
    }
  }

  /**
   * What {@link #save} has written.
   *
   * @param type of the model
   * @throws IllegalArgumentException if it is something else
   */
  public static SavedPipeline load(
      SparkSession session, String location, Class<? extends Transformer> type) {
    try {
      Path path = new Path(location);
      if (!fileSystem(session, path).exists(new Path(path, METADATA))) {
        throw new IllegalArgumentException(
            "there is no saved model in %s (no %s in it); give the folder that --save-model has written"
                .formatted(shown(location), METADATA));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the model in %s cannot be read: %s".formatted(shown(location), e.getMessage()), e);
    }
    Transformer[] stages = PipelineModel.load(location).stages();
    boolean embeds = stages.length == 2 && stages[0] instanceof InstructorEmbedder;
    if (stages.length != (embeds ? 2 : 1) || !type.isInstance(stages[stages.length - 1])) {
      throw new IllegalArgumentException(
          "the pipeline in %s is not one of InstructorEmbedder and %s; give the folder that this command's --save-model has written"
              .formatted(shown(location), type.getSimpleName()));
    }
    return new SavedPipeline(
        embeds
            ? Optional.of(((InstructorEmbedder) stages[0]).setHandleInvalid("keep"))
            : Optional.empty(),
        stages[stages.length - 1]);
  }

  private static FileSystem fileSystem(SparkSession session, Path path) throws IOException {
    return path.getFileSystem(session.sparkContext().hadoopConfiguration());
  }

  private static String shown(String location) {
    return Secrets.redacted(location);
  }
}
