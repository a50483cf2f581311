"""A desk over a real store, and people who ask at it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from bot.adapters.console.replies import as_text, drawn
from bot.commands.ask import Means
from bot.commands.desk import Desk
from bot.model import Channel, Subscription
from bot.ports.topics import Place
from bot.store import SqlStore, open_store
from bot.talk import Asked, Buttons, Confirm, Control, Form, Listing, Person, Pressed, Reply, Request, Submitted, Typed
from digests.model import Source
from tests.bot.newsdesk import EIGHT, MONDAY, NEWS, event, store_articles, subscription
from tests.bot.store.making import HARBOUR, Clock, new_database
from tests.fakes import FakeAdapter, FakeFetcher, InlineReader, Serving

ADMIN = Person("U1", admin=True)
READER = Person("U2")
GUILD = Channel.parse("discord:1/2")
PAUSE = timedelta(seconds=7)  # between two requests, so that nobody asks too much


class Office:
    """Asks the desk as an adapter does, each request a little later than the one before."""

    def __init__(self, store: SqlStore, clock: Clock, prefixes: Mapping[str, tuple[str, str]], zone: str) -> None:
        self.store, self.clock, self.adapter = store, clock, FakeAdapter()
        self.serving = Serving(self.adapter)
        self._ids = count(1)
        means = Means(
            store=store,
            ledger=store.ledger,
            people=store.people,
            topics=store.topics,
            beats=store.beats,
            fetcher=FakeFetcher({}),
            reader=InlineReader(),
            finder=InlineReader(),
            adapters=self.serving,
            owner="this process",
            title="Digest",
            zone=zone,
            prefixes=prefixes,
        )
        self.desk = Desk(means)

    async def asked(self, asked: Asked, person: Person = ADMIN, channel: Channel = NEWS) -> Reply:
        self.clock.now += PAUSE
        found = await self.desk.answer(Request(f"r{next(self._ids)}", person, channel, asked, self.clock.now))
        assert found is not None
        return found

    async def typed(self, words: str, person: Person = ADMIN, channel: Channel = NEWS) -> Reply:
        return await self.asked(Typed(words), person, channel)

    async def pressed(self, control: str, person: Person = ADMIN, channel: Channel = NEWS, *values: str) -> Reply:
        return await self.asked(Pressed(control, values), person, channel)

    async def filled(self, form: Form, person: Person = ADMIN, channel: Channel = NEWS, /, **fields: str) -> Reply:
        """Send a form off with what stands in it, but for some fields, whose dashes are underlines here."""
        typed = {name.replace("_", "-"): value for name, value in fields.items()}
        values = {each.name: typed.pop(each.name, each.value) for each in form.fields}
        assert not typed, "no such fields"
        return await self.asked(Submitted(form.id, values), person, channel)

    async def subscribed(self, name: str = "news", channel: Channel = NEWS, **chosen: object) -> Subscription:
        wanted = subscription(name, channel, **chosen)  # type: ignore[arg-type]
        assert await self.store.ledger.add_subscription(wanted)
        return wanted

    async def stored(self, at: datetime, *numbers: int) -> None:
        """Articles of events of their own, stored at an instant."""
        now, self.clock.now = self.clock.now, at
        await store_articles(self.store, at, *(event(number, at) for number in numbers))
        self.clock.now = now

    async def follows(self, source: Source, place: Place) -> None:
        await self.store.topics.follow(source, place, MONDAY)


@asynccontextmanager
async def office(
    folder: Path, *, prefixes: Mapping[str, tuple[str, str]] | None = None, zone: str = "Europe/Berlin"
) -> AsyncIterator[Office]:
    """An office whose spaces follow the harbour's paper, on a Monday at eight, UTC."""
    clock = Clock(EIGHT)
    async with open_store(new_database(folder / "news.db"), clock=clock) as store:
        await store.add_source(HARBOUR, now=MONDAY)
        yield Office(store, clock, prefixes or {}, zone)


def said(reply: Reply) -> str:
    """What a person reads, each paragraph in one line."""
    return as_text(drawn(reply), width=400)


def form_of(reply: Reply) -> Form:
    [found] = [each for each in reply.parts if isinstance(each, Form)]
    return found


def listed(reply: Reply) -> Listing:
    [found] = [each for each in reply.parts if isinstance(each, Listing)]
    return found


def controls(reply: Reply) -> list[Control]:
    """All that can be pressed."""
    found: list[Control] = []
    for part in reply.parts:
        if isinstance(part, Listing):
            found += [control for row in part.rows for control in row.controls]
            found += [turn for turn in (part.back, part.on) if turn]
        elif isinstance(part, Buttons):
            found += part.controls
        elif isinstance(part, Confirm):
            found += [part.yes, part.no]
    return found


def control(reply: Reply, label: str) -> str:
    """The id of the first thing to press that has a label."""
    return next(each.id for each in controls(reply) if each.label == label)
