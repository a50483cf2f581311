"""Queries on articles: keep what polls gave, read a window, search, forget.  Each takes a connection in a transaction."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import EntryPrint, Kept, Poll
from bot.store import codec, fulltext, sources
from bot.store.tables import article, article_revision, entry, fact, source, story
from digests.model import Article, Understood, Window

MOST_REVISIONS = 24  # of one article; a page that changes with every poll is not followed for ever
SHELF = 2_000  # decoded articles kept in memory, about 10 kB each
SLICE = 25  # articles decoded before others on the loop get their turn
WIDER = 8  # times as many articles to look among where too few were found
CHUNK = 500  # values in one IN list, rows in one deletion
KEYS_KEPT = 1_000
KEYS_KEPT_FOR = timedelta(days=90)

Value = TypeVar("Value")


async def record(connection: AsyncConnection, polls: Sequence[Poll], now: datetime) -> list[str]:
    """Keep polls; returns the ids of the articles that were new.  ``now`` becomes their instant of storing."""
    fresh = await _insert_articles(connection, polls, now)
    for poll in polls:
        for _, understood in poll.changed:
            await _revise(connection, understood, now)
        await _still_listed(connection, poll, now)
    await _insert_entries(connection, polls, now)
    healths = [{"of": poll.source_id, **sources.columns(poll.health)} for poll in polls]
    if healths:
        await connection.execute(update(source).where(source.c.id == bindparam("of")), healths)
    if pauses := {poll.source_id: poll.pause_until for poll in polls if poll.pause_until}:
        await sources.leave_alone(connection, pauses)
    for poll in polls:
        if poll.address:
            await _move(connection, poll.source_id, poll.address)
    return fresh


async def _insert_articles(connection: AsyncConnection, polls: Sequence[Poll], now: datetime) -> list[str]:
    rows = [
        _columns(understood) | {"at": moment(understood.article, now), "stored_at": now, "backlog": key in poll.backlog}
        for poll in polls
        for key, understood in poll.new
    ]
    if not rows:
        return []
    added = (await connection.execute(_new(connection, article).returning(article.c.number, article.c.id), rows)).all()
    texts = {row["id"]: (row["title"], row["text"]) for row in rows}
    await fulltext.index(connection, {number: texts[name] for number, name in added})
    return [name for _, name in added]


async def _insert_entries(connection: AsyncConnection, polls: Sequence[Poll], now: datetime) -> None:
    rows = [
        {
            "source_id": poll.source_id,
            "key": one.key,
            "content": one.content,
            "link": one.link,
            "title": one.title,
            "seen_at": now,
        }
        for poll in polls
        for one in poll.entries
    ]
    if rows:
        statement = upsert(connection)(entry)
        changed = {name: statement.excluded[name] for name in ("content", "link", "title", "seen_at")}
        await connection.execute(statement.on_conflict_do_update(index_elements=["source_id", "key"], set_=changed), rows)


async def _still_listed(connection: AsyncConnection, poll: Poll, now: datetime) -> None:
    """Keep the keys of what a source lists from growing old; once a month is enough for keys that live 90 days."""
    for keys in chunks(poll.listed):
        mine = (entry.c.source_id == poll.source_id) & entry.c.key.in_(keys) & (entry.c.seen_at < now - KEYS_KEPT_FOR / 3)
        await connection.execute(update(entry).where(mine).values(seen_at=now))


async def _revise(connection: AsyncConnection, understood: Understood, now: datetime) -> None:
    """Put the new text in place of the old one, which becomes a revision; nothing where title and text are the same."""
    new = understood.article
    held = select(article.c.number, article.c.revision, article.c.title, article.c.text).where(article.c.id == new.id)
    old = (await connection.execute(held)).first()
    if old is None or old.revision >= MOST_REVISIONS or (old.title, old.text) == (new.title, new.text):
        return
    kept = {"article_number": old.number, "revision": old.revision, "title": old.title, "text": old.text}
    await connection.execute(insert(article_revision).values(**kept, replaced_at=now))
    values = {name: value for name, value in _columns(understood).items() if name not in ("id", "source_id", "revision")}
    await connection.execute(update(article).where(article.c.number == old.number).values(**values, revision=old.revision + 1))
    await fulltext.index(connection, {old.number: (new.title, new.text)})
    told = update(fact).where(fact.c.article == new.id, ~fact.c.withdrawn)
    await connection.execute(told.values(outdated=True))  # to be held against it: see corrections


async def _move(connection: AsyncConnection, source_id: str, address: str) -> None:
    """Give a source its new address, unless another source has it."""
    held = (await connection.execute(select(source.c.id).where(source.c.address == address))).first()
    if held is None:
        await connection.execute(update(source).where(source.c.id == source_id).values(address=address))


def moment(written: Article, stored_at: datetime) -> datetime:
    """Where an article stands by publication: never after it was stored.

    A bare day counts as its noon (UTC), so that it stays in that day in most zones; no date at all as the instant of storing.
    """
    if written.published_at is not None:
        return min(written.published_at, stored_at)
    if written.published_day is not None:
        return min(datetime.combine(written.published_day, time(12), UTC), stored_at)
    return stored_at


async def known(connection: AsyncConnection, source_id: str, keys: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in chunks(keys):
        mine = (entry.c.source_id == source_id) & entry.c.key.in_(some)
        found |= {row.key: row.content for row in await connection.execute(select(entry.c.key, entry.c.content).where(mine))}
    return found


async def alike(connection: AsyncConnection, source_id: str, prints: Collection[EntryPrint]) -> set[str]:
    rows = (await connection.execute(select(entry.c.link, entry.c.title).where(entry.c.source_id == source_id))).all()
    links = {row.link for row in rows} - {""}
    titles = {row.title for row in rows} - {""}
    return {one.key for one in prints if one.link in links or one.title in titles}


class Shelf:
    """The articles that were read last, decoded: digests read the same day again and again.

    An article stands under its id, its revision and its instant of storing, so that no change is missed.
    """

    def __init__(self, size: int = SHELF) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, int, datetime], Understood] = OrderedDict()

    def get(self, row: Row[Any]) -> Understood | None:
        """The article of a row of :func:`between`, if it is here."""
        return self._kept.get((row.id, row.revision, row.stored_at))

    def put(self, found: Sequence[Kept]) -> None:
        """Keep what was just read; the newest of it stays longest."""
        for kept in reversed(found[: self._size]):
            name = (kept.understood.article.id, kept.revision, kept.stored_at)
            self._kept[name] = kept.understood
            self._kept.move_to_end(name)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)


async def decoded(rows: Sequence[Row[Any]]) -> dict[str, Understood]:
    """Full rows as articles, by id; between slices others on the loop get their turn."""
    found: dict[str, Understood] = {}
    for row in rows:
        found[row.id] = _decoded(row)
        if len(found) % SLICE == 0:
            await asyncio.sleep(0)
    return found


async def between(
    connection: AsyncConnection,
    window: Window,
    by: Literal["published", "stored"],
    limit: int | None,
    of: Collection[str] | None,
) -> Sequence[Row[Any]]:
    """What stands in a window, newest first, without its text."""
    when = article.c.at if by == "published" else article.c.stored_at
    short = select(article.c.number, article.c.id, article.c.revision, article.c.stored_at, article.c.story_id)
    wanted: Select[Any] = short.where(when < window.end).order_by(when.desc(), article.c.number.desc()).limit(limit)
    if window.start is not None:
        wanted = wanted.where(when >= window.start)
    if by == "stored":
        wanted = wanted.where(~article.c.backlog)
    if of is not None:
        wanted = wanted.where(article.c.source_id.in_(of))
    rows: Sequence[Row[Any]] = (await connection.execute(wanted)).all()
    return rows


async def full(connection: AsyncConnection, numbers: Sequence[int]) -> list[Row[Any]]:
    """Articles with all they have."""
    found: list[Row[Any]] = []
    for some in chunks(numbers):
        found += await connection.execute(select(article).where(article.c.number.in_(some)))
    return found


async def search(connection: AsyncConnection, words: Sequence[str], window: Window, limit: int) -> list[str]:
    """Ids of the newest articles that hold all words.

    Looks among the newest first, so that a common word costs no more than a rare one, and among all where few were found:
    a rare word is quickly found anywhere.
    """
    expression = fulltext.expression(connection.dialect.name, words)
    if expression is None:
        return []
    inside = article.c.at < window.end
    if window.start is not None:
        inside &= article.c.at >= window.start
    among = 4 * limit
    while True:
        oldest = select(article.c.at).where(inside).order_by(article.c.at.desc()).offset(among).limit(1)
        start = (await connection.execute(oldest)).scalar()
        if start is None:
            break
        found = await _found(connection, expression, inside & (article.c.at > start), limit)
        if len(found) == limit:
            return found
        if WIDER * len(found) < limit:
            break
        among *= WIDER
    return await _found(connection, expression, inside, limit, narrow=window.start is not None)


async def _found(
    connection: AsyncConnection, expression: str, inside: ColumnElement[bool], limit: int, *, narrow: bool = True
) -> list[str]:
    holds = await fulltext.matching(connection, expression, inside if narrow else None)
    wanted = select(article.c.id).where(inside, holds)
    found = await connection.execute(wanted.order_by(article.c.at.desc(), article.c.number.desc()).limit(limit))
    return list(found.scalars())


async def forget(connection: AsyncConnection, before: datetime, needed: Select[str]) -> int:
    """Delete some articles stored before an instant; returns how many, 0 when none is left.

    Those of a story that took in an article since stay, and so do those that are ``needed``: a SELECT of their ids.
    """
    lives = select(story.c.id).where(story.c.id == article.c.story_id, story.c.last_at >= before).exists()
    old = (
        select(article.c.number)
        .where(article.c.stored_at < before, ~lives, article.c.id.not_in(needed))
        .order_by(article.c.stored_at)
        .limit(CHUNK)
    )
    return (await connection.execute(delete(article).where(article.c.number.in_(old)))).rowcount


async def forget_keys(connection: AsyncConnection) -> None:
    """Forget keys of entries, but of no source the last 1,000, nor those listed in the 90 days before its last change.

    Counted from the last change and not from today: a feed that is silent for a year still lists its entries.
    """
    age = func.row_number().over(partition_by=entry.c.source_id, order_by=entry.c.seen_at.desc()).label("age")
    newest = func.max(entry.c.seen_at).over(partition_by=entry.c.source_id).label("newest")
    ranked = select(entry.c.source_id, entry.c.key, entry.c.seen_at, age, newest).subquery()
    rows = (await connection.execute(select(ranked).where(ranked.c.age > KEYS_KEPT))).all()
    old = [{"of": row.source_id, "old": row.key} for row in rows if row.seen_at < row.newest - KEYS_KEPT_FOR]
    if old:
        mine = (entry.c.source_id == bindparam("of")) & (entry.c.key == bindparam("old"))
        await connection.execute(delete(entry).where(mine), old)
    await connection.execute(delete(story).where(~select(article.c.id).where(article.c.story_id == story.c.id).exists()))


def _columns(understood: Understood) -> dict[str, Any]:
    written = understood.article
    return {
        "id": written.id,
        "source_id": written.source_id,
        "outlet": written.outlet,
        "title": written.title,
        "text": written.text,
        "url": written.url,
        "published_at": written.published_at,
        "published_day": written.published_day,
        "page_read": written.page_read,
        "language": (written.language or "")[:35] or None,
        "origins": list(written.origins),
        "stub": written.stub,
        "comment": written.comment,
        "revision": 0,
        "understood": codec.encode(understood),
    }


def _decoded(row: Row[Any]) -> Understood:
    written = Article(
        id=row.id,
        outlet=row.outlet,
        title=row.title,
        text=row.text,
        url=row.url,
        published_at=row.published_at,
        published_day=row.published_day,
        page_read=row.page_read,
        language=row.language,
        origins=tuple(row.origins),
        stub=row.stub,
        comment=row.comment,
        source_id=row.source_id,
    )
    return codec.decode(written, row.understood)


def upsert(connection: AsyncConnection) -> Any:
    """The INSERT of the dialect that knows ON CONFLICT; both spell it alike."""
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def _new(connection: AsyncConnection, table: Any) -> Any:
    """An INSERT that leaves alone what is there."""
    return upsert(connection)(table).on_conflict_do_nothing(index_elements=["id"])


def chunks(values: Collection[Value]) -> Iterable[list[Value]]:
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))
