"""A stand-in for the incoming webhooks of Slack: it stores what they post, and refuses what Slack refuses.

What it refuses in blocks is in `slack_blocks`.  Nothing here is taken from the adapters.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.servers.faults import Fault, Platform, says
from tests.servers.slack_blocks import RefusedError, check_blocks
from tests.servers.slack_shown import controls, pings, words


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
        self.messages.append(Message(name, payload, words(payload), list(pings(payload)), controls(payload)))
        return 200, "ok"


def limited(seconds: int) -> Fault:
    """Too much at once, as Slack says it to webhooks."""
    told = json.dumps({"retry_after": seconds, "ok": False, "error": "rate_limited"})
    return says(429, told, "application/json", retry_after=str(seconds))


def refused(payload: dict[str, Any]) -> str:
    """Slack's word for what is wrong with a payload; "" when nothing is."""
    blocks = payload.get("blocks", [])
    text = payload.get("text", "")
    if not isinstance(text, str) or not isinstance(blocks, list):
        return "invalid_payload"
    if not text.strip() and not blocks:
        return "no_text"
    try:
        check_blocks(blocks)
    except RefusedError as error:
        return error.word
    return ""
