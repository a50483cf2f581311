"""Paper: runs of words in lines as a browser would break them, and the SVG picture that holds them.

The words stand in a ``foreignObject``, so that the browser breaks the lines.  How high it has to be is reckoned here from the
widths of Helvetica and Arial, which nearly every machine has under one name or another; a little is always left over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final, Self

WIDTH: Final = 520
"""Of a picture, in pixels, as all lengths here: two of them stand side by side in the README, a little smaller."""

FONTS: Final = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"

_WIDTHS: Final = {  # in thousandths of the size
    character: width
    for width, characters in {
        222: "ijl’‘'",
        278: " !,./:;I[]\\ft·|",
        333: "()-r“”`",
        400: '"*^_{}•',
        500: "cksvxyzJ",
        556: "0123456789abdeghnopquL?#$–£€",
        611: "FTZ+<>=~",
        667: "ABEKPSVXY&",
        722: "CDHNRUw",
        778: "GOQ",
        833: "mM",
        944: "W%",
    }.items()
    for character in characters
}
_WIDEST: Final = 1000
_BOLD: Final = 1.08
_CODE: Final = 620
_TO_SPARE: Final = 0.98  # of a line's width: fonts differ a little


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one look, which is a set of names that the picture's own style sheet knows."""

    text: str
    look: frozenset[str] = frozenset()

    @property
    def html(self) -> str:
        return f'<span class="{" ".join(sorted(self.look))}">{escape(self.text)}</span>' if self.look else escape(self.text)


@dataclass(frozen=True, slots=True)
class Box:
    """Something drawn: XHTML, and how high it is with the space above it."""

    html: str
    height: float

    @classmethod
    def of(cls, name: str, boxes: Iterable[Self], *, around: float = 0) -> Box:
        """Boxes below each other in one; ``around`` is all that its style adds to its height."""
        inner = tuple(boxes)
        html = "\n".join(box.html for box in inner)
        return Box(f'<div class="{name}">\n{html}\n</div>', sum(box.height for box in inner) + around)


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of paragraph looks.

    Args:
        leading: the height of a line.
        above: the space above the first one.
        bullet: each paragraph hangs behind a point, so far from the left.
    """

    name: str
    size: int
    leading: int
    colour: str
    above: int = 0
    bullet: int = 0
    bold: bool = False

    @property
    def css(self) -> str:
        hanging = f"display: list-item; list-style: disc; margin-left: {self.bullet}px; " if self.bullet else ""
        weight = "font-weight: 700; " if self.bold else ""
        return (
            f".{self.name} {{ {hanging}{weight}margin-top: {self.above}px; "
            f"font-size: {self.size}px; line-height: {self.leading}px; color: {self.colour}; }}"
        )

    def draw(self, words: Sequence[Words], width: float) -> Box:
        """A paragraph in a column of that width."""
        heavy = [replace(each, look=each.look | {"bold"}) for each in words] if self.bold else words
        height = self.above + self.leading * lines(heavy, self.size, width - self.bullet)
        return Box(f'<div class="{self.name}">{"".join(each.html for each in words)}</div>', height)


def lines(words: Iterable[Words], size: int, width: float) -> int:
    """How many lines the words take at most; breaks are at spaces, or within a word that is longer than a line."""
    room, count, at, word = width * _TO_SPARE, 1, 0.0, 0.0
    for each in words:
        for character in each.text:
            wide = _width(character, each.look) * size
            if character != " ":
                word += wide
                if at + word > room:
                    count, at = count + 1, 0.0
                if word > room:
                    word = wide
            else:
                at, word = at + word + wide, 0.0
    return count


def rows(widths: Iterable[float], gap: float, room: float) -> int:
    """How many rows boxes of these widths take that stand side by side."""
    count, at = 1, 0.0
    for width in widths:
        if at and at + width > room:
            count, at = count + 1, 0.0
        at += width + gap
    return count


def length(words: Words, size: int) -> float:
    """How long the words are in one line."""
    return sum(_width(character, words.look) * size for character in words.text)


def _width(character: str, look: frozenset[str]) -> float:
    width = _CODE if "code" in look else _WIDTHS.get(character, _WIDEST)
    return width / 1000 * (_BOLD if "bold" in look else 1)


def caption(sender: str, time: str, height: int) -> Box:
    """Who posted and when, beside a picture of the sender that is its first letter."""
    name = Words(sender)
    return Box(
        f'<div class="avatar">{Words(sender[:1]).html}</div>\n'
        f'<div class="caption">{name.html}<span class="app">APP</span><span class="time">{Words(time).html}</span></div>',
        height,
    )


def only(thing: dict[str, object], *known: str) -> None:
    """A drawing leaves nothing out unsaid.

    Raises:
        ValueError: something is in it that is not known.
    """
    if unknown := thing.keys() - set(known):
        raise ValueError(f"{thing.get('type')}: no drawing of {', '.join(sorted(unknown))}")


def picture(page: Box, title: str, css: Sequence[str], ground: str, edge: str) -> str:
    """The SVG, which needs nothing from elsewhere.

    Args:
        title: what a reader hears who does not see.
        ground, edge: colours.
    """
    height = round(page.height)
    style = "\n".join(
        [
            f".page {{ font-family: {FONTS}; overflow-wrap: anywhere; }}",
            ".page * { box-sizing: border-box; }",
            ".bold { font-weight: 700; }",
            ".strike { text-decoration: line-through; }",
            *css,
        ]
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">
<title>{escape(title)}</title>
<style>
{style}
</style>
<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8" fill="{ground}" stroke="{edge}"/>
<foreignObject width="{WIDTH}" height="{height}">
<div xmlns="http://www.w3.org/1999/xhtml" class="page">
{page.html}
</div>
</foreignObject>
</svg>
"""
