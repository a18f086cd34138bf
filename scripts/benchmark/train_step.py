"""The reference side of the training benchmark: the same updates in plain PyTorch with Hugging Face's T5EncoderModel.

Reads lines on standard input: each "pass" is one update a batch and prints wall and CPU seconds and the last loss.
usage: train_step.py CHECKPOINT BATCHES.json fp32|bf16 THREADS DROPOUT
"""

import json
import pathlib
import sys
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from transformers import T5Config, T5EncoderModel

folder, precision, threads, dropout = pathlib.Path(sys.argv[1]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5])
torch.set_num_threads(threads)
config = T5Config.from_pretrained(folder, dropout_rate=dropout)
model = T5EncoderModel.from_pretrained(folder, config=config, dtype=torch.float32).train()
dense = torch.nn.Parameter(load_file(folder / "2_Dense/model.safetensors")["linear.weight"].float())
embedding = model.shared.weight
rest = [p for p in model.parameters() if p is not embedding] + [dense]
optimizer = torch.optim.AdamW(
    [{"params": [embedding], "lr": 1e-3, "weight_decay": 0.0}, {"params": rest, "lr": 1e-4}], weight_decay=0.01, fused=True
)


def padded(rows, starts):
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    attention = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    text = attention.clone()
    for row, start in enumerate(starts):
        text[row, :start] = 0
    return ids, attention, text.float().unsqueeze(-1)


steps = []
for one in json.load(open(sys.argv[2])):
    pairs = len(one["ids"]) // 3
    steps.append([padded(one["ids"][k : k + pairs], one["starts"][k : k + pairs]) for k in (0, pairs, 2 * pairs)])


def encode(ids, attention, text):
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
        hidden = model(input_ids=ids, attention_mask=attention).last_hidden_state
    pooled = (hidden.float() * text).sum(1) / text.sum(1).clamp(min=1e-9)
    return F.normalize(pooled @ dense.T, dim=1)


print("ready", flush=True)
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    for step in steps:
        query, positive, negative = (encode(*side) for side in step)
        target = torch.arange(len(query))
        loss = F.cross_entropy(query @ torch.cat([positive, negative]).T / 0.05, target) + F.cross_entropy(
            positive @ query.T / 0.05, target
        )
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    print(f"wall {time.perf_counter() - wall:.4f} cpu {time.process_time() - cpu:.4f} loss {loss.item():.4f}", flush=True)
