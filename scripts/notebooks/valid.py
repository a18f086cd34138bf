"""valid.py FILE ...: fails if a file is no note of Zeppelin or no notebook of Jupyter, or if it holds results."""

import json
import sys

import nbformat

PARAGRAPH = {"text": str, "config": dict, "settings": dict, "apps": list, "id": str, "jobName": str, "status": str}
NOTE = {"paragraphs": list, "name": str, "id": str, "config": dict, "info": dict, "angularObjects": dict}


def misshapen(value, shape):
    """The keys of a shape that a value does not have."""
    return [key for key, kind in shape.items() if not isinstance(value.get(key), kind)]


def zeppelin(file):
    """What is wrong with a note."""
    with open(file, encoding="utf-8") as text:
        note = json.load(text)
    yield from (f"the note has no {key}" for key in misshapen(note, NOTE))
    paragraphs = note.get("paragraphs", [])
    if len({paragraph.get("id") for paragraph in paragraphs}) != len(paragraphs) or not paragraphs:
        yield "paragraphs are missing, or share an id"
    for number, paragraph in enumerate(paragraphs, 1):
        yield from (f"paragraph {number} has no {key}" for key in misshapen(paragraph, PARAGRAPH))
        if set(paragraph.get("settings", {})) != {"params", "forms"} or any(paragraph["settings"].values()):
            yield f"paragraph {number} holds values of forms"
        if "results" in paragraph or paragraph.get("status") != "READY":
            yield f"paragraph {number} holds results"
        if not paragraph.get("text", "").startswith("%"):
            yield f"paragraph {number} names no interpreter"


def jupyter(file):
    """What is wrong with a notebook."""
    notebook = nbformat.read(file, as_version=nbformat.NO_CONVERT)
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as wrong:
        yield str(wrong)
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        yield "it is not of nbformat 4.5"
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code" and (cell.outputs or cell.execution_count is not None):
            yield f"cell {number} holds results"


problems = [
    f"{file}: {problem}"
    for file in sys.argv[1:]
    for problem in (jupyter(file) if file.endswith(".ipynb") else zeppelin(file))
]
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
