"""The blocks of a document, and what it says of them."""

import re
from dataclasses import dataclass
from typing import Optional

FENCE = re.compile(r"^( *)```(.*)$")
WHOLE = re.compile(r"<!-- none run: (.+?) -->")
MARK = re.compile(r"<!-- (not run|file): (.+?) -->\s*\Z")


@dataclass(frozen=True)
class Block:
    """
    A fenced block. `not_run` is the reason that a comment before it gives, `file` the name under which its text is to be written.
    """

    line: int
    language: str
    text: str
    not_run: Optional[str] = None
    file: Optional[str] = None


@dataclass(frozen=True)
class Shown:
    """A command of a console, and the lines that the document shows as its output."""

    command: str
    output: tuple


def blocks(text):
    """All fenced blocks of a document, in order; where a comment says that none is run, with its reason."""
    whole = WHOLE.search(text)
    found, lines, number = [], text.splitlines(), 0
    before = []
    while number < len(lines):
        opening = FENCE.match(lines[number])
        if not opening:
            before.append(lines[number])
            number += 1
            continue
        start, indent, body = number + 1, len(opening[1]), []
        number += 1
        while number < len(lines) and lines[number].strip() != "```":
            body.append(lines[number][indent:] if not lines[number][:indent].strip() else lines[number])
            number += 1
        number += 1
        mark = MARK.search("\n".join(before))
        said = {mark[1].replace(" ", "_"): mark[2]} if mark else {"not_run": whole[1]} if whole else {}
        found.append(Block(start, opening[2].strip(), "\n".join(body) + "\n", **said))
        before = []
    return found


def console(text):
    """
    The commands of a console and their outputs. A command begins with `$ ` and goes on behind a backslash, or in lines with `> `.
    """
    shown, command, output = [], None, []
    for line in text.splitlines():
        if line.startswith("$ "):
            if command is not None:
                shown.append(Shown(command, tuple(output)))
            command, output = line[2:], []
        elif command is None:
            raise ValueError(f"a console begins with '$ ', not with {line!r}")
        elif not output and (command.endswith("\\") or line.startswith("> ")):
            command += "\n" + line.removeprefix("> ")
        else:
            output.append(line)
    if command is None:
        raise ValueError("a console without a command")
    return [*shown, Shown(command, tuple(output))]


def statements(sql):
    """The statements of a block of SQL: each ends with a semicolon at a line's end."""
    return [one for one in (part.strip() for part in re.split(r";[ \t]*(?:--.*)?$", sql, flags=re.MULTILINE)) if one]


def missing(expected, printed):
    """
    The first line that is expected and was not printed behind those before it; None if all were. Numbers differ from machine to
    machine, so only their places are compared; `…` stands for anything, and spaces for any spaces.
    """
    actual = iter([_shape(line) for line in printed.splitlines()])
    for line in expected:
        if not line.strip() or line.strip() == "…":
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in _shape(line).split("…")) + r"\Z")
        if not any(pattern.match(one) for one in actual):
            return line
    return None


def _shape(line):
    line = re.sub(r"[-+~]?\d[\d,.]*(e-?\d+)?", "0", line.strip())
    return re.sub(r"[-─]{2,}", "--", re.sub(r"\s+", " ", line))
