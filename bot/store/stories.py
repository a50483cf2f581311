"""Queries on stories: what is live, what is in which, what became of them.  Each takes a connection in a transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, insert, select, true, update

from bot.ports import Live, Regrouped
from bot.store import codec, people
from bot.store.articles import chunks, upsert
from bot.store.tables import article, fact, sent, story, story_change
from digests.likeness import MOST_CHARACTERS, Telling
from digests.stories import Arrival, Change, Happened, story_id

MOST_OLD: Final = 2_000
"""Articles without a story that are too old for a live one, given at a time; the others follow with the next round."""


def live(connection: Connection, since: datetime, after: int) -> Live:
    """The articles from ``since`` on that were stored after number ``after``, and those that have no story, oldest first."""
    begun = func.substr(article.c.text, 1, MOST_CHARACTERS).label("begun")
    columns = (
        article.c.number,
        article.c.id,
        article.c.title,
        begun,
        article.c.published_day,
        article.c.at,
        article.c.story_id,
        article.c.outlet,
        article.c.understood.like(codec.NO_REPORT).label("no_report"),
    )
    every = select(*columns, story.c.created_at).outerjoin(story, story.c.id == article.c.story_id)
    wanted = every.where(article.c.at >= since, ~article.c.comment)
    # Two questions, each by its own index: one for both would read the whole of what is live.
    parts = (article.c.number > after, article.c.story_id.is_(None)) if after else (true(),)
    found: dict[int, Arrival] = {}
    for part in parts:
        found |= {row.number: _arrival(row) for row in connection.execute(wanted.where(part))}
    without = article.c.story_id.is_(None)
    alone = every.where(article.c.at < since, without, ~article.c.comment).order_by(article.c.at, article.c.number)
    old = tuple(_arrival(row) for row in connection.execute(alone.limit(MOST_OLD)))
    opinions = select(article.c.id).where(without, article.c.comment).order_by(article.c.number).limit(MOST_OLD)
    comments = tuple(connection.execute(opinions).scalars())
    in_order = sorted(found, key=lambda number: (found[number].moment, number))
    last = connection.execute(select(func.max(article.c.number))).scalar() or 0
    change = connection.execute(select(func.max(story_change.c.number))).scalar() or 0
    return Live(tuple(found[number] for number in in_order), last, change, old, comments)


def _arrival(row: Any) -> Arrival:
    telling = Telling(row.title, row.begun, row.published_day, row.outlet, not row.no_report)
    return Arrival(row.id, telling, row.at, row.story_id, row.created_at)


def changes(connection: Connection, of: str) -> list[Regrouped]:
    mine = (story_change.c.was == of) | (story_change.c.became == of)
    rows = connection.execute(select(story_change).where(mine).order_by(story_change.c.number.desc()))
    return [
        Regrouped(
            Change(Happened(row.happened), row.was, row.became, tuple(row.articles), row.similarity, row.needed),
            row.happened_at,
        )
        for row in rows
    ]


def lives_on(connection: Connection, name: str) -> str | None:
    """The story that a story is now: itself, or the one that it has joined; None when nothing is left of it."""
    passed: set[str] = set()
    while name not in passed:
        if connection.execute(select(story.c.id).where(story.c.id == name)).first() is not None:
            return name
        passed.add(name)
        joined = (story_change.c.happened == str(Happened.JOINED)) & (story_change.c.was == name)
        newest = select(story_change.c.became).where(joined).order_by(story_change.c.number.desc()).limit(1)
        name = connection.execute(newest).scalar() or name
    return None


def assign(connection: Connection, placed: Mapping[str, str], changed: Sequence[Change], now: datetime) -> None:
    """Put articles that have no story into one, and do the changes; what channels were told goes with its articles."""
    names = {*placed.values(), *(change.now for change in changed)}
    if not names:
        return
    statement = upsert(connection)(story).on_conflict_do_update(index_elements=["id"], set_={"last_at": now})
    connection.execute(statement, [{"id": name, "created_at": now, "last_at": now} for name in sorted(names)])
    if placed:
        rows = [{"of": one, "to": name, "own": story_id(one)} for one, name in placed.items()]
        unplaced = (article.c.id == bindparam("of")) & article.c.story_id.is_(None)
        connection.execute(update(article).where(unplaced).values(story_id=bindparam("to")), rows)
        # An article that was told before it had a story was told as one of its own.
        for table in (fact, sent):
            own = (table.c.story == bindparam("own")) & (table.c.article == bindparam("of"))
            connection.execute(update(table).where(own).values(story=bindparam("to")), rows)
    for change in changed:
        _change(connection, change, now)
    if changed:
        connection.execute(insert(story_change), [_columns(change, now) for change in changed])


def _change(connection: Connection, change: Change, now: datetime) -> None:
    if change.happened is Happened.JOINED:  # all of it, what is no longer live too
        for table, column in ((article, article.c.story_id), (fact, fact.c.story), (sent, sent.c.story)):
            connection.execute(update(table).where(column == change.was).values({column: change.now}))
        people.follow_story(connection, change.was, change.now, now)
        connection.execute(delete(story).where(story.c.id == change.was))
        return
    for some in chunks(change.articles):
        for table, column, of in (
            (article, article.c.story_id, article.c.id),
            (fact, fact.c.story, fact.c.article),
            (sent, sent.c.story, sent.c.article),
        ):
            mine = (column == change.was) & of.in_(some)
            connection.execute(update(table).where(mine).values({column: change.now}))


def now(connection: Connection, names: Collection[str]) -> dict[str, str]:
    """The name of each of the stories now.  A split may give a name back that had joined another; then it is one again."""
    lives: set[str] = set()
    joins: dict[str, tuple[int, str]] = {}  # the newest of each name
    seen, ahead = set(names), set(names)
    while ahead:
        for some in chunks(ahead):
            lives.update(connection.execute(select(story.c.id).where(story.c.id.in_(some))).scalars())
            rows = connection.execute(_joins(story_change.c.was.in_(some)).order_by(story_change.c.number))
            joins |= {row.was: (row.number, row.became) for row in rows}
        ahead = {into for _, into in joins.values()} - seen
        seen |= ahead
    became: dict[str, str] = {}
    for name in names:
        into, number = name, 0
        while into not in lives and joins.get(into, (0, ""))[0] > number:  # ever later, so that it ends
            number, into = joins[into]
        became[name] = into
    return became


def names_of(connection: Connection, name: str) -> set[str]:
    """A story's name, with the names of all that joined it since, also by way of others."""
    names, ahead = {name}, {name}
    while ahead:
        rows = connection.execute(_joins(story_change.c.became.in_(ahead)))
        ahead = {row.was for row in rows} - names
        names |= ahead
    return {each for each, into in (now(connection, names)).items() if into == name} | {name}


