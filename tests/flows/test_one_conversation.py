"""One conversation, three places: what a person reads in the terminal, in Slack and on Discord says the same.

The same is typed, pressed and filled in, with the real libraries against the stand-ins, over one archive.  Compared are the
words in their order, without what is each platform's own: numbers and bullets, its controls, where a long digest is parted, and
how a command of admins is spelled.  `help` is not compared: on Discord it names the fields of a command.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from shutil import copyfile
from typing import Any, Protocol

import pytest

from bot import log, newsroom
from bot.adapters.console import Terminal
from bot.adapters.console.conversation import Conversation
from bot.adapters.console.replies import Drawing, as_text
from bot.adapters.discord import Discord
from bot.adapters.slack.adapter import Slack
from bot.app import archive
from bot.app.desk import Clock
from bot.errors import SourceError
from bot.model import Channel
from bot.ports import Adapter
from bot.talk import Person
from tests.flows.conversing import furnished
from tests.flows.together import Together, listening, newsroom_desk, together
from tests.servers import discord_words, slack_shown
from tests.servers.discord_guilds import Message as OnDiscord
from tests.servers.discord_place import Act
from tests.servers.slack import Message as InSlack
from tests.servers.slack import View
from tests.servers.slack_workspace import Clock as SlackClock

pytestmark = pytest.mark.slow

WIDE = 100_000  # columns, so that no line is broken
CONTROLS = (1, 2, 3, 5, 6, 7, 8)  # kinds of components that are rows, buttons and menus


@dataclass(frozen=True)
class Typed:
    """A command, as it stands behind ``/digest``."""

    words: str


@dataclass(frozen=True)
class Pressed:
    """A button or an entry of a menu, by its label."""

    label: str


@dataclass(frozen=True)
class Filled:
    """The form that is open, by the labels of its fields."""

    fields: Mapping[str, str]


Step = Typed | Pressed | Filled

CONVERSATIONS: dict[str, Sequence[Step]] = {
    "what a reader asks": [
        *(Typed("now topic:Health"), Typed("catchup"), Typed("about storm")),
        *(Typed("search storm"), Typed("why storm"), Typed("sources storm")),
    ],
    "a story from control to control": [
        *(Typed("story storm"), Pressed("All sources"), Pressed("Why?"), Pressed("Timeline"), Pressed("Follow")),
    ],
    "a story of a digest": [
        *(Typed("now"), Pressed("Energy authority opens inquiry into Vellnett over storm outages"), Pressed("All sources")),
    ],
    "what is wrong": [
        *(Typed("story storm"), Pressed("Something is wrong")),
        Filled({"What is wrong?": "Wrong date", "Anything to add?": "It was Tuesday."}),
    ],
    "what is one's own": [
        *(Typed("follow Health"), Typed("follow Health"), Typed("mute Weather for:1w"), Typed("mute"), Typed("follow")),
        *(Typed("unmute Weather"), Typed("unfollow Health"), Typed("unfollow Health"), Typed("forget-me")),
    ],
    "slips": [Typed("about zzyzx"), Typed("story zzyzx"), Typed("unmute zzyzx"), Typed("about storm since:someday")],
    "what an admin does": [
        *(Typed("feeds list"), Typed("schedule list"), Typed("setup"), Pressed("I have an address")),
        Filled({"Address": "https://feeds.northwire.example/world.rss"}),
        *(Typed("preview"), Typed("feeds test https://feeds.northwire.example/world.rss"), Typed("status")),
    ],
}


class Place(Protocol):
    """Where somebody talks with the bot."""

    async def does(self, step: Step) -> None: ...

    def said(self) -> str:
        """What the last step brought to be read; empty for a form."""
        ...

    async def until(self, look: Callable[[], bool]) -> None: ...


class InTerminal:
    """The conversation of `dateline chat`."""

    def __init__(self, talk: Conversation) -> None:
        self._talk, self._screen, self._said = talk, "", ""

    async def does(self, step: Step) -> None:
        match step:
            case Typed(words):
                self._shows(await self._talk.heard(words))
            case Pressed(label):
                self._shows(await self._talk.heard(self._number(label)))
            case Filled(fields):
                left = dict(fields)
                while self._talk.filling:
                    asked = self._talk.question.partition(" [")[0].strip().removesuffix(":")
                    drawing = await self._talk.heard(left.pop(asked, ""))
                self._shows(drawing)
                assert not left, f"nobody asked for {left}"

    def _shows(self, drawing: Drawing) -> None:
        text = as_text(drawing, WIDE)
        self._screen = text if drawing.pressed else self._screen
        self._said = "" if drawing.forms else without_numbers(text)

    def _number(self, label: str) -> str:
        found = re.search(rf"\[(\d+)\] {re.escape(label)}(?=   \[|\s*$|…)", self._screen, re.MULTILINE)
        assert found, f"no {label!r} in\n{self._screen}"
        return found[1]

    def said(self) -> str:
        return self._said

    async def until(self, look: Callable[[], bool]) -> None:
        assert look()


class OfSlack:
    """An admin in #news of Slack."""

    def __init__(self, places: Together) -> None:
        self._server, self._before = places.slack, 0
        self._screen: list[InSlack] = []
        self._view: View | None = None

    async def does(self, step: Step) -> None:
        server = self._server
        self._screen = self._new() or self._screen
        self._before = len(server.workspace.messages)
        match step:
            case Typed(words):
                act = await server.command("U1", "C1", "/digest", words)
            case Pressed(label):
                act = await self._press(label)
            case Filled(fields):
                assert self._view is not None
                named = {self._field(self._view, label): value for label, value in fields.items()}
                act = await server.submit(self._view, named)
                self._view = None
        assert (act.error, act.errors) == ("", {})
        await server.until(lambda: act.views or self._new(), f"an answer to {step}")
        self._view = act.views[-1] if act.views else None

    async def _press(self, label: str) -> Any:
        for message in reversed(self._screen):
            for block in message.blocks:
                for one in block.get("elements", []):
                    if one.get("text", {}) and isinstance(one["text"], dict) and one["text"]["text"] == label:
                        return await self._server.press(message, one["action_id"])
                    for option in one.get("options", []) if isinstance(one.get("options"), list) else []:
                        if option["text"]["text"] == label:
                            return await self._server.pick(message, one["action_id"], label)
        raise AssertionError(f"no {label!r} in {[self._server.drawn(each) for each in self._screen]}")

    def _field(self, view: View, label: str) -> str:
        return next(str(block["block_id"]) for block in view.blocks if block.get("label", {}).get("text") == label)

    def _new(self) -> list[InSlack]:
        messages = self._server.workspace.messages[self._before :]
        return [each for each in messages if each.reader == "U1" and not each.deleted]

    def said(self) -> str:
        names = self._server.workspace.name
        texts = []
        for message in self._new():
            blocks = [block for block in message.blocks if block["type"] != "actions"]
            texts += [slack_shown.block_words(block, names) for block in blocks] or [self._server.words(message)]
        return "\n".join(texts)

    async def until(self, look: Callable[[], bool]) -> None:
        await self._server.until(look, self.said())


