"""Answer: from what somebody asks for to a digest, out of sources read now or out of the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.collect import FETCHES, collect, read_source
from bot.errors import SourceError
from bot.grouping import Grouping
from bot.ports import Fetcher, Reader, Store
from bot.ports.topics import Topic
from bot.scope import Scope
from digests import make
from digests.model import Digest, Order, Query, Source, Understood
from digests.wishes import NOTHING, Wishes


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, and how it is to be shown.

    Args:
        query: what they want to read.
        title: what the digest is called.
        zone: IANA name, in which days and times are written.
        now: the instant of asking, aware, in UTC.
        day: from which "within 7 days" is counted; None takes the newest publication.
        dating_hint: how a missing publication date is given here.
        wishes: what the one who reads the answer follows and mutes.
        order: of its stories.
    """

    query: Query
    title: str
    zone: str
    now: datetime
    day: date | None = None
    dating_hint: str = ""
    wishes: Wishes = NOTHING
    order: Order = Order.WEIGHT


@dataclass(frozen=True, slots=True)
class Answer:
    """A digest, and what went wrong on the way: (address, words) of each source that failed, notes about the others.

    ``bugs`` are faults of ours that failed a source; whoever asked shows them when the digest is out.
    """

    digest: Digest
    failures: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    bugs: tuple[Exception, ...] = field(default=(), repr=False)


async def from_sources(
    asked: Asked,
    sources: Sequence[Source],
    fetcher: Fetcher,
    reader: Reader,
    *,
    published: datetime | date | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Answer:
    """Read the sources now and make a digest of them.  One that fails stops no other; nothing is kept.

    Args:
        published: when lone pages were published, if the asker knows better.
        progress: told how many of how many sources are done.
    """
    done = 0
    free = asyncio.Semaphore(FETCHES)

    async def read(source: Source) -> tuple[list[Understood], tuple[str, ...]] | Exception:
        nonlocal done
        try:
            async with free:
                return await read_source(source, fetcher, reader, asked.now, published=published)
        except Exception as error:  # a bug is told too, but not at the price of the other sources
            return error
        finally:
            done += 1
            progress(done, len(sources))

    found = await asyncio.gather(*(read(source) for source in sources))
    understood: list[Understood] = []
    failures, notes, bugs = [], [], []
    for source, result in zip(sources, found, strict=True):
        if isinstance(result, SourceError):
            failures.append((source.address, str(result)))
        elif isinstance(result, Exception):
            failures.append((source.address, f"{type(result).__name__} while reading it: a bug of this program"))
            bugs.append(result)
        else:
            understood += result[0]
            notes += [(source.address, note) for note in result[1]]
    feeds = [source.address for source in sources if source.kind == "feed"]
    failed = [address for address, _ in failures if address in feeds]
    day = asked.day or max((each.article.published_day for each in understood if each.article.published_day), default=None)
    digest = await asyncio.to_thread(
        make.make,
        understood,
        asked.query,
        title=asked.title,
        zone=asked.zone,
        day=day,
        sources=(len(feeds) - len(failed), len(feeds)) if feeds else None,
        dating_hint=asked.dating_hint,
    )
    return Answer(_told(digest, asked.query), tuple(failures), tuple(notes), tuple(bugs))


async def kept(
    asked: Asked,
    sources: Sequence[Source],
    store: Store,
    fetcher: Fetcher,
    reader: Reader,
    *,
    now: datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Answer:
    """Follow the sources, read them now into the archive, and make a digest of what it holds of them.

    Args:
        now: the instant of reading them, aware; the digest itself may be of another (``asked``).
    """
    for source in sources:
        await store.add_source(source, now=now)
    addresses = {source.address for source in sources}
    ids = {each.source.id for each in await store.sources() if each.source.address in addresses}
    report = await collect(store, fetcher, reader, now, all=True, sources=ids, grouping=Grouping(), progress=progress)
    answer = await from_archive(asked, store, Scope(frozenset(ids)))
    return replace(answer, failures=report.errors, notes=report.notes, bugs=report.bugs)


async def from_archive(asked: Asked, store: Store, scope: Scope) -> Answer:
    """Make a digest of what the archive holds, within a scope: its topic or words, and nothing of sources outside it."""
    kept = await store.articles_between(asked.query.window, sources=scope.sources)
    words = tuple(dict.fromkeys((*asked.query.words, *scope.words)))
    without = tuple(dict.fromkeys((*asked.query.without, *scope.without)))
    wanted = replace(asked.query, words=words, without=without)
    feeds = await store.feeds(scope.sources)

    def made() -> Digest:
        mine = scope.of(kept)
        return make.make(
            [each.understood for each in mine],
            wanted,
            title=asked.title,
            zone=asked.zone,
            day=asked.day or wanted.window.end.astimezone(ZoneInfo(asked.zone)).date(),
            grouping={each.understood.article.id: each.story for each in mine if each.story},
            sources=feeds,
            dating_hint=asked.dating_hint,
            wishes=asked.wishes,
            order=asked.order,
        )

    return Answer(_told(await asyncio.to_thread(made), wanted, scope.topic))


def _told(digest: Digest, wanted: Query, topic: Topic | None = None) -> Digest:
    """The digest, which says so when it is empty for want of what was asked for."""
    if digest.stories or digest.also or not (wanted.words or topic):
        return digest
    words = " ".join(f"“{word}”" for word in wanted.words)
    words += "".join(f" without “{word}”" for word in wanted.without)
    why = (
        f"No story belongs to the topic “{topic.name}”. Try an earlier time."
        if topic
        else f"No story mentions {words}. Try fewer words, or an earlier time."
    )
    return replace(digest, notices=(*digest.notices, why))
