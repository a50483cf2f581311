"""A digest as Discord messages: pure functions from values to payloads, no chat library.

Everything from outside is escaped, so that Discord shows it literally; every payload allows no mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from bot.talk import story_under
from bot.wording import name
from digests.model import Digest
from digests.render.layout import Item, Kind, Line, Run, Sheet, arrange, shortened, split
from digests.render.safe import SafeText
from digests.render.text import fold

Payload = dict[str, Any]
Component = dict[str, Any]

COMPONENTS_V2 = 1 << 15
MAX_COMPONENTS = 40  # nested ones count
MAX_CHARACTERS = 4_000  # over all text displays; link addresses count
MAX_DESCRIPTION = 4_096  # of an embed
MAX_CONTENT = 2_000
MAX_OPTIONS = 25
_MAX_OPTION_TEXT = 100
_MAX_TITLE = 100  # of the post of a forum
_MAX_LINE = 900  # twice as many once escaped
NO_PINGS: Payload = {"allowed_mentions": {"parse": []}}

_ACTION_ROW, _BUTTON, _SELECT, _TEXT, _CONTAINER = 1, 2, 3, 10, 17  # component types of Discord
_SECONDARY = 2  # a grey button

_SPECIAL = re.compile(r"[\\*_~`|>#\-+\[\]()<@]|:(?=//|\w{2,32}:)")
_NUMBER = re.compile(r"\A(\d+)\.")
_LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(<[^>]*>\)")


def render(digest: Digest, *, controls: bool = False, kept: bool = True, preview: bool = False) -> list[Payload]:
    """The messages of a digest as Components V2: consecutive ones, the first with the header, the last with the footer.

    Args:
        controls: with the menu of stories and the buttons; without them what was left out is counted in words, and so it is
            in a digest without a number, of which nobody can ask later what it left out.
        kept: more can be asked about its stories; otherwise there is no menu of them.
        preview: nobody got it yet, so that nobody is asked what they missed.
    """
    sheet = arrange(digest)
    counted = not controls or sheet.number is None

    def payload(items: Sequence[Item], index: int, of: int, *, last: bool) -> Payload:
        components: list[Component] = [
            {"type": _TEXT, "content": text} for text in _texts(sheet, items, index, of, last=last, counted=counted)
        ]
        components += _controls(sheet, told if kept else [], preview=preview) if controls and last else []
        container = {"type": _CONTAINER, "components": components}
        return {"flags": COMPONENTS_V2, "components": [container], **NO_PINGS}

    def fits(items: Sequence[Item], index: int) -> bool:
        container = payload(items, index, 999, last=True)["components"][0]
        length = sum(units(component.get("content", "")) for component in container["components"])
        return length <= MAX_CHARACTERS and _components(container) <= MAX_COMPONENTS

    told = [item for item in (draft.whole for draft in sheet.drafts) if item.kind in (Kind.STORY, Kind.ALSO)]
    parts = split(sheet, fits)
    return [payload(items, index, len(parts), last=index == len(parts) - 1) for index, items in enumerate(parts)]


def embeds(digest: Digest) -> list[Payload]:
    """The same messages as embeds, one each, for a webhook that can post nothing else; no controls."""
    sheet = arrange(digest)

    def description(items: Sequence[Item], index: int, of: int, *, last: bool) -> str:
        return "\n\n".join(_texts(sheet, items, index, of, last=last, counted=True))

    def fits(items: Sequence[Item], index: int) -> bool:
        return units(description(items, index, 999, last=True)) <= MAX_DESCRIPTION

    parts = split(sheet, fits)
    return [
        {
            "embeds": [{"description": description(items, index, len(parts), last=index == len(parts) - 1)}],
            **NO_PINGS,
        }
        for index, items in enumerate(parts)
    ]


def render_line(text: str) -> Payload:
    """A message of one plain line, literal: a notice, a correction, nothing new."""
    return {"content": escape(SafeText(text, _MAX_LINE) or SafeText.own("(no words)")), **NO_PINGS}


def displayed_line(text: str) -> Payload:
    """The same as a component, which can be given a number by which the message is found again."""
    content = render_line(text)["content"]
    return {"flags": COMPONENTS_V2, "components": [{"type": _TEXT, "content": content}], **NO_PINGS}


def is_line(payload: Payload) -> bool:
    """Whether it is no part of a digest but a line of its own."""
    return [component["type"] for component in payload.get("components", ())] == [_TEXT]


def title(payload: Payload) -> str:
    """What a message is about, for the post of a forum that it begins: its first line without marks, 100 characters at most."""
    first = next((line for text in _contents(payload) for line in text.split("\n") if line.strip()), "")
    shown = _unescaped(re.sub(r"\A(?:#{1,3}|-#|-) ", "", _LINK.sub(r"\1", first)).replace("**", ""))
    return str(shortened(shown, _MAX_TITLE)) or "-"


def plain(payload: Payload) -> list[Payload]:
    """The words of a message as plain contents, for when Discord refused its embeds or components; links where they fit."""
    contents: list[str] = []
    for line in "\n".join(_contents(payload)).split("\n"):
        fitted = line if units(line) <= MAX_CONTENT else _cut(_LINK.sub(r"\1", line))
        joined = f"{contents[-1]}\n{fitted}" if contents else fitted
        if contents and units(joined) <= MAX_CONTENT:
            contents[-1] = joined
        elif fitted.strip():
            contents.append(fitted)
    return [{"content": content, **NO_PINGS} for content in contents]


def escape(text: str) -> str:
    """The text as Discord's markdown shows it literally: no style, list, heading, link, mention, emoji or timestamp."""
    return _NUMBER.sub(r"\1\\.", _SPECIAL.sub(lambda match: f"\\{match[0]}", text))


