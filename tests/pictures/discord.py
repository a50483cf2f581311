"""Messages as Discord shows them in its dark theme, as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Any, Final

from tests.pictures.paper import WIDTH, Box, Form, Words, caption, length, only, picture, rows
from tests.servers.discord_words import Reading, read

Json = dict[str, Any]


class Kind(IntEnum):
    """The types of components by Discord's numbers."""

    ROW = 1
    BUTTON = 2
    MENU = 3
    TEXT = 10
    CONTAINER = 17


_GREY_BUTTON = 2
_COMPONENTS_V2 = 1 << 15

_MARGIN, _AVATAR, _GAP, _PADDING = 16, 40, 16, 16
_COLUMN: Final = WIDTH - 2 * _MARGIN - _AVATAR - _GAP - 2 * _PADDING - 2
_INK, _WHITE, _GREY, _BLUE = "#dbdee1", "#f2f3f5", "#949ba4", "#00a8fc"
_CAPTION, _BUTTON, _MENU = 22, 32, 40  # heights: of the line with the name, of controls
_ABOVE, _BESIDE = 8, 8  # a control

_BLOCKS: Final = {
    "##": Form("title", 20, 26, _WHITE, bold=True),
    "###": Form("story", 16, 22, _WHITE, bold=True),
    "-#": Form("small", 13, 18, _GREY, above=2),
    "-": Form("bullet", 15, 21, _INK, above=3, bullet=20),
    "": Form("line", 15, 21, _INK),
}
_LOOKS: Final = {"bold": "bold", "italic": "italic", "strike": "strike", "code": "code", "link": "link", "quiet link": "link"}

_CSS: Final = (
    f".messages {{ padding: 16px {_MARGIN}px; position: relative; padding-left: {_MARGIN + _AVATAR + _GAP}px; }}",
    f".avatar {{ position: absolute; left: {_MARGIN}px; top: 18px; width: {_AVATAR}px; height: {_AVATAR}px; "
    "border-radius: 50%; background: #7a3b2e; color: #fff; font-weight: 700; font-size: 20px; line-height: 40px; "
    "text-align: center; }",
    f".caption {{ height: {_CAPTION}px; line-height: {_CAPTION}px; font-size: 16px; font-weight: 500; color: {_WHITE}; }}",
    ".app { margin: 0 7px 0 5px; padding: 1px 4px; border-radius: 4px; background: #5865f2; "
    "font-size: 10px; font-weight: 700; color: #fff; vertical-align: 2px; }",
    f".time {{ font-size: 12px; font-weight: 400; color: {_GREY}; }}",
    f".container {{ margin-top: 6px; padding: 6px {_PADDING}px 14px; border: 1px solid #3f4147; border-radius: 8px; "
    "background: #2b2d31; }",
    ".text { padding-top: 8px; }",
    f".link {{ color: {_BLUE}; }}",
    ".italic { font-style: italic; }",
    ".code { padding: 1px 3px; border-radius: 4px; background: #1e1f22; "
    "font-family: Menlo, Consolas, Liberation Mono, monospace; font-size: 13px; }",
    f".row {{ display: flex; flex-wrap: wrap; column-gap: {_BESIDE}px; }}",
    f".button {{ height: {_BUTTON}px; margin-top: {_ABOVE}px; padding: 0 16px; border-radius: 8px; white-space: nowrap; "
    f"background: #4e5058; line-height: {_BUTTON}px; font-size: 14px; font-weight: 500; color: #fff; }}",
    f".menu {{ position: relative; width: 100%; height: {_MENU}px; margin-top: {_ABOVE}px; padding: 0 12px; "
    f"border-radius: 8px; background: #1e1f22; line-height: {_MENU}px; font-size: 15px; color: {_GREY}; }}",
    ".menu::after { content: ''; position: absolute; right: 16px; top: 14px; width: 8px; height: 8px; "
    f"border: solid {_INK}; border-width: 0 2px 2px 0; transform: rotate(45deg); }}",
)


