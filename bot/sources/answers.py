"""What was read as plain JSON values: the answers of the ``engine`` verb about feeds and pages."""

from __future__ import annotations

from typing import Any

from bot.model import FeedDocument, PageDocument


def feed_answer(document: FeedDocument) -> dict[str, Any]:
    """A feed's entries: id and link as written, plain title, the instant or the bare day of publication (ISO 8601)."""
    return {
        "entries": [
            {
                "id": entry.guid or entry.key,
                "url": entry.raw_url,
                "title": entry.title,
                "published": _published(entry.published_at, entry.published_day),
            }
            for entry in document.entries
        ],
    }


def page_answer(document: PageDocument) -> dict[str, Any]:
    """A page's text, title, day of publication (only when the page states it), authors and language."""
    return {
        "text": document.text,
        "title": document.title or None,
        "date": _published(document.published_at, document.published_day),
        "author": list(document.authors) or None,
        "lang": document.language,
    }


def _published(instant: Any, day: Any) -> str | None:
    """The instant, else the day, as ISO 8601."""
    return (instant or day).isoformat() if instant or day else None
