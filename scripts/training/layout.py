"""Loads a model in sentence-transformers and compares its vectors with given ones.

usage: layout.py MODEL VECTORS INSTRUCTION   (VECTORS: folder of JSON lines with text and embedding)
"""

import glob
import json
import sys

import numpy
from sentence_transformers import SentenceTransformer

folder, vectors, instruction = sys.argv[1:4]
model = SentenceTransformer(folder, device="cpu")
model.set_pooling_include_prompt(False)
rows = [json.loads(line) for name in sorted(glob.glob(vectors + "/part-*")) for line in open(name, encoding="utf-8")]
expected = model.encode([row["text"] for row in rows], prompt=instruction, normalize_embeddings=True)
found = numpy.array([row["embedding"] for row in rows], dtype=numpy.float32)
difference = numpy.abs(expected - found).max()
print(f"{len(rows)} vectors of {found.shape[1]} numbers, largest difference to sentence-transformers {difference:.1e}")
sys.exit(difference > 1e-5 or len(rows) == 0)
