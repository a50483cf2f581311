"""The desk, as chat platforms see it: who answers what people ask, and hears what becomes of places."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Channel, Space
from bot.ports.connections import DoorState
from bot.ports.marks import Marks
from bot.talk import Asked, Person, Progress, Reply, Request, quietly


class Answers(Protocol):
    """Answers requests.  No fault leaves it: whatever goes wrong is a reply in words."""

    async def answer(self, request: Request, progress: Progress = quietly) -> Reply | None:
        """The reply to a request; None when the same request was answered before."""
        ...

    async def offers(
        self, channel: Channel, kind: str, typed: str, now: datetime, *, person: Person | None = None
    ) -> Sequence[tuple[str, str]]:
        """(label, value) of what could be meant; never by the network.

        Args:
            kind: ``command``, ``topic``, ``story``, ``source``, or ``schedule`` of this channel; ``followed`` or ``muted`` for
                what the person did.
            person: who types; nobody has nothing of their own, and is no admin.
        """
        ...

    def may_be_form(self, asked: Asked) -> bool:
        """Whether the reply may be a form: where a platform has to open one at once or never, it waits for the reply."""
        ...

    async def admins(self, space: Space) -> str:
        """Id of the user group or role whose members may administer a space beside those who may on the platform; or ``""``."""
        ...


class Places(Protocol):
    """Hears what becomes of the places in which the bot is."""

    async def joined(self, channel: Channel, now: datetime) -> Reply | None:
        """The bot was let into a channel: how it greets; None where it did before."""
        ...

    async def gone(self, channel: Channel, now: datetime, *, archived: bool = False) -> None:
        """A channel was deleted, hidden from the bot or archived: nothing more is posted there."""
        ...

    async def left(self, space: Space, now: datetime) -> None:
        """The bot was removed from a space: nothing more is posted there, and later all of it is forgotten."""
        ...

    async def back(self, space: Space, now: datetime) -> None:
        """The bot is in a space, and its token is good there: it is served, and nothing of it is to be forgotten."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """What a chat platform is given to serve people with."""

    desk: Answers
    places: Places
    marks: Marks


class Door(Protocol):
    """A chat platform on which people ask."""

    @property
    def name(self) -> str:
        """The platform, as a channel is written: ``slack``, ``discord``."""
        ...

    async def listen(self, house: House, now: Callable[[], datetime], stop: asyncio.Event) -> None:
        """Be connected and serve people until ``stop`` is set; soon after that it returns.

        A connection that breaks is made again; a token that is refused is said once in the log and not tried again.

        Args:
            now: the present instant, aware, in UTC.
        """
        ...

    async def examine(self) -> list[tuple[bool, str]]:
        """Whether it can be connected, and may what it needs: lines, each with whether it is good; one that is not says what
        to do.  Nothing stays connected."""
        ...

    def telling(self) -> DoorState:
        """How the connection is doing: for the operator's status."""
        ...
