"""Through Spark Connect: a server of the distribution with the jar, a client that is a Python of its own."""

import ast
import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import instructor_spark
import numpy
import pyspark
import pytest
from instructor_spark.sessions import EXTENSIONS
from pyspark.find_spark_home import _find_spark_home

HOME = Path(_find_spark_home())

pytestmark = pytest.mark.skipif(
    not list((HOME / "jars").glob("spark-connect_*.jar")),
    reason=f"what pip brings of PySpark {pyspark.__version__} has no Connect server",
)

DONE = "sql arrow transform neighbours classifier map terms saved_stage saved_pipeline register join attribute"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("connect") / "log"
    command = [
        str(HOME / "bin" / "spark-submit"), "--master", "local[2]",
        "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
        "--jars", instructor_spark.jar_path(),
        "--conf", f"spark.sql.extensions={EXTENSIONS}",
        "--conf", f"spark.connect.grpc.binding.port={port}",
        "--conf", "spark.connect.grpc.binding.address=127.0.0.1",
        "--conf", "spark.ui.enabled=false",
        "spark-internal",
    ]  # fmt: skip
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"})
    try:
        for _ in range(240):
            assert process.poll() is None, log.read_text()
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield f"sc://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def done(server, tmp_path_factory):
    """What each of the client's functions gave."""
    client = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("connect_client.py")), server,
         DONE.replace(" ", ","), str(tmp_path_factory.mktemp("saved"))],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=500,
    )  # fmt: skip
    assert client.returncode == 0, client.stderr[-4000:]
    return json.loads(client.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def expected(spark):
    source = Path(__file__).with_name("connect_client.py").read_text(encoding="utf-8")
    rows = ast.literal_eval(re.search(r"ROWS = (\[.*?\n\])", source, re.S)[1])
    frame = spark.createDataFrame(rows, "id int, text string, topic string")
    embedder = instructor_spark.InstructorEmbedder(instruction="Represent the product review: ")
    return numpy.array([row.embedding for row in embedder.transform(frame).orderBy("id").collect()])


def test_sql_gives_the_vectors_of_a_session_without_connect(done, expected):
    assert numpy.abs(numpy.array(done["sql"]) - expected).max() < 1e-6


def test_vectors_come_to_pandas(done, expected):
    kind, vectors = done["arrow"]
    assert kind == "float32"
    assert numpy.abs(numpy.array(vectors) - expected).max() < 1e-6


def test_the_server_lets_the_transformer_through(done, expected):
    assert numpy.abs(numpy.array(done["transform"]) - expected).max() < 1e-6


def test_estimators_are_fitted_on_the_server(done, expected):
    cosines = expected @ expected.T - 2 * numpy.eye(4)
    assert done["neighbours"] == [[int(i) + 1] for i in cosines.argmax(axis=1)]
    assert done["classifier"] == ["camping", "camping", "kitchen", "kitchen"]
    assert numpy.array(done["map"]).shape == (4, 2)


def test_topics_have_terms(done):
    assert "kettle" in done["terms"]["kitchen"]


def test_stages_and_pipelines_are_saved_and_found_again(done):
    assert done["saved_stage"] == ["Represent the product review: ", 256]
    assert done["saved_pipeline"] == ["camping", "camping", "kitchen", "kitchen"]


def test_what_connect_does_not_let_through_says_so(done):
    assert done["register"]["error"] == "SetupError"
    assert "--conf spark.sql.extensions=" in done["register"]["message"]
    assert done["join"]["error"] == "NotImplementedError"
    assert "does not work through Spark Connect" in done["join"]["message"]
    assert "corpusRows" in done["attribute"]["message"]
