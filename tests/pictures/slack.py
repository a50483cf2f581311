"""A message as Slack shows it in its light theme, as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.pictures.paper import WIDTH, Box, Form, Words, caption, length, only, picture, rows

Json = dict[str, Any]

_MARGIN, _AVATAR, _GAP = 20, 36, 10
_COLUMN: Final = WIDTH - 2 * _MARGIN - _AVATAR - _GAP
_INK, _GREY, _BLUE = "#1d1c1d", "#616061", "#1264a3"
_CONTROL, _CAPTION = 30, 22  # heights: of a button, of the line with the name
_ABOVE, _BESIDE = 8, 8  # a button
_AROUND: Final = {"button": 24, "menu": 44}  # the words on it

_HEADER: Final = Form("header", 18, 24, _INK, above=6, bold=True)
_CONTEXT: Final = Form("context", 13, 18, _GREY, above=5)
_SECTION: Final = Form("section", 15, 22, _INK, above=8)
_BULLET: Final = Form("bullet", 15, 22, _INK, bullet=24)

_CSS: Final = (
    f".message {{ padding: 16px {_MARGIN}px; position: relative; padding-left: {_MARGIN + _AVATAR + _GAP}px; }}",
    f".avatar {{ position: absolute; left: {_MARGIN}px; top: 18px; width: {_AVATAR}px; height: {_AVATAR}px; "
    "border-radius: 8px; background: #7a3b2e; color: #fff; font-weight: 700; font-size: 20px; line-height: 36px; "
    "text-align: center; }",
    f".caption {{ height: {_CAPTION}px; line-height: {_CAPTION}px; font-size: 15px; font-weight: 700; color: {_INK}; }}",
    ".app { margin: 0 7px 0 5px; padding: 1px 3px; border-radius: 2px; background: #ececec; "
    f"font-size: 10px; font-weight: 700; color: {_GREY}; vertical-align: 1px; }}",
    f".time {{ font-size: 12px; font-weight: 400; color: {_GREY}; }}",
    f".link {{ color: {_BLUE}; }}",
    ".code { padding: 1px 3px; border: 1px solid #ddd; border-radius: 3px; background: #f8f8f8; "
    "font-family: Menlo, Consolas, Liberation Mono, monospace; font-size: 12px; color: #c01343; }",
    f".actions {{ display: flex; flex-wrap: wrap; column-gap: {_BESIDE}px; }}",
    f".control {{ height: {_CONTROL}px; margin-top: {_ABOVE}px; padding: 0 11px; border: 1px solid #bbb; border-radius: 8px; "
    f"background: #fff; line-height: {_CONTROL - 2}px; font-size: 13px; font-weight: 700; color: {_INK}; "
    "white-space: nowrap; }",
    f".menu::after {{ content: ''; display: inline-block; margin: 0 0 3px 12px; width: 6px; height: 6px; "
    f"border: solid {_INK}; border-width: 0 1.5px 1.5px 0; transform: rotate(45deg); }}",
)


def draw(payload: Json, *, sender: str, time: str) -> str:
    """The SVG of one message.

    Args:
        payload: what is posted: ``blocks``; the ``text`` beside them is only heard, and seen on a lock screen.

    Raises:
        ValueError: there is something in it that this cannot draw.
    """
    only(payload, "text", "blocks", "unfurl_links", "unfurl_media")
    body = [box for block in payload["blocks"] for box in _block(block)]
    message = Box.of("message", [caption(sender, time, _CAPTION), *body], around=2 * 16)
    css = [*(form.css for form in (_HEADER, _CONTEXT, _SECTION, _BULLET)), *_CSS]
    return picture(message, f"A message of {sender} in Slack", css, ground="#ffffff", edge="#dddddd")


def _block(block: Json) -> Iterator[Box]:
    match block["type"]:
        case "header":
            only(block, "type", "text")
            yield _HEADER.draw([_plain(block["text"])], _COLUMN)
        case "context":
            only(block, "type", "elements")
            for element in block["elements"]:
                yield _CONTEXT.draw([_plain(element)], _COLUMN)
        case "rich_text":
            only(block, "type", "elements")
            for element in block["elements"]:
                yield from _rich(element)
        case "actions":
            only(block, "type", "elements")
            controls = [_control(element) for element in block["elements"]]
            html = "".join(f'<div class="control {kind}">{words.html}</div>' for kind, words in controls)
            wide = [length(Words(words.text, frozenset({"bold"})), 13) + _AROUND[kind] for kind, words in controls]
            yield Box(f'<div class="actions">{html}</div>', (_ABOVE + _CONTROL) * rows(wide, _BESIDE, _COLUMN))
        case unknown:
            raise ValueError(f"no drawing of a block {unknown!r}")


def _plain(text: Json) -> Words:
    only(text, "type", "text", "emoji")
    if text["type"] != "plain_text" or text.get("emoji") is not False:  # else codes would be emoji
        raise ValueError(f"no drawing of {text}")
    return Words(text["text"])


def _rich(element: Json) -> Iterator[Box]:
    match element["type"]:
        case "rich_text_section":
            yield _SECTION.draw(_line(element), _COLUMN)
        case "rich_text_list":
            only(element, "type", "style", "elements")
            if element["style"] != "bullet":
                raise ValueError(f"no drawing of a list with {element['style']!r}")
            for section in element["elements"]:
                yield _BULLET.draw(_line(section), _COLUMN)
        case unknown:
            raise ValueError(f"no drawing of rich text {unknown!r}")


def _line(section: Json) -> list[Words]:
    only(section, "type", "elements")
    if section["type"] != "rich_text_section":
        raise ValueError(f"no drawing of a line {section['type']!r}")
    return [_run(run) for run in section["elements"]]


def _run(run: Json) -> Words:
    style = run.get("style", {})
    only(style, "bold", "strike", "code")
    look = {name for name, on in style.items() if on}
    match run["type"]:
        case "text":
            only(run, "type", "text", "style")
        case "link":
            only(run, "type", "url", "text", "style")
            look.add("link")
        case unknown:
            raise ValueError(f"no drawing of a run {unknown!r}")
    return Words(run["text"], frozenset(look))


def _control(control: Json) -> tuple[str, Words]:
    """What kind of control it is, and what stands on it."""
    match control["type"]:
        case "button":
            only(control, "type", "action_id", "text")
            return "button", _plain(control["text"])
        case "static_select":
            only(control, "type", "action_id", "placeholder", "options")
            return "menu", _plain(control["placeholder"])
        case unknown:
            raise ValueError(f"no drawing of a control {unknown!r}")
