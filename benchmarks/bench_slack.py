"""How long people in Slack wait: 1,000 commands in a minute from 200 people in 20 channels, while 1,000 feeds are first pulled.

    python -m benchmarks.bench_slack
    python -m benchmarks.bench_slack --scale 0.1      a tenth of the commands in a tenth of the time, a tenth of the feeds

The whole bot runs, as by ``dateline run``: the real slack-bolt speaks to the stand-in for Slack of the tests, over the
loopback, the desk answers out of an archive of 10,000 articles, and the collector pulls 1,000 feeds of ten entries for the
first time from a server of another process (`benchmarks.feed_server`).  What is measured is wall time as Slack sees it: from
the moment it sends what somebody did to the acknowledgement (Slack gives up after 3 s), and to the last message of the answer.
The bot is a process of its own, which also watches how late its loop comes; the stand-in has this one.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.bench_answers import Told, fill, watching
from benchmarks.bench_store import NOW, words
from benchmarks.feed_server import served
from benchmarks.table import Row, show
from bot import connection_words, log
from bot.adapters.slack.manifest import scopes
from bot.app.desk import Clock
from bot.app.platforms import platforms
from bot.app.whole import run_bot
from bot.pauses import shorten_pauses
from bot.ports.topics import EVERYWHERE
from bot.store import open_store
from bot.wording import name, plain
from config.settings import load
from digests.model import Source
from tests.servers.slack import Act
from tests.servers.slack import Slack as Server

ARTICLES, FEEDS, COMMANDS, SECONDS = 10_000, 1_000, 1_000, 60.0
PEOPLE, CHANNELS = 200, 20
SEED = 5
GOAL_ACK_MS = 250
GOAL_LATE_MS = 50
LONGEST_S = 60.0  # an answer may take
_STARTING = 100  # looks at the loop while modules are imported and the store is opened


@dataclass(slots=True)
class Figures:
    """What was asked and seen, in ms."""

    acked: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    waited: int = 0

    def rows(self, commands: int) -> list[Row]:
        middle, worst = _middle_and_worst(self.acked)
        ack = Row("acknowledged", f"p50 {middle:.0f} ms, p99 {worst:.0f} ms", f"p99 {GOAL_ACK_MS} ms", worst <= GOAL_ACK_MS)
        middle, worst = _middle_and_worst(self.answered)
        answer = Row("answered in full", f"p50 {middle:.0f} ms, p99 {worst:.0f} ms")
        why = f"{len(self.refused)}: {'; '.join(sorted(set(self.refused))[:3])}" if self.refused else "0"
        return [
            Row("commands", f"{commands:,}, {len(self.answered):,} answered"),
            ack,
            answer,
            Row("refused or lost", why, "0", not self.refused and len(self.answered) == commands),
            Row("told that it takes a while", f"{self.waited:,}"),
        ]


def _middle_and_worst(took: Sequence[float]) -> tuple[float, float]:
    if len(took) < 2:
        return 0.0, float("inf")
    return statistics.median(took), statistics.quantiles(took, n=100, method="inclusive")[98]


def questions(told: Told, vocabulary: Sequence[str], seed: random.Random) -> list[str]:
    """What people type, the commonest first; each weighs as often as it stands here."""
    return [
        "",
        "now",
        f'now topic:"Topic {seed.randrange(6)}"',
        "catchup",
        f"about {vocabulary[seed.randrange(20, 200)]}",
        f"search {vocabulary[seed.randrange(8_000, 16_000)]}",
        f"story {seed.choice(told.stories)}",
        f"why {seed.choice(told.newest)}",
        f"follow {vocabulary[seed.randrange(200, 400)]}",
        "help",
    ]


async def measure(folder: Path, articles: int, feeds: int, scale: float) -> list[Row]:
    seed, vocabulary, clock = random.Random(SEED), words(random.Random(1)), Clock(NOW)
    address = f"sqlite:///{folder}/bench.db"
    async with open_store(address, clock=clock) as store:
        told = await fill(store, clock, articles, seed, vocabulary)
        for each in await store.sources():
            await store.pause_source(each.source.id, True)  # their addresses lead nowhere
    figures, commands, seconds = Figures(), max(2, round(COMMANDS * scale)), SECONDS * scale
    async with AsyncExitStack() as stack:
        ports = await stack.enter_async_context(served(NOW))
        async with open_store(address, clock=lambda: NOW) as store:
            for number in range(feeds):
                source = Source(
                    f"f{number}", "feed", f"http://127.0.0.1:{ports[number % len(ports)]}/{number}", f"Outlet {number}"
                )
                await store.topics.follow(source, EVERYWHERE, NOW)
        server = await stack.enter_async_context(Server(scopes=scopes()))
        people = [server.add_person(f"person-{number}") for number in range(PEOPLE)]
        channels = [server.add_channel(f"channel-{number}") for number in range(CHANNELS)]
        environ = {
            "SLACK_BOT_TOKEN": server.bot_token,
            "SLACK_APP_TOKEN": server.app_token,
            "SLACK_API_URL": server.api_url,
            "DATELINE_FETCH__ALLOW": json.dumps([f"127.0.0.1:{port}" for port in ports]),
        }
        bot = await stack.enter_async_context(_bot_apart(address, environ))
        await server.connected()

        async def one(number: int) -> None:
            await asyncio.sleep(seconds * number / commands)
            typed = seed.choice(questions(told, vocabulary, seed))
            await ask(server, figures, people[number % PEOPLE], seed.choice(channels), typed)

        started = time.monotonic()
        await asyncio.gather(*(one(number) for number in range(commands)))
        took = time.monotonic() - started
        told_by_bot = await _ended(bot)
    async with open_store(address) as store:
        pulled = sum(each.health.last_ok_at is not None for each in await store.sources() if each.source.id.startswith("f"))
        stored = (await store.counts()).articles - articles
    late, used = told_by_bot["late_ms"], told_by_bot["used_s"]
    return [
        Row("seed, articles, people, channels", f"{SEED}, {articles:,}, {PEOPLE}, {CHANNELS}"),
        *figures.rows(commands),
        Row("until all was answered", f"{took:.0f} s; the bot's processor time with its start {used:.0f} s"),
        Row("the bot's loop came late", _late(late), f"at most {GOAL_LATE_MS} ms", max(late) <= GOAL_LATE_MS),
        Row("feeds pulled meanwhile", f"{pulled:,} of {feeds:,}, {stored:,} articles", "some", pulled > 0),
        Row("the pull, as the bot tells it", told_by_bot["pull"] or "was under way to the end"),
        Row("the connection, as the bot tells it", told_by_bot["telling"]),
    ]


def _late(late: Sequence[float]) -> str:
    over = sum(each > GOAL_LATE_MS for each in late)
    p50, p99 = _middle_and_worst(late)
    return f"p50 {p50:.1f}, p99 {p99:.0f}, at most {max(late):.0f} ms, {over} of {len(late):,} times over {GOAL_LATE_MS}"


@asynccontextmanager
async def _bot_apart(address: str, environ: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot in a process of its own, killed at the end if it still runs."""
    command = (sys.executable, "-m", "benchmarks.bench_slack", "--bot", address)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **environ}, stdin=pipe, stdout=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _ended(bot: asyncio.subprocess.Process) -> Any:
    """What the bot tells of itself when it is to stop, for which its input ends."""
    said, _ = await asyncio.wait_for(bot.communicate(b""), LONGEST_S)
    return json.loads(said)


