"""A stand-in for the webhooks of Discord: it stores what they post, and refuses what Discord refuses.

Limits, codes and defaults are those of Discord's own documents (Webhook, Message, Rate Limits, Opcodes and Status Codes).
Nothing here is taken from the adapters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from aiohttp import web

from tests.servers.faults import Fault, Platform, says

PATH = re.compile(r"/api(?P<version>/v\d+)?/webhooks/(?P<id>\d+)/(?P<token>[^/]+)(?:/messages/(?P<message>\d+))?")
EVERYONE = re.compile(r"@(?:everyone|here)\b")  # a backslash before it does not help
ROLES, USERS = re.compile(r"<@&\d+>"), re.compile(r"<@!?\d+>")


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
        message = Message(hook.name, number, payload, shown(payload), list(pings(payload)), controls(payload), thread)
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
        message.pings += pings(message.payload)
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


# What Discord refuses

FIELDS = {"title": 256, "description": 4_096}
V2 = 1 << 15
SETTABLE = (1 << 2) | (1 << 12) | V2


def faults(payload: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with a payload, nested as Discord nests it; empty when nothing is."""
    found: dict[str, Any] = {}
    content, embeds = payload.get("content") or "", payload.get("embeds") or []
    if not isinstance(content, str):
        found["content"] = _fault("STRING_TYPE_CONVERT")
    elif len(content) > 2_000:
        found["content"] = _fault("BASE_TYPE_MAX_LENGTH")
    if not isinstance(embeds, list) or len(embeds) > 10:
        found["embeds"] = _fault("BASE_TYPE_MAX_LENGTH")
    else:
        each = {str(at): wrong for at, embed in enumerate(embeds) if (wrong := _embed_faults(embed))}
        if each:
            found["embeds"] = each
        elif sum(map(_length, embeds)) > 6_000:
            found["embeds"] = _fault("MAX_EMBED_SIZE_EXCEEDED")
    flags = payload.get("flags") or 0
    if flags & ~SETTABLE:
        found["flags"] = _fault("BASE_TYPE_CHOICES")
    if flags & V2 and (content or embeds):
        found["content"] = _fault("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")
    if controls(payload):
        found["components"] = _fault("COMPONENT_TYPE_INVALID")  # of a webhook that no app owns
    if wrong := _mention_faults(payload.get("allowed_mentions") or {}):
        found["allowed_mentions"] = wrong
    return found


def _fault(code: str) -> dict[str, Any]:
    return {"_errors": [{"code": code, "message": "This is not accepted."}]}


def _embed_faults(embed: Any) -> dict[str, Any]:
    if not isinstance(embed, dict):
        return _fault("MODEL_TYPE_CONVERT")
    found = {key: _fault("BASE_TYPE_MAX_LENGTH") for key, most in FIELDS.items() if len(embed.get(key) or "") > most}
    if len((embed.get("footer") or {}).get("text", "")) > 2_048:
        found["footer"] = {"text": _fault("BASE_TYPE_MAX_LENGTH")}
    if len((embed.get("author") or {}).get("name", "")) > 256:
        found["author"] = {"name": _fault("BASE_TYPE_MAX_LENGTH")}
    if embed.get("url") and not re.match(r"https?://\S+\Z", embed["url"]):
        found["url"] = _fault("URL_TYPE_INVALID_URL")
    fields = embed.get("fields") or []
    if len(fields) > 25:
        found["fields"] = _fault("BASE_TYPE_MAX_LENGTH")
    elif any(not 1 <= len(one.get("name", "")) <= 256 or not 1 <= len(one.get("value", "")) <= 1_024 for one in fields):
        found["fields"] = {"0": _fault("BASE_TYPE_BAD_LENGTH")}
    return found


def _length(embed: dict[str, Any]) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [one.get(key) for one in embed.get("fields") or [] for key in ("name", "value")]
    return sum(len(text) for text in texts if text)


def _mention_faults(allowed: dict[str, Any]) -> dict[str, Any]:
    parse = allowed.get("parse") or []
    if any(kind not in ("everyone", "roles", "users") for kind in parse):
        return {"parse": _fault("BASE_TYPE_CHOICES")}
    for kind in ("roles", "users"):
        if len(allowed.get(kind) or []) > 100:
            return {kind: _fault("BASE_TYPE_MAX_LENGTH")}
        if kind in parse and allowed.get(kind):
            return _fault("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE")
    return {}


# What people see


def shown(payload: dict[str, Any]) -> str:
    """The words of a message: links by their label, backslashes taken off, marks of headings and lists left out."""
    texts = [payload.get("content") or ""]
    for embed in payload.get("embeds") or []:
        texts += [embed.get("title") or "", embed.get("description") or ""]
        texts += [f"{one['name']}\n{one['value']}" for one in embed.get("fields") or []]
        texts.append((embed.get("footer") or {}).get("text", ""))
    lines = [re.sub(r"^(?:#{1,3} |-# |- )", "", line) for text in texts for line in text.split("\n")]
    without_links = re.sub(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\((?:<[^>]*>|[^)]*)\)", r"\1", "\n".join(lines))
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", without_links.replace("**", ""))


def pings(payload: dict[str, Any]) -> Iterator[str]:
    """Everything that rings: mentions in the content that are allowed; a webhook that says nothing allows users."""
    content = payload.get("content") or ""
    allowed = payload.get("allowed_mentions")
    allowed = {"parse": ["users"]} if allowed is None else allowed
    for kind, mention in (("everyone", EVERYONE), ("roles", ROLES), ("users", USERS)):
        if kind in allowed.get("parse", []):
            yield from mention.findall(content)
        else:
            yield from (one for one in mention.findall(content) if one.strip("<@!&>") in allowed.get(kind, []))


def controls(payload: dict[str, Any]) -> int:
    return sum(_controls(component) for component in payload.get("components") or [])


def _controls(component: dict[str, Any]) -> int:
    interactive = component.get("type") in (3, 5, 6, 7, 8) or (component.get("type") == 2 and component.get("style") != 5)
    return interactive + sum(_controls(inner) for inner in component.get("components") or [])
