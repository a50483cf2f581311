"""A digest as Markdown (CommonMark): links open at the sentence, text from outside stays text."""

from __future__ import annotations

import re

from digests.model import Digest
from digests.render.layout import Item, Kind, Line, Run, arrange

_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&]|(?<=[a-z]):(?=//)|(?<=www)\.", re.IGNORECASE)
_NUMBER = re.compile(r"\A(\d{1,9})([.)])")
_OPENING = re.compile(r"\A([-+=])")


def render(digest: Digest) -> str:
    """The digest as one Markdown document, with a newline at the end.  Notices come first of all."""
    sheet = arrange(digest)
    items = [draft.whole for draft in sheet.drafts]
    paragraphs = [f"> {line(item.line)}" for item in items if item.kind is Kind.NOTICE]
    paragraphs.append(f"# {escape(sheet.title)}")
    paragraphs += [escape(sheet.summary)] if sheet.summary else []
    paragraphs += [line(item.line) for item in items if item.kind is Kind.CORRECTION]
    paragraphs += [escape(sheet.nothing)] if sheet.nothing else []
    paragraphs += [_story(item) for item in items if item.kind is Kind.STORY]
    also = [f"- {line(item.line)}" for item in items if item.kind is Kind.ALSO]
    paragraphs += [f"## {sheet.also}"] if sheet.also else []
    paragraphs += ["\n".join(also)] if also else []
    small = [escape(text) for text in (sheet.left_out, sheet.footer) if text]
    paragraphs += ["---", *small] if small else []
    return "\n\n".join(paragraphs) + "\n"


def line(runs: Line, *, heading: bool = False) -> str:
    """One line in Markdown; in a heading bold says nothing."""
    return "".join(_run(run, bold=run.bold and not heading) for run in runs)


def escape(text: str) -> str:
    """The text as Markdown that shows exactly the text."""
    escaped = _SPECIAL.sub(lambda match: f"\\{match[0]}", text)
    return _OPENING.sub(r"\\\1", _NUMBER.sub(r"\1\\\2", escaped))


def _run(run: Run, *, bold: bool) -> str:
    text = _code(run.text) if run.code else escape(run.text)
    text = f"[{text}](<{run.link}>)" if run.link else text
    text = f"~~{text}~~" if run.strike else text
    return f"**{text}**" if bold else text


def _code(text: str) -> str:
    """Words to be typed.  Nothing is escaped between backticks, so one in the text becomes an apostrophe."""
    inner = text.replace("`", "'")
    return f"`{inner}`"


def _story(item: Item) -> str:
    blocks = [f"## {line(item.line, heading=True)}"]
    if item.bullets:
        blocks.append("\n".join(f"- {line(bullet)}" for bullet in item.bullets))
    if item.small:
        blocks.append(line(item.small))
    return "\n\n".join(blocks)
