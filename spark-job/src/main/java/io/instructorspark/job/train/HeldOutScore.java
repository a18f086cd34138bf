package io.instructorspark.job.train;

import io.instructorspark.engine.Cosine;
import io.instructorspark.engine.TrainableEncoder;
import io.instructorspark.engine.training.EncoderTrainer;
import io.instructorspark.engine.training.Example;
import io.instructorspark.engine.training.Negatives;
import io.instructorspark.engine.training.TrainingBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * How a model does on pairs that it is not trained on, in batches of one task.
 *
 * @param pairs that were scored
 * @param loss mean over pairs, without dropout
 * @param accuracy share of the queries whose own positive is the nearest of its batch
 */
record HeldOutScore(int pairs, double loss, double accuracy) {

  /** Scores all held-out records of at least half a batch. */
  static HeldOutScore of(
      EncoderTrainer trainer, PreparedData data, int tasks, int batchSize, double temperature) {
    double loss = 0;
    int pairs = 0;
    int right = 0;
    for (int task = 0; task < tasks; task++) {
      ExampleFile file = data.evaluation(task);
      for (int from = 0; from < file.size(); from += batchSize) {
        int to = Math.min(file.size(), from + batchSize);
        if (to - from < Math.max(2, Math.min(batchSize, file.size()) / 2)) {
          continue; // few others to be told from
        }
        List<Example> examples = new ArrayList<>();
        for (int i = from; i < to; i++) {
          examples.add(file.record(i));
        }
        TrainingBatch batch =
            TrainingBatch.of(examples, Negatives.BATCH_AND_POSITIVES, temperature);
        TrainableEncoder.Evaluation found = trainer.evaluate(batch);
        loss += found.loss() * batch.size();
        right += nearest(found.vectors(), batch);
        pairs += batch.size();
      }
    }
    return new HeldOutScore(
        pairs, pairs == 0 ? 0 : loss / pairs, pairs == 0 ? 0 : (double) right / pairs);
  }

  /** Queries whose own positive is nearer than every text that they are set against. */
  private static int nearest(float[][] vectors, TrainingBatch batch) {
    int pairs = batch.size();
    int columns = pairs + batch.contrast().negatives();
    int right = 0;
    for (int i = 0; i < pairs; i++) {
      double own = cosine(vectors[i], vectors[pairs + i]);
      boolean best = true;
      for (int j = 0; j < columns && best; j++) {
        best =
            j == i
                || !batch.contrast().forth()[i * columns + j]
                || cosine(vectors[i], vectors[pairs + j]) < own;
      }
      right += best ? 1 : 0;
    }
    return right;
  }

  private static double cosine(float[] a, float[] b) {
    return Cosine.product(a, 0, b, 0, a.length);
  }
}
