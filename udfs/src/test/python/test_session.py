"""How a session is started, and what is refused; each in a Python of its own, since a JVM outlives its session."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import instructor_spark
import pyspark
import pytest
from instructor_spark.jar import Jar, SetupError, bundled
from pyspark.find_spark_home import _find_spark_home

ROOT = Path(__file__).resolve().parents[4]
LOCAL = "{'spark.master': 'local[1]', 'spark.ui.enabled': False}"
OURS = "io.instructorspark.spark.InstructorExtensions"
OTHERS = "org.example.OtherExtensions"  # Spark warns that it finds none, and goes on
ARENAS = "spark.executorEnv.MALLOC_ARENA_MAX"
SETTINGS = f"""
import instructor_spark, json
from pyspark.sql import SparkSession

def print_settings(spark):
    conf = spark.sparkContext.getConf()
    sent = spark._jsc.sc().listJars().mkString(",")
    assert len(spark.sql("SELECT instructor_embed('', 'a text')").first()[0]) == 256
    print(json.dumps([sent, conf.get("spark.sql.extensions"), conf.get("{ARENAS}")]))
"""


def python(code, **environment):
    """What a program prints to standard output; its error's last line where it fails."""
    return run([sys.executable, "-c", textwrap.dedent(code)], **environment)


def run(command, **environment):
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=300,
    )
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def settings(printed):
    """The names of the jars that executors get, the extensions, and the executors' arenas: the last line, as Ivy prints before it."""
    sent, extensions, arenas = json.loads(printed.splitlines()[-1])
    return sorted(jar.rsplit("/", 1)[-1] for jar in sent.split(",")), extensions.split(","), arenas


@pytest.fixture
def other_jar(tmp_path):
    jar = tmp_path / "other.jar"
    with zipfile.ZipFile(jar, "w") as empty:
        empty.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
    return jar


@pytest.fixture
def defaults(tmp_path, other_jar):
    """The folder of a spark-defaults.conf in which a setting is written in each way that Spark reads."""
    folder = tmp_path / "conf"
    folder.mkdir()
    (folder / "spark-defaults.conf").write_text(
        f"# those of this machine\nspark.jars {other_jar}\nspark.sql.extensions={OTHERS}\n{ARENAS}: 3\n"
    )
    return str(folder)


def test_session_has_jar_extension_and_flags():
    found = python(
        f"""
        import instructor_spark, json, os
        from pyspark.sql import SparkSession
        builder = SparkSession.builder.config("spark.sql.extensions", "org.apache.spark.sql.NoSuchExtension")
        spark = instructor_spark.session("a name", builder=builder, conf={LOCAL})
        flags = spark._jvm.java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments()
        print(json.dumps([spark.conf.get("spark.app.name"), spark.conf.get("spark.jars"),
            spark.conf.get("spark.sql.extensions"), list(flags),
            spark._jvm.java.lang.System.getenv("MALLOC_ARENA_MAX"),
            spark.sparkContext.getConf().get("spark.executorEnv.MALLOC_ARENA_MAX"),
            os.environ.get("MALLOC_ARENA_MAX"),
            len(spark.sql("SELECT instructor_embed('', 'a text')").first()[0])]))
        """
    )
    name, jars, extensions, flags, arenas, executors_arenas, mine, dimension = json.loads(found)
    assert (name, jars) == ("a name", instructor_spark.jar_path())
    assert extensions.split(",") == [
        "org.apache.spark.sql.NoSuchExtension",
        "io.instructorspark.spark.InstructorExtensions",
    ]
    asked = (ROOT / "conf" / "java-options").read_text(encoding="utf-8").splitlines()
    assert {line for line in asked if line.startswith("--add-opens")} <= set(flags)
    assert (arenas, executors_arenas, mine) == ("2", "2", os.environ.get("MALLOC_ARENA_MAX"))
    assert dimension == 256


def test_sessions_after_a_stopped_one_work():
    found = python(
        f"""
        import instructor_spark
        instructor_spark.session(conf={LOCAL}).stop()
        spark = instructor_spark.session(conf={LOCAL})
        rows = instructor_spark.InstructorEmbedder().transform(spark.createDataFrame([("one",)], ["text"]))
        print(len(rows.first().embedding))
        """
    )
    assert found == "256"


def test_what_spark_defaults_say_is_kept(defaults, other_jar):
    found = python(f"{SETTINGS}\nprint_settings(instructor_spark.session(conf={LOCAL}))", SPARK_CONF_DIR=defaults)
    assert settings(found) == ([bundled().path.name, other_jar.name], [OTHERS, OURS], "3")


