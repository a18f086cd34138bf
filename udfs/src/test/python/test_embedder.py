"""InstructorEmbedder, against vectors of the reference implementation."""

import numpy
import pytest
from instructor_spark import EmbeddingMetrics, InstructorEmbedder, VectorOrigin, named_instructions, use_instructions
from py4j.protocol import Py4JJavaError
from pyspark.errors import IllegalArgumentException
from pyspark.ml.linalg import DenseVector


@pytest.mark.parametrize("mode", ["V1_0_1", "ST", "HEAD"])
def test_vectors_are_those_of_the_reference(spark, golden, mode):
    cases = [case for case in golden if case["mode"] == mode]
    windows = sorted({case["max_length"] for case in cases})
    assert len(cases) > 80
    for window in windows:
        some = [case for case in cases if case["max_length"] == window]
        rows = [(i, case["instruction"], case["text"]) for i, case in enumerate(some)]
        frame = spark.createDataFrame(rows, "id int, instruction string, text string")
        embedder = InstructorEmbedder(
            instructionCol="instruction",
            compatibility=mode.lower(),
            maxLength=window,
            tokenCountCol="tokens",
            errorCol="error",
        )
        for row in embedder.transform(frame).collect():
            case = some[row.id]
            assert row.error is None, case["case"]
            assert row.tokens == len(case["ids"]), case["case"]
            difference = numpy.abs(numpy.array(row.embedding) - numpy.array(case["vector"])).max()
            assert difference < 1e-5, case["case"]
            assert abs(numpy.linalg.norm(row.embedding) - 1) < 1e-5, case["case"]


def test_null_texts_have_null_vectors_and_rows_keep_their_order(spark):
    frame = spark.createDataFrame([(3, "one"), (1, None), (2, "two")], "id int, text string").coalesce(1)
    rows = InstructorEmbedder().transform(frame).collect()
    assert [row.id for row in rows] == [3, 1, 2]
    assert [row.embedding is None for row in rows] == [False, True, False]


def test_setters_and_keywords_mean_the_same(reviews):
    by_keywords = InstructorEmbedder(instruction="Represent the text: ", outputType="vector", outputCol="v")
    by_setters = InstructorEmbedder().setInstruction("Represent the text: ").setOutputType("vector").setOutputCol("v")
    one, other = (stage.transform(reviews).select("v").collect() for stage in (by_keywords, by_setters))
    assert isinstance(one[0].v, DenseVector)
    assert numpy.abs(numpy.array(one) - numpy.array(other)).max() < 1e-6


def test_params_in_transform_hold_for_that_call(reviews):
    embedder = InstructorEmbedder()
    columns = embedder.transform(reviews, {embedder.outputCol: "other"}).columns
    assert columns[-1] == "other"
    assert embedder.getOutputCol() == "embedding"


def test_cleared_params_are_cleared_in_the_jvm(reviews):
    embedder = InstructorEmbedder(instruction="Represent the text: ", instructionCol="topic")
    with pytest.raises(IllegalArgumentException, match="instruction and instructionCol are both set"):
        embedder.transform(reviews)
    embedder.clear(embedder.instruction)
    assert embedder.transform(reviews).count() == reviews.count()


def test_arguments_without_a_name_are_refused():
    with pytest.raises(TypeError, match="keyword"):
        InstructorEmbedder("text")


def test_values_that_are_none_of_the_choices_are_refused_by_name(reviews):
    with pytest.raises(IllegalArgumentException, match="longText must be one of truncate, chunk, error"):
        InstructorEmbedder(longText="cut").transform(reviews)
    with pytest.raises(TypeError, match="maxLength"):
        InstructorEmbedder(maxLength="many")


def test_missing_columns_are_refused_before_any_task(reviews):
    with pytest.raises(IllegalArgumentException, match="body"):
        InstructorEmbedder(inputCol="body").transform(reviews)


def test_session_settings_hold_where_a_param_is_not_set(spark, reviews):
    spark.conf.set("spark.instructor.maxLength", "8")
    try:
        counted = InstructorEmbedder(tokenCountCol="n").transform(reviews)
        assert max(row.n for row in counted.collect()) == 8
        counted = InstructorEmbedder(tokenCountCol="n", maxLength=10).transform(reviews)
        assert max(row.n for row in counted.collect()) == 10
    finally:
        spark.conf.unset("spark.instructor.maxLength")


def test_columns_say_what_made_them(reviews):
    embedder = InstructorEmbedder(instruction="Represent the product review: ")
    schema = embedder.transform(reviews).schema
    origin = VectorOrigin.of(schema["embedding"])
    assert origin.model == "builtin:instructor-mini"
    assert origin.instruction == "Represent the product review: "
    assert origin.dimension == 256
    assert VectorOrigin.of(schema["text"]) is None


def test_runs_are_counted(spark, reviews):
    metrics = EmbeddingMetrics(spark)
    assert metrics.isCounting
    InstructorEmbedder(tokenCountCol="n").transformCounting(reviews, metrics).write.format("noop").mode(
        "overwrite"
    ).save()
    totals = metrics.totals()
    assert (totals.rows, totals.texts, totals.errors, totals.truncated) == (8, 8, 0, 0)
    assert totals.tokens == InstructorEmbedder(tokenCountCol="n").transform(reviews).agg({"n": "sum"}).head()[0]
    assert 0 < totals.paddingRatio <= 1


class TestNamedInstructions:
    def test_names_stand_for_their_sentences(self, reviews):
        sentence = named_instructions()["classify-sentiment-review"].instruction
        by_name = InstructorEmbedder(instruction="@classify-sentiment-review").transform(reviews)
        by_sentence = InstructorEmbedder(instruction=sentence).transform(reviews)
        one, other = (numpy.array([r.embedding for r in f.collect()]) for f in (by_name, by_sentence))
        assert numpy.abs(one - other).max() < 1e-6

    def test_unknown_names_are_refused_with_near_ones(self, reviews):
        with pytest.raises(IllegalArgumentException, match="classify-sentiment-review"):
            InstructorEmbedder(instruction="@classify-sentiment-revue").transform(reviews)

    def test_a_catalogue_of_ones_own_takes_the_place_of_the_built_in_one(self, reviews, tmp_path):
        mine = tmp_path / "mine.yaml"
        mine.write_text("tent-review:\n  domain: camping\n  text_type: review\n  use: reviews of tents\n")
        use_instructions(mine)
        try:
            assert list(named_instructions()) == ["tent-review"]
            origin = VectorOrigin.of(
                InstructorEmbedder(instruction="@tent-review").transform(reviews).schema["embedding"]
            )
            assert origin.instruction == named_instructions()["tent-review"].instruction
        finally:
            use_instructions(None)
        assert "classify-sentiment-review" in named_instructions()

    def test_a_broken_catalogue_is_refused_at_once(self, spark, tmp_path):
        broken = tmp_path / "broken.yaml"
        broken.write_text("tent-review: none\n")
        with pytest.raises((Py4JJavaError, IllegalArgumentException), match="tent-review is no mapping"):
            use_instructions(broken)
        assert "classify-sentiment-review" in named_instructions()
