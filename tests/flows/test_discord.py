"""The whole bot on Discord: the real desk over a newsroom's archive, the real library, and the platform's stand-in.

Set up as docs/discord.md says; asked, shared, posted, corrected, broken off and found again, thrown out.
"""

from __future__ import annotations

import asyncio
import io
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from pydantic import SecretStr

from bot import log, newsroom
from bot.adapters.console import Terminal
from bot.adapters.discord import Discord, Settings, permissions
from bot.app import Archive, archive
from bot.app.desk import Clock, Room, desk, prefixes
from bot.app.platforms import platforms
from bot.deliver import deliver
from bot.model import Channel, DeliveryKind, DeliveryState, Subscription
from bot.places import KnownPlaces
from bot.ports import Adapter
from bot.ports.desk import House
from bot.publish import publish_due
from bot.schedule import parse
from config.settings import load
from tests.bot.cli.running import Here
from tests.fakes import InlineReader
from tests.flows.conversing import TITLE, furnished
from tests.servers.discord_app import Discord as Place
from tests.servers.discord_app import limited
from tests.servers.discord_guilds import Guild, Message, Permission, User
from tests.servers.discord_place import Act
from tests.servers.faults import Fault, broken, cut, says

pytestmark = pytest.mark.slow
PAGE = (Path(__file__).resolve().parents[2] / "docs/discord.md").read_text(encoding="utf-8")
POSTS = "POST /channels/*/messages"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("lived") / "news.db"
    asyncio.run(furnished(file))
    return file


@dataclass
class Town:
    """The bot on a server with a person, and one who administers it."""

    place: Place
    discord: Discord
    kept: Archive
    clock: Clock
    guild: Guild
    ann: User
    boss: User

    def of(self, channel: Channel) -> Adapter:
        return self.discord if channel.platform == "discord" else Terminal(io.StringIO())

    @property
    def news(self) -> Channel:
        return Channel.parse(f"discord:{self.guild.id}/{self.guild['news'].id}")

    async def asks(self, user: User, command: str, **options: object) -> Act:
        """Somebody sends a command, ten seconds after the last."""
        self.clock.at += timedelta(seconds=10)
        act = await self.place.command(user, self.guild["news"], command, dict(options))
        await self.place.until(lambda: bool(act.messages) or act.modal is not None)
        return act

    async def presses(self, act: Act, label: str, user: User | None = None) -> Act:
        self.clock.at += timedelta(seconds=10)
        return await self.place.press(self.holds(act, label), label, user)

    def holds(self, act: Act, label: str) -> Message:
        """The message of an answer that has a control of that label."""
        return next(each for each in act.messages if any(label in (p.get("label"), p.get("placeholder")) for p in each.parts()))

    def words(self, act: Act) -> str:
        return "\n".join(map(self.place.text, act.messages))

    async def wants_news(self, name: str) -> None:
        """A channel has wanted a digest each morning for two days, and got none yet."""
        since, where = self.clock() - timedelta(days=2), self.guild[name]
        channel, schedule = Channel.parse(f"discord:{self.guild.id}/{where.id}"), parse("daily 08:00", newsroom.load().zone)
        await self.kept.ledger.add_subscription(Subscription(name, channel, "Velland", schedule, since, since))

    async def posts(self) -> None:
        """Publish and deliver what is due, until nothing is left to be done."""
        await publish_due(self.kept.ledger, self.kept, self, self.clock(), "bot")
        await self.delivers()

    async def delivers(self, rounds: int = 12) -> None:
        for _ in range(rounds):
            await deliver(self.kept.ledger, self, self.clock, "bot", wait=self._passes)
            if not await self.kept.ledger.deliveries(DeliveryState.PENDING, DeliveryState.SENDING):
                return
            self.clock.at += timedelta(minutes=20)

    async def _passes(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)


def environment(place: Place) -> dict[str, str]:
    """What docs/discord.md has one set, with the stand-in in Discord's place."""
    given = {
        "DISCORD_TOKEN": place.token,
        "DISCORD_API_URL": place.api,
        "DISCORD_GATEWAY_URL": place.gateway_address,
    }
    assert all(f"`{name}`" in PAGE for name in given)
    return given


