"""The Python stages have the params of their Java companions, one to one."""

import inspect

import pytest
from pyspark.ml.param import Param

import instructor_spark
from instructor_spark.jar import PACKAGE

JAVA_TYPES = {
    "toInt": {"IntParam", "LongParam"},
    "toFloat": {"DoubleParam"},
    "toBoolean": {"BooleanParam"},
    "toString": {"Param"},
    "toListString": {"StringArrayParam"},
}


@pytest.fixture(params=instructor_spark.STAGES, ids=lambda stage: stage.__name__)
def pair(request, spark):
    """A Python stage, and a Java stage that Python did not make."""
    companion = spark._jvm
    for part in f"{PACKAGE}.{request.param.__name__}".split("."):
        companion = getattr(companion, part)
    return request.param(), companion("made-in-java")


def named(java):
    return {param.name(): param for param in java.params()}


def test_names_are_the_same(pair):
    python, java = pair
    assert {param.name for param in python.params} == set(named(java))


def test_defaults_are_the_same(pair):
    python, java = pair
    for name, param in named(java).items():
        mine = python.getParam(name)
        assert python.hasDefault(mine) == java.hasDefault(param), name
        if java.hasDefault(param):
            theirs = java.getDefault(param).get()
            mine = python._defaultParamMap[mine]
            assert mine == (list(theirs) if isinstance(mine, list) else theirs), name
            assert isinstance(mine, list) or type(mine) is type(theirs), name


def test_descriptions_and_types_are_the_same(pair):
    python, java = pair
    for name, param in named(java).items():
        mine = python.getParam(name)
        assert mine.doc == param.doc(), name
        assert param.getClass().getSimpleName() in JAVA_TYPES[mine.typeConverter.__name__], name


def test_setters_are_the_same_and_getters_are_there(pair):
    python, java = pair
    theirs = {method.getName() for method in java.getClass().getMethods()}
    for name in named(java):
        suffix = name[0].upper() + name[1:]
        assert hasattr(python, "set" + suffix) == ("set" + suffix in theirs), name
        assert hasattr(python, "get" + suffix), name


def test_constructor_takes_each_param_by_name(pair):
    python, _ = pair
    if hasattr(python, "setParams"):
        for method in (type(python).__init__, python.setParams):
            keywords = set(inspect.signature(method).parameters) - {"self"}
            assert keywords == {param.name for param in python.params}


def test_public_methods_are_the_same(pair):
    python, java = pair
    scala_and_java = {
        # what PySpark has under the same name, or in its own way
        "read", "load", "uid", "copy", "transformSchema", "write", "transform", "fit", "dimensions",
    }
    owner = java.getClass().getName()
    theirs = {
        method.getName()
        for method in java.getClass().getDeclaredMethods()
        if method.getModifiers() & 1 and not method.isSynthetic() and "$" not in method.getName()
        and method.getDeclaringClass().getName() == owner
    }
    accessors = {a + n[0].upper() + n[1:] for n in named(java) for a in ("get", "set")} | set(named(java))
    renamed = {"algorithm": "algorithmUsed"} if "algorithm" not in named(java) else {}
    missing = {
        name for name in theirs - accessors - scala_and_java
        if not hasattr(type(python), renamed.get(name, name)) and not name.startswith("org$")
        and name not in SCALA_OF_SPARK
    }
    assert missing == set()


# what Scala's traits add to a Java class under their own names
SCALA_OF_SPARK = {"save"}


def test_params_are_those_of_the_stage_alone(pair):
    python, _ = pair
    other = type(python)()
    assert python.uid != other.uid
    assert all(isinstance(param, Param) and param.parent == python.uid for param in python.params)
