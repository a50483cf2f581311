"""How soon somebody on Discord sees that they were heard, and how soon the answer, while many ask and digests are posted.

    python -m benchmarks.bench_discord

The real library talks over the loopback with the stand-in for Discord of the tests, which runs in the same process and takes
its share of it.  The desk answers at once, with a whole digest, so what is measured is the way there and back: the gateway,
the acknowledgement, the drawing, the edit.  It is wall time, from the moment at which the platform tells of a command.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from pydantic import SecretStr

from benchmarks.table import Row, show
from bot import log
from bot.adapters.discord import Discord, Settings
from bot.model import Channel, Space
from bot.ports.desk import House
from bot.ports.marks import Mark
from bot.talk import Asked, Person, Progress, Reply, Request, Shown, quietly, reply
from tests.golden.news import full
from tests.servers.discord_app import Discord as Place
from tests.servers.discord_guilds import Channel as There
from tests.servers.discord_guilds import User
from tests.servers.discord_place import Act

COMMANDS, AT_ONCE = 1_000, 20
GOAL_HEARD_MS = 1_000  # Discord gives three seconds


class Prompt:
    """A desk, places and marks that take no time."""

    async def answer(self, request: Request, progress: Progress = quietly) -> Reply | None:
        return reply(Shown(full()))

    async def offers(
        self, channel: Channel, kind: str, typed: str, now: datetime, *, person: Person | None = None
    ) -> Sequence[tuple[str, str]]:
        return ()

    def may_be_form(self, asked: Asked) -> bool:
        return False

    async def admins(self, space: Space) -> str:
        return ""

    async def joined(self, channel: Channel, now: datetime) -> Reply | None:
        return None

    async def gone(self, channel: Channel, now: datetime, *, archived: bool = False) -> None:
        """Nothing is kept."""

    async def left(self, space: Space, now: datetime) -> None:
        """Nothing is kept."""

    async def back(self, space: Space, now: datetime) -> None:
        """Nothing is kept."""

    async def mark(self, space: Space, name: str, now: datetime, value: str = "") -> bool:
        return True

    async def unmark(self, space: Space, name: str) -> bool:
        return False

    async def marked(self, name: str) -> list[Mark]:
        return []


async def measure(commands: int, at_once: int) -> list[Row]:
    """Let so many people ask, one command after the other each, while a digest is posted again and again."""
    log.start(io.StringIO())
    place, prompt, stop = Place(), Prompt(), asyncio.Event()
    guild = place.add_guild("Newsroom", "news", "market")
    people = [place.add_user(f"Person {number}", guild) for number in range(at_once)]
    heard: list[float] = []
    answered: list[float] = []
    with place.pointed_at():
        async with place:
            settings = Settings.read(SecretStr(place.token), api_url=place.api, gateway_url=place.gateway_address)
            discord = Discord(settings)
            house = House(prompt, prompt, prompt)
            async with discord.serve():
                listening = asyncio.create_task(discord.listen(house, lambda: datetime.now(UTC), stop))
                await place.connected()
                await place.until(lambda: place.commands[""], "commands")
                posting = asyncio.create_task(post(discord, guild["market"]))
                each = -(-commands // at_once)
                await asyncio.gather(*(ask(place, person, guild["news"], each, heard, answered) for person in people))
                posting.cancel()
                await asyncio.gather(posting, return_exceptions=True)
                stop.set()
                await listening
            posted = sum(message.channel is guild["market"] for message in place.messages)
            failed = sum(act.failed for act in place.acts)
    late = percentile(heard, 99)
    return [
        Row("commands", f"{len(answered):,}, {at_once} at once"),
        Row("digests posted meanwhile", f"{posted:,}", "some", posted > 0),
        Row("acknowledged, half", f"{percentile(heard, 50):.0f} ms"),
        Row("acknowledged, 99 of 100", f"{late:.0f} ms", f"{GOAL_HEARD_MS:,} ms", late <= GOAL_HEARD_MS),
        Row("answered in full, half", f"{percentile(answered, 50):.0f} ms"),
        Row("answered in full, 99 of 100", f"{percentile(answered, 99):.0f} ms"),
        Row("never answered", str(failed), "0", failed == 0),
    ]


async def ask(place: Place, person: User, channel: There, times: int, heard: list[float], answered: list[float]) -> None:
    for _ in range(times):
        begun = time.perf_counter()
        act = place.start_command(person, channel, "digest now")
        await place.until(partial(heard_of, act), within_s=60)
        heard.append((time.perf_counter() - begun) * 1_000)
        await place.until(partial(whole, act), within_s=60)
        answered.append((time.perf_counter() - begun) * 1_000)


def heard_of(act: Act) -> bool:
    return act.first is not None


def whole(act: Act) -> bool:
    return act.settled


async def post(discord: Discord, where: There) -> None:
    """Post a digest each tenth of a second."""
    assert where.guild is not None
    channel, payload = Channel.parse(f"discord:{where.guild.id}/{where.id}"), discord.render(full())[0]
    number = 0
    while True:
        number += 1
        await discord.post(channel, payload, nonce=f"digest-{number}")
        await asyncio.sleep(0.1)


def percentile(values: list[float], part: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1]


def main() -> int:
    """Return 0 when every goal is met, 1 when one is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--commands", type=int, default=COMMANDS)
    arguments.add_argument("--at-once", type=int, default=AT_ONCE, help="people who ask")
    chosen = arguments.parse_args()
    return show("Asked on Discord", asyncio.run(measure(chosen.commands, chosen.at_once)))


if __name__ == "__main__":
    sys.exit(main())
