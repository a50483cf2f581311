"""What every adapter promises, read from the platform's record: the terminal, the fakes, the webhooks of Slack and Discord.

An adapter that joins brings a `World`: how its platform is reached, what it shows, and how it is made to fail.  What a
platform cannot do its adapter declares, and then the declared form is what is asked for.
"""

from __future__ import annotations

import io
import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from pydantic import SecretStr

from bot.adapters.console import Terminal
from bot.adapters.discord import Discord, Settings
from bot.adapters.slack.adapter import Slack as SlackAdapter
from bot.adapters.slack.manifest import scopes
from bot.adapters.slack.settings import Settings as SlackSettings
from bot.adapters.webhook import Webhooks, read_hook
from bot.errors import (
    AuthDead,
    DeliveryError,
    MessageGone,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TargetGone,
    Unreachable,
)
from bot.model import Abilities, Channel, Payload
from bot.ports import Adapter
from digests.model import Digest
from digests.render.safe import SafeText
from tests.chat_adapter import ALL, ChatAdapter
from tests.fakes import FakeAdapter
from tests.golden.injection import INJECTIONS
from tests.golden.news import DIGESTS, empty, full, of, sixty
from tests.servers import chat, discord_app, discord_webhook, slack, slack_webhook
from tests.servers.chat import Chat
from tests.servers.discord_guilds import Permission
from tests.servers.discord_webhook import DiscordWebhook
from tests.servers.faults import Platform, broken, cut, says
from tests.servers.slack import Slack
from tests.servers.slack_webhook import SlackWebhook

SINCE = datetime(2024, 10, 13, 6, tzinfo=UTC)


class World(ABC):
    """A platform with two channels, and the adapter under test.  ``troubles`` names what can befall its next request."""

    troubles: ClassVar[frozenset[str]] = frozenset()
    parts_under = True  # the first one, where there are threads; else they follow in the channel all the same
    adapter: Adapter
    channel: Channel
    other: Channel
    serving: AsyncExitStack

    @abstractmethod
    async def start(self, stack: AsyncExitStack) -> None:
        """Start the platform."""

    @abstractmethod
    def shown(self, channel: Channel) -> list[str]:
        """The words of each message that stands in the channel, in order."""

    def rings(self) -> list[str]:
        """What rang somebody's phone, ever."""
        return []

    def groups(self) -> dict[str, str]:
        """What its user groups or roles are called, by id."""
        return {}

    def controls(self) -> int:
        """How many buttons and menus stand there."""
        return 0

    def threads(self) -> list[str | None]:
        """Under which message each message stands."""
        return [None for _ in self.shown(self.channel)]

    @abstractmethod
    def attempts(self) -> int:
        """How many requests arrived."""

    async def suffer(self, trouble: str) -> None:
        """Let the next request come to this."""
        raise NotImplementedError(trouble)

    def bad_payload(self) -> Payload:
        """Something that the platform refuses."""
        raise NotImplementedError

    async def delete(self, message_id: str) -> None:
        """Somebody deletes a message."""
        raise NotImplementedError


class ConsoleWorld(World):
    troubles = frozenset({"channel gone"})

    def __init__(self) -> None:
        self.stream = Stream()
        self.adapter = Terminal(self.stream)
        self.channel = self.other = Channel.parse("console")

    async def start(self, stack: AsyncExitStack) -> None:
        """It is here already."""

    def shown(self, channel: Channel) -> list[str]:
        return self.stream.written

    def attempts(self) -> int:
        return len(self.stream.written)

    async def suffer(self, trouble: str) -> None:
        self.stream.close()