def draw(payloads: Sequence[Payload], width: int = 100) -> str:
    """The messages as text, for a person to read: ``[x]`` is a link, ``*x*`` bold, ``(small)`` a small line."""
    return "\n\n--- next message ---\n\n".join(_drawn(payload, width) for payload in payloads) + "\n"


def _texts(sheet: Sheet, items: Sequence[Item], index: int, of: int, *, last: bool, counted: bool) -> list[str]:
    """The texts of one message, one a story."""
    mark = f"{index + 1}/{of}" if of > 1 else ""
    if index == 0:
        summary = " · ".join(filter(None, (sheet.summary, mark)))
        texts = [f"## {escape(sheet.title)}" + (f"\n-# {escape(summary)}" if summary else "")]
    else:
        texts = [f"-# {escape(f'{sheet.title} · {mark}')}"]
    texts += _together(items, Kind.NOTICE)
    texts += _together(items, Kind.CORRECTION)
    texts += [escape(sheet.nothing)] if index == 0 and sheet.nothing else []
    texts += [_story(item) for item in items if item.kind is Kind.STORY]
    also = [f"- {line(item.line)}" for item in items if item.kind is Kind.ALSO]
    heading = [f"### {escape(sheet.also)}"] if sheet.also else []
    texts += ["\n".join([*heading, *also])] if also else []
    small = [sheet.left_out if counted else "", sheet.footer] if last else []
    footer = [f"-# {escape(text)}" for text in small if text]
    return texts + (["\n".join(footer)] if footer else [])


def _together(items: Sequence[Item], kind: Kind) -> list[str]:
    lines = [line(item.line) for item in items if item.kind is kind]
    return ["\n".join(lines)] if lines else []


def _story(item: Item) -> str:
    lines = [f"### {line(item.line, heading=True)}", *(f"- {line(bullet)}" for bullet in item.bullets)]
    return "\n".join([*lines, f"-# {line(item.small)}"] if item.small else lines)


def line(runs: Line, *, heading: bool = False) -> str:
    """Words as Discord's markdown shows them, styled and linked; in a heading nothing is bold, for all of it is."""
    # What touches is marked together: of **a****b** Discord shows some of the asterisks, of `a``b` the ticks between.
    styled = groupby((run for run in runs if run.text), key=lambda run: (run.bold and not heading, run.strike))
    return "".join(_marked(_together_coded(some), bold=bold, strike=strike) for (bold, strike), some in styled)


def _together_coded(runs: Iterable[Run]) -> str:
    pieces = groupby(runs, key=lambda run: run.code and not run.link)
    return "".join(_code("".join(run.text for run in some)) if code else "".join(map(_run, some)) for code, some in pieces)


def _marked(text: str, *, bold: bool, strike: bool) -> str:
    text = f"~~{text}~~" if strike else text
    return f"**{text}**" if bold else text


