"""Sessions with the jar, and the SQL functions in sessions that run."""

import os
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Mapping, Optional
from urllib.parse import unquote

from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from .jar import PACKAGE, SetupError, add_jar, bundled, jar_path, require_jar, require_jvm

EXTENSIONS = f"{PACKAGE}.InstructorExtensions"

_JARS = "spark.jars"
_EXTENSIONS = "spark.sql.extensions"
_ARENAS = "spark.executorEnv.MALLOC_ARENA_MAX"


def session(
    app_name: Optional[str] = None,
    *,
    builder: Optional[SparkSession.Builder] = None,
    conf: Optional[Mapping[str, object]] = None,
) -> SparkSession:
    """
    A session with the jar and the SQL functions; the one that runs, if it has the jar.

    Jar and functions are added to what ``spark-defaults.conf``, ``PYSPARK_SUBMIT_ARGS`` and
    ``spark-submit`` say. Where builder or ``conf`` say something else, that holds; executors get
    all jars of the JVM nevertheless.

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
    with _few_arenas():
        if SparkContext._active_spark_context is None:
            made = _with_jar(made)
        else:
            require_jar()
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


def _with_jar(made: SparkSession.Builder) -> SparkSession.Builder:
    """
    The builder with the jar, the extension and few arenas. The JVM comes first, since only it knows
    what spark-submit has read and resolved, and the builder's lists would replace the JVM's.
    """
    jar = jar_path()
    given: Dict[str, Any] = made._options
    SparkContext._ensure_initialized(conf=SparkConf().setAll(list(given.items())))
    add_jar(jar)
    outside = SparkConf()
    settings = {
        _JARS: _jars(given.get(_JARS), outside.get(_JARS), jar),
        _EXTENSIONS: _extensions(given.get(_EXTENSIONS, outside.get(_EXTENSIONS)), EXTENSIONS),
        _ARENAS: given.get(_ARENAS, outside.get(_ARENAS, "2")),
    }
    for key, value in settings.items():
        SparkContext.setSystemProperty(key, value)  # for later sessions of this JVM that others make
        made = made.config(key, value)
    return made


def _jars(*lists: Optional[str]) -> str:
    """One list of jars, the first of each file name: the same jar is a path here and a URI there."""
    jars: Dict[str, str] = {}
    for jar in _names(*lists):
        jars.setdefault(unquote(jar).replace("\\", "/").rsplit("/", 1)[-1], jar)
    return ",".join(jars.values())


def _extensions(*lists: Optional[str]) -> str:
    """One list of extensions, each once."""
    return ",".join(dict.fromkeys(_names(*lists)))


def _names(*lists: Optional[str]) -> Iterator[str]:
    """The names in lists with commas."""
    for names in lists:
        yield from filter(None, map(str.strip, (names or "").split(",")))


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
