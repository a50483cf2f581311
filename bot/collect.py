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
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot import polling
from bot.errors import SourceError, StoreError
from bot.grouping import Grouping
from bot.model import Entry, FeedDocument, Fetched, PageDocument, Validators
from bot.outlets import outlet_name
from bot.pages import Limits, Pages, read_pages
from bot.ports import EntryPrint, Fetcher, Followed, Poll, Reader, Store
from bot.readers import WorkerError
from digests.model import Article, Source, Understood

SOURCES = 128  # sources under way at once: most wait for their turn, of which the fetcher gives only so many at once
BATCH = 200  # polls in one transaction
BATCH_S = 1.0  # how long the first of them waits for the others
UNDERSTOOD_AT_ONCE = 16  # articles in one job of a worker: few enough to be far from its time limit
MOST_LOST = 3  # articles of one reading that cannot be understood; then nothing more of it is tried, each costs a worker
AFTER_RENAME = 5  # of a feed that renamed everything, how many undated entries may count as new
_SHOWN_PATH = 80  # characters of an address to which a source leads
_SHOWN_TITLE = 80


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


@dataclass(frozen=True, slots=True)
class Told:
    """What a source tells: its articles, in the order of its entries, and notes for whoever asked.

    Args:
        lost: positions of those that could not be understood, and stand by their headline alone.
        bugs: faults of ours; each cost one article its text, or its page.
    """

    articles: tuple[Understood, ...] = ()
    notes: tuple[str, ...] = ()
    lost: frozenset[int] = frozenset()
    bugs: tuple[Exception, ...] = field(default=(), repr=False)


async def read_source(
    source: Source, fetcher: Fetcher, read: Reader, now: datetime, *, published: datetime | date | None = None
) -> Told:
    """Fetch, read and understand one source now; keeps nothing.

    Args:
        source: of kind ``feed`` or ``page``.
        now: the instant of fetching, aware.
        published: when a lone page was published, if the one who asks knows better than the page; ignored for feeds.

    Raises:
        SourceError: it could not be fetched or read.
    """
    fetched = await fetcher.fetch(source.address, kind=_kind(source))
    document = await _read(source, fetched, read, now, published)
    pages = await _pages(source, document, document.entries, fetcher, read, Limits())
    told = await _told(_articles(source, document, document.entries, pages), read)
    return replace(told, notes=document.notes + pages.notes + told.notes, bugs=pages.bugs + told.bugs)