def _run(run: Run) -> str:
    text = _code(run.text) if run.code else escape(run.text)
    return f"[{text}](<{run.link}>)" if run.link else text


def _code(text: str) -> str:
    """Words to be typed.  Nothing is escaped between backticks, so one in the text becomes an apostrophe."""
    inner = text.replace("`", "'")
    return f"`{inner}`"


def _controls(sheet: Sheet, told: Sequence[Item], *, preview: bool) -> list[Component]:
    """The menu of stories and the row of buttons.  Ids carry version and number, so that they outlive a restart."""
    number = sheet.number if sheet.number is not None else "-"
    options = [_option(item) for item in told[:MAX_OPTIONS]]
    menu = {"type": _SELECT, "custom_id": f"v1:story:{number}", "placeholder": name("menu_more"), "options": options}
    buttons = [] if preview else [_button(f"v1:missed:{number}", name("button_missed"))]
    if sheet.left_out_count and sheet.number is not None:
        buttons.append(_button(f"v1:left-out:{number}", f"Left out: {sheet.left_out_count}"))
    rows: list[list[Component]] = [[menu] if options else [], buttons]
    return [{"type": _ACTION_ROW, "components": row} for row in rows if row]


def _option(item: Item) -> Component:
    return {"label": shortened(item.name, _MAX_OPTION_TEXT), "value": story_under(item.id, item.name)}


def _button(custom_id: str, label: str) -> Component:
    return {"type": _BUTTON, "style": _SECONDARY, "custom_id": custom_id, "label": label}


def _contents(payload: Payload) -> list[str]:
    """The texts of a message, whatever form it has."""
    if "content" in payload:
        return [payload["content"]]
    if "embeds" in payload:
        return [embed["description"] for embed in payload["embeds"]]
    shown = [inner for outer in payload["components"] for inner in outer.get("components", [outer])]
    return [component["content"] for component in shown if component["type"] == _TEXT]


def _cut(text: str) -> str:
    """The text within one content, never cut inside an escape: only many costly characters in a row ever need it."""
    if units(text) <= MAX_CONTENT:
        return text
    cut = text.encode("utf-16-le")[: 2 * (MAX_CONTENT - 1)].decode("utf-16-le", errors="ignore")
    escapes = len(cut) - len(cut.rstrip("\\"))
    return (cut[:-1] if escapes % 2 else cut) + "…"


def _components(component: Component) -> int:
    return 1 + sum(map(_components, component.get("components", [])))


def units(text: str) -> int:
    """Characters as UTF-16 counts them, never fewer than Discord does."""
    return len(text.encode("utf-16-le")) // 2


def _drawn(payload: Payload, width: int) -> str:
    if "embeds" in payload:
        return "\n\n".join(_drawn_text(embed["description"], width) for embed in payload["embeds"])
    return "\n\n".join(_drawn_component(component, width) for component in payload["components"])


def _drawn_component(component: Component, width: int) -> str:
    """A component as text: a box as what it holds, buttons and menus in brackets, a file by its name."""
    match component:
        case {"type": 10, "content": content}:
            return _drawn_text(content, width)
        case {"components": inner, "accessory": button}:
            return "\n".join([*(_drawn_component(each, width) for each in inner), _drawn_component(button, width)])
        case {"type": 17, "components": inner}:
            return "\n\n".join(_drawn_component(each, width) for each in inner)
        case {"components": inner}:
            return " ".join(_drawn_component(each, width) for each in inner)
        case {"file": file}:
            return f"[{file['url'].removeprefix('attachment://')}]"
        case _:
            return f"[{component.get('label') or component['placeholder'] + ' ▾'}]"


def _drawn_text(content: str, width: int) -> str:
    return "\n".join(_drawn_line(line, width) for line in content.split("\n"))


def _drawn_line(line: str, width: int) -> str:
    text = re.sub(r"\]\(<[^>]*>\)", "]", line).replace("**", "*")
    for prefix, first, tail in (("### ", "", ""), ("## ", "", " (header)"), ("-# ", "", " (small)"), ("- ", " • ", "")):
        if text.startswith(prefix):
            hanging = "   " if first else ""
            return fold(_unescaped(text.removeprefix(prefix)) + tail, width, first, hanging)
    return fold(_unescaped(text), width)


def _unescaped(text: str) -> str:
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)
