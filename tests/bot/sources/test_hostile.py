"""What no bound of ours stops is ended by the limits of the worker, and the next document is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import SourceError
from bot.readers import Readers
from bot.sources.feed import read_feed
from bot.sources.page import read_page

pytestmark = pytest.mark.slow

NOW = datetime(2025, 4, 2, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><item><title>Ferry</title><guid>1</guid></item></channel></rss>"


async def test_a_feed_with_forty_thousand_attributes_is_stopped() -> None:
    attributes = " ".join(f"a{n}='x'" for n in range(40_000))
    body = f"<rss version='2.0'><channel><item><title {attributes}>Ferry</title></item></channel></rss>".encode()

    async with Readers(workers=1, cpu_s=1, deadline_s=90) as readers:
        with pytest.raises(SourceError, match="took longer than 1 s to read and was stopped"):
            await readers.call(read_feed, body, url="https://harbour.example/f", content_type="", fetched_at=NOW)

        document = await readers.call(read_feed, FEED, url="https://harbour.example/f", content_type="", fetched_at=NOW)

    assert [entry.title for entry in document.entries] == ["Ferry"]


async def test_a_page_of_nothing_but_links_is_stopped_at_the_deadline() -> None:
    link = b'<li><a href="/x">' + b"word and word " * 8 + b"</a>"
    body = b"<html><body><ul>" + link * 9_900  # seconds of work, within the bounds of a page

    async with Readers(workers=1, deadline_s=0.05) as readers:
        with pytest.raises(SourceError, match=r"took longer than 0\.05 s to read and was stopped"):
            await readers.call(read_page, body, url="https://harbour.example/t", content_type="text/html")