def draw(payloads: Sequence[Json], *, sender: str, time: str) -> str:
    """The SVG of messages that follow each other.

    Args:
        payloads: what is posted: one container each, as Components V2.

    Raises:
        ValueError: there is something in them that this cannot draw.
    """
    body = [_container(each) for payload in payloads for each in _containers(payload)]
    page = Box.of("messages", [caption(sender, time, _CAPTION), *body], around=2 * 16)
    css = [*(form.css for form in _BLOCKS.values()), *_CSS]
    return picture(page, f"A message of {sender} in Discord", css, ground="#313338", edge="#313338")


def _containers(payload: Json) -> list[Json]:
    only(payload, "flags", "components", "allowed_mentions")
    if payload["flags"] != _COMPONENTS_V2:
        raise ValueError(f"no drawing of flags {payload['flags']}")
    return list(payload["components"])


def _container(component: Json) -> Box:
    if component["type"] != Kind.CONTAINER:
        raise ValueError(f"no drawing of a component of type {component['type']} outside a container")
    only(component, "type", "components")
    return Box.of("container", map(_component, component["components"]), around=6 + 6 + 14 + 2)


def _component(component: Json) -> Box:
    match component["type"]:
        case Kind.TEXT:
            only(component, "type", "content")
            return Box.of("text", _paragraphs(component["content"]), around=8)
        case Kind.ROW:
            only(component, "type", "components")
            return _row(component["components"])
        case unknown:
            raise ValueError(f"no drawing of a component of type {unknown}")


def _row(components: Sequence[Json]) -> Box:
    """Buttons side by side, or one menu, which fills a row."""
    match components:
        case [{"type": Kind.MENU} as menu]:
            only(menu, "type", "custom_id", "placeholder", "options")
            return Box(f'<div class="menu">{Words(menu["placeholder"]).html}</div>', _ABOVE + _MENU)
        case _:
            labels = [Words(_label(component)) for component in components]
            html = "".join(f'<div class="button">{label.html}</div>' for label in labels)
            count = rows((length(label, 14) + 32 for label in labels), _BESIDE, _COLUMN)
            return Box(f'<div class="row">{html}</div>', (_ABOVE + _BUTTON) * count)


def _label(button: Json) -> str:
    if button["type"] != Kind.BUTTON:
        raise ValueError(f"no drawing of a component of type {button['type']} in a row")
    only(button, "type", "style", "custom_id", "label")
    if button["style"] != _GREY_BUTTON:
        raise ValueError(f"no drawing of a button of style {button['style']}")
    return str(button["label"])


def _paragraphs(content: str) -> Iterator[Box]:
    """Each line by itself: what spans several (a block of code, a style) is nothing that is posted."""
    told = [read(line) for line in content.split("\n")]
    if "\n".join(each.text for each in told) != read(content).text:
        raise ValueError(f"no drawing of what spans lines: {content!r}")
    for line, reading in zip(content.split("\n"), told, strict=True):
        kind = reading.marks[0][0] if reading.marks else ""
        mark = line.partition(" ")[0] if kind in ("heading", "small", "bullet") else ""
        if mark not in _BLOCKS:
            raise ValueError(f"no drawing of a line that begins with {mark!r}")
        yield _BLOCKS[mark].draw(list(_words(reading, of=1 if mark else 0)), _COLUMN)


def _words(reading: Reading, of: int) -> Iterator[Words]:
    """The words of a line in pieces of one look; its marks but for the first, which are those of the whole line."""
    marks = [(kind, *span) for (kind, _), span in zip(reading.marks, reading.spans, strict=True)][of:]
    if unknown := {kind for kind, *_ in marks} - _LOOKS.keys():
        raise ValueError(f"no drawing of {', '.join(sorted(unknown))}")
    edges = sorted({0, len(reading.text), *(edge for _, *span in marks for edge in span)})
    for begin, end in pairwise(edges):
        look = frozenset(_LOOKS[kind] for kind, first, last in marks if first <= begin and end <= last)
        yield Words(reading.text[begin:end], look)
