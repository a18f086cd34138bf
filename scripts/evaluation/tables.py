#!/usr/bin/env python3
"""Fills the tables of docs/evaluation.md, and draws the charts of docs/img, from folders that `evaluate` wrote.

  python3 -m venv venv && venv/bin/pip install matplotlib==3.10.7
  venv/bin/python scripts/evaluation/tables.py docs/evaluation.md docs/img \
    --model builtin:instructor-mini=built-in --model FIRST=first --model FIRST-AGAIN=first --from SCORES ANALYSES ...

--model URI=NAME says how the page calls a model of the folders, in the order of its columns; the first is the one that the page is
about, and one model may have several URIs. A table stands between `<!-- table: NAME -->` and `<!-- /table -->`; tables for which the
folders have nothing stay as they are.
"""
import argparse
import json
import re
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "evaluation"  # the same picture is the same file
from matplotlib import pyplot  # noqa: E402

VARIANTS = ("own", "none", "wrong")
# Of the paper: averages of instructor-xl over the sets of MTEB.
PUBLISHED = {
    "classification": ("accuracy", "73.1"),
    "clustering": ("V-measure", "44.7"),
    "pair_classification": ("average precision", "86.6"),
    "reranking": ("MAP", "57.3"),
    "retrieval": ("nDCG@10", "49.3"),
    "sts": ("Spearman", "83.1"),
    "summarisation": ("Spearman", "32.3"),
    "text_generation_evaluation": ("Pearson", "–"),
    "prompt_retrieval": ("same template in the nearest example", "–"),
}


def spoken(name):
    return {"sts": "STS"}.get(name, name.replace("_", " "))


def estimate(line, name):
    """The low end, the value and the high end of what a line says under a name; a value alone is all three."""
    prefix = "" if name == "score" else f"{name}_"
    value = line[name]
    return line.get(f"{prefix}low", value), value, line.get(f"{prefix}high", value)


def interval(line, name="score"):
    if line is None:
        return "–"
    low, value, high = estimate(line, name)
    told = ("low" if name == "score" else f"{name}_low") in line
    return f"{100 * value:.1f}" + (f" [{100 * low:.1f}, {100 * high:.1f}]" if told else "")


def gap(line, name="difference"):
    low, value, high = estimate(line, name)
    return f"{100 * value:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]" + (" ~" if low <= 0 <= high else "")


def turned(line):
    """What b less a is, where the line says a less b."""
    low, value, high = estimate(line, "difference")
    return {"difference": -value, "difference_low": -high, "difference_high": -low}


def table(head, rows):
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)


class Told:
    """What `evaluate` wrote, with the models by the page's names."""

    def __init__(self, folders, names):
        self.models = list(dict.fromkeys(names.values()))
        self.first = self.models[0]
        self.scores = self.read(folders, "scores.jsonl", names)
        self.summary = self.read(folders, "summary.jsonl", names)
        self.analyses = self.read(folders, "analyses.jsonl", names)
        self.means = [line for line in self.summary if "score" in line]
        self.differences = [line for line in self.summary if "difference" in line]

    @staticmethod
    def read(folders, name, names):
        """The lines of all folders; what two of them say of the same is taken from the first."""
        found = {}
        for folder in folders:
            file = folder / name
            for text in file.open(encoding="utf-8") if file.exists() else ():
                line = json.loads(text)
                if line["model"] not in names:
                    continue
                line["model"] = names[line["model"]]
                if "minus_model" in line:
                    line["minus_model"] = names.get(line["minus_model"])
                key = tuple(line.get(part) for part in ("analysis", "level", "group", "name", "task", "domain", "model",
                                                        "instruction", "minus_model", "minus_instruction"))
                found.setdefault(key, line)
        return list(found.values())

    def of(self, analysis):
        return [line for line in self.analyses if line["analysis"] == analysis]

    def mean(self, level, name, model, instruction):
        return next((line for line in self.means if (line["level"], line["name"], line["model"], line["instruction"])
                     == (level, name, model, instruction)), None)

    def difference(self, level, name, more, less):
        """`more` and `less` are pairs of model and instruction."""
        for sides, change in (((more, less), dict), ((less, more), turned)):
            for line in self.differences:
                if (line["level"], line["name"]) == (level, name) and \
                        ((line["model"], line["instruction"]), (line["minus_model"], line["minus_instruction"])) == sides:
                    return gap(change(line))
        return "–"

    def levels(self):
        """Categories, then the means over all, as the first model has them."""
        return list(dict.fromkeys((line["level"], line["name"]) for line in self.means
                                  if line["level"] != "task" and line["model"] == self.first))

    def sides(self):
        have = {(line["model"], line["instruction"]) for line in self.scores}
        return [(model, variant) for model in self.models for variant in VARIANTS if (model, variant) in have]


