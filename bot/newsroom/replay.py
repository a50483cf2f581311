"""The newsroom as its readers had it: each feed lists what had been published by the instant at which it is asked."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from bot.model import Fetched, Validators
from bot.newsroom import Newsroom
from bot.ports import UNCONDITIONAL

_ENTRY = re.compile(r"[ \t]*<(item|entry)[ >].*?</\1>\n?", re.DOTALL)
DATE = re.compile(r"<(?:pubDate|dc:date|published|updated)>([^<]+)<")


class Replay:
    """A `bot.ports.Fetcher` of the newsroom.

    Args:
        now: the instant, aware, at which it is asked.
    """

    def __init__(self, room: Newsroom, now: Callable[[], datetime]) -> None:
        self._room, self._now = room, now

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        fetched = await self._room.fetch(url, kind=kind, validators=validators)
        if kind != "feed":
            return fetched
        cut = _json if fetched.content_type.startswith("application/feed+json") else listed
        return replace(fetched, body=cut(fetched.body.decode(), self._now()).encode())


def listed(feed: str, now: datetime) -> str:
    """An XML feed without the entries that lie ahead; one without a date of its own is there from the beginning."""

    def kept(entry: re.Match[str]) -> str:
        first = _first(entry[0])
        return "" if first and first > now else entry[0]

    return _ENTRY.sub(kept, feed)


def appearances(feed: str) -> list[datetime]:
    """When the entries of an XML feed appear, in its order; those without a date are left out."""
    return [first for entry in _ENTRY.finditer(feed) if (first := _first(entry[0]))]


def _first(entry: str) -> datetime | None:
    return min((_instant(each) for each in DATE.findall(entry)), default=None)


def _json(feed: str, now: datetime) -> str:
    read = json.loads(feed)
    read["items"] = [each for each in read["items"] if _instant(each["date_published"]) <= now]
    return json.dumps(read)


def _instant(written: str) -> datetime:
    """An instant as feeds write it, aware; UTC where no zone is written."""
    written = html.unescape(written).strip()
    try:
        instant = datetime.fromisoformat(written)
    except ValueError:
        instant = parsedate_to_datetime(written)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