def begun(connection: Connection, names: Collection[str]) -> datetime | None:
    """When the first of some stories began: was given its name, or its first article; None where nothing is known of any."""
    named = select(func.min(story.c.created_at)).where(story.c.id.in_(names))
    stored = select(func.min(article.c.stored_at)).where(article.c.story_id.in_(names))
    known = [at for wanted in (named, stored) if (at := connection.execute(wanted).scalar()) is not None]
    return min(known, default=None)


def _joins(which: ColumnElement[bool]) -> Select[tuple[int, str, str]]:
    columns = story_change.c.number, story_change.c.was, story_change.c.became
    return select(*columns).where(story_change.c.happened == str(Happened.JOINED), which)


def _columns(change: Change, now: datetime) -> dict[str, object]:
    return {
        "happened": str(change.happened),
        "happened_at": now,
        "was": change.was,
        "became": change.now,
        "articles": list(change.articles),
        "similarity": change.similarity,
        "needed": change.needed,
    }


def forget_changes(connection: Connection, before: datetime) -> None:
    connection.execute(delete(story_change).where(story_change.c.happened_at < before))


_STORY_OF = select(article.c.id, article.c.story_id).where(
    article.c.id.in_(bindparam("some", expanding=True)), article.c.story_id.is_not(None)
)


def of_articles(connection: Connection, articles: Collection[str]) -> dict[str, str]:
    """The story that each of the articles is in now; those without one are left out."""
    found: dict[str, str] = {}
    for some in chunks(articles):
        found |= {row.id: row.story_id for row in connection.execute(_STORY_OF, {"some": some})}
    return found
