"""What a person sees of a message or a view: its words, its previews, a drawing; and whose phone it rings.

Markup is read in ``text`` and in ``mrkdwn`` only; ``plain_text`` and ``rich_text`` are literal, but that an emoji code in
``plain_text`` is an emoji unless its ``emoji`` is false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.servers.slack_blocks import Json, objects

Names = Callable[[str], str]

EMOJI = {"smile": "😄", "fire": "🔥", "warning": "⚠️", "+1": "👍", "x": "❌", "newspaper": "📰", "wave": "👋", "eyes": "👀"}

PINGS = re.compile(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>|<!subteam\^\w+(?:\|[^>]*)?>|<@\w+(?:\|[^>]*)?>")
NAMES = re.compile(r"(?<!\w)@\w+")
LINKS = re.compile(r"<(https?://[^|>]+)(?:\|[^>]*)?>|(?<![<\w|])(https?://[^\s<>|]+)")


def _as_id(name: str) -> str:
    return name


# Words


def words(payload: Json, names: Names = _as_id) -> str:
    """The words of a message: those of its blocks, or of its text where it has none."""
    blocks = payload.get("blocks")
    if blocks:
        return "\n".join(filter(None, (block_words(block, names) for block in blocks)))
    text = payload.get("text", "")
    return marked(text, names, formatted=payload.get("mrkdwn") is not False)


def block_words(block: Json, names: Names = _as_id) -> str:
    """The words of a block, those of its buttons and menus included."""
    lines: list[str] = []
    for one in _readable(block):
        match one.get("type"):
            case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
                lines.append("".join(run_words(run, names) for run in one["elements"]))
            case "plain_text":
                lines.append(plain(one))
            case "mrkdwn":
                lines.append(marked(one["text"], names))
    return "\n".join(lines)


def _readable(value: Any) -> Iterator[Json]:
    """Objects in the order in which they are read; what a menu would show only when opened is not among them."""
    if isinstance(value, dict):
        yield value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        if name not in ("options", "option_groups", "confirm"):
            yield from _readable(one)


def plain(text: Json) -> str:
    return text["text"] if text.get("emoji") is False else with_emoji(text["text"])


def with_emoji(text: str) -> str:
    return re.sub(r":([a-z0-9_+-]+):", lambda found: EMOJI.get(found[1], found[0]), text)


def run_words(run: Json, names: Names = _as_id) -> str:
    """What an element of rich text shows."""
    match run["type"]:
        case "text":
            return str(run["text"])
        case "link":
            return str(run.get("text", run["url"]))
        case "emoji":
            return EMOJI.get(run["name"], f":{run['name']}:")
        case "date":
            return str(run.get("fallback", run["format"]))
        case "broadcast":
            return f"@{run['range']}"
        case "color":
            return str(run["value"])
        case kind:
            return names(run[f"{kind}_id"])


def marked(text: str, names: Names = _as_id, *, formatted: bool = True) -> str:
    """What markup shows: control sequences replaced, formatting gone (where it is on), entities resolved."""

    def control(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target[0] in "@#":
            return names(target[1:])
        if target.startswith("!subteam^"):
            return names(target.removeprefix("!subteam^"))
        if target.startswith("!date^"):
            return label
        return f"@{target[1:]}" if target[0] == "!" else label or target.removeprefix("mailto:")

    return unescaped(re.sub(r"<([^<>\n]+)>", control, _unformatted(text) if formatted else text))


FORMATS = (
    *(r"```(.+?)```", r"`([^`\n]+)`"),
    *(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]*?\S){mark}(?![\w{mark}])" for mark in (r"\*", "_", "~")),
)


def _unformatted(text: str) -> str:
    for form in FORMATS:
        text = re.sub(form, r"\1", text, flags=re.DOTALL)
    text = re.sub(r"^&gt;(?:&gt;&gt;)? ?", "", text, flags=re.MULTILINE)
    return with_emoji(text)


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# What rings, what unfurls, what can be pressed


def pings(payload: Json) -> Iterator[str]:
    """Everything that rings: control sequences in markup, elements of rich text, bare names where they are linked."""
    for text in _markup(payload):
        yield from PINGS.findall(text)
        if payload.get("link_names") or payload.get("parse") == "full":
            yield from NAMES.findall(text)
    for one in objects(payload.get("blocks") or []):
        if one.get("type") in ("broadcast", "user", "usergroup"):
            yield str(one["type"])


def _markup(payload: Json) -> list[str]:
    marked_up = [one["text"] for one in objects(payload.get("blocks") or []) if one.get("type") == "mrkdwn"]
    return [payload.get("text", ""), *marked_up]


def previews(payload: Json) -> list[str]:
    """The addresses below which Slack may put a preview: none only where both switches are off."""
    if payload.get("unfurl_links") is False and payload.get("unfurl_media") is False:
        return []
    found = [first or second for text in _markup(payload) for first, second in LINKS.findall(unescaped(text))]
    found += [one["url"] for one in objects(payload.get("blocks") or []) if one.get("type") == "link"]
    return list(dict.fromkeys(found))


CONTROLS = re.compile(r"button|overflow|radio_buttons|checkboxes|datepicker|timepicker|.*_select|.*_input")


def controls(payload: Json) -> int:
    """How many buttons, menus and fields there are."""
    return sum(CONTROLS.fullmatch(str(one.get("type"))) is not None for one in objects(payload.get("blocks") or []))


# Drawings


def draw_message(payload: Json, names: Names = _as_id) -> str:
    """A message as text: ``[x](url)`` a link, ``[ x ]`` a button, ``[ x v]`` a menu, ``(small)`` a context block."""
    if not payload.get("blocks"):
        return words(payload, names)
    return "\n".join(_drawn(block, names, {}) for block in payload["blocks"])


def draw_view(view: Json, names: Names = _as_id) -> str:
    """A modal or a Home tab as text, with what stands in its fields."""
    values = view.get("state", {}).get("values", {})
    body = [_drawn(block, names, values.get(block.get("block_id"), {})) for block in view["blocks"]]
    if view["type"] == "home":
        return "\n".join(body)
    foot = " ".join(f"[ {plain(view[name])} ]" for name in ("close", "submit") if view.get(name))
    return "\n".join([f"== {plain(view['title'])} ==", *body, *([foot] if foot else [])])


def _drawn(block: Json, names: Names, values: Json) -> str:
    match block["type"]:
        case "header":
            return f"# {plain(block['text'])}"
        case "divider":
            return "----"
        case "image":
            return f"(image: {block['alt_text']})"
        case "context":
            return f"(small) {' · '.join(_text(one, names) for one in block['elements'])}"
        case "section":
            lines = [_text(block["text"], names)] if "text" in block else []
            lines += [f"| {_text(one, names)}" for one in block.get("fields", [])]
            beside = f"  {_drawn_control(block['accessory'], names, values)}" if "accessory" in block else ""
            return "\n".join(lines) + beside
        case "actions":
            return " ".join(_drawn_control(one, names, values) for one in block["elements"])
        case "input":
            needed = "" if block.get("optional") else " *"
            hint = f"\n  ({plain(block['hint'])})" if "hint" in block else ""
            return f"{plain(block['label'])}{needed}: {_drawn_control(block['element'], names, values)}{hint}"
        case _:
            return "\n".join(_drawn_rich(one, names) for one in block["elements"])


def _text(text: Json, names: Names) -> str:
    if text["type"] == "image":
        return f"(image: {text['alt_text']})"
    return plain(text) if text["type"] == "plain_text" else marked(text["text"], names)


def _drawn_rich(element: Json, names: Names) -> str:
    def line(section: Json) -> str:
        return "".join(_drawn_run(run, names) for run in section["elements"])

    match element["type"]:
        case "rich_text_list":
            space = "  " * element.get("indent", 0)
            marks = ("•" if element["style"] == "bullet" else f"{number}." for number in range(1, len(element["elements"]) + 1))
            return "\n".join(f"{space} {mark} {line(one)}" for mark, one in zip(marks, element["elements"], strict=True))
        case "rich_text_quote":
            return "\n".join(f"> {one}" for one in line(element).splitlines())
        case "rich_text_preformatted":
            return f"```\n{line(element)}\n```"
        case _:
            return line(element)


def _drawn_run(run: Json, names: Names) -> str:
    shown = run_words(run, names)
    if run["type"] == "link" and "text" in run:
        shown = f"[{shown}]({run['url']})"
    for name, mark in (("code", "`"), ("strike", "~"), ("italic", "_"), ("bold", "*")):
        if run.get("style", {}).get(name):
            shown = f"{mark}{shown}{mark}"
    return shown


def _drawn_control(element: Json, names: Names, values: Json) -> str:
    chosen = _chosen(element, values.get(element.get("action_id", ""), {}))
    placeholder = plain(element["placeholder"]) if "placeholder" in element else ""
    match element["type"]:
        case "button":
            return f"[ {plain(element['text'])} ]"
        case "image":
            return f"(image: {element['alt_text']})"
        case "overflow":
            return f"[ ... {' | '.join(plain(option['text']) for option in element['options'])} ]"
        case "radio_buttons" | "checkboxes":
            left, mark, right = ("(", "o", ")") if element["type"] == "radio_buttons" else ("[", "x", "]")
            labels = [_text(option["text"], names) for option in element["options"]]
            return "  ".join(f"{left}{mark if label in chosen else ' '}{right} {label}" for label in labels)
        case kind if kind.endswith("_input"):
            return f"[{', '.join(chosen) or placeholder}____]"
        case _:
            return f"[ {', '.join(map(names, chosen)) or placeholder} v]"


def _chosen(element: Json, value: Json) -> list[str]:
    """What is chosen or typed, as it is shown; before anybody touched it, what it starts with."""
    if not value:
        value = {name.replace("initial", "selected"): one for name, one in element.items() if name.startswith("initial_")}
        value = {"value" if name == "selected_value" else name: one for name, one in value.items()}
    shown: list[str] = []
    for name, one in value.items():
        if name == "value" or name.startswith("selected_"):
            for each in one if isinstance(one, list) else [one]:
                shown += [] if each is None else [each["text"]["text"] if isinstance(each, dict) else str(each)]
    return shown
