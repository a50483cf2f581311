"""The composition root: settings in, working parts out.  It alone, with the command line, knows which room does what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Literal

from bot import __version__
from bot.files import Files
from bot.model import FeedDocument, Fetched, PageDocument, Validators
from bot.ports import UNCONDITIONAL, Fetcher, Reader, Store
from bot.readers import Readers
from bot.sources.feed import read_feed
from bot.sources.page import read_page
from config.settings import Settings
from digests.claims import understand
from digests.model import Article, Understood

_AT_ONCE = 16
"""Articles understood in one job of a worker: few enough to be far from its time limit."""


class Workers:
    """A `bot.ports.Reader`: foreign bytes are parsed, and articles understood, in processes that can be killed."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    async def feed(self, fetched: Fetched, fetched_at: datetime) -> FeedDocument:
        return await self._readers.call(
            read_feed, fetched.body, url=fetched.url, content_type=fetched.content_type, fetched_at=fetched_at
        )

    async def page(self, fetched: Fetched) -> PageDocument:
        return await self._readers.call(read_page, fetched.body, url=fetched.url, content_type=fetched.content_type)

    async def understand(self, articles: Sequence[Article]) -> list[Understood]:
        understood: list[Understood] = []
        for at in range(0, len(articles), _AT_ONCE):
            understood += await self._readers.call(understand_all, tuple(articles[at : at + _AT_ONCE]))
        return understood


def understand_all(articles: tuple[Article, ...]) -> tuple[Understood, ...]:
    """The claims of each article, in the same order."""
    return tuple(understand(article) for article in articles)


class Everywhere:
    """A `bot.ports.Fetcher` for web addresses and local files; the web client starts when it is first needed."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings, self._stack = settings, stack
        self._web: Fetcher | None = None

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        if not is_web(url):
            return await Files().fetch(url, kind=kind, validators=validators)
        if self._web is None:
            from bot.http import Client, user_agent

            chosen = self._settings.fetch
            client = Client(user_agent=user_agent(__version__, chosen.contact), allow=chosen.allow, deadline_s=chosen.timeout_s)
            self._web = client
            await self._stack.enter_async_context(client)
        return await self._web.fetch(url, kind=kind, validators=validators)


@asynccontextmanager
async def archive(address: str) -> AsyncIterator[Store]:
    """The archive at an address, made or migrated where that is needed; closed at the end.

    Raises:
        StoreError: it cannot be used as it is.
    """
    from bot.store import open_store

    async with open_store(address) as store:
        yield store


def is_web(address: str) -> bool:
    """Whether an address names something on the web; anything else is a local file."""
    return address.lower().startswith(("http://", "https://"))


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[tuple[Fetcher, Reader]]:
    """What it takes to read sources: a fetcher and a reader, closed at the end."""
    async with AsyncExitStack() as stack:
        chosen = settings.read
        readers = Readers(chosen.workers, chosen.cpu_s, chosen.memory_mib << 20)
        await stack.enter_async_context(readers)
        yield Everywhere(settings, stack), Workers(readers)