async def _be_the_bot(address: str) -> None:
    """The whole bot until its input ends, and then what there is to tell of it, as JSON."""
    began, said = time.monotonic(), io.StringIO()
    log.start(said)
    settings = load(None, {key: value for key, value in os.environ.items() if key.startswith("DATELINE_")})
    here = platforms(os.environ, io.StringIO(), settings)
    shorten_pauses()  # as `dateline run` does
    stop = asyncio.Event()
    async with watching() as late:
        running = asyncio.create_task(
            run_bot(settings, address, here, stop, now=lambda: NOW + timedelta(seconds=time.monotonic() - began))
        )
        await asyncio.to_thread(sys.stdin.read)
        seen = late[_STARTING:]
        stop.set()
        [telling] = [plain(connection_words.told(door.telling(), "UTC")) for door in here.doors]
        await running
    pull = next((line for line in said.getvalue().splitlines() if " collected " in line), "")
    print(json.dumps({"late_ms": seen, "used_s": time.process_time(), "pull": pull, "telling": telling}))


async def ask(server: Server, figures: Figures, user: str, channel: str, typed: str) -> None:
    """One command, and what becomes of it."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    act = await server.command(user, channel, "/digest", typed)
    if act.error or act.ack_s is None:
        figures.refused.append(act.error or "no acknowledgement")
        return
    figures.acked.append(act.ack_s * 1_000)
    try:
        said = await _last(server, act)
    except AssertionError:
        figures.refused.append("no answer")
        return
    figures.answered.append((loop.time() - began) * 1_000)
    figures.waited += len(act.answers) > 1 and server.words(act.answers[0]) == name("slack_working")
    if "Next one in" in said or "broke on my side" in said or "I stopped" in said:
        figures.refused.append(said[:60])


async def _last(server: Server, act: Act) -> str:
    """The words of the first answer that says more than that it is worked on."""

    looked = 0

    def there() -> str:  # hundreds wait at once and look at whatever happens: each answer is read once
        nonlocal looked
        said = [server.words(each) for each in act.answers[looked:]]
        looked += len(said)
        return next((each for each in said if each != name("slack_working")), "")

    return await server.workspace.until(there, "an answer", LONGEST_S)


def main() -> int:
    """Return 0 when every goal is met, 1 when one is missed."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=ARTICLES)
    arguments.add_argument("--feeds", type=int, default=FEEDS)
    arguments.add_argument("--scale", type=float, default=1.0, help="of commands, of the time they come in, and of feeds")
    arguments.add_argument("--bot", help=argparse.SUPPRESS)  # the process that is measured: the address of its store
    chosen = arguments.parse_args()
    if chosen.bot:
        asyncio.run(_be_the_bot(chosen.bot))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measure(Path(folder), chosen.articles, round(chosen.feeds * chosen.scale), chosen.scale))
    return show(f"{COMMANDS * chosen.scale:,.0f} commands in Slack in {SECONDS * chosen.scale:g} s", rows)


if __name__ == "__main__":
    sys.exit(main())
