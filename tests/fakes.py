"""Stand-ins for the world.  Each passes the same tests in ``tests/contracts`` as the real thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.errors import SourceError
from bot.model import Fetched, Validators
from bot.ports import UNCONDITIONAL


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
