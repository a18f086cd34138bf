"""One session for all tests that need one, as users make it."""

import json
import os
import sys
from pathlib import Path

import instructor_spark
import pytest

os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
os.environ["PYSPARK_PYTHON"] = sys.executable

FIXTURES = Path(__file__).resolve().parents[1] / "resources" / "fixtures"
CONF = {
    "spark.master": "local[2]",
    "spark.ui.enabled": False,
    "spark.sql.shuffle.partitions": 2,
    "spark.sql.execution.arrow.pyspark.enabled": True,
    "spark.sql.execution.arrow.pyspark.fallback.enabled": False,
}

REVIEWS = [
    (1, "The tent kept us dry through a night of rain.", "camping", "good"),
    (2, "A pole snapped on the first evening, in a light wind.", "camping", "bad"),
    (3, "This kettle boils a litre in two minutes and is quiet.", "kitchen", "good"),
    (4, "The kettle leaks at the lid and smells of plastic.", "kitchen", "bad"),
    (5, "Warm, light, and it packs smaller than a loaf of bread.", "camping", "good"),
    (6, "The sleeping bag lost its feathers within a week.", "camping", "bad"),
    (7, "Every pan heats evenly and nothing sticks to it.", "kitchen", "good"),
    (8, "The coating of the pan came off in the second month.", "kitchen", "bad"),
]


@pytest.fixture(scope="session")
def spark():
    running = instructor_spark.session("tests of instructor_spark", conf=CONF)
    running.sparkContext.setLogLevel("ERROR")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def reviews(spark):
    return spark.createDataFrame(REVIEWS, "id int, text string, topic string, verdict string").coalesce(1)


@pytest.fixture(scope="session")
def embedded(reviews):
    embedder = instructor_spark.InstructorEmbedder(instruction="Represent the product review: ")
    return embedder.transform(reviews).cache()


@pytest.fixture(scope="session")
def golden():
    """The reference's vectors of the built-in model, where the instruction leaves room for a text."""
    lines = (FIXTURES / "instructor-mini-golden.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    return [case for case in cases if not case["case"].startswith("instruction-too-long")]
