"""The other stages, each against numpy or by its contract."""

import numpy
import pytest
from instructor_spark import (
    InstructorEmbedder,
    NearestNeighbors,
    SemanticMap,
    TopicTerms,
    VectorClassifier,
)
from pyspark.errors import IllegalArgumentException
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import StringIndexer
from pyspark.ml.tuning import ParamGridBuilder, TrainValidationSplit
from pyspark.sql.types import StringType


@pytest.fixture(scope="module")
def matrix(embedded):
    return numpy.array([row.embedding for row in embedded.orderBy("id").collect()], dtype=numpy.float64)


class TestNearestNeighbors:
    def test_neighbours_are_the_nearest_by_cosine(self, embedded, matrix):
        model = NearestNeighbors(k=3, excludeSelf=True).fit(embedded)
        cosines = matrix @ matrix.T - 2 * numpy.eye(len(matrix))
        for i, row in enumerate(model.transform(embedded).orderBy("id").collect()):
            expected = numpy.argsort(-cosines[i])[:3]
            assert [neighbor.id for neighbor in row.neighbors] == [j + 1 for j in expected]
            assert numpy.allclose([n.similarity for n in row.neighbors], cosines[i][expected], atol=1e-5)

    def test_join_has_a_row_for_each_neighbour(self, embedded):
        pairs = NearestNeighbors(k=2).fit(embedded).setExcludeSelf(True).kneighborsJoin(embedded)
        assert pairs.columns[-3:] == ["neighbor_rank", "neighbor_id", "similarity"]
        assert pairs.count() == 2 * embedded.count()
        assert pairs.where("id = neighbor_id").count() == 0

    def test_groups_are_rows_linked_by_similar_vectors(self, spark):
        rows = [(1, [1.0, 0.0]), (2, [0.99, 0.01]), (3, [0.0, 1.0])]
        corpus = spark.createDataFrame(rows, "id int, embedding array<float>")
        groups = NearestNeighbors(minSimilarity=0.9).fit(corpus).similarityGroups()
        assert sorted(tuple(row) for row in groups.collect()) == [(1, 1), (2, 1)]

    def test_model_says_what_it_holds(self, embedded):
        model = NearestNeighbors(algorithm="ivf", cells=2, targetRecall=1.0).fit(embedded)
        assert (model.corpusRows, model.corpusRowsWithoutDirection, model.dimension) == (8, 0, 256)
        assert (model.algorithmUsed, model.cellCount) == ("ivf", 2)
        assert 1 <= model.probes <= 2
        assert model.recall == 1.0
        model.forget()
        assert model.transform(embedded).count() == 8

    def test_vectors_of_another_instruction_may_meet_and_those_of_another_mode_not(self, reviews, embedded):
        model = NearestNeighbors(k=1).fit(embedded)
        other = InstructorEmbedder(compatibility="head").transform(reviews)
        with pytest.raises(IllegalArgumentException, match="head"):
            model.transform(other)


class TestSemanticMap:
    def test_coordinates_are_the_principal_components(self, embedded, matrix):
        model = SemanticMap(k=2).fit(embedded)
        centred = matrix - matrix.mean(axis=0)
        singular = numpy.linalg.svd(centred, compute_uv=False)
        shares = singular**2 / (singular**2).sum()
        assert numpy.allclose(model.explainedVariance, shares[:2], atol=1e-6)
        assert numpy.allclose(model.mean, matrix.mean(axis=0), atol=1e-6)
        axes = numpy.array(model.components)
        assert axes.shape == (2, 256)
        placed = numpy.array([r.coordinates for r in model.transform(embedded).orderBy("id").collect()])
        assert numpy.allclose(placed, centred @ axes.T, atol=1e-5)
        assert (model.dimensions, model.rows) == (2, 8)
        assert model.origin.instruction == "Represent the product review: "

    def test_maps_can_be_turned(self, embedded):
        model = SemanticMap().fit(embedded)
        turned = model.turned([[0.0, 1.0], [-1.0, 0.0]])
        one, other = (
            numpy.array([r.coordinates for r in m.transform(embedded).orderBy("id").collect()]) for m in (model, turned)
        )
        assert numpy.allclose(other, numpy.stack([one[:, 1], -one[:, 0]], axis=1), atol=1e-6)
        with pytest.raises(IllegalArgumentException, match="orthogonal"):
            model.turned([[1.0, 0.0]])

    def test_page_shows_the_texts(self, embedded):
        page = SemanticMap().fit(embedded).setColorCol("topic").setIdCol("id").html(embedded)
        assert page.lstrip().lower().startswith("<!doctype html")
        assert "A pole snapped on the first evening" in page


class TestTopicTerms:
    def test_clusters_have_their_own_words(self, reviews):
        terms = TopicTerms(clusterCol="topic", maxNGram=1, numTerms=3).transform(reviews).collect()
        assert [row.topic for row in terms] == ["camping", "kitchen"]
        words = {row.topic: [term.term for term in row.terms] for row in terms}
        assert {"kettle", "pan"} <= set(words["kitchen"])
        assert not set(words["camping"]) & {"kettle", "pan", "the"}
        weights = [term.weight for term in terms[0].terms]
        assert weights == sorted(weights, reverse=True)

    def test_stop_words_are_left_out(self, reviews):
        stage = TopicTerms(clusterCol="topic", maxNGram=1, stopWords=["kettle", "the"], weighting="bm25")
        words = {term.term for row in stage.transform(reviews).collect() for term in row.terms}
        assert "pan" in words
        assert not words & {"kettle", "the"}


class TestVectorClassifier:
    def test_learns_labels(self, embedded):
        model = VectorClassifier(labelCol="topic", probabilitiesCol="all", regularization=0.01).fit(embedded)
        rows = model.transform(embedded).collect()
        assert [row.prediction for row in rows] == [row.topic for row in rows]
        assert all(abs(sum(row["all"].values()) - 1) < 1e-9 for row in rows)
        assert all(row["all"][row.prediction] == row.probability for row in rows)
        assert model.labels == {"camping": 4, "kitchen": 4}
        assert model.labelType == StringType()
        assert (model.algorithmUsed, model.hasConverged) == ("logistic", True)
        assert model.iterations > 0
        assert (model.rowsWithoutLabel, model.rowsWithoutDirection) == (0, 0)
        assert model.origin.model == "builtin:instructor-mini"

    def test_neighbours_vote(self, embedded):
        model = VectorClassifier(labelCol="topic", algorithm="knn", k=1).fit(embedded)
        rows = model.transform(embedded).collect()
        assert [row.prediction for row in rows] == [row.topic for row in rows]
        assert model.algorithmUsed == "knn"
        model.forget()

    def test_params_are_searched_by_sparks_tuning(self, embedded):
        numbered = StringIndexer(inputCol="topic", outputCol="label").fit(embedded).transform(embedded)
        classifier = VectorClassifier(probabilityCol="certainty")  # Spark's evaluator takes "probability" for a vector
        grid = ParamGridBuilder().addGrid(classifier.regularization, [0.01, 1.0]).build()
        search = TrainValidationSplit(
            estimator=classifier,
            estimatorParamMaps=grid,
            evaluator=MulticlassClassificationEvaluator(metricName="accuracy"),
            trainRatio=0.75,
            seed=5,
        )
        best = search.fit(numbered)
        assert len(best.validationMetrics) == 2
        assert best.bestModel.transform(numbered).columns[-2:] == ["prediction", "certainty"]
