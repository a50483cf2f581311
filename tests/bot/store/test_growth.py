"""What is asked again and again takes no longer for the half year that a database remembers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from bot.model import DeliveryKind, DeliveryState, RunState
from bot.store import SqlStore, digest_codec, open_store, posted, runs
from bot.store.tables import delivery, run
from bot.store.tables import digest as kept
from digests.model import Also, Citation, Digest, EventDate, Window
from tests.bot.newsdesk import DAY, EIGHT, NEWS, article, event, follow, store_articles, subscription
from tests.bot.store.making import Clock, new_database

STORY = "s-ferry"
HOURS = 6  # between two digests


def digest_of(name: str) -> str:
    told = article(name, "The ferry sank.").article
    line = Also(name, "The ferry sank", None, EventDate.of_report(None), (Citation(told, 0, 3),))
    return digest_codec.encode(Digest("News", "UTC", Window(EIGHT - DAY, EIGHT), EIGHT.date(), (), (line,), number=1))


def lived_through(connection: Connection, days: int) -> None:
    """Digests of so many days before now, four a day, each posted; the last two have the story."""
    due = [EIGHT - timedelta(hours=HOURS * number) for number in range(days * 24 // HOURS)]
    held = {"owner": "a", "fence": 1}
    about: dict[str, Any] = {
        "channel": str(NEWS),
        "platform": "slack",
        "space": "T1",
        "kind": str(DeliveryKind.POST),
        "payload": {},
    }
    about |= {"state": str(DeliveryState.SENT), "part": 1, "piece": 1, "plain": False, "attempts": 1, "looks": 0}
    ran, sent = [], []
    for number, at in enumerate(due):
        made: dict[str, Any] = {
            "id": f"r-{number}",
            "subscription_id": "news",
            "key": f"{at:%Y-%m-%dT%H:%M}",
            "number": number,
            **held,
        }
        state = RunState.EMPTY if at.hour == 8 else RunState.COMPOSED
        made |= {"due": at, "claimed_at": at, "window_end": at, "state": str(state), "late": False, "missed": 0, "error": ""}
        ran.append(made)
        message: dict[str, Any] = {
            "id": f"d-{number}",
            "nonce": f"n-{number}",
            "run_id": made["id"],
            "queue": number,
            **held,
            **about,
        }
        sent.append(message | {"error": "", "created_at": at, "settled_at": at})
    lines = [
        {"run_id": f"r-{number}", "line": digest_of(STORY if number < 2 else f"s-{number}"), "edition": 0, "kept_at": at}
        for number, at in enumerate(due)
    ]
    connection.execute(insert(run), ran)
    connection.execute(insert(delivery), sent)
    connection.execute(insert(kept), lines)


async def steps(store: SqlStore, ask: Callable[..., Any], *given: object) -> tuple[Any, int]:
    """What is answered, and in how many steps of SQLite's machine."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    def counted(connection: Connection) -> Any:
        raw: Any = connection.connection.driver_connection
        raw.set_progress_handler(step, 1)
        try:
            return ask(connection, *given)
        finally:
            raw.set_progress_handler(None, 1)

    return await store._database.read(counted), taken


@pytest.mark.parametrize(
    ("ask", "given"),
    [(runs.heard, (20,)), (posted.appearances, (NEWS, STORY, 100))],
    ids=["what runs came to", "where a story stood"],
)
async def test_half_a_year_of_digests_takes_no_longer_than_a_month(ask: Any, given: tuple[object, ...], tmp_path: Path) -> None:
    found, stored_at = [], EIGHT - timedelta(hours=HOURS + 1)
    for days in (30, 180):
        async with open_store(new_database(tmp_path / f"{days}.db"), clock=Clock(stored_at)) as store:
            await follow(store)
            await store.ledger.add_subscription(subscription())
            await store_articles(store, EIGHT, event(1), stories={event(1).article.id: STORY})
            await store._database.write(lived_through, days)
            found.append(await steps(store, ask, *given))

    [(answer, few), (again, many)] = found
    assert answer == again
    assert len(answer) == (2 if ask is posted.appearances else 1)
    assert many < 1.5 * few
