package io.instructorspark.job.evaluate;

import org.apache.spark.sql.SparkSession;

/** A task's data, read and checked; scores the vectors that a model gives them. */
interface TaskData extends AutoCloseable {
  /** Embeds what the task needs, and scores it. Every call has the same items in one order. */
  Scored score(Embedding embedding, Variant variant);

  /** How many texts, or rows of them, are held for it on the driver, about. */
  int rows();

  /** What of the data is not scored, in a sentence; empty if nothing. */
  default String leftOut() {
    return "";
  }

  @Override
  default void close() {}

  /**
   * Reads a task's files.
   *
   * @throws EvaluateException if their content cannot be scored, naming the file
   * @throws io.instructorspark.job.rows.InputException if a file cannot be read
   */
  static TaskData read(SparkSession session, TaskSpec task, ScoringSettings settings) {
    return switch (task.category()) {
      case CLASSIFICATION -> ClassificationData.read(session, task, settings);
      case CLUSTERING -> ClusteringData.read(session, task, settings);
      case PAIR_CLASSIFICATION, STS -> PairData.read(session, task);
      case RERANKING -> RerankingData.read(session, task);
      case RETRIEVAL -> RetrievalData.read(session, task);
      case SUMMARISATION, TEXT_GENERATION_EVALUATION -> ReferenceData.read(session, task);
      case PROMPT_RETRIEVAL -> PromptData.read(session, task);
      case MULTI_VIEW -> MultiViewData.read(session, task);
    };
  }
}
