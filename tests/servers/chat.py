"""A stand-in for a chat platform that can be asked what it holds: messages with a nonce, history, edits, threads.

No real platform speaks so; it has what those with an app have in common.  A repeated nonce is stored a second time, so that
whoever posts twice is seen to.

```text
POST  /channels/T1/C1/messages      {"text": ..., "nonce": ..., "thread": ...}  ->  {"id": "m1"}
PATCH /channels/T1/C1/messages/m1   {"text": ...}                               ->  {"id": "m1"}
GET   /channels/T1/C1/messages?since=2024-10-13T06:00:00+00:00                  ->  {"messages": [{"id": ..., "nonce": ...}]}
```
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.servers.faults import Fault, Platform, says

LONGEST = 40_000


@dataclass
class Message:
    """What a channel shows: ``thread`` is the id of the message that it stands under."""

    channel: str
    id: str
    nonce: str
    text: str
    controls: bool
    thread: str | None
    at: datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Chat(Platform):
    """Channels by name, such as ``T1/C1``; ``messages`` is the record, in order.

    Args:
        clock: the platform's own, by which its history is asked for.
    """

    def __init__(self, clock: Callable[[], datetime] = _utc_now) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.look_ups = 0
        self._clock = clock
        self._refusals: dict[str, tuple[int, str]] = {}
        self._count = 0

    def becomes(self, channel: str, status: int, word: str) -> None:
        """From now on whatever is asked of the channel is answered so: ``403 not_allowed``."""
        self._refusals[channel] = (status, word)

    def shown(self, channel: str) -> list[str]:
        """What a channel shows, message by message."""
        return [message.text for message in self.messages if message.channel == channel]

    def forget(self, message_id: str) -> None:
        """Somebody deletes a message."""
        self.messages = [message for message in self.messages if message.id != message_id]

    def take(self, request: web.Request, body: bytes) -> web.Response:
        _, root, team, name, kind, *rest = [*request.path.split("/"), "", "", "", ""][:6]
        channel = f"{team}/{name}"
        if (root, kind) != ("channels", "messages"):
            return _no(404, "no_such_place")
        if channel in self._refusals:
            return _no(*self._refusals[channel])
        message_id = "".join(rest)
        match request.method:
            case "GET":
                return self._history(channel, request.query.get("since", ""))
            case "POST":
                return self._post(channel, json.loads(body))
            case "PATCH":
                return self._edit(channel, message_id, json.loads(body))
            case _:
                return _no(405, "no_such_method")

    def _history(self, channel: str, since: str) -> web.Response:
        self.look_ups += 1
        first = datetime.fromisoformat(since)
        found = [each for each in self.messages if each.channel == channel and each.at >= first]
        return _yes({"messages": [{"id": each.id, "nonce": each.nonce} for each in found]})

    def _post(self, channel: str, said: dict[str, Any]) -> web.Response:
        if refusal := _refused(said):
            return _no(400, refusal)
        self._count += 1
        fresh = Message(
            channel, f"m{self._count}", said["nonce"], said["text"], said["controls"], said["thread"], self._clock()
        )
        self.messages.append(fresh)
        return _yes({"id": fresh.id})

    def _edit(self, channel: str, message_id: str, said: dict[str, Any]) -> web.Response:
        if refusal := _refused(said):
            return _no(400, refusal)
        for message in self.messages:
            if (message.channel, message.id) == (channel, message_id):
                message.text = said["text"]
                return _yes({"id": message.id})
        return _no(404, "no_such_message")


def limited(seconds: int) -> Fault:
    """Too much at once."""
    return says(429, '{"error": "too_much"}', "application/json", retry_after=str(seconds))


def _refused(said: dict[str, Any]) -> str:
    text = said.get("text")
    if not isinstance(text, str) or not text.strip():
        return "no_text"
    return "too_long" if len(text) > LONGEST else ""


def _yes(value: dict[str, Any]) -> web.Response:
    return web.json_response(value)


def _no(status: int, word: str) -> web.Response:
    return web.json_response({"error": word}, status=status)
