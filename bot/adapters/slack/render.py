"""A digest as Slack messages: pure functions from values to payloads, no chat library.

Text from outside stands in ``rich_text`` and ``plain_text`` only, where it is literal: no formatting, no mention, no emoji
code is read from it.  The one field that Slack reads as its markup is ``text``, which is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.talk import story_under
from bot.wording import name
from digests.model import Digest
from digests.render.layout import Item, Kind, Line, Run, Sheet, arrange, shortened, split, words
from digests.render.safe import SafeText
from digests.render.text import fold

Payload = dict[str, Any]
Block = dict[str, Any]

MAX_BLOCKS = 50
MAX_CHARACTERS = 12_000  # of all blocks together; Slack refuses a little above 13,000
MAX_TEXT_BYTES = 4_000  # of the escaped text; an edit with more is refused
MAX_HEADER = 150
MAX_OPTIONS = 25
_MAX_OPTION_TEXT = 75
_MAX_LINE = 900

QUIET = {"unfurl_links": False, "unfurl_media": False}


def render(digest: Digest, *, controls: bool = False, note: Line = ()) -> list[Payload]:
    """The messages of a digest: the first for the channel, further ones for its thread.

    Args:
        controls: adds the row of buttons and the menu of stories; without it what was left out is counted in words.
        note: stands above everything else of the first message.
    """
    sheet = arrange(digest)

    def fits(items: Sequence[Item], index: int) -> bool:
        text, blocks = _text(sheet, items, index, note), _blocks(sheet, items, index, 999, controls=controls, note=note)
        return fits_one(text, blocks)

    parts = split(sheet, fits)
    return [
        {
            "text": bounded(_text(sheet, items, index, note)),
            "blocks": _blocks(sheet, items, index, len(parts), controls=controls, note=note),
            **QUIET,
        }
        for index, items in enumerate(parts)
    ]


def render_line(text: str) -> Payload:
    """A message of one plain line, literal: a notice, a correction, nothing new."""
    line = SafeText(text, _MAX_LINE) or SafeText.own("(no words)")
    return {"text": bounded(escape(line)), "blocks": [rich_text([section((Run(line),))])], **QUIET}


def plain(payload: Payload) -> list[Payload]:
    """The words of a message without blocks and without markup, for when Slack refused its blocks."""
    return [{"text": payload["text"], "mrkdwn": False, **QUIET}]


def escape(text: str) -> str:
    """The text as Slack's markup shows it literally, as far as that can be: the rest of mrkdwn has no escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def draw(payloads: Sequence[Payload], width: int = 100) -> str:
    """The messages as text, for a person to read: ``[x]`` is a link, ``*x*`` bold, ``(small)`` a context block."""
    drawn = ["\n".join(_drawn(block, width) for block in payload["blocks"]) for payload in payloads]
    return "\n\n--- in the thread ---\n\n".join(drawn) + "\n"


def fits_one(text: str, blocks: Sequence[Block]) -> bool:
    """Whether one message can hold these blocks, with this escaped text for screen readers."""
    return len(text.encode()) <= MAX_TEXT_BYTES and len(blocks) <= MAX_BLOCKS and length(list(blocks)) <= MAX_CHARACTERS


def _blocks(sheet: Sheet, items: Sequence[Item], index: int, of: int, *, controls: bool, note: Line) -> list[Block]:
    first = index == 0
    mark = f"{index + 1}/{of}" if of > 1 else ""
    summary = " · ".join(filter(None, (sheet.summary if first else sheet.title, mark)))
    blocks: list[Block] = [rich_text([section(note)])] if first and note else []
    blocks += [_header(sheet.title)] if first else []
    blocks += [context(summary)] if summary else []
    blocks += [rich_text([section(item.line)]) for item in items if item.kind is Kind.NOTICE]
    blocks += [rich_text([section(item.line)]) for item in items if item.kind is Kind.CORRECTION]
    blocks += [rich_text([section((Run(sheet.nothing),))])] if first and sheet.nothing else []
    for item in items:
        if item.kind is Kind.STORY:
            blocks += _story(item)
    also = [item.line for item in items if item.kind is Kind.ALSO]
    heading = [section((Run(sheet.also, bold=True),))] if sheet.also else []
    blocks += [rich_text([*heading, bullet_list(also)])] if also else []
    if first:
        left_out = "" if controls and sheet.number is not None else sheet.left_out
        blocks += [context(text) for text in (left_out, sheet.footer) if text]
    if controls:
        blocks += _controls(sheet, items, first=first)
    return blocks


def _story(item: Item) -> list[Block]:
    story = rich_text([section(item.line), *([bullet_list(item.bullets)] if item.bullets else [])])
    return [story, context(words(item.small))] if item.small else [story]


def _header(title: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": title[:MAX_HEADER], "emoji": False}}


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]}


