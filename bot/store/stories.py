"""Queries on stories: what is live, what is in which, what became of them.  Each takes a connection in a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Live, Regrouped
from bot.store.articles import SLICE, chunks, upsert
from bot.store.tables import article, fact, sent, story, story_change
from digests.likeness import MOST_CHARACTERS, Telling
from digests.stories import Arrival, Change, Happened, story_id


async def live(connection: AsyncConnection, since: datetime, after: int) -> Live:
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
        for row in await connection.execute(wanted.where(part)):
            telling = Telling(row.title, row.begun, row.published_day)
            found[row.number] = Arrival(row.id, telling, row.at, row.story_id, row.created_at)
            if len(found) % SLICE == 0:
                await asyncio.sleep(0)  # others on the loop get their turn
    in_order = sorted(found, key=lambda number: (found[number].moment, number))
    last = (await connection.execute(select(func.max(article.c.number)))).scalar() or 0
    return Live(tuple(found[number] for number in in_order), last, await newest_change(connection))


async def newest_change(connection: AsyncConnection) -> int:
    """The number of the last change; 0 when there is none."""
    return (await connection.execute(select(func.max(story_change.c.number)))).scalar() or 0


async def changes(connection: AsyncConnection, of: str) -> list[Regrouped]:
    mine = (story_change.c.was == of) | (story_change.c.became == of)
    rows = await connection.execute(select(story_change).where(mine).order_by(story_change.c.number.desc()))
    return [
        Regrouped(
            Change(Happened(row.happened), row.was, row.became, tuple(row.articles), row.similarity, row.needed),
            row.happened_at,
        )
        for row in rows
    ]


async def lives_on(connection: AsyncConnection, name: str) -> str | None:
    """The story that a story is now: itself, or the one that it has joined; None when nothing is left of it."""
    passed: set[str] = set()
    while name not in passed:
        if (await connection.execute(select(story.c.id).where(story.c.id == name))).first() is not None:
            return name
        passed.add(name)
        joined = (story_change.c.happened == str(Happened.JOINED)) & (story_change.c.was == name)
        newest = select(story_change.c.became).where(joined).order_by(story_change.c.number.desc()).limit(1)
        name = (await connection.execute(newest)).scalar() or name
    return None


async def assign(connection: AsyncConnection, placed: Mapping[str, str], changed: Sequence[Change], now: datetime) -> None:
    """Put articles that have no story into one, and do the changes; what channels were told goes with its articles."""
    names = {*placed.values(), *(change.now for change in changed)}
    if not names:
        return
    statement = upsert(connection)(story).on_conflict_do_update(index_elements=["id"], set_={"last_at": now})
    await connection.execute(statement, [{"id": name, "created_at": now, "last_at": now} for name in sorted(names)])
    if placed:
        rows = [{"of": one, "to": name, "own": story_id(one)} for one, name in placed.items()]
        unplaced = (article.c.id == bindparam("of")) & article.c.story_id.is_(None)
        await connection.execute(update(article).where(unplaced).values(story_id=bindparam("to")), rows)
        # An article that was told before it had a story was told as one of its own.
        for table in (fact, sent):
            own = (table.c.story == bindparam("own")) & (table.c.article == bindparam("of"))
            await connection.execute(update(table).where(own).values(story=bindparam("to")), rows)
    for change in changed:
        await _change(connection, change)
    if changed:
        await connection.execute(insert(story_change), [_columns(change, now) for change in changed])


async def _change(connection: AsyncConnection, change: Change) -> None:
    if change.happened is Happened.JOINED:  # all of it, what is no longer live too
        for table, column in ((article, article.c.story_id), (fact, fact.c.story), (sent, sent.c.story)):
            await connection.execute(update(table).where(column == change.was).values({column: change.now}))
        await connection.execute(delete(story).where(story.c.id == change.was))
        return
    for some in chunks(change.articles):
        for table, column, of in (
            (article, article.c.story_id, article.c.id),
            (fact, fact.c.story, fact.c.article),
            (sent, sent.c.story, sent.c.article),
        ):
            mine = (column == change.was) & of.in_(some)
            await connection.execute(update(table).where(mine).values({column: change.now}))


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


async def forget_changes(connection: AsyncConnection, before: datetime) -> None:
    await connection.execute(delete(story_change).where(story_change.c.happened_at < before))


async def of_articles(connection: AsyncConnection, articles: Collection[str]) -> dict[str, str]:
    """The story that each of the articles is in now; those without one are left out."""
    found: dict[str, str] = {}
    for some in chunks(articles):
        wanted = select(article.c.id, article.c.story_id).where(article.c.id.in_(some), article.c.story_id.is_not(None))
        found |= {row.id: row.story_id for row in await connection.execute(wanted)}
    return found
