"""Prints the arguments of the one step in a file for EMR, each behind a zero byte, with a folder in the bucket's place: STEPS FOLDER."""

import json
import sys
from pathlib import Path

[step] = json.loads(Path(sys.argv[1]).read_text())
sys.stdout.write("".join("\0" + argument.replace("s3://BUCKET/instructor-spark", sys.argv[2]) for argument in step["Args"])[1:])
