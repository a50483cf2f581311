"""Values for the tests of publishing and delivering: subscriptions, and a newsroom that puts articles into a store."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from hashlib import blake2b

from sqlalchemy import select

from bot.model import Channel, Fact, IfNothing, Schedule, Slot, Subscription
from bot.polling import Health
from bot.ports import EntryPrint, Poll
from bot.store import SqlStore, corrections, memory
from bot.store.ledger import SqlLedger
from bot.store.tables import fact
from digests.claims import understand
from digests.model import Article, Correction, Source, Understood
from tests.bot.store.making import HARBOUR

MONDAY = datetime(2024, 10, 14, tzinfo=UTC)
EIGHT = MONDAY + timedelta(hours=8)
DAY = timedelta(days=1)
NEWS = Channel.parse("slack:T1/C1")
SPORT = Channel.parse("slack:T1/C2")
EVERY_DAY = frozenset(range(7))


def subscription(
    name: str = "news",
    channel: Channel = NEWS,
    *,
    at: tuple[int, ...] = (8,),
    topic: str = "",
    if_nothing: IfNothing = IfNothing.POST,
    created_at: datetime = MONDAY - timedelta(hours=1),
) -> Subscription:
    """A digest every day at some full hours, UTC."""
    schedule = Schedule(EVERY_DAY, tuple(time(hour) for hour in at), "UTC")
    return Subscription(name, channel, name.title(), schedule, created_at, created_at, topic, if_nothing=if_nothing)


def slot(due: datetime) -> Slot:
    return Slot(due.date(), due.time(), due)


TOWNS = ("Ashby", "Brackley", "Corley", "Dunmore", "Elstow", "Farnham", "Gorley", "Hexham", "Ilston", "Jarrow")
DEEDS = (
    "Council of {town} approves a bridge across the river for 12 million pounds",
    "Fire destroys the timber mill of {town} and leaves 140 workers without jobs",
    "Hospital in {town} opens a ward for 60 patients with burns",
    "Police in {town} arrest three men over stolen tractors worth 90,000 pounds",
    "Railway closes the tunnel near {town} for seven weeks of repairs",
)


def article(
    key: str,
    text: str,
    *,
    title: str = "",
    published_at: datetime = EIGHT - timedelta(hours=2),
    outlet: str = HARBOUR.name,
) -> Understood:
    """An article out of the feed of the harbour's paper, understood as any other."""
    return understand(
        Article(
            id=blake2b(key.encode(), digest_size=8).hexdigest(),
            outlet=outlet,
            title=title,
            text=text,
            url=f"https://harbour.example/{key}",
            published_at=published_at,
            published_day=published_at.date(),
            source_id=HARBOUR.id,
            page_read=True,
        )
    )


def event(number: int, published_at: datetime = EIGHT - timedelta(hours=2)) -> Understood:
    """An article about an event of its own; ``mark(number)`` is found in no other."""
    title = DEEDS[number % len(DEEDS)].format(town=mark(number))
    return article(
        f"event {number}", f"{title}. Nobody expected the news in the region.", title=title, published_at=published_at
    )


def mark(number: int) -> str:
    return f"{TOWNS[number % len(TOWNS)]}{'abcdefghijklmnopqrstuvwxyz'[number // len(TOWNS) % 26]}ton"


async def store_articles(
    store: SqlStore, now: datetime, *articles: Understood, stories: dict[str, str] | None = None, backlog: bool = False
) -> None:
    """Put articles into the store, stored at the instant of its clock; ``stories`` names theirs by article id.

    As ``backlog`` they were there before their source was followed.
    """
    named = [(one.article.id, one) for one in articles]
    known = frozenset(key for key, _ in named) if backlog else frozenset()
    prints = tuple(EntryPrint(key, f"print of {key}") for key, _ in named)
    await store.record([Poll(HARBOUR.id, Health(next_poll_at=now), entries=prints, new=tuple(named), backlog=known)])
    await store.assign_stories(stories or {one.article.id: f"s-{one.article.id[:8]}" for one in articles}, now)


async def revise_articles(store: SqlStore, now: datetime, *articles: Understood) -> None:
    """Put other texts in the place of those of articles that are stored, by their ids."""
    named = tuple((one.article.id, one) for one in articles)
    await store.record([Poll(HARBOUR.id, Health(next_poll_at=now), changed=named)])


async def complete_articles(store: SqlStore, now: datetime, *articles: Understood) -> None:
    """Give articles that are stored with the first words of a feed the text of their page."""
    named = tuple((one.article.id, one) for one in articles)
    await store.record([Poll(HARBOUR.id, Health(next_poll_at=now), completed=named)])


async def follow(store: SqlStore, source: Source = HARBOUR) -> None:
    await store.add_source(source, now=MONDAY)


async def told_to(ledger: SqlLedger, channel: Channel) -> list[Fact]:
    """What a channel was told, oldest first."""
    mine = select(fact).where(fact.c.channel == str(channel)).order_by(fact.c.number)
    return [memory.read_fact(row) for row in await ledger._database.read(lambda connection: connection.execute(mine).all())]


async def shown_to(ledger: SqlLedger, channel: Channel, articles: Collection[str]) -> set[str]:
    """Those of the articles that stand in a digest of a channel."""
    return await ledger._database.read(memory.sent_among, channel, articles)


async def corrections_for(ledger: SqlLedger, channel: Channel) -> list[tuple[int, Correction]]:
    """What the next digest of a channel has to correct."""
    return await ledger._database.read(corrections.waiting, channel)
