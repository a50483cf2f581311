"""The pages behind teasers: of one source the newest, so many and for so long in a round.

A server is asked once a second at most, and a feed may name thousands of pages.  So what is over waits: the article is kept
with the words of the feed, and a later round asks for its page.  Of what waits the newest are kept in mind; what is older stays
as the feed tells it.  So many are an archive, as a first fetch brings it, of which no schedule posts anything.  A page that
failed for now waits too.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from http import HTTPStatus
from itertools import islice
from typing import Final

from bot.address import domain_at
from bot.errors import SourceError
from bot.model import Entry, PageDocument
from bot.ports import Fetcher, Reader
from bot.readers import WorkerError
from digests.model import Source

AT_ONCE: Final = 4
"""Pages of one source that wait for their turn at once: so sources of one host take turns, each with its newest."""
WAITING: Final = 150
"""Pages of one source that wait for a later round."""
AGAIN: Final = 3
"""Times that a page which failed for now is asked for again, each in another round."""
AGAIN_IF_MISSING: Final = 1
_BUSY: Final = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
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
        rest_s: for how many seconds the domain of the source asked to be left alone; 0 where it did not.
        notes: for whoever asked: what is missing, and why.
        bugs: faults of ours; each cost one page.
    """

    read: Mapping[str, PageDocument] = field(default_factory=dict)
    waiting: Mapping[str, int] = field(default_factory=dict)
    rest_s: float = 0.0
    notes: tuple[str, ...] = ()
    bugs: tuple[Exception, ...] = field(default=(), repr=False)


async def read_pages(
    source: Source,
    entries: Sequence[Entry],
    fetcher: Fetcher,
    read: Reader,
    limits: Limits,
    tries: Mapping[str, int] | None = None,
) -> Pages:
    """The pages of those entries that are teasers, the newest first.

    Args:
        tries: how often the pages of some of them were asked for in vain, by key.
    """
    wanted = sorted((entry for entry in entries if entry.summary_only and entry.url), key=_moment, reverse=True)
    found = await _asked(wanted[: limits.most], fetcher, read, limits.seconds)
    texts = Counter(page.text for page in found.values() if isinstance(page, PageDocument))
    failed = [(entry, page) for entry in wanted if isinstance(page := found.get(entry.key), SourceError | WorkerError)]
    return Pages(
        read={
            entry.key: page
            for entry in wanted
            if isinstance(page := found.get(entry.key), PageDocument)
            and len(page.text) > len(entry.text)
            and texts[page.text] < SAME_TEXT
        },
        waiting=dict(islice(_waiting(wanted, found, tries or {}), WAITING)),
        rest_s=max((_rest_s(source, entry, error) for entry, error in failed), default=0.0),
        notes=tuple(_notes(len(wanted), len(found), [error for _, error in failed])),
        bugs=tuple(error for _, error in failed if isinstance(error, WorkerError)),
    )


def _waiting(
    wanted: Iterable[Entry], found: Mapping[str, PageDocument | SourceError | WorkerError], tries: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """The keys of those whose turn did not come, or that failed for now, with how often each was asked for in vain."""
    for entry in wanted:
        page, before = found.get(entry.key), tries.get(entry.key, 0)
        if page is None:
            yield entry.key, before
        elif isinstance(page, SourceError) and before < _times(page):
            yield entry.key, before + 1


def _times(error: SourceError) -> int:
    """How often a page that could not be had is asked for again.

    Where nobody answered, or the server is busy or broken (408, 425, 429, 5xx), it may be there later.  One that is missing may
    have been announced too early; what is refused (401, 403 and the like) stays so.
    """
    if error.retry_after is None or error.refused:
        return 0
    if error.status == HTTPStatus.NOT_FOUND:
        return AGAIN_IF_MISSING
    return AGAIN if error.status is None or error.status in _BUSY or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else 0


def _rest_s(source: Source, entry: Entry, error: SourceError | WorkerError) -> float:
    """For how many seconds a page's refusal asks the domain of its source to be left alone; 0 where it does not."""
    if isinstance(error, WorkerError) or not error.asked or error.retry_after is None:
        return 0.0
    domain = domain_at(source.address)
    return error.retry_after if domain is not None and domain == domain_at(_address(entry)) else 0.0


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
            fetched = await fetcher.fetch(_address(entry), kind="page")
        return await read.page(fetched)
    except TimeoutError:
        return None
    except (SourceError, WorkerError) as error:
        return error


def _address(entry: Entry) -> str:
    return entry.raw_url or entry.url or ""


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
