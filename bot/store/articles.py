"""Queries on articles: keep what polls gave, read a window, search, forget.  Each takes a connection in a transaction."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.model import Channel
from bot.ports import EntryPrint, Kept, Poll
from bot.store import codec, fulltext, sources
from bot.store.tables import article, article_revision, entry, fact, source, story
from digests.model import Article, Query, Understood, Window
from digests.query import share

MOST_REVISIONS = 24  # of one article; a page that changes with every poll is not followed for ever
SHELF = 2_000  # decoded articles kept in memory, about 10 kB each
BEST_AMONG = 200  # of the newest articles that a search finds, whose headlines are looked at
WIDER = 8  # times as many articles to look among where too few were found
CHUNK = 500  # values in one IN list, rows in one deletion
KEYS_KEPT = 1_000
KEYS_KEPT_FOR = timedelta(days=90)
WEEK = timedelta(days=7)
_TRIES = "#"  # no hexadecimal digit, as those of a print are

Value = TypeVar("Value")

_SHORT = select(article.c.number, article.c.id, article.c.revision, article.c.stored_at, article.c.story_id)


def record(connection: Connection, polls: Sequence[Poll], now: datetime) -> list[str]:
    """Keep polls; returns the ids of the articles that were new.  ``now`` becomes their instant of storing."""
    fresh = _insert_articles(connection, polls, now)
    for poll in polls:
        for _, understood in poll.changed:
            if _revise(connection, understood, now):
                told = update(fact).where(fact.c.article == understood.article.id, ~fact.c.withdrawn)
                connection.execute(told.values(outdated=True))  # to be held against it: see corrections
        for _, understood in poll.completed:
            _revise(connection, understood, now)
        _still_listed(connection, poll, now)
    _insert_entries(connection, polls, now)
    healths = [{"of": poll.source_id, **sources.columns(poll.health)} for poll in polls]
    if healths:
        connection.execute(update(source).where(source.c.id == bindparam("of")), healths)
    if pauses := {poll.source_id: poll.pause_until for poll in polls if poll.pause_until}:
        sources.leave_alone(connection, pauses)
    sources.name(connection, {poll.source_id: poll.name for poll in polls if poll.name})
    for poll in polls:
        if poll.address:
            _move(connection, poll.source_id, poll.address)
    return fresh


def _insert_articles(connection: Connection, polls: Sequence[Poll], now: datetime) -> list[str]:
    rows = [
        _columns(understood) | {"at": moment(understood.article, now), "stored_at": now, "backlog": key in poll.backlog}
        for poll in polls
        for key, understood in poll.new
    ]
    if not rows:
        return []
    added = connection.execute(_new(connection, article).returning(article.c.number, article.c.id), rows).all()
    texts = {row["id"]: (row["title"], row["text"]) for row in rows}
    fulltext.index(connection, {number: texts[name] for number, name in added})
    return [name for _, name in added]


def _insert_entries(connection: Connection, polls: Sequence[Poll], now: datetime) -> None:
    rows = [
        {
            "source_id": poll.source_id,
            "key": one.key,
            "content": _content(one),
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
        connection.execute(statement.on_conflict_do_update(index_elements=["source_id", "key"], set_=changed), rows)


def _content(own: EntryPrint) -> str:
    """A print of content; where the page is still to be read with its tries, for which there is no column."""
    return own.content if own.page_tries is None else f"{own.content}{_TRIES}{own.page_tries}"


def unread(connection: Connection, of: Collection[str]) -> dict[str, tuple[EntryPrint, ...]]:
    """The entries of some sources whose page is still to be read, by the id of the source."""
    found: dict[str, tuple[EntryPrint, ...]] = {}
    for some in chunks(of):
        marked = select(entry).where(entry.c.source_id.in_(some), entry.c.content.contains(_TRIES))
        for row in connection.execute(marked):
            content, _, tries = row.content.partition(_TRIES)
            own = EntryPrint(row.key, content, row.link, row.title, int(tries))
            found[row.source_id] = (*found.get(row.source_id, ()), own)
    return found


def _still_listed(connection: Connection, poll: Poll, now: datetime) -> None:
    """Keep the keys of what a source lists from growing old; once a month is enough for keys that live 90 days."""
    for keys in chunks(poll.listed):
        mine = (entry.c.source_id == poll.source_id) & entry.c.key.in_(keys) & (entry.c.seen_at < now - KEYS_KEPT_FOR / 3)
        connection.execute(update(entry).where(mine).values(seen_at=now))


def _revise(connection: Connection, understood: Understood, now: datetime) -> bool:
    """Put the new text in place of the old one, which becomes a revision; False where title and text are the same."""
    new = understood.article
    held = select(article.c.number, article.c.revision, article.c.title, article.c.text).where(article.c.id == new.id)
    old = connection.execute(held).first()
    if old is None or old.revision >= MOST_REVISIONS or (old.title, old.text) == (new.title, new.text):
        return False
    kept = {"article_number": old.number, "revision": old.revision, "title": old.title, "text": old.text}
    connection.execute(insert(article_revision).values(**kept, replaced_at=now))
    values = {name: value for name, value in _columns(understood).items() if name not in ("id", "source_id", "revision")}
    connection.execute(update(article).where(article.c.number == old.number).values(**values, revision=old.revision + 1))
    fulltext.index(connection, {old.number: (new.title, new.text)})
    return True


def _move(connection: Connection, source_id: str, address: str) -> None:
    """Give a source its new address, unless another source has it."""
    held = connection.execute(select(source.c.id).where(source.c.address == address)).first()
    if held is None:
        connection.execute(update(source).where(source.c.id == source_id).values(address=address))


def moment(written: Article, stored_at: datetime) -> datetime:
    """Where an article stands by publication: never after it was stored.

    A bare day counts as its noon (UTC), so that it stays in that day in most zones; no date at all as the instant of storing.
    """
    if written.published_at is not None:
        return min(written.published_at, stored_at)
    if written.published_day is not None:
        return min(datetime.combine(written.published_day, time(12), UTC), stored_at)
    return stored_at


def posts(connection: Connection, of: Collection[str], now: datetime) -> dict[str, int]:
    """How many articles of the last week each of some sources has, by its id.

    Nothing stands in the week that was stored before it, and articles are numbered as they are stored.  So from the first of
    the week on each source is looked through by the index of sources, at no cost for what the others have.
    """
    week = now - WEEK
    since = select(article.c.number).where(article.c.stored_at >= week).order_by(article.c.stored_at, article.c.number).limit(1)
    first = connection.execute(since).scalar()
    if first is None:
        return {}
    found: dict[str, int] = {}
    for some in chunks(of):
        recent = (article.c.number >= first) & (article.c.at >= week)
        counted = select(article.c.source_id, func.count().label("posts")).where(article.c.source_id.in_(some), recent)
        found |= {row.source_id: row.posts for row in connection.execute(counted.group_by(article.c.source_id))}
    return found


def known(connection: Connection, source_id: str, keys: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in chunks(keys):
        mine = (entry.c.source_id == source_id) & entry.c.key.in_(some)
        rows = connection.execute(select(entry.c.key, entry.c.content).where(mine))
        found |= {row.key: row.content.partition(_TRIES)[0] for row in rows}
    return found


def alike(connection: Connection, source_id: str, prints: Collection[EntryPrint]) -> set[str]:
    rows = connection.execute(select(entry.c.link, entry.c.title).where(entry.c.source_id == source_id)).all()
    links = {row.link for row in rows} - {""}
    titles = {row.title for row in rows} - {""}
    return {one.key for one in prints if one.link in links or one.title in titles}


class Shelf:
    """The articles that were read last, decoded: digests read the same day again and again, in several threads.

    An article stands under its id, its revision and its instant of storing, so that no change is missed.
    """

    def __init__(self, size: int = SHELF) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, int, datetime], Understood] = OrderedDict()
        self._one_thread = threading.Lock()

    def get(self, rows: Sequence[Row[Any]]) -> dict[str, Understood]:
        """Those articles of rows of :func:`between` that are here, by id."""
        with self._one_thread:
            found = ((row.id, self._kept.get((row.id, row.revision, row.stored_at))) for row in rows)
            return {name: understood for name, understood in found if understood is not None}

    def put(self, found: Sequence[Kept]) -> None:
        """Keep what was just read; the newest of it stays longest."""
        with self._one_thread:
            for kept in reversed(found[: self._size]):
                name = (kept.understood.article.id, kept.revision, kept.stored_at)
                self._kept[name] = kept.understood
                self._kept.move_to_end(name)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


def between(
    connection: Connection,
    shelf: Shelf,
    window: Window,
    by: Literal["published", "stored"],
    sources: Collection[str] | None,
    limit: int | None,
) -> list[Kept]:
    """What stands in a window, newest first."""
    followed = None if sources is None else sorted(sources)
    bounds = {"start": window.start, "end": window.end, "most": limit, "sources": followed}
    scope = connection.dialect.name if sources is not None else None
    wanted = _inside(by, bounded=window.start is not None, limited=limit is not None, scope=scope)
    rows = connection.execute(wanted, {name: bound for name, bound in bounds.items() if bound is not None}).all()
    return _kept(connection, shelf, rows)


def told_of(
    connection: Connection, shelf: Shelf, channel: Channel, window: Window, sources: Collection[str] | None, limit: int
) -> list[Kept]:
    """What was stored in a window that has a start and is of a story that a channel was told of, newest first."""
    told = exists().where(fact.c.channel == str(channel), fact.c.story == article.c.story_id)
    mine = (article.c.stored_at >= window.start) & (article.c.stored_at < window.end) & ~article.c.backlog & told
    if sources is not None:
        mine &= _of(connection, sources)
    wanted: Select[Any] = _SHORT.where(mine).order_by(article.c.stored_at.desc(), article.c.number.desc()).limit(limit)
    return _kept(connection, shelf, connection.execute(wanted).all())


def named(connection: Connection, shelf: Shelf, names: Collection[str]) -> list[Kept]:
    """Articles by their ids, in that order; those that are not there are left out."""
    found: dict[str, Row[Any]] = {}
    for some in chunks(names):
        found |= {row.id: row for row in connection.execute(_SHORT.where(article.c.id.in_(some)))}
    return _kept(connection, shelf, [found[name] for name in dict.fromkeys(names) if name in found])


def at_address(connection: Connection, shelf: Shelf, url: str) -> list[Kept]:
    """The articles at a web address, newest first."""
    place = re.sub(r"^https?://(www\.)?", "", url.strip(), flags=re.IGNORECASE).partition("#")[0].rstrip("/")
    hosts = (f"{scheme}://{www}{place}" for scheme in ("https", "http") for www in ("", "www."))
    same = [address for host in hosts for address in (host, f"{host}/")]
    return _newest_first(connection, shelf, article.c.url.in_(same))


def of_story(connection: Connection, shelf: Shelf, name: str, sources: Collection[str] | None) -> list[Kept]:
    """The articles of a story, newest first."""
    mine = article.c.story_id == name
    return _newest_first(connection, shelf, mine if sources is None else mine & _of(connection, sources))


def _newest_first(connection: Connection, shelf: Shelf, which: ColumnElement[bool]) -> list[Kept]:
    wanted: Select[Any] = _SHORT.where(which).order_by(article.c.at.desc(), article.c.number.desc())
    return _kept(connection, shelf, connection.execute(wanted).all())


def _kept(connection: Connection, shelf: Shelf, rows: Sequence[Row[Any]]) -> list[Kept]:
    """The articles of some rows without text, in their order; those that were read lately are not read again."""
    read = shelf.get(rows)
    read |= {row.id: decoded(row) for row in _full(connection, [row.number for row in rows if row.id not in read])}
    found = [Kept(read[row.id], row.stored_at, row.story_id, row.revision) for row in rows]
    shelf.put(found)
    return found


def _of(connection: Connection, sources: Collection[str]) -> ColumnElement[bool]:
    """The condition that an article is of one of some sources."""
    return _source(connection.dialect.name).in_(sorted(sources))


def _source(dialect: str) -> ColumnElement[str]:
    """The source of an article, for a condition.  PostgreSQL plans by itself.

    SQLite would go by the index of sources, through all that each ever had and not through the window; not when it is no bare
    column.
    """
    return article.c.source_id if dialect == "postgresql" else article.c.source_id + ""


@cache
def _inside(by: Literal["published", "stored"], *, bounded: bool, limited: bool, scope: str | None) -> Select[Any]:
    """What stands in a window, without its text: most of that is on the shelf.  ``scope`` is the dialect in which sources are
    asked for; None for all."""
    when = article.c.at if by == "published" else article.c.stored_at
    wanted: Select[Any] = _SHORT.where(when < bindparam("end")).order_by(when.desc(), article.c.number.desc())
    if bounded:
        wanted = wanted.where(when >= bindparam("start"))
    if by == "stored":
        wanted = wanted.where(~article.c.backlog)
    if scope is not None:
        wanted = wanted.where(_source(scope).in_(bindparam("sources", expanding=True)))
    return wanted.limit(bindparam("most", type_=Integer)) if limited else wanted


def _full(connection: Connection, numbers: Sequence[int]) -> list[Row[Any]]:
    """Articles with all they have."""
    found: list[Row[Any]] = []
    for some in chunks(numbers):
        found += connection.execute(select(article).where(article.c.number.in_(some)))
    return found


def search(connection: Connection, wanted: Query, sources: Collection[str] | None, limit: int, offset: int) -> list[str]:
    """Ids of articles that hold all words, as `bot.ports.Store.search` says.

    Looks among the newest first, so that a common word costs no more than a rare one, and among all where few were found:
    a rare word is quickly found anywhere.
    """
    expression = fulltext.expression(connection.dialect.name, wanted.words, wanted.without)
    if expression is None:
        return []
    inside = article.c.at < wanted.window.end
    if wanted.window.start is not None:
        inside &= article.c.at >= wanted.window.start
    if sources is not None:
        inside &= _of(connection, sources)
    needed = max(offset + limit, BEST_AMONG)
    found = _newest(connection, expression, inside, needed, narrow=wanted.window.start is not None)
    best = next((at for at, row in enumerate(found[:BEST_AMONG]) if share(wanted, row.title) == 1), 0)
    ids = [row.id for row in (*found[best : best + 1], *found[:best], *found[best + 1 :])]
    return ids[offset : offset + limit]


def _newest(
    connection: Connection, expression: str, inside: ColumnElement[bool], needed: int, *, narrow: bool
) -> Sequence[Row[Any]]:
    among, rare = 4 * needed, False
    while not rare:
        oldest = select(article.c.at).where(inside).order_by(article.c.at.desc()).offset(among).limit(1)
        start = connection.execute(oldest).scalar()
        if start is None:
            break
        holds = fulltext.matching(connection, expression, inside & (article.c.at >= start), often=True)
        found = _found(connection, inside & (article.c.at >= start) & holds, needed)
        if len(found) == needed:
            return found
        rare = WIDER * len(found) < needed
        among *= WIDER
    holds = fulltext.matching(connection, expression, inside if narrow else None, often=not rare)
    return _found(connection, inside & holds, needed)


def _found(connection: Connection, which: ColumnElement[bool], limit: int) -> Sequence[Row[Any]]:
    wanted: Select[Any] = select(article.c.id, article.c.title).where(which)
    return connection.execute(wanted.order_by(article.c.at.desc(), article.c.number.desc()).limit(limit)).all()


def forget(connection: Connection, before: datetime, needed: Select[str]) -> int:
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
    return connection.execute(delete(article).where(article.c.number.in_(old))).rowcount


def forget_keys(connection: Connection) -> None:
    """Forget keys of entries, but of no source the last 1,000, nor those listed in the 90 days before its last change.

    Counted from the last change and not from today: a feed that is silent for a year still lists its entries.
    """
    age = func.row_number().over(partition_by=entry.c.source_id, order_by=entry.c.seen_at.desc()).label("age")
    newest = func.max(entry.c.seen_at).over(partition_by=entry.c.source_id).label("newest")
    ranked = select(entry.c.source_id, entry.c.key, entry.c.seen_at, age, newest).subquery()
    rows = connection.execute(select(ranked).where(ranked.c.age > KEYS_KEPT)).all()
    old = [{"of": row.source_id, "old": row.key} for row in rows if row.seen_at < row.newest - KEYS_KEPT_FOR]
    if old:
        mine = (entry.c.source_id == bindparam("of")) & (entry.c.key == bindparam("old"))
        connection.execute(delete(entry).where(mine), old)
    connection.execute(delete(story).where(~select(article.c.id).where(article.c.story_id == story.c.id).exists()))


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


def decoded(row: Row[Any]) -> Understood:
    """A full row as an article."""
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


def upsert(connection: Connection) -> Any:
    """The INSERT of the dialect that knows ON CONFLICT; both spell it alike."""
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def _new(connection: Connection, table: Any) -> Any:
    """An INSERT that leaves alone what is there."""
    return upsert(connection)(table).on_conflict_do_nothing(index_elements=["id"])


def chunks(values: Collection[Value]) -> Iterable[list[Value]]:
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))
