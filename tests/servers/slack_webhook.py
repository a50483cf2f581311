"""A stand-in for the incoming webhooks of Slack: it stores what they post, and refuses what Slack refuses.

Limits and shapes are those of Slack's own documents (Block Kit reference, Formatting, Incoming webhooks) and, for the sum of
all block text, of what people saw it refuse.  Nothing here is taken from the adapters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.servers.faults import Fault, Platform, says

PINGS = re.compile(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>|<!subteam\^\w+(?:\|[^>]*)?>|<@\w+(?:\|[^>]*)?>")
NAMES = re.compile(r"(?<!\w)@\w+")


@dataclass
class Message:
    """What the channel shows.

    Args:
        shown: all words as people read them.
        pings: what would ring somebody's phone.
        controls: how many buttons and menus it has.
    """

    hook: str
    payload: dict[str, Any]
    shown: str
    pings: list[str]
    controls: int


class SlackWebhook(Platform):
    """Webhooks by name, each with a state; ``messages`` is the record, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self._states: dict[str, tuple[int, str]] = {}

    def add(self, name: str) -> str:
        """A new webhook; returns its address."""
        path = f"/services/T0001/B0001/secret-of-{name}"
        self._states[path] = (200, "ok")
        return f"{self.origin}{path}"

    def becomes(self, name: str, status: int, word: str) -> None:
        """From now on everything posted to the webhook is answered so: ``410 channel_is_archived``."""
        self._states[f"/services/T0001/B0001/secret-of-{name}"] = (status, word)

    def shown(self, name: str) -> list[str]:
        """What a channel shows, message by message."""
        return [message.shown for message in self.messages if message.hook == name]

    def take(self, request: web.Request, body: bytes) -> web.Response:
        status, word = self._states.get(request.path, (404, "no_service"))
        if request.method != "POST":
            status, word = 405, "method_not_allowed"
        if status == 200:
            status, word = self._store(request, body)
        return web.Response(status=status, text=word, content_type="text/html")

    def _store(self, request: web.Request, body: bytes) -> tuple[int, str]:
        if request.content_type != "application/json":
            return 400, "invalid_payload"
        try:
            payload = json.loads(body)
        except ValueError:
            return 400, "invalid_payload"
        if not isinstance(payload, dict):
            return 400, "invalid_payload"
        if refusal := refused(payload):
            return 400, refusal
        name = request.path.rpartition("/")[2].removeprefix("secret-of-")
        self.messages.append(Message(name, payload, shown(payload), list(pings(payload)), controls(payload)))
        return 200, "ok"


def limited(seconds: int) -> Fault:
    """Too much at once, as Slack says it to webhooks."""
    told = json.dumps({"retry_after": seconds, "ok": False, "error": "rate_limited"})
    return says(429, told, "application/json", retry_after=str(seconds))


# What Slack refuses


class RefusedError(Exception):
    """A payload is not as Slack wants it; the text is Slack's word for it."""


def refused(payload: dict[str, Any]) -> str:
    """Slack's word for what is wrong with a payload; "" when nothing is."""
    blocks = payload.get("blocks", [])
    text = payload.get("text", "")
    if not isinstance(text, str) or not isinstance(blocks, list):
        return "invalid_payload"
    if not text.strip() and not blocks:
        return "no_text"
    try:
        _check_blocks(blocks)
    except RefusedError as error:
        return str(error)
    return ""


def _demand(good: bool, word: str = "invalid_blocks") -> None:
    if not good:
        raise RefusedError(word)


def _check_blocks(blocks: list[Any]) -> None:
    _demand(len(blocks) <= 50)
    for block in blocks:
        _check_block(block)
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    actions = [one["action_id"] for one in objects(blocks) if "action_id" in one]
    _demand(len(set(ids)) == len(ids) and len(set(actions)) == len(actions))
    everything = sum(len(one[key]) for one in objects(blocks) for key in ("text", "url") if isinstance(one.get(key), str))
    _demand(everything <= 13_000, "msg_blocks_too_long")


def _check_block(block: Any) -> None:
    _demand(isinstance(block, dict) and isinstance(block.get("type"), str), "invalid_blocks_format")
    _demand(_within(block.get("block_id", "-"), 1, 255))
    match block["type"]:
        case "header":
            _keys(block, "text")
            _check_text(block.get("text"), 150, ("plain_text",))
        case "section":
            _keys(block, "text", "fields", "accessory", "expand")
            _demand("text" in block or bool(block.get("fields")))
            if "text" in block:
                _check_text(block["text"], 3_000)
            _demand(len(block.get("fields", [])) <= 10)
            for one in block.get("fields", []):
                _check_text(one, 2_000)
        case "context":
            _keys(block, "elements")
            _demand(_within(block.get("elements"), 1, 10))
            for one in block["elements"]:
                _check_text(one, 3_000)
        case "actions":
            _keys(block, "elements")
            _demand(_within(block.get("elements"), 1, 25))
            for one in block["elements"]:
                _check_control(one)
        case "divider":
            _keys(block)
        case "rich_text":
            _keys(block, "elements")
            _demand(isinstance(block.get("elements"), list))
            for one in block["elements"]:
                _check_rich(one)
        case _:
            _demand(False)