class Stream(io.StringIO):
    """A terminal that nobody looks at; ``written`` holds what each message wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def write(self, text: str) -> int:
        super().write(text)
        self.written.append(text)
        return len(text)


class FakeWorld(World):
    """The fake, with all abilities or with none: it can be made to fail in every way."""

    troubles = frozenset(
        {"rate limited", "unreachable", "channel gone", "not allowed", "auth dead", "rejected"}
        | {"cut before", "cut after", "broken before", "broken after"}
    )
    adapter: FakeAdapter

    def __init__(self, abilities: Abilities) -> None:
        self.adapter = FakeAdapter(abilities=abilities)
        self.channel, self.other = Channel.parse("slack:T1/C1"), Channel.parse("slack:T1/C2")

    async def start(self, stack: AsyncExitStack) -> None:
        """It is here already."""

    def shown(self, channel: Channel) -> list[str]:
        return [message.text for message in self.adapter.posted if message.channel == channel]

    def threads(self) -> list[str | None]:
        return [message.thread for message in self.adapter.posted]

    def controls(self) -> int:
        return sum(message.payload["controls"] for message in self.adapter.posted)

    def attempts(self) -> int:
        return self.adapter.calls

    async def suffer(self, trouble: str) -> None:
        expected, stored = TROUBLES[trouble]
        self.adapter.fail_next(expected("as told", retry_after=7 if expected is RateLimited else None), stored=stored)

    def bad_payload(self) -> Payload:
        return {"text": "x"}

    async def delete(self, message_id: str) -> None:
        self.adapter.posted = [message for message in self.adapter.posted if message.id != message_id]


class HookWorld(World):
    """What the webhooks of both platforms have in common."""

    troubles = FakeWorld.troubles | {"redirected"}
    platform: Platform
    kind: str

    def __init__(self) -> None:
        self.channel, self.other = Channel.parse("webhook:news"), Channel.parse("webhook:sport")

    async def start(self, stack: AsyncExitStack) -> None:
        await stack.enter_async_context(self.platform)
        hooks = [read_hook(name, SecretStr(self.add(name))) for name in ("news", "sport")]
        self.adapter = Webhooks(hooks, timeout_s=5).of(self.channel)

    @abstractmethod
    def add(self, name: str) -> str: ...

    def attempts(self) -> int:
        return len(self.platform.requests)

    async def suffer(self, trouble: str) -> None:
        match trouble:
            case "redirected":
                self.platform.next(says(307, location="/elsewhere"))
            case _:
                await befall(self.platform, trouble)


async def befall(platform: Platform, trouble: str) -> None:
    """What can befall a platform whatever it speaks."""
    match trouble:
        case "unreachable":
            await platform.stop()
        case "cut before" | "cut after":
            platform.next(cut(stored=trouble == "cut after"))
        case "broken before" | "broken after":
            platform.next(broken(503, stored=trouble == "broken after"))
        case _:
            raise NotImplementedError(trouble)


class SlackHookWorld(HookWorld):
    platform: SlackWebhook

    def __init__(self) -> None:
        super().__init__()
        self.platform = SlackWebhook()

    def add(self, name: str) -> str:
        return self.platform.add(name)

    def shown(self, channel: Channel) -> list[str]:
        return self.platform.shown(channel.id)

    def rings(self) -> list[str]:
        return [ping for message in self.platform.messages for ping in message.pings]

    def controls(self) -> int:
        return sum(message.controls for message in self.platform.messages)

    async def suffer(self, trouble: str) -> None:
        match trouble:
            case "rate limited":
                self.platform.next(slack_webhook.limited(7))
            case "channel gone":
                self.platform.becomes("news", 410, "channel_is_archived")
            case "not allowed":
                self.platform.becomes("news", 403, "action_prohibited")
            case "auth dead":
                self.platform.becomes("news", 403, "invalid_token")
            case _:
                await super().suffer(trouble)

    def bad_payload(self) -> Payload:
        return {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}


class DiscordHookWorld(HookWorld):
    troubles = HookWorld.troubles | {"message gone"}
    platform: DiscordWebhook

    def __init__(self) -> None:
        super().__init__()
        self.platform = DiscordWebhook()

    def add(self, name: str) -> str:
        return self.platform.add(name)

    def shown(self, channel: Channel) -> list[str]:
        return self.platform.shown(channel.id)

    def rings(self) -> list[str]:
        return [ping for message in self.platform.messages for ping in message.pings]

    def controls(self) -> int:
        return sum(message.controls for message in self.platform.messages)

    async def suffer(self, trouble: str) -> None:
        match trouble:
            case "rate limited":
                self.platform.next(discord_webhook.limited(7))
            case "channel gone":
                self.platform.remove("news")
            case "not allowed":
                self.platform.becomes("news", 403, 50013)
            case "auth dead":
                self.platform.new_token("news")
            case _:
                await super().suffer(trouble)

    def bad_payload(self) -> Payload:
        return {"content": "x" * 2_001}

    async def delete(self, message_id: str) -> None:
        self.platform.forget(message_id)


class ChatWorld(World):
    """A platform that can be asked what it holds, over HTTP."""

    troubles = FakeWorld.troubles | {"message gone"}
    adapter: ChatAdapter

    def __init__(self) -> None:
        self.platform = Chat()
        self.channel, self.other = Channel.parse("slack:T1/C1"), Channel.parse("slack:T1/C2")

    async def start(self, stack: AsyncExitStack) -> None:
        await stack.enter_async_context(self.platform)
        self.adapter = ChatAdapter(self.platform.origin)

    def shown(self, channel: Channel) -> list[str]:
        return self.platform.shown(f"{channel.space}/{channel.id}")

    def threads(self) -> list[str | None]:
        return [message.thread for message in self.platform.messages]

    def controls(self) -> int:
        return sum(message.controls for message in self.platform.messages)

    def attempts(self) -> int:
        return len(self.platform.requests)

    async def suffer(self, trouble: str) -> None:
        match trouble:
            case "rate limited":
                self.platform.next(chat.limited(7))
            case "channel gone":
                self.platform.becomes("T1/C1", 404, "no_such_channel")
            case "not allowed":
                self.platform.becomes("T1/C1", 403, "not_allowed")
            case "auth dead":
                self.platform.becomes("T1/C1", 401, "revoked")
            case _:
                await befall(self.platform, trouble)

    def bad_payload(self) -> Payload:
        return {"text": " ", "controls": False}

    async def delete(self, message_id: str) -> None:
        self.platform.forget(message_id)


class SlackWorld(World):
    """Slack itself, as an app sees it: the real library over the loopback."""

    troubles = FakeWorld.troubles | {"message gone"}

    def __init__(self) -> None:
        self.platform = Slack(scopes=scopes())
        self.channel, self.other = Channel.parse("slack:T1/C1"), Channel.parse("slack:T1/C2")

    def groups(self) -> dict[str, str]:
        return {each.id: f"@{each.handle}" for each in self.platform.workspace.groups.values()}

    async def start(self, stack: AsyncExitStack) -> None:
        await stack.enter_async_context(self.platform)
        tokens = SecretStr(self.platform.bot_token), SecretStr(self.platform.app_token)
        self.adapter = SlackAdapter(SlackSettings.read(*tokens, api_url=self.platform.api_url), timeout_s=5)

    def shown(self, channel: Channel) -> list[str]:
        return self.platform.shown(channel.id)

    def rings(self) -> list[str]:
        return self.platform.pings

    def controls(self) -> int:
        return sum(message.controls for message in self._messages)

    def threads(self) -> list[str | None]:
        return [message.thread for message in self._messages]

    def attempts(self) -> int:
        return sum(call.of.startswith("chat.") for call in self.platform.calls)

    async def suffer(self, trouble: str) -> None:
        match trouble:
            case "rate limited":
                self.platform.next(slack.limited(7), of="chat.postMessage")
            case "channel gone":
                self.platform.archive("C1")
            case "not allowed":
                self.platform.next(slack.says_no("restricted_action"), of="chat.postMessage")
            case "auth dead":
                self.platform.next(slack.says_no("token_revoked"), of="chat.postMessage")
            case "unreachable":
                await self.platform.stop()
            case "cut before" | "cut after":
                self.platform.next(cut(stored=trouble == "cut after"), of="chat.postMessage")
            case "broken before" | "broken after":
                self.platform.next(broken(503, stored=trouble == "broken after"), of="chat.postMessage")
            case _:
                raise NotImplementedError(trouble)

    def bad_payload(self) -> Payload:
        return {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}

    async def delete(self, message_id: str) -> None:
        found = self.platform.workspace.find(self.channel.id, message_id)
        assert found is not None
        self.platform.delete_message(found)

    @property
    def _messages(self) -> list[slack.Message]:
        return [message for channel in (self.channel, self.other) for message in self.platform.standing(channel.id)]


class DiscordWorld(World):
    """The application, on the real discord.py."""

    troubles = FakeWorld.troubles | {"message gone"}
    parts_under = False
    adapter: Discord

    def __init__(self) -> None:
        self.platform = discord_app.Discord()
        guild = self.platform.add_guild("Newsroom", "news", "sport")
        self.news, self.sport = guild["news"], guild["sport"]
        self.channel = Channel.parse(f"discord:{guild.id}/{self.news.id}")
        self.other = Channel.parse(f"discord:{guild.id}/{self.sport.id}")
        self.editors = self.platform.add_role(guild, "Editors")

    def groups(self) -> dict[str, str]:
        return {self.editors.id: "@Editors"}

    async def start(self, stack: AsyncExitStack) -> None:
        stack.enter_context(self.platform.pointed_at())  # puts back what the adapter points elsewhere
        await stack.enter_async_context(self.platform)
        self.adapter = Discord(Settings.read(SecretStr(self.platform.token), api_url=self.platform.api))

    def shown(self, channel: Channel) -> list[str]:
        assert self.news.guild is not None
        place = self.platform.channel(channel.id)
        threads = [each for each in self.news.guild.threads if each.parent is place]
        standing = [message for each in (place, *threads) for message in self.platform.standing(each)]
        return [self.platform.text(message) for message in sorted(standing, key=lambda message: int(message.id))]

    def rings(self) -> list[str]:
        return self.platform.rang()

    def controls(self) -> int:
        return sum(bool(part.get("custom_id")) for message in self.platform.messages for part in message.parts())

    def threads(self) -> list[str | None]:
        return [message.channel.id if message.channel.is_thread else None for message in self.platform.messages]

    def attempts(self) -> int:
        return sum(call.path.endswith("/messages") and call.method == "POST" for call in self.platform.calls)

    async def suffer(self, trouble: str) -> None:
        match trouble:
            case "rate limited":
                self.platform.next(discord_app.limited(7), to=_POSTS)
            case "channel gone":
                self.platform.becomes(self.news, 404, 10003)
            case "not allowed":
                self.platform.forbid(self.news, Permission.SEND_MESSAGES)
            case "auth dead":
                self.platform.becomes(self.news, 401, 0)
            case "cut before" | "cut after":
                self.platform.next(cut(stored=trouble == "cut after"), to=_POSTS)
            case "broken before" | "broken after":
                self.platform.next(broken(502, stored=trouble == "broken after"), to=_POSTS)
            case _:
                await befall(self.platform, trouble)

    def bad_payload(self) -> Payload:
        return {"content": "x" * 2_001}

    async def delete(self, message_id: str) -> None:
        self.platform.delete(next(each for each in self.platform.messages if each.id == message_id))


_POSTS = "POST /channels/*/messages"

WORLDS: dict[str, Callable[[], World]] = {
    "console": ConsoleWorld,
    "fake": lambda: FakeWorld(ALL),
    "fake-that-only-posts": lambda: FakeWorld(Abilities()),
    "chat": ChatWorld,
    "slack": SlackWorld,
    "discord": DiscordWorld,
    "slack-webhook": SlackHookWorld,
    "discord-webhook": DiscordHookWorld,
}

ABILITIES = {
    "console": Abilities(),
    "fake": ALL,
    "fake-that-only-posts": Abilities(),
    "chat": ALL,
    "slack": ALL,
    "discord": ALL,
    "slack-webhook": Abilities(),
    "discord-webhook": Abilities(edit=True, ids=True),
}

TROUBLES: dict[str, tuple[type[DeliveryError], bool]] = {  # what each is called, and whether the message is there all the same
    "rate limited": (RateLimited, False),
    "unreachable": (Unreachable, False),
    "channel gone": (TargetGone, False),
    "redirected": (TargetGone, False),
    "not allowed": (NotAllowed, False),
    "auth dead": (AuthDead, False),
    "rejected": (Rejected, False),
    "cut before": (OutcomeUnknown, False),
    "cut after": (OutcomeUnknown, True),
    "broken before": (OutcomeUnknown, False),
    "broken after": (OutcomeUnknown, True),
}
OF_ONE_CHANNEL = ("rate limited", "channel gone", "not allowed", "auth dead", "cut before", "broken before")
BEFALLS = [(name, trouble) for name, world in WORLDS.items() for trouble in TROUBLES if trouble in world().troubles]


@pytest.fixture
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    world = WORLDS[request.param]()
    async with AsyncExitStack() as stack:
        await world.start(stack)
        async with AsyncExitStack() as world.serving:
            await world.serving.enter_async_context(world.adapter.serve())
            yield world


everywhere = pytest.mark.parametrize("world", WORLDS, indirect=True)


def told(text: str) -> str:
    """A text as its words, however its lines are folded."""
    return " ".join(text.split())


async def post_all(world: World, digest: Digest) -> list[str | None]:
    """Post a digest as a use case does: the first part, the rest under it where that can be."""
    ids: list[str | None] = []
    for number, payload in enumerate(world.adapter.render(digest)):
        thread = ids[0] if ids and world.adapter.abilities.thread else None
        ids.append((await world.adapter.post(world.channel, payload, nonce=f"n-{number}", thread=thread)).message_id)
    return ids


@pytest.mark.parametrize(("world", "declared"), ABILITIES.items(), indirect=["world"], ids=ABILITIES)
def test_what_a_platform_can_do_is_declared(world: World, declared: Abilities) -> None:
    assert world.adapter.abilities == declared


# Posting


@everywhere
@pytest.mark.parametrize("name", DIGESTS)
async def test_a_digest_arrives_with_all_its_stories_in_order(world: World, name: str) -> None:
    digest = DIGESTS[name]()

    await post_all(world, digest)

    words, at = told(" ".join(world.shown(world.channel))), 0
    for story in digest.stories:
        assert told(SafeText(story.title)) in words[at:]
        at = words.index(told(SafeText(story.title)), at)


@everywhere
async def test_an_empty_digest_is_plainly_alive(world: World) -> None:
    await post_all(world, empty())

    assert "34 feeds" in told(world.shown(world.channel)[0])


@everywhere
async def test_a_plain_line_shows_as_it_is(world: World) -> None:
    await world.adapter.post(world.channel, world.adapter.render_line("Nothing *new* <since> 13 Oct & so on."), nonce="n")

    assert [told(text) for text in world.shown(world.channel)] == ["Nothing *new* <since> 13 Oct & so on."]


@everywhere
async def test_parts_stand_under_the_first_or_follow_as_messages(world: World) -> None:
    ids = await post_all(world, sixty())

    under = ids[0] if world.adapter.abilities.thread and world.parts_under else None
    assert world.threads() == [None, *[under for _ in ids[1:]]]
    assert len(world.shown(world.channel)) == len(ids)


@everywhere
async def test_a_thread_where_there_is_none_posts_to_the_channel(world: World) -> None:
    if world.adapter.abilities.thread:
        ids = await post_all(world, full())
        await world.adapter.post(world.channel, world.adapter.render_line("More."), nonce="m", thread=ids[0])
        assert world.threads()[-1] == ids[0]
    else:
        await world.adapter.post(world.channel, world.adapter.render_line("More."), nonce="m", thread="1")
        assert world.threads() == [None]


@everywhere
async def test_a_receipt_names_the_message_where_the_platform_does(world: World) -> None:
    ids = [await world.adapter.post(world.channel, world.adapter.render_line("x"), nonce=f"n{n}") for n in range(3)]

    named = {receipt.message_id for receipt in ids}
    assert len(named - {None}) == (3 if world.adapter.abilities.ids else 0)


@everywhere
async def test_payloads_are_json_and_post_the_same_after_being_stored(world: World) -> None:
    for payload in world.adapter.render(full()):
        await world.adapter.post(world.channel, payload, nonce="a")
        await world.adapter.post(world.channel, json.loads(json.dumps(payload)), nonce="b")

    shown = world.shown(world.channel)
    assert shown[::2] == shown[1::2]


@everywhere
async def test_rendering_the_same_again_gives_the_same(world: World) -> None:
    assert world.adapter.render(full()) == world.adapter.render(full())
    assert world.adapter.render_line("x") == world.adapter.render_line("x")


@everywhere
async def test_posting_leaves_the_payload_as_it_was(world: World) -> None:
    payload = world.adapter.render(full())[0]
    before = json.dumps(payload)

    await world.adapter.post(world.channel, payload, nonce="n")

    assert json.dumps(payload) == before


@everywhere
async def test_the_plain_form_of_each_message_can_be_posted_and_keeps_the_story_lines(world: World) -> None:
    parts = [part for digest in (full(), sixty()) for part in world.adapter.render(digest)]
    for number, payload in enumerate(plain for part in parts for plain in world.adapter.plain(part)):
        await world.adapter.post(world.channel, payload, nonce=f"n-{number}")

    words = told(" ".join(world.shown(world.channel)))
    assert all(told(story.title) in words for story in (*full().stories, *sixty().stories))


@everywhere
async def test_controls_are_there_only_where_they_are_declared(world: World) -> None:
    await post_all(world, full())

    declared = world.adapter.abilities.controls
    assert (world.controls() > 0) == declared
    assert ("Left out: 8 (" in told(" ".join(world.shown(world.channel)))) != declared


@everywhere
async def test_it_can_serve_again(world: World) -> None:
    await world.adapter.post(world.channel, world.adapter.render_line("Line 1"), nonce="a")
    await world.serving.aclose()

    async with world.adapter.serve():
        await world.adapter.post(world.channel, world.adapter.render_line("Line 2"), nonce="b")

    assert [told(text) for text in world.shown(world.channel)] == ["Line 1", "Line 2"]


# Nobody's phone rings


@everywhere
@pytest.mark.parametrize("raw", INJECTIONS)
async def test_nothing_from_outside_ever_rings(world: World, raw: str) -> None:
    story = replace(full().stories[0], title=raw or "x", url=None)
    payloads = (*world.adapter.render(of(f"News {raw}", story)), world.adapter.render_line(raw))
    forms = [form for payload in payloads for form in (payload, *world.adapter.plain(payload))]
    for number, form in enumerate(forms):  # the same nonce twice is the same message, where the platform knows nonces
        await world.adapter.post(world.channel, form, nonce=f"n-{number}")

    assert world.rings() == []
    assert world.controls() == 0 or world.adapter.abilities.controls


# Editing


@everywhere
async def test_an_edit_takes_the_place_of_the_message_or_is_refused(world: World) -> None:
    adapter = world.adapter
    receipt = await adapter.post(world.channel, adapter.render_line("24 dead"), nonce="n")
    attempts = world.attempts()

    if adapter.abilities.edit:
        await adapter.edit(world.channel, receipt.message_id or "", adapter.render_line("17 dead"))
        assert [told(text) for text in world.shown(world.channel)] == ["17 dead"]
    else:
        with pytest.raises(Rejected):
            await adapter.edit(world.channel, receipt.message_id or "", adapter.render_line("17 dead"))
        assert [told(text) for text in world.shown(world.channel)] == ["24 dead"]
        assert world.attempts() == attempts
    assert world.rings() == []


@everywhere
async def test_where_nothing_can_be_edited_a_correction_comes_with_the_next_digest(world: World) -> None:
    await post_all(world, full())

    correction = told(world.shown(world.channel)[0])
    assert '"17 dead"' in correction
    assert '"24 dead"' in correction


@pytest.mark.parametrize("world", [name for name, can in ABILITIES.items() if can.edit], indirect=True)
async def test_an_edit_of_a_message_that_is_gone_says_so_and_posts_nothing(world: World) -> None:
    adapter = world.adapter
    receipt = await adapter.post(world.channel, adapter.render_line("24 dead"), nonce="n")
    assert receipt.message_id is not None
    await world.delete(receipt.message_id)

    with pytest.raises(MessageGone):
        await adapter.edit(world.channel, receipt.message_id, adapter.render_line("17 dead"))

    assert world.shown(world.channel) == []


# Looking up


@everywhere
async def test_a_delivery_is_found_again_or_nothing_is_claimed(world: World) -> None:
    adapter = world.adapter
    receipt = await adapter.post(world.channel, adapter.render(full())[0], nonce="known")

    if adapter.abilities.look_up:
        assert await adapter.look_up(world.channel, "known", since=SINCE, number=128) == receipt
        assert await adapter.look_up(world.channel, "never sent", since=SINCE, number=999) is None
        assert await adapter.look_up(world.other, "known", since=SINCE, number=128) is None
    else:
        for nonce in ("known", "never sent"):
            with pytest.raises(OutcomeUnknown):
                await adapter.look_up(world.channel, nonce, since=SINCE, number=128)


@pytest.mark.parametrize("world", [name for name, can in ABILITIES.items() if can.look_up and can.thread], indirect=True)
async def test_what_went_under_a_message_is_found_there_and_nowhere_else(world: World) -> None:
    adapter = world.adapter
    head = await adapter.post(world.channel, adapter.render_line("Above"), nonce="above")
    under = await adapter.post(world.channel, adapter.render_line("Under"), nonce="under", thread=head.message_id)

    found = await adapter.look_up(world.channel, "under", since=SINCE, number=None, thread=head.message_id)

    assert found == under
    assert await adapter.look_up(world.channel, "never", since=SINCE, number=None, thread=head.message_id) is None


# Failing


@pytest.mark.parametrize(("world", "trouble"), BEFALLS, indirect=["world"])
async def test_each_trouble_has_its_own_error_and_is_tried_once(world: World, trouble: str) -> None:
    expected, stored = TROUBLES[trouble]
    payload = world.adapter.render_line("News")
    if trouble == "rejected":
        payload = world.bad_payload()
    if trouble != "rejected" or isinstance(world, FakeWorld):
        await world.suffer(trouble)

    with pytest.raises(DeliveryError) as caught:
        await world.adapter.post(world.channel, payload, nonce="n")

    assert type(caught.value) is expected
    assert len(world.shown(world.channel)) == stored
    assert world.attempts() <= 1


@pytest.mark.parametrize("world", [name for name, trouble in BEFALLS if trouble == "rate limited"], indirect=True)
async def test_a_rate_limit_says_how_long_and_then_lets_go(world: World) -> None:
    await world.suffer("rate limited")

    with pytest.raises(RateLimited) as caught:
        await world.adapter.post(world.channel, world.adapter.render_line("News"), nonce="n")
    await world.adapter.post(world.channel, world.adapter.render_line("News"), nonce="n")

    assert caught.value.retry_after == 7
    assert [told(text) for text in world.shown(world.channel)] == ["News"]


@pytest.mark.parametrize(
    ("world", "trouble"),
    [
        (name, trouble)
        for name, trouble in BEFALLS
        if trouble in ("channel gone", "not allowed", "auth dead") and name != "console"
    ],
    indirect=["world"],
)
async def test_a_trouble_of_one_channel_is_none_of_another(world: World, trouble: str) -> None:
    await world.suffer(trouble)

    with pytest.raises(DeliveryError):
        await world.adapter.post(world.channel, world.adapter.render_line("News"), nonce="n")
    await world.adapter.post(world.other, world.adapter.render_line("Sport"), nonce="m")

    assert [told(text) for text in world.shown(world.other)] == ["Sport"]


@everywhere
async def test_groups_are_told_by_name_where_the_platform_has_some(world: World) -> None:
    assert await world.adapter.groups(world.channel) in (None, world.groups())
