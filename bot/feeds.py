"""Feeds: what somebody typed leads to a feed, which is read and shown before it is followed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2s
from typing import Final
from urllib.parse import urljoin, urlsplit

from bot.address import read_address, refusal
from bot.errors import SourceError
from bot.model import Entry, FeedDocument, Fetched
from bot.outlets import outlet_name
from bot.ports import Fetcher, Finder, Store
from bot.ports.topics import Place
from digests.model import Source

DEADLINE_S: Final = 30.0
"""Seconds for all requests of one discovery: a chat waits for it."""

MOST_REQUESTS: Final = 10
PATHS: Final = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml")
"""Where sites keep their feed that name none, tried one by one."""

_NEWEST = 3
_LONGEST_TITLE = 120
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_HOST = re.compile(r"[^\s/:?#\\]+\.[^\s/:?#\\]+(?::\d+)?(?:[/?#]|\Z)")
_FILE = re.compile(r"[./~\\]|[^/]*\.(?:xml|opml|rss|atom|json|html?|txt)\Z", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"<([^<>|]*)(?:\|[^<>]*)?>")  # as chats mark what they took for a link


class Problem(StrEnum):
    """Why there is nothing to follow at an address.

    ``refused``: it is none that is read; ``failed``: its server did not give it; ``gate``: only a page came that asks for
    consent or proof of humanity; ``no feed``: a page that leads to none; ``unreadable``: something else that is no feed, or a
    page whose feeds are none.
    """

    REFUSED = "refused"
    FAILED = "failed"
    GATE = "gate"
    NO_FEED = "no feed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was read just now.

    Args:
        address: where it is to be asked from now on: where permanent redirects led.
        title: its own, else its host.
        newest: titles of its three newest entries, the newest first.
        language: as it says itself.
    """

    address: str
    title: str
    newest: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a typed address leads to.

    Args:
        typed: as it came from a person.
        feed: the feed; None with a problem, and where the place follows it already under the typed address.
        source: what this installation has already at that address.
        already: where the place, or more than it, follows that source; None where it does not.
        problem: why there is nothing to follow.
        why: the problem in a sentence, as whoever met it says it; ``""`` where the problem says it all.
        retry_after: seconds for which the server itself wants to be left alone; None where it named none.
        nowhere: there is nothing at that address, so that it may be misspelt.
        nearby: feeds that the page, or the first page of its site, names besides, as (title, address); none of them was read.

    Raises:
        ValueError: it leads to nothing, and to no problem either.
    """

    typed: str
    feed: FoundFeed | None = None
    source: Source | None = None
    already: Place | None = None
    problem: Problem | None = None
    why: str = ""
    retry_after: float | None = None
    nowhere: bool = False
    nearby: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if (self.feed is None and self.already is None) == (self.problem is None):
            raise ValueError("a discovery has a feed, or is known already, or has a problem")

    def to_follow(self, name: str = "", zone: str = "UTC") -> Source:
        """The source that following the feed makes; named by its title where no name is given.

        Raises:
            ValueError: there is no feed to follow.
        """
        if self.feed is None:
            raise ValueError("there is no feed to follow")
        named = name or outlet_name(self.feed.title, self.feed.address)
        return Source(source_id(self.feed.address), "feed", self.feed.address, named, zone)


def source_id(address: str) -> str:
    """A short name for a source, made from its address."""
    return blake2s(address.encode(errors="replace"), digest_size=6).hexdigest()


async def discover(
    typed: str,
    place: Place,
    store: Store,
    fetcher: Fetcher,
    finder: Finder,
    now: datetime,
    *,
    anew: bool = False,
    deadline_s: float = DEADLINE_S,
) -> Discovery:
    """Find the feed behind what somebody typed, and read it; nothing is kept.

    It may be a feed, a page that names one (in its head, or in the Link header), or a site, with or without ``https://``; of a
    site that names none, the paths at which many have one are tried.  At most ten documents are asked for, one by one.

    Args:
        place: where it is to be followed; what covers the place already is not asked for again.
        now: the instant of asking, aware.
        anew: it is read also where the place follows it already, to see how it does.

    Raises:
        StoreError: the database cannot be used.
    """
    try:
        addresses = addresses_of(typed)
    except SourceError as error:
        return Discovery(typed, problem=Problem.REFUSED, why=str(error))
    known = _Known(
        [each.source for each in await store.sources()],
        {each.source: each.place for each in await store.topics.follows(place.space) if each.place.covers(place)},
    )
    source = known.source(addresses)
    if source is not None and not anew and (already := known.places.get(source.id)):
        return Discovery(typed, source=source, already=already)
    found = await _searched(typed, addresses, fetcher, finder, now, deadline_s)
    if found.feed is not None and (source := known.source([found.feed.address]) or (source if anew else None)):
        return replace(found, source=source, already=known.places.get(source.id))
    return found


def addresses_of(typed: str) -> list[str]:
    """The addresses that somebody may mean, the likeliest first: ``https://`` is put in front of what has no scheme.

    Raises:
        SourceError: it is no address, or none that is read; the text says why.

    >>> addresses_of("Example.org/news")
    ['https://example.org/news', 'http://example.org/news']
    """
    written = typed.strip()
    if bracketed := _IN_BRACKETS.fullmatch(written):
        written = bracketed[1].strip()
    if written.lower().startswith("feed:"):
        written = re.sub(r"(?i)^feed:(?://)?(?=https?:)|^feed:(?=//)", "", written)
        written = f"https:{written}" if written.startswith("//") else written
    scheme = _SCHEME.match(written)
    if scheme and ("://" in written or not _HOST.match(written)):
        return [read_address(written).url]
    if _FILE.match(written):
        raise refusal("it looks like a file of some machine. Give a web address, such as https://example.org")
    if " " in written and "." not in written:  # "not a site": that there are spaces in it is not what is wrong with it
        raise refusal("its host is not a full name such as example.com")
    return [read_address(f"{scheme}://{written}").url for scheme in ("https", "http")]


@dataclass(frozen=True, slots=True)
class _Known:
    """The sources of the installation, and which of them (by id) the place follows, and where."""

    sources: Sequence[Source]
    places: dict[str, Place]

    def source(self, addresses: Sequence[str]) -> Source | None:
        """The source at one of the addresses; http or https, with or without a last slash: it is one feed."""
        keys = {feed_key(each) for each in addresses}
        return next((each for each in self.sources if feed_key(each.address) in keys), None)


def feed_key(address: str) -> str:
    """What the addresses of one feed share: http or https, with or without a last slash."""
    try:
        address = read_address(address).url
    except SourceError:
        return address  # a file of the operator's, or what is no longer read
    return address.partition("://")[2].rstrip("/")


async def _searched(
    typed: str, addresses: Sequence[str], fetcher: Fetcher, finder: Finder, now: datetime, deadline_s: float
) -> Discovery:
    try:
        async with asyncio.timeout(deadline_s):
            return await _Search(typed, fetcher, finder, now).run(addresses)
    except TimeoutError:
        host = urlsplit(addresses[0]).hostname
        return Discovery(typed, problem=Problem.FAILED, why=f"{host} took longer than {deadline_s:g} s.")
    except SourceError as error:
        return failed(typed, error)


def failed(typed: str, error: SourceError) -> Discovery:
    """That an address leads to nothing, for a person who waits for the answer.

    When a source would be asked again by itself says nothing to them: only what its server asked for does.
    """
    problem = Problem.REFUSED if error.refused else Problem.FAILED
    wait_s = error.retry_after if error.asked else None
    return Discovery(typed, problem=problem, why=str(error), retry_after=wait_s, nowhere=error.nowhere)


class _Search:
    """One discovery: counts its requests, and asks for nothing twice."""

    def __init__(self, typed: str, fetcher: Fetcher, finder: Finder, now: datetime) -> None:
        self._typed, self._fetcher, self._finder, self._now = typed, fetcher, finder, now
        self._asked: set[str] = set()

    async def run(self, addresses: Sequence[str]) -> Discovery:
        """What the addresses lead to.  Raises SourceError when there is nothing at any of them."""
        fetched = await self._first_of(addresses)
        try:
            return Discovery(self._typed, await self._read(addresses, fetched))
        except SourceError as error:
            no_feed = str(error)
        page = await self._finder.page_feeds(fetched)
        if not page.page:
            return Discovery(self._typed, problem=Problem.UNREADABLE, why=no_feed)
        for _, address in page.feeds:
            if feed := await self._feed_at(address):
                return Discovery(self._typed, feed, nearby=tuple(each for each in page.feeds if each[1] != address))
        if page.feeds:
            why = "None of the feeds that this page names can be read just now."
            return Discovery(self._typed, problem=Problem.UNREADABLE, why=why, nearby=page.feeds)
        if page.gate:
            return Discovery(self._typed, problem=Problem.GATE)
        return await self._of_site(fetched.url)

    async def _of_site(self, url: str) -> Discovery:
        """The feed of a site whose first page names none; of another page, what there is nearby."""
        home = urljoin(url, "/")
        if urlsplit(url).path in ("", "/"):
            feed = await self._at_a_usual_path(home)
            return Discovery(self._typed, feed) if feed else Discovery(self._typed, problem=Problem.NO_FEED)
        nearby = await self._named_at(home)
        if not nearby and (feed := await self._at_a_usual_path(home)):
            nearby = ((feed.title, feed.address),)
        return Discovery(self._typed, problem=Problem.NO_FEED, nearby=nearby)

    async def _first_of(self, addresses: Sequence[str]) -> Fetched:
        """The document at the first address whose server answers at all."""
        for each in addresses[:-1]:
            try:
                return await self._fetch(each)
            except SourceError as error:
                if error.refused or error.status is not None:
                    raise
        return await self._fetch(addresses[-1])

    async def _named_at(self, address: str) -> tuple[tuple[str, str], ...]:
        try:
            return (await self._finder.page_feeds(await self._fetch(address))).feeds
        except SourceError:
            return ()

    async def _at_a_usual_path(self, home: str) -> FoundFeed | None:
        for path in PATHS:
            if feed := await self._feed_at(urljoin(home, path)):
                return feed
        return None

    async def _feed_at(self, address: str) -> FoundFeed | None:
        """The feed at an address; None when there is none, or when enough was asked for."""
        try:
            return await self._read([address], await self._fetch(read_address(address).url))
        except SourceError:
            return None

    async def _fetch(self, address: str) -> Fetched:
        if address in self._asked or len(self._asked) >= MOST_REQUESTS:
            raise SourceError("That was asked for already, or enough was.")
        self._asked.add(address)
        return await self._fetcher.fetch(address, kind="feed")

    async def _read(self, asked: Sequence[str], fetched: Fetched) -> FoundFeed:
        """The feed in a document.  Raises SourceError when it is none."""
        document = await self._finder.feed(fetched, self._now)
        # A moved feed is followed where it lives now.  What was asked for last is what answered.
        at = fetched.moved_to or next((each for each in reversed(asked) if each in self._asked), fetched.url)
        return _found(at, document)


def _found(address: str, document: FeedDocument) -> FoundFeed:
    ever = datetime.min.replace(tzinfo=UTC)
    newest = sorted(document.entries, key=lambda entry: entry.published_at or ever, reverse=True)[:_NEWEST]
    return FoundFeed(
        address, document.title or host_of(address), tuple(_headline(entry) for entry in newest), document.language
    )


def host_of(address: str) -> str:
    """What a feed is called as long as nobody named it."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


def _headline(entry: Entry) -> str:
    text = entry.title or " ".join(entry.text.split())
    return text if len(text) <= _LONGEST_TITLE else text[: _LONGEST_TITLE - 1].rstrip() + "…"