def test_what_the_builder_says_holds_instead_of_the_defaults(defaults, other_jar, tmp_path):
    mine = shutil.copy(other_jar, tmp_path / "mine.jar")
    found = python(
        f"""{SETTINGS}
builder = SparkSession.builder.config("spark.jars", "{mine}").config("spark.sql.extensions", "org.example.Mine")
print_settings(instructor_spark.session(builder=builder.config("{ARENAS}", 4), conf={LOCAL}))""",
        SPARK_CONF_DIR=defaults,
    )
    assert settings(found) == ([bundled().path.name, "mine.jar"], ["org.example.Mine", OURS], "4")


def test_what_pyspark_submit_args_say_is_kept(other_jar):
    arguments = f"--jars '{other_jar}' --conf spark.sql.extensions={OTHERS} --conf {ARENAS}=3 pyspark-shell"
    found = python(f"{SETTINGS}\nprint_settings(instructor_spark.session(conf={LOCAL}))", PYSPARK_SUBMIT_ARGS=arguments)
    assert settings(found) == ([bundled().path.name, other_jar.name], [OTHERS, OURS], "3")


@pytest.mark.parametrize("with_ours", [True, False])
def test_what_spark_submit_says_is_kept(with_ours, other_jar, tmp_path):
    application = tmp_path / "application.py"
    application.write_text(f"{SETTINGS}\nprint_settings(instructor_spark.session('submitted'))")
    jars, extensions = ([other_jar, bundled().path], [OURS, OTHERS]) if with_ours else ([other_jar], [OTHERS])
    command = [Path(_find_spark_home()) / "bin" / "spark-submit", "--master", "local[1]"]
    for key, value in {"spark.ui.enabled": "false", "spark.sql.extensions": ",".join(extensions), ARENAS: "3"}.items():
        command += ["--conf", f"{key}={value}"]
    found = run([*command, "--jars", ",".join(map(str, jars)), application])
    expected = [OURS, OTHERS] if with_ours else [OTHERS, OURS]
    assert settings(found) == ([bundled().path.name, other_jar.name], expected, "3")


def test_jars_of_packages_are_kept(other_jar, tmp_path):
    """A package from a repository of this test, so that none is asked for over the network."""
    package = tmp_path / "repository" / "org" / "example" / "packaged" / "1"
    package.mkdir(parents=True)
    shutil.copy(other_jar, package / "packaged-1.jar")
    (package / "packaged-1.pom").write_text(
        "<project><modelVersion>4.0.0</modelVersion>"
        "<groupId>org.example</groupId><artifactId>packaged</artifactId><version>1</version></project>"
    )
    packages = {
        "spark.jars.packages": "org.example:packaged:1",
        "spark.jars.repositories": (tmp_path / "repository").as_uri(),
        "spark.jars.ivy": str(tmp_path / "ivy"),
    }
    found = python(f"{SETTINGS}\nprint_settings(instructor_spark.session(conf={{**{LOCAL}, **{packages}}}))")
    assert settings(found)[0] == [bundled().path.name, "org.example_packaged-1.jar"]


def test_a_jvm_without_the_jar_takes_it_when_its_session_is_stopped():
    found = python(
        f"""
        import instructor_spark
        from pyspark.sql import SparkSession
        SparkSession.builder.config("spark.ui.enabled", "false").master("local[1]").getOrCreate().stop()
        instructor_spark.session(conf={LOCAL}).stop()
        later = SparkSession.builder.master("local[1]").getOrCreate()
        print(len(later.sql("SELECT instructor_embed('', 'a text')").first()[0]))
        """
    )
    assert found == "256"


def test_jar_in_a_session_of_ones_own():
    found = python(
        """
        import instructor_spark
        from pyspark.sql import SparkSession
        spark = SparkSession.builder.master("local[1]").config("spark.jars", instructor_spark.jar_path()).getOrCreate()
        instructor_spark.register(spark)
        print(len(spark.sql("SELECT instructor_embed('', 'a text')").first()[0]))
        """
    )
    assert found == "256"


def test_sessions_without_the_jar_are_refused():
    errors = json.loads(
        python(
            """
            import instructor_spark, json
            from pyspark.sql import SparkSession
            spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
            errors = []
            for call in [
                lambda: instructor_spark.session(),
                lambda: instructor_spark.register(spark),
                lambda: instructor_spark.InstructorEmbedder(),
                lambda: instructor_spark.InstructorEmbedder.load("/nowhere"),
                lambda: instructor_spark.named_instructions(),
                lambda: instructor_spark.EmbeddingMetrics(spark),
            ]:
                try:
                    errors.append("none, but " + repr(call()))
                except instructor_spark.SetupError as error:
                    errors.append(str(error))
            print(json.dumps(errors))
            """
        )
    )
    assert len(errors) == 6
    for error in errors:
        assert error.startswith("A Spark is running already, without the jar")
        assert f"--jars {instructor_spark.jar_path()}" in error


