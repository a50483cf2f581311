"""The stand-in for Discord speaks as the real discord.py expects it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.servers.discord_app import CONNECT, Discord, limited
from tests.servers.discord_gateway import GUILDS, MESSAGE_CONTENT
from tests.servers.discord_guilds import FORUM, Channel, Guild, Permission, User
from tests.servers.discord_people import Upload
from tests.servers.discord_place import TOKEN
from tests.servers.faults import broken, cut

NOON = datetime(2024, 10, 13, 12, tzinfo=UTC)
Interaction = discord.Interaction[Any]
Answer = Callable[[Interaction], Awaitable[None]]


class App(discord.Client):
    """A small app; it notes what the gateway tells it of."""

    def __init__(self, intents: int = GUILDS, **options: Any) -> None:
        super().__init__(
            intents=discord.Intents._from_value(intents),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=0.01,
            max_ratelimit_timeout=30,
            **options,
        )
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.heard.append(event)
        super().dispatch(event, *args, **kwargs)

    def plain(self, answer: Answer, **options: Any) -> None:
        """A command ``/plain`` that is answered so."""

        @self.tree.command(name="plain", description="x", **options)
        async def plain(interaction: Interaction) -> None:
            await answer(interaction)


async def outcome(interaction: Interaction, outcomes: asyncio.Queue[int]) -> None:
    """Answer, and note what came of it: 0, or the code with which it was refused."""
    try:
        await interaction.response.send_message("x")
        outcomes.put_nowait(0)
    except discord.HTTPException as error:
        outcomes.put_nowait(error.code)


async def told(outcomes: asyncio.Queue[int]) -> int:
    async with asyncio.timeout(5):
        return await outcomes.get()


@asynccontextmanager
async def running(app: App, place: Discord, *, sync: bool = True) -> AsyncIterator[App]:
    others = len(place.gateway.connected)
    with place.pointed_at():
        task = asyncio.create_task(app.start(TOKEN))
        try:
            await place.connected(others + 1)
            await app.wait_until_ready()
            if sync:
                await app.tree.sync()
            yield app
        finally:
            await app.close()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def place() -> AsyncIterator[Discord]:
    async with Discord(clock=lambda: NOON) as place:  # deadlines do not depend on what the machine is doing
        place.add_guild("Newsroom", "news", "market")
        yield place


@pytest.fixture
def guild(place: Discord) -> Guild:
    return place.guilds[0]


@pytest.fixture
def news(guild: Guild) -> Channel:
    return guild["news"]


@pytest.fixture
def ann(place: Discord, guild: Guild) -> User:
    return place.add_user("Ann", guild)


def channel_of(app: App, channel: Channel) -> Any:
    return app.get_channel(int(channel.id))


# Starting


async def test_an_app_logs_in_and_sees_its_guilds_and_channels(place: Discord, guild: Guild, news: Channel) -> None:
    place.forbid(news, Permission.SEND_MESSAGES)
    place.thread(news, "Corrections", owner=guild.owner)
    async with running(App(), place, sync=False) as app:
        [seen] = app.guilds
        assert (seen.name, [each.name for each in seen.text_channels]) == ("Newsroom", ["news", "market"])
        assert [thread.name for thread in seen.threads] == ["Corrections"]
        assert app.application_id == int(place.me.id)
        may = channel_of(app, news).permissions_for(seen.me)
        assert (may.view_channel, may.send_messages) == (True, False)
    assert place.invalid == 0


async def test_an_app_of_shards_asks_where_the_gateway_is(place: Discord) -> None:
    with place.pointed_at():
        async with discord.AutoShardedClient(intents=discord.Intents(guilds=True), guild_ready_timeout=0.01) as app:
            task = asyncio.create_task(app.start(TOKEN))
            await place.connected()
            await app.wait_until_ready()
            assert [guild.name for guild in app.guilds] == ["Newsroom"]
            await app.close()
            await task
    assert "GET /gateway/bot" in map(str, place.calls)


async def test_the_library_calls_elsewhere_only_meanwhile(place: Discord) -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    with place.pointed_at():
        assert place.api == Route.BASE
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def test_a_wrong_token_is_refused_at_once(place: Discord) -> None:
    place.revoke_token()
    with place.pointed_at(), pytest.raises(discord.LoginFailure):
        async with App() as app:
            await app.start(TOKEN)


async def test_a_privileged_intent_is_refused(place: Discord) -> None:
    with place.pointed_at(), pytest.raises(discord.PrivilegedIntentsRequired):
        async with App(GUILDS | MESSAGE_CONTENT) as app:
            await app.start(TOKEN)


async def test_a_token_that_is_revoked_ends_a_running_app(place: Discord, news: Channel) -> None:
    with place.pointed_at():
        async with App() as app:
            task = asyncio.create_task(app.start(TOKEN))
            await place.connected()
            place.revoke_token()
            with pytest.raises(discord.ConnectionClosed, match="4004"):
                await task


async def test_commands_are_synced_with_all_that_they_are(place: Discord) -> None:
    app = App()
    admin = app_commands.Group(
        name="digest-admin", description="x", guild_only=True, default_permissions=discord.Permissions(manage_guild=True)
    )

    @admin.command(name="feeds", description="x")
    @app_commands.choices(word=[app_commands.Choice(name="List", value="list")])
    async def feeds(
        interaction: Interaction, word: app_commands.Choice[str], channel: discord.TextChannel | None = None
    ) -> None:
        raise NotImplementedError

    app.tree.add_command(admin)
    async with running(app, place):
        again = await app.tree.sync()

    [held] = place.commands[""]
    assert (held["default_member_permissions"], held["dm_permission"], str(again[0].id)) == ("32", False, held["id"])
    word, channel = held["options"][0]["options"]
    assert (word["required"], word["choices"][0]["value"], channel["type"], channel["required"]) == (True, "list", 7, False)
    assert (place.syncs, len(place.creates)) == (["", ""], 1)


# Commands


async def test_a_command_is_deferred_then_answered(place: Discord, news: Channel, ann: User) -> None:
    app = App()
    group = app_commands.Group(name="digest", description="News")

    @group.command(name="about", description="x")
    async def about(interaction: Interaction, words: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content=f"About **{words}**")

    app.tree.add_command(group)
    async with running(app, place):
        act = await place.command(ann, news, "digest about", {"words": "ferry"})

    assert (act.states, act.ephemeral) == (["thinking", "message"], True)
    assert place.text(act.answer) == "About ferry"
    assert (place.shown(news), place.shown(news, ann)) == ([], ["About ferry"])
    assert place.rang() == []


async def test_options_arrive_as_what_they_are(place: Discord, guild: Guild, news: Channel, ann: User) -> None:
    app, got = App(), []

    @app.tree.command(name="all", description="x")
    async def everything(
        interaction: Interaction,
        count: int,
        share: bool,
        who: discord.Member,
        where: discord.TextChannel,
        role: discord.Role,
        file: discord.Attachment,
    ) -> None:
        got.extend([count, share, who.display_name, where.name, role.name, file.filename, await file.read()])
        await interaction.response.send_message("x")

    given = {"count": 2, "share": True, "who": ann, "where": news, "role": place.add_role(guild, "Editors")}
    async with running(app, place):
        await place.command(ann, news, "all", given | {"file": Upload("feeds.opml", b"<opml/>")})

    assert got == [2, True, "Ann", "news", "Editors", "feeds.opml", b"<opml/>"]


async def test_words_are_completed(place: Discord, news: Channel, ann: User) -> None:
    app = App()

    @app.tree.command(name="story", description="x")
    async def story(interaction: Interaction, story: str, since: str = "") -> None:
        raise NotImplementedError

    @story.autocomplete("story")
    async def stories(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}ry since {interaction.namespace.since}", value="s-1")]

    async with running(app, place):
        assert await place.complete(ann, news, "story", "story", "fer", {"since": "today"}) == [("ferry since today", "s-1")]


async def test_menus_of_messages_and_people_arrive(place: Discord, news: Channel, ann: User) -> None:
    app, got = App(), []

    @app.tree.context_menu(name="Digest this link")
    async def digest(interaction: Interaction, message: discord.Message) -> None:
        got.append(message.content)
        await interaction.response.send_message("x", ephemeral=True)

    @app.tree.context_menu(name="Who")
    async def who(interaction: Interaction, member: discord.Member) -> None:
        got.append(member.display_name)
        await interaction.response.send_message("x", ephemeral=True)

    async with running(app, place):
        await place.context_menu(ann, "Digest this link", place.say(ann, news, "https://a.example/"))
        await place.context_menu(ann, "Who", ann, news)

    assert got == ["https://a.example/", "Ann"]


async def test_an_app_that_does_not_answer_fails_for_the_person(place: Discord, news: Channel, ann: User) -> None:
    app, begun, late = App(), asyncio.Event(), asyncio.Event()
    outcomes = asyncio.Queue[int]()

    async def slow(interaction: Interaction) -> None:
        begun.set()
        await late.wait()
        await outcome(interaction, outcomes)

    app.plain(slow)
    async with running(app, place):
        act = place.start_command(ann, news, "plain")
        await begun.wait()
        place.passes(3)
        await place.settled(act)
        late.set()

        assert (act.failed, await told(outcomes)) == (True, 10062)


async def test_the_same_interaction_twice_is_answered_once(place: Discord, news: Channel, ann: User) -> None:
    app, outcomes = App(), asyncio.Queue[int]()
    app.plain(lambda interaction: outcome(interaction, outcomes))
    async with running(app, place):
        act = await place.command(ann, news, "plain")
        place.again(act)
        assert [await told(outcomes), await told(outcomes)] == [0, 40060]

    assert place.shown(news) == ["x"]


# Controls and forms


class Feedback(ui.Modal, title="Something is wrong"):
    """A form with a text and a menu, as the library makes them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: ui.TextInput[Any] = ui.TextInput(style=discord.TextStyle.long, max_length=200)
        self.kind: ui.Select[Any] = ui.Select(options=[discord.SelectOption(label="Wrong date", value="date")])
        self.add_item(ui.Label(text="What", component=self.words))
        self.add_item(ui.Label(text="Kind", component=self.kind))

    async def on_submit(self, interaction: Interaction) -> None:
        await interaction.response.send_message(f"{self.words.value}: {self.kind.values}", ephemeral=True)


