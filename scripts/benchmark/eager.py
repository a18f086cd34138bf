"""The reference side of the engine benchmark: Hugging Face's T5EncoderModel, eager, on given batches.

Reads lines on standard input: each "pass" encodes all batches once and prints the CPU-seconds it took.
usage: eager.py FOLDER fp32|bf16 THREADS
"""

import json
import pathlib
import sys
import time

import torch
from safetensors.torch import load_file
from transformers import T5EncoderModel

folder, precision, threads = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)
dtype = torch.bfloat16 if precision == "bf16" else torch.float32
model = T5EncoderModel.from_pretrained(folder, dtype=dtype).eval()
dense = load_file(folder / "2_Dense/model.safetensors")["linear.weight"]
work = json.loads((folder / "batches.json").read_text())
inputs = []
for batch in work["batches"]:
    width = len(batch[0])
    ids = torch.tensor([row + [0] * (width - len(row)) for row in batch])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in batch])
    text = mask.clone()
    text[:, : work["text_start"]] = 0
    inputs.append((ids, mask, text.float().unsqueeze(-1)))


@torch.inference_mode()
def run():
    out = []
    for ids, mask, text in inputs:
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        pooled = (hidden * text).sum(1) / text.sum(1).clamp(min=1e-9)
        out.append(torch.nn.functional.normalize(pooled @ dense.T, dim=1))
    return torch.cat(out)


print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "pass":
        start = time.process_time()
        result = run()
        print(f"cpu {time.process_time() - start:.4f}", flush=True)
    elif line.startswith("dump "):
        pathlib.Path(line[5:].strip()).write_bytes(result.numpy().astype("<f4").tobytes())
        print("dumped", flush=True)
