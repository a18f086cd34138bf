"""Saved in Python, loaded in Java, and the other way round."""

import importlib
import io
import json
import sys

import instructor_spark
import numpy
import pytest
from instructor_spark import (
    InstructorEmbedder,
    NearestNeighbors,
    NearestNeighborsModel,
    SemanticMap,
    SemanticMapModel,
    TopicTerms,
    VectorClassifier,
    VectorClassifierModel,
)
from pyspark import keyword_only
from pyspark.ml import Pipeline, PipelineModel, Transformer
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import HashingTF, SQLTransformer, Tokenizer
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import DataFrame

INSTRUCTION = "Represent the product review: "


class Shout(Transformer, DefaultParamsReadable, DefaultParamsWritable):
    """A stage of Python alone, as users write them."""

    @keyword_only
    def __init__(self):
        super().__init__()

    def _transform(self, dataset):
        return dataset.selectExpr("*", "upper(text) AS loud")


def vectors(frame, column="embedding"):
    rows = frame.orderBy("id").select(column).collect()
    return numpy.array([row[0].toArray() if hasattr(row[0], "toArray") else row[0] for row in rows])


def same(one, other, column="embedding"):
    return numpy.abs(vectors(one, column) - vectors(other, column)).max() < 1e-6


def java_pipeline_model(spark):
    return spark._jvm.org.apache.spark.ml.PipelineModel


STAGES = [
    lambda: InstructorEmbedder(instruction=INSTRUCTION, maxLength=64, deduplicate=True, outputType="vector"),
    lambda: NearestNeighbors(k=3, minSimilarity=0.25, excludeSelf=True, seed=7),
    lambda: SemanticMap(k=3, outputCol="place"),
    lambda: TopicTerms(stopWords=["the", "a"], numTerms=4, pattern="[a-z]+"),
    lambda: VectorClassifier(labelCol="verdict", regularization=0.5, maxIter=20),
]


@pytest.mark.parametrize("make", STAGES)
def test_stages_keep_uid_and_params(spark, tmp_path, make):
    stage = make()
    stage.save(str(tmp_path / "stage"))
    loaded = type(stage).load(str(tmp_path / "stage"))
    assert type(loaded) is type(stage)
    assert loaded.uid == stage.uid
    assert {p.name: v for p, v in loaded.extractParamMap().items()} == {
        p.name: v for p, v in stage.extractParamMap().items()
    }
    assert {p.name for p in loaded._paramMap} == {p.name for p in stage._paramMap}


def test_saving_twice_needs_overwrite(spark, tmp_path):
    path = str(tmp_path / "stage")
    InstructorEmbedder(outputCol="one").save(path)
    with pytest.raises(Exception, match="already exists"):
        InstructorEmbedder(outputCol="two").save(path)
    InstructorEmbedder(outputCol="two").write().overwrite().save(path)
    assert InstructorEmbedder.load(path).getOutputCol() == "two"


def test_models_are_loaded_with_what_they_learned(embedded, tmp_path):
    models = {
        NearestNeighborsModel: NearestNeighbors(k=2, excludeSelf=True).fit(embedded),
        SemanticMapModel: SemanticMap().fit(embedded).setColorCol("topic"),
        VectorClassifierModel: VectorClassifier(labelCol="verdict").fit(embedded),
    }
    for kind, model in models.items():
        path = str(tmp_path / kind.__name__)
        model.save(path)
        loaded = kind.load(path)
        assert type(loaded) is kind
        assert loaded.transform(embedded).collect() == model.transform(embedded).collect()
    assert SemanticMapModel.load(str(tmp_path / "SemanticMapModel")).getColorCol() == "topic"


def mixed_pipeline():
    """Stages of Spark's and ours, transformers and estimators."""
    return Pipeline(
        stages=[
            Tokenizer(inputCol="text", outputCol="words"),
            InstructorEmbedder(instruction=INSTRUCTION, outputType="vector"),
            KMeans(featuresCol="embedding", predictionCol="cluster", k=2, seed=3),
            VectorClassifier(labelCol="verdict"),
            SemanticMap(),
        ]
    )


