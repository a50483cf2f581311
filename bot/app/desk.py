"""The desk, wired: what commands need of the outside, and a newsroom to try them in."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from bot.adapters.console import Terminal
from bot.app import Archive
from bot.collect import collect
from bot.commands.ask import Means
from bot.commands.desk import Desk
from bot.deliver import deliver
from bot.feeds import source_id
from bot.grouping import Grouping
from bot.model import Channel, Fetched, Subscription, Validators
from bot.newsroom import Newsroom
from bot.newsroom.replay import Replay
from bot.ports import UNCONDITIONAL, Adapter, Adapters, Fetcher, Finder, Reader
from bot.ports.topics import EVERYWHERE, Topic
from bot.publish import publish_due
from bot.schedule import parse, slots
from digests.model import Length

MORNING: Final = "daily 08:00"
_DAYS = timedelta(days=4)  # of news that the newsroom has
_BEFORE = timedelta(minutes=10)  # each digest are the feeds read
_TOPICS: Final = (("Health", "measles"), ("Weather", "storm*"))
_OWNER = "newsroom"


def prefixes(slack_command: str = "/digest") -> Mapping[str, tuple[str, str]]:
    """What is typed on each chat platform before a command, and before one for admins.

    On Discord those of admins stand in a group of their own, which it hides from everybody else.
    """
    return {"slack": (slack_command, slack_command), "discord": ("/digest", "/digest-admin")}


class Reads(Reader, Finder, Protocol):
    """Reads articles, and finds feeds."""


def desk(
    archive: Archive,
    fetcher: Fetcher,
    reader: Reads,
    adapters: Adapters,
    *,
    owner: str,
    title: str,
    zone: str,
    length: Length = Length.NORMAL,
    kept_days: int,
    prefixes: Mapping[str, tuple[str, str]] | None = None,
) -> Desk:
    """The desk of an archive.

    Args:
        owner: this process, by a name that no other has.
        kept_days: for how long articles are kept.
        zone: IANA name, where neither the asker nor their space has one.
        length: of digests in spaces that have none.
        prefixes: what is typed before a command, and before one for admins, on platforms where that is not ``/digest``.
    """
    return Desk(
        Means(
            store=archive,
            ledger=archive.ledger,
            people=archive.people,
            topics=archive.topics,
            beats=archive.beats,
            fetcher=fetcher,
            reader=reader,
            finder=reader,
            adapters=adapters,
            owner=owner,
            title=title,
            zone=zone,
            length=length,
            kept_days=kept_days,
            prefixes=prefixes or {},
        )
    )


@dataclass(slots=True)
class Clock:
    """A clock that is set by hand, and runs on once it is let go."""

    at: datetime
    _running: Callable[[], datetime] | None = None
    _since: datetime | None = None

    def __call__(self) -> datetime:
        if self._running is None or self._since is None:
            return self.at
        return self.at + (self._running() - self._since)

    def run(self, now: Callable[[], datetime]) -> None:
        """Go on from here as fast as the other clock."""
        self._running, self._since = now, now()


class Room:
    """A `bot.ports.Fetcher` for whom the newsroom's pages are there too; everything else is fetched as ever."""

    def __init__(self, room: Newsroom, fetcher: Fetcher) -> None:
        self._room, self._fetcher = room, fetcher

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        ours = url.partition("?")[0] in self._room.documents
        return await (self._room if ours else self._fetcher).fetch(url, kind=kind, validators=validators)


class _Mute:
    """Adapters of a terminal that nobody sees."""

    def of(self, channel: Channel) -> Adapter:
        return Terminal(io.StringIO())


async def furnish(
    archive: Archive, room: Newsroom, reader: Reader, clock: Clock, *, jitter: Callable[[], float] = random.random
) -> None:
    """Live through the newsroom's days in an archive: its feeds read, and a digest posted, each morning up to its own now.

    At the end the bot that did it runs as far as anybody can tell.

    Args:
        clock: that of the archive; at the end it reads the newsroom's now.
        jitter: as of `bot.collect.collect`.
    """

    async def read() -> None:
        await collect(archive, feeds, reader, clock.at, all=True, grouping=grouping, jitter=jitter)

    clock.at = room.now - _DAYS
    for source in room.sources:  # under the ids that feeds have: who follows a source is remembered by it
        await archive.topics.follow(replace(source, id=source_id(source.address)), EVERYWHERE, clock.at)
    for called, words in _TOPICS:
        await archive.topics.add_topic(None, Topic(called, words), clock.at)
    schedule = parse(MORNING, room.zone)
    morning = Subscription("morning", Channel("console"), room.title, schedule, clock.at, clock.at)
    await archive.ledger.add_subscription(morning)
    grouping, feeds, unseen = Grouping(), Replay(room, clock), _Mute()
    await read()
    for slot in slots(schedule, clock.at, room.now):
        clock.at = slot.due - _BEFORE
        await read()
        clock.at = slot.due
        await publish_due(archive.ledger, archive, unseen, clock.at, _OWNER, grouping=grouping)
        await deliver(archive.ledger, unseen, clock, _OWNER)
    clock.at = room.now
    await read()
    await archive.beats.beat(_OWNER, clock.at)
