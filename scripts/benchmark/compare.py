"""Runs both sides in turn and prints the ratio of their CPU-seconds: tokens per CPU-second, ours by the reference's.

usage: compare.py FOLDER PRECISION THREADS PASSES -- COMMAND OF OUR SIDE ...
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile

import numpy as np

folder, precision, threads, passes = sys.argv[1:5]
ours = sys.argv[6:]
theirs = [sys.executable, str(pathlib.Path(__file__).with_name("eager.py")), folder, precision, threads]


def start(command):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline().strip()
    if not line.startswith("ready"):
        sys.exit(f"{command[0]} did not start: {line}")
    return process


def ask(process, line):
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return process.stdout.readline().split()


sides = {"ours": start(ours), "eager": start(theirs)}
times = {"ours": [], "eager": []}
for number in range(int(passes) + 2):
    for name, process in sides.items():
        cpu = float(ask(process, "pass")[1])
        if number >= 2:  # two passes to warm up
            times[name].append(cpu)
vectors = {}
with tempfile.TemporaryDirectory() as scratch:
    for name, process in sides.items():
        file = f"{scratch}/{name}"
        ask(process, f"dump {file}")
        vectors[name] = np.fromfile(file, dtype="<f4")
        process.stdin.close()
        process.wait()
a, b = (vectors[n].reshape(512, -1) for n in ("ours", "eager"))
ratios = [e / o for e, o in zip(times["eager"], times["ours"])]
print(f"{precision}, {threads} thread(s), {passes} passes in turn: CPU-seconds a pass"
      f" ours {statistics.median(times['ours']):.3f} ({min(times['ours']):.3f}-{max(times['ours']):.3f})"
      f" eager {statistics.median(times['eager']):.3f} ({min(times['eager']):.3f}-{max(times['eager']):.3f});"
      f" tokens per CPU-second ours / eager {statistics.median(ratios):.3f} ({min(ratios):.3f}-{max(ratios):.3f});"
      f" max difference {np.abs(a - b).max():.1e}, min cosine {(a * b).sum(1).min():.6f}")
