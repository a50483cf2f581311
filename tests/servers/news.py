"""Outlets on a local server that live by a clock: a feed lists what had been published by the instant at which it is asked.

They keep their own addresses: `Ferried` asks the local server in their place, by the real client's conditional requests.

```python
async with Web() as web:
    news = News(web, clock)
    news.feed("https://paper.example/feed", "application/rss+xml", by_clock(body))
    fetcher = Ferried(client, news)
```
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from aiohttp import web as http

from bot.errors import SourceError
from bot.model import Fetched, Validators
from bot.newsroom import Newsroom
from bot.newsroom.replay import DATE, Replay, appearances, listed
from bot.ports import UNCONDITIONAL, Fetcher
from tests.servers.web import Web

WEEK = timedelta(weeks=1)
Listing = Callable[[datetime], Awaitable[bytes]]
"""What a feed holds at an instant."""


@dataclass
class News:
    """What the outlets have, and how often it was asked for.

    Args:
        clock: the present instant, aware.
    """

    web: Web
    clock: Callable[[], datetime]
    feeds: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    pages: int = 0
    missing: int = 0

    def here(self, address: str) -> str:
        """Where the local server has what is at an address."""
        return self.web.url(_path(address))

    def feed(self, address: str, content_type: str, listing: Listing) -> None:
        """A feed; one that still lists the same answers that it was not modified."""
        self.feeds[address] = 0

        async def answer(request: http.Request) -> http.StreamResponse:
            self.feeds[address] += 1
            body = await listing(self.clock())
            tag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
            same = request.headers.get("If-None-Match") == tag
            self.unchanged += same
            headers = {"ETag": tag} if same else {"ETag": tag, "Content-Type": content_type}
            return http.Response(status=304 if same else 200, body=b"" if same else body, headers=headers)

        self.web.handle(_path(address), answer)

    def page(self, address: str, content_type: str, body: Callable[[], Awaitable[bytes]]) -> None:
        """A page, there from the beginning."""

        async def answer(_: http.Request) -> http.StreamResponse:
            return http.Response(body=await body(), headers={"Content-Type": content_type})

        self.web.handle(_path(address), answer)


def _path(address: str) -> str:
    at = urlsplit(address)
    return f"/{at.netloc}{at.path}"


class Ferried:
    """A `bot.ports.Fetcher` that asks the local server for every address, and says that it asked the address itself."""

    def __init__(self, client: Fetcher, news: News) -> None:
        self._client, self._news = client, news

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        try:
            fetched = await self._client.fetch(self._news.here(url), kind=kind, validators=validators)
        except SourceError:
            self._news.missing += kind == "page"
            raise
        self._news.pages += kind == "page"
        return replace(fetched, url=url)


# What was captured


@dataclass(frozen=True, slots=True)
class Capture:
    """A feed as it was once read: its address, its bytes, and when its entries appeared."""

    address: str
    content_type: str
    body: bytes

    @property
    def appeared(self) -> list[datetime]:
        return appearances(self.body.decode("latin-1"))

    def weeks_to(self, begin: datetime) -> int:
        """By how many whole weeks its newest entry must be moved to fall into the week that begins then, or later."""
        newest = max(self.appeared, default=begin)
        return max(0, -((newest - begin) // WEEK))

    def listing(self, weeks: int) -> Listing:
        """What it listed at an instant, with the dates of its entries moved, and everything else byte for byte."""
        # Latin-1 gives back whatever bytes it was given: markup and dates are ASCII in all encodings that feeds have.
        moved = DATE.sub(lambda found: days_moved(found[0], weeks * WEEK), self.body.decode("latin-1"))

        async def at(now: datetime) -> bytes:
            return listed(moved, now).encode("latin-1")

        return at


def captures(corpora: Path) -> list[Capture]:
    """The feeds of the collection that are as their publishers sent them."""
    return [
        Capture(each["url"], each["content_type"], _unpacked(corpora, "feeds", each))
        for each in _manifest(corpora, "feeds")
        if each["source"] == "capture"
    ]


def captured_pages(news: News, corpora: Path) -> None:
    """Serve the pages of the collection at their addresses."""
    for each in _manifest(corpora, "articles"):
        if each["url"]:

            async def body(each: dict[str, Any] = each) -> bytes:
                return _unpacked(corpora, "articles", each)

            news.page(each["url"], each["content_type"], body)


def _manifest(corpora: Path, folder: str) -> Iterator[dict[str, Any]]:
    with (corpora / "collection" / folder / "manifest.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _unpacked(corpora: Path, folder: str, entry: dict[str, Any]) -> bytes:
    return gzip.decompress((corpora / "collection" / folder / entry["file"]).read_bytes())


# The newsroom


def newsroom_outlets(news: News, room: Newsroom, weeks: int) -> None:
    """The newsroom, moved by whole weeks: the days that its texts name too, for they are the project's own."""
    ago = weeks * WEEK

    async def moved(address: str, kind: Literal["feed", "page"], now: datetime) -> bytes:
        fetched = await Replay(room, lambda: now - ago).fetch(address, kind=kind)
        return days_moved(fetched.body.decode("latin-1"), ago).encode("latin-1")

    feeds = {source.address for source in room.sources}
    for address, (_, content_type) in room.documents.items():
        if address in feeds:

            async def listing(now: datetime, address: str = address) -> bytes:
                return await moved(address, "feed", now)

            news.feed(address, content_type, listing)
        else:

            async def body(address: str = address) -> bytes:
                return await moved(address, "page", room.now + ago)

            news.page(address, content_type, body)


# Days in words

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH = rf"(?P<month>{'|'.join(f'{month}|{month[:3]}[.]?' for month in _MONTHS)})"
_DAY = r"(?P<day>\d{1,2})"
_WRITTEN = (
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(rf"\b{_DAY} {_MONTH}(?: (?P<year>\d{{4}}))?(?![a-z\d])"),
    re.compile(rf"\b{_MONTH} {_DAY}(?:, (?P<year>\d{{4}}))?(?!\d)"),
)
_USUAL_YEAR = 2026
"""Of the newsroom's days without one."""


def days_moved(text: str, by: timedelta) -> str:
    """The text with every day in it moved by whole weeks: 2026-03-12, 12 March 2026, Mar. 12.  Weekdays stay true."""
    pattern = "|".join(f"(?:{re.sub(r'[?]P<[a-z]+>', '', each.pattern)})" for each in _WRITTEN)
    return re.sub(pattern, lambda found: _moved(found[0], by), text) if by else text


def _moved(written: str, by: timedelta) -> str:
    found = next(match for each in _WRITTEN if (match := each.fullmatch(written)))
    parts = found.groupdict()
    number = int(parts["number"]) if parts.get("number") else _number(parts["month"])
    then = date(int(parts["year"] or _USUAL_YEAR), number, int(parts["day"])) + by
    new = {"year": f"{then.year:04}", "number": f"{then.month:02}", "month": "", "day": str(then.day)}
    new["month"] = _named(then.month, parts.get("month") or "")
    if parts["day"].startswith("0") or parts.get("number"):
        new["day"] = f"{then.day:02}"
    spans = sorted((found.span(name), name) for name, value in parts.items() if value)
    for (start, end), name in reversed(spans):
        written = written[:start] + new[name] + written[end:]
    return written


def _number(month: str) -> int:
    return next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(month[:3]))


def _named(number: int, like: str) -> str:
    """A month, written as short as another was."""
    name = _MONTHS[number - 1]
    if like.endswith("."):
        return f"{name[:3]}."
    return name[:3] if len(like) == 3 and like != "May" else name
