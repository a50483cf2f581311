"""An archive with some days of news, and somebody who asks."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from shutil import copyfile

import pytest

from bot import newsroom
from bot.adapters.console.replies import as_text, drawn
from bot.app import archive
from bot.app.desk import Clock, Room
from bot.app.platforms import platforms
from bot.commands.ask import Means
from bot.commands.desk import Desk
from bot.model import Channel
from bot.store import SqlStore
from bot.talk import Asked, Person, Pressed, Reply, Request, Submitted, Typed
from config.settings import load
from tests.fakes import InlineReader
from tests.flows.conversing import furnished

HERE = Channel("console")
SOMEONE = Person("someone", admin=True, zone="Europe/Berlin")


@dataclass(slots=True)
class Asker:
    """Asks the desk, and shows what is answered as a terminal would."""

    desk: Desk
    means: Means
    clock: Clock
    person: Person = SOMEONE
    channel: Channel = HERE
    numbers: Iterator[int] = field(default_factory=count)

    async def __call__(self, words: str) -> str:
        """What is shown after words were typed."""
        return shown(await self.reply(Typed(words)))

    async def press(self, control: str, *values: str) -> str:
        return shown(await self.reply(Pressed(control, values)))

    async def submit(self, form: str, **fields: str) -> str:
        return shown(await self.reply(Submitted(form, fields)))

    async def reply(self, asked: Asked, name: str | None = None) -> Reply | None:
        """The reply itself; the clock goes on by ten seconds."""
        request = Request(name or f"q{next(self.numbers)}", self.person, self.channel, asked, self.clock.at)
        self.clock.at += timedelta(seconds=10)
        return await self.desk.answer(request)

    def elsewhere(self, channel: str) -> Asker:
        return replace(self, channel=Channel.parse(channel))

    def another(self, person: str, *, admin: bool = False) -> Asker:
        return replace(self, person=Person(person, admin=admin, zone=self.person.zone))


def shown(reply: Reply | None) -> str:
    """The reply as one text without line breaks, for looking into."""
    return " ".join(as_text(drawn(reply), 500).split()) if reply else "(no answer)"


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newsroom's days, lived through once."""
    file = tmp_path_factory.mktemp("newsroom") / "news.db"
    asyncio.run(furnished(file))
    return file


@asynccontextmanager
async def asked_of(lived: Path, folder: Path) -> AsyncIterator[Asker]:
    """Somebody who asks a desk about a copy of an archive; without network."""
    copyfile(lived, folder / "news.db")
    room = newsroom.load()
    clock = Clock(room.now)
    async with archive(f"sqlite:///{folder}/news.db", now=clock) as kept:
        pages, served = Room(room, room), platforms({}, io.StringIO(), load(None, {}))
        doors = (kept, kept.ledger, kept.people, kept.topics, pages, InlineReader(), served)
        means = Means(*doors, zone=room.zone, finder=InlineReader(), beats=kept.beats, owner="desk")
        yield Asker(Desk(means), means, clock)


@pytest.fixture
async def ask(lived: Path, tmp_path: Path) -> AsyncIterator[Asker]:
    async with asked_of(lived, tmp_path) as asker:
        yield asker


@pytest.fixture
def means(ask: Asker) -> Means:
    return ask.means


@pytest.fixture
def store(ask: Asker) -> SqlStore:
    """The archive itself."""
    assert isinstance(ask.means.store, SqlStore)
    return ask.means.store
