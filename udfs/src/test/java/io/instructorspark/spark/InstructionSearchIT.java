package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.ServiceLoader;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Instructions as parameters that Spark ML searches over. */
class InstructionSearchIT {
  @Test
  void findsAnInstructionByCrossValidation() {
    SparkSession session = OperatorSessions.registered();
    SparkSession.setActiveSession(session);
    session.conf().set("spark.instructor.model", OperatorSessions.TINY);
    Dataset<Row> rows =
        session
            .range(0, 40, 1, 2)
            .selectExpr(
                "if(id % 2 = 0, concat('a good tent ', id), concat('the zip broke ', id)) AS text",
                "double(id % 2) AS label");
    InstructorEmbedder embedder =
        new InstructorEmbedder().setOutputCol("features").setOutputType("vector");
    LogisticRegression classifier = new LogisticRegression().setMaxIter(5);
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(
                embedder.instruction(),
                Seqs.of(List.of("", "Represent the review for classifying sentiment: ")))
            .build();
    CrossValidatorModel model =
        new CrossValidator()
            .setEstimator(new Pipeline().setStages(new PipelineStage[] {embedder, classifier}))
            .setEstimatorParamMaps(grid)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setNumFolds(2)
            .setSeed(1)
            .fit(rows);
    assertThat(model.avgMetrics()).hasSize(2);
    assertThat(model.avgMetrics()[0]).isBetween(0.5, 1.0);
    assertThat(model.transform(rows).count()).isEqualTo(40);
  }

  @Test
  void stagesAreFoundAsServices() {
    assertThat(ServiceLoader.load(Transformer.class).stream().map(ServiceLoader.Provider::type))
        .contains(InstructorEmbedder.class, TopicTerms.class);
    assertThat(ServiceLoader.load(Estimator.class).stream().map(ServiceLoader.Provider::type))
        .contains(NearestNeighbors.class, VectorClassifier.class);
  }
}
