"""Values for the tests of the store: sources, articles with claims, polls."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

from bot.polling import Health
from bot.ports import EntryPrint, Poll
from bot.store import schema
from digests.model import (
    Article,
    Attribution,
    Basis,
    Before,
    Citation,
    Claim,
    Dropped,
    Edit,
    EventDate,
    Kind,
    Precision,
    Query,
    Source,
    Understood,
    Window,
)

NOON = datetime(2024, 10, 13, 12, tzinfo=UTC)
HARBOUR = Source("harbour", "feed", "https://harbour.example/feed", "The Harbour Post", "Europe/Berlin")
VALLEY = Source("valley", "feed", "https://valley.example/feed", "Valley News")
EVERYTHING = Window(None, NOON + timedelta(days=400))
TEXT = "On Friday the ferry sank, police said. Nobody was hurt. Photo: A. Nobody."


def new_database(path: Path) -> str:
    """The address of a new SQLite file with all tables: a copy of one that is made once, for making it is slow."""
    path.write_bytes(_with_all_tables())
    return f"sqlite:///{path}"


@cache
def _with_all_tables() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as made:
            schema.create(made)
        engine.dispose()
        return path.read_bytes()


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def understood(
    key: str,
    *,
    source: Source = HARBOUR,
    title: str = "Ferry sinks",
    text: str = TEXT,
    published_at: datetime | None = NOON - timedelta(hours=1),
    comment: bool = False,
) -> Understood:
    """An article with the claim of its first sentence and every kind of detail that a claim can have."""
    name = blake2b(f"{source.id} {key}".encode(), digest_size=8).hexdigest()
    article = Article(
        id=name,
        outlet=source.name,
        title=title,
        text=text,
        url=f"{source.address}/{key}",
        published_at=published_at,
        published_day=published_at.date() if published_at else None,
        page_read=True,
        language="en",
        origins=("Coast Wire",),
        stub=True,
        comment=comment,
        source_id=source.id,
    )
    end = text.index(".") + 1
    span = Citation(article, 0, end)
    day = EventDate("2024-10-11", Precision.DAY, Basis.WORKED_OUT, "On Friday")
    claim = Claim(
        citation=span,
        edits=(Edit("E5", 0, 10),) if text.startswith("On Friday ") else (),
        date=day,
        attribution=Attribution("police", "Coast Wire", ("Valley News",)),
        order=0,
        alone=False,
        whole=False,
        background=(Before("the ferry sank", (day, EventDate("2023", Precision.YEAR, Basis.WRITTEN, "2023")), (span,)),),
    )
    unclear = replace(claim, date=EventDate(None, Precision.NONE, Basis.UNCLEAR, "13 April", True, "XXXX-04-13"), order=1)
    return Understood(article, (claim, unclear), (Dropped(Kind.CAPTION, Citation(article, end, len(text))),), ("Coast Wire",))


def about(words: Sequence[str], window: Window = EVERYTHING, *, without: Sequence[str] = ()) -> Query:
    """A query, as a search of the store takes it."""
    return Query(window, tuple(words), without=tuple(without))


def poll(*keys: str, source: Source = HARBOUR, health: Health | None = None, backlog: frozenset[str] = frozenset()) -> Poll:
    """A poll that found new articles under these keys."""
    return Poll(
        source.id,
        health or Health(next_poll_at=NOON + timedelta(hours=1), last_polled_at=NOON, last_ok_at=NOON),
        listed=keys,
        entries=tuple(EntryPrint(key, f"content of {key}", f"link of {key}", f"title of {key}") for key in keys),
        new=tuple((key, understood(key, source=source)) for key in keys),
        backlog=backlog,
    )
