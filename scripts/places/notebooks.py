"""
Runs the cells of Databricks notebooks in source format, each notebook in a session of its own, through PySpark as it is here:
VOLUME NOTEBOOK... VOLUME is the folder that the notebook's first assignment to `volume` gets instead of its own.

Cells of Python and SQL are run, %md is passed over, any other magic is an error. `display` and `displayHTML` are there as on
Databricks; what they and SQL cells show is fetched, and an empty result is an error. Prints a line for each notebook, and, with
vectors in a table or folder review_vectors, writes them as JSON lines into VOLUME/NAME.
"""

import re
import sys
from pathlib import Path

import instructor_spark
from pyspark.sql import SparkSession

MARKS = {".py": "#", ".sql": "--"}


class NotebookError(Exception):
    pass


def cells(notebook):
    """Language and source of each cell."""
    mark, text = MARKS[notebook.suffix], notebook.read_text(encoding="utf-8")
    head, _, body = text.partition("\n")
    if head != f"{mark} Databricks notebook source":
        raise NotebookError("the first line is not that of a notebook")
    own = {".py": "python", ".sql": "sql"}[notebook.suffix]
    for cell in re.split(rf"^{mark} COMMAND -{{10}}$", body, flags=re.M):
        lines = cell.strip().splitlines()
        magic = f"{mark} MAGIC"
        if not any(line.startswith(magic) for line in lines):
            yield own, "\n".join(lines)
            continue
        if not all(line.startswith(magic) for line in lines):
            raise NotebookError(f"a cell mixes magic and other lines: {lines[0]}")
        first, *rest = [line[len(magic) :].removeprefix(" ") for line in lines]
        language, _, line = first.strip().partition(" ")
        yield language.removeprefix("%"), "\n".join([line, *rest])


def replaced(source, volume):
    """The source with the folder in place of what it assigns to the variable, and whether it does that."""
    assigned, count = re.subn(
        r"""(^volume = |^DECLARE OR REPLACE VARIABLE volume STRING DEFAULT )(["'])/Volumes/[\w/]+\2""",
        lambda found: f"{found[1]}{found[2]}{volume}{found[2]}",
        source,
        flags=re.M,
    )
    return assigned, count > 0


class Notebook:
    def __init__(self, path, volume, session):
        self.path, self.volume, self.session = path, volume, session
        self.shown = self.pages = 0
        self.names = {"spark": session, "display": self.display, "displayHTML": self.display_html}

    def display(self, frame):
        if not frame.limit(1000).collect():
            raise NotebookError("a result that is shown has no rows")
        self.shown += 1

    def display_html(self, page):
        if not page.lstrip().lower().startswith("<!doctype html>"):
            raise NotebookError(f"no page of HTML: {page[:60]!r}")
        self.pages += 1

    def sql(self, source):
        frame = self.session.sql(source.rstrip().removesuffix(";"))
        if re.match(r"\s*SELECT\b", source, re.I):
            self.display(frame)

    def run(self):
        runners = {"python": lambda source: exec(compile(source, self.path.name, "exec"), self.names), "sql": self.sql}
        ran = assigned = 0
        for language, source in cells(self.path):
            if language == "md" or not source.strip():
                continue
            if language not in runners:
                raise NotebookError(f"a cell of %{language} cannot be run here")
            source, found = replaced(source, self.volume)
            assigned += found
            if "/Volumes/" in source:
                raise NotebookError(f"a volume is named beside the variable: {source[:80]!r}")
            try:
                runners[language](source)
            except Exception as failure:
                raise NotebookError(f"the cell\n{source}\n") from failure
            ran += 1
        if assigned != 1:
            raise NotebookError(f"the volume is assigned {assigned} times, not once")
        print(f"ok    {self.path.name}: {ran} cells, {self.shown} results and {self.pages} pages shown")

    def vectors(self):
        if self.path.suffix == ".sql":
            return self.session.table("review_vectors")
        return self.session.read.parquet(f"{self.volume}/review_vectors")


def main(volume, *notebooks):
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", False)
    # as a library of the compute: the jar is there, no session has the functions yet
    builder = builder.config("spark.jars", instructor_spark.jar_path()).config("spark.sql.warehouse.dir", f"{volume}/warehouse")
    root = builder.getOrCreate()
    root.sparkContext.setLogLevel("ERROR")
    for path in map(Path, notebooks):
        notebook = Notebook(path, volume, root.newSession())
        notebook.run()
        # from a session without the functions: what is written needs none
        notebook.vectors().select("id", "embedding").write.json(f"{volume}/{path.name}")
    root.stop()


main(*sys.argv[1:])
