"""A digest as plain text of a given width, for a pipe, a file or a screen without styles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from digests.model import Digest
from digests.render.layout import Item, Kind, Line, arrange, words

NARROWEST = 40  # columns; below that, folding makes text worse, not better


def render(digest: Digest, width: int = 80) -> str:
    """The digest in lines of at most ``width`` columns, with a newline at the end.

    Notices come first of all.  Links are not shown: Markdown and JSON carry them.
    """
    sheet = arrange(digest, bold=False)
    items = [draft.bare for draft in sheet.drafts]
    notices = [fold(words(item.line), width) for item in items if item.kind is Kind.NOTICE]
    corrections = [fold(words(item.line), width, hanging="  ") for item in items if item.kind is Kind.CORRECTION]
    paragraphs = [*notices, "\n".join(fold(head, width) for head in (sheet.title, sheet.summary) if head)]
    paragraphs += corrections
    paragraphs += [fold(sheet.nothing, width)] if sheet.nothing else []
    paragraphs += [_story(item, width) for item in items if item.kind is Kind.STORY]
    also = [_bullet(item.line, width) for item in items if item.kind is Kind.ALSO]
    paragraphs += ["\n".join(filter(None, [sheet.also, *also]))] if also else []
    small = [fold(line, width) for line in (sheet.left_out, sheet.footer) if line]
    paragraphs += ["\n".join(small)] if small else []
    return "\n\n".join(paragraphs) + "\n"


def fold(text: str, width: int, first: str = "", hanging: str = "") -> str:
    """The text in lines of at most ``width`` columns, the first after ``first``, the others after ``hanging``.

    Wide characters count two columns, marks none.  A word longer than a line is broken.
    """
    lines, line, room = [], first, max(width, NARROWEST)
    started = False
    for word in _pieces(text, room - columns(hanging)):
        if started and columns(line) + 1 + columns(word) > room:
            lines.append(line)
            line, started = hanging, False
        line += f" {word}" if started else word
        started = True
    return "\n".join([*lines, line])


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(text: str, room: int) -> Iterator[str]:
    """The words of a text, those longer than a line in pieces that fit.

    A separator stays with the word before it, and ``13 Oct`` together.
    """
    for word in re.findall(r"(?:\b\d{1,2} (?=[A-Z][a-z]{2}\b))?\S+(?: [·–](?= ))?", text):
        piece = ""
        for character in word if columns(word) > room else ():
            if piece and columns(piece) + _width(character) > room:
                yield piece
                piece = ""
            piece += character
        yield piece or word


def _story(item: Item, width: int) -> str:
    small = [fold(words(item.small), width, "   ", "   ")] if item.small else []
    return "\n".join([fold(words(item.line), width), *(_bullet(line, width) for line in item.bullets), *small])


def _bullet(line: Line, width: int) -> str:
    return fold(words(line), width, " • ", "   ")
