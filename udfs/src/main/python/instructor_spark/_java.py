"""
How the stages meet their companions in the JVM.

PySpark finds the Python class of a saved Java stage by the stage's class name: it imports the name's
package as a module. ``publish`` puts a module of that name in ``sys.modules``, so that
``Pipeline.load`` and ``PipelineModel.load`` find the stages here, and nobody else's are touched.
"""

import sys
import types
from typing import Any, Iterable, List, Optional, Sequence, Type, TypeVar

from py4j.java_gateway import JavaObject
from pyspark import SparkContext
from pyspark.ml.common import _java2py
from pyspark.ml.util import JavaMLReadable, JavaMLReader, MLReadable
from pyspark.ml.wrapper import JavaParams, JavaWrapper
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.utils import is_remote

from .jar import PACKAGE, SetupError, require_jvm

RL = TypeVar("RL", bound="MLReadable[Any]")


def publish(stages: Iterable[type]) -> None:
    """Lets PySpark's readers find the stages by the names of their Java classes."""
    module = types.ModuleType(PACKAGE, "Stages of instructor_spark, by the names of their companions.")
    for stage in stages:
        setattr(module, stage.__name__, stage)
    sys.modules[PACKAGE] = module


def companion(name: str, uid: str) -> Any:
    """A new Java stage; through Spark Connect the name of its class, as PySpark wants it there."""
    require_companions()
    return JavaWrapper._new_java_obj(f"{PACKAGE}.{name}", uid)


def require_companions() -> None:
    """Checks that Java stages can be made, in the running JVM or through Spark Connect."""
    if is_remote():
        _require_remote_stages()
    else:
        require_jvm()


def _require_remote_stages() -> None:
    try:
        import pyspark.ml.connect.readwrite  # noqa: F401
    except ImportError as missing:
        raise SetupError(
            "This PySpark's Spark Connect has no stages of the JVM; Spark 4 and later have. "
            "Use the SQL functions, such as instructor_embed(instruction, text), or a session "
            "without Connect."
        ) from missing


class _StageReader(JavaMLReader[RL]):
    """Reads what a Java stage has saved."""

    @classmethod
    def _java_loader_class(cls, clazz: Type[JavaMLReadable[RL]]) -> str:
        return f"{PACKAGE}.{clazz.__name__}"


class StageReadable(JavaMLReadable[RL]):
    """A stage with a reader."""

    @classmethod
    def read(cls) -> Any:
        """A reader of saved stages of this class."""
        if is_remote():
            _require_remote_stages()
            from pyspark.ml.connect.readwrite import RemoteMLReader

            # it takes the companion's name from the module of the class
            return RemoteMLReader(type(cls.__name__, (cls,), {"__module__": PACKAGE}))
        require_jvm()
        return _StageReader(cls)


def require_classic(method: str, instead: str) -> None:
    """Refuses what Spark Connect does not let through."""
    if is_remote():
        raise NotImplementedError(
            f"{method} does not work through Spark Connect, whose server calls no methods of its "
            f"own on other people's stages; {instead}."
        )


def frame(stage: JavaParams, method: str, session: Optional[SparkSession], *arguments: DataFrame) -> DataFrame:
    """What a method of a companion returns that takes and gives data frames."""
    require_classic(method, "use transform, and SQL on its result")
    stage._transfer_params_to_java()
    assert stage._java_obj is not None
    found = getattr(stage._java_obj, method)(*[argument._jdf for argument in arguments])
    return DataFrame(found, session or SparkSession._getActiveSessionOrCreate())


def numbers(array: JavaObject) -> List[float]:
    """A Java ``double[]`` as a list; fetched at once."""
    context = SparkContext._active_spark_context
    assert context is not None
    return [float(number) for number in _java2py(context, array)]


def doubles(rows: Sequence[Sequence[float]]) -> JavaObject:
    """A Java ``double[][]``, whose rows may differ in length."""
    gateway = SparkContext._gateway
    assert gateway is not None
    matrix = gateway.new_array(gateway.jvm.double, len(rows), 0)
    for i, row in enumerate(rows):
        numbers = gateway.new_array(gateway.jvm.double, len(row))
        for j, number in enumerate(row):
            numbers[j] = float(number)
        matrix[i] = numbers
    return matrix
