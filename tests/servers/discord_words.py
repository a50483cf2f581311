"""What people read and hear of a Discord message: its words without the marks, whom it rings, what it unfolds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]

EVERYONE = re.compile(r"@(everyone|here)\b")  # a backslash before it does not help
ROLES, USERS = re.compile(r"<@&(\d+)>"), re.compile(r"<@!?(\d+)>")


def spoken(payload: Json) -> list[str]:
    """The texts of a message in which a mention can ring: its content and its text displays."""
    return [payload.get("content") or "", *_displays(payload.get("components") or [])]


def _displays(components: list[Json]) -> Iterator[str]:
    for component in components:
        if component.get("type") == 10:
            yield component.get("content") or ""
        yield from _displays(component.get("components") or [])


def pings(payload: Json, default: Iterable[str]) -> Iterator[str]:
    """Whom a message may ring, by what it allows: ``everyone``, ``here``, ``role:ID``, ``user:ID``."""
    allowed = payload.get("allowed_mentions")
    allowed = {"parse": list(default)} if allowed is None else allowed
    for text in spoken(payload):
        for kind, mention, form in (("everyone", EVERYONE, "{}"), ("roles", ROLES, "role:{}"), ("users", USERS, "user:{}")):
            for one in mention.findall(text):
                if kind in (allowed.get("parse") or []) or one in map(str, allowed.get(kind) or []):
                    yield form.format(one)


def previews(message: Any) -> list[str]:
    """Addresses that unfold below a message: those of its content that do not stand in angle brackets."""
    return re.findall(r"(?<!<)https?://[^\s<>)\]]+", message.content)


def shown(payload: Json) -> str:
    """The words of a message, as a person reads them."""
    lines = [re.sub(r"^(?:#{1,3} |-# |- )", "", line) for text in spoken(payload) for line in text.split("\n")]
    without_links = re.sub(r"(?<!\\)\[((?:\\.|[^\]\\])*)\]\((?:<[^>]*>|[^)]*)\)", r"\1", "\n".join(lines))
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", without_links.replace("**", "")).strip()
