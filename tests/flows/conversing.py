"""Conversations as files: what is typed behind ``> ``, and under it what the terminal shows.

Lines that begin with ``#`` are for the reader; ``# as: reader`` says who types, and ``! later 1d`` lets a day pass.  Between
two lines that are typed pass ten seconds.
"""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from shutil import copyfile

from bot import newsroom
from bot.adapters.console.conversation import Conversation
from bot.adapters.console.replies import as_text
from bot.app import Archive, archive
from bot.app.desk import Clock, Room, desk, furnish
from bot.app.platforms import platforms
from bot.errors import SourceError
from bot.model import Channel
from bot.opml import write_opml
from bot.talk import Person
from config.settings import load
from tests.fakes import InlineReader

TITLE = "Digest"
_PASSES = re.compile(r"! later (\d+)([dhm])")
_TYPED = re.compile(r"(?:[^>]{1,80}[:?] )?>(?: (.*))?")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


async def furnished(file: Path) -> None:
    """An archive in which the newsroom's days were lived through, in a file."""
    room = newsroom.load()
    clock = Clock(room.now)
    async with archive(f"sqlite:///{file}", now=clock) as made:
        await furnish(made, room, InlineReader(), clock, jitter=lambda: 0.5)


@asynccontextmanager
async def talking(
    lived: Path | None, folder: Path, *, who: str = "admin"
) -> AsyncIterator[tuple[Conversation, Archive, Clock]]:
    """A conversation about a copy of such an archive, or about an empty one; without network."""
    file = folder / "news.db"
    if lived is not None:
        copyfile(lived, file)
    room = newsroom.load()
    clock = Clock(room.now)
    async with archive(f"sqlite:///{file}", now=clock) as kept:
        at = desk(
            kept,
            Room(room, room),
            InlineReader(),
            platforms({}, io.StringIO(), load(None, {})),
            owner="desk",
            title=TITLE,
            zone=room.zone,
            kept_days=90,
        )
        numbers = count(1)
        person = Person("someone", admin=who == "admin", zone=room.zone)
        yield (
            Conversation(at, person, Channel("console"), clock=clock, ids=partial(_next_id, numbers), attached=_attached),
            kept,
            clock,
        )


def _next_id(numbers: Iterator[int]) -> str:
    return f"q{next(numbers)}"


async def _attached(name: str) -> bytes:
    """The lists of feeds that a conversation may name."""
    if name != "mine.opml":
        raise SourceError(f"There is no file {name}. Give a file that exists, or an address that begins with https://.")
    return write_opml("Mine", [("Paper", "https://paper.example/feed", ("Money",))]).encode()


async def replayed(script: str, talk: Conversation, clock: Clock) -> str:
    """The script with what the terminal shows now under each line that is typed."""
    shown: list[str] = []
    for line in script.splitlines():
        if line.startswith("# "):
            shown.append(line)
        elif passes := _PASSES.fullmatch(line):
            clock.at += timedelta(**{_UNITS[passes[2]]: int(passes[1])})
            shown += ["", line]
        elif typed := _TYPED.fullmatch(line):
            asked = "" if talk.question == "> " else talk.question
            drawing = await talk.heard(typed[1] or "")
            clock.at += timedelta(seconds=10)
            shown += ["", f"{asked}> {typed[1] or ''}".rstrip(), "", as_text(drawing).strip("\n")]
            shown += [f"(a file: {file.name}, {len(file.content)} bytes)" for file in drawing.files]
    return "\n".join(shown).strip() + "\n"
