"""SQL, and the way to pandas and back."""

import instructor_spark
import numpy
import pandas
import pytest
from instructor_spark import InstructorEmbedder
from pyspark.sql import functions

INSTRUCTION = "Represent the product review: "


@pytest.fixture(scope="module", autouse=True)
def view(reviews):
    reviews.createOrReplaceTempView("reviews")


def test_sql_gives_the_stages_vectors(spark, embedded):
    rows = spark.sql(f"SELECT id, instructor_embed('{INSTRUCTION}', text) AS v FROM reviews ORDER BY id").collect()
    expected = embedded.orderBy("id").collect()
    assert numpy.abs(numpy.array([r.v for r in rows]) - numpy.array([r.embedding for r in expected])).max() < 1e-6


def test_functions_work_in_expressions_of_python(reviews):
    row = reviews.select(
        functions.expr(f"instructor_embedding('{INSTRUCTION}', text)").alias("e"),
        functions.expr(f"instructor_token_count('{INSTRUCTION}', text)").alias("n"),
        functions.expr("instructor_instruction('camping', 'review', NULL)").alias("i"),
    ).first()
    assert len(row.e.vector) == 256
    assert row.e.token_count == row.n > 5
    assert (row.e.truncated, row.e.error) == (False, None)
    assert row.i == "Represent the camping review: "


def test_nearest_reviews_of_a_question(spark, embedded):
    embedded.createOrReplaceTempView("embedded")
    top = spark.sql(
        f"""SELECT topic FROM embedded ORDER BY vector_cosine_similarity(
            embedding, instructor_embed('{INSTRUCTION}', 'The kettle is loud and slow.')) DESC LIMIT 2"""
    ).collect()
    assert [row.topic for row in top] == ["kitchen", "kitchen"]


def test_plans_have_the_operator_that_works_in_batches(spark):
    plan = spark.sql(f"EXPLAIN SELECT instructor_embed('{INSTRUCTION}', text) FROM reviews").first()[0]
    assert "InstructorEmbed" in plan


def test_other_sessions_of_the_application_have_the_functions_too(spark):
    other = spark.newSession()
    assert len(other.sql("SELECT instructor_embed('', 'a text')").first()[0]) == 256
    instructor_spark.register(other)
    instructor_spark.register(other)
    assert len(other.sql("SELECT instructor_embed('', 'a text')").first()[0]) == 256


def test_session_gives_the_one_that_runs(spark):
    assert instructor_spark.session(conf={"spark.instructor.maxLength": "77"}) is spark
    assert spark.conf.get("spark.instructor.maxLength") == "77"
    spark.conf.unset("spark.instructor.maxLength")


class TestPandas:
    def test_vectors_survive_the_round_trip_bit_by_bit(self, spark, embedded):
        frame = embedded.select("id", "text", "embedding").toPandas()
        assert isinstance(frame, pandas.DataFrame)
        assert frame.embedding[0].dtype == numpy.float32
        back = spark.createDataFrame(frame, "id long, text string, embedding array<float>")
        again = back.toPandas()
        assert numpy.array_equal(numpy.stack(frame.embedding), numpy.stack(again.embedding))
        expected = numpy.array([r.embedding for r in embedded.collect()], dtype=numpy.float32)
        assert numpy.array_equal(numpy.stack(frame.embedding), expected)

    def test_texts_of_pandas_are_embedded(self, spark, embedded):
        frame = embedded.select("id", "text").toPandas()
        vectors = InstructorEmbedder(instruction=INSTRUCTION).transform(spark.createDataFrame(frame)).toPandas()
        assert numpy.abs(numpy.stack(vectors.embedding) - numpy.stack(embedded.toPandas().embedding)).max() < 1e-6

    def test_null_texts_are_none(self, spark):
        frame = spark.createDataFrame([("one",), (None,)], "text string").coalesce(1)
        vectors = InstructorEmbedder().transform(frame).toPandas().embedding
        assert vectors[1] is None and len(vectors[0]) == 256

    def test_vectors_go_into_functions_of_pandas(self, embedded):
        def norms(frames):
            for frame in frames:
                yield pandas.DataFrame({"norm": [float(numpy.linalg.norm(v)) for v in frame.embedding]})

        found = embedded.mapInPandas(norms, "norm double").collect()
        assert len(found) == 8
        assert all(abs(row.norm - 1) < 1e-5 for row in found)