@asynccontextmanager
async def town(lived: Path, folder: Path) -> AsyncIterator[Town]:
    """The bot, connected, over a copy of the archive."""
    copyfile(lived, folder / "news.db")
    room = newsroom.load()
    clock = Clock(room.now)
    place = Place(clock)
    guild = place.add_guild("Newsroom", "news", "market")
    ann, boss = place.add_user("Ann", guild), place.add_user("Boss", guild, permissions=Permission.MANAGE_GUILD)
    with place.pointed_at():
        async with place, archive(f"sqlite:///{folder / 'news.db'}", now=clock) as kept:
            discord = platforms(environment(place), io.StringIO(), load(None, {}), "discord").adapters["discord"]
            assert isinstance(discord, Discord)
            made = Town(place, discord, kept, clock, guild, ann, boss)
            at = desk(
                kept,
                Room(room, room),
                InlineReader(),
                made,
                owner="desk",
                title=TITLE,
                zone=room.zone,
                kept_days=90,
                prefixes=prefixes(),
            )
            house, stop = House(at, KnownPlaces(kept.ledger, kept.marks, prefixes()), kept.marks), asyncio.Event()
            async with made.discord.serve():
                listening = asyncio.create_task(made.discord.listen(house, clock, stop))
                try:
                    await place.connected()
                    await place.until(lambda: place.commands[""], "commands")
                    yield made
                finally:
                    stop.set()
                    await listening


async def test_a_channel_is_set_up_asked_and_posted_to(lived: Path, tmp_path: Path) -> None:
    async with town(lived, tmp_path) as there:
        place = there.place

        now = await there.asks(there.ann, "digest now")
        assert "Velland" in there.words(now)
        assert now.ephemeral
        await place.until(lambda: "More on a story..." in str([list(each.parts()) for each in now.messages]))
        menu = there.holds(now, "More on a story...")
        more = await place.pick(menu, "More on a story...", menu.control("More on a story...")["options"][0]["value"])
        timeline = await there.presses(more, "Timeline")
        assert timeline.ephemeral
        await there.presses(timeline, "All sources")

        refused = await there.asks(there.ann, "digest about", words="zzyzx")
        assert "zzyzx" in there.words(refused)
        offered = await place.complete(there.ann, there.guild["news"], "digest story", "story", "")
        assert offered
        picked = await there.asks(there.ann, "digest story", story=offered[0][1])
        assert there.words(picked)

        shared = await there.asks(there.ann, "digest now", share=True)
        await place.until(lambda: any(not each.ephemeral for each in shared.messages))

        form = await there.asks(there.boss, "digest-admin schedule add")
        assert form.modal is not None
        first = await place.submit(form, {"at": "never"})
        await place.until(lambda: "Put it right" in str([list(each.parts()) for each in first.messages]))
        again = await there.presses(first, "Put it right")
        done = await place.submit(again, {"at": "daily 08:00"})
        if form.modal["title"].endswith(")"):
            await place.until(lambda: "Go on" in str([list(each.parts()) for each in done.messages]))
            done = await place.submit(await there.presses(done, "Go on"), {})
        await place.until(lambda: "Next" in there.words(done) or "posted" in there.words(done))

        there.clock.at += timedelta(days=1)
        await there.posts()
        assert place.shown(there.guild["news"])[-1].startswith("Nothing new since ")

        await there.wants_news("market")
        await there.posts()
        digest = place.standing(there.guild["market"])[-1]
        assert "No. 1 " in place.text(digest)
        missed = await place.press(digest, "What did I miss?", there.ann)
        assert missed.ephemeral
        chosen = await place.context_menu(there.ann, "Show sources", digest)
        assert chosen.ephemeral
        assert place.rang() == []


async def test_a_message_of_which_nobody_knows_is_found_and_never_posted_twice(lived: Path, tmp_path: Path) -> None:
    async with town(lived, tmp_path) as there:
        await there.wants_news("news")
        there.place.next(cut(stored=True), to=POSTS)

        await there.posts()

        mine = [each for each in await there.kept.ledger.deliveries() if each.channel == there.news]
        assert {each.state for each in mine} == {DeliveryState.SENT}
        assert sorted(each.looks for each in mine) == [*[0] * (len(mine) - 1), 1]
        assert len(there.place.shown(there.guild["news"])) == len(mine)


async def test_a_channel_and_a_server_that_go_are_left_in_peace(lived: Path, tmp_path: Path) -> None:
    async with town(lived, tmp_path) as there:
        await there.asks(there.boss, "digest-admin schedule add", at="daily 08:00")
        (one,) = [each for each in await there.kept.ledger.subscriptions() if each.subscription.channel == there.news]
        assert one.active
        there.place.delete_channel(there.guild["news"])
        async with asyncio.timeout(10):
            while (found := await there.kept.ledger.subscription(one.subscription.id)) and found.active:  # noqa: ASYNC110  (a database tells nobody)
                await asyncio.sleep(0)
        calls = len(there.place.calls)
        there.clock.at += timedelta(days=1)
        await there.posts()
        assert len(there.place.calls) == calls

        there.place.remove_bot(there.guild)
        async with asyncio.timeout(10):
            while not await there.kept.marks.marked("removed"):  # noqa: ASYNC110
                await asyncio.sleep(0)


