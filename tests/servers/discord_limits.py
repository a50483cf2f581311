"""What Discord refuses of a message, field by field.

Limits are those of Discord's own documents (Message, Webhook); nothing here is taken from the adapters.  What is wrong is
told as (where, code): ``(("embeds", "0", "title"), "BASE_TYPE_BAD_LENGTH")``, and nested as Discord nests it at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]
Path = tuple[str, ...]
Wrong = Iterator[tuple[Path, str]]

LENGTH, SIZE, REQUIRED, CHOICES, FORM = (
    "BASE_TYPE_BAD_LENGTH",
    "LIST_ITEM_VALUE_SIZE",
    "BASE_TYPE_REQUIRED",
    "BASE_TYPE_CHOICES",
    "MODEL_TYPE_CONVERT",
)
SUPPRESS_EMBEDS, EPHEMERAL, SUPPRESS_NOTIFICATIONS, V2 = 1 << 2, 1 << 6, 1 << 12, 1 << 15
LEGACY = ("content", "embeds", "poll", "sticker_ids")  # what cannot stand beside components of the second version


def nested(wrong: Iterable[tuple[Path, str]]) -> Json:
    """The faults as Discord tells them; empty when there are none."""
    found: Json = {}
    for path, code in wrong:
        at = found
        for step in path:
            at = at.setdefault(step, {})
        at.setdefault("_errors", []).append({"code": code, "message": "This is not accepted."})
    return found


def error(*path: str, code: str) -> Json:
    """One fault, nested."""
    return nested([(path, code)])


def within(path: Path, wrong: Wrong) -> Wrong:
    """Faults of something that stands at a path."""
    return (((*path, *inner), code) for inner, code in wrong)


def text(held: Json, key: str, least: int, most: int, *, needed: bool = False) -> Wrong:
    """What is wrong with the length of a text; one that is not there may be missing unless it is needed."""
    value = held.get(key)
    if value is None:
        if needed:
            yield (key,), REQUIRED
    elif not isinstance(value, str):
        yield (key,), "STRING_TYPE_CONVERT"
    elif not least <= len(value) <= most:
        yield (key,), LENGTH


def number(held: Json, key: str, least: int, most: int, *, needed: bool = False) -> Wrong:
    """What is wrong with a whole number."""
    value = held.get(key)
    if value is None:
        if needed:
            yield (key,), REQUIRED
    elif not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        yield (key,), "NUMBER_TYPE_RANGE"


def address(held: Json, key: str, most: int = 2_048) -> Wrong:
    """What is wrong with an address; only http and https are taken."""
    value = held.get(key)
    if value and not (isinstance(value, str) and re.fullmatch(r"https?://\S+", value) and len(value) <= most):
        yield (key,), "URL_TYPE_INVALID_URL"


def message_faults(payload: Json, *, interaction: bool = False, before: Json | None = None) -> Wrong:
    """What is wrong with a message, its components apart.

    Args:
        interaction: it answers an interaction, so that it may be ephemeral.
        before: what is edited; flags that an edit cannot set have no effect.
    """
    before_flags, flags = int((before or {}).get("flags") or 0), payload.get("flags") or 0
    if not isinstance(flags, int):
        yield ("flags",), "NUMBER_TYPE_COERCE"
        flags = 0
    yield from text(payload, "content", 0, 2_000)
    yield from _embeds(payload.get("embeds") or [])
    settable = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | V2 | (EPHEMERAL if interaction else 0)
    if before is None and flags & ~settable:
        yield ("flags",), CHOICES
    yield from within(("allowed_mentions",), _mentions(payload.get("allowed_mentions") or {}))
    nonce = payload.get("nonce")
    if nonce is not None and (not isinstance(nonce, str | int) or len(str(nonce)) > 25):
        yield ("nonce",), "NONCE_TYPE_TOO_LONG"
    attachments = payload.get("attachments") or []
    if len(attachments) > 10:
        yield ("attachments",), SIZE
    for at, attachment in enumerate(attachments):
        yield from within(("attachments", str(at)), text(attachment, "description", 0, 1_024))
    if (flags | before_flags) & V2:
        whole = {**(before or {}), **payload}
        yield from (((key,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2") for key in LEGACY if whole.get(key))


def _embeds(embeds: Any) -> Wrong:
    if not isinstance(embeds, list) or len(embeds) > 10:
        yield ("embeds",), SIZE
        return
    for at, embed in enumerate(embeds):
        yield from within(("embeds", str(at)), _embed(embed) if isinstance(embed, dict) else iter([((), FORM)]))
    if sum(_length(embed) for embed in embeds if isinstance(embed, dict)) > 6_000:
        yield ("embeds",), "MAX_EMBED_SIZE_EXCEEDED"


def _embed(embed: Json) -> Wrong:
    yield from text(embed, "title", 0, 256)
    yield from text(embed, "description", 0, 4_096)
    yield from address(embed, "url")
    yield from within(("footer",), text(embed.get("footer") or {}, "text", 0, 2_048))
    yield from within(("author",), text(embed.get("author") or {}, "name", 0, 256))
    for key in ("author", "image", "thumbnail"):
        yield from within((key,), address(embed.get(key) or {}, "url"))
    fields = embed.get("fields") or []
    if len(fields) > 25:
        yield ("fields",), SIZE
    for at, field in enumerate(fields):
        yield from within(("fields", str(at)), text(field, "name", 1, 256, needed=True))
        yield from within(("fields", str(at)), text(field, "value", 1, 1_024, needed=True))


def _length(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    texts += [field.get(key) for field in embed.get("fields") or [] for key in ("name", "value")]
    return sum(len(text) for text in texts if text)


def _mentions(allowed: Json) -> Wrong:
    parse = allowed.get("parse") or []
    if any(kind not in ("everyone", "roles", "users") for kind in parse):
        yield ("parse",), CHOICES
    for kind in ("roles", "users"):
        ids = allowed.get(kind) or []
        if len(ids) > 100:
            yield (kind,), SIZE
        if ids and kind in parse:
            yield (), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
