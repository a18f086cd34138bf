#!/usr/bin/env python3
"""Golden vectors of a model by PyTorch, transformers and tokenizers, for the cases of a file of goldens.

usage: goldens.py MODEL CASES OUT

MODEL is a folder in the Hugging Face layout; CASES has lines of JSON, as fixtures/*golden.jsonl or the files of `model verify`
in job/model/known, and OUT gets the same lines with the model's vectors. It says how far they are from those that CASES has,
which is the check of this script: for a model of udfs/src/test/resources/fixtures and its golden.jsonl, written by the
reference's own code, ids and pooled tokens are equal and vectors within 1e-6. Runs in the environment of check-gradients.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import T5EncoderModel

EOS = 1
WINDOW = 512


class Reference:
    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.lower = json.loads((folder / "sentence_bert_config.json").read_text()).get("do_lower_case", False)
        self.encoder = T5EncoderModel.from_pretrained(folder, dtype=torch.float32).eval()
        dense = folder / "2_Dense"
        file = dense / "model.safetensors"
        weights = load_file(file) if file.exists() else torch.load(dense / "pytorch_model.bin", weights_only=True)
        self.dense = weights["linear.weight"].float()

    def ids(self, text, max_length):
        ids = self.tokenizer.encode(text.lower() if self.lower else text).ids
        return ids if len(ids) <= max_length else ids[:max_length - 1] + [EOS]

    def skipped(self, mode, instruction, max_length):
        """How many tokens of the instruction are not pooled."""
        if mode != "V1_0_1" and not instruction:
            return 0
        count = len(self.ids(instruction.strip(), max_length)) - 1
        return 0 if mode == "V1_0_1" and count <= 1 else count

    @torch.no_grad()
    def golden(self, case):
        mode, instruction, text = (case[key] for key in ("mode", "instruction", "text"))
        longest = case.get("max_length", WINDOW)
        if mode == "HEAD":
            instruction = instruction.strip()
        if mode != "ST":
            text = text.strip()
        ids = self.ids((instruction + text).strip(), longest)
        skipped = min(self.skipped(mode, instruction, longest), len(ids))
        pooled = [0] * skipped + [1] * (len(ids) - skipped)
        states = self.encoder(input_ids=torch.tensor([ids])).last_hidden_state[0]
        mean = states[skipped:].sum(0) / max(sum(pooled), 1e-9)
        vector = torch.nn.functional.normalize(self.dense @ mean, dim=0, eps=1e-12)
        found = {"ids": ids, "pooled": pooled, "vector": vector.tolist()}
        return {key: found.get(key, value) for key, value in case.items()}


def main():
    folder, cases, out = map(Path, sys.argv[1:4])
    reference, far, other = Reference(folder), 0.0, 0
    with cases.open(encoding="utf-8") as lines, out.open("w", encoding="utf-8") as made:
        for line in lines:
            case = json.loads(line)
            golden = reference.golden(case) if "mode" in case else case  # else the line of a name
            made.write(json.dumps(golden) + "\n")
            other += any(golden.get(key) != case.get(key) for key in ("ids", "pooled"))
            if len(golden.get("vector", [])) == len(case.get("vector", [])):
                far = max([far, *(abs(a - b) for a, b in zip(golden.get("vector", []), case.get("vector", [])))])
    print(f"{other} lines with other ids or pooled tokens than in {cases.name}, largest difference of a component {far:.1e}")


main()
