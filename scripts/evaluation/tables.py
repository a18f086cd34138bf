#!/usr/bin/env python3
"""Tables for docs/evaluation.md and charts for docs/img, from a folder that `evaluate` wrote.

  python3 -m venv venv && venv/bin/pip install matplotlib==3.10.7
  venv/bin/python scripts/evaluation/tables.py FOLDER CHARTS MODEL=NAME ... > tables.md

MODEL=NAME gives the models of --model the names that tables show, in their order.
"""
import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

VARIANTS = ("own", "none", "wrong")


def lines(folder, name):
    file = folder / name
    return [json.loads(line) for line in file.open(encoding="utf-8")] if file.exists() else []


def estimate(line, name):
    """The low end, the value and the high end of what a line says under a name."""
    prefix = "" if name == "score" else f"{name}_"
    return line[f"{prefix}low"], line[name], line[f"{prefix}high"]


def interval(line, name="score"):
    low, value, high = estimate(line, name)
    return f"{100 * value:.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def gap(line, name):
    low, value, high = estimate(line, name)
    noise = " ~" if low <= 0 <= high else ""
    return f"{100 * value:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]{noise}"


def spoken(name):
    return name.replace("_", " ")


def table(title, head, rows):
    print(f"### {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|---" * len(head) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def chart(charts, name, axis, bars):
    """One bar of low, value, high for each label; the first at the top."""
    figure, axes = pyplot.subplots(figsize=(7, 0.6 + 0.28 * len(bars)))
    for place, (label, low, value, high) in enumerate(reversed(bars)):
        axes.plot([100 * low, 100 * high], [place, place], color="#7a8fa6", linewidth=2)
        axes.plot([100 * value], [place], "o", color="#1f4e79", markersize=5)
    axes.set_yticks(range(len(bars)), [bar[0] for bar in reversed(bars)], fontsize=8)
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlabel(axis, fontsize=8)
    axes.grid(axis="x", color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    figure.savefig(charts / f"evaluation-{name}.svg", bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)


def scores(folder, names):
    scored, summary = lines(folder, "scores.jsonl"), lines(folder, "summary.jsonl")
    sides = [(model, variant) for model in names for variant in VARIANTS
             if any((line["model"], line["instruction"]) == (model, variant) for line in scored)]
    head = [f"{names[model]}, {variant}" if len(names) > 1 else variant for model, variant in sides]

    def row(label, of):
        found = {(line["model"], line["instruction"]): line for line in of}
        return [label, *(interval(found[side]) for side in sides)]

    averages = [line for line in summary if "score" in line]
    levels = dict.fromkeys((line["level"], line["name"]) for line in averages)
    table("Scores by category", ["", *head],
          [row(spoken(name if level == "category" else level),
               [line for line in averages if (line["level"], line["name"]) == (level, name)])
           for level, name in levels])
    tasks = dict.fromkeys((line["task"], line["metric"]) for line in scored)
    table("Scores by task", ["", *head],
          [row(f"{task} ({spoken(metric)})", [line for line in scored if line["task"] == task])
           for task, metric in tasks])
    parts = [line for line in scored if "parts" in line]
    if parts:
        keys = [key for key in parts[0]["parts"] if not key.endswith(("_low", "_high"))]
        table("Views", ["model", "instruction", *map(spoken, keys)],
              [[names[line["model"]], line["instruction"],
                *(interval(line["parts"], key) for key in keys)] for line in parts])
    differences = [line for line in summary if "difference" in line]
    pairs = dict.fromkeys((line["model"], line["instruction"], line["minus_model"],
                           line["minus_instruction"]) for line in differences)
    for model, instruction, minus, minus_instruction in pairs:
        some = [line for line in differences if line["level"] != "task"
                and (line["model"], line["instruction"], line["minus_model"],
                     line["minus_instruction"]) == (model, instruction, minus, minus_instruction)]
        title = f"{instruction} minus {minus_instruction}, {names[model]}" if model == minus else \
            f"{names[model]} minus {names[minus]}, {instruction}"
        table(title, ["", "difference"],
              [[spoken(line["name"] if line["level"] == "category" else line["level"]),
                gap(line, "difference")] for line in some])


def bars_of(found, label, name):
    return [(label(line), *estimate(line, name)) for line in found]


def analyses(folder, charts, names):
    told = lines(folder, "analyses.jsonl")

    def of(analysis):
        return [line for line in told if line["analysis"] == analysis and line["model"] in names]

    if found := of("complexity"):
        table("Complexity of instructions", ["model", "instruction", "mean over tasks", "against none"],
              [[names[line["model"]], line["level"], interval(line), gap(line, "minus_none")] for line in found])
        chart(charts, "complexity", "mean over tasks",
              bars_of(found, lambda line: f'{names[line["model"]]}: {line["level"]}', "score"))
    if found := of("robustness"):
        table("Robustness to paraphrases", ["model", "task", "own", "mean of five", "least", "most", "spread"],
              [[names[line["model"]], line["task"],
                *(f"{100 * line[key]:.1f}" for key in ("own", "mean", "least", "most", "spread"))] for line in found])
        chart(charts, "robustness", "from the least to the most of five paraphrases",
              [(f'{names[line["model"]]}: {line["task"]}', line["least"], line["mean"], line["most"]) for line in found])
    if found := of("instructions"):
        table("With instructions against without", ["model", "tasks", "with", "without", "difference"],
              [[names[line["model"]], spoken(line["group"]), interval(line, "with"), interval(line, "without"),
                gap(line, "difference")] for line in found])
        chart(charts, "instructions", "with minus without, points",
              bars_of(found, lambda line: f'{names[line["model"]]}: {spoken(line["group"])}', "difference"))
    if found := of("size"):
        table("Size of models", ["model", "parameters", "with", "without", "difference"],
              [[names[line["model"]], f'{line["parameters"]:,}', interval(line, "with"), interval(line, "without"),
                gap(line, "difference")] for line in found])
        chart(charts, "size", "mean over tasks, with instructions", bars_of(found, lambda line: names[line["model"]], "with"))
    if found := of("shift"):
        table("Shift of domain", ["domain", "tasks", "base", "model", "gain in points", "gain in %"],
              [[line["domain"], ", ".join(line["tasks"]), interval(line, "base"), interval(line), gap(line, "gain"),
                f'{line["gain_percent"]:+.1f}' if "gain_percent" in line else "–"] for line in found])
        chart(charts, "shift", "gain, points", bars_of(found, lambda line: line["domain"], "gain"))


def main():
    folder, charts = Path(sys.argv[1]), Path(sys.argv[2])
    names = dict(pair.rsplit("=", 1) for pair in sys.argv[3:])
    scores(folder, names)
    analyses(folder, charts, names)


main()
