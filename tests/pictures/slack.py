"""A message as Slack shows it in its light theme, as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tests.pictures.paper import WIDTH, Box, Form, Words, only, picture

Json = dict[str, Any]

_MARGIN, _AVATAR, _GAP = 20, 36, 10
_COLUMN: Final = WIDTH - 2 * _MARGIN - _AVATAR - _GAP
_INK, _GREY, _BLUE = "#1d1c1d", "#616061", "#1264a3"
_CONTROL, _CAPTION = 30, 22  # heights: of a row of controls, of the line with the name

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
    f".actions {{ margin-top: 10px; height: {_CONTROL}px; white-space: nowrap; }}",
    f".control {{ display: inline-block; height: {_CONTROL}px; margin-right: 8px; padding: 0 11px; border: 1px solid #bbb; "
    f"border-radius: 8px; background: #fff; line-height: {_CONTROL - 2}px; font-size: 13px; font-weight: 700; color: {_INK}; }}",
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
    name = Words(sender).html
    caption = (
        f'<div class="avatar">{name[:1]}</div>\n'
        f'<div class="caption">{name}<span class="app">APP</span><span class="time">{Words(time).html}</span></div>'
    )
    body = [box for block in payload["blocks"] for box in _block(block)]
    message = Box.of("message", [Box(caption, _CAPTION), *body], around=2 * 16)
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
            html = "".join(map(_control, block["elements"]))
            yield Box(f'<div class="actions">{html}</div>', 10 + _CONTROL)
        case unknown:
            raise ValueError(f"no drawing of a block {unknown!r}")


def _plain(text: Json) -> Words:
    only(text, "type", "text", "emoji")
    if text["type"] != "plain_text" or text["emoji"]:
        raise ValueError(f"no drawing of {text}")
    return Words(text["text"])


def _rich(element: Json) -> Iterator[Box]:
    match element["type"], element.get("style"):
        case "rich_text_section", None:
            only(element, "type", "elements")
            yield _SECTION.draw([_run(run) for run in element["elements"]], _COLUMN)
        case "rich_text_list", "bullet":
            only(element, "type", "style", "elements")
            for section in element["elements"]:
                yield _BULLET.draw([_run(run) for run in section["elements"]], _COLUMN)
        case unknown:
            raise ValueError(f"no drawing of rich text {unknown}")


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


def _control(control: Json) -> str:
    match control["type"]:
        case "button":
            only(control, "type", "action_id", "text")
            return f'<span class="control">{_plain(control["text"]).html}</span>'
        case "static_select":
            only(control, "type", "action_id", "placeholder", "options")
            return f'<span class="control menu">{_plain(control["placeholder"]).html}</span>'
        case unknown:
            raise ValueError(f"no drawing of a control {unknown!r}")