class Controls(ui.LayoutView):
    """A digest with a menu and buttons, made as a program that restarts makes it."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        container: ui.Container[Any] = ui.Container(ui.TextDisplay("## World news\n- a story"))
        pick: ui.Select[Any] = ui.Select(custom_id="v1:story", options=[discord.SelectOption(label="Ferry", value="s-1")])
        more: ui.Button[Any] = ui.Button(label="Left out", custom_id="v1:left")
        wrong: ui.Button[Any] = ui.Button(label="Wrong", custom_id="v1:wrong")
        pick.callback, more.callback, wrong.callback = self.picked, self.pressed, self.opened  # type: ignore[method-assign]
        self.add_item(container)
        self.add_item(ui.ActionRow(pick))
        self.add_item(ui.ActionRow(more, wrong))

    async def picked(self, interaction: Interaction) -> None:
        assert interaction.data is not None
        await interaction.response.send_message(f"Story {interaction.data['values']}", ephemeral=True)  # type: ignore[typeddict-item]

    async def pressed(self, interaction: Interaction) -> None:
        changed = Controls()
        changed.clear_items()
        changed.add_item(ui.TextDisplay("Nothing was left out"))
        await interaction.response.edit_message(view=changed)

    async def opened(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(Feedback())


async def test_controls_work_and_survive_a_restart(place: Discord, news: Channel, ann: User) -> None:
    async with running(App(), place, sync=False) as app:
        await channel_of(app, news).send(view=Controls())
    message = await place.message_in(news)
    assert (place.shown(news), message.controls) == (["World news\na story"], 3)

    again = App()
    again.add_view(Controls())
    async with running(again, place, sync=False):
        picked = await place.pick(message, "v1:story", "Ferry", user=ann)
        assert (picked.ephemeral, place.text(picked.answer)) == (True, "Story ['s-1']")
        form = await place.press(message, "Wrong", ann)
        assert form.modal is not None
        assert form.modal["title"] == "Something is wrong"
        sent = await place.submit(form, {"What": "It was Tuesday", "Kind": ["Wrong date"]})
        assert place.text(sent.answer) == "It was Tuesday: ['date']"
        pressed = await place.press(message, "Left out", ann)
        assert pressed.states == ["updated"]

    assert place.shown(news) == ["Nothing was left out"]


# Messages and threads


async def test_a_message_is_stored_once_for_a_nonce(place: Discord, news: Channel) -> None:
    async with running(App(), place, sync=False) as app:
        channel = channel_of(app, news)
        first, again = await channel.send("x", nonce="n1"), await channel.send("x", nonce="n1")
        history = [message.id async for message in channel.history(limit=5)]

    assert first.id == again.id
    assert history == [first.id]
    assert place.shown(news) == ["x"]


async def test_a_post_that_was_cut_off_after_it_was_stored_stands_once_when_it_is_tried_again(
    place: Discord, news: Channel
) -> None:
    async with running(App(), place, sync=False) as app:
        place.next(cut(stored=True), to="POST /channels/*/messages")
        with pytest.raises(Exception, match="disconnected"):
            await channel_of(app, news).send("x", nonce="n1")
        await channel_of(app, news).send("x", nonce="n1")

    assert place.shown(news) == ["x"]


async def test_a_message_is_edited_fetched_and_deleted(place: Discord, news: Channel) -> None:
    async with running(App(), place, sync=False) as app:
        channel = channel_of(app, news)
        message = await channel.send("24 dead", silent=True, suppress_embeds=True)
        await message.edit(content="17 dead")
        assert (await channel.fetch_message(message.id)).content == "17 dead"
        assert place.messages[0].quiet
        await message.delete()

    assert place.shown(news) == []


async def test_threads_and_forum_posts_are_made(place: Discord, guild: Guild, news: Channel) -> None:
    forum = place.add_channel(guild, "forum", FORUM, tags=["world"], needs_tag=True)
    async with running(App(), place, sync=False) as app:
        message = await channel_of(app, news).send("x")
        thread = await message.create_thread(name="Corrections")
        await thread.send("y")
        place.archive_thread(guild.threads[0])
        await (await app.fetch_channel(thread.id)).edit(archived=False)  # type: ignore[union-attr, call-overload]
        post = await channel_of(app, forum).create_thread(
            name="World news", content="z", applied_tags=channel_of(app, forum).available_tags
        )

    assert [(each.name, place.shown(each), each.archived) for each in guild.threads] == [
        ("Corrections", ["y"], False),
        ("World news", ["z"], False),
    ]
    assert post.thread.id == post.message.id


async def test_a_person_is_written_to(place: Discord, ann: User) -> None:
    async with running(App(), place, sync=False) as app:
        await (await app.create_dm(discord.Object(int(ann.id)))).send("x")

    assert place.shown(place.dm(ann)) == ["x"]


async def test_files_are_uploaded(place: Discord, news: Channel, ann: User) -> None:
    app = App()

    async def export(interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("Feeds", file=discord.File(__file__, "feeds.opml", description="All feeds"))

    app.plain(export)
    async with running(app, place):
        act = await place.command(ann, news, "plain")

    assert act.answer is not None
    [file] = act.answer.attachments
    assert (file.name, file.description, file.content[:3]) == ("feeds.opml", "All feeds", b'"""')


