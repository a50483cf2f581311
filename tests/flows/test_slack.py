"""Slack and the real desk over the newsroom: what is typed, pressed and filled in, and what is seen.  Read the golden file."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from pydantic import SecretStr

from bot import cli, log, newsroom
from bot.adapters.slack.adapter import Slack
from bot.adapters.slack.manifest import scopes
from bot.adapters.slack.settings import Settings
from bot.app import Archive, archive
from bot.app.desk import Clock, Room, desk, prefixes
from bot.deliver import deliver
from bot.model import Channel, DeliveryKind, DeliveryState, Subscription
from bot.places import KnownPlaces
from bot.ports import Subscribed
from bot.ports.desk import House
from bot.schedule import parse
from tests.bot.adapters.slack.yaml import read
from tests.fakes import InlineReader, Serving
from tests.flows.conversing import furnished
from tests.servers.faults import cut
from tests.servers.slack import Message
from tests.servers.slack import Slack as Server

HERE = Channel.parse("slack:T1/C1")

TYPED = (
    "",
    "now topic:Health",
    "catchup",
    "about storm",
    "search storm",
    "story storm",
    "sources storm",
    "why storm",
    "follow Health",
    "mute Weather for:1w",
    "mute",
    "unmute Weather",
    "unfollow Health",
    "help",
    "nosuchcommand",
    "setup",
    "feeds",
    "feeds export",
    "schedule",
    "preview",
    "status",
    "forget-me",
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newsroom's days, lived through once."""
    file = tmp_path_factory.mktemp("newsroom") / "news.db"
    asyncio.run(furnished(file))
    return file


@dataclass
class Place:
    """A workspace with the bot in it."""

    server: Server
    slack: Slack
    store: Archive
    clock: Clock

    async def typed(self, words: str, user: str = "U1", count: int = 1) -> Message:
        """The first thing that somebody sees after a command."""
        self.clock.at += timedelta(seconds=10)
        act = await self.server.command(user, "C1", "/digest", words)
        assert act.error == ""
        assert act.ack_s is not None
        return await act.answered(count)

    def drawn(self, message: Message) -> str:
        return self.server.drawn(message)


@asynccontextmanager
async def open_place(lived: Path, folder: Path, server: Server | None = None) -> AsyncIterator[Place]:
    """The bot in a workspace, over a copy of an archive."""
    copyfile(lived, folder / "news.db")
    room = newsroom.load()
    clock = Clock(room.now)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(server or Server(scopes=scopes()))
        store = await stack.enter_async_context(archive(f"sqlite:///{folder}/news.db", now=clock))
        tokens = SecretStr(server.bot_token), SecretStr(server.app_token)
        slack = Slack(Settings.read(*tokens, api_url=server.api_url))
        pages = Room(room, room)
        at = desk(store, pages, InlineReader(), Serving(slack), owner="desk", title="Digest", zone=room.zone, kept_days=90)
        stop = asyncio.Event()
        house = House(at, KnownPlaces(store.ledger, store.marks, prefixes()), store.marks)
        await stack.enter_async_context(slack.serve())
        listening = asyncio.create_task(slack.listen(house, clock, stop))
        await server.connected()
        try:
            yield Place(server, slack, store, clock)
        finally:
            stop.set()
            await listening


@pytest.fixture
async def place(lived: Path, tmp_path: Path) -> AsyncIterator[Place]:
    log.start(io.StringIO())
    async with open_place(lived, tmp_path) as place:
        yield place


async def test_every_command_is_answered_in_full_and_reads_well(place: Place, golden: Callable[[str, str], None]) -> None:
    told: list[str] = []
    for words in TYPED:
        seen = await place.typed(words)
        told += [f"> /digest {words}".rstrip(), "", place.drawn(seen).strip(), ""]

    golden("slack-commands.txt", "\n".join(told))
    assert place.server.pings == []
    assert place.server.previews == []
    assert place.server.shown("C1") == []


