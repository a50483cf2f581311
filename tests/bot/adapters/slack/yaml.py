"""As much of YAML as a manifest needs: maps, lists, texts, folded texts, switches and comments; anything else is refused."""

from __future__ import annotations

import re
from typing import Any

_PAIR = re.compile(r"(?P<key>[\w]+):(?: (?P<value>.+))?")


def read(text: str) -> Any:
    """What a document holds.

    Raises:
        ValueError: it is written in a way that this reader does not know.
    """
    lines = [(len(line) - len(line.lstrip()), _bare(line)) for line in text.splitlines()]
    value, rest = _block([(indent, line) for indent, line in lines if line])
    if rest:
        raise ValueError(f"cannot read {rest[0]!r}")
    return value


Lines = list[tuple[int, str]]


def _block(lines: Lines) -> tuple[Any, Lines]:
    if not lines:
        raise ValueError("nothing stands where something is to stand")
    return _items(lines) if lines[0][1].startswith("- ") else _pairs(lines)


def _items(lines: Lines) -> tuple[list[Any], Lines]:
    indent, found = lines[0][0], []
    while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
        inner = lines[0][1][2:]
        if _PAIR.fullmatch(inner) and not re.fullmatch(r"\S+:\S+", inner):
            value, lines = _pairs([(indent + 2, inner), *lines[1:]])
        else:
            value, lines = _scalar(inner), lines[1:]
        found.append(value)
    return found, lines


def _pairs(lines: Lines) -> tuple[dict[str, Any], Lines]:
    indent, found = lines[0][0], {}
    while lines and lines[0][0] == indent and not lines[0][1].startswith("- "):
        pair = _PAIR.fullmatch(lines[0][1])
        if pair is None:
            raise ValueError(f"cannot read {lines[0][1]!r}")
        lines = lines[1:]
        if pair["value"] == ">-":
            folded = []
            while lines and lines[0][0] > indent:
                folded.append(lines[0][1])
                lines = lines[1:]
            value: Any = " ".join(folded)
        elif pair["value"]:
            value = _scalar(pair["value"])
        else:
            value, lines = _block(lines)
        found[pair["key"]] = value
    return found, lines


def _scalar(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if text.startswith('"'):
        if not re.fullmatch(r'"[^"\\]*"', text):
            raise ValueError(f"cannot read {text}")
        return text[1:-1]
    if re.match(r"[\[{&*!|>%@`'#]", text) or ": " in text:
        raise ValueError(f"{text!r} needs quotes")
    return text


def _bare(line: str) -> str:
    """A line without its comment and white space around it."""
    quoted = re.match(r'[^"#]*"[^"]*"\s*', line)
    start = quoted.end() if quoted else 0
    found = re.search(r"(?:^|\s)#", line[start:])
    return (line[: start + found.start()] if found else line).strip()
