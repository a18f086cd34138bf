#!/usr/bin/env python3
"""BM25 on the retrieval and reranking tasks of a suite: what words alone come to.

  python3 -m venv venv && venv/bin/pip install rank-bm25==0.2.2 scikit-learn pyyaml
  venv/bin/python scripts/evaluation/bm25.py SUITE > FOLDER/scores.jsonl

It writes lines as those of `evaluate`, with the model BM25.
"""
import gzip
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import yaml
from rank_bm25 import BM25Okapi
from sklearn.metrics import average_precision_score, ndcg_score


def rows(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def words(text):
    return re.findall(r"\w+", text.lower())


def retrieval(files):
    corpus = rows(files["corpus"])
    places = {row["id"]: place for place, row in enumerate(corpus)}
    index = BM25Okapi([words(f'{row.get("title", "")} {row["text"]}') for row in corpus])
    judged = defaultdict(dict)
    for row in rows(files["qrels"]):
        judged[row["query"]][row["doc"]] = row["score"]
    scores = []
    for query in rows(files["queries"]):
        gains = np.zeros(len(corpus))
        for doc, score in judged[query["id"]].items():
            if doc in places:
                gains[places[doc]] = max(0, score)
        if gains.any():
            scores.append(ndcg_score([gains], [index.get_scores(words(query["text"]))], k=10))
    return scores


def reranking(files):
    scores = []
    for row in rows(files["candidates"]):
        if row["positives"] and row["negatives"]:
            found = BM25Okapi([words(text) for text in row["positives"] + row["negatives"]])
            relevant = [1] * len(row["positives"]) + [0] * len(row["negatives"])
            scores.append(average_precision_score(relevant, found.get_scores(words(row["query"]))))
    return scores


def main():
    suite = Path(sys.argv[1])
    for file in sorted(suite.glob("*.yaml")):
        task = yaml.safe_load(file.read_text(encoding="utf-8"))
        score = {"retrieval": retrieval, "reranking": reranking}.get(task["category"])
        if score:
            scores = score({name: suite / path for name, path in task["files"].items()})
            print(json.dumps({"task": task["name"], "category": task["category"], "metric": task["metric"], "model": "BM25",
                              "instruction": "none", "score": float(np.mean(scores)), "n": len(scores)}))


main()
