"""Runs two training benchmarks in turn and prints the ratio of their records a second.

usage: train_compare.py RECORDS PASSES -- OURS ... -- THEIRS ...
"""

import statistics
import subprocess
import sys

records, passes = int(sys.argv[1]), int(sys.argv[2])
rest = sys.argv[4:]
cut = rest.index("--")
sides = {
    name: subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for name, command in (("ours", rest[:cut]), ("theirs", rest[cut + 1 :]))
}
times = {name: [] for name in sides}
for process in sides.values():
    while process.stdout.readline().strip() != "ready":
        if process.poll() is not None:
            sys.exit("a side of the benchmark ended before it began")
for turn in range(passes + 1):  # the first is for warming up
    for name, process in sides.items():
        process.stdin.write("pass\n")
        process.stdin.flush()
        words = process.stdout.readline().split()
        if turn:
            times[name].append(float(words[1]))
            print(f"{name}: {records / float(words[1]):.1f} records/s, {words[3]} CPU-seconds, last loss {words[5]}", flush=True)
for process in sides.values():
    process.stdin.close()
    process.wait()
ratios = [theirs / ours for ours, theirs in zip(times["ours"], times["theirs"])]
print(f"ours by theirs: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")