async def test_a_schedule_is_made_by_a_form_with_its_errors_at_the_field(
    place: Place, golden: Callable[[str, str], None]
) -> None:
    place.clock.at += timedelta(seconds=10)
    act = await place.server.command("U1", "C1", "/digest", "schedule add")
    view = await act.opened()
    empty = place.server.drawn(view)

    wrong = await place.server.submit(view, {"at": "daily 25:00"})
    assert "at" in wrong.errors
    await place.server.submit(view, {"at": "weekdays 07:30"})
    saved = await place.server.told("U1")

    golden("slack-form.txt", f"{empty}\n\n{wrong.errors['at']}\n\n{place.drawn(saved)}\n")
    made = [each.subscription for each in await place.store.ledger.subscriptions() if each.subscription.channel == HERE]
    assert [str(each.channel) for each in made] == ["slack:T1/C1"]


async def test_a_reader_may_not_change_feeds(place: Place) -> None:
    said = await place.typed("feeds", user="U2")

    assert "Only admins" in place.server.words(said)


async def test_a_story_leads_from_control_to_control(place: Place) -> None:
    digest = await place.typed("")
    menu = next(one for block in digest.blocks for one in block.get("elements", []) if one["type"] == "static_select")

    more = await (await place.server.pick(digest, menu["action_id"], menu["options"][0]["value"])).answered()
    for label in ("Timeline", "All sources", "Why?", "Follow", "Mute"):
        place.clock.at += timedelta(seconds=10)
        answer = await (await place.server.press(more, control(more, label))).answered()
        assert place.server.words(answer).strip(), label
    place.clock.at += timedelta(minutes=2)
    view = await (await place.server.press(more, control(more, "Something is wrong"))).opened()
    await place.server.submit(view, {"what": "Wrong date", "note": "It was Tuesday."})

    assert "Thank you" in place.server.words(await place.server.told("U1", 8))


async def test_an_answer_is_shared_by_its_button(place: Place) -> None:
    answer = await place.typed("about storm")
    share = control(answer, "Share")

    await place.server.press(answer, share)
    shared = await place.server.message_in("C1")

    assert not shared.ephemeral
    assert "storm" in place.server.words(shared).lower()
    assert not answer.deleted


async def test_the_home_tab_shows_the_day(place: Place, golden: Callable[[str, str], None]) -> None:
    place.server.open_home("U1")

    golden("slack-home.txt", place.server.drawn(await place.server.home("U1")) + "\n")


async def test_a_channel_is_greeted_once_however_often_it_is_said(place: Place) -> None:
    place.server.invite("C3")
    await place.server.message_in("C3")
    place.server.redeliver("member_joined_channel")
    await place.server.settled()
    place.clock.at += timedelta(seconds=10)
    await place.typed("help")

    assert len(place.server.shown("C3")) == 1
    assert "/digest setup" in place.server.shown("C3")[0]


async def test_what_is_asked_twice_by_slack_is_answered_once(place: Place) -> None:
    place.server.dm("U2", "help")
    await place.server.message_in("DU2", 2)
    place.server.redeliver()
    await place.server.settled()
    await place.typed("help")

    assert len(place.server.shown("DU2")) == 2


async def test_feeds_that_somebody_sends_are_followed(place: Place) -> None:
    exported = await place.typed("feeds export")
    assert exported
    [file] = (await place.server.message_in("DU1")).files

    place.server.upload("U1", "mine.opml", file.content, "feeds import")

    said = await place.server.message_in("DU1", 3)
    assert "feeds followed now" in place.server.words(said)


async def test_a_channel_that_is_archived_pauses_its_digests(place: Place) -> None:
    schedule = parse("daily 08:00", "Europe/Berlin")
    await place.store.ledger.add_subscription(Subscription("news", HERE, "News", schedule, place.clock.at, place.clock.at))

    place.server.archive("C1")
    await place.server.settled()
    async with asyncio.timeout(10):
        while (found := await place.store.ledger.subscription("news")) and found.active:  # noqa: ASYNC110  (an archive tells nobody that it changed)
            await asyncio.sleep(0)

    assert found is not None
    assert "archived" in found.reason


# Deliveries


