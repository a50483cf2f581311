"""The REST side of the stand-in for Discord: who may do what where, what is stored, who is rung, what is said of failures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from tests.servers.discord_app import Discord, limited
from tests.servers.discord_asking import Asking, asking
from tests.servers.discord_guilds import ANNOUNCEMENT, CATEGORY, FORUM, Channel, Permission
from tests.servers.discord_payloads import command, parts, row, say, section
from tests.servers.faults import broken, cut, held

NOON = datetime(2024, 10, 13, 12, tzinfo=UTC)
V2 = 1 << 15


@pytest.fixture
async def place() -> AsyncIterator[Discord]:
    async with Discord(clock=lambda: NOON) as place:
        place.add_guild("Newsroom", "news", "market")
        yield place


@pytest.fixture
async def ask(place: Discord) -> AsyncIterator[Asking]:
    async with asking(place) as ask:
        yield ask


@pytest.fixture
def news(place: Discord) -> Channel:
    return place.guilds[0]["news"]


def at(channel: Channel) -> str:
    return f"/channels/{channel.id}/messages"


def code(told: tuple[int, Any]) -> tuple[int, int]:
    return told[0], told[1]["code"]


# Who asks


@pytest.mark.parametrize("path", ["/users/@me", "/applications/@me", "/oauth2/applications/@me", "/gateway/bot"])
async def test_who_the_app_is_is_told_to_its_token_alone(ask: Asking, path: str) -> None:
    assert (await ask("GET", path))[0] == 200
    assert await ask("GET", path, token="wrong") == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await ask("GET", path, token=""))[0] == 401


async def test_a_token_can_be_revoked_while_the_app_runs(ask: Asking, news: Channel) -> None:
    ask.place.revoke_token()

    assert (await ask("POST", at(news), {"content": "x"}))[0] == 401
    assert ask.place.invalid == 1


async def test_where_the_gateway_is_is_told_to_everyone(ask: Asking) -> None:
    assert (await ask("GET", "/gateway", token=""))[1] == {"url": ask.place.gateway_address}
    assert (await ask("GET", "/gateway/bot"))[1]["session_start_limit"]["remaining"] == 1_000


async def test_there_is_nothing_elsewhere(ask: Asking, news: Channel) -> None:
    assert await ask("GET", "/nowhere") == (404, {"message": "404: Not Found", "code": 0})
    assert (await ask("PUT", at(news), {}))[0] == 405


async def test_what_was_asked_is_kept(ask: Asking, news: Channel) -> None:
    await ask("POST", at(news), {"content": "x"})

    call = ask.place.calls[-1]
    assert (str(call), call.payload, call.status) == (f"POST {at(news)}", {"content": "x"}, 200)
    assert call.authorization.startswith("Bot ")


# Messages


async def test_a_message_is_posted_read_edited_and_deleted(ask: Asking, news: Channel) -> None:
    _, message = await ask("POST", at(news), {"content": "24 dead"})
    path = f"{at(news)}/{message['id']}"

    assert (await ask("GET", path))[1]["content"] == "24 dead"
    assert (await ask("PATCH", path, {"content": "17 dead"}))[1]["edited_timestamp"]
    assert ask.place.shown(news) == ["17 dead"]

    assert (await ask("DELETE", path))[0] == 204
    assert ask.place.shown(news) == []
    for method in ("GET", "PATCH", "DELETE"):
        assert code(await ask(method, path, {"content": "x"})) == (404, 10008)


async def test_a_repeated_nonce_gives_the_first_message_for_some_minutes(ask: Asking, news: Channel) -> None:
    payload = {"content": "x", "nonce": "delivery-7-1", "enforce_nonce": True}

    _, first = await ask("POST", at(news), payload)
    _, again = await ask("POST", at(news), payload | {"content": "other"})
    assert (again["id"], again["content"], again["nonce"]) == (first["id"], "x", "delivery-7-1")

    ask.place.passes(6 * 60)
    _, late = await ask("POST", at(news), payload)
    assert late["id"] != first["id"]


async def test_a_nonce_that_is_not_enforced_protects_nothing(ask: Asking, news: Channel) -> None:
    for _ in range(2):
        await ask("POST", at(news), {"content": "x", "nonce": "n"})

    assert ask.place.shown(news) == ["x", "x"]


async def test_history_does_not_tell_a_nonce(ask: Asking, news: Channel) -> None:
    await ask("POST", at(news), {"content": "x", "nonce": "n"})

    assert "nonce" not in (await ask("GET", at(news)))[1][0]


async def test_history_comes_newest_first_and_in_pages(ask: Asking, news: Channel) -> None:
    ids = [(await ask("POST", at(news), {"content": str(number)}))[1]["id"] for number in range(6)]

    async def page(**query: str) -> list[str]:
        return [each["content"] for each in (await ask("GET", at(news), **query))[1]]

    assert await page() == ["5", "4", "3", "2", "1", "0"]
    assert await page(limit="2") == ["5", "4"]
    assert await page(limit="2", before=ids[3]) == ["2", "1"]
    assert await page(limit="2", after=ids[1]) == ["3", "2"]
    assert await page(limit="3", around=ids[2]) == ["3", "2", "1"]


async def test_a_reply_names_a_message_that_is_there(ask: Asking, news: Channel) -> None:
    _, first = await ask("POST", at(news), {"content": "x"})

    reply = {"content": "y", "message_reference": {"message_id": first["id"]}}
    lost = {"content": "z", "message_reference": {"message_id": "5"}}
    assert (await ask("POST", at(news), reply))[1]["message_reference"]["message_id"] == first["id"]
    assert code(await ask("POST", at(news), lost)) == (400, 50035)
    lost["message_reference"] |= {"fail_if_not_exists": False}  # type: ignore[operator]
    assert (await ask("POST", at(news), lost))[0] == 200


async def test_what_is_uploaded_can_be_fetched(ask: Asking, news: Channel) -> None:
    content = bytes(range(256)) * 9 + b"\r\n\n\r"

    status, told = await ask.upload(at(news), '{"attachments": [{"id": 0, "filename": "feeds.xml"}]}', "x", content)

    assert (status, told["attachments"][0]["filename"], told["attachments"][0]["size"]) == (200, "feeds.xml", len(content))
    assert ask.place.files[told["attachments"][0]["id"]].content == content
    ask.place.forbid(news, Permission.ATTACH_FILES)
    assert code(await ask.upload(at(news), "{}", "x", b"x")) == (403, 50013)


async def test_others_words_are_read_only_where_they_concern_the_app(ask: Asking, news: Channel) -> None:
    place = ask.place
    ann = place.add_user("Ann", place.guilds[0])
    place.say(ann, news, "secret")
    place.say(ann, news, f"{place.me.mention} about ferries")
    place.say(ann, place.dm(ann), "direct")
    await ask("POST", at(news), {"content": "own"})

    assert [each["content"] for each in (await ask("GET", at(news)))[1]] == ["own", f"{place.me.mention} about ferries", ""]
    assert [each["content"] for each in (await ask("GET", at(place.dm(ann))))[1]] == ["direct"]


async def test_nobody_edits_what_others_wrote(ask: Asking, news: Channel) -> None:
    message = ask.place.say(ask.place.guilds[0].owner, news, "x")

    assert code(await ask("PATCH", f"{at(news)}/{message.id}", {"content": "y"})) == (403, 50005)
    assert code(await ask("DELETE", f"{at(news)}/{message.id}")) == (403, 50013)


# Who may


@pytest.mark.parametrize(
    ("permission", "payload"),
    [(Permission.SEND_MESSAGES, {"content": "x"}), (Permission.EMBED_LINKS, {"embeds": [{"title": "x"}]})],
    ids=["send", "embed"],
)
async def test_what_a_channel_forbids_is_refused_until_it_is_allowed(
    ask: Asking, news: Channel, permission: Permission, payload: Any
) -> None:
    ask.place.forbid(news, permission)
    assert code(await ask("POST", at(news), payload)) == (403, 50013)
    assert (await ask("POST", at(ask.place.guilds[0]["market"]), payload))[0] == 200

    ask.place.allow(news, permission)
    assert (await ask("POST", at(news), payload))[0] == 200
    assert ask.place.invalid == 1


async def test_components_need_no_permission_to_embed(ask: Asking, news: Channel) -> None:
    ask.place.forbid(news, Permission.EMBED_LINKS)

    assert (await ask("POST", at(news), parts(say())))[0] == 200


async def test_a_hidden_channel_is_not_to_be_reached(ask: Asking, news: Channel) -> None:
    ask.place.forbid(news, Permission.VIEW_CHANNEL)

    assert code(await ask("GET", f"/channels/{news.id}")) == (403, 50001)
    assert code(await ask("POST", at(news), {"content": "x"})) == (403, 50001)


async def test_without_its_permission_history_is_empty_and_a_message_is_refused(ask: Asking, news: Channel) -> None:
    _, message = await ask("POST", at(news), {"content": "x"})
    ask.place.forbid(news, Permission.READ_MESSAGE_HISTORY)

    assert await ask("GET", at(news)) == (200, [])
    assert code(await ask("GET", f"{at(news)}/{message['id']}")) == (403, 50013)


async def test_what_is_gone_is_unknown(ask: Asking, news: Channel) -> None:
    place, guild = ask.place, ask.place.guilds[0]
    place.delete_channel(news)
    assert code(await ask("POST", at(news), {"content": "x"})) == (404, 10003)
    assert (await ask("GET", f"/guilds/{guild.id}"))[0] == 200

    place.remove_bot(guild)
    assert code(await ask("GET", f"/guilds/{guild.id}")) == (404, 10004)
    assert code(await ask("POST", at(guild["market"]), {"content": "x"})) == (403, 50001)


async def test_a_channel_can_be_made_to_answer_anything(ask: Asking, news: Channel) -> None:
    ask.place.becomes(news, 429, 20028)

    assert code(await ask("POST", at(news), {"content": "x"})) == (429, 20028)


@pytest.mark.parametrize("kind", [FORUM, CATEGORY])
async def test_a_channel_of_another_kind_takes_no_messages(ask: Asking, kind: int) -> None:
    other = ask.place.add_channel(ask.place.guilds[0], "other", kind)

    assert code(await ask("POST", at(other), {"content": "x"})) == (400, 50008)
    assert code(await ask("GET", at(other))) == (400, 50024)


async def test_a_person_is_written_to_who_shares_a_guild_and_wants_to_be(ask: Asking) -> None:
    ann, ben = ask.place.add_user("Ann", ask.place.guilds[0]), ask.place.add_user("Ben")

    _, told = await ask("POST", "/users/@me/channels", {"recipient_id": ann.id})
    assert told["id"] == ask.place.dm(ann).id
    assert (await ask("POST", at(ask.place.dm(ann)), {"content": "x"}))[0] == 200
    assert code(await ask("POST", at(ask.place.dm(ben)), {"content": "x"})) == (403, 50007)
    ann.closed = True
    assert code(await ask("POST", at(ask.place.dm(ann)), {"content": "x"})) == (403, 50007)
    assert code(await ask("POST", "/users/@me/channels", {"recipient_id": "5"})) == (404, 10013)


# Threads


async def test_a_message_has_one_thread_with_its_id(ask: Asking, news: Channel) -> None:
    _, message = await ask("POST", at(news), {"content": "x"})
    status, thread = await ask("POST", f"{at(news)}/{message['id']}/threads", {"name": "Corrections"})

    assert (status, thread["id"], thread["parent_id"]) == (201, message["id"], news.id)
    assert code(await ask("POST", f"{at(news)}/{message['id']}/threads", {"name": "x"})) == (400, 160004)
    assert (await ask("POST", f"/channels/{thread['id']}/messages", {"content": "y"}))[0] == 200
    assert ask.place.shown(news.guild.threads[0]) == ["y"]  # type: ignore[union-attr]
    assert ask.place.shown(news) == ["x"]


@pytest.mark.parametrize("permission", [Permission.CREATE_PUBLIC_THREADS, Permission.SEND_MESSAGES_IN_THREADS])
async def test_threads_have_permissions_of_their_own(ask: Asking, news: Channel, permission: Permission) -> None:
    _, message = await ask("POST", at(news), {"content": "x"})
    ask.place.forbid(news, permission)
    ask.place.forbid(news, Permission.SEND_MESSAGES)  # it says nothing of threads

    begun = await ask("POST", f"{at(news)}/{message['id']}/threads", {"name": "x"})
    said = await ask("POST", f"/channels/{message['id']}/messages", {"content": "y"})
    if permission is Permission.CREATE_PUBLIC_THREADS:
        assert code(begun) == (403, 50013)
    else:
        assert (begun[0], code(said)) == (201, (403, 50013))


async def test_an_archived_thread_wakes_when_it_is_written_to_and_is_not_edited(ask: Asking, news: Channel) -> None:
    thread = ask.place.thread(news, "x", owner=ask.place.guilds[0].owner)
    _, message = await ask("POST", at(thread), {"content": "x"})
    ask.place.archive_thread(thread)

    assert code(await ask("PATCH", f"{at(thread)}/{message['id']}", {"content": "y"})) == (400, 50083)
    assert code(await ask("PATCH", f"/channels/{thread.id}", {"name": "y"})) == (400, 50083)
    assert (await ask("PATCH", f"/channels/{thread.id}", {"archived": False}))[0] == 200
    assert (await ask("PATCH", f"{at(thread)}/{message['id']}", {"content": "y"}))[0] == 200

    ask.place.archive_thread(thread)
    assert (await ask("DELETE", f"{at(thread)}/{message['id']}"))[0] == 204
    assert (await ask("POST", at(thread), {"content": "z"}))[0] == 200
    assert not thread.archived


async def test_a_thread_is_renamed_by_who_began_it(ask: Asking, news: Channel) -> None:
    for owner, expected in ((ask.place.me, 200), (ask.place.guilds[0].owner, 403)):
        thread = ask.place.thread(news, "x", owner=owner)
        assert (await ask("PATCH", f"/channels/{thread.id}", {"name": "y"}))[0] == expected
    assert (await ask("PATCH", f"/channels/{news.id}", {"name": "y"}))[0] == 403


async def test_a_locked_thread_is_for_moderators(ask: Asking, news: Channel) -> None:
    thread = ask.place.thread(news, "x", owner=ask.place.guilds[0].owner)
    ask.place.archive_thread(thread, locked=True)

    assert code(await ask("POST", at(thread), {"content": "x"})) == (400, 160005)
    assert code(await ask("PATCH", f"/channels/{thread.id}", {"archived": False})) == (403, 50013)
    ask.place.allow(news, Permission.MANAGE_THREADS)
    assert (await ask("PATCH", f"/channels/{thread.id}", {"archived": False, "locked": False}))[0] == 200
    assert (await ask("POST", at(thread), {"content": "x"}))[0] == 200


async def test_a_guild_has_only_so_many_active_threads(ask: Asking, news: Channel) -> None:
    ask.place.most_threads = 1
    thread = ask.place.thread(news, "x", owner=ask.place.guilds[0].owner)
    _, message = await ask("POST", at(news), {"content": "x"})

    assert code(await ask("POST", f"{at(news)}/{message['id']}/threads", {"name": "x"})) == (400, 160006)
    ask.place.archive_thread(thread)
    assert (await ask("POST", f"{at(news)}/{message['id']}/threads", {"name": "x"}))[0] == 201


async def test_a_forum_takes_posts_with_tags(ask: Asking) -> None:
    forum = ask.place.add_channel(ask.place.guilds[0], "forum", FORUM, tags=["world"], needs_tag=True)
    post = {"name": "World news", "message": {"content": "x"}}

    assert code(await ask("POST", f"/channels/{forum.id}/threads", post)) == (400, 40067)
    assert code(await ask("POST", f"/channels/{forum.id}/threads", post | {"applied_tags": ["5"]})) == (400, 50035)
    status, told = await ask("POST", f"/channels/{forum.id}/threads", post | {"applied_tags": [forum.tags[0].id]})

    assert (status, told["message"]["id"], told["applied_tags"]) == (201, told["id"], [forum.tags[0].id])
    assert code(await ask("POST", f"/channels/{forum.id}/threads", {"name": "x"})) == (400, 50035)


async def test_an_announcement_has_threads_of_its_kind_and_a_voice_channel_has_none(ask: Asking) -> None:
    guild = ask.place.guilds[0]
    announcements, voice = (ask.place.add_channel(guild, name, kind) for name, kind in (("a", ANNOUNCEMENT), ("v", 2)))
    for channel, expected in ((announcements, (201, 10)), (voice, (400, 50024))):
        _, message = await ask("POST", at(channel), {"content": "x"})
        status, told = await ask("POST", f"{at(channel)}/{message['id']}/threads", {"name": "x"})
        assert (status, told.get("type", told.get("code"))) == expected


async def test_a_thread_without_a_message_is_private_unless_it_says_otherwise(ask: Asking, news: Channel) -> None:
    assert code(await ask("POST", f"/channels/{news.id}/threads", {"name": "x"})) == (403, 50013)
    assert (await ask("POST", f"/channels/{news.id}/threads", {"name": "x", "type": 11}))[1]["type"] == 11


# Who is rung, and what unfolds


def ping_payloads() -> dict[str, tuple[Any, int]]:
    mentions = "@everyone \\@here <@&{role}> <@{ann}> <@!{ann}>"
    return {
        "all by default": ({"content": mentions}, 5),
        "in text displays too": (parts(say(mentions), section(say(mentions))), 10),
        "none": ({"content": mentions, "allowed_mentions": {"parse": []}}, 0),
        "none in text displays": ({**parts(say(mentions)), "allowed_mentions": {"parse": []}}, 0),
        "users": ({"content": mentions, "allowed_mentions": {"parse": ["users"]}}, 2),
        "roles": ({"content": mentions, "allowed_mentions": {"parse": ["roles"]}}, 1),
        "everyone": ({"content": mentions, "allowed_mentions": {"parse": ["everyone"]}}, 2),
        "a user": ({"content": mentions, "allowed_mentions": {"users": ["{ann}"]}}, 2),
        "embeds never ring": ({"embeds": [{"description": mentions}]}, 0),
        "nobody who is not there": ({"content": "<@5> <@&5>"}, 0),
    }


def filled(value: Any, **names: str) -> Any:
    if isinstance(value, str):
        return value.format(**names)
    if isinstance(value, list):
        return [filled(each, **names) for each in value]
    return {key: filled(each, **names) for key, each in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(("payload", "count"), ping_payloads().values(), ids=ping_payloads())
async def test_everyone_who_is_rung_is_known(ask: Asking, news: Channel, payload: Any, count: int) -> None:
    guild = ask.place.guilds[0]
    ann, role = ask.place.add_user("Ann", guild), ask.place.add_role(guild, "Editors")

    status, told = await ask("POST", at(news), filled(payload, ann=ann.id, role=role.id))

    assert status == 200, told
    assert len(ask.place.rang()) == count


async def test_who_may_not_ring_everyone_rings_nobody_but_users_and_open_roles(ask: Asking, news: Channel) -> None:
    guild = ask.place.guilds[0]
    closed, opened = ask.place.add_role(guild, "Editors"), ask.place.add_role(guild, "Readers", mentionable=True)
    ask.place.forbid(news, Permission.MENTION_EVERYONE)

    await ask("POST", at(news), {"content": f"@everyone <@&{closed.id}> <@&{opened.id}> {guild.owner.mention}"})

    assert ask.place.rang() == [f"role:{opened.id}", f"user:{guild.owner.id}"]


async def test_an_edit_does_not_inherit_what_the_post_allowed(ask: Asking, news: Channel) -> None:
    _, message = await ask("POST", at(news), {"content": "x", "allowed_mentions": {"parse": []}})
    path = f"{at(news)}/{message['id']}"

    await ask("PATCH", path, {"content": "@everyone", "allowed_mentions": {"parse": []}})
    assert ask.place.rang() == []
    await ask("PATCH", path, {"content": "@everyone"})
    assert ask.place.rang() == ["everyone"]


async def test_a_message_can_be_quiet(ask: Asking, news: Channel) -> None:
    await ask("POST", at(news), {"content": "x", "flags": 1 << 12})

    assert ask.place.messages[0].quiet


async def test_an_edit_suppresses_embeds_and_nothing_else(ask: Asking, news: Channel) -> None:
    _, message = await ask("POST", at(news), {"content": "x"})

    _, told = await ask("PATCH", f"{at(news)}/{message['id']}", {"flags": 1 << 12 | 1 << 2})

    assert (told["flags"], told["content"]) == (1 << 2, "x")


async def test_components_are_numbered_where_the_app_does_not(ask: Asking, news: Channel) -> None:
    _, told = await ask("POST", at(news), parts(say(), {**say(), "id": 1}, section(say())))

    assert [part["id"] for part in told["components"]] == [2, 1, 3]
    assert (told["components"][2]["components"][0]["id"], told["components"][2]["accessory"]["id"]) == (4, 5)


async def test_links_unfold_unless_they_are_kept_from_it(ask: Asking, news: Channel) -> None:
    link = "https://a.example/"
    unfolding = ({"content": link}, {"content": f"[x]({link})"})
    for payload in unfolding:
        await ask("POST", at(news), payload)
        assert ask.place.messages[-1].previews == [link]
    kept: list[Any] = [{"content": f"<{link}> [x](<{link}>)"}, {"content": link, "flags": 1 << 2}, parts(say(link))]
    for payload in (*kept, {"embeds": [{"title": "x", "url": link}]}):
        await ask("POST", at(news), payload)
        assert ask.place.messages[-1].previews == []


async def test_controls_are_counted(ask: Asking, news: Channel) -> None:
    await ask("POST", at(news), parts(section(say()), row({"type": 2, "style": 5, "label": "x", "url": "https://a.example/"})))

    assert ask.place.messages[0].controls == 1


# Failures


async def test_a_request_can_be_made_to_fail_before_or_after_it_is_stored(ask: Asking, news: Channel) -> None:
    place = ask.place
    place.next(cut(stored=False), cut(stored=True), broken(503), broken(500, stored=True), to="POST /channels/*/messages")
    assert (await ask("GET", at(news)))[0] == 200  # another kind of request

    for said in ("1", "2"):
        with pytest.raises(ClientError):
            await ask("POST", at(news), {"content": said})
    assert await ask("POST", at(news), {"content": "3"}) == (503, None)
    assert await ask("POST", at(news), {"content": "4"}) == (500, None)
    assert (await ask("POST", at(news), {"content": "5"}))[0] == 200

    assert place.shown(news) == ["2", "4", "5"]


async def test_an_answer_can_be_slow(ask: Asking, news: Channel) -> None:
    gate = asyncio.Event()
    ask.place.next(held(gate), to="POST *")

    slow = asyncio.create_task(ask("POST", at(news), {"content": "x"}))
    await ask.place.received(1)
    assert ask.place.shown(news) == []
    gate.set()

    assert (await slow)[0] == 200


async def test_a_limit_says_how_long_in_body_and_header(ask: Asking, news: Channel) -> None:
    ask.place.next(limited(1.5), limited(2, everywhere=True), limited(3, scope="shared"), to="POST *")

    told = [(await ask("POST", at(news), {"content": "x"}))[1] for _ in range(3)]

    assert [(each["retry_after"], each["global"]) for each in told] == [(1.5, False), (2, True), (3, False)]
    assert ask.place.invalid == 2  # what others used up does not count
    assert ask.place.shown(news) == []


async def test_each_answer_tells_its_bucket(place: Discord, news: Channel) -> None:
    async with ClientSession(headers={"Authorization": f"Bot {place.token}"}) as session:
        for left in ("999", "998"):
            async with session.post(place.api + at(news), json={"content": "x"}) as response:
                assert response.headers["Content-Type"] == "application/json"
                assert response.headers["X-RateLimit-Limit"] == "1000"
                assert response.headers["X-RateLimit-Remaining"] == left
                assert response.headers["X-RateLimit-Reset-After"] == "1.000"
                bucket = response.headers["X-RateLimit-Bucket"]
        async with session.get(place.api + at(news)) as response:
            assert response.headers["X-RateLimit-Bucket"] != bucket


async def test_a_bucket_empties_and_fills_again() -> None:
    async with Discord(clock=lambda: NOON, burst=(2, 5.0)) as place, asking(place) as ask:
        guild = place.add_guild("Newsroom", "news", "market")
        told = [await ask("POST", at(guild["news"]), {"content": "x"}) for _ in range(3)]
        assert [status for status, _ in told] == [200, 200, 429]
        assert told[2][1]["retry_after"] == 5.0
        assert (await ask("POST", at(guild["market"]), {"content": "x"}))[0] == 200

        place.passes(5)
        assert (await ask("POST", at(guild["news"]), {"content": "x"}))[0] == 200


# Members and threads of a guild


async def test_a_member_is_told_by_id(ask: Asking) -> None:
    guild = ask.place.guilds[0]
    ann = ask.place.add_user("Ann", guild, permissions=Permission.MANAGE_GUILD)

    _, told = await ask("GET", f"/guilds/{guild.id}/members/{ann.id}")

    assert (told["user"]["id"], len(told["roles"])) == (ann.id, 1)
    assert code(await ask("GET", f"/guilds/{guild.id}/members/5")) == (404, 10013)


async def test_active_threads_are_told_of_channels_that_the_app_sees(ask: Asking, news: Channel) -> None:
    guild = ask.place.guilds[0]
    first, _, old = (ask.place.thread(guild[name], name, owner=guild.owner) for name in ("news", "market", "news"))
    ask.place.archive_thread(old)
    ask.place.forbid(guild["market"], Permission.VIEW_CHANNEL)

    _, told = await ask("GET", f"/guilds/{guild.id}/threads/active")

    assert [each["id"] for each in told["threads"]] == [first.id]


# Commands


async def test_commands_keep_their_ids_while_their_names_stay(ask: Asking) -> None:
    _, first = await ask.sync(command("a"), command("b"))
    _, second = await ask.sync(command("b", description="other"), command("c"))

    assert second[0]["id"] == first[1]["id"]
    assert [each["name"] for each in (await ask("GET", f"/applications/{ask.place.me.id}/commands"))[1]] == ["b", "c"]
    assert ask.place.syncs == ["", ""]
    assert len(ask.place.creates) == 3


async def test_commands_of_a_guild_are_its_own(ask: Asking) -> None:
    guild = ask.place.guilds[0]

    _, told = await ask.sync(command("a"), guild=guild.id)

    assert told[0]["guild_id"] == guild.id
    assert ask.place.commands[""] == []
    assert code(await ask.sync(command("a"), guild="5")) == (403, 50001)
    assert code(await ask("PUT", "/applications/5/commands", [])) == (404, 10002)
