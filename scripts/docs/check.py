"""
Runs the blocks of documents in order, each document in a working copy of the project of its own: shell commands by bash, SQL,
Python and Scala in one session. Says of each document how many blocks ran, and at the end which did not and why. Ends with status 1 if
a block fails, has a language that nothing here runs, or does not print what the document shows.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import yaml

from blocks import blocks, console, missing, statements

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "scripts/notebooks"))
from outcome import Failure  # noqa: E402
from run_zeppelin import Interpreters  # noqa: E402

RUN = ("sh", "console", "sql", "python", "scala")
READ = ("json", "yaml")  # have to be what they say
SHOWN = ("text", "java")  # java is compiled by DocumentationTest
OWN_LAUNCHER = "docs/tutorial.md"  # what a beginner types is run as it is, in a JVM for each command
MOST_SECONDS = 900

REVIEWS = """
reviews = (spark.read.options(header=True, multiLine=True, escape='"').csv("notebooks/data/reviews.csv"))
reviews.createOrReplaceTempView("reviews")
"""


class World:
    """A folder that looks like the project to a document's commands, and takes what they write. One folder serves all documents, as
    the JVMs that work in it stay; its content is made anew for each."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def renew(self, launcher):
        for old in self.folder.iterdir():
            if old.is_symlink() or old.is_file():
                old.unlink()
            else:
                shutil.rmtree(old)
        for name in ("assembly", "conf", "deploy", "notebooks", "pom.xml", "spark-job", "udfs"):
            (self.folder / name).symlink_to(ROOT / name)
        scripts = self.folder / "scripts"
        scripts.mkdir()
        for script in (ROOT / "scripts").iterdir():
            (scripts / script.name).symlink_to(launcher if script.name == "instructor" else script)


class Commands:
    """The JVM that serves the commands, started with the first of them."""

    def __init__(self, world, class_path, log):
        self.world, self.class_path, self.log = world, class_path, log
        self.folder = tempfile.TemporaryDirectory()
        self.socket = Path(self.folder.name, "commands")
        self.process = None

    def start(self):
        if self.process is not None:
            return
        java = str(Path(os.environ["JAVA_HOME"], "bin/java")) if os.environ.get("JAVA_HOME") else "java"
        settings = {
            "instructor.instructions": ROOT / "conf/instructions.yaml",
            "instructor.terminal": "false",
            "instructor.spark.defaults": ROOT / "conf/spark-defaults.conf",
            "instructor.spark.jars": ROOT / "spark-job/target/dist/spark/jars",
            "log4j2.configurationFile": ROOT / "conf/log4j2.properties",
        }
        self.process = subprocess.Popen(
            [java, f"@{ROOT}/conf/java-options", "-Xmx2g", *(f"-D{key}={value}" for key, value in settings.items())]
            + ["-cp", self.class_path, "io.instructorspark.job.CommandServer", str(self.socket)],
            cwd=self.world, stdin=subprocess.DEVNULL, stdout=self.log.open("w"), stderr=subprocess.STDOUT,
        )
        while not self.socket.exists():
            if self.process.poll() is not None:
                raise Failure(f"the JVM that serves commands does not start; see {self.log}")
            time.sleep(0.05)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


class Session:
    """Spark with the extension, for SQL, Python and Scala; started with the first block of these."""

    def __init__(self, jar, helper):
        self.jar, self.helper, self.interpreters = jar, helper, None

    def run(self, language, code):
        if self.interpreters is None:
            extension = "io.instructorspark.spark.InstructorExtensions"
            self.interpreters = Interpreters(self.jar, self.helper, {}, {"spark.sql.extensions": extension})
            self.renew()
        if language == "sql":
            return "".join(self.interpreters.run_sql(statement) for statement in statements(code))
        return self.interpreters.run_scala(code) if language == "scala" else self.interpreters.run_python(code)

    def renew(self):
        """Leaves nothing of a document but the reviews, which each is given as a view and as a data frame."""
        if self.interpreters is None:
            return
        spark = self.interpreters.spark
        for query in spark.streams.active:
            query.stop()
        spark.sql("RESET")
        for table in spark.catalog.listTables():
            if table.isTemporary:
                spark.catalog.dropTempView(table.name)
            else:
                spark.sql(f"DROP TABLE {table.name}")
        self.interpreters.python = {"spark": spark, "sc": spark.sparkContext, "__name__": "__main__"}
        self.interpreters.run_python(REVIEWS)
        self.interpreters.run_scala('val reviews = spark.table("reviews")')

    def stop(self):
        if self.interpreters is not None:
            self.interpreters.spark.stop()