def _check_text(text: Any, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
    _demand(isinstance(text, dict) and text.get("type") in kinds)
    _keys(text, "text", "emoji" if text["type"] == "plain_text" else "verbatim")
    _demand(isinstance(text.get("text"), str) and _within(text["text"], 1, most))


def _check_control(control: Any) -> None:
    _demand(isinstance(control, dict) and _within(control.get("action_id", "-"), 1, 255))
    if control.get("type") == "button":
        _keys(control, "text", "action_id", "value", "url", "style", "confirm", "accessibility_label")
        _check_text(control.get("text"), 75, ("plain_text",))
        _demand(len(control.get("value", "")) <= 2_000 and len(control.get("url", "")) <= 3_000)
    elif control.get("type") == "static_select":
        _keys(control, "placeholder", "action_id", "options", "option_groups", "initial_option", "confirm", "focus_on_load")
        if "placeholder" in control:
            _check_text(control["placeholder"], 150, ("plain_text",))
        _demand(_within(control.get("options"), 1, 100))
        for option in control["options"]:
            _check_text(option.get("text"), 75)
            _demand(_within(option.get("value"), 1, 150))
    else:
        _demand(False)


RICH = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
INLINE = {
    "text": ("text", "style"),
    "link": ("url", "text", "style", "unsafe"),
    "emoji": ("name", "unicode", "style"),
    "date": ("timestamp", "format", "url", "fallback", "style"),
    "user": ("user_id", "style"),
    "usergroup": ("usergroup_id", "style"),
    "channel": ("channel_id", "style"),
    "broadcast": ("range", "style"),
}
STYLES = {"bold", "italic", "strike", "code", "underline"}


def _check_rich(element: Any) -> None:
    _demand(isinstance(element, dict) and element.get("type") in RICH and isinstance(element.get("elements"), list))
    if element["type"] == "rich_text_list":
        _keys(element, "elements", "style", "indent", "offset", "border")
        _demand(element.get("style") in ("bullet", "ordered"))
        for one in element["elements"]:
            _demand(isinstance(one, dict) and one.get("type") == "rich_text_section")
            _check_rich(one)
        return
    _keys(element, "elements", "border")
    for one in element["elements"]:
        _check_inline(one)


def _check_inline(one: Any) -> None:
    _demand(isinstance(one, dict) and one.get("type") in INLINE)
    _keys(one, *INLINE[one["type"]])
    style = one.get("style", {})
    _demand(isinstance(style, dict) and set(style) <= STYLES and all(isinstance(value, bool) for value in style.values()))
    if one["type"] == "text":
        _demand(isinstance(one.get("text"), str) and one["text"] != "")
    if one["type"] == "link":
        _demand(isinstance(one.get("url"), str) and re.match(r"(?:https?://|mailto:)\S", one["url"]) is not None)
        _demand(isinstance(one.get("text", "-"), str) and one.get("text", "-") != "")


def _keys(thing: dict[str, Any], *known: str) -> None:
    _demand(set(thing) <= {"type", "block_id", *known})


def _within(thing: Any, least: int, most: int) -> bool:
    return isinstance(thing, str | list) and least <= len(thing) <= most


# What people see


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in blocks, in order."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def shown(payload: dict[str, Any]) -> str:
    """The words of a message: those of its blocks, or of its text where it has none."""
    if not payload.get("blocks"):
        return unescaped(payload["text"][:40_000])
    words: list[str] = []
    for one in objects(payload["blocks"]):
        if one.get("type") in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            words.append("".join(run.get("text", run.get("url", "")) for run in one["elements"]))
        elif one.get("type") == "plain_text":
            words.append(one["text"])
        elif one.get("type") == "mrkdwn":
            words.append(unescaped(one["text"]))
    return "\n".join(words)


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def pings(payload: dict[str, Any]) -> Iterator[str]:
    """Everything that rings: control sequences in markup, elements of rich text, bare names where they are linked."""
    markup = [payload.get("text", "")]
    markup += [one["text"] for one in objects(payload.get("blocks", [])) if one.get("type") == "mrkdwn"]
    for text in markup:
        yield from PINGS.findall(text)
        if payload.get("link_names") or payload.get("parse") == "full":
            yield from NAMES.findall(text)
    for one in objects(payload.get("blocks", [])):
        if one.get("type") in ("broadcast", "user", "usergroup"):
            yield str(one["type"])


def controls(payload: dict[str, Any]) -> int:
    return sum(one.get("type") in ("button", "static_select") for one in objects(payload.get("blocks", [])))
