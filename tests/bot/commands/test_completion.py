"""What can be picked while somebody types: read once a minute, and forgotten for those who typed longest ago."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.commands.ask import Means
from bot.commands.completion import FOLLOWED, MUTED, STORY, TOPIC, Completion
from bot.model import Channel, Space
from bot.ports.topics import Topic
from bot.talk import Person
from tests.bot.commands.conftest import Asker


class Counted:
    """Topics of which it is counted for which space they were read; everything else of them is as it was."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.read: list[Space | None] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def topics(self, space: Space | None = None) -> list[Topic]:
        self.read.append(space)
        found: list[Topic] = await self._inner.topics(space)
        return found


def channel(number: int) -> Channel:
    return Channel("slack", f"T{number}", "C1")


async def test_what_a_channel_has_is_read_once_a_minute(ask: Asker, means: Means) -> None:
    topics = Counted(means.topics)
    completion, now = Completion(replace(means, topics=topics)), ask.clock.at

    for later in (0, 30, 59):
        assert await completion.offers(channel(1), TOPIC, "hea", now + timedelta(seconds=later)) == [("Health", "Health")]
    assert len(topics.read) == 1
    await completion.offers(channel(1), TOPIC, "", now + timedelta(seconds=60))
    await completion.offers(channel(1), TOPIC, "", now)  # a clock that went back

    assert len(topics.read) == 3


async def test_what_can_be_taken_back_is_what_the_person_follows_or_muted_and_nothing_else(ask: Asker) -> None:
    story = (await ask.desk.offers(ask.channel, STORY, "cyclone", ask.clock.at))[0]
    for typed in ("mute ferry strikes", "mute Northwire", f"mute {story[1]}", "follow Health"):
        await ask(typed)

    async def offered(kind: str, typed: str = "", person: Person | None = ask.person) -> list[tuple[str, str]]:
        return await ask.desk.offers(ask.channel, kind, typed, ask.clock.at, person=person)

    muted = await offered(MUTED)
    mine = (story[0], story[1].partition(".")[0])
    assert sorted(muted) == sorted([("ferry strikes", "ferry strikes"), ("Northwire", "Northwire"), mine])
    assert await offered(MUTED, "ferr") == [("ferry strikes", "ferry strikes")]
    assert await offered(FOLLOWED) == [("Health", "Health")]
    assert await offered(MUTED, person=ask.another("another").person) == await offered(MUTED, person=None) == []
    for _, value in muted:
        assert "again" in await ask(f"unmute {value}")
    assert await offered(MUTED) == []


async def test_the_words_that_were_muted_are_taken_back_though_a_topic_is_called_so_by_now(ask: Asker) -> None:
    await ask("mute ferries")
    await ask.means.topics.add_topic(None, Topic("Ferries", "ferry"), ask.clock.at)

    assert "You see “ferries” again" in await ask("unmute ferries")


async def test_the_lists_of_three_hundred_channels_are_kept_and_those_asked_for_longest_ago_go(
    ask: Asker, means: Means
) -> None:
    topics = Counted(means.topics)
    completion, now = Completion(replace(means, topics=topics)), ask.clock.at

    async def asked(number: int) -> bool:
        """Whether the topics of a channel had to be read."""
        before = len(topics.read)
        await completion.offers(channel(number), TOPIC, "", now)
        return len(topics.read) > before

    assert all([await asked(number) for number in range(300)])
    assert not await asked(0), "all are kept"
    assert await asked(300), "one more"

    assert await asked(1), "the one that was asked for longest ago went"
    assert not await asked(0), "the one that was asked for again did not"
