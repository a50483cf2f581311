"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not read."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import Any

from bot.errors import SourceError
from bot.sources.entries import RawEntry


@dataclass(frozen=True, slots=True)
class JsonFeed:
    """What a JSON Feed says: its own title, home page and language, and its items as raw entries."""

    title: str
    home: str | None
    language: str | None
    entries: tuple[RawEntry, ...]


def read(text: str) -> JsonFeed:
    """The feed in a JSON document.

    Raises:
        SourceError: it is no JSON, or JSON of another kind.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise SourceError("That looks like JSON but cannot be read: it is broken or cut off.") from None
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed" not in _word(document.get("version")) + _word(document.get("$schema")):
        raise SourceError("That is a JSON document, but no JSON Feed.")
    return JsonFeed(
        title=_word(document.get("title")),
        home=_word(document.get("home_page_url")) or None,
        language=_word(document.get("language")) or None,
        entries=tuple(_entry(item) for item in items if isinstance(item, dict)),
    )


def _entry(item: dict[str, Any]) -> RawEntry:
    plain = _word(item.get("content_text")) or _word(item.get("summary"))
    people = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags")
    return RawEntry(
        guid=_word(item.get("id")),
        link=_word(item.get("url")) or _word(item.get("external_url")),
        title=_word(item.get("title")),
        texts=tuple(text for text in (_word(item.get("content_html")), html.escape(plain, quote=False)) if text),
        dates=(_word(item.get("date_published")), _word(item.get("date_modified"))),
        authors=tuple(_word(person.get("name")) for person in people or () if isinstance(person, dict)),
        categories=tuple(_word(tag) for tag in tags) if isinstance(tags, list) else (),
        language=_word(item.get("language")) or None,
    )


def _word(value: object) -> str:
    """A value as text: strings, and numbers where a careless writer put one (an id)."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).strip()
