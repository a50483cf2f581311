"""One source as it is read now: its bytes, the entries in them, their articles, and what these say.  Nothing is kept here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.model import Entry, FeedDocument, Fetched, PageDocument
from bot.outlets import outlet_name
from bot.pages import Limits, Pages, read_pages
from bot.ports import Fetcher, Reader
from bot.readers import WorkerError
from digests.model import Article, Source, Understood

UNDERSTOOD_AT_ONCE = 16  # articles in one job of a worker: few enough to be far from its time limit
MOST_LOST = 3  # articles of one reading that cannot be understood; then nothing more of it is tried, each costs a worker
_SHOWN_PATH = 80  # characters of an address to which a source leads
_SHOWN_TITLE = 80
_SHOWN_DATE = 60
_AHEAD = timedelta(days=1)  # a clock or zone may be off that far; more is a wrong date


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
    source: Source,
    fetcher: Fetcher,
    read: Reader,
    now: datetime,
    *,
    published: datetime | date | None = None,
    undated: date | None = None,
) -> Told:
    """Fetch, read and understand one source now; keeps nothing.

    Args:
        source: of kind ``feed`` or ``page``.
        now: the instant of fetching, aware.
        published: when a lone page was published, if the one who asks knows better than the page; ignored for feeds.
        undated: the day of a lone page that states none itself, where it is known from elsewhere, such as from its feed.

    Raises:
        SourceError: it could not be fetched or read.
    """
    fetched = await fetcher.fetch(source.address, kind=kind_of(source))
    document = await read_document(source, fetched, read, now, published, undated)
    pages = await pages_of(source, document, document.entries, fetcher, read, now, Limits())
    told = await understood(articles_of(source, document, document.entries, pages), read)
    return replace(told, notes=document.notes + pages.notes + told.notes, bugs=pages.bugs + told.bugs)


async def tried(source: Source, fetcher: Fetcher, read: Reader, now: datetime) -> tuple[str, tuple[str, ...]]:
    """What a source calls itself and its three newest titles, read now; keeps nothing.

    Raises:
        SourceError: it could not be fetched or read.
    """
    document = await read_document(source, await fetcher.fetch(source.address, kind=kind_of(source)), read, now)
    newest = sorted(document.entries, key=lambda entry: entry.published_at or datetime.min.replace(tzinfo=UTC), reverse=True)
    return document.outlet, tuple(entry.title for entry in newest[:3])


def fingerprint(text: str) -> str:
    """24 hexadecimal digits by which a text is known again; "" for none."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest() if text else ""


def article_id(source_id: str, key: str) -> str:
    """The stable id of an article: 16 hexadecimal digits of its source and the key of its entry."""
    return blake2b(f"{source_id}\0{key}".encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Document:
    """A source as read: its entries, and for a page what it held."""

    outlet: str
    entries: tuple[Entry, ...]
    language: str | None
    notes: tuple[str, ...]
    ttl_s: float = 0.0
    page: PageDocument | None = None


NOTHING = Document("", (), None, ())


async def read_document(
    source: Source,
    fetched: Fetched,
    read: Reader,
    now: datetime,
    published: datetime | date | None = None,
    undated: date | None = None,
) -> Document:
    """What was fetched of a source, read at ``now``; ``published`` and ``undated`` as of ``read_source``.

    Raises:
        SourceError: it is no feed, or a page without text.
    """
    if source.kind == "feed":
        try:
            return _of_feed(source, await read.feed(fetched, now))
        except SourceError as error:
            if fetched.url in ("", source.address):
                raise
            led = urlsplit(fetched.url)  # to a login, say: without what stands behind it, which may be a secret
            raise SourceError(f"It leads to {led.hostname}{led.path[:_SHOWN_PATH]} now. {error}") from error
    page = await read.page(fetched)
    if published is None:
        page = _not_ahead(page, now)
    if published is None and page.published_day is None:
        published = undated
    if published is not None:
        page = _dated(page, published, source.zone)
    return _of_page(source, fetched, page)


def _of_feed(source: Source, feed: FeedDocument) -> Document:
    outlet = source.name or (outlet_name(feed.title, source.address) if feed.title else _host(source.address))
    return Document(outlet, feed.entries, feed.language, feed.notes, feed.ttl_s or 0.0)


def _of_page(source: Source, fetched: Fetched, page: PageDocument) -> Document:
    """A page as a document of one entry.  Raises SourceError when it holds no text."""
    if not page.text.strip():
        raise SourceError(f"No article text was found in {source.address}")
    entry = Entry(
        key=fingerprint(source.address),
        guid="",
        url=_web(page.canonical_url) or _web(fetched.url),
        raw_url=fetched.url,
        title=page.title,
        text=page.text,
        published_at=page.published_at,
        published_day=page.published_day,
    )
    outlet = source.name or page.site_name or _host(source.address)
    return Document(outlet, (entry,), page.language, page.notes, page=page)


def _dated(page: PageDocument, published: datetime | date, zone: str) -> PageDocument:
    if not isinstance(published, datetime):
        return replace(page, published_at=None, published_day=published)
    return replace(page, published_at=published.astimezone(UTC), published_day=published.astimezone(ZoneInfo(zone)).date())


def _not_ahead(page: PageDocument, now: datetime) -> PageDocument:
    """The page without a day that lies in the future, which would stand above all others for years.

    A clock or a zone may be off by a day: then the day is kept, and the instant is that of reading.
    """
    at, day = page.published_at, page.published_day
    if at is not None and now < at <= now + _AHEAD:
        return replace(page, published_at=now)
    if (at is not None and at > now) or (at is None and day is not None and day > (now + _AHEAD).date()):
        note = f"the date {page.date_raw[:_SHOWN_DATE]!r} lies in the future, so that the page counts as undated"
        return replace(page, published_at=None, published_day=None, date_basis="", notes=(*page.notes, note))
    return page


async def pages_of(
    source: Source,
    document: Document,
    entries: Sequence[Entry],
    fetcher: Fetcher,
    read: Reader,
    now: datetime,
    limits: Limits,
    tries: Mapping[str, int] | None = None,
) -> Pages:
    """The pages behind the teasers of a feed, read at ``now``; of a page itself, that."""
    if document.page is not None:
        return Pages({entry.key: document.page for entry in entries})
    pages = await read_pages(source, entries, fetcher, read, limits, tries)
    return replace(pages, read={key: _not_ahead(page, now) for key, page in pages.read.items()})


def articles_of(source: Source, document: Document, entries: Sequence[Entry], pages: Pages) -> list[Article]:
    """The articles of some entries of a document, in their order, with the pages that were read for them."""
    return [article_of(source, each, document.outlet, document.language, pages.read.get(each.key)) for each in entries]


async def understood(articles: Sequence[Article], read: Reader) -> Told:
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


def kind_of(source: Source) -> Literal["feed", "page"]:
    """As what the address of a source is fetched."""
    return "page" if source.kind == "page" else "feed"


def _web(url: str | None) -> str | None:
    return url if url and url.startswith(("http://", "https://")) else None


def _host(address: str) -> str:
    return (urlsplit(address).hostname or address).removeprefix("www.")
