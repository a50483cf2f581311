"""A stand-in for the webhooks of Discord: it stores what they post, and refuses what Discord refuses.

Limits, codes and defaults are those of Discord's own documents (Webhook, Message, Rate Limits, Opcodes and Status Codes).
Nothing here is taken from the adapters.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from aiohttp import web

from tests.servers.discord_components import of_message
from tests.servers.discord_limits import V2, message_faults, nested, within
from tests.servers.discord_words import pings, shown
from tests.servers.faults import Fault, Platform, says

PATH = re.compile(r"/api(?P<version>/v\d+)?/webhooks/(?P<id>\d+)/(?P<token>[^/]+)(?:/messages/(?P<message>\d+))?")
RINGING = ("users",)  # the mentions that ring when a webhook does not say


@dataclass
class Message:
    """What the channel shows; see the stand-in of Slack."""

    hook: str
    id: str
    payload: dict[str, Any]
    shown: str
    pings: list[str]
    controls: int
    thread: str | None = None
    edits: int = 0


@dataclass
class Hook:
    name: str
    token: str
    forum: bool = False
    threads: set[str] = field(default_factory=set)


class DiscordWebhook(Platform):
    """Webhooks by name; ``messages`` is the record, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self._hooks: dict[str, Hook] = {}
        self._errors: dict[str, tuple[int, int]] = {}

    def add(self, name: str, *, forum: bool = False, thread: str = "") -> str:
        """A new webhook; returns its address as Discord shows it, without a version."""
        number = str(1_000_000_000_000_000_000 + len(self._hooks))
        self._hooks[number] = Hook(name, f"secret-of-{name}", forum, {thread} - {""})
        return f"{self.origin}/api/webhooks/{number}/secret-of-{name}" + (f"?thread_id={thread}" if thread else "")

    def remove(self, name: str) -> None:
        self._hooks = {number: hook for number, hook in self._hooks.items() if hook.name != name}

    def new_token(self, name: str) -> None:
        """The old address is wrong from now on."""
        for hook in self._hooks.values():
            if hook.name == name:
                hook.token += "-2"

    def becomes(self, name: str, status: int, code: int) -> None:
        """From now on everything asked of the webhook is answered so: ``403 50013``."""
        self._errors[name] = (status, code)

    def forget(self, message_id: str) -> None:
        """Somebody deletes a message."""
        self.messages = [message for message in self.messages if message.id != message_id]

    def shown(self, name: str) -> list[str]:
        """What a channel shows, message by message."""
        return [message.shown for message in self.messages if message.hook == name]

    def take(self, request: web.Request, body: bytes) -> web.Response:
        found = PATH.fullmatch(request.path)
        hook = self._hooks.get(found["id"]) if found else None
        if found is None:
            return _error(404, 0)
        if hook is None:
            return _error(404, 10015)
        if found["token"] != hook.token:
            return _error(401, 50027)
        if hook.name in self._errors:
            return _error(*self._errors[hook.name])
        thread = request.query.get("thread_id")
        if thread is not None and thread not in hook.threads:
            return _error(404, 10003)
        if hook.forum and thread is None:
            return _error(400, 220001)
        match request.method, found["message"]:
            case "POST", None:
                return self._post(hook, thread, request, body)
            case "PATCH", str(number):
                return self._edit(hook, number, request, body)
            case "GET", str(number):
                message = self._message(hook, number)
                return _answer(message) if message else _error(404, 10008)
        return _error(405, 0)

    def _post(self, hook: Hook, thread: str | None, request: web.Request, body: bytes) -> web.Response:
        payload = _payload(request, body)
        if payload is None:
            return _error(400, 50109)
        errors = faults(payload)
        if errors:
            return _error(400, 50035, errors)
        if not str(payload.get("content") or "").strip() and not payload.get("embeds") and not payload.get("components"):
            return _error(400, 50006)
        number = str(2_000_000_000_000_000_000 + len(self.requests))
        rings = list(pings(payload, RINGING))
        message = Message(hook.name, number, payload, shown(payload), rings, controls(payload), thread)
        self.messages.append(message)
        return _answer(message) if request.query.get("wait", "").lower() in ("true", "1") else web.Response(status=204)

    def _edit(self, hook: Hook, number: str, request: web.Request, body: bytes) -> web.Response:
        payload, message = _payload(request, body), self._message(hook, number)
        if payload is None:
            return _error(400, 50109)
        if message is None:
            return _error(404, 10008)
        if errors := faults(payload):
            return _error(400, 50035, errors)
        message.payload = {**message.payload, "allowed_mentions": None} | payload  # an edit does not inherit what was allowed
        message.shown, message.controls = shown(message.payload), controls(message.payload)
        message.pings += pings(message.payload, RINGING)
        message.edits += 1
        return _answer(message)

    def _message(self, hook: Hook, number: str) -> Message | None:
        return next((message for message in self.messages if (message.hook, message.id) == (hook.name, number)), None)


def limited(seconds: float) -> Fault:
    """Too much at once.  An address without a version is answered as by version 6, which counts milliseconds."""

    def told(request: web.Request) -> str:
        found = PATH.fullmatch(request.path)
        version = int(((found and found["version"]) or "/v6")[2:])
        wait = seconds if version >= 8 else int(seconds * 1000)
        return json.dumps({"message": "You are being rate limited.", "retry_after": wait, "global": False})

    return says(429, told, "application/json", retry_after=str(ceil(seconds)))


def _payload(request: web.Request, body: bytes) -> dict[str, Any] | None:
    """What a request brings; components are left out unless they are asked for."""
    try:
        payload = json.loads(body) if request.content_type == "application/json" else None
    except ValueError:
        return None
    if not isinstance(payload, dict):
        return None
    if request.query.get("with_components", "").lower() not in ("true", "1"):
        payload.pop("components", None)
    return payload


def _answer(message: Message) -> web.Response:
    held = {"id": message.id, "type": 0, "channel_id": "5", "webhook_id": "6", **message.payload}
    return web.json_response(held)


def _error(status: int, code: int, errors: dict[str, Any] | None = None) -> web.Response:
    told = {"message": "There is something wrong here", "code": code}
    return web.json_response(told | ({"errors": errors} if errors else {}), status=status)


def faults(payload: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with a payload, nested as Discord nests it; a webhook that no app owns has no controls."""
    wrong = [*message_faults(payload)]
    if components := payload.get("components"):
        wrong += within(("components",), of_message(components, v2=bool((payload.get("flags") or 0) & V2)))
        if controls(payload):
            wrong.append((("components",), "COMPONENT_TYPE_INVALID"))
    return nested(wrong)


def controls(payload: dict[str, Any]) -> int:
    return sum(_controls(component) for component in payload.get("components") or [])


def _controls(component: dict[str, Any]) -> int:
    interactive = component.get("type") in (3, 5, 6, 7, 8) or (component.get("type") == 2 and component.get("style") != 5)
    return interactive + sum(_controls(inner) for inner in component.get("components") or [])
