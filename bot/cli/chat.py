"""dateline chat: the bot in this terminal."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from bot.cli.settings import checked_zone, database_of, settings_from
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.adapters.console.conversation import Conversation
    from bot.app.platforms import Platforms
    from config.settings import Settings

WHO = ("reader", "admin")
TITLE = "Digest"
LOG = "chat.log"
LEAVE = ("exit", "quit", "bye")


def chat(
    who: str = typer.Option("admin", "--as", help="reader or admin.", metavar="WHO"),
    newsroom: bool = typer.Option(False, "--newsroom", help="Talk about the invented newsroom that ships with the program."),
    zone: str | None = typer.Option(None, help="The time zone to read in. [default: the settings']", metavar="IANA"),
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Talk to the bot in this terminal, as in a channel.

    Nothing is posted; what you change is kept. Numbers press what is on the screen, Tab completes, Ctrl-C stops a form,
    Ctrl-D leaves.

    \b
    dateline chat
    dateline chat --newsroom --as reader
    echo "/digest about ferry" | dateline chat --newsroom
    """
    if who not in WHO:
        raise ConfigError(f"--as is {who!r}; accepted: {', '.join(WHO)}.")
    settings = settings_from(config)
    name = zone or settings.digest.zone
    checked_zone(name)
    asyncio.run(_chat(settings, who, name, "" if newsroom else database_of(settings, database)))


async def _chat(settings: Settings, who: str, zone: str, address: str) -> None:
    from bot.adapters.console.conversation import CANCEL
    from bot.app.platforms import platforms
    from bot.cli.lines import Lines
    from bot.pauses import shorten_pauses

    async with AsyncExitStack() as stack:
        lines = Lines(sys.stdin, sys.stdout)
        served = platforms(os.environ, sys.stdout, settings)
        stack.enter_context(_log_aside(served.secrets, address, lines.say))
        talk = await stack.enter_async_context(conversation(settings, served, who, zone, address, offer=lines.asks))
        shorten_pauses()
        lines.complete(talk.complete)
        lines.show(await talk.heard("help"))
        while (line := await lines.next(talk.question, broken_off=CANCEL if talk.filling else None)) is not None:
            if line.strip().lower() in LEAVE:
                break
            if line.strip() or talk.filling:
                drawing = await talk.heard(line, lines.progress)
                lines.show(drawing)
                for file in drawing.files:
                    lines.say(f"Saved as {_saved(file.name, file.content)}.\n")


@contextmanager
def _log_aside(secrets: Collection[str], address: str, say: Callable[[str], None]) -> Iterator[None]:
    """Write the log into a file, since it would stand in the middle of the conversation; at the end say where, if it was."""
    from bot import log
    from bot.wording import plain
    from bot.wording import say as sentence
    from config.settings import home

    password = urlsplit(address).password if "://" in address else None
    with log.LogFile(home(os.environ) / LOG) as aside:
        log.start(aside, secrets=[*secrets, *([password] if password else [])], clock=_now)
        yield
        if aside.begun:
            say(f"{plain(sentence('chat_log', path=str(aside.path)))}\n")


@asynccontextmanager
async def conversation(
    settings: Settings, served: Platforms, who: str, zone: str, address: str, *, offer: Callable[[str], bool]
) -> AsyncIterator[Conversation]:
    """A conversation about an archive.

    Args:
        address: of the archive; ``""`` for the newsroom in an archive that goes with the conversation.
        offer: asks a question that can be answered with yes.
    """
    from bot import app, newsroom
    from bot.adapters.console.conversation import Conversation
    from bot.app.desk import Clock, Room, desk, furnish
    from bot.app.whole import process_name
    from bot.model import Channel
    from bot.talk import Person
    from digests.model import Length

    async with AsyncExitStack() as stack:
        fetcher, reader = await stack.enter_async_context(app.reading(settings))
        now: Callable[[], datetime] = _now
        if address:
            archive = await stack.enter_async_context(app.archive(address))
            if not await archive.sources() and offer(_OFFER):
                address = ""
        if not address:
            folder = stack.enter_context(TemporaryDirectory(prefix="dateline-"))
            room = newsroom.load()
            now = clock = Clock(room.now)
            zone = room.zone
            archive = await stack.enter_async_context(app.archive(f"sqlite:///{folder}/newsroom.db", now=clock))
            await furnish(archive, room, reader, clock)
            clock.run(_now)
            fetcher = Room(room, fetcher)
        person = Person("terminal", admin=who == "admin", zone=zone)
        numbers, talk = count(1), token_hex(4)
        at = desk(
            *(archive, fetcher, reader, served),
            owner=process_name(),
            title=TITLE,
            zone=zone,
            length=Length(settings.digest.length),
            kept_days=settings.retention.articles_days,
        )
        here = Channel("console")
        yield Conversation(at, person, here, clock=now, ids=lambda: f"{talk}-{next(numbers)}", attached=_file)


_OFFER = (
    "Nothing is followed yet. Shall I show you around in the newsroom that ships with the program? "
    "Its articles are invented, its now is its own, and nothing of it is kept."
)


async def _file(name: str) -> bytes:
    """The content of a local file.  Raises SourceError, in words, when it cannot be read."""
    from bot.files import Files

    return (await Files().fetch(name, kind="feed")).body


def _now() -> datetime:
    return datetime.now(UTC)


def _saved(name: str, content: bytes) -> Path:
    """Write a file into this folder, under a name that is free, and return its path.

    Raises:
        ConfigError: it cannot be written there.
    """
    wanted = Path(Path(name).name)
    for number in count(1):
        path = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        except OSError as error:
            raise ConfigError(f"{path} cannot be written here: {(error.strerror or str(error)).lower()}.") from None
        return path
    raise AssertionError