# Failures


@pytest.mark.parametrize(
    ("forbidden", "code"), [(Permission.SEND_MESSAGES, 50013), (Permission.VIEW_CHANNEL, 50001)], ids=["send", "view"]
)
async def test_what_is_forbidden_raises_with_its_code(place: Discord, news: Channel, forbidden: Permission, code: int) -> None:
    async with running(App(), place, sync=False) as app:
        place.forbid(news, forbidden)
        with pytest.raises(discord.Forbidden) as caught:
            await channel_of(app, news).send("x")

    assert (caught.value.code, place.invalid) == (code, 1)


async def test_what_is_too_long_raises_with_where_it_is(place: Discord, news: Channel) -> None:
    async with running(App(), place, sync=False) as app:
        with pytest.raises(discord.HTTPException, match=r"In embeds\.0\.title") as caught:
            await channel_of(app, news).send(embed=discord.Embed(title="x" * 257))

    assert (caught.value.status, caught.value.code) == (400, 50035)


async def test_a_limit_is_waited_out_or_surfaces(place: Discord, news: Channel) -> None:
    async with running(App(), place, sync=False) as app:
        channel, to = channel_of(app, news), "POST /channels/*/messages"
        place.next(limited(0.01), to=to)
        await channel.send("x")
        place.next(limited(60), limited(0.01, via=False), to=to)
        with pytest.raises(discord.RateLimited):
            await channel.send("y")
        with pytest.raises(discord.HTTPException):  # not from Discord itself: an address is banned
            await channel.send("z")

    assert (place.shown(news), place.invalid) == (["x"], 3)