async def test_of_many_messages_none_is_lost_and_none_comes_twice_whatever_goes_wrong(lived: Path, tmp_path: Path) -> None:
    seed = 7
    chance = random.Random(seed)
    kinds: list[tuple[str, Fault]] = [
        ("cut before", cut(stored=False)),
        ("cut after", cut(stored=True)),
        ("503 before", broken(503)),
        ("503 after", broken(503, stored=True)),
        ("502 after", broken(502, stored=True)),
        ("limited", limited(3)),
        ("banned for a moment", says(429, "<html>1015</html>", "text/html", retry_after="0")),
        ("page", says(200, "<html/>", "text/html")),
    ]
    met: dict[str, int] = {name: 0 for name, _ in kinds}
    async with town(lived, tmp_path) as there:
        for number in range(120):
            line = there.discord.render_line(f"Line {number} of 120")
            key = f"line {number}"
            await there.kept.ledger.enqueue(there.news, DeliveryKind.POST, line, key, there.clock())
            if chance.random() < 0.8:
                name, fault = kinds[number % len(kinds)]
                met[name] += 1
                there.place.next(fault, to=POSTS)
            if number % 30 == 7:
                there.place.gateway.cut()
            await there.delivers()

        shown = there.place.shown(there.guild["news"])
        assert shown == [f"Line {number} of 120" for number in range(120)], f"seed {seed}"
        assert min(met.values()) >= 10, f"seed {seed}: {met}"
        assert there.place.rang() == []


async def test_the_page_leads_from_a_token_to_a_digest(lived: Path, tmp_path: Path) -> None:
    """1 the application, 2 the token, 3 the invitation with its permissions, 4 the connection, 5 set up."""
    log.start(lines := io.StringIO())
    async with town(lived, tmp_path) as there:
        place = there.place
        home = place.add_guild("Home", "general", installed=False)
        owner = home.owner
        told = await there.discord.invite()
        place.join_guild(home, Permission(int(told.rpartition("permissions=")[2])))
        greeting = await place.message_in(home["general"])
        assert "/digest" in place.text(greeting)

        [(group, verb)] = re.findall(r"^    /(\S+) (\S+)$", PAGE, re.MULTILINE)
        setup = await place.command(owner, home["general"], f"{group} {verb}")
        assert "Step 1 of 3" in there.words(setup)
        there.clock.at += timedelta(seconds=10)
        preview = await place.press(there.holds(setup, "See a preview"), "See a preview")
        await place.until(lambda: "Post daily at 08:00" in str([list(each.parts()) for each in preview.messages]))
        there.clock.at += timedelta(seconds=10)
        saved = await place.press(there.holds(preview, "Post daily at 08:00"), "Post daily at 08:00")
        assert "daily" in there.words(saved) or "Next" in there.words(saved)
        made = [str(each.subscription.channel) for each in await there.kept.ledger.subscriptions()]
        assert f"discord:{home.id}/{home['general'].id}" in made
        await there.discord.check(Channel.parse(made[-1]))

    for word in ("connection_made", "commands_told"):
        assert f"`{word}`" in PAGE
        assert f"info {word} platform=discord" in lines.getvalue()


def test_the_page_tells_how_it_is_let_in(typed: Here) -> None:
    bits = [int(bit) for bit in re.findall(r"^\| [A-Z][\w ]+ \| (\d+) \|", PAGE, re.MULTILINE)]
    names = re.findall(r"^\| ([A-Z][\w ]+) \| \d+ \|", PAGE, re.MULTILINE)

    assert sum(bits) == permissions.INVITED
    assert f"{permissions.INVITED} together" in PAGE
    assert {permissions.NAMES[bit] for bit in bits} == set(names)
    printed = typed("discord", "invite", "--application", "123456789012345678").out
    assert f"client_id=123456789012345678&scope=bot+applications.commands&permissions={sum(bits)}" in printed


async def test_an_application_is_asked_of_discord_where_the_token_does_not_name_it() -> None:
    place = Place()
    with place.pointed_at():
        async with place:
            printed = await Discord(Settings.read(SecretStr(place.token), api_url=place.api)).invite()

    assert f"client_id={place.me.id}&" in printed
