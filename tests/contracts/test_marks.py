"""What every store promises to remember of the bot's own doings in a place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Space
from bot.ports.marks import Mark, Marks
from bot.store import SqlStore, migrate, open_store

TEAM, OTHER = Space("slack", "T1"), Space("slack", "T12")
AT = datetime(2024, 10, 14, 8, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture
async def store(database: str) -> AsyncIterator[SqlStore]:
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database) as opened:
        yield opened


@pytest.fixture
def marks(store: SqlStore) -> Marks:
    return store.marks


async def test_a_mark_is_made_once_in_a_space(marks: Marks) -> None:
    assert await marks.mark(TEAM, "greeted C1", AT)

    assert not await marks.mark(TEAM, "greeted C1", LATER)
    assert await marks.mark(OTHER, "greeted C1", LATER)
    assert await marks.marked("greeted C1") == [Mark(TEAM, "greeted C1", "", AT), Mark(OTHER, "greeted C1", "", LATER)]


async def test_another_value_takes_the_place_of_the_first(marks: Marks) -> None:
    await marks.mark(TEAM, "commands", AT, "one")

    assert await marks.mark(TEAM, "commands", LATER, "other")
    assert not await marks.mark(TEAM, "commands", LATER, "other")
    assert await marks.marked("commands") == [Mark(TEAM, "commands", "other", LATER)]


async def test_a_mark_is_forgotten_by_its_name(marks: Marks) -> None:
    await marks.mark(TEAM, "removed", AT)
    await marks.mark(OTHER, "removed", AT)

    assert await marks.unmark(TEAM, "removed")
    assert not await marks.unmark(TEAM, "removed")
    assert [each.space for each in await marks.marked("removed")] == [OTHER]


async def test_who_forgets_a_space_forgets_its_marks(store: SqlStore, marks: Marks) -> None:
    await marks.mark(TEAM, "removed", AT)
    await marks.mark(OTHER, "removed", AT)

    await store.ledger.forget_space(TEAM)

    assert [each.space for each in await marks.marked("removed")] == [OTHER]