async def tried(source: Source, fetcher: Fetcher, read: Reader, now: datetime) -> tuple[str, tuple[str, ...]]:
    """What a source calls itself and its three newest titles, read now; keeps nothing.

    Raises:
        SourceError: it could not be fetched or read.
    """
    document = await _read(source, await fetcher.fetch(source.address, kind=_kind(source)), read, now)
    newest = sorted(document.entries, key=lambda entry: entry.published_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    return document.outlet, tuple(entry.title for entry in newest[:3])


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


def article_id(source_id: str, key: str) -> str:
    """The stable id of an article: 16 hexadecimal digits of its source and the key of its entry."""
    return blake2b(f"{source_id}\0{key}".encode(), digest_size=8).hexdigest()


def entry_print(entry: Entry) -> EntryPrint:
    """What an entry is known again by.  White space, case, the queries of links and all dates leave it as it is."""
    title = _folded(entry.title)
    link = entry.url.split("://", 1)[-1].rstrip("/") if entry.url else ""
    return EntryPrint(entry.key, _print(f"{title}\0{_folded(entry.text)}"), _print(link), _print(title))


_LINK_TAIL = re.compile(r"(https?://[^\s?#]*)[?#]\S*")


def _folded(text: str) -> str:
    plain = _LINK_TAIL.sub(r"\1", unicodedata.normalize("NFKC", text))
    return " ".join(plain.casefold().split())


def _print(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest() if text else ""


@dataclass(frozen=True, slots=True)
class _Document:
    """A source as read: its entries, and for a page what it held."""

    outlet: str
    entries: tuple[Entry, ...]
    language: str | None
    notes: tuple[str, ...]
    ttl_s: float = 0.0
    page: PageDocument | None = None


_NOTHING = _Document("", (), None, ())


async def _read(
    source: Source, fetched: Fetched, read: Reader, now: datetime, published: datetime | date | None = None
) -> _Document:
    if source.kind == "feed":
        try:
            return _of_feed(source, await read.feed(fetched, now))
        except SourceError as error:
            if fetched.url in ("", source.address):
                raise
            led = urlsplit(fetched.url)  # to a login, say: without what stands behind it, which may be a secret
            raise SourceError(f"It leads to {led.hostname}{led.path[:_SHOWN_PATH]} now. {error}") from error
    page = await read.page(fetched)
    if published is not None:
        page = _dated(page, published, source.zone)
    return _of_page(source, fetched, page)


def _of_feed(source: Source, feed: FeedDocument) -> _Document:
    outlet = source.name or (outlet_name(feed.title, source.address) if feed.title else _host(source.address))
    return _Document(outlet, feed.entries, feed.language, feed.notes, feed.ttl_s or 0.0)


def _of_page(source: Source, fetched: Fetched, page: PageDocument) -> _Document:
    """A page as a document of one entry.  Raises SourceError when it holds no text."""
    if not page.text.strip():
        raise SourceError(f"No article text was found in {source.address}")
    entry = Entry(
        key=_print(source.address),
        guid="",
        url=_web(page.canonical_url) or _web(fetched.url),
        raw_url=fetched.url,
        title=page.title,
        text=page.text,
        published_at=page.published_at,
        published_day=page.published_day,
    )
    outlet = source.name or page.site_name or _host(source.address)
    return _Document(outlet, (entry,), page.language, page.notes, page=page)


def _dated(page: PageDocument, published: datetime | date, zone: str) -> PageDocument:
    if not isinstance(published, datetime):
        return replace(page, published_at=None, published_day=published)
    return replace(page, published_at=published.astimezone(UTC), published_day=published.astimezone(ZoneInfo(zone)).date())


async def _pages(
    source: Source,
    document: _Document,
    entries: Sequence[Entry],
    fetcher: Fetcher,
    read: Reader,
    limits: Limits,
    tries: Mapping[str, int] | None = None,
) -> Pages:
    """The pages behind the teasers of a feed; of a page itself, that."""
    if document.page is not None:
        return Pages({entry.key: document.page for entry in entries})
    return await read_pages(source, entries, fetcher, read, limits, tries)


def _articles(source: Source, document: _Document, entries: Sequence[Entry], pages: Pages) -> list[Article]:
    return [article_of(source, each, document.outlet, document.language, pages.read.get(each.key)) for each in entries]


async def _told(articles: Sequence[Article], read: Reader) -> Told:
    """What the articles say.  One that cannot be understood stands by its headline, and costs no other its text."""
    found: list[Understood | None] = []
    errors: list[SourceError | WorkerError] = []
    for at in range(0, len(articles), UNDERSTOOD_AT_ONCE):
        found += await _some(articles[at : at + UNDERSTOOD_AT_ONCE], read, errors)
    lost = [at for at, each in enumerate(found) if each is None]
    if not lost:
        return Told(tuple(each for each in found if each))
    headlines = iter(await _headlines([articles[at] for at in lost], read))
    return Told(
        articles=tuple(each or next(headlines) for each in found),
        notes=(_in_words(len(lost), len(articles), articles[lost[0]].title, errors[0]),),
        lost=frozenset(lost),
        bugs=tuple(error for error in errors if isinstance(error, WorkerError)),
    )


async def _some(
    articles: Sequence[Article], read: Reader, errors: list[SourceError | WorkerError]
) -> Sequence[Understood | None]:
    """What a few articles say, None for each that cannot be understood; why goes to ``errors``."""
    if len(errors) >= MOST_LOST:
        return [None] * len(articles)
    try:
        return await read.understand(articles)
    except (SourceError, WorkerError) as error:
        if len(articles) == 1:
            errors.append(error)
            return [None]
    return [one for article in articles for one in await _some([article], read, errors)]


async def _headlines(articles: Sequence[Article], read: Reader) -> Sequence[Understood]:
    """The articles as if they said no more than their headlines."""
    bare = [replace(article, text=article.title, page_read=False, stub=True, origins=()) for article in articles]
    try:
        return await read.understand(bare)
    except (SourceError, WorkerError):
        return [Understood(article, ()) for article in bare]


def _in_words(lost: int, of: int, title: str, error: SourceError | WorkerError) -> str:
    stands = "stands by its headline" if lost == 1 else "stand by their headlines"
    why = "a bug of this program" if isinstance(error, WorkerError) else str(error)
    return f"{lost} of {of} articles could not be understood and {stands}, “{title[:_SHOWN_TITLE]}” first: {why}"


def article_of(
    source: Source, entry: Entry, outlet: str, language: str | None = None, page: PageDocument | None = None
) -> Article:
    """The article of an entry, with the text of its page when there is one.

    Title, link and date are the feed's; the page fills only what the feed leaves open.
    """
    published_at, published_day = entry.published_at, entry.published_day
    if entry.wall_clock is not None and source.zone != "UTC":
        published_at = entry.wall_clock.replace(tzinfo=ZoneInfo(source.zone)).astimezone(UTC)
    if published_day is None and page is not None:
        published_at, published_day = page.published_at, page.published_day
    if published_at is not None and (published_day is None or source.zone != "UTC"):
        published_day = published_at.astimezone(ZoneInfo(source.zone)).date()
    return Article(
        id=article_id(source.id, entry.key),
        outlet=outlet,
        title=entry.title or (page.title if page else ""),
        text=page.text if page else entry.text,
        url=_web(entry.url),
        published_at=published_at,
        published_day=published_day,
        page_read=page is not None,
        language=entry.language or (page.language if page else None) or language,
        origins=page.origins if page else (),
        stub=page.stub if page else entry.summary_only,
        comment=page.comment if page else False,
        source_id=source.id,
    )


def _kind(source: Source) -> Literal["feed", "page"]:
    return "page" if source.kind == "page" else "feed"


def _web(url: str | None) -> str | None:
    return url if url and url.startswith(("http://", "https://")) else None


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")


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
        fetched = await self._fetcher.fetch(source.address, kind=_kind(source), validators=health.validators)
        if fetched.status == 304:
            return await self._unchanged(followed, fetched, _renewed(health.validators, fetched.validators))
        validators = Validators() if fetched.truncated else fetched.validators
        digest = "" if fetched.truncated else polling.body_hash(fetched.body)
        if digest and digest == health.body_hash:
            return await self._unchanged(followed, fetched, validators)
        document = await _read(source, fetched, self._read, self._now)
        shown = polling.posts_a_week((one.published_at for one in document.entries if one.published_at), self._now)
        asked = replace(followed, posts_a_week=max(followed.posts_a_week, shown))  # a first answer is not stored yet
        poll = self._answered(asked, fetched, validators, digest, document.ttl_s, changed=True)
        return await self._with_news(followed, document, poll)

    async def _unchanged(self, followed: Followed, fetched: Fetched, validators: Validators) -> Poll:
        self._counts["unchanged"] += 1
        health = followed.health
        poll = self._answered(followed, fetched, validators, health.body_hash, health.ttl_s, changed=False)
        return await self._with_articles(followed, _NOTHING, (), (), poll) if followed.unread else poll

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

    async def _with_news(self, followed: Followed, document: _Document, poll: Poll) -> Poll:
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
        self, followed: Followed, document: _Document, fresh: Sequence[Entry], changed: Sequence[Entry], poll: Poll
    ) -> Poll:
        """The poll with the articles of what is new and changed, and of those that waited for their page and have it now."""
        source, news, anew = followed.source, [*fresh, *changed], {entry.key for entry in changed}
        waited = [each for each in followed.unread if each.key not in anew]
        waiting, tries = await self._teasers(source, waited), {each.key: each.page_tries or 0 for each in waited}
        teasers = [*news, *(entry for entry, _ in waiting)]
        pages = await _pages(source, document, teasers, self._fetcher, self._read, self._limits, tries)
        whole = [(entry, outlet) for entry, outlet in waiting if entry.key in pages.read]
        articles = _articles(source, document, news, pages)
        articles += [article_of(source, entry, outlet, None, pages.read[entry.key]) for entry, outlet in whole]
        told = await _told(articles, self._read)
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

    def _tell(self, source: Source, document: _Document, pages: Pages, told: Told) -> None:
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
