"""What the use cases need of the outside, as Protocols; the rooms that do it are chosen in ``bot.app``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

from bot.model import Abilities, Channel, FeedDocument, Fetched, PageDocument, Payload, Receipt, Validators
from bot.polling import FLOOR_S, Health
from digests.model import Article, Digest, Source, Understood, Window

UNCONDITIONAL: Final = Validators()


class Fetcher(Protocol):
    """Reads foreign addresses, politely and only where it is safe."""

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        """Return the document at ``url``, or a 304 without a body when ``validators`` still hold.

        Args:
            kind: what is asked for; a feed may be 5 MiB, a page 2 MiB.

        Raises:
            SourceError: nothing could be read; its text says why, its ``retry_after`` when to ask again.
        """
        ...


class Reader(Protocol):
    """Makes articles of foreign bytes, in workers that can be killed."""

    async def feed(self, fetched: Fetched, fetched_at: datetime) -> FeedDocument:
        """Return what a feed holds.  Raises SourceError when it is none, or when reading it takes too much."""
        ...

    async def page(self, fetched: Fetched) -> PageDocument:
        """Return what an article page holds.  Raises SourceError when reading it takes too much."""
        ...

    async def understand(self, articles: Sequence[Article]) -> Sequence[Understood]:
        """Return the claims of each article, in the same order."""
        ...


@dataclass(frozen=True, slots=True)
class Followed:
    """A source of this installation, as the store knows it.

    Args:
        source: what it is.
        health: how it is doing.
        floor_s: seconds between two polls at least; 900 for what the operator marks as urgent.
        posts_a_week: articles of the last seven days; known only when it is claimed for polling.
    """

    source: Source
    health: Health = field(default_factory=Health)
    floor_s: float = FLOOR_S
    paused: bool = False
    added_at: datetime | None = None
    posts_a_week: int = 0


@dataclass(frozen=True, slots=True)
class EntryPrint:
    """An entry of a source as it was last seen: enough to know it again, and to see that it changed.

    Args:
        key: its identity within the source.
        content: print of folded title and text.
        link: print of its canonical link, ``""`` without one.
        title: print of its folded title.
    """

    key: str
    content: str
    link: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll of a source gave, to be kept as one.

    Args:
        source_id: whose.
        health: how the source is doing after it.
        listed: keys of all entries that the source lists now.
        entries: those whose print is new or changed.
        new: articles never seen, by the key of their entry.
        changed: articles whose title or text changed, by the key of their entry.
        backlog: keys of new articles that were there before we came (a first fetch, renamed ids): found by readers who
            ask, never posted by schedule.
        address: the new address of a source that moved.
    """

    source_id: str
    health: Health
    listed: tuple[str, ...] = ()
    entries: tuple[EntryPrint, ...] = ()
    new: tuple[tuple[str, Understood], ...] = ()
    changed: tuple[tuple[str, Understood], ...] = ()
    backlog: frozenset[str] = frozenset()
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as the store keeps it.

    Args:
        stored_at: when this installation first had it; subscription windows are cut by it.
        story: id of its story (``s-7f3a...``); None until it was grouped.
        revision: how often its title or text changed since.
    """

    understood: Understood
    stored_at: datetime
    story: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds."""

    sources: int
    paused: int
    failing: int
    stopped: int
    articles: int
    stories: int


