"""Where messages go on Discord, how they are found again, and what is said when they cannot be posted."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.adapters.discord import Discord, Settings
from bot.adapters.discord.calls import mark, short
from bot.adapters.discord.refusals import Answer
from bot.adapters.discord.rest import Rest
from bot.adapters.discord.settings import point_library
from bot.errors import (
    AuthDead,
    ConfigError,
    DeliveryError,
    MessageGone,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TargetGone,
    Unreachable,
)
from bot.model import Channel
from tests.golden.news import full, sixty
from tests.servers.discord_app import Discord as Place
from tests.servers.discord_app import limited
from tests.servers.discord_guilds import FORUM, SUPPRESS_NOTIFICATIONS, VOICE, Guild, Permission
from tests.servers.discord_guilds import Channel as There
from tests.servers.faults import Fault, broken, cut, says

POSTS = "POST /channels/*/messages"


def channel_of(there: There) -> Channel:
    assert there.guild is not None
    return Channel.parse(f"discord:{there.guild.id}/{there.id}")


@pytest.fixture
def guild(place: Place) -> Guild:
    return place.add_guild("Newsroom", "news", "market")


def since() -> datetime:
    return datetime.now(UTC)


# Where messages go


async def test_a_line_under_a_digest_stands_in_its_thread(place: Place, discord: Discord, guild: Guild) -> None:
    digest = await discord.post(channel_of(guild["news"]), discord.render(full())[0], nonce="a")
    for number in range(2):
        line = discord.render_line(f"Correction {number}")
        await discord.post(channel_of(guild["news"]), line, nonce=f"c{number}", thread=digest.message_id)

    (thread,) = guild.threads
    assert (thread.id, thread.parent) == (digest.message_id, guild["news"])
    assert place.shown(thread) == ["Correction 0", "Correction 1"]


async def test_a_line_answers_the_digest_where_no_thread_may_be_made(place: Place, discord: Discord, guild: Guild) -> None:
    place.forbid(guild["news"], Permission.CREATE_PUBLIC_THREADS)
    digest = await discord.post(channel_of(guild["news"]), discord.render(full())[0], nonce="a")
    await discord.post(channel_of(guild["news"]), discord.render_line("17 dead"), nonce="c", thread=digest.message_id)

    line = place.standing(guild["news"])[-1]
    assert place.text(line) == "17 dead"
    assert line.reply_to is not None
    assert line.reply_to.id == digest.message_id
    assert place.rang() == []


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_line_under_a_message_that_is_gone_is_posted_nowhere(
    place: Place, discord: Discord, guild: Guild, allowed: bool
) -> None:
    digest = await discord.post(channel_of(guild["news"]), discord.render(full())[0], nonce="a")
    place.delete(place.messages[0])
    if not allowed:
        place.forbid(guild["news"], Permission.CREATE_PUBLIC_THREADS)

    with pytest.raises(MessageGone):
        await discord.post(channel_of(guild["news"]), discord.render_line("17 dead"), nonce="c", thread=digest.message_id)

    assert place.shown(guild["news"]) == []


async def test_a_forum_gets_a_post_for_each_digest_with_all_its_parts(place: Place, discord: Discord, guild: Guild) -> None:
    forum = place.add_channel(guild, "digests", FORUM, tags=["Sport", "Bridges"], needs_tag=True)
    ids: list[str | None] = []
    for number, part in enumerate(discord.render(sixty())):
        thread = ids[0] if ids else None
        ids.append((await discord.post(channel_of(forum), part, nonce=f"a{number}", thread=thread)).message_id)
    await discord.post(channel_of(forum), discord.render_line("17 dead"), nonce="c", thread=ids[0])

    (post,) = guild.threads
    assert post.parent is forum
    assert post.name.startswith("Bridges · ")
    assert [tag.name for tag in forum.tags if tag.id in post.applied] == ["Bridges"]
    assert len(place.shown(post)) == len(ids) + 1


async def test_every_part_in_a_forum_can_be_edited(place: Place, discord: Discord, guild: Guild) -> None:
    forum = place.add_channel(guild, "digests", FORUM)
    first = await discord.post(channel_of(forum), discord.render(full())[0], nonce="a")
    second = await discord.post(channel_of(forum), discord.render(full())[0], nonce="b", thread=first.message_id)

    for receipt in (first, second):
        assert receipt.message_id is not None
        await discord.edit(channel_of(forum), receipt.message_id, discord.render_line("Changed"))

    assert place.shown(guild.threads[0]) == ["Changed", "Changed"]


async def test_a_forum_that_wants_a_tag_since_a_while_gets_one(place: Place, discord: Discord, guild: Guild) -> None:
    forum = place.add_channel(guild, "digests", FORUM, tags=["Any"])
    await discord.post(channel_of(forum), discord.render(full())[0], nonce="a")
    forum.needs_tag = True

    await discord.post(channel_of(forum), discord.render(full())[0], nonce="b")

    assert [thread.applied for thread in guild.threads] == [[], [forum.tags[0].id]]


async def test_a_thread_is_a_channel_and_is_opened_when_it_sleeps(place: Place, discord: Discord, guild: Guild) -> None:
    thread = place.thread(guild["news"], "daily", owner=place.me)
    receipt = await discord.post(channel_of(thread), discord.render_line("One"), nonce="a")
    place.archive_thread(thread)

    assert receipt.message_id is not None
    await discord.edit(channel_of(thread), receipt.message_id, discord.render_line("Two"))

    assert place.shown(thread) == ["Two"]
    assert not thread.archived


async def test_a_locked_thread_says_so(place: Place, discord: Discord, guild: Guild) -> None:
    thread = place.thread(guild["news"], "daily", owner=place.me)
    place.archive_thread(thread, locked=True)

    with pytest.raises(NotAllowed, match="locked"):
        await discord.post(channel_of(thread), discord.render_line("One"), nonce="a")


@pytest.mark.parametrize("closed", ["deleted", "locked", "forbidden"])
async def test_a_line_answers_the_digest_where_its_thread_takes_none_any_more(
    place: Place, discord: Discord, guild: Guild, closed: str
) -> None:
    news = channel_of(guild["news"])
    digest = await discord.post(news, discord.render(full())[0], nonce="a")
    await discord.post(news, discord.render_line("One"), nonce="b", thread=digest.message_id)
    close(place, guild, closed)

    await discord.post(news, discord.render_line("Two"), nonce="c", thread=digest.message_id)

    line = place.standing(guild["news"])[-1]
    assert place.text(line) == "Two"
    assert line.reply_to is not None
    assert line.reply_to.id == digest.message_id


@pytest.mark.parametrize("closed", ["deleted", "locked"])
@pytest.mark.parametrize("where", ["forum", "news"])
async def test_a_thread_that_is_deleted_or_locked_says_nothing_about_its_channel(
    place: Place, discord: Discord, guild: Guild, where: str, closed: str
) -> None:
    there = place.add_channel(guild, "digests", FORUM) if where == "forum" else guild["news"]
    digest = await discord.post(channel_of(there), discord.render(full())[0], nonce="a")
    line = await discord.post(channel_of(there), discord.render_line("One"), nonce="b", thread=digest.message_id)
    close(place, guild, closed)

    assert line.message_id is not None
    with pytest.raises(MessageGone, match="thread"):
        await discord.edit(channel_of(there), line.message_id, discord.render_line("Two"))
    with pytest.raises(MessageGone, match="thread"):
        await discord.post(channel_of(there), discord.render_line("Two"), nonce="c", thread=line.message_id)

    await discord.post(channel_of(there), discord.render(full())[0], nonce="d")


async def test_a_line_under_a_digest_in_a_channel_that_is_deleted_says_so(place: Place, discord: Discord, guild: Guild) -> None:
    news = channel_of(guild["news"])
    digest = await discord.post(news, discord.render(full())[0], nonce="a")
    place.delete_channel(guild["news"])

    with pytest.raises(TargetGone):
        await discord.post(news, discord.render_line("One"), nonce="b", thread=digest.message_id)


def close(place: Place, guild: Guild, how: str) -> None:
    """Somebody closes the one thread of a server."""
    (thread,) = guild.threads
    match how:
        case "deleted":
            place.delete_channel(thread)
        case "locked":
            place.archive_thread(thread, locked=True)  # even its owner may not open it then
            place.next(*[says(403, '{"code": 50013}', "application/json")] * 2, to=f"PATCH /channels/{thread.id}")
        case _:
            place.forbid(thread, Permission.SEND_MESSAGES_IN_THREADS)


@pytest.mark.parametrize("silent", [True, False])
async def test_what_is_posted_on_schedule_rings_no_phone_where_that_is_set(
    place: Place, settings: Settings, guild: Guild, silent: bool
) -> None:
    discord = Discord(settings.model_copy(update={"silent": silent}))
    async with discord.serve():
        await discord.post(channel_of(guild["news"]), discord.render(full())[0], nonce="a")

    assert bool(place.messages[0].flags & SUPPRESS_NOTIFICATIONS) == silent


# Once, and found again


@pytest.mark.parametrize("fault", [cut(stored=True), broken(503, stored=True), broken(502, stored=True)])
async def test_a_message_whose_answer_was_lost_is_found_and_sending_it_again_makes_no_second(
    place: Place, discord: Discord, guild: Guild, fault: object
) -> None:
    place.next(fault, to=POSTS)  # type: ignore[arg-type]
    began, payload = since(), discord.render(full())[0]
    with pytest.raises(OutcomeUnknown):
        await discord.post(channel_of(guild["news"]), payload, nonce="a")

    found = await discord.look_up(channel_of(guild["news"]), "a", since=began, number=128)
    again = await discord.post(channel_of(guild["news"]), payload, nonce="a")

    assert found == again
    assert len(place.shown(guild["news"])) == 1


async def test_a_message_is_found_among_hundreds_and_in_threads(place: Place, discord: Discord, guild: Guild) -> None:
    news, began = channel_of(guild["news"]), since()
    ann = place.add_user("Ann", guild)
    for number in range(230):
        place.say(ann, guild["news"], f"No. {number}")
    digest = await discord.post(news, discord.render(full())[0], nonce="a")
    line = await discord.post(news, discord.render_line("17 dead"), nonce="c", thread=digest.message_id)

    assert await discord.look_up(news, "a", since=began, number=None) == digest
    assert await discord.look_up(news, "c", since=began, number=None) == line
    assert await discord.look_up(news, "never", since=began, number=None) is None


async def test_a_post_of_a_forum_is_found(place: Place, discord: Discord, guild: Guild) -> None:
    forum, began = place.add_channel(guild, "digests", FORUM), since()
    place.next(cut(stored=True), to="POST /channels/*/threads")
    with pytest.raises(OutcomeUnknown):
        await discord.post(channel_of(forum), discord.render(full())[0], nonce="a")

    found = await discord.look_up(channel_of(forum), "a", since=began, number=None)

    thread = guild.threads[0].id
    assert found is not None
    assert found.message_id == f"{thread}/{thread}"


async def test_the_plain_form_is_found_by_its_number_alone(place: Place, discord: Discord, guild: Guild) -> None:
    news, began = channel_of(guild["news"]), since()
    plain = discord.plain(discord.render(full())[0])
    sent = [await discord.post(news, each, nonce=f"p{number}") for number, each in enumerate(plain)]

    assert await discord.look_up(news, "p0", since=began, number=128) == sent[-1]
    with pytest.raises(OutcomeUnknown):
        await discord.look_up(news, "p0", since=began, number=None)


async def test_nothing_is_called_absent_where_nothing_may_be_read(place: Place, discord: Discord, guild: Guild) -> None:
    await discord.post(channel_of(guild["news"]), discord.render_line("One"), nonce="a")
    place.forbid(guild["news"], Permission.READ_MESSAGE_HISTORY)

    with pytest.raises(OutcomeUnknown, match="Read Message History"):
        await discord.look_up(channel_of(guild["news"]), "a", since=since() - timedelta(hours=1), number=None)


def test_a_nonce_is_what_discord_takes_and_its_number_too() -> None:
    assert short("x" * 25) == "x" * 25
    assert len(short("x" * 26)) <= 25
    assert all(1_000 <= mark(str(each)) < 2**31 for each in range(2_000))
    assert len({mark(str(each)) for each in range(2_000)}) == 2_000


# What is said


async def test_a_channel_in_which_all_is_allowed_is_fine(discord: Discord, place: Place, guild: Guild) -> None:
    forum = place.add_channel(guild, "digests", FORUM)
    thread = place.thread(guild["news"], "daily", owner=place.me)
    for there in (guild["news"], forum, thread):
        await discord.check(channel_of(there))


@pytest.mark.parametrize(
    ("permission", "called"),
    [(Permission.SEND_MESSAGES, "Send Messages"), (Permission.READ_MESSAGE_HISTORY, "Read Message History")],
)
async def test_a_missing_permission_is_named_with_the_way_to_give_it(
    place: Place, discord: Discord, guild: Guild, permission: Permission, called: str
) -> None:
    place.forbid(guild["market"], permission)

    with pytest.raises(NotAllowed) as caught:
        await discord.check(channel_of(guild["market"]))

    wanted = f"I can't post in #market: *{called}* is off for my role. Server settings › Roles › Dateline."
    assert str(caught.value) == wanted


async def test_all_that_is_missing_is_named_at_once(place: Place, discord: Discord, guild: Guild) -> None:
    place.forbid(guild["market"], Permission.SEND_MESSAGES | Permission.READ_MESSAGE_HISTORY)

    with pytest.raises(NotAllowed, match=r"are off for my role: \*Send Messages, Read Message History\*\."):
        await discord.check(channel_of(guild["market"]))


async def test_posting_names_the_missing_permission_too(place: Place, discord: Discord, guild: Guild) -> None:
    thread = place.thread(guild["market"], "daily", owner=place.me)
    place.forbid(guild["market"], Permission.SEND_MESSAGES_IN_THREADS)

    with pytest.raises(NotAllowed, match=r"I can't post in #daily: \*Send Messages in Threads\* is off for my role"):
        await discord.post(channel_of(thread), discord.render_line("x"), nonce="a")


async def test_a_channel_that_takes_no_messages_or_is_hidden_or_elsewhere_is_refused(
    place: Place, discord: Discord, guild: Guild
) -> None:
    place.forbid(guild["news"], Permission.VIEW_CHANNEL)
    other = place.add_guild("Other", "news")
    category = place.add_channel(guild, "group", 4)
    voice = place.add_channel(guild, "talk", VOICE)

    await discord.check(channel_of(voice))
    with pytest.raises(NotAllowed, match="takes no messages"):
        await discord.check(channel_of(category))
    with pytest.raises(TargetGone, match="View Channels"):
        await discord.check(channel_of(guild["news"]))
    with pytest.raises(TargetGone):
        await discord.check(Channel.parse(f"discord:{guild.id}/{other['news'].id}"))


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, 0, AuthDead),
        (404, 10003, TargetGone),
        (404, 10004, TargetGone),
        (403, 50001, TargetGone),
        (404, 10008, MessageGone),
        (403, 50005, MessageGone),
        (403, 50013, NotAllowed),
        (400, 50024, NotAllowed),
        (400, 40067, NotAllowed),
        (400, 160005, NotAllowed),
        (403, 0, NotAllowed),
        (429, 20016, RateLimited),
        (429, 20028, RateLimited),
        (400, 20029, RateLimited),
        (400, 30046, RateLimited),
        (400, 40062, RateLimited),
        (400, 160006, RateLimited),
        (400, 50035, Rejected),
        (400, 50006, Rejected),
        (400, 0, Rejected),
        (404, 0, TargetGone),
        (500, 0, OutcomeUnknown),
        (502, 0, OutcomeUnknown),
        (503, 0, OutcomeUnknown),
        (504, 0, OutcomeUnknown),
    ],
)
async def test_each_code_has_its_own_answer(
    place: Place, discord: Discord, guild: Guild, status: int, code: int, expected: type[DeliveryError]
) -> None:
    place.next(says(status, f'{{"code": {code}, "message": "no", "retry_after": 3}}', "application/json"), to=POSTS)

    with pytest.raises(DeliveryError) as caught:
        await discord.post(channel_of(guild["news"]), discord.render_line("x"), nonce="a")

    assert type(caught.value) is expected
    assert place.token not in str(caught.value)
    assert sum(call.path.endswith("/messages") for call in place.calls) == 1


@pytest.mark.parametrize("status", [200, 404, 429, 503])
async def test_a_page_for_people_in_the_place_of_json_is_no_answer(
    place: Place, discord: Discord, guild: Guild, status: int
) -> None:
    place.next(says(status, "<html>Cloudflare</html>", "text/html"), to=POSTS)

    with pytest.raises(DeliveryError) as caught:
        await discord.post(channel_of(guild["news"]), discord.render_line("x"), nonce="a")

    expected = {200: OutcomeUnknown, 404: TargetGone, 429: RateLimited, 503: OutcomeUnknown}
    assert type(caught.value) is expected[status]


async def test_a_limit_of_the_network_before_discord_lasts_a_quarter_of_an_hour(
    place: Place, discord: Discord, guild: Guild
) -> None:
    place.next(says(429, "<html>error 1015</html>", "text/html"), to=POSTS)

    with pytest.raises(RateLimited) as caught:
        await discord.post(channel_of(guild["news"]), discord.render_line("x"), nonce="a")

    assert caught.value.retry_after == 900


async def test_a_fault_while_the_token_is_tried_delivers_nothing_and_mends_itself(
    place: Place, discord: Discord, guild: Guild
) -> None:
    for fault in (broken(503), limited(3), says(200, "<html/>", "text/html")):
        place.next(fault, to="GET /users/@me")
        with pytest.raises((Unreachable, RateLimited)):
            await discord.post(channel_of(guild["news"]), discord.render_line("x"), nonce="a")

    await discord.post(channel_of(guild["news"]), discord.render_line("x"), nonce="a")

    assert place.shown(guild["news"]) == ["x"]


async def test_a_dead_channel_cannot_get_the_bot_banned(place: Place, settings: Settings, guild: Guild) -> None:
    rest = Rest(settings, most_invalid=5)
    place.becomes(guild["news"], 403, 50001)

    async with rest.open():
        for _ in range(50):
            with pytest.raises(Exception):  # noqa: B017  (an answer, and then none)
                await rest.call("GET", "/channels/{channel_id}", channel_id=guild["news"].id)
        with pytest.raises(RateLimited, match="send nothing"):
            await rest.call("GET", "/channels/{channel_id}", channel_id=guild["market"].id)

    assert place.invalid == 5


@pytest.mark.parametrize(
    ("fault", "held"),
    [
        (limited(30, everywhere=True), True),
        (says(429, "<html>banned</html>", "text/html", retry_after="900"), True),
        (limited(30, via=False), True),
        (limited(30), False),
        (limited(30, scope="shared"), False),
    ],
)
async def test_too_much_holds_every_request_only_where_it_is_said_to_all(
    place: Place, settings: Settings, guild: Guild, fault: Fault, held: bool
) -> None:
    rest = Rest(settings)
    async with rest.open():
        place.next(fault, to="GET /channels/*")
        with pytest.raises(Answer):
            await rest.call("GET", "/channels/{channel_id}", channel_id=guild["news"].id)
        before = len(place.calls)
        with pytest.raises(RateLimited) if held else nullcontext():
            await rest.call("GET", "/guilds/{guild_id}", guild_id=guild.id)

    assert len(place.calls) == before + (not held)


async def test_an_answer_counts_though_the_library_waits_for_its_bucket_after_it(
    place: Place, settings: Settings, guild: Guild
) -> None:
    def spent(body: str, kind: str = "application/json") -> Fault:
        return says(200, body, kind, x_ratelimit_limit="1", x_ratelimit_remaining="0", x_ratelimit_reset_after="25")

    rest = Rest(settings)
    async with rest.open():
        await rest.who()
        for body in ('{"id": "7"}', ""):
            place.next(spent(body), to="GET /guilds/*")
            assert await rest.call("GET", "/guilds/{guild_id}", guild_id=str(len(body))) == ({"id": "7"} if body else None)
        place.next(spent("<html/>", "text/html"), to="GET /guilds/*")
        with pytest.raises(OutcomeUnknown):
            await rest.call("GET", "/guilds/{guild_id}", guild_id="5")


# Settings


@pytest.mark.parametrize(
    "given",
    [
        {"token": SecretStr("")},
        {"token": SecretStr("Bot abc")},
        {"api_url": "http://discord.example/api/v10"},
        {"api_url": "discord.com"},
        {"api_url": "https://me:pw@discord.com/api"},
        {"gateway_url": "ws://gateway.example"},
        {"gateway_url": "https://gateway.example"},
        {"guild": "Newsroom"},
    ],
)
def test_settings_that_cannot_be_are_refused_without_showing_the_token(given: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="accepted: ") as caught:
        Settings.read(**{"token": SecretStr("abc.secret.token"), **given})  # type: ignore[arg-type]

    assert "secret" not in str(caught.value)


def test_plain_addresses_are_taken_on_this_machine_alone() -> None:
    settings = Settings.read(SecretStr("a.b.c"), api_url="http://127.0.0.1:80/api/v10/", gateway_url="ws://localhost:1")

    assert settings.api_url == "http://127.0.0.1:80/api/v10"
    assert "a.b.c" not in repr(settings)


def test_the_token_names_its_application() -> None:
    assert Settings.read(SecretStr("MTIzNDU2Nzg5MDEyMzQ1Njc4.x.y")).application() == "123456789012345678"
    assert Settings.read(SecretStr("token-of-the-app")).application() == ""


def test_one_function_points_the_library_elsewhere(place: Place) -> None:
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    point_library(Settings.read(SecretStr("a.b.c"), api_url="http://127.0.0.1:9/api/v10", gateway_url="ws://127.0.0.1:9/"))

    assert Route("GET", "/users/@me").url == "http://127.0.0.1:9/api/v10/users/@me"
    assert str(DiscordWebSocket.DEFAULT_GATEWAY) == "ws://127.0.0.1:9/"


async def test_an_examination_says_what_is_wrong(place: Place, settings: Settings) -> None:
    assert [good for good, _ in await Discord(settings).examine()] == [True, True]
    place.next(broken(503), to="GET /users/@me")
    assert [good for good, _ in await Discord(settings).examine()] == [False]
    place.revoke_token()
    ((good, said),) = await Discord(settings).examine()
    assert not good
    assert "Reset Token" in said
