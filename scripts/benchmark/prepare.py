"""Makes what the engine benchmark reads: a random checkpoint in the INSTRUCTOR layout and batches of token ids.

usage: prepare.py OUT SHAPE TOKENIZER TEXTS
SHAPE: base, large, xl or mini. TOKENIZER: a tokenizer.json. TEXTS: JSON lines (.gz) with a field "text".
"""

import gzip
import json
import pathlib
import shutil
import sys

import torch
from tokenizers import Tokenizer
from transformers import T5Config, T5EncoderModel

SHAPES = {
    "mini": dict(num_layers=4, d_model=256, d_kv=64, num_heads=4, d_ff=1024, dense=256),
    "base": dict(num_layers=12, d_model=768, d_kv=64, num_heads=12, d_ff=3072, dense=768),
    "large": dict(num_layers=24, d_model=1024, d_kv=64, num_heads=16, d_ff=4096, dense=768),
    "xl": dict(num_layers=24, d_model=1024, d_kv=128, num_heads=32, d_ff=16384, dense=768),
}
TEXTS = 512
BUDGET = 512
INSTRUCTION = "Represent the sentence for retrieving similar sentences: "


def checkpoint(folder: pathlib.Path, shape: dict, tokenizer: str) -> None:
    torch.manual_seed(1)
    dense = shape["dense"]
    config = T5Config(
        vocab_size=32128, feed_forward_proj="relu", dropout_rate=0.0, is_encoder_decoder=False, use_cache=False,
        **{k: v for k, v in shape.items() if k != "dense"})
    model = T5EncoderModel(config).eval()
    model.save_pretrained(folder)
    (folder / "2_Dense").mkdir(exist_ok=True)
    (folder / "1_Pooling").mkdir(exist_ok=True)
    from safetensors.torch import save_file

    save_file({"linear.weight": torch.randn(dense, config.d_model) * 0.03}, folder / "2_Dense/model.safetensors")
    (folder / "2_Dense/config.json").write_text(json.dumps(dict(
        in_features=config.d_model, out_features=dense, bias=False,
        activation_function="torch.nn.modules.linear.Identity")))
    (folder / "1_Pooling/config.json").write_text(json.dumps(dict(
        word_embedding_dimension=config.d_model, pooling_mode_mean_tokens=True)))
    (folder / "sentence_bert_config.json").write_text(json.dumps(dict(max_seq_length=512, do_lower_case=False)))
    names = ["Transformer", "Pooling", "Dense", "Normalize"]
    (folder / "modules.json").write_text(json.dumps([
        dict(idx=i, name=str(i), path="" if i == 0 else f"{i}_{n}", type=f"sentence_transformers.models.{n}")
        for i, n in enumerate(names)]))
    shutil.copyfile(tokenizer, folder / "tokenizer.json")


def batches(file: pathlib.Path, tokenizer: str, texts: str) -> None:
    reader = Tokenizer.from_file(tokenizer)
    count = len(reader.encode(INSTRUCTION.strip()).ids) - 1
    rows = []
    with gzip.open(texts, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 97 == 0:
                rows.append(reader.encode(INSTRUCTION + json.loads(line)["text"].strip()).ids[:512])
            if len(rows) == TEXTS:
                break
    rows.sort(key=len, reverse=True)
    cut, start = [], 0
    while start < len(rows):
        end = start + max(1, BUDGET // len(rows[start]))
        cut.append(rows[start:end])
        start = end
    file.write_text(json.dumps(dict(text_start=count, batches=cut)))
    real = sum(len(r) for r in rows)
    padded = sum(len(b) * len(b[0]) for b in cut)
    print(f"{len(rows)} texts, {len(cut)} batches, {real} tokens, real / padded {real / padded:.3f}")


if __name__ == "__main__":
    out, shape, tokenizer, texts = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    out.mkdir(parents=True, exist_ok=True)
    checkpoint(out, SHAPES[shape], tokenizer)
    batches(out / "batches.json", tokenizer, texts)