def test_pipelines_of_both_kinds_of_stages_are_found_again(reviews, tmp_path):
    pipeline = mixed_pipeline()
    pipeline.save(str(tmp_path / "pipeline"))
    kinds = [type(stage) for stage in Pipeline.load(str(tmp_path / "pipeline")).getStages()]
    assert kinds == [type(stage) for stage in pipeline.getStages()]

    model = pipeline.fit(reviews)
    model.write().overwrite().save(str(tmp_path / "model"))
    loaded = PipelineModel.load(str(tmp_path / "model"))
    assert [type(stage) for stage in loaded.stages] == [type(stage) for stage in model.stages]
    one, other = model.transform(reviews), loaded.transform(reviews)
    assert one.columns == other.columns
    for column in ("embedding", "coordinates", "probability"):
        assert same(one, other, column)
    assert [r.prediction for r in one.collect()] == [r.prediction for r in other.collect()]


def test_pipelines_with_stages_of_python_alone_are_found_again(reviews, tmp_path):
    model = Pipeline(stages=[Shout(), InstructorEmbedder(inputCol="loud", instruction=INSTRUCTION)]).fit(reviews)
    model.save(str(tmp_path / "model"))
    metadata = next((tmp_path / "model" / "metadata").glob("part-*")).read_text()
    assert json.loads(metadata)["paramMap"]["language"] == "Python"
    loaded = PipelineModel.load(str(tmp_path / "model"))
    assert [type(stage) for stage in loaded.stages] == [Shout, InstructorEmbedder]
    assert same(model.transform(reviews), loaded.transform(reviews))


def test_pipelines_of_others_are_read_as_before(reviews, tmp_path):
    model = Pipeline(stages=[Tokenizer(inputCol="text", outputCol="w"), HashingTF(inputCol="w", outputCol="f")]).fit(
        reviews
    )
    model.save(str(tmp_path / "model"))
    assert [type(stage) for stage in PipelineModel.load(str(tmp_path / "model")).stages] == [Tokenizer, HashingTF]


def test_the_name_of_the_java_package_hides_no_module():
    """Its first part is the name of a module of Python's."""
    assert importlib.import_module("io") is io is sys.modules["io"]
    assert io.StringIO.__module__ == "_io" and not hasattr(io, "instructorspark")
    assert [name for name in sys.modules if name.startswith("io.")] == ["io.instructorspark.spark"]
    published = importlib.import_module("io.instructorspark.spark")
    assert {name: stage for name, stage in vars(published).items() if isinstance(stage, type)} == {
        stage.__name__: stage for stage in instructor_spark.STAGES
    }


def test_a_pipeline_model_saved_in_python_loads_in_java(spark, reviews, tmp_path):
    model = Pipeline(
        stages=[
            InstructorEmbedder(instruction=INSTRUCTION),
            NearestNeighbors(k=2),
            VectorClassifier(labelCol="verdict"),
            SQLTransformer(statement="SELECT * FROM __THIS__ WHERE prediction IS NOT NULL"),
        ]
    ).fit(reviews)
    model.save(str(tmp_path / "model"))
    java = java_pipeline_model(spark).load(str(tmp_path / "model"))
    assert java.uid() == model.uid
    found = DataFrame(java.transform(reviews._jdf), spark)
    expected = model.transform(reviews)
    assert same(found, expected)
    assert found.orderBy("id").select("neighbors", "prediction").collect() == (
        expected.orderBy("id").select("neighbors", "prediction").collect()
    )


def test_a_pipeline_model_saved_in_java_loads_in_python(spark, reviews, tmp_path):
    jvm, gateway = spark._jvm, spark.sparkContext._gateway
    ours = jvm.io.instructorspark.spark
    stages = gateway.new_array(jvm.org.apache.spark.ml.PipelineStage, 4)
    stages[0] = jvm.org.apache.spark.ml.feature.Tokenizer().setInputCol("text").setOutputCol("words")
    stages[1] = ours.InstructorEmbedder().setInstruction(INSTRUCTION).setMaxLength(32)
    stages[2] = ours.VectorClassifier().setLabelCol("verdict").setProbabilitiesCol("all")
    stages[3] = ours.SemanticMap()
    java = jvm.org.apache.spark.ml.Pipeline().setStages(stages).fit(reviews._jdf)
    java.write().save(str(tmp_path / "model"))

    loaded = PipelineModel.load(str(tmp_path / "model"))
    assert loaded.uid == java.uid()
    assert [type(stage) for stage in loaded.stages] == [
        Tokenizer,
        InstructorEmbedder,
        VectorClassifierModel,
        SemanticMapModel,
    ]
    assert loaded.stages[1].getInstruction() == INSTRUCTION
    assert loaded.stages[1].getMaxLength() == 32
    assert not loaded.stages[1].isSet("model")
    found, expected = loaded.transform(reviews), DataFrame(java.transform(reviews._jdf), spark)
    for column in ("embedding", "coordinates", "probability"):
        assert same(found, expected, column)
