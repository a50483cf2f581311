"""Answer: from what somebody asks for to a digest, out of sources read now or out of the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.collect import SOURCES, collect
from bot.documents import Told, read_source
from bot.errors import SourceError
from bot.grouping import Grouping
from bot.ports import Fetcher, Kept, Reader, Store
from bot.ports.topics import Topic, words_of
from bot.scope import Scope
from digests import folding, make
from digests.model import Digest, Length, Order, Query, Source, Understood, Window
from digests.query import Typed
from digests.wishes import NOTHING, Wishes

MOST_READ: Final = 3_000
"""Articles of a window: as many as can be read and made into a digest well within a second."""
MOST_FOUND: Final = 500
"""Articles that hold what is asked for: what a post has room for comes of far fewer, and half a second is long."""
NOTHING_TYPED: Final = Typed()


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

    ``bugs`` are faults of ours that failed a source; whoever asked shows them when the digest is out.  ``newest`` is how many
    articles were read where the archive has more, None where all were.
    """

    digest: Digest
    failures: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    bugs: tuple[Exception, ...] = field(default=(), repr=False)
    newest: int | None = None


async def from_sources(
    asked: Asked,
    sources: Sequence[Source],
    fetcher: Fetcher,
    reader: Reader,
    *,
    published: datetime | date | None = None,
    undated: date | None = None,
    stubs_whole: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Answer:
    """Read the sources now and make a digest of them.  One that fails stops no other; nothing is kept.

    Args:
        published: when lone pages were published, if the asker knows better.
        undated: the day of a lone page that states none itself, where it is known from elsewhere.
        stubs_whole: of an article that is not free to read all is shown that was given, for it is little.
        progress: told how many of how many sources are done.
    """
    done = 0
    free = asyncio.Semaphore(SOURCES)

    async def read(source: Source) -> Told | Exception:
        nonlocal done
        try:
            async with free:
                return await read_source(source, fetcher, reader, asked.now, published=published, undated=undated)
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
            understood += result.articles
            notes += [(source.address, note) for note in result.notes]
            bugs += result.bugs
    feeds = [source.address for source in sources if source.kind == "feed"]
    failed = [address for address, _ in failures if address in feeds]
    wanted = asked.query
    if stubs_whole and any(each.article.stub for each in understood):
        wanted = replace(wanted, length=Length.FULL)
    day = asked.day or max((each.article.published_day for each in understood if each.article.published_day), default=None)
    digest = await asyncio.to_thread(
        make.make,
        understood,
        wanted,
        title=asked.title,
        zone=asked.zone,
        day=day,
        sources=(len(feeds) - len(failed), len(feeds)) if feeds else None,
        dating_hint=asked.dating_hint,
        let_in=_let_in(wanted.window, asked.now),
    )
    return Answer(_told(digest, wanted), tuple(failures), tuple(notes), tuple(bugs))


def _let_in(window: Window, now: datetime) -> Window:
    """Up to now means all that is there: what could be read is published, though its clock or its zone be ahead."""
    return window if window.end < now else replace(window, end=make.EVER.end)


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


async def from_archive(asked: Asked, store: Store, scope: Scope, *, most: int | None = None) -> Answer:
    """Make a digest of what the archive holds, within a scope: its topic or words, and nothing of sources outside it.

    Args:
        most: articles that are read, the newest; None for as many as an answer needs (``MOST_READ``, ``MOST_FOUND``).
    """
    words = tuple(dict.fromkeys((*asked.query.words, *scope.words)))
    without = tuple(dict.fromkeys((*asked.query.without, *scope.without)))
    wanted = replace(asked.query, words=words, without=without)
    kept, newest = await _read(store, wanted, scope, most)
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
            let_in=make.EVER,
            on_topic=scope.topic is not None,
        )

    digest = _told(await asyncio.to_thread(made), wanted, scope.topic)
    return Answer(of_newest(digest, newest) if newest else digest, newest=newest)


def of_newest(digest: Digest, articles: int) -> Digest:
    """A digest that says that no more than the newest articles were read for it."""
    return replace(digest, notices=(*digest.notices, f"Only the newest {articles:,} articles were read; there may be more."))


async def _read(store: Store, wanted: Query, scope: Scope, most: int | None) -> tuple[list[Kept], int | None]:
    """The newest articles of a window among which are those that are wanted; and how many that is, where there may be more.

    Words are looked up: who asks what three months say of something is not to wait for all that was written in them.
    """
    window = wanted.window
    if wanted.words:
        return await _holding(store, window, wanted.words, scope.sources, most or MOST_FOUND)
    told = words_of(scope.topic.words) if scope.topic and scope.carrying else NOTHING_TYPED
    if not scope.carrying or (told.without and not told.words):
        return await _standing(store, window, scope.sources, most or MOST_READ)
    carried, newest = await _standing(store, window, scope.carrying, most or MOST_READ)
    if not told.words:
        return carried, newest
    others, newest_others = await _holding(store, window, told.words, scope.sources, most or MOST_FOUND)
    both = {each.understood.article.id: each for each in (*carried, *others)}
    return list(both.values()), newest or newest_others


async def _standing(store: Store, window: Window, sources: Collection[str], most: int) -> tuple[list[Kept], int | None]:
    found = await store.articles_between(window, sources=sources, limit=most)
    return found, (most if len(found) == most else None)


async def _holding(
    store: Store, window: Window, sought: Sequence[str], sources: Collection[str], most: int
) -> tuple[list[Kept], int | None]:
    """Articles that hold all words, those of a phrase anywhere: a digest knows a phrase by its stems, a search as it stands."""
    parts = dict.fromkeys(part for word in sought for part in _apart(word))
    found = await store.search(Query(window, tuple(parts)), sources=sources, limit=most)
    return await store.articles(found), (most if len(found) == most else None)


def _apart(word: str) -> list[str]:
    """The words of a phrase, each to be looked up: ``new york*`` -> ``new``, ``york*``."""
    parts = folding.words_of(word) or [""]
    return [*parts[:-1], parts[-1] + "*" * word.endswith("*")]


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
