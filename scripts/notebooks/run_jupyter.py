"""
Runs a notebook in a kernel of this Python, in a folder with the data beside it, and writes it with its outputs into a file.
Ends with status 1 at the first cell that fails, and says which.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from outcome import Failure, wrong_frames

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="the folder that the notebook finds as data")
    parser.add_argument("--output", type=Path, required=True, help="file to write the notebook with its outputs into")
    arguments = parser.parse_args()
    notebook = nbformat.read(arguments.notebook, as_version=4)
    at = {}

    def begins(cell, cell_index):
        at.update(cell=cell, number=cell_index + 1)

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "data").symlink_to(arguments.data.resolve())
        client = NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            on_cell_start=begins,
        )
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as failed:
            place = f"{arguments.notebook}, cell {at['number']}"
            Failure(COLOURS.sub("", str(failed))).report(place, at["cell"].source)
            return 1
        finally:
            nbformat.write(notebook, arguments.output)
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            problem = wrong_frames(output.get("data", {}).get("text/html", ""))
            if problem:
                Failure(problem).report(f"{arguments.notebook}, cell {number}", cell.source)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
