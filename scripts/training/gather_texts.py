"""Texts and instructions of training records, each once, one a line: what a tokenizer learns from.

usage: gather_texts.py FILE.jsonl.gz ... > TEXTS.txt
"""

import gzip
import json
import sys

seen = set()
for name in sys.argv[1:]:
    with gzip.open(name, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            for side in ("query", "pos", "neg"):
                for text in record[side] or ():
                    line_of_text = " ".join(text.split())
                    if line_of_text and hash(line_of_text) not in seen:
                        seen.add(hash(line_of_text))
                        print(line_of_text)
