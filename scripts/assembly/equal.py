"""Says whether folders of JSON lines hold the same vectors, by id: COUNT FOLDER..."""

import json
import sys
from pathlib import Path

count, folders = int(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]]


def vectors(folder):
    lines = (line for part in sorted(folder.glob("part-*")) for line in part.read_text().splitlines())
    return {row["id"]: row["embedding"] for row in map(json.loads, lines) if "embedding" in row}


first = vectors(folders[0])
failures = [f"{folders[0].name} has {len(first)} vectors, not {count}"] if len(first) != count else []
most = 0.0
for folder in folders[1:]:
    other = vectors(folder)
    if other.keys() != first.keys():
        failures.append(f"{folder.name} has other ids than {folders[0].name}")
        continue
    most = max(most, *(abs(a - b) for id in first for a, b in zip(first[id], other[id], strict=True)))
if most > 1e-6:
    failures.append(f"components differ by {most:.2e}")
names = ", ".join(folder.name for folder in folders)
print("\n".join(f"FAIL  {failure}" for failure in failures) or f"ok    {count} vectors are equal to {most:.0e} in {names}")
sys.exit(1 if failures else 0)