class OnDiscordServer:
    """One who may manage a server of Discord, in its #news."""

    def __init__(self, places: Together) -> None:
        self._places, self._server = places, places.discord
        self._act: Act | None = None
        self._screen: list[OnDiscord] = []

    async def does(self, step: Step) -> None:
        server, act = self._server, self._act
        if act is not None and act.messages:
            self._screen = act.messages
        match step:
            case Typed(words):
                command, options = self._command(words)
                self._act = await server.command(self._places.boss, self._places.guild["news"], command, options)
            case Pressed(label):
                self._act = await self._press(label)
            case Filled(fields):
                assert act is not None
                self._act = await server.submit(act, {name: self._chosen(act, name, value) for name, value in fields.items()})
        assert not self._act.failed

    def _command(self, words: str) -> tuple[str, dict[str, object]]:
        """The words as Discord's own client takes them: a command, and its options by name."""
        typed = words.split()
        for whole in self._server.commands[""]:
            path, leaf, rest = [whole["name"]], whole, typed
            while rest and (
                inner := [each for each in leaf.get("options") or [] if each["name"] == rest[0] and each["type"] < 3]
            ):
                leaf, path, rest = inner[0], [*path, rest[0]], rest[1:]
            if len(path) > 1:
                named = dict(each.split(":", 1) for each in rest if re.match(r"[a-z]+:(?!//)", each))
                free = " ".join(each for each in rest if each.partition(":")[0] not in named)
                first = next((each["name"] for each in leaf.get("options") or []), "")
                return " ".join(path), {**({first: free} if free else {}), **named}
        raise AssertionError(f"no command of Discord is {words!r}")

    async def _press(self, label: str) -> Act:
        for message in reversed(self._screen):
            for part in message.parts():
                if part.get("label") == label:
                    return await self._server.press(message, part["custom_id"], self._places.boss)
                if any(option["label"] == label for option in part.get("options") or []):
                    return await self._server.pick(message, part["custom_id"], label, user=self._places.boss)
        raise AssertionError(f"no {label!r} in {[self._server.text(each) for each in self._screen]}")

    def _chosen(self, act: Act, name: str, value: str) -> object:
        """A text, or of a menu the value of that label."""
        assert act.modal is not None
        part = next(each for each in act.modal["components"] if each.get("label") == name).get("component", {})
        return [value] if part.get("options") else value

    def said(self) -> str:
        assert self._act is not None
        texts = []
        for message in self._act.messages:
            kept = {**message.payload, "components": list(without_controls(message.payload.get("components") or []))}
            texts.append(discord_words.shown(kept, self._server.names()))
        return "\n".join(texts)

    async def until(self, look: Callable[[], bool]) -> None:
        await self._server.until(look, self.said())


