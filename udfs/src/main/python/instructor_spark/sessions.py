"""Sessions with the jar, and the SQL functions in sessions that run."""

import os
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Mapping, Optional

from pyspark import SparkContext
from pyspark.sql import SparkSession

from .jar import PACKAGE, SetupError, bundled, jar_path, require_jar, require_jvm

EXTENSIONS = f"{PACKAGE}.InstructorExtensions"


def session(
    app_name: Optional[str] = None,
    *,
    builder: Optional[SparkSession.Builder] = None,
    conf: Optional[Mapping[str, object]] = None,
) -> SparkSession:
    """
    A session with the jar and the SQL functions; the one that runs, if it has the jar.

    The module openings that Java 17 needs are added by Spark's own launcher. The JVM and the
    executors work with two arenas of native memory, where ``MALLOC_ARENA_MAX`` does not say
    otherwise, so that their resident memory stays flat.

    Parameters
    ----------
    app_name : str, optional
        the application's name
    builder : SparkSession.Builder, optional
        what it says of jars and extensions is kept
    conf : mapping, optional
        settings, such as ``{"spark.instructor.model": "hf://hkunlp/instructor-large"}``

    Raises
    ------
    SetupError
        if Spark runs already without the jar, or if it does not fit
    """
    made = SparkSession.builder if builder is None else builder
    if app_name is not None:
        made = made.appName(app_name)
    for key, value in (conf or {}).items():
        made = made.config(key, str(value).lower() if isinstance(value, bool) else str(value))
    given: Dict[str, Any] = made._options
    if "SPARK_REMOTE" in os.environ or "spark.remote" in given:
        raise SetupError(
            "session() starts a Spark, and Spark Connect's server runs already. Start the server "
            f"with --jars {bundled().path} --conf spark.sql.extensions={EXTENSIONS}, and make the "
            "client's session by SparkSession.builder.remote(…)."
        )
    if SparkContext._gateway is not None:
        require_jar()
    if SparkContext._active_spark_context is None:
        made = made.config("spark.jars", _with(given.get("spark.jars"), jar_path()))
        extensions = _with(given.get("spark.sql.extensions"), EXTENSIONS)
        made = made.config("spark.sql.extensions", extensions)
        arenas = "spark.executorEnv.MALLOC_ARENA_MAX"
        made = made.config(arenas, given.get(arenas, "2"))
    with _few_arenas():
        spark = made.getOrCreate()
    register(spark)
    return spark


def register(spark: SparkSession) -> None:
    """
    Gives a running session the SQL functions, ``instructor_embed(instruction, text)`` and the
    others, and the operator that embeds in batches. Calling it again does nothing more.

    Raises
    ------
    SetupError
        if the session has no jar, or one that does not fit, or is one of Spark Connect
    """
    if not hasattr(spark, "_jsparkSession"):
        raise SetupError(
            "A client of Spark Connect cannot add functions to its server. Start the server with "
            f"--jars {bundled().path} --conf spark.sql.extensions={EXTENSIONS}; then all its "
            "sessions have them."
        )
    require_jvm()
    functions: Any = spark._jvm
    functions.io.instructorspark.spark.InstructorFunctions.register(spark._jsparkSession)


def _with(given: Optional[str], added: str) -> str:
    """A list with commas, and one more in it."""
    names = [name.strip() for name in (given or "").split(",") if name.strip()]
    return ",".join(names if added in names else [*names, added])


@contextmanager
def _few_arenas() -> Iterator[None]:
    """The JVM is started with this process' environment."""
    name = "MALLOC_ARENA_MAX"
    if name in os.environ:
        yield
        return
    os.environ[name] = "2"
    try:
        yield
    finally:
        del os.environ[name]
