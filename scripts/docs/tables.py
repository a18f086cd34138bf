"""
tables.py DOCUMENT JAR FOLDER: runs the commands and the Python of docs/tables.md, each format in a folder of its own, where paths
below /data lead too.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from blocks import blocks

FORMATS = ("delta", "iceberg")
STATEMENTS = 2  # the first blocks of SQL: tables are made, embedded and appended to
COUNTS = "SELECT count(*), count(embedding), min(size(embedding)) FROM review_vectors;\n"
COUNTED = "4\t4\t256"
SECONDS = 600


def fail(why):
    sys.exit(f"check-tables: FAILED: {why}")


def run(command, folder):
    """What a command prints to its output."""
    done = subprocess.run(["bash", "-ec", command], cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode != 0:
        fail(f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
    return done.stdout


class Page:
    """What the document says for a format."""

    def __init__(self, document):
        self.blocks = blocks(document.read_text(encoding="utf-8"))

    def of(self, language, holds=""):
        found = [one.text for one in self.blocks if one.language == language and holds in one.text]
        return found or fail(f"the page has no block of {language} with '{holds}'")

    def command(self, name):
        """The shell's lines that start spark-sql with a format."""
        (block,) = self.of("sh", "--packages")
        lines = [line for line in block.splitlines() if re.match(r"JAR=", line) or f"{name}.conf" in line]
        return "\n".join(lines) if len(lines) == 2 else fail(f"no two lines for {name}: {lines}")

    def settings(self, name):
        (block,) = self.of("properties", {"delta": "DeltaCatalog", "iceberg": "SparkCatalog"}[name])
        return block

    def statements(self, name):
        own = [one for one in self.of("sql") if not one.startswith("-- ")][:STATEMENTS]
        return "\n".join(own).replace("USING delta", f"USING {name}")


def prologue(name):
    return "CREATE NAMESPACE lake.reviews;\nUSE lake.reviews;\n" if name == "iceberg" else ""


def python(page, name, folder):
    """A program of the page's block of Python for a format, and a check of what it made."""
    start = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"
    if name == "iceberg":
        (block,) = page.of("python", "lake.reviews")
        return f"{start}spark.sql('USE lake.reviews')\n{block}" + (
            "made = spark.table('lake.reviews.more_vectors')\nprint('rows', made.count(), made.where('size(embedding) = 256').count())\n"
        ), "rows 8 8"
    (block,) = page.of("python", "jdbc")
    url = f"jdbc:derby:{folder}/shop"
    rows = "spark.createDataFrame([(i, f'The zip of tent {i} broke.') for i in range(1, 41)], 'id bigint, text string')"
    return (
        f"{start}from instructor_spark import InstructorEmbedder\n"
        f"{rows}.write.format('jdbc').option('url', '{url};create=true').option('dbtable', 'reviews').save()\n"
        + block.replace("jdbc:postgresql://host/shop", url)
        + f"made = spark.read.format('delta').load('{folder}/data/review_vectors')\n"
        "print('rows', made.count(), made.where('size(embedding) = 256').count())\n"
    ).replace('"/data/', f'"{folder}/data/'), "rows 40 40"


def check(page, name, jar, folder):
    start = time.monotonic()
    (folder / "assembly/target").mkdir(parents=True)
    command = page.command(name)
    (folder / re.search(r"JAR=(\S+)", command)[1]).symlink_to(jar)
    (folder / f"{name}.conf").write_text(page.settings(name).replace("/data/", f"{folder}/data/"))
    (folder / "story.sql").write_text(prologue(name) + page.statements(name) + COUNTS)
    printed = run(f"{command} -f story.sql", folder)
    if COUNTED not in printed.splitlines():
        fail(f"spark-sql with {name} did not print {COUNTED!r}:\n{printed[-2000:]}")
    program, expected = python(page, name, folder)
    (folder / "story.py").write_text(program)
    submit = command.replace("/bin/spark-sql", "/bin/spark-submit")
    printed = run(f"{submit} story.py", folder)
    if expected not in printed.splitlines():
        fail(f"spark-submit with {name} did not print {expected!r}:\n{printed[-2000:]}")
    print(f"ok    {name} ({time.monotonic() - start:.0f} s)", flush=True)


def main():
    import pyspark

    document, jar, work = (Path(one) for one in sys.argv[1:])
    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    page = Page(document)
    for name in FORMATS:
        check(page, name, jar, work / name)


if __name__ == "__main__":
    main()