def level_name(level, name):
    return spoken(name if level == "category" else level)


def categories(told):
    if not told.means:
        return None
    counts = {}
    for line in told.scores:
        if (line["model"], line["instruction"]) == (told.first, "own"):
            counts[line["category"]] = counts.get(line["category"], 0) + 1
    rows = []
    for name, (score, published) in PUBLISHED.items():
        own, none = (told.mean("category", name, told.first, variant) for variant in ("own", "none"))
        rows.append([spoken(name), score, published, interval(own) if own else "not scored", interval(none) if own else "",
                     str(counts.get(name, 0))])
    level, name = next(key for key in told.levels() if key[0] == "mean_over_tasks")
    rows.append(["mean over our tasks, the views below included", "", "",
                 *(interval(told.mean(level, name, told.first, variant)) for variant in ("own", "none")), str(sum(counts.values()))])
    return table(["category", "score", "instructor-xl, published", f"{told.first}, own instruction", "none", "our sets"], rows)


def differences(told):
    if not told.differences:
        return None
    pairs = [(f"{told.first}: own − none", (told.first, "own"), (told.first, "none")),
             (f"{told.first}: own − wrong", (told.first, "own"), (told.first, "wrong"))]
    for model in told.models[1:]:
        if any(line["model"] == model and line["instruction"] == "own" for line in told.differences):
            pairs += [(f"{model}: own − none", (model, "own"), (model, "none")),
                      (f"{told.first} − {model}, own", (told.first, "own"), (model, "own"))]
    return table(["", *(head for head, _, _ in pairs)],
                 [[level_name(level, name), *(told.difference(level, name, more, less) for _, more, less in pairs)]
                  for level, name in told.levels()])


def views(told):
    rows = [[line["model"], *(interval(line["parts"], key) for key in
                              ("view1_under_view1", "view1_under_view2", "view2_under_view2", "view2_under_view1"))]
            for line in told.scores if "parts" in line and line["instruction"] == "own"]
    return table(["", "view 1 under its own", "view 1 under view 2's", "view 2 under its own", "view 2 under view 1's"],
                 rows) if rows else None


def by_words(told):
    """Models that read no instruction, as BM25, on the tasks that all of them have, beside the first."""
    others = [model for model in told.models
              if {line["instruction"] for line in told.scores if line["model"] == model} == {"none"}]
    if not others:
        return None
    sides = [(model, "none") for model in others] + [(told.first, "own"), (told.first, "none")]
    heads = others + [f"{told.first}, own", f"{told.first}, none"]
    tasks = [line["task"] for line in told.scores if line["model"] == others[0]]
    return table(["task", *heads], [[task, *(interval(score(told, task, *side)) for side in sides)] for task in tasks])


def score(told, task, model, instruction):
    return next((line for line in told.scores if (line["task"], line["model"], line["instruction"])
                 == (task, model, instruction)), None)


def whole(told):
    """The sides that the whole suite was scored for."""
    return [side for side in told.sides() if told.mean(*told.levels()[-1], *side)]


def heads(sides):
    return ["", *(f"{model}, {variant}" for model, variant in sides)]


def by_category(told):
    if not told.means:
        return None
    sides = whole(told)
    return table(heads(sides), [[level_name(*level), *(interval(told.mean(*level, *side)) for side in sides)]
                                for level in told.levels()])


def by_task(told):
    if not told.scores:
        return None
    sides = whole(told)
    tasks = dict.fromkeys((line["task"], line["metric"]) for line in told.scores if line["model"] == told.first)
    return table(heads(sides), [[f"{task} ({spoken(metric)})", *(interval(score(told, task, *side)) for side in sides)]
                                for task, metric in tasks])


