"""The tables, for SQLite and PostgreSQL alike, and the two types that keep what was given as it was given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An instant: aware in, aware and in UTC out; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} is naive; an instant needs its zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Foreign text.  Half surrogates and NUL, which databases refuse, become ``?``; no offset moves."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.encode("utf-8", "replace").decode().replace("\0", "?")


class Header(TypeDecorator[str]):
    """A header value, byte for byte, whatever its encoding (undecodable bytes come as half surrogates)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else value.encode("utf-8", "surrogateescape")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else value.decode("utf-8", "surrogateescape")


# SQLite numbers rows by itself only in a column of exactly the type INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")


def _source_key(**options: Any) -> Column[str]:
    return Column("source_id", String(32), ForeignKey("source.id", ondelete="CASCADE"), nullable=False, **options)


source = Table(
    "source",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("address", Words, nullable=False, unique=True),
    Column("name", Words, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("floor_s", Float, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("etag", Header),
    Column("last_modified", Header),
    Column("body_hash", String(64), nullable=False),
    Column("ttl_s", Float, nullable=False),
    Column("next_poll_at", Instant, index=True),
    Column("last_polled_at", Instant),
    Column("last_ok_at", Instant),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("last_error", Words, nullable=False),
    Column("moved_to", Words),
    Column("moved_times", Integer, nullable=False),
    Column("moved_since", Instant),
)

story = Table(
    "story",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)

article = Table(
    "article",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    _source_key(index=True),
    Column("story_id", String(32), ForeignKey("story.id", ondelete="SET NULL"), index=True),
    Column("outlet", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("url", Words),
    Column("published_at", Instant),
    Column("published_day", Date),
    Column("at", Instant, nullable=False),  # where it stands among others by publication; see moment()
    Column("stored_at", Instant, nullable=False, index=True),
    Column("backlog", Boolean, nullable=False),
    Column("page_read", Boolean, nullable=False),
    Column("language", String(35)),
    Column("origins", JSON, nullable=False),
    Column("stub", Boolean, nullable=False),
    Column("comment", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("understood", Words, nullable=False),  # see codec
    Index(None, "at", "source_id"),
)

article_revision = Table(
    "article_revision",
    metadata,
    Column("article_number", Number, ForeignKey("article.number", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("replaced_at", Instant, nullable=False),
)

entry = Table(
    "entry",
    metadata,
    _source_key(primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("content", String(64), nullable=False),
    Column("link", String(64), nullable=False),
    Column("title", String(64), nullable=False),
    Column("seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