def without_controls(components: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The components of a message that are read, not pressed."""
    for part in components:
        if part["type"] in CONTROLS:
            continue
        inner = {"components": list(without_controls(part["components"]))} if "components" in part else {}
        yield {key: value for key, value in part.items() if key != "accessory"} | inner


def without_numbers(screen: str) -> str:
    """What the terminal shows but for its controls and the words above a menu."""
    lines = screen.splitlines()
    below = [*lines[1:], ""]
    kept = (line for line, next_ in zip(lines, below, strict=True) if not next_.startswith("[1") or not line.strip())
    return "\n".join(line for line in kept if not re.match(r"\s*\[\d+\] ", line))


def same(text: str) -> list[str]:
    """The words of a text in their order, as they are on every platform."""
    text = re.sub(r"^.* · [2-9]/\d\n(?:Also\n)?", "", text, flags=re.MULTILINE)  # how a part of a long digest begins
    text = re.sub(r" · 1/\d$", "", text, flags=re.MULTILINE)
    return text.replace("/digest-admin", "/digest").replace("•", " ").replace("`", " ").split()


def says(place: Place, expected: Sequence[str]) -> bool:
    return same(place.said()) == expected


class Everywhere:
    """The adapters of all three."""

    def __init__(self, places: Together) -> None:
        self.slack, self.discord = Slack(places.for_slack), Discord(places.for_discord)

    def of(self, channel: Channel) -> Adapter:
        if channel.platform == "slack":
            return self.slack
        return self.discord if channel.platform == "discord" else Terminal(io.StringIO())


class Hours(SlackClock):
    """The clock of the conversation, for Slack."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()


@dataclass
class People:
    """One person on each platform, who say and do the same."""

    clock: Clock
    terminal: InTerminal
    others: dict[str, Place] = field(default_factory=dict)

    async def do(self, step: Step) -> None:
        self.clock.at += timedelta(seconds=10)
        await asyncio.gather(self.terminal.does(step), *(place.does(step) for place in self.others.values()))
        expected = same(self.terminal.said())
        for name, place in self.others.items():
            try:
                await place.until(partial(says, place, expected))
            except AssertionError:
                assert (name, step, same(place.said())) == (name, step, expected)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newsroom's days, lived through once."""
    file = tmp_path_factory.mktemp("newsroom") / "news.db"
    asyncio.run(furnished(file))
    return file


@pytest.fixture
async def people(lived: Path, tmp_path: Path) -> AsyncIterator[People]:
    log.start(io.StringIO())
    copyfile(lived, tmp_path / "news.db")
    room = newsroom.load()
    clock = Clock(room.now)
    async with together(clock, Hours(clock)) as places, archive(f"sqlite:///{tmp_path}/news.db", now=clock) as kept:
        adapters, numbers = Everywhere(places), count(1)
        at = newsroom_desk(kept, adapters)
        terminal = Conversation(
            at,
            Person("someone", admin=True, zone=room.zone),
            Channel.parse("webhook:news"),  # nothing was posted there, as in the others; on the console the newsroom posted
            clock=clock,
            ids=lambda: f"q{next(numbers)}",
            attached=nothing_attached,
        )
        async with listening(places, adapters.slack, adapters.discord, at, kept, clock):
            yield People(clock, InTerminal(terminal), {"slack": OfSlack(places), "discord": OnDiscordServer(places)})


async def nothing_attached(name: str) -> bytes:
    raise SourceError(f"There is no file {name}.")


@pytest.mark.parametrize("steps", CONVERSATIONS.values(), ids=CONVERSATIONS)
async def test_a_conversation_says_the_same_in_all_three_places(people: People, steps: Sequence[Step]) -> None:
    for step in steps:
        await people.do(step)
