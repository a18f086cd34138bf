package io.instructorspark.job.train;

import io.instructorspark.checkpoint.Checkpoint;
import io.instructorspark.checkpoint.CheckpointWriter;
import io.instructorspark.checkpoint.DenseActivation;
import io.instructorspark.checkpoint.DenseConfig;
import io.instructorspark.checkpoint.ElementType;
import io.instructorspark.checkpoint.NewModel;
import io.instructorspark.checkpoint.T5Config;
import io.instructorspark.checkpoint.remote.FileTree;
import io.instructorspark.engine.training.InitialWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** The checkpoint that a model from scratch begins as; made once for a training. */
record NewCheckpoint(
    Scratch scratch, RecipeSettings settings, SparkSession session, Consumer<String> said) {
  /** Last matrices of sub-layers at the beginning: little is added to averaged word vectors. */
  private static final double QUIET = 0.3;

  private static final int MAX_SEQ_LENGTH = 512;

  Checkpoint in(TrainingFolder folder, PreparedData data, Prepared prepared) throws IOException {
    if (!Files.exists(folder.start())) {
      Path draft = folder.inside().resolve("start.draft");
      FileTree.delete(draft);
      T5Config config = T5Config.read(scratch.config());
      NewModel model =
          new NewModel(
              config,
              settings.dropout(),
              new DenseConfig(
                  config.dModel(), scratch.dimension(), false, DenseActivation.IDENTITY),
              MAX_SEQ_LENGTH);
      InitialWeights drawn = new InitialWeights(model, null, QUIET, settings.batches().seed());
      CheckpointWriter.create(model, scratch.tokenizer(), drawn, draft);
      if (scratch.wordVectors() == WordVectors.COOCCURRENCE) {
        said.accept("makes word vectors of the tokens' co-occurrence");
        Checkpoint plain = Checkpoint.open(draft.toString());
        float[] embeddings =
            new CooccurrenceVectors(session, config.vocabSize(), config.dModel())
                .of(data, prepared, plain, settings.batches().seed());
        Path better = folder.inside().resolve("vectors.draft");
        FileTree.delete(better);
        CheckpointWriter.write(
            plain,
            ElementType.F32,
            new InitialWeights(model, embeddings, QUIET, settings.batches().seed()),
            better);
        FileTree.delete(draft);
        draft = better;
      }
      Files.move(draft, folder.start(), StandardCopyOption.ATOMIC_MOVE);
    }
    return Checkpoint.open(folder.start().toString());
  }
}