class Documents:
    """The documents and all that runs their blocks."""

    def __init__(self, arguments):
        self.output = arguments.output
        self.world = World(arguments.output / "world")
        os.chdir(self.world.folder)  # where the session's JVM works
        self.commands = Commands(self.world.folder, arguments.class_path, arguments.output / "commands.log")
        self.session = Session(arguments.jar, arguments.helper)
        self.not_run = []

    def check(self, name):
        """Runs a document, and returns whether all is well."""
        start = time.monotonic()
        launcher = ROOT / "scripts/instructor" if name == OWN_LAUNCHER else HERE / "instructor"
        self.world.renew(launcher)
        self.session.renew()
        done, failed = Counter(), 0
        with (self.output / (name.replace("/", "-") + ".txt")).open("w", encoding="utf-8") as printed:
            for block in blocks((ROOT / name).read_text(encoding="utf-8")):
                begin = time.monotonic()
                try:
                    kind, shown = self._block(name, block)
                except Failure as failure:
                    without_stack(failure).report(f"{name}, line {block.line}", block.text)
                    failed += 1
                    continue
                done[kind] += 1
                if shown is not None:
                    seconds = time.monotonic() - begin
                    printed.write(f"==== line {block.line} ({seconds:.1f} s)\n{block.text}----\n{shown}\n")
                    printed.flush()
        ran = sum(done[language] for language in RUN)
        others = ", ".join(f"{number} {kind}" for kind, number in sorted(done.items()) if kind not in RUN)
        minutes = (time.monotonic() - start) / 60
        verdict = "FAILED" if failed else "ok   "
        print(f"{verdict} {name}: {ran} blocks run{f', {failed} failed' if failed else ''}{f'; {others}' if others else ''}; "
              f"{minutes:.1f} minutes", flush=True)
        return not failed

    def _block(self, name, block):
        """Does with a block what it asks for; returns what was done, and what it printed if it ran."""
        if block.not_run is not None:
            self.not_run.append(f"{name}, line {block.line}: {block.not_run}")
            return "not run", None
        if block.language == "json":
            parsed(json.loads, block.text)
        if block.language == "yaml":
            parsed(yaml.safe_load, block.text)
        if block.file is not None:
            file = self.world.folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
            return "files", None
        if block.language == "java":
            return "compiled by DocumentationTest", None
        if block.language in READ or block.language in SHOWN:
            return "shown", None
        if block.language == "sh":
            return "sh", self._shell(block.text)
        if block.language == "console":
            return "console", self._console(block.text)
        return block.language, self.session.run(block.language, block.text)

    def _shell(self, text):
        if "scripts/" in text:
            self.commands.start()
        environment = {
            **os.environ,
            "DOCS_COMMANDS": str(self.commands.socket),
            "DOCS_LAUNCHER": str(ROOT / "scripts/instructor"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        try:
            ended = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", text], cwd=self.world.folder, env=environment, timeout=MOST_SECONDS,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            )
        except subprocess.TimeoutExpired as late:
            raise Failure(f"not done after {MOST_SECONDS} s:\n{(late.output or b'').decode()[-4000:]}") from late
        if ended.returncode != 0:
            raise Failure(f"{ended.stdout[-4000:]}\nexit status {ended.returncode}")
        return ended.stdout

    def _console(self, text):
        printed = []
        try:
            shown = console(text)
        except ValueError as wrong:
            raise Failure(str(wrong)) from wrong
        for one in shown:
            out = self._shell(one.command)
            printed.append(f"$ {one.command}\n{out}")
            line = missing(one.output, out)
            if line is not None:
                raise Failure(f"{one.command}\ndoes not print, in this order,\n  {line}\nbut\n{out}")
        return "".join(printed)


def without_stack(failure):
    """The failure without the frames of the JVM's stack."""
    return Failure("\n".join(line for line in str(failure).splitlines() if not line.lstrip().startswith("at ")))


def parsed(read, text):
    try:
        read(text)
    except (ValueError, yaml.YAMLError) as wrong:
        raise Failure(str(wrong)) from wrong


def unknown(names):
    """The blocks of which nothing here knows what to do with them."""
    for name in names:
        for block in blocks((ROOT / name).read_text(encoding="utf-8")):
            if block.file is None and block.not_run is None and block.language not in (*RUN, *READ, *SHOWN):
                yield f"{name}, line {block.line}: a block of {block.language or 'no language'}; say ```text, or mark it: <!-- not run: reason -->"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="+", help="by their paths in the project")
    parser.add_argument("--jar", required=True, help="what the session's spark.jars names")
    parser.add_argument("--helper", required=True, help="folder of the compiled ScalaParagraphs")
    parser.add_argument("--class-path", required=True, help="of CommandServer and the commands")
    parser.add_argument("--output", type=Path, required=True, help="folder for the working copy, and for what blocks print")
    arguments = parser.parse_args()
    problems = list(unknown(arguments.documents))
    if problems:
        sys.exit("\n".join(problems))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # the JVMs have to end too
    documents = Documents(arguments)
    try:
        fine = [documents.check(name) for name in arguments.documents]
    finally:
        documents.commands.stop()
        documents.session.stop()
    if documents.not_run:
        print("not run:")
    for line in documents.not_run:
        print(f"  {line}")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
