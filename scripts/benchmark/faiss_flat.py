"""Seconds of faiss' flat index for the ten neighbours of vectors among themselves, and how many of ours are the same.

Arguments: a folder of Parquet with id and embedding, rows, threads, a folder of our result.
"""
import glob
import sys
import time

import faiss
import numpy as np
import pyarrow.parquet as pq

folder, rows, threads, result = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
table = pq.read_table(sorted(glob.glob(folder + "/part-*.parquet")), columns=["id", "embedding"])
ids = np.asarray(table["id"].to_pylist(), dtype=np.int64)
chosen = ids < rows
dimension = len(table["embedding"][0])
flat = table["embedding"].combine_chunks().flatten().to_numpy().reshape(-1, dimension)
order = np.argsort(ids[chosen])
vectors = np.ascontiguousarray(flat[chosen][order], dtype=np.float32)
faiss.normalize_L2(vectors)
faiss.omp_set_num_threads(threads)
index = faiss.IndexFlatIP(dimension)
index.add(vectors)
start = time.time()
similarities, neighbours = index.search(vectors, 11)
seconds = time.time() - start
print(f"faiss {faiss.__version__}: {rows} x {rows} x {dimension}: search {seconds:.1f} s on {threads} threads")
ours = pq.read_table(sorted(glob.glob(result + "/part-*.parquet")))
same = total = 0
worst = 0.0
for row in ours.slice(0, 2000).to_pylist():
    own = row["id"]
    keep = [(n, s) for n, s in zip(neighbours[own], similarities[own]) if n != own][:10]
    mine = row["neighbors"]
    total += len(mine)
    for (n, s), m in zip(keep, mine):
        same += n == m["id"]
        worst = max(worst, abs(s - m["similarity"]))
print(f"of the first {min(2000, len(ours))} rows, {same} of {total} neighbours at the same place; largest difference of a similarity {worst:.1e}")
