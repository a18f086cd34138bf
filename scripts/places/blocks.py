"""
Takes the shell blocks out of a document: DOCUMENT FOLDER. Those with a comment "not run by us" are left out; the others become
FOLDER/HEADING.sh, in lower case, with hyphens, and -2 and so on behind the second of one section. Prints their names.
"""

import re
import sys
from pathlib import Path

heading, block, count = "", None, {}
for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
    if block is None and line.startswith("#"):
        heading = re.sub(r"[^a-z0-9]+", "-", line.strip("# ").lower()).strip("-")
    elif block is None and line.strip() == "```sh":
        block = []
    elif block is not None and line.strip() == "```":
        if not any("not run by us" in one for one in block):
            count[heading] = count.get(heading, 0) + 1
            name = heading if count[heading] == 1 else f"{heading}-{count[heading]}"
            (Path(sys.argv[2]) / f"{name}.sh").write_text("\n".join(["set -euo pipefail", *block, ""]), encoding="utf-8")
            print(name)
        block = None
    elif block is not None:
        block.append(line)