def chart(charts, name, axis, bars):
    """One bar of low, value, high for each label; the first at the top."""
    figure, axes = pyplot.subplots(figsize=(7, 0.6 + 0.28 * len(bars)))
    for place, (label, low, value, high) in enumerate(reversed(bars)):
        axes.plot([100 * low, 100 * high], [place, place], color="#7a8fa6", linewidth=2)
        axes.plot([100 * value], [place], "o", color="#1f4e79", markersize=5)
    axes.set_yticks(range(len(bars)), [bar[0] for bar in reversed(bars)], fontsize=8)
    axes.set_ylim(-0.6, len(bars) - 0.4)
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlabel(axis, fontsize=8)
    axes.grid(axis="x", color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)
    if any(low < 0 < high for _, low, _, high in bars):
        axes.axvline(0, color="#999999", linewidth=1)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    figure.savefig(charts / f"evaluation-{name}.svg", bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)


def bars_of(found, label, name):
    return [(label(line), *estimate(line, name)) for line in found]


def complexity(told, charts):
    if not (found := told.of("complexity")):
        return None
    chart(charts, "complexity", "mean over tasks", bars_of(found, lambda line: line["level"], "score"))
    return table(["instruction", "mean over tasks", "less none"],
                 [[line["level"], interval(line), gap(line, "minus_none") if line["level"] != "none" else "–"] for line in found])


def robustness(told, charts):
    if not (found := told.of("robustness")):
        return None
    chart(charts, "robustness", "from the least to the most of five paraphrases",
          [(line["task"], line["least"], line["mean"], line["most"]) for line in found])
    keys = ("own", "mean", "least", "most", "spread")
    return table(["task", "own", "mean of five", "least", "most", "spread"],
                 [[line["task"], *(f"{100 * line[key]:.1f}" for key in keys)] for line in found])


def instructions(told, charts):
    if not (found := told.of("instructions")):
        return None
    chart(charts, "instructions", "with less without, points", bars_of(found, lambda line: spoken(line["group"]), "difference"))
    return table(["tasks", "with", "without", "difference"],
                 [[spoken(line["group"]), interval(line, "with"), interval(line, "without"), gap(line)] for line in found])


def size(told, charts):
    if not (found := told.of("size")):
        return None
    found.sort(key=lambda line: -line["parameters"])
    chart(charts, "size", "mean over tasks, with instructions", bars_of(found, lambda line: line["model"], "with"))
    return table(["model", "parameters", "with", "without", "difference"],
                 [[line["model"], f'{line["parameters"]:,}', interval(line, "with"), interval(line, "without"), gap(line)]
                  for line in found])


def shift(told, charts):
    if not (found := told.of("shift")):
        return None
    chart(charts, "shift", "gain, points", bars_of(found, lambda line: line["domain"], "gain"))
    return table(["domain", "tasks", "without instruction", "with", "gain in points", "gain in %"],
                 [[line["domain"], ", ".join(line["tasks"]), interval(line, "base"), interval(line), gap(line, "gain"),
                   f'{line["gain_percent"]:+.1f}' if "gain_percent" in line else "–"] for line in found])


TABLES = {"categories": categories, "differences": differences, "views": views, "words": by_words,
          "by-category": by_category, "by-task": by_task}
ANALYSES = {"complexity": complexity, "robustness": robustness, "instructions": instructions, "size": size, "shift": shift}


def main():
    arguments = argparse.ArgumentParser(description="Fills the tables of docs/evaluation.md.")
    arguments.add_argument("page", type=Path)
    arguments.add_argument("charts", type=Path)
    arguments.add_argument("--model", action="append", required=True, metavar="URI=NAME")
    arguments.add_argument("--from", dest="folders", nargs="+", type=Path, required=True, metavar="FOLDER")
    given = arguments.parse_args()
    told = Told(given.folders, dict(pair.rsplit("=", 1) for pair in given.model))
    given.charts.mkdir(parents=True, exist_ok=True)
    made = {name: make(told) for name, make in TABLES.items()}
    made |= {name: make(told, given.charts) for name, make in ANALYSES.items()}

    def filled(match):
        name = match.group(1)
        if name not in made:
            raise SystemExit(f"{given.page} asks for a table {name}, which is none of {', '.join(made)}")
        return match.group(0) if made[name] is None else f"<!-- table: {name} -->\n{made[name]}\n<!-- /table -->"

    text = given.page.read_text(encoding="utf-8")
    given.page.write_text(re.sub(r"<!-- table: (\S+) -->\n.*?<!-- /table -->", filled, text, flags=re.DOTALL), encoding="utf-8")


main()
