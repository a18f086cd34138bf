"""Compares dumped gradients with PyTorch's autograd through Hugging Face's T5EncoderModel.

usage: gradients.py CHECKPOINT FOLDER   (exit 1 if the loss or a gradient differs by more than 1e-4 of its largest number)
"""

import json
import pathlib
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from transformers import T5EncoderModel

checkpoint, folder = map(pathlib.Path, sys.argv[1:3])
batch = json.loads((folder / "batch.json").read_text())
found = load_file(folder / "gradients.safetensors")
model = T5EncoderModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
safe, pickled = checkpoint / "2_Dense/model.safetensors", checkpoint / "2_Dense/pytorch_model.bin"
stored = load_file(safe) if safe.exists() else torch.load(pickled, weights_only=True)
dense = {name: torch.nn.Parameter(value.float()) for name, value in stored.items()}
activation = json.loads((checkpoint / "2_Dense/config.json").read_text())["activation_function"]

width = max(map(len, batch["ids"]))
ids = torch.tensor([row + [0] * (width - len(row)) for row in batch["ids"]])
attention = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in batch["ids"]])
text = attention.clone()
for row, start in enumerate(batch["starts"]):
    text[row, :start] = 0
text = text.float().unsqueeze(-1)
hidden = model(input_ids=ids, attention_mask=attention).last_hidden_state
pooled = F.linear((hidden * text).sum(1) / text.sum(1), dense["linear.weight"], dense.get("linear.bias"))
vectors = F.normalize(torch.tanh(pooled) if activation.endswith("Tanh") else pooled, dim=1)
pairs = batch["pairs"]
query, positive, negative = vectors[:pairs], vectors[pairs : 2 * pairs], vectors[2 * pairs :]
own = (query * positive).sum(1, keepdim=True)
forth = torch.cat([own, query @ negative.T], 1) / batch["temperature"]
back = positive @ query.T / batch["temperature"]
loss = F.cross_entropy(forth, torch.zeros(pairs, dtype=torch.long)) + F.cross_entropy(back, torch.arange(pairs))
loss.backward()

expected = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
expected.update({"2_Dense." + name: p.grad for name, p in dense.items()})
worst = abs(loss.item() - batch["loss"]) / abs(loss.item())
print(f"{checkpoint.name}: loss {loss.item():.6f}, relative difference {worst:.1e}")
for name, gradient in found.items():
    other = expected.pop(name)
    difference = ((gradient - other).abs().max() / other.abs().max()).item()
    worst = max(worst, difference)
expected.pop("encoder.embed_tokens.weight", None)
print(f"{checkpoint.name}: {len(found)} gradients, largest relative difference {worst:.1e}, not found: {sorted(expected)}")
sys.exit(worst > 1e-4 or bool(expected))