@pytest.mark.parametrize("stored", [True, False])
async def test_a_message_that_was_cut_off_stands_there_once(place: Place, stored: bool) -> None:
    ledger, clock = place.store.ledger, place.clock
    payload = place.slack.render_line("Only once.")
    await ledger.enqueue(HERE, DeliveryKind.POST, payload, "once", clock.at)
    place.server.next(cut(stored=stored), of="chat.postMessage")

    for _ in range(4):
        await deliver(ledger, Serving(place.slack), clock, "here", wait=_no_wait)
        clock.at += timedelta(minutes=2)

    assert place.server.shown("C1") == ["Only once."]
    [sent] = [each for each in await ledger.deliveries(DeliveryState.SENT) if each.channel == HERE]
    assert sent.message_id == place.server.standing("C1")[0].ts


def control(message: Message, label: str) -> str:
    """The id of a button by its words."""
    elements = (one for block in message.blocks if block["type"] == "actions" for one in block["elements"])
    return next(str(one["action_id"]) for one in elements if one.get("text", {}).get("text") == label)


async def _no_wait(_: float) -> None:
    """No time passes between two messages."""


# The page "Slack in ten minutes", walked with the stand-in in Slack's place

PAGE = (Path(__file__).resolve().parents[2] / "docs/slack.md").read_text("utf-8")


async def test_the_page_leads_from_the_manifest_to_a_digest(
    lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 the manifest, 2 the tokens, 3 the connection, 4 invite and set up."""
    lines = io.StringIO()
    assert "dateline slack manifest > manifest.yml" in PAGE
    assert cli.main(["slack", "manifest"]) == 0
    asked = read(capsys.readouterr().out)
    granted, events = asked["oauth_config"]["scopes"]["bot"], asked["settings"]["event_subscriptions"]["bot_events"]
    server = Server(scopes=granted, events=events)
    exported = dict(re.findall(r"^export (\w+)=(xo?x?[a-z]+-)", PAGE, re.MULTILINE))
    assert exported == {"SLACK_BOT_TOKEN": server.bot_token[:5], "SLACK_APP_TOKEN": server.app_token[:5]}

    log.start(lines)
    async with open_place(lived, tmp_path, server) as place:
        assert re.search(r'info connection_made platform=slack team=\w+ words="?as @\w+', PAGE)
        [command] = {each["command"] for each in asked["features"]["slash_commands"]}
        for step in re.findall(r"^    (/\S+) ?(.*)$", PAGE, re.MULTILINE):
            if step[0] == "/invite":
                server.invite("C3")
                assert "/digest setup" in server.words(await server.message_in("C3"))
            else:
                assert step == (command, "setup")
                setup = await place.typed("setup")
        assert "Step 1 of 3" in server.words(setup)
        assert 'info connection_made platform=slack team=T1 words="as @dateline"' in lines.getvalue()
        preview = await (await server.press(setup, control(setup, "See a preview"))).answered()
        assert "PREVIEW" in server.words(preview)
        place.clock.at += timedelta(seconds=10)
        saved = await (await server.press(preview, control(preview, "Post daily at 08:00"))).answered()
        assert "daily" in server.words(saved) or "Next runs" in server.words(saved)

    made = [each.subscription.channel for each in await _subscriptions(tmp_path)]
    assert HERE in made


async def _subscriptions(folder: Path) -> list[Subscribed]:
    async with archive(f"sqlite:///{folder}/news.db") as store:
        return await store.ledger.subscriptions()


def test_the_page_explains_each_scope_and_each_word_of_the_log() -> None:
    rows = re.findall(r"^\| (`[a-z_]+:?[a-z]*`.*?) \|", PAGE, re.MULTILINE)
    explained = [each for row in rows for each in re.findall("`(.+?)`", row) if each in scopes()]
    words = Path(__file__).resolve().parents[2].joinpath("docs/reading-the-log.md").read_text("utf-8")

    assert sorted(explained) == sorted(scopes())
    for word in ("connection_made", "connection_refused", "connection_lost", "answer_lost", "channel_paused"):
        assert word in PAGE
        assert f"`{word}`" in words
