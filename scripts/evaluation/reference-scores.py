#!/usr/bin/env python3
"""The numbers that MetricsTest expects, by scikit-learn and scipy.

  python3 -m venv venv && venv/bin/pip install scikit-learn scipy numpy
  venv/bin/python scripts/evaluation/reference-scores.py
"""
import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, ndcg_score, v_measure_score


def numbers(count, seed):
    """The same in Java: a linear congruential generator, from 0 to below 1 in thousandths."""
    state, made = seed, []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        made.append(state // 65536 % 1000 / 1000)
    return np.array(made)


x, y = numbers(40, 1), numbers(40, 2)
tied_x, tied_y = np.round(x, 1), np.round(y, 1)
print("pearson", pearsonr(x, y)[0])
print("spearman", spearmanr(x, y)[0])
print("spearman with ties", spearmanr(tied_x, tied_y)[0])
times = np.array([i % 4 for i in range(40)])
print("spearman repeated", spearmanr(np.repeat(tied_x, times), np.repeat(tied_y, times))[0])
print("pearson repeated", pearsonr(np.repeat(x, times), np.repeat(y, times))[0])
relevant = y > 0.6
print("average precision", average_precision_score(relevant, x))
print("average precision with ties", average_precision_score(relevant, tied_x))
print("average precision repeated", average_precision_score(np.repeat(relevant, times), np.repeat(tied_x, times)))
gains = np.floor(y * 4)
print("ndcg@10", ndcg_score([gains], [x], k=10))
labels, clusters = np.floor(x * 3).astype(int), np.floor((0.7 * x + 0.3 * y) * 4).astype(int)
print("v-measure", v_measure_score(labels, clusters))
print("v-measure repeated", v_measure_score(np.repeat(labels, times), np.repeat(clusters, times)))

vectors = numbers(60 * 4, 3).reshape(60, 4)
for classes in (2, 3):
    targets = np.minimum(np.floor((vectors[:, 0] + vectors[:, 1]) * classes / 2).astype(int), classes - 1)
    fit = LogisticRegression(max_iter=1000, tol=1e-10).fit(vectors, targets)
    print("logistic", classes, np.vstack([fit.coef_.T, fit.intercept_]).ravel().tolist())
    print("  right", int((fit.predict(vectors) == targets).sum()))
