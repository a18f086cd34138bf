"""A client of Spark Connect: does what its argument names, and prints the result, or the error, as JSON."""

import json
import sys

import instructor_spark
from instructor_spark import InstructorEmbedder, NearestNeighbors, SemanticMap, TopicTerms, VectorClassifier
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import Tokenizer
from pyspark.sql import SparkSession

INSTRUCTION = "Represent the product review: "
ROWS = [
    (1, "The tent kept us dry through a night of rain.", "camping"),
    (2, "A pole snapped on the first evening.", "camping"),
    (3, "This kettle boils a litre in two minutes.", "kitchen"),
    (4, "The kettle leaks at the lid.", "kitchen"),
]

spark = SparkSession.builder.remote(sys.argv[1]).getOrCreate()
rows = spark.createDataFrame(ROWS, "id int, text string, topic string")


def embedded():
    return InstructorEmbedder(instruction=INSTRUCTION).transform(rows)


def sql():
    rows.createOrReplaceTempView("reviews")
    frame = spark.sql(f"SELECT id, instructor_embed('{INSTRUCTION}', text) AS v FROM reviews ORDER BY id")
    return [list(row.v) for row in frame.collect()]


def arrow():
    frame = rows.selectExpr("id", f"instructor_embed('{INSTRUCTION}', text) AS v").toPandas().sort_values("id")
    return [str(frame.v[0].dtype), [[float(number) for number in vector] for vector in frame.v]]


def transform():
    return [list(row.embedding) for row in embedded().orderBy("id").collect()]


def neighbours():
    vectors = embedded()
    found = NearestNeighbors(k=1, excludeSelf=True).fit(vectors).transform(vectors).orderBy("id").collect()
    return [[neighbor.id for neighbor in row.neighbors] for row in found]


def classifier():
    vectors = embedded()
    model = VectorClassifier(labelCol="topic", regularization=0.01).fit(vectors)
    return [row.prediction for row in model.transform(vectors).orderBy("id").collect()]


def map():
    vectors = embedded()
    return [list(row.coordinates) for row in SemanticMap().fit(vectors).transform(vectors).collect()]


def terms():
    found = TopicTerms(clusterCol="topic", maxNGram=1).transform(rows).collect()
    return {row.topic: [term.term for term in row.terms] for row in found}


def saved_stage():
    path = sys.argv[3] + "/stage"
    InstructorEmbedder(instruction=INSTRUCTION, outputCol="v").write().overwrite().save(path)
    loaded = InstructorEmbedder.load(path)
    return [loaded.getInstruction(), len(loaded.transform(rows).first().v)]


def saved_pipeline():
    path = sys.argv[3] + "/pipeline"
    stages = [
        Tokenizer(inputCol="text", outputCol="words"),
        InstructorEmbedder(instruction=INSTRUCTION),
        VectorClassifier(labelCol="topic", regularization=0.01),
    ]
    Pipeline(stages=stages).fit(rows).write().overwrite().save(path)
    loaded = PipelineModel.load(path)
    return [row.prediction for row in loaded.transform(rows).orderBy("id").collect()]


def register():
    return instructor_spark.register(spark)


def join():
    vectors = embedded()
    return NearestNeighbors(k=1).fit(vectors).kneighborsJoin(vectors).count()


def attribute():
    return NearestNeighbors(k=1).fit(embedded()).corpusRows


results = {}
for name in sys.argv[2].split(","):
    try:
        results[name] = globals()[name]()
    except Exception as error:
        results[name] = {"error": type(error).__name__, "message": str(error)}
print(json.dumps(results))
