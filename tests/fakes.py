"""Stand-ins for the world.  Each passes the same tests in ``tests/contracts`` as the real thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from bot.errors import SourceError
from bot.model import FeedDocument, Fetched, PageDocument, Validators
from bot.ports import UNCONDITIONAL
from bot.sources.feed import read_feed
from bot.sources.page import read_page
from digests.claims import understand
from digests.model import Article, Understood


class FakeFetcher:
    """Answers from a table: what lies at an address, or the error that reading it gives.

    ``asked`` holds every call as (url, kind, validators).  An address that is not in the table is not found.
    """

    def __init__(self, answers: Mapping[str, Fetched | SourceError]) -> None:
        self.answers = dict(answers)
        self.asked: list[tuple[str, str, Validators]] = []

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        self.asked.append((url, kind, validators))
        answer = self.answers.get(url) or SourceError(f"{url} answered 404 (not found).", retry_after=3600.0)
        if isinstance(answer, SourceError):
            raise answer
        if answer.status == 200 and validators == answer.validators != UNCONDITIONAL:
            return replace(answer, status=304, body=b"", content_type="", truncated=False, link_header="")
        return answer


class InlineReader:
    """A `bot.ports.Reader` that parses and understands in this process: for texts that the tests themselves wrote."""

    async def feed(self, fetched: Fetched, fetched_at: datetime) -> FeedDocument:
        return read_feed(fetched.body, url=fetched.url, content_type=fetched.content_type, fetched_at=fetched_at)

    async def page(self, fetched: Fetched) -> PageDocument:
        return read_page(fetched.body, url=fetched.url, content_type=fetched.content_type)

    async def understand(self, articles: Sequence[Article]) -> list[Understood]:
        return [understand(article) for article in articles]
