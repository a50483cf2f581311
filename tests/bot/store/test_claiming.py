"""What claiming sources costs, whatever the archive holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event

from bot.store import articles, open_store
from tests.bot.store.making import HARBOUR, NOON, VALLEY, new_database, poll, understood


async def test_while_sources_are_claimed_no_article_is_counted_that_others_would_wait_for(tmp_path: Path) -> None:
    async with open_store(new_database(tmp_path / "news.db"), clock=lambda: NOON) as store:
        await store.add_source(HARBOUR, now=NOON)
        await store.record([poll("a", "b")])
        writing: list[str] = []

        @event.listens_for(store._database.engine, "before_cursor_execute")
        def note(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
            if connection.get_execution_options().get("writes"):
                writing.append(statement)

        [claimed] = await store.claim_due(NOON + timedelta(hours=2))

    assert claimed.posts_a_week == 2
    assert any(statement.startswith("UPDATE source") for statement in writing)
    assert not any("article" in statement for statement in writing)


async def test_counting_the_posts_of_one_source_costs_no_more_where_others_post_a_lot(tmp_path: Path) -> None:
    address = new_database(tmp_path / "news.db")
    async with open_store(address, clock=lambda: NOON) as store:
        for source in (HARBOUR, VALLEY):
            await store.add_source(source, now=NOON)
        await store.record([poll("a", "b")])
        alone = steps(address)
        many = tuple((str(number), understood(str(number), source=VALLEY)) for number in range(500))
        await store.record([replace(poll(source=VALLEY), new=many)])

    assert steps(address) < alone + 10  # the index is a page deeper


def steps(address: str) -> int:
    """How many steps SQLite takes to count what the harbour posted in a week."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    made = create_engine(address)
    with made.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(step, 1)
        assert articles.posts(connection, [HARBOUR.id], NOON) == {HARBOUR.id: 2}
    made.dispose()
    return taken
