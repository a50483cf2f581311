"""``dateline run``, started with what only tests have: one more platform, and a clock that runs as fast as they like.

    python -m tests.flows.start --chat http://127.0.0.1:PORT

It is the real program from its settings to its signals; webhooks come from the environment as ever.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.app.platforms import Platforms, platforms
from bot.cli.run import serve
from bot.cli.settings import database_of, settings_from
from bot.model import Channel
from bot.ports import Adapter
from tests.chat_adapter import ChatAdapter


@dataclass(frozen=True)
class Clock:
    """A clock that showed an instant when the machine's showed another, and runs some times as fast since.

    Every process that is told the same three numbers has the same clock.
    """

    shown: datetime
    at_s: float
    pace: float

    @classmethod
    def from_now(cls, shown: datetime, pace: float) -> Self:
        return cls(shown, time.time(), pace)

    def __call__(self) -> datetime:
        return self.shown + timedelta(seconds=(time.time() - self.at_s) * self.pace)

    def __str__(self) -> str:
        return f"{self.shown.isoformat()},{self.at_s},{self.pace}"

    @classmethod
    def read(cls, written: str) -> Self:
        shown, at_s, pace = written.split(",")
        return cls(datetime.fromisoformat(shown).astimezone(UTC), float(at_s), float(pace))


@dataclass(frozen=True)
class WithChat(Platforms):
    """The platforms of this environment, and the chat of the tests in the place of Slack."""

    chat: ChatAdapter = field(kw_only=True)

    def of(self, channel: Channel) -> Adapter:
        return self.chat if channel.platform == "slack" else super().of(channel)

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        async with self.chat.serve(), super().serve():
            yield


class Blind(ChatAdapter):
    """The adapter of a bot without doubts: what had no answer is taken to be absent, and nobody looks."""

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> None:
        return None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--chat", help="where the chat is")
    arguments.add_argument("--blind", action="store_true", help="send again what had no answer, without looking it up")
    arguments.add_argument("--clock", help="shown,at_s,pace", type=Clock.read, default=Clock.from_now(datetime.now(UTC), 1))
    chosen = arguments.parse_args()
    settings = settings_from(None)
    served = platforms(os.environ, sys.stdout, settings)
    if chosen.chat:
        on = (*served.on, ("slack", "the chat of the tests"))
        chat = (Blind if chosen.blind else ChatAdapter)(chosen.chat)
        served = WithChat(on, served.off, served.secrets, served.adapters, served.hooks, chat=chat)
    serve(settings, database_of(settings, None), served, now=chosen.clock)


if __name__ == "__main__":
    main()