class Store(Protocol):
    """What this installation remembers.  Every method may raise StoreError, in words, with the next step."""

    async def add_source(self, source: Source, *, now: datetime, floor_s: float = FLOOR_S) -> bool:
        """Follow a source; False when its address is followed already."""
        ...

    async def remove_source(self, source_id: str) -> bool:
        """Forget a source and its articles; False when there is none."""
        ...

    async def pause_source(self, source_id: str, paused: bool) -> bool:
        """Poll a source no more, or again; resuming one that stopped asks it at once.  False when there is none."""
        ...

    async def sources(self) -> list[Followed]:
        """Every source, in the order in which they were added."""
        ...

    async def claim_due(
        self, now: datetime, *, everything: bool = False, only: Collection[str] | None = None
    ) -> list[Followed]:
        """The sources to poll now, claimed for the caller: no other process is given them for a while.

        A claim counts as a poll: if the caller dies, they are due again after an hour, so that a crash loop asks nobody early.

        Args:
            everything: also those that are not due (but neither paused nor claimed by another).
            only: ids to choose from; None for all.
        """
        ...

    async def known(self, source_id: str, keys: Collection[str]) -> dict[str, str]:
        """Those of the keys that were seen before, even if their article is long gone, each with its print of content."""
        ...

    async def alike(self, source_id: str, prints: Collection[EntryPrint]) -> set[str]:
        """The keys of those entries whose link or title is known in the source, under whatever key."""
        ...

    async def record(self, polls: Sequence[Poll]) -> Sequence[str]:
        """Keep polls: articles, entries, validators and health, all or nothing.  Returns the ids of articles that were new."""
        ...

    async def articles_between(
        self, window: Window, *, by: Literal["published", "stored"] = "published", limit: int | None = None
    ) -> list[Kept]:
        """The articles of a window, newest first.

        Args:
            by: ``"published"``: by publication (by the instant of storing when unknown, or when it lies ahead of that);
                ``"stored"``: by the instant at which they were first stored, without the backlog of first fetches.
            limit: the newest so many.
        """
        ...

    async def search(self, words: Sequence[str], window: Window, *, limit: int = 1_000) -> list[str]:
        """Ids of articles published in a window whose title or text holds every word or phrase, newest first.

        Words are words: nothing in them is syntax.  A word without letter or digit is found nowhere; no words find nothing.
        """
        ...

    async def assign_stories(self, stories: Mapping[str, str], now: datetime) -> None:
        """Put articles (by id) into stories (by id)."""
        ...

    async def counts(self) -> Counts:
        """How much the store holds and how the sources are doing."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget articles stored before an instant, in small steps; returns how many.

        Keys of entries are remembered longer: at least 1,000 and at least 90 days a source.
        """
        ...


class Adapter(Protocol):
    """A chat platform.  One call is one attempt: whether to try again is decided by who calls, never here or in a library.

    ``post``, ``edit`` and ``look_up`` raise a `bot.errors.DeliveryError` of the class that says what is known: every class
    but `OutcomeUnknown` means that nothing was delivered.
    """

    @property
    def abilities(self) -> Abilities:
        """What this platform can do; the same for all channels that the adapter serves."""
        ...

    def serve(self) -> AbstractAsyncContextManager[None]:
        """Be connected while the context is open; nothing is posted outside it.  It may be opened again."""
        ...

    def render(self, digest: Digest) -> list[Payload]:
        """The messages of a digest, in order.  Pure: the same digest gives the same payloads."""
        ...

    def render_line(self, text: str) -> Payload:
        """A message of one plain line, literal and cut at 900 characters: nothing new, notices, corrections.  Pure."""
        ...

    def plain(self, payload: Payload) -> list[Payload]:
        """The same words in the platform's plainest form, to be sent once when it rejected a payload.  Pure."""
        ...

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        """Post one message.

        Args:
            nonce: at most 25 characters, the same whenever this delivery is sent; marks it where the platform can.
            thread: id of the message under which it goes; a platform without threads posts to the channel.
        """
        ...

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        """Put another payload in the place of a posted one.  Raises Rejected where the platform cannot."""
        ...

    async def look_up(self, channel: Channel, nonce: str, *, since: datetime, number: int | None) -> Receipt | None:
        """Find a delivery of unknown outcome; None when it is surely absent.

        Args:
            since: when it was sent at the earliest.
            number: of its digest, which the message shows; None without one.

        Raises:
            OutcomeUnknown: this cannot be told, here or now.
        """
        ...
