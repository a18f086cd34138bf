#!/usr/bin/env python3
"""Averaged word vectors as a checkpoint: a model's embedding table with nothing between it and the mean.

  python3 -m venv venv && venv/bin/pip install safetensors numpy
  venv/bin/python scripts/evaluation/averaged-words.py MODEL OUT

MODEL is a folder with weights in single precision, as _training/start of a model that begins with word vectors. Layers add nothing
where their last matrices are zero, norms and the dense layer leave what they get but for its length.
"""
import shutil
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file


def main():
    model, out = map(Path, sys.argv[1:3])
    shutil.copytree(model, out)
    weights = load_file(out / "model.safetensors")
    for name, values in weights.items():
        if name.endswith((".o.weight", ".wo.weight")):
            weights[name] = np.zeros_like(values)
        elif "layer_norm" in name:
            weights[name] = np.ones_like(values)
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    dense = load_file(out / "2_Dense/model.safetensors")
    dense["linear.weight"] = np.eye(*dense["linear.weight"].shape, dtype=np.float32)
    save_file(dense, out / "2_Dense/model.safetensors", metadata={"format": "pt"})


main()
