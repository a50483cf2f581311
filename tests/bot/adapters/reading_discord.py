"""Reads Discord's markdown as its client does, written from its documentation and independent of the renderer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PREFIXES = ("### ", "## ", "-# ", "- ")
_MASKED = re.compile(r"\[((?:\\[\s\S]|[^\]\\])*)\]\(<([^<>\s]*)>\)")


@dataclass
class Reading:
    """What a reader sees of one line: the words, where they lead, what is bold, and any markup that came alive."""

    prefix: str = ""
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    bold: list[str] = field(default_factory=list)
    alive: list[str] = field(default_factory=list)


def read(content: str) -> list[Reading]:
    """Each line of a text display."""
    return [_read_line(line) for line in content.split("\n")]


def inline(text: str) -> Reading:
    """Words without our own prefixes: a block mark at their start counts as alive."""
    reading = Reading()
    if re.match(r"(?:#{1,3} |-# |[-*+] |>{1,3} |\d+\. )", text):
        reading.alive.append(text[:4])
    _read_inline(text, reading)
    return reading


def _read_line(line: str) -> Reading:
    prefix = next((prefix for prefix in _PREFIXES if line.startswith(prefix)), "")
    reading = inline(line[len(prefix) :])
    reading.prefix = prefix
    return reading


def _read_inline(text: str, reading: Reading) -> None:
    at, bold_from = 0, None
    while at < len(text):
        character = text[at]
        masked = _MASKED.match(text, at)
        if character == "\\" and at + 1 < len(text) and not (text[at + 1].isspace() or re.match("[0-9A-Za-z]", text[at + 1])):
            reading.text += text[at + 1]
            at += 2
        elif masked:
            inner = inline(masked[1])
            reading.links.append((inner.text, masked[2]))
            reading.alive += inner.alive + [f"link in link {link}" for link in inner.links]
            reading.text += inner.text
            at = masked.end()
        elif text.startswith("**", at):
            if bold_from is None:
                bold_from = len(reading.text)
            else:
                reading.bold.append(reading.text[bold_from:])
                bold_from = None
            at += 2
        else:
            if character in "*_~`|<@[\\" or re.match(r"https?://", text[at:]):
                reading.alive.append(text[at : at + 12])
            reading.text += character
            at += 1
    if bold_from is not None:
        reading.alive.append("unclosed bold")
