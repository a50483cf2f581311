"""Collect: ask the sources that are due, read what is new, understand it, keep it.

Three short cuts, in this order, keep a round cheap: the server says that nothing changed; the body is the one we had; the
entry is one we know.  One failing source stops no other.  What a source gave is kept together with the validators that
stand for it, in one transaction, so that nothing is lost between the two.
"""

from __future__ import annotations

import asyncio
import random
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot import polling
from bot.documents import (
    NOTHING,
    Document,
    Told,
    article_id,
    article_of,
    articles_of,
    fingerprint,
    kind_of,
    pages_of,
    read_document,
    understood,
)
from bot.errors import SourceError, StoreError
from bot.grouping import Grouping
from bot.model import Entry, Fetched, Validators
from bot.pages import Limits, Pages
from bot.ports import EntryPrint, Fetcher, Followed, Poll, Reader, Store
from digests.model import Article, Source

SOURCES = 128  # sources under way at once: most wait for their turn, of which the fetcher gives only so many at once
BATCH = 200  # polls in one transaction
BATCH_S = 1.0  # how long the first of them waits for the others
AFTER_RENAME = 5  # of a feed that renamed everything, how many undated entries may count as new


@dataclass(frozen=True, slots=True)
class Report:
    """What a round did: sources asked, how many had nothing new, articles new and changed, and what went wrong.

    Args:
        well: which answered again, after how many failures in a row, the first at that instant.
    """

    asked: int = 0
    unchanged: int = 0
    new: int = 0
    changed: int = 0
    errors: tuple[tuple[str, str], ...] = ()
    well: tuple[tuple[str, int, datetime | None], ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    bugs: tuple[Exception, ...] = field(default=(), repr=False)


async def collect(
    store: Store,
    fetcher: Fetcher,
    read: Reader,
    now: datetime,
    *,
    all: bool = False,  # noqa: A002  the word of the command line
    sources: Collection[str] | None = None,
    early: bool = False,
    grouping: Grouping | None = None,
    progress: Callable[[int, int], None] | None = None,
    jitter: Callable[[], float] = random.random,
    limits: Limits = Limits(),  # noqa: B008  (a value)
) -> Report:
    """Poll the sources that are due and keep what they gave; returns what happened.

    Args:
        now: the instant of the round, aware.
        all: also those that are not due; paused ones stay silent.
        sources: ids to choose from; None for every one.
        early: also those that may be asked before their turn, for a digest that is due soon.
        grouping: puts what is new into stories; give the same to every round of a process.
        progress: told how many of how many sources are done.
        jitter: numbers from 0 to 1, to spread the next polls.
        limits: of the pages of each source; what is over waits for the next rounds.

    Raises:
        StoreError: what was read could not be kept; those sources will be read again.
    """
    due = await store.claim_due(now, everything=all, only=sources, early=early)
    round_ = _Round(store, fetcher, read, now, jitter, limits, progress or (lambda done, total: None), len(due))
    await round_.run(due)
    if grouping and round_.fresh:
        await grouping.group(store, now)
    return round_.report()


def entry_print(entry: Entry) -> EntryPrint:
    """What an entry is known again by.  White space, case, the queries of links and all dates leave it as it is."""
    title = _folded(entry.title)
    link = entry.url.split("://", 1)[-1].rstrip("/") if entry.url else ""
    return EntryPrint(entry.key, fingerprint(f"{title}\0{_folded(entry.text)}"), fingerprint(link), fingerprint(title))


_LINK_TAIL = re.compile(r"(https?://[^\s?#]*)[?#]\S*")


def _folded(text: str) -> str:
    plain = _LINK_TAIL.sub(r"\1", unicodedata.normalize("NFKC", text))
    return " ".join(plain.casefold().split())


class _Round:
    """One round: polls sources side by side, and keeps what they gave in batches."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        read: Reader,
        now: datetime,
        jitter: Callable[[], float],
        limits: Limits,
        progress: Callable[[int, int], None],
        total: int,
    ) -> None:
        self._store, self._fetcher, self._read = store, fetcher, read
        self._now, self._jitter, self._limits, self._progress, self._total = now, jitter, limits, progress, total
        self._polls: asyncio.Queue[Poll | None] = asyncio.Queue(2 * BATCH)
        self._done = 0
        self._counts = {"asked": 0, "unchanged": 0, "new": 0, "changed": 0}
        self._errors: list[tuple[str, str]] = []
        self._well: list[tuple[str, int, datetime | None]] = []
        self._moved: list[tuple[str, str]] = []
        self._notes: list[tuple[str, str]] = []
        self._bugs: list[Exception] = []
        self.fresh = 0

    def report(self) -> Report:
        return Report(
            **self._counts,
            errors=tuple(self._errors),
            well=tuple(self._well),
            moved=tuple(self._moved),
            notes=tuple(self._notes),
            bugs=tuple(self._bugs),
        )

    async def run(self, due: Sequence[Followed]) -> None:
        """Poll them all.  Raises StoreError when nothing can be kept; what is under way is then given up."""
        waiting = iter(due)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keep())
                polls = [tasks.create_task(self._poll_each(waiting)) for _ in range(min(SOURCES, len(due)))]
                await asyncio.gather(*polls)
                await self._polls.put(None)
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _poll_each(self, waiting: Iterator[Followed]) -> None:
        for followed in waiting:
            await self._polls.put(await self._poll(followed))

    async def _keep(self) -> None:
        """Write polls as they come, many in one transaction."""
        while (first := await self._polls.get()) is not None:
            batch, more = [first], True
            with suppress(TimeoutError):
                async with asyncio.timeout(BATCH_S):
                    while more and len(batch) < BATCH:
                        poll = await self._polls.get()
                        more = poll is not None
                        batch += [poll] if poll else []
            self.fresh += len(await self._store.record(batch))
            self._done += len(batch)
            self._progress(self._done, self._total)
            if not more:
                return

    async def _poll(self, followed: Followed) -> Poll:
        """Ask one source.  Whatever goes wrong in it stays with it; only the store's own failure stops the round."""
        self._counts["asked"] += 1
        source = followed.source
        try:
            return await self._ask(followed)
        except SourceError as error:
            self._errors.append((source.address, str(error)))
            return self._failed(followed, error)
        except StoreError:
            raise
        except Exception as bug:
            # Ours to mend, but not at the price of the other sources: the caller logs it with its traceback.
            self._bugs.append(bug)
            words = f"{type(bug).__name__} while reading it: a bug of this program"
            self._errors.append((source.address, words))
            return self._failed(followed, SourceError(words))

    def _failed(self, followed: Followed, error: SourceError) -> Poll:
        health = polling.failed(followed.health, self._now, error, floor_s=followed.floor_s, jitter=self._jitter())
        return Poll(followed.source.id, health, pause_until=health.next_poll_at if error.asked else None)

    async def _ask(self, followed: Followed) -> Poll:
        source, health = followed.source, followed.health
        fetched = await self._fetcher.fetch(source.address, kind=kind_of(source), validators=health.validators)
        if fetched.status == 304:
            return await self._unchanged(followed, fetched, _renewed(health.validators, fetched.validators))
        validators = Validators() if fetched.truncated else fetched.validators
        digest = "" if fetched.truncated else polling.body_hash(fetched.body)
        if digest and digest == health.body_hash:
            return await self._unchanged(followed, fetched, validators)
        document = await read_document(source, fetched, self._read, self._now)
        shown = polling.posts_a_week((one.published_at for one in document.entries if one.published_at), self._now)
        asked = replace(followed, posts_a_week=max(followed.posts_a_week, shown))  # a first answer is not stored yet
        poll = self._answered(asked, fetched, validators, digest, document.ttl_s, changed=True)
        return await self._with_news(followed, document, replace(poll, name="" if source.name else document.outlet))

    async def _unchanged(self, followed: Followed, fetched: Fetched, validators: Validators) -> Poll:
        self._counts["unchanged"] += 1
        health = followed.health
        poll = self._answered(followed, fetched, validators, health.body_hash, health.ttl_s, changed=False)
        return await self._with_articles(followed, NOTHING, (), (), poll) if followed.unread else poll

    def _answered(
        self, followed: Followed, fetched: Fetched, validators: Validators, digest: str, ttl_s: float, *, changed: bool
    ) -> Poll:
        """A poll without news: only how the source is doing now, and where it moved."""
        address, before = followed.source.address, followed.health
        if before.failures:
            self._well.append((address, before.failures, before.failing_since))
        health = polling.answered(
            followed.health,
            self._now,
            validators=validators,
            body_hash=digest,
            changed=changed,
            ttl_s=ttl_s,
            wait_s=fetched.wait_s,
            posts_a_week=followed.posts_a_week,
            floor_s=followed.floor_s,
            address=address,
            jitter=self._jitter(),
        )
        health, moved = polling.followed(health, fetched.moved_to, address, self._now)
        if moved:
            self._moved.append((address, moved))
        return Poll(followed.source.id, health, address=moved)

    async def _with_news(self, followed: Followed, document: Document, poll: Poll) -> Poll:
        """The poll with what the document holds that we did not know."""
        source = followed.source
        prints = {entry.key: entry_print(entry) for entry in document.entries}
        entries = {entry.key: entry for entry in document.entries}
        known = await self._store.known(source.id, prints)
        fresh = [entries[key] for key in prints if key not in known]
        changed = [entries[key] for key, content in known.items() if content != prints[key].content]
        renamed, backlog = await self._not_news(followed, fresh, [prints[entry.key] for entry in fresh], len(prints))
        fresh = [entry for entry in fresh if entry.key not in renamed]
        poll = replace(
            poll,
            listed=tuple(prints),
            entries=tuple(own for key, own in prints.items() if known.get(key) != own.content),
            backlog=backlog,
        )
        self._counts["new"] += len(fresh)
        return await self._with_articles(followed, document, fresh, changed, poll)

    async def _with_articles(
        self, followed: Followed, document: Document, fresh: Sequence[Entry], changed: Sequence[Entry], poll: Poll
    ) -> Poll:
        """The poll with the articles of what is new and changed, and of those that waited for their page and have it now."""
        source, news, anew = followed.source, [*fresh, *changed], {entry.key for entry in changed}
        waited = [each for each in followed.unread if each.key not in anew]
        waiting, tries = await self._teasers(source, waited), {each.key: each.page_tries or 0 for each in waited}
        teasers = [*news, *(entry for entry, _ in waiting)]
        pages = await pages_of(source, document, teasers, self._fetcher, self._read, self._now, self._limits, tries)
        whole = [(entry, outlet) for entry, outlet in waiting if entry.key in pages.read]
        articles = articles_of(source, document, news, pages)
        articles += [article_of(source, entry, outlet, None, pages.read[entry.key]) for entry, outlet in whole]
        told = await understood(articles, self._read)
        self._tell(source, document, pages, told)
        keys = [entry.key for entry in (*news, *(entry for entry, _ in whole))]
        pairs = list(zip(keys, told.articles, strict=True))
        # Where a new text is lost the old one is better than none.
        revised = [pair for at, pair in enumerate(pairs) if len(fresh) <= at < len(news) and at not in told.lost]
        completed = [pair for at, pair in enumerate(pairs) if len(news) <= at and at not in told.lost]
        self._counts["changed"] += len(revised)
        return replace(
            poll,
            entries=tuple(_marked(followed.unread, poll.entries, pages.waiting)),
            new=tuple(pairs[: len(fresh)]),
            changed=tuple(revised),
            completed=tuple(completed),
            pause_until=self._now + timedelta(seconds=pages.rest_s) if pages.rest_s else None,
        )

    async def _teasers(self, source: Source, waited: Sequence[EntryPrint]) -> list[tuple[Entry, str]]:
        """The articles of a source that waited for their page, as the entries that they were, each with its outlet."""
        keys = {article_id(source.id, each.key): each.key for each in waited}
        kept = await self._store.articles(keys) if keys else []
        return [(_teaser(keys[one.id], one), one.outlet) for one in (each.understood.article for each in kept)]

    def _tell(self, source: Source, document: Document, pages: Pages, told: Told) -> None:
        self._notes += [(source.address, note) for note in (*document.notes, *pages.notes, *told.notes)]
        self._bugs += (*pages.bugs, *told.bugs)

    async def _not_news(
        self, followed: Followed, fresh: Sequence[Entry], prints: Sequence[EntryPrint], listed: int
    ) -> tuple[set[str], frozenset[str]]:
        """Keys of unknown entries that we have under another key, and of those that were there before we came.

        Everything in a first fetch was there before.  When more than half of a feed looks new, it may have renamed its
        entries: what has a known link or title is the same entry.  Of the others those dated after our last good
        visit are news; if nothing matched, so are the first few of the undated and older ones.
        """
        last = followed.health.last_ok_at
        if last is None:
            return set(), frozenset(entry.key for entry in fresh)
        if 2 * len(fresh) <= listed:
            return set(), frozenset()
        renamed = await self._store.alike(followed.source.id, prints)
        doubtful = [
            entry.key
            for entry in fresh
            if entry.key not in renamed and (entry.published_at is None or entry.published_at < last)
        ]
        return renamed, frozenset(doubtful if renamed else doubtful[AFTER_RENAME:])


def _teaser(key: str, article: Article) -> Entry:
    """The entry that a kept article was made of, as far as its page needs it."""
    return Entry(
        key=key,
        guid="",
        url=article.url,
        raw_url=None,
        title=article.title,
        text=article.text,
        published_at=article.published_at,
        published_day=article.published_day,
        language=article.language,
        summary_only=True,
    )


def _marked(unread: Sequence[EntryPrint], news: Sequence[EntryPrint], waiting: Mapping[str, int]) -> Iterator[EntryPrint]:
    """The prints to be kept: of what is new or changed, and of what waits otherwise than it did, each with its tries."""
    fresh = {own.key for own in news}
    for own in (*news, *(each for each in unread if each.key not in fresh)):
        marked = replace(own, page_tries=waiting.get(own.key))
        if own.key in fresh or marked != own:
            yield marked


def _renewed(held: Validators, sent: Validators) -> Validators:
    """The validators after a 304: what it carries replaces what we hold."""
    return Validators(sent.etag or held.etag, sent.last_modified or held.last_modified)
