"""Queries on stories: what is live, what is in which, what became of them.  Each takes a connection in a transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, true, update

from bot.ports import Live, Regrouped
from bot.store.articles import chunks, upsert
from bot.store.tables import article, fact, sent, story, story_change
from digests.likeness import MOST_CHARACTERS, Telling
from digests.stories import Arrival, Change, Happened, story_id


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
    )
    wanted = (
        select(*columns, story.c.created_at).outerjoin(story, story.c.id == article.c.story_id).where(article.c.at >= since)
    )
    # Two questions, each by its own index: one for both would read the whole of what is live.
    parts = (article.c.number > after, article.c.story_id.is_(None)) if after else (true(),)
    found: dict[int, Arrival] = {}
    for part in parts:
        for row in connection.execute(wanted.where(part)):
            telling = Telling(row.title, row.begun, row.published_day)
            found[row.number] = Arrival(row.id, telling, row.at, row.story_id, row.created_at)
    in_order = sorted(found, key=lambda number: (found[number].moment, number))
    last = connection.execute(select(func.max(article.c.number))).scalar() or 0
    change = connection.execute(select(func.max(story_change.c.number))).scalar() or 0
    return Live(tuple(found[number] for number in in_order), last, change)


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
        _change(connection, change)
    if changed:
        connection.execute(insert(story_change), [_columns(change, now) for change in changed])


def _change(connection: Connection, change: Change) -> None:
    if change.happened is Happened.JOINED:  # all of it, what is no longer live too
        for table, column in ((article, article.c.story_id), (fact, fact.c.story), (sent, sent.c.story)):
            connection.execute(update(table).where(column == change.was).values({column: change.now}))
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