def rich_text(elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": elements}


def bullet_list(lines: Iterable[Line]) -> Block:
    return {"type": "rich_text_list", "style": "bullet", "elements": [section(line) for line in lines]}


def section(line: Line) -> Block:
    """A line; Slack takes neither an empty run nor a section without any."""
    runs = [_element(run) for run in _joined(line)]
    return {"type": "rich_text_section", "elements": runs or [{"type": "text", "text": " "}]}


def _joined(line: Line) -> list[Run]:
    """The runs of a line, those of one style as one: what is to be typed shows as one piece."""
    found: list[Run] = []
    for run in line:
        last = found[-1] if found else None
        if last and not (last.link or run.link) and replace(last, text=run.text) == run:
            found[-1] = replace(run, text=SafeText.own(last.text + run.text))
        elif run.text:
            found.append(run)
    return found


def _element(run: Run) -> Block:
    styles = {name: True for name, on in (("bold", run.bold), ("strike", run.strike), ("code", run.code)) if on}
    style = {"style": styles} if styles else {}
    if run.link:
        return {"type": "link", "url": str(run.link), "text": str(run.text), **style}
    return {"type": "text", "text": str(run.text), **style}


def _controls(sheet: Sheet, items: Sequence[Item], *, first: bool) -> list[Block]:
    """One row: buttons on the first message, and on each the menu of its own stories.  Ids carry version and number.

    The buttons are about a digest that was posted; one that was made for somebody's question is kept nowhere.
    """
    number = sheet.number if sheet.number is not None else "-"
    row: list[Block] = []
    if first and sheet.number is not None:
        row.append(button(f"v1:missed:{number}", name("button_missed")))
        if sheet.left_out_count:
            row.append(button(f"v1:left-out:{number}", f"Left out: {sheet.left_out_count}"))
    stories = [item for item in items if item.kind in (Kind.STORY, Kind.ALSO)][:MAX_OPTIONS]
    if stories:
        row.append(
            {
                "type": "static_select",
                "action_id": f"v1:story:{number}",
                "placeholder": plain_text(name("menu_more")),
                "options": [_option(item) for item in stories],
            }
        )
    return [{"type": "actions", "elements": row}] if row else []


def _option(item: Item) -> Block:
    return {"text": plain_text(shortened(item.name, _MAX_OPTION_TEXT)), "value": story_under(item.id, item.name)}


def button(action_id: str, text: str) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain_text(text)}


def plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": str(text), "emoji": False}


def _text(sheet: Sheet, items: Sequence[Item], index: int, note: Line) -> str:
    """The whole message in plain words, for screen readers; it begins with the first story line, which a lock screen shows."""
    lines: list[str] = []
    for item in items:
        if item.kind is Kind.STORY:
            lines += [words(item.line), *(f"• {words(bullet)}" for bullet in item.bullets)]
            lines += [words(item.small)] if item.small else []
    also = [f"• {words(item.line)}" for item in items if item.kind is Kind.ALSO]
    lines += [sheet.also, *also] if also else []
    lines += [words(item.line) for item in items if item.kind is Kind.CORRECTION]
    lines += [words(item.line) for item in items if item.kind is Kind.NOTICE]
    if index == 0:
        lines += [words(note), sheet.nothing, sheet.title, sheet.summary, sheet.left_out, sheet.footer]
    return escape("\n".join(filter(None, lines)))


def bounded(text: str) -> str:
    """The escaped text within its bytes: only a single item of 600 costly characters ever needs the cut."""
    if len(text.encode()) <= MAX_TEXT_BYTES:
        return text
    cut = text.encode()[: MAX_TEXT_BYTES - 3].decode(errors="ignore")
    entity = cut.rfind("&")
    if entity > len(cut) - 5 and ";" not in cut[entity:]:
        cut = cut[:entity]
    return cut + "…"


def length(value: object) -> int:
    """All characters of texts and addresses in blocks, counted as UTF-16 to be on the safe side."""
    if isinstance(value, dict):
        texts = [len(value[key].encode("utf-16-le")) // 2 for key in ("text", "url") if isinstance(value.get(key), str)]
        return sum(texts) + sum(length(inner) for inner in value.values() if not isinstance(inner, str))
    return sum(map(length, value)) if isinstance(value, list) else 0


def _drawn(block: Block, width: int) -> str:
    match block["type"]:
        case "header":
            return f"{block['text']['text']} (header)"
        case "context":
            return fold(f"{block['elements'][0]['text']} (small)", width)
        case "actions":
            return " ".join(_drawn_control(control) for control in block["elements"])
        case _:
            return "\n".join(_drawn_rich_text(element, width) for element in block["elements"])


def _drawn_control(control: Block) -> str:
    if control["type"] == "button":
        return f"[{control['text']['text']}]"
    return f"[{control['placeholder']['text']} ▾ {len(control['options'])}]"


def _drawn_rich_text(element: Block, width: int) -> str:
    if element["type"] == "rich_text_list":
        return "\n".join(fold(_drawn_section(section), width, " • ", "   ") for section in element["elements"])
    return fold(_drawn_section(element), width)


def _drawn_section(section: Block) -> str:
    drawn = []
    for run in section["elements"]:
        text = f"[{run['text']}]" if run["type"] == "link" else run["text"]
        text = f"~{text}~" if run.get("style", {}).get("strike") else text
        drawn.append(f"*{text}*" if run.get("style", {}).get("bold") else text)
    return "".join(drawn)
