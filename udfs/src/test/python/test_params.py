"""The Python stages have the params of their Java companions, one to one."""

import inspect
import zipfile

import instructor_spark
import pytest
from instructor_spark.jar import PACKAGE, bundled, java_class
from pyspark.ml import Estimator
from pyspark.ml.param import Param

JAVA_TYPES = {
    "toInt": {"IntParam", "LongParam"},
    "toFloat": {"DoubleParam"},
    "toBoolean": {"BooleanParam"},
    "toString": {"Param"},
    "toListString": {"StringArrayParam"},
}

# methods of every stage, which PySpark has in its own way
OF_SPARK = {"uid", "copy", "read", "write", "load", "save", "transformSchema", "transform", "fit"}


@pytest.fixture(params=instructor_spark.STAGES, ids=lambda stage: stage.__name__)
def pair(request, spark):
    """A Python stage, and a Java stage that Python did not make."""
    return request.param(), java_class(f"{PACKAGE}.{request.param.__name__}")("made-in-java")


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
    theirs = {
        method.getName()
        for method in java.getClass().getDeclaredMethods()
        if method.getModifiers() & 1 and not method.isSynthetic() and "$" not in method.getName()
    }
    accessors = {verb + name[0].upper() + name[1:] for name in named(java) for verb in ("get", "set")}
    methods = theirs - accessors - set(named(java)) - OF_SPARK
    # estimators have a param algorithm, and PySpark looks for an estimator's params on its model
    methods = {"algorithmUsed" if name == "algorithm" else name for name in methods}
    assert {name for name in methods if not hasattr(type(python), name)} == set()


def test_params_are_those_of_the_stage_alone(pair):
    python, _ = pair
    other = type(python)()
    assert python.uid != other.uid
    assert all(isinstance(param, Param) and param.parent == python.uid for param in python.params)


def test_spark_connects_server_finds_the_stage_as_a_service(pair):
    """Its ServiceLoader fails for all stages if one has no constructor without arguments."""
    python, java = pair
    kind = "Estimator" if isinstance(python, Estimator) else "Transformer"
    with zipfile.ZipFile(bundled().path) as jar:
        assert java.getClass().getName() in jar.read(f"META-INF/services/org.apache.spark.ml.{kind}").decode().split()
    assert java_class(java.getClass().getName())().uid()
