package io.instructorspark.spark

import java.nio.file.Path

import org.apache.spark.ml.{Pipeline, PipelineModel}
import org.apache.spark.ml.linalg.Vector
import org.apache.spark.ml.param.ParamMap
import org.apache.spark.ml.tuning.ParamGridBuilder
import org.apache.spark.sql.{DataFrame, SparkSession}
import org.apache.spark.sql.functions.col
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** The stage as a program in Scala uses it. */
class ScalaUsageIT {
  private val spark: SparkSession = TestSession.get
  import spark.implicits._

  private val instruction = "Represent the product review for classifying sentiment: "

  private def reviews: DataFrame =
    Seq((1L, "Works as it should"), (2L, "Broke on the second day"), (3L, null)).toDF("id", "text")

  private def embedder: InstructorEmbedder =
    new InstructorEmbedder().setInputCol("text").setInstruction(instruction)

  @Test
  def rowsComeOutAsTuples(): Unit = {
    val rows = embedder
      .transform(reviews)
      .select($"id", $"embedding")
      .as[(Long, Option[Array[Float]])]
      .collect()
    assertThat(rows.map(_._1)).containsExactly(1L, 2L, 3L)
    assertThat(rows.map(_._2.isDefined)).containsExactly(true, true, false)
    val norm = math.sqrt(rows.head._2.get.map(x => x.toDouble * x).sum)
    assertThat(math.abs(norm - 1)).isLessThan(1e-5)
  }

  @Test
  def typedDatasetsAreTaken(): Unit = {
    val texts = reviews.select("id", "text").as[Review]
    assertThat(embedder.transform(texts).count()).isEqualTo(3)
    assertThat(texts.transform(embedder.transform(_)).columns)
      .containsExactly("id", "text", "embedding")
  }

  @Test
  def parametersAreReadAndPaired(): Unit = {
    val stage = embedder
    assertThat(stage.getInstruction).isEqualTo(instruction)
    assertThat(stage.getOrDefault(stage.instruction)).isEqualTo(instruction)
    assertThat(stage.getMaxLength).isEqualTo(0)
    val copy = stage.copy(ParamMap(stage.outputCol -> "vector", stage.maxLength -> 64))
    assertThat(copy.getOutputCol).isEqualTo("vector")
    assertThat(copy.getMaxLength).isEqualTo(64)
    assertThat(stage.getOutputCol).isEqualTo("embedding")
    assertThat(copy.transform(reviews).columns).contains("vector")
    val other = stage.transform(reviews, stage.outputCol -> "other", stage.windowSize -> 1)
    assertThat(other.columns).contains("other")
  }

  @Test
  def aGridGoesOverInstructions(): Unit = {
    val stage = embedder
    val grid = new ParamGridBuilder()
      .addGrid(stage.instruction, Seq("", instruction))
      .addGrid(stage.windowSize, Array(1, 2))
      .build()
    assertThat(grid.map(stage.copy(_).getInstruction).distinct).containsExactly("", instruction)
    assertThat(grid.length).isEqualTo(4)
  }

  @Test
  def aPipelineIsFittedSavedAndLoaded(@TempDir folder: Path): Unit = {
    val path = folder.resolve("pipeline").toString
    val model = new Pipeline().setStages(Array(embedder.setOutputType("vector"))).fit(reviews)
    model.write.overwrite().save(path)
    val loaded = PipelineModel.load(path)
    assertThat(loaded.stages.collect { case stage: InstructorEmbedder => stage.getInstruction })
      .containsExactly(instruction)
    def vectors(pipeline: PipelineModel): Seq[Vector] =
      pipeline.transform(reviews.where(col("text").isNotNull)).collect().toSeq
        .map(_.getAs[Vector]("embedding"))
    assertThat(vectors(loaded)).isEqualTo(vectors(model))
  }

  @Test
  def aStageIsSavedAndLoaded(@TempDir folder: Path): Unit = {
    val path = folder.resolve("stage").toString
    val stage = embedder.setTokenCountCol("tokens")
    stage.save(path)
    assertThat(InstructorEmbedder.load(path).getTokenCountCol).isEqualTo("tokens")
    assertThat(InstructorEmbedder.read.load(path).uid).isEqualTo(stage.uid)
  }
}

/** A row of the typed dataset; outside the class, as Spark's encoders ask. */
final case class Review(id: Long, text: String)