def test_stages_without_a_session_are_refused():
    errors = json.loads(
        python(
            """
            import instructor_spark, json
            from pyspark.ml import Model
            made = {s.__name__: s for s in instructor_spark.STAGES if not issubclass(s, Model)}
            loaded = {s.__name__ + ".load": lambda s=s: s.load("/nowhere") for s in instructor_spark.STAGES}
            errors = {}
            for name, call in {**made, **loaded}.items():
                try:
                    errors[name] = "none, but " + repr(call())
                except Exception as error:
                    errors[name] = f"{type(error).__name__}: {error}"
            print(json.dumps(errors))
            """
        )
    )
    assert {"InstructorEmbedder", "TopicTerms", "SemanticMapModel.load"} <= set(errors)
    refused = "SetupError: No Spark is running"
    assert {name: error for name, error in errors.items() if not error.startswith(refused)} == {}
    assert all("instructor_spark.session()" in error for error in errors.values())


def test_a_jar_of_another_version_is_refused(tmp_path):
    """The jar's classes and resources without natives, under a manifest of another version."""
    jar = bundled()
    other = tmp_path / jar.path.name.replace(jar.version, "0.0.9")
    with zipfile.ZipFile(jar.path) as source, zipfile.ZipFile(other, "w") as target:
        for entry in source.infolist():
            if entry.filename == "META-INF/MANIFEST.MF":
                manifest = source.read(entry).decode()
                assert f"Implementation-Version: {jar.version}" in manifest
                target.writestr(entry, manifest.replace(jar.version, "0.0.9"))
            elif entry.filename.startswith("io/instructorspark/spark/"):
                target.writestr(entry, source.read(entry))
    error = python(
        f"""
        import instructor_spark
        from pyspark.sql import SparkSession
        spark = SparkSession.builder.master("local[1]").config("spark.jars", "{other}").getOrCreate()
        instructor_spark.InstructorEmbedder()
        """
    )
    assert f"SetupError: The Python package instructor_spark is of version {jar.version}" in error
    assert "of version 0.0.9" in error and f"--jars {jar.path}" in error


def test_session_does_not_start_a_spark_where_connect_is_asked_for():
    error = python("import instructor_spark; instructor_spark.session()", SPARK_REMOTE="sc://localhost:1")
    assert "SetupError: session() starts a Spark, and Spark Connect's server runs already" in error
    assert "spark.sql.extensions=io.instructorspark.spark.InstructorExtensions" in error


class TestJar:
    def test_it_is_the_one_for_the_scala_of_this_pyspark(self):
        scala = "2.12" if pyspark.__version__.startswith("3.") else "2.13"
        jar = Jar.of(Path(instructor_spark.jar_path()))
        assert jar.scala == scala
        assert instructor_spark.__version__ == f"{jar.version}+scala{scala}"

    def test_version_is_the_poms(self):
        pom = (ROOT / "pom.xml").read_text(encoding="utf-8")
        assert bundled().version == re.search("<version>(.*?)</version>", pom)[1]

    @pytest.mark.parametrize(
        "spark, scala, part",
        [
            ("4.0.1", "2.13", "Spark 4.0.1 here is built for Scala 2.13"),
            ("3.4.1", "2.12", "This is Spark 3.4.1"),
            ("3.3.0", None, "pip install 'pyspark==3.5.*'"),
        ],
    )
    def test_what_a_jar_for_scala_2_12_does_not_fit_is_said(self, spark, scala, part):
        jar = Jar.of(Path("/x/instructor-spark-assembly_2.12-0.1.0-linux-x86_64.jar"))
        assert part in jar.fits(spark, scala)

    @pytest.mark.parametrize("spark, fits", [("3.5.6", True), ("4.0.1", True), ("4.1.0", True), ("4.2.0", False)])
    def test_what_a_jar_for_scala_2_13_fits(self, spark, fits):
        jar = Jar.of(Path("/x/instructor-spark-assembly_2.13-0.2.0-SNAPSHOT-osx-aarch64.jar"))
        assert jar.version == "0.2.0-SNAPSHOT"
        assert (jar.fits(spark, "2.13") is None) == fits

    def test_another_scala_is_refused_before_a_jvm_starts(self, tmp_path, monkeypatch):
        home = tmp_path / "spark"
        (home / "jars").mkdir(parents=True)
        other = "2.13" if bundled().scala == "2.12" else "2.12"
        (home / "jars" / f"scala-library-{other}.18.jar").touch()
        (home / "jars" / f"spark-core_{other}-3.5.6.jar").touch()
        monkeypatch.setenv("SPARK_HOME", str(home))
        with pytest.raises(SetupError, match=f"is built for Scala {other}"):
            instructor_spark.jar_path()

    def test_sources_have_no_jar_and_say_so(self, tmp_path):
        package = Path(instructor_spark.__file__).parent
        shutil.copytree(package, tmp_path / "instructor_spark", ignore=shutil.ignore_patterns("jars"))
        error = python("import instructor_spark; instructor_spark.jar_path()", PYTHONPATH=str(tmp_path))
        assert "holds 0 jars" in error and "scripts/check-python" in error
