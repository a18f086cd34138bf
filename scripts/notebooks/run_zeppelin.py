"""
Runs the paragraphs of a note in one session, one after the other: %spark in Scala's interpreter, %spark.sql and
%spark.pyspark by PySpark's session, as they are in Zeppelin's interpreter process. Zeppelin's context `z` alone is a
stand-in. Writes texts and outputs into a file. Ends with status 1 at the first paragraph that fails, and says which.
"""

import argparse
import contextlib
import io
import json
import sys
import tempfile
import time
import traceback
from pathlib import Path

from pyspark.sql import SparkSession

from outcome import Failure, wrong_frames

CONTEXT = Path(__file__).parent / "zeppelin_context.scala"

# what Zeppelin's interpreter itself begins with
PREAMBLE = """
@transient val spark = org.apache.spark.sql.SparkSession.active
@transient val sc = spark.sparkContext
import org.apache.spark.SparkContext._
import spark.implicits._
import spark.sql
import org.apache.spark.sql.functions._
"""


class Interpreters:
    """The session of a note."""

    def __init__(self, jar, helper, forms, conf=None):
        self.classes = tempfile.TemporaryDirectory()
        builder = (
            SparkSession.builder.master("local[2]")
            .appName("notebooks")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.warehouse.dir", str(Path(self.classes.name, "warehouse")))
            .config("spark.jars", jar)
            .config("spark.driver.extraClassPath", helper)
            .config("spark.repl.class.outputDir", self.classes.name)
        )
        for key, value in (conf or {}).items():
            builder = builder.config(key, value)
        self.spark = builder.getOrCreate()
        self.python = {"spark": self.spark, "sc": self.spark.sparkContext, "__name__": "__main__"}
        jvm = self.spark._jvm
        for name, value in forms.items():
            jvm.java.lang.System.setProperty(f"form.{name}", value)
        self.scala = jvm.notebooks.ScalaParagraphs(jar, self.classes.name)
        for code in (PREAMBLE, CONTEXT.read_text()):
            if not self.scala.run(code):
                raise SystemExit(f"Scala's interpreter does not start:\n{self.scala.said()}")

    def run(self, text):
        """Runs a paragraph, and returns what it showed."""
        first, _, code = text.partition("\n")
        run = {"%md": str, "%spark": self.run_scala, "%spark.sql": self.run_sql, "%spark.pyspark": self.run_python}.get(first)
        if run is None:
            raise Failure(f"{first!r} is no interpreter that this script knows")
        return run(code)

    def run_scala(self, code):
        complete = self.scala.run(code)
        printed, said = self.scala.printed(), self.scala.said()
        if not complete:
            raise Failure(said or "the paragraph is not complete")
        if printed.startswith("%") and said.strip():
            raise Failure(f"Zeppelin would put what the interpreter says into what is shown; define things elsewhere:\n{said}")
        return printed + said

    def run_sql(self, code):
        try:
            table = self.spark.sql(code)
            lines = ["\t".join(table.columns)]
            for row in table.take(1000):
                lines.append("\t".join(str(value) for value in row).replace("\n", " "))
        except Exception as failed:
            raise Failure(str(failed)) from failed
        return "%table " + "\n".join(lines) + "\n"

    def run_python(self, code):
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(code, "<paragraph>", "exec"), self.python)
        except Exception as failed:
            raise Failure(traceback.format_exc()) from failed
        return printed.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("note", type=Path)
    parser.add_argument("--jar", required=True, help="what the interpreter's spark.jars names")
    parser.add_argument("--helper", required=True, help="folder of the compiled ScalaParagraphs")
    parser.add_argument("--form", action="append", default=[], metavar="NAME=VALUE", help="fills in a form of the note")
    parser.add_argument("--output", type=Path, required=True, help="file to write texts and outputs into")
    parser.add_argument("--go-on", action="store_true", help="run what follows a paragraph that fails, too")
    arguments = parser.parse_args()
    note = json.loads(arguments.note.read_text(encoding="utf-8"))
    interpreters = Interpreters(
        arguments.jar, arguments.helper, dict(form.split("=", 1) for form in arguments.form)
    )
    failed = False
    with arguments.output.open("w", encoding="utf-8") as output:
        for number, paragraph in enumerate(note["paragraphs"], 1):
            text = paragraph["text"]
            start = time.monotonic()
            try:
                shown = interpreters.run(text)
                problem = wrong_frames(shown)
                if problem:
                    raise Failure(problem)
            except Failure as failure:
                failure.report(f"{arguments.note}, paragraph {number}", text)
                failed = True
                if not arguments.go_on:
                    break
                continue
            if not text.startswith("%md"):
                output.write(f"==== {number} ({time.monotonic() - start:.1f} s)\n{text}\n----\n{shown}\n")
    interpreters.spark.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
