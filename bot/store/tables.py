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
    UniqueConstraint,
    false,
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


def _realm(**options: Any) -> tuple[Column[str], Column[str]]:
    """A platform and its space, which stops as one when a token is dead; a webhook is its own."""
    return Column("platform", String(16), nullable=False, **options), Column("space", String(64), nullable=False, **options)


def _holder() -> tuple[Column[str], Column[int]]:
    """Who holds it for a while, and how often it was taken: what an earlier holder does is void."""
    return Column("owner", String(128), nullable=False), Column("fence", Integer, nullable=False)


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
    Column("early_at", Instant),
)

follow = Table(
    "follow",
    metadata,
    Column("number", Number, primary_key=True),
    _source_key(),
    *_realm(),  # both "" for every space
    Column("channel", String(160), nullable=False),  # as it is written; "" for the whole space
    UniqueConstraint("source_id", "platform", "space", "channel"),
    Index(None, "platform", "space"),
)

topic = Table(
    "topic",
    metadata,
    Column("number", Number, primary_key=True),
    *_realm(),  # both "" for every space
    Column("name", Words, nullable=False),
    Column("folded", Words, nullable=False),  # see ports.topics
    Column("words", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("platform", "space", "folded"),
)

topic_source = Table(
    "topic_source",
    metadata,
    Column("topic_number", Number, ForeignKey("topic.number", ondelete="CASCADE"), primary_key=True),
    _source_key(primary_key=True, index=True),
)

story = Table(
    "story",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)

story_change = Table(
    "story_change",
    metadata,
    Column("number", Number, primary_key=True),
    Column("happened", String(16), nullable=False),
    Column("happened_at", Instant, nullable=False, index=True),
    Column("was", String(32), nullable=False, index=True),
    Column("became", String(32), nullable=False, index=True),
    Column("articles", JSON, nullable=False),  # ids of those that went, oldest first
    Column("similarity", Float, nullable=False),
    Column("needed", Float, nullable=False),
)

article = Table(
    "article",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    _source_key(index=True),
    Column("story_id", String(32), ForeignKey("story.id", ondelete="SET NULL")),
    Column("outlet", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("url", Words, index=True),
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
    Index(None, "story_id", "at"),
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
    Column("content", String(64), nullable=False),  # with the tries of a page that is to be read: see articles
    Column("link", String(64), nullable=False),
    Column("title", String(64), nullable=False),
    Column("seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

subscription = Table(
    "subscription",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("channel", String(160), nullable=False, index=True),  # as it is written
    *_realm(),
    Column("title", Words, nullable=False),
    Column("topic", Words, nullable=False),
    Column("days", JSON, nullable=False),
    Column("times", JSON, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("length", String(16), nullable=False),
    Column("if_nothing", String(16), nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("reason", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("counts_from", Instant, nullable=False),
    Index(None, "platform", "space"),
)

stopped_space = Table(
    "stopped_space",
    metadata,
    *_realm(primary_key=True),
    Column("reason", Words, nullable=False),
    Column("stopped_at", Instant, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("subscription_id", String(64), ForeignKey("subscription.id", ondelete="CASCADE"), nullable=False),
    Column("key", String(40), nullable=False),
    Column("due", Instant, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    *_holder(),
    Column("claimed_at", Instant, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("window_start", Instant),
    Column("window_end", Instant, index=True),
    Column("late", Boolean, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("error", Words, nullable=False),
    UniqueConstraint("subscription_id", "key"),
    Index(None, "subscription_id", "due"),
    Index(None, "subscription_id", "claimed_at"),
)

sent = Table(
    "sent",
    metadata,
    Column("channel", String(160), primary_key=True),
    Column("article", String(32), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("story", String(32), nullable=False, index=True),
    Column("run_id", String(32), nullable=False, index=True),
    Column("sent_at", Instant, nullable=False, index=True),
)

fact = Table(
    "fact",
    metadata,
    Column("number", Number, primary_key=True),
    Column("channel", String(160), nullable=False),
    Column("story", String(32), nullable=False, index=True),
    Column("text", Words, nullable=False),
    Column("date", JSON, nullable=False),
    Column("article", String(32), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("told_at", Instant, nullable=False, index=True),
    Column("is_update", Boolean, nullable=False),
    Column("run_id", String(32), nullable=False, index=True),
    Column("delivery_id", String(32)),
    Column("revision", Integer, nullable=False, server_default="0"),  # of the article, in which its span lies
    Column("outdated", Boolean, nullable=False, server_default=false(), index=True),  # to be held against a newer revision
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Index(None, "channel", "story"),
)

digest = Table(
    "digest",
    metadata,
    Column("run_id", String(32), ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("line", Words, nullable=False),  # see digest_codec; as its messages show it, or will when they are edited
    Column("edition", Integer, nullable=False),  # how often it was edited
    Column("kept_at", Instant, nullable=False, index=True),
)

correction = Table(
    "correction",
    metadata,
    Column("number", Number, primary_key=True),
    Column("channel", String(160), nullable=False, index=True),
    Column("run_id", String(32), nullable=False, index=True),  # whose digest is corrected
    Column("fact", Number, nullable=False, index=True),
    Column("line", Words, nullable=False),  # see digest_codec
    Column("made_at", Instant, nullable=False, index=True),
    Column("carried_by", String(32), index=True),  # the run whose digest says it; none yet
)

delivery = Table(
    "delivery",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("nonce", String(25), nullable=False, unique=True),
    Column("run_id", String(32), ForeignKey("run.id", ondelete="CASCADE"), index=True),
    Column("channel", String(160), nullable=False),
    *_realm(),
    Column("queue", Number, nullable=False),  # a channel gets its messages by queue, part and piece
    Column("kind", String(16), nullable=False),
    Column("part", Integer, nullable=False),
    Column("piece", Integer, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("concerns", String(32)),
    Column("state", String(16), nullable=False),
    *_holder(),
    Column("sending_since", Instant),
    Column("attempts", Integer, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("not_before", Instant),
    Column("not_after", Instant),
    Column("message_id", Words),
    Column("error", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant, index=True),
    Index(None, "state", "channel"),
    Index(None, "queue"),
)

wish = Table(
    "wish",
    metadata,
    *_realm(primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("sort", String(16), primary_key=True),
    Column("key", Words, primary_key=True),  # by which its thing is known again
    Column("name", Words, nullable=False),
    Column("does", String(16), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, index=True),  # always, without one
    Index(None, "sort", "key"),
)

visit = Table(
    "visit",
    metadata,
    *_realm(primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("channel", String(160), primary_key=True),
    Column("visited_at", Instant, nullable=False, index=True),
)

space_settings = Table(
    "space_settings",
    metadata,
    *_realm(primary_key=True),
    Column("settings", JSON, nullable=False),
)

request = Table(
    "request",
    metadata,
    *_realm(primary_key=True),
    Column("id", String(32), primary_key=True),  # a print of what the platform names it by
    Column("taken_at", Instant, nullable=False, index=True),
)

mark = Table(
    "mark",
    metadata,
    *_realm(primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("value", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(192), primary_key=True),
    *_holder(),
    Column("until", Instant, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(192), primary_key=True),
    Column("value", Integer, nullable=False),
)