async def test_an_unavailable_platform_is_told(place: Discord, news: Channel) -> None:
    async with running(App(), place, sync=False) as app:
        place.next(broken(503), to="POST *")
        with pytest.raises(discord.DiscordServerError):
            await channel_of(app, news).send("x")


# The gateway


@pytest.mark.parametrize("how", ["cut", "close", "reconnect", "invalid but resumable"])
async def test_an_app_resumes_and_misses_nothing(place: Discord, guild: Guild, ann: User, how: str) -> None:
    app = App()

    async def answer(interaction: Interaction) -> None:
        await interaction.response.send_message("x")

    app.plain(answer)
    async with running(app, place):
        match how:
            case "cut":
                place.gateway.cut()
            case "close":
                place.gateway.close(4000)
            case "reconnect":
                place.gateway.ask_to_reconnect()
            case _:
                place.gateway.invalidate(resumable=True)
        await place.until(lambda: not place.gateway.connected or place.gateway.resumed)
        place.add_channel(guild, "late")
        await place.until(lambda: place.gateway.resumed)
        act = await place.command(ann, guild["market"], "plain")
        assert any(each.name == "late" for each in app.guilds[0].channels)

    assert (act.states, place.gateway.identified, place.gateway.resumed) == (["message"], 1, 1)
    assert place.syncs == [""]


