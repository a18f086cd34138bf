"""broken.py NOTEBOOK FOLDER: copies a notebook's two forms into a folder as broken.*, with paragraphs that have to fail."""

import json
import sys
from pathlib import Path

BROKEN = [
    "%spark\nspark.nonsense",
    "%spark\nprintln(1 / (spark.range(1).count() - 1))",
    "%spark.sql\nSELECT nothing_of_this_name FROM range(1)",
    "%spark.pyspark\nprint(1 / 0)",
    '%spark\nval page = "<p>"\nprintln("%html " + page)',
    '%spark\nprintln("%html <iframe srcdoc=\\"<!doctype html><p class=\\"a\\">\\"></iframe>")',
]

notebook, folder = sys.argv[1], Path(sys.argv[2])
note = json.loads(Path(notebook + ".zpln").read_text(encoding="utf-8"))
note["paragraphs"] = [dict(note["paragraphs"][0], text=text) for text in BROKEN]
(folder / "broken.zpln").write_text(json.dumps(note), encoding="utf-8")

cells = json.loads(Path(notebook + ".ipynb").read_text(encoding="utf-8"))
code = [cell for cell in cells["cells"] if cell["cell_type"] == "code"]
cells["cells"] = [dict(code[0], source="1 + 1"), dict(code[1], source="nothing_of_this_name")] + code[2:]
(folder / "broken.ipynb").write_text(json.dumps(cells), encoding="utf-8")
