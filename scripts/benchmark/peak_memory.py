"""Peak anonymous memory of a process while it loads a model: samples RssAnon until it prints "ready".

usage: peak_memory.py WEIGHT_BYTES -- COMMAND ...
"""

import pathlib
import subprocess
import sys
import threading
import time

weights, command = int(sys.argv[1]), sys.argv[3:]
process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
peak, now, running = 0, 0, True


def sample():
    global peak, now
    while running:
        try:
            for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
                if line.startswith("RssAnon"):
                    now = int(line.split()[1]) * 1024
                    peak = max(peak, now)
        except (FileNotFoundError, ProcessLookupError):
            return
        time.sleep(0.005)


sampler = threading.Thread(target=sample)
sampler.start()
first = process.stdout.readline().strip()
time.sleep(0.1)
print(f"{first}: peak anonymous memory {peak / 1e6:.0f} MB, {peak / weights:.3f} x the fp32 weights; at the end {now / 1e6:.0f} MB", end="")
process.stdin.write("pass\n")
process.stdin.flush()
process.stdout.readline()
time.sleep(0.1)
print(f"; after a pass {now / 1e6:.0f} MB")
running = False
sampler.join()
process.stdin.close()
process.wait()