@pytest.mark.slow  # the library waits five seconds
async def test_an_app_whose_session_is_over_identifies_anew(place: Discord) -> None:
    async with running(App(), place, sync=False):
        place.gateway.forget()
        place.gateway.invalidate(resumable=False)
        await place.until(lambda: place.gateway.identified == 2)


async def test_an_app_is_told_of_guilds_that_come_go_and_fail(place: Discord, guild: Guild) -> None:
    other = place.add_guild("Lab", "talk", installed=False)
    async with running(App(), place, sync=False) as app:
        app.heard.clear()
        gone = asyncio.create_task(app.wait_for("guild_remove", timeout=5))
        await asyncio.sleep(0)
        place.join_guild(other)
        place.outage(guild)
        place.back(guild)
        place.delete_channel(guild["news"])
        place.remove_bot(guild)
        await gone
        told = [event for event in app.heard if event.startswith("guild")]
        assert [each.name for each in app.guilds] == ["Lab"]

    assert told == ["guild_join", "guild_unavailable", "guild_available", "guild_channel_delete", "guild_remove"]


@pytest.mark.slow  # the library waits before it fails
async def test_a_first_connection_that_is_refused_is_told(place: Discord) -> None:
    place.next(broken(503), to=CONNECT)
    with place.pointed_at(), pytest.raises(AttributeError):  # of the library: it has no session to go on with yet
        async with App() as app:
            await app.start(TOKEN)


async def test_two_programs_with_one_token_are_both_told(place: Discord, news: Channel, ann: User) -> None:
    first, second, outcomes = App(), App(), asyncio.Queue[int]()
    for app in (first, second):
        app.plain(lambda interaction: outcome(interaction, outcomes))
    async with running(first, place), running(second, place):
        await place.command(ann, news, "plain")
        assert sorted([await told(outcomes), await told(outcomes)]) == [0, 40060]

    assert place.shown(news) == ["x"]
