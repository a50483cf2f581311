"""The newsroom as its readers had it: each feed lists what had been published by the instant at which it is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from bot.model import Fetched, Validators
from bot.newsroom import Newsroom
from bot.ports import UNCONDITIONAL

_ENTRY = re.compile(r"[ \t]*<(item|entry)[ >].*?</\1>\n?", re.DOTALL)
_DATE = re.compile(r"<(?:pubDate|dc:date|published|updated)>([^<]+)<")


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
        cut = _json if fetched.content_type.startswith("application/feed+json") else _xml
        return replace(fetched, body=cut(fetched.body.decode(), self._now()).encode())


def _xml(feed: str, now: datetime) -> str:
    """The feed without the entries that lie ahead; one without a date of its own is there from the beginning."""

    def kept(entry: re.Match[str]) -> str:
        dates = [_instant(each) for each in _DATE.findall(entry[0])]
        return "" if dates and min(dates) > now else entry[0]

    return _ENTRY.sub(kept, feed)


def _json(feed: str, now: datetime) -> str:
    read = json.loads(feed)
    read["items"] = [each for each in read["items"] if _instant(each["date_published"]) <= now]
    return json.dumps(read)


def _instant(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written.strip())
    except ValueError:
        return parsedate_to_datetime(written.strip())
