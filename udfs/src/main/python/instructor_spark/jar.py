"""The jar that this package carries, and whether it fits the Spark that runs."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from py4j.java_gateway import JavaClass, is_instance_of
from pyspark import SparkContext
from pyspark.find_spark_home import _find_spark_home

PACKAGE = "io.instructorspark.spark"
_STAGE = f"{PACKAGE}.InstructorEmbedder"  # what every jar of this project has

# versions of Spark that the jar is built and tested for, by its Scala
_SPARKS = {"2.12": ("3.5",), "2.13": ("3.5", "4.0", "4.1")}
_JAVA = 17
_NAME = re.compile(r"instructor-spark-\w+?_(?P<scala>\d+\.\d+)-(?P<version>\d[\w.]*(?:-SNAPSHOT)?)")

_checked: Any = None  # the gateway of the JVM that was found to fit


class SetupError(RuntimeError):
    """Spark, the jar and this package do not fit each other; the message says how to mend it."""


@dataclass(frozen=True)
class Jar:
    """A jar of this project, by its file name."""

    path: Path
    scala: str
    version: str

    @staticmethod
    def of(path: Path) -> Optional["Jar"]:
        """What the file name says; None where it is none of this project's."""
        named = _NAME.match(path.name)
        return Jar(path, named["scala"], named["version"]) if named else None

    @property
    def sparks(self) -> str:
        """The versions of Spark that it fits, in words."""
        return ", ".join(_SPARKS.get(self.scala, ()))

    def fits(self, spark: str, scala: Optional[str]) -> Optional[str]:
        """None if it fits, else what is wrong, and how to mend it."""
        minor = ".".join(spark.split(".")[:2])
        if scala is not None and scala != self.scala:
            return (
                f"Spark {spark} here is built for Scala {scala}, and the jar {self.path.name} for "
                f"Scala {self.scala}. Install the wheel instructor_spark-…+scala{scala}, or a "
                f"Spark for Scala {self.scala} ({self.sparks})."
            )
        if minor not in _SPARKS.get(self.scala, ()):
            known = "; ".join(f"Scala {s}: {', '.join(v)}" for s, v in _SPARKS.items())
            return (
                f"This is Spark {spark}, and the jar {self.path.name} is for Spark {self.sparks}. "
                f"Install one of these (pip install 'pyspark=={self.sparks.split(', ')[-1]}.*'), "
                f"or a version of instructor_spark for Spark {minor}. There are wheels for {known}."
            )
        return None


def bundled() -> Jar:
    """
    The jar that the wheel carries.

    Raises
    ------
    SetupError
        if there is none, as in a source tree
    """
    folder = Path(__file__).parent / "jars"
    jars = [jar for jar in map(Jar.of, sorted(folder.glob("*.jar"))) if jar]
    if len(jars) != 1:
        raise SetupError(
            f"{folder} holds {len(jars)} jars of instructor-spark, expected 1. Sources have none: "
            "install a wheel, which scripts/check-python builds."
        )
    return jars[0]


def jar_path() -> str:
    """
    The path of the jar for the Spark that PySpark starts: for ``spark.jars`` or ``--jars``.

    Raises
    ------
    SetupError
        if this wheel's jar is for another Scala or another version of Spark
    """
    home = Path(_find_spark_home())  # type: ignore[no-untyped-call]
    jar = bundled()
    wrong = jar.fits(_spark_version(home), _scala_version(home))
    if wrong:
        raise SetupError(wrong)
    return str(jar.path)


def _in_jars(home: Path, pattern: str, name: "re.Pattern[str]") -> Optional[str]:
    found = [name.match(jar.name) for jar in (home / "jars").glob(pattern)]
    return next((match[1] for match in found if match), None)


def _scala_version(home: Path) -> Optional[str]:
    return _in_jars(home, "scala-library-*.jar", re.compile(r"scala-library-(\d+\.\d+)\."))


def _spark_version(home: Path) -> str:
    import pyspark

    found = _in_jars(home, "spark-core_*.jar", re.compile(r"spark-core_[\d.]+-(\d+\.\d+[\w.]*)"))
    return found or pyspark.__version__


def java_class(name: str) -> Optional[JavaClass]:
    """A class of the running JVM; None where the class path has none of that name."""
    found: Any = SparkContext._jvm
    for part in name.split("."):
        found = getattr(found, part)
    return found if isinstance(found, JavaClass) else None


def require_jvm() -> None:
    """
    Checks that a Spark is running, has the jar, and that both fit; once for each JVM.

    Raises
    ------
    SetupError
        if not
    """
    global _checked
    context = SparkContext._active_spark_context
    if context is None or SparkContext._jvm is None:
        raise SetupError(
            "No Spark is running, and stages live in its JVM. Start one by instructor_spark.session() first."
        )
    if _checked is not None and _checked is SparkContext._gateway:
        return
    jvm: Any = SparkContext._jvm
    java = str(jvm.java.lang.System.getProperty("java.specification.version"))
    if int(java.split(".")[-1]) < _JAVA:
        raise SetupError(
            f"Spark runs on Java {java}, and instructor_spark needs Java {_JAVA} or later. Set "
            f"JAVA_HOME to one, and start Python again."
        )
    require_jar()
    _require_fit(context, jvm)
    _checked = SparkContext._gateway


def add_jar(path: str) -> None:
    """
    Gives the jar to a JVM in which no Spark runs yet, unless it has one: to the class loader that
    spark-submit makes for the jars of an application. Executors get it by ``spark.jars``.

    Raises
    ------
    SetupError
        if the JVM has a class loader of another kind
    """
    if java_class(_STAGE) is not None:
        return
    jvm: Any = SparkContext._jvm
    loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
    if is_instance_of(SparkContext._gateway, loader, "org.apache.spark.util.MutableURLClassLoader"):
        loader.addURL(jvm.java.io.File(path).toURI().toURL())
    require_jar()


def require_jar() -> None:
    """
    Checks that the running JVM has the jar on its class path.

    Raises
    ------
    SetupError
        if not
    """
    if java_class(_STAGE) is None:
        raise SetupError(
            "A Spark is running already, without the jar of instructor_spark, and takes none while it "
            "runs. Start Python again (in a notebook: restart the kernel) and call "
            "instructor_spark.session() before any other session is made, or give Spark the jar: "
            f"--jars {bundled().path}"
        )


def _require_fit(context: SparkContext, jvm: Any) -> None:
    scala = ".".join(str(jvm.scala.util.Properties.versionNumberString()).split(".")[:2])
    loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
    loaded = loader.loadClass(_STAGE)
    source = loaded.getProtectionDomain().getCodeSource()
    used = Jar.of(Path(str(source.getLocation().getPath()))) if source is not None else None
    wrong = (used or bundled()).fits(context.version, scala)
    if wrong:
        raise SetupError(wrong)
    version = loaded.getPackage().getImplementationVersion() or (used.version if used else None)
    expected = bundled().version
    if version is not None and version != expected:
        raise SetupError(
            f"The Python package instructor_spark is of version {expected}, and the jar in Spark "
            f"({used.path if used else 'of an unknown name'}) of version {version}. Give Spark the "
            f"package's own jar (--jars {bundled().path}), or install instructor_spark {version}."
        )
