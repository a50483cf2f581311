"""The pages behind teasers: of one source the newest, so many and for so long in a round.

A server is asked once a second at most, and a feed may name thousands of pages.  So what is over waits: the article is kept
with the words of the feed, and a later round asks for its page.  Of what waits the newest are kept in mind; what is older stays
as the feed tells it.  So many are an archive, as a first fetch brings it, of which no schedule posts anything.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Final

from bot.errors import SourceError
from bot.model import Entry, PageDocument
from bot.ports import Fetcher, Reader
from bot.readers import WorkerError

AT_ONCE: Final = 4
"""Pages of one source that wait for their turn at once: so sources of one host take turns, each with its newest."""
WAITING: Final = 150
"""Pages of one source that wait for a later round."""
SAME_TEXT: Final = 3
"""Pages of one source with the same text are a consent wall, not articles."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read of one source in a round.

    Args:
        most: pages that are asked for; at one a second they take a minute.
        seconds: until the last of them has its turn.  So even a thousand slow sources, 128 at a time, are through within the
            half hour that a round may last.
    """

    most: int = 50
    seconds: float = 180.0


@dataclass(frozen=True, slots=True)
class Pages:
    """What became of the pages of a source's teasers, by the keys of their entries.

    Args:
        read: those that say more than the feed.
        waiting: those that a later round is to ask for, each with how often it was asked for in vain.
        notes: for whoever asked: what is missing, and why.
        bugs: faults of ours; each cost one page.
    """

    read: Mapping[str, PageDocument] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    bugs: tuple[Exception, ...] = field(default=(), repr=False)


async def read_pages(
    entries: Sequence[Entry], fetcher: Fetcher, read: Reader, limits: Limits, tries: Mapping[str, int] | None = None
) -> Pages:
    """The pages of those entries that are teasers, the newest first.

    Args:
        tries: how often the pages of some of them were asked for in vain, by key.
    """
    wanted = sorted((entry for entry in entries if entry.summary_only and entry.url), key=_moment, reverse=True)
    found = await _asked(wanted[: limits.most], fetcher, read, limits.seconds)
    texts = Counter(page.text for page in found.values() if isinstance(page, PageDocument))
    failed = {key: page for key, page in found.items() if not isinstance(page, PageDocument)}
    left = [entry.key for entry in wanted if entry.key not in found]
    return Pages(
        {
            entry.key: page
            for entry in wanted
            if isinstance(page := found.get(entry.key), PageDocument)
            and len(page.text) > len(entry.text)
            and texts[page.text] < SAME_TEXT
        },
        {key: (tries or {}).get(key, 0) for key in left[:WAITING]},
        tuple(_notes(len(wanted), len(found), list(failed.values()))),
        tuple(error for error in failed.values() if isinstance(error, WorkerError)),
    )


async def _asked(
    wanted: Sequence[Entry], fetcher: Fetcher, read: Reader, seconds: float
) -> dict[str, PageDocument | SourceError | WorkerError]:
    """The pages, or why one could not be read; nothing of those whose turn did not come in time."""
    found: dict[str, PageDocument | SourceError | WorkerError] = {}
    waiting, until = iter(wanted), asyncio.get_running_loop().time() + seconds

    async def ask_each() -> None:
        for entry in waiting:
            if (page := await _page(entry, fetcher, read, until)) is not None:
                found[entry.key] = page

    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in wanted[:AT_ONCE]:
                tasks.create_task(ask_each())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return found


async def _page(entry: Entry, fetcher: Fetcher, read: Reader, until: float) -> PageDocument | SourceError | WorkerError | None:
    if asyncio.get_running_loop().time() >= until:
        return None
    try:
        # Only the fetching is given up: a worker that is stopped in its work would have to be started anew.
        async with asyncio.timeout_at(until):
            fetched = await fetcher.fetch(entry.raw_url or entry.url or "", kind="page")
        return await read.page(fetched)
    except TimeoutError:
        return None
    except (SourceError, WorkerError) as error:
        return error


def _moment(entry: Entry) -> datetime:
    """Where an entry stands among others; without a date behind them, in the order of the feed."""
    if entry.published_at is not None:
        return entry.published_at
    if entry.published_day is not None:
        return datetime.combine(entry.published_day, time(12), UTC)
    return datetime.min.replace(tzinfo=UTC)


def _notes(wanted: int, asked: int, failed: Sequence[SourceError | WorkerError]) -> Iterator[str]:
    if failed:
        why = "a bug of this program" if isinstance(failed[0], WorkerError) else failed[0]
        yield f"{len(failed)} of {asked} article pages could not be read ({why})"
    if asked < wanted:
        turns = f"{asked} of {wanted} article pages had their turn, the newest first"
        yield f"{turns}; of the others the words of the feed stand for now"
