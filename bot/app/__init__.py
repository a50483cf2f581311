"""The composition root: settings in, working parts out.  It alone, with the command line, knows which room does what."""

from __future__ import annotations

from asyncio import Lock
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from bot import __version__
from bot.files import Files
from bot.model import FeedDocument, Fetched, PageDocument, PageFeeds, Validators
from bot.opml import Outline
from bot.ports import UNCONDITIONAL, Beats, Fetcher, Ledger, Store
from bot.ports.marks import Marks
from bot.ports.people import People
from bot.readers import Readers
from bot.sources.discovery import page_feeds
from bot.sources.feed import read_feed
from bot.sources.opml import read_opml
from bot.sources.page import read_page
from config.settings import Settings
from digests.claims import understand_all
from digests.model import Article, Understood

if TYPE_CHECKING:
    from bot.address import Peer

_READ_WITH = ("bot.sources.feed", "feedparser", "bot.sources.page", "trafilatura", "digests.claims")


class Archive(Store, Protocol):
    """All that an installation remembers: the store, its ledger, what it knows of the running bot, and of people."""

    @property
    def ledger(self) -> Ledger: ...

    @property
    def beats(self) -> Beats: ...

    @property
    def people(self) -> People: ...

    @property
    def marks(self) -> Marks: ...


class Workers:
    """A `bot.ports.Reader` and `bot.ports.Finder`: foreign bytes are parsed, and articles understood, in processes that can
    be killed.
    """

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def warm(self) -> None:
        """Start the workers and let them load what they read with, without waiting for it."""
        self._readers.warm(_READ_WITH)

    async def feed(self, fetched: Fetched, fetched_at: datetime) -> FeedDocument:
        return await self._readers.call(
            read_feed,
            fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            fetched_at=fetched_at,
            link_header=fetched.link_header,
        )

    async def page(self, fetched: Fetched) -> PageDocument:
        return await self._readers.call(read_page, fetched.body, url=fetched.url, content_type=fetched.content_type)

    async def page_feeds(self, fetched: Fetched) -> PageFeeds:
        return await self._readers.call(
            page_feeds, fetched.body, url=fetched.url, content_type=fetched.content_type, link_header=fetched.link_header
        )

    async def opml(self, fetched: Fetched) -> tuple[Outline, ...]:
        return await self._readers.call(read_opml, fetched.body)

    async def understand(self, articles: Sequence[Article]) -> list[Understood]:
        return list(await self._readers.call(understand_all, tuple(articles)))


class Everywhere:
    """A `bot.ports.Fetcher` for web addresses and local files; the web client starts when it is first needed."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings, self._stack = settings, stack
        self._web: Fetcher | None = None
        self._starting = Lock()

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        if not is_web(url):
            return await Files().fetch(url, kind=kind, validators=validators)
        async with self._starting:  # many sources ask at once; one client keeps the manners for all of them
            if self._web is None:
                self._web = await self._started()
        return await self._web.fetch(url, kind=kind, validators=validators)

    async def _started(self) -> Fetcher:
        from bot.http import Client, user_agent

        chosen = self._settings.fetch
        client = Client(
            user_agent=user_agent(__version__, chosen.contact), allow=allowed(self._settings), deadline_s=chosen.timeout_s
        )
        return await self._stack.enter_async_context(client)


def allowed(settings: Settings) -> list[Peer]:
    """Who may be read although they are not public."""
    from bot.address import Peer

    return [Peer(ip, port) for ip, port in settings.fetch.allow]


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def archive(address: str, *, now: Callable[[], datetime] = _now) -> AsyncIterator[Archive]:
    """The archive at an address, made or migrated where that is needed; closed at the end.

    Args:
        now: the present instant, aware: articles are stored by it.

    Raises:
        StoreError: it cannot be used as it is.
    """
    from bot.store import open_store

    async with open_store(address, clock=now) as store:
        yield store


async def migrate(address: str) -> bool:
    """Bring the schema of an archive up to this version; whether it had one before.

    Raises:
        StoreError: it cannot be used as it is.
    """
    from bot import store

    return await store.migrate(address) is not None


def is_web(address: str) -> bool:
    """Whether an address is one of the web, be it one that is not read (``ftp://...``); anything else is a local file."""
    return "://" in address


def archive_file(address: str) -> Path | None:
    """The file of an archive; None where a server has it.  Raises StoreError when it is no address that we can open."""
    from bot.store.database import parse

    url = parse(address)
    name = url.database or ""
    return None if name.startswith("file:") or url.get_backend_name() != "sqlite" else Path(name)


def shown(address: str) -> str:
    """The address of an archive as people may see it: without a password.  Raises StoreError when it is none."""
    from bot.store.database import parse

    return address if archive_file(address) else parse(address).set(drivername="postgresql").render_as_string()


@asynccontextmanager
async def reading(settings: Settings, *, deadline_s: float | None = None) -> AsyncIterator[tuple[Fetcher, Workers]]:
    """What it takes to read sources: a fetcher and a reader, closed at the end.

    Args:
        deadline_s: seconds for one document to be read; None leaves it to the settings.
    """
    async with AsyncExitStack() as stack:
        chosen = settings.read
        readers = Readers(chosen.workers, chosen.cpu_s, chosen.memory_mib << 20, deadline_s)
        await stack.enter_async_context(readers)
        yield Everywhere(settings, stack), Workers(readers)
