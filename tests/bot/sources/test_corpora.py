"""Every real, broken and hostile document of the shared corpora is read, or refused with a reason, and none hangs."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SourceError
from bot.model import FeedDocument
from bot.readers import Readers
from bot.sources.feed import read_feed
from bot.sources.page import read_page
from tests.corpora import corpora

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def documents(kind: str) -> list[tuple[dict[str, Any], bytes]]:
    folder: Path = corpora() / "collection" / kind
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    return [(row, gzip.decompress((folder / row["file"]).read_bytes())) for row in rows]


@pytest.fixture
async def readers() -> AsyncIterator[Readers]:
    async with Readers(workers=1, cpu_s=10, deadline_s=90) as readers:
        yield readers


async def outcome(readers: Readers, row: dict[str, Any], body: bytes) -> FeedDocument | SourceError:
    try:
        return await readers.call(read_feed, body, url=row["url"], content_type=row["content_type"], fetched_at=NOW)
    except SourceError as refused:
        return refused


async def test_every_real_and_broken_feed_gives_its_entries_or_a_reason(readers: Readers) -> None:
    problems = []
    for row, body in documents("feeds"):
        if row["kind"] == "unit":
            continue
        found, expected = await outcome(readers, row, body), row["expect"]
        if isinstance(found, SourceError):
            if not (str(found) and (expected.get("not_a_feed") or expected.get("survive"))):
                problems.append(f"{row['id']}: {found}")
        elif expected.get("not_a_feed"):
            problems.append(f"{row['id']}: read as a feed")
        else:
            wanted = expected.get("count") or len(expected.get("entries", ()))
            told_apart = {entry.key for entry in found.entries}
            known_apart = {(entry.guid, entry.url, "" if entry.guid or entry.url else entry.title) for entry in found.entries}
            if len(found.entries) < wanted or len(told_apart) < len(known_apart):
                problems.append(f"{row['id']}: {len(told_apart)} keys, {len(found.entries)} entries of {wanted}")

    assert problems == []


async def test_every_hostile_page_ends_within_the_limit_of_a_worker(readers: Readers) -> None:
    hostile = [(row, body) for row, body in documents("articles") if row["source"] == "hostile"]
    for row, body in hostile:
        try:
            document = await readers.call(read_page, body, url=row["url"], content_type=row["content_type"])
        except SourceError as refused:
            assert str(refused), row["id"]  # noqa: PT017
        else:
            assert document.stub, row["id"]

    assert len(hostile) == 6
