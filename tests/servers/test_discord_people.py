"""What people do at the stand-in for Discord, and what they see of an app that answers well, badly, late or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.servers.discord_app import Discord
from tests.servers.discord_asking import Asking, asking
from tests.servers.discord_guilds import Channel, Permission, User
from tests.servers.discord_payloads import button, command, entry, label, menu, modal, option, options, parts, row, say
from tests.servers.discord_people import Impossible, Upload
from tests.servers.discord_place import Act

NOON = datetime(2024, 10, 13, 12, tzinfo=UTC)
EPHEMERAL, V2 = 64, 1 << 15


@pytest.fixture
async def place() -> AsyncIterator[Discord]:
    async with Discord(clock=lambda: NOON) as place:
        place.add_guild("Newsroom", "news", "market")
        yield place


@pytest.fixture
async def ask(place: Discord) -> AsyncIterator[Asking]:
    async with asking(place) as ask:
        await ask.sync(
            command(
                "digest",
                options=[
                    option(1, 1, name="about", options=[option(name="words", required=True)]),
                    option(2, 1, name="now"),
                    option(3, 2, name="feeds", options=[option(4, 1, name="list")]),
                ],
            ),
            command("plain"),
            command("admin", default_member_permissions=str(int(Permission.MANAGE_GUILD)), contexts=[0]),
            {"type": 3, "name": "Digest this link"},
            {"type": 2, "name": "Who is this"},
        )
        yield ask


@pytest.fixture
def news(place: Discord) -> Channel:
    return place.guilds[0]["news"]


@pytest.fixture
def ann(place: Discord) -> User:
    return place.add_user("Ann", place.guilds[0])


def code(told: tuple[int, Any]) -> tuple[int, int]:
    return told[0], told[1]["code"]


async def shown_controls(ask: Asking, ann: User, news: Channel, *components: Any, flags: int = V2) -> Act:
    """An answer with controls."""
    act = ask.place.start_command(ann, news, "plain")
    await ask.respond(act, 4, {"flags": flags, "components": list(components)})
    return act


# First responses


async def test_an_answer_is_seen_by_all_or_by_the_asker_alone(ask: Asking, ann: User, news: Channel) -> None:
    for flags, others in ((0, ["x"]), (EPHEMERAL, ["x"])):
        act = ask.place.start_command(ann, news, "plain")
        assert (await ask.respond(act, 4, {"content": "x", "flags": flags}))[0] == 204
        assert (act.states, act.ephemeral, act.settled) == (["message"], flags == EPHEMERAL, True)
        assert ask.place.shown(news) == others
    assert ask.place.shown(news, ann) == ["x", "x"]
    assert [ask.place.text(message) for message in ask.place.answers(ann)] == ["x"]


async def test_who_asks_for_it_is_told_what_the_response_made(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")

    status, told = await ask.respond(act, 4, {"content": "x"}, with_response="true")

    assert act.answer is not None
    assert (status, told["resource"]["message"]["id"]) == (200, act.answer.id)
    assert told["interaction"]["response_message_id"] == act.answer.id


async def test_the_first_response_has_three_seconds(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")
    ask.place.passes(2.9)
    assert not act.settled

    ask.place.passes(0.2)

    assert act.states == ["failed"]
    assert code(await ask.respond(act, 4, {"content": "x"})) == (404, 10062)
    assert code(await ask.follow_up(act, {"content": "x"})) == (404, 10015)
    assert ask.place.shown(news) == []


async def test_without_an_answer_the_person_waits_no_longer_than_that(ask: Asking, ann: User, news: Channel) -> None:
    waiting = asyncio.create_task(ask.place.command(ann, news, "plain"))
    await ask.place.until(lambda: ask.place.acts)

    ask.place.passes(3)

    assert (await waiting).failed


async def test_a_second_first_response_is_refused(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")
    await ask.respond(act, 5)

    assert code(await ask.respond(act, 4, {"content": "x"})) == (400, 40060)
    assert code(await ask("POST", "/interactions/5/x/callback", {"type": 4}, token="")) == (404, 10062)


@pytest.mark.parametrize("kind", [1, 6, 7, 8, 10, 99])
async def test_a_command_is_not_answered_in_every_way(ask: Asking, ann: User, news: Channel, kind: int) -> None:
    act = ask.place.start_command(ann, news, "plain")

    assert code(await ask.respond(act, kind, {"content": "x"})) == (400, 50035)
    assert act.first is None


# Deferred ones


async def test_an_answer_can_be_thought_over_and_is_ephemeral_as_it_was_begun(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")
    await ask.respond(act, 5, {"flags": EPHEMERAL})
    assert (act.states, act.settled, ask.place.shown(news, ann)) == (["thinking"], False, [""])

    status, told = await ask.answer(act, "PATCH", {"content": "x", "flags": 0})

    assert (status, told["flags"] & EPHEMERAL) == (200, EPHEMERAL)
    assert (act.states, act.ephemeral, ask.place.text(act.answer)) == (["thinking", "message"], True, "x")
    assert (await ask.answer(act, "GET"))[1]["content"] == "x"


async def test_a_deferral_takes_no_flag_but_that_one(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")

    assert code(await ask.respond(act, 5, {"flags": V2})) == (400, 50035)
    assert (await ask.respond(act, 5, {"flags": 0}))[0] == 204
    assert (await ask.answer(act, "PATCH", parts(say("x"))))[0] == 200
    assert ask.place.shown(news) == ["x"]


async def test_a_straight_follow_up_takes_the_place_of_thinking(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")
    await ask.respond(act, 5)

    await ask.follow_up(act, {"content": "x", "flags": EPHEMERAL})
    assert (act.states, act.ephemeral, act.follow_ups) == (["thinking", "message"], False, [])

    await ask.follow_up(act, {"content": "y", "flags": EPHEMERAL})
    assert [ask.place.text(message) for message in act.messages] == ["x", "y"]
    assert act.follow_ups[0].ephemeral


async def test_an_answer_is_deleted_and_then_gone(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")
    await ask.respond(act, 5)

    assert (await ask.answer(act, "DELETE"))[0] == 204

    assert (act.states, act.settled, ask.place.shown(news)) == (["thinking", "deleted"], True, [])
    for method in ("GET", "PATCH", "DELETE"):
        assert code(await ask.answer(act, method, {"content": "x"})) == (404, 10008)


async def test_follow_ups_are_edited_and_deleted_by_their_ids(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")
    await ask.respond(act, 4, {"content": "x"})
    _, told = await ask.follow_up(act, {"content": "y"})

    assert (await ask.answer(act, "PATCH", {"content": "z"}, told["id"]))[0] == 200
    assert ask.place.shown(news) == ["x", "z"]
    assert (await ask.answer(act, "DELETE", message=told["id"]))[0] == 204
    assert code(await ask.answer(act, "GET", message=told["id"])) == (404, 10008)
    assert ask.place.shown(news) == ["x"]


async def test_an_interaction_lives_fifteen_minutes(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")
    await ask.respond(act, 5)

    ask.place.passes(15 * 60 - 1)
    assert not act.settled
    ask.place.passes(1)

    assert act.states == ["thinking", "failed"]
    assert code(await ask.answer(act, "PATCH", {"content": "x"})) == (401, 50027)
    assert code(await ask.follow_up(act, {"content": "x"})) == (401, 50027)


async def test_before_there_is_a_response_there_is_nothing_to_follow(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")

    assert code(await ask.follow_up(act, {"content": "x"})) == (404, 10015)
    assert code(await ask.answer(act, "PATCH", {"content": "x"})) == (404, 10015)


async def test_answers_ring_users_alone_unless_they_say_otherwise(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "plain")

    await ask.respond(act, 4, {"content": f"@everyone {ann.mention}"})
    await ask.follow_up(act, {"content": f"@everyone {ann.mention}", "flags": EPHEMERAL})

    assert ask.place.rang() == [f"user:{ann.id}"]


async def test_where_the_app_is_a_guest_it_follows_up_five_times(ask: Asking, ann: User) -> None:
    elsewhere = ask.place.add_guild("Elsewhere", "talk", installed=False)
    ask.place.join(ann, elsewhere)
    await ask.sync(command("plain", integration_types=[0, 1]), command("home"))
    act = ask.place.start_command(ann, elsewhere["talk"], "plain")
    await ask.respond(act, 4, {"content": "x"})

    told = [await ask.follow_up(act, {"content": str(number)}) for number in range(6)]

    assert [status for status, _ in told] == [200] * 5 + [400]
    assert told[5][1]["code"] == 40094
    assert code(await ask("POST", f"/channels/{elsewhere['talk'].id}/messages", {"content": "x"})) == (403, 50001)
    with pytest.raises(Impossible, match="not installed"):
        ask.place.start_command(ann, elsewhere["talk"], "home")


# What an app is told


async def test_a_command_is_told_with_its_groups_and_options(ask: Asking, ann: User, news: Channel) -> None:
    act = ask.place.start_command(ann, news, "digest about", {"words": "ferry"})

    assert act.told["data"]["name"] == "digest"
    assert act.told["data"]["options"] == [
        {"name": "about", "type": 1, "options": [{"name": "words", "type": 3, "value": "ferry"}]}
    ]
    assert act.told["member"]["user"]["id"] == ann.id
    assert (act.told["guild_id"], act.told["channel_id"], act.told["context"]) == (news.guild and news.guild.id, news.id, 0)
    deep = ask.place.start_command(ann, news, "digest feeds list").told["data"]["options"]
    assert deep == [{"name": "feeds", "type": 2, "options": [{"name": "list", "type": 1, "options": []}]}]


async def test_permissions_here_are_told_of_the_person_and_the_app(ask: Asking, ann: User, news: Channel) -> None:
    ask.place.forbid(news, Permission.SEND_MESSAGES)
    told = ask.place.start_command(ann, news, "plain").told

    assert not int(told["app_permissions"]) & Permission.SEND_MESSAGES
    assert int(told["member"]["permissions"]) & Permission.SEND_MESSAGES


async def test_people_channels_roles_and_files_come_resolved(ask: Asking, ann: User, news: Channel) -> None:
    role = ask.place.add_role(ask.place.guilds[0], "Editors")
    ask.place.forbid(news, Permission.SEND_MESSAGES)
    kinds = {"who": 6, "where": 7, "role": 8, "file": 11, "count": 4, "share": 5, "part": 10}
    await ask.sync(command("all", options=[option(name=name, kind=kind) for name, kind in kinds.items()]))

    given = {"who": ann, "where": news, "role": role, "file": Upload("feeds.opml", b"<opml/>")}
    data = ask.place.start_command(ann, news, "all", given | {"count": 2, "share": True, "part": 0.5}).told["data"]

    resolved, values = data["resolved"], {each["name"]: each["value"] for each in data["options"]}
    assert resolved["users"][values["who"]]["username"] == "ann"
    assert "user" not in resolved["members"][values["who"]]
    assert not int(resolved["channels"][values["where"]]["app_permissions"]) & Permission.SEND_MESSAGES
    assert resolved["roles"][values["role"]]["name"] == "Editors"
    assert resolved["attachments"][values["file"]]["filename"] == "feeds.opml"
    assert (values["count"], values["share"], values["part"]) == (2, True, 0.5)


async def test_in_direct_messages_there_is_a_user_and_no_member(ask: Asking, ann: User) -> None:
    told = ask.place.start_command(ann, ask.place.dm(ann), "plain").told

    assert (told["user"]["id"], told["context"]) == (ann.id, 1)
    assert not {"member", "guild_id"} & set(told)


async def test_a_menu_of_a_message_brings_the_message_and_one_of_a_person_the_person(
    ask: Asking, ann: User, news: Channel
) -> None:
    message = ask.place.say(ann, news, "https://a.example/story")
    first = ask.place.start_context_menu(ann, "Digest this link", message)
    second = ask.place.start_context_menu(ann, "Who is this", ann, news)

    assert first.told["data"]["resolved"]["messages"][message.id]["content"] == "https://a.example/story"
    assert second.told["data"]["target_id"] == ann.id


# What a client does not let happen


@pytest.mark.parametrize(
    ("words", "given", "why"),
    [
        ("nothing", {}, "no command"),
        ("digest", {}, "sub-commands"),
        ("digest abuot", {}, "no 'abuot'"),
        ("digest about", {}, "needs"),
        ("digest about", {"words": 5}, "type"),
        ("digest about", {"words": "x", "since": "y"}, "no option"),
        ("digest about", {"words": "x" * 6_001}, "too long"),
        ("admin", {}, "not shown"),
    ],
)
async def test_a_client_sends_no_wrong_command(
    ask: Asking, ann: User, news: Channel, words: str, given: dict[str, Any], why: str
) -> None:
    with pytest.raises(Impossible, match=why):
        ask.place.start_command(ann, news, words, given)


async def test_a_client_holds_options_to_their_choices_and_ranges(ask: Asking, ann: User, news: Channel) -> None:
    await ask.sync(
        command(
            "of",
            options=[
                option(name="length", choices=[{"name": "Short", "value": "short"}]),
                option(name="count", kind=4, min_value=1, max_value=5),
                option(name="where", kind=7, channel_types=[0]),
            ],
        )
    )
    forum = ask.place.add_channel(ask.place.guilds[0], "forum", 15)

    ask.place.start_command(ann, news, "of", {"length": "short", "count": 5, "where": news})
    wrong: list[dict[str, Any]] = [{"length": "long"}, {"count": 6}, {"where": forum}, {"where": ann}]
    for given in wrong:
        with pytest.raises(Impossible):
            ask.place.start_command(ann, news, "of", given)


async def test_commands_show_to_whom_they_are_for_and_where(ask: Asking, ann: User, news: Channel) -> None:
    chief = ask.place.add_user("Chief", ask.place.guilds[0], permissions=Permission.MANAGE_GUILD)
    ask.place.start_command(chief, news, "admin")
    with pytest.raises(Impossible, match="not offered here"):
        ask.place.start_command(chief, ask.place.dm(chief), "admin")

    ask.place.forbid(news, Permission.USE_APPLICATION_COMMANDS, ann)
    with pytest.raises(Impossible, match="can use no command"):
        ask.place.start_command(ann, news, "plain")
    thread = ask.place.thread(ask.place.guilds[0]["market"], "x", owner=chief)
    ask.place.archive_thread(thread)
    with pytest.raises(Impossible, match="archived"):
        ask.place.start_command(chief, thread, "plain")


# Completion


async def test_choices_are_offered_while_somebody_types(ask: Asking, ann: User, news: Channel) -> None:
    await ask.sync(command("story", options=[option(name="story", autocomplete=True), option(name="since")]))
    waiting = asyncio.create_task(ask.place.complete(ann, news, "story", "story", "fer", {"since": "today"}))
    await ask.place.until(lambda: ask.place.acts)
    act = ask.place.acts[0]

    assert act.told["data"]["options"] == [
        {"name": "since", "type": 3, "value": "today"},
        {"name": "story", "type": 3, "value": "fer", "focused": True},
    ]
    assert code(await ask.respond(act, 4, {"content": "x"})) == (400, 50035)
    await ask.respond(act, 8, {"choices": [{"name": "Ferry", "value": "s-1"}]})

    assert await waiting == [("Ferry", "s-1")]
    with pytest.raises(Impossible, match="completes no option"):
        ask.place.start_completion(ann, news, "story", "since", "x")


async def test_without_an_answer_loading_fails(ask: Asking, ann: User, news: Channel) -> None:
    await ask.sync(command("story", options=[option(name="story", autocomplete=True)]))
    waiting = asyncio.create_task(ask.place.complete(ann, news, "story", "story", "fer"))
    await ask.place.until(lambda: ask.place.acts)
    ask.place.passes(3)

    with pytest.raises(AssertionError, match="Loading options failed"):
        await waiting


# Controls


async def test_a_button_changes_the_message_it_stands_under(ask: Asking, ann: User, news: Channel) -> None:
    shown = await shown_controls(ask, ann, news, say("one"), row(button()))
    assert shown.answer is not None
    act = ask.place.start_press(shown.answer, "b0", ann)

    assert act.told["data"] == {"custom_id": "b0", "component_type": 2, "id": act.told["data"]["id"]}
    assert act.told["message"]["id"] == shown.answer.id
    assert (await ask.respond(act, 7, {"components": [say("two")]}))[0] == 204

    assert (act.states, ask.place.shown(news)) == (["updated"], ["two"])


async def test_a_silent_answer_lets_the_message_be_edited_later(ask: Asking, ann: User, news: Channel) -> None:
    shown = await shown_controls(ask, ann, news, say("one"), row(button()))
    assert shown.answer is not None
    act = ask.place.start_press(shown.answer, "x", ann)  # by its label

    await ask.respond(act, 6)
    await ask.answer(act, "PATCH", {"components": [say("two")]})
    await ask.follow_up(act, {"content": "done", "flags": EPHEMERAL})

    assert act.states == ["silent", "updated"]
    assert [ask.place.text(message) for message in act.messages] == ["two", "done"]
    assert act.ephemeral
    assert ask.place.shown(news, ann) == ["two", "done"]


async def test_what_cannot_be_pressed_is_not_pressed(ask: Asking, ann: User, news: Channel) -> None:
    link = {"type": 2, "style": 5, "label": "Site", "url": "https://a.example/"}
    shown = await shown_controls(ask, ann, news, row(button(disabled=True), link), flags=V2 | EPHEMERAL)
    ben = ask.place.add_user("Ben", ask.place.guilds[0])
    assert shown.answer is not None

    for control, user in (("b0", ann), ("Site", ann), ("none", ann), ("b0", ben)):
        with pytest.raises(Impossible):
            ask.place.start_press(shown.answer, control, user)
    ask.place.delete(shown.answer)
    with pytest.raises(Impossible, match="gone"):
        ask.place.start_press(shown.answer, "b0", ann)


async def test_a_menu_gives_what_was_picked(ask: Asking, ann: User, news: Channel) -> None:
    people = {"type": 5, "custom_id": "who"}
    shown = await shown_controls(ask, ann, news, row(menu(3, max_values=2)), row(people))
    assert shown.answer is not None

    first = ask.place.start_pick(shown.answer, "m", "v1", "v2")
    second = ask.place.start_pick(shown.answer, "who", ann)

    assert first.told["data"]["values"] == ["v1", "v2"]
    assert second.told["data"]["resolved"]["users"][ann.id]["username"] == "ann"
    for wrong in ((), ("v9",), ("v0", "v1", "v2")):
        with pytest.raises(Impossible):
            ask.place.start_pick(shown.answer, "m", *wrong)


# Forms


async def opened(ask: Asking, ann: User, news: Channel, *components: Any) -> Act:
    act = ask.place.start_command(ann, news, "plain")
    status, told = await ask.respond(act, 9, modal(*components))
    assert status == 204, told
    return act


async def test_a_form_is_filled_in_and_sent(ask: Asking, ann: User, news: Channel) -> None:
    form = await opened(
        ask,
        ann,
        news,
        say("Say what you like."),
        label(entry(1), label="Topic"),
        label(menu(3, max_values=3), label="Days"),
        label({"type": 21, "custom_id": "mode", "options": options(2)}, label="Mode"),
        label({"type": 23, "custom_id": "quiet"}, label="Quiet"),
    )

    act = ask.place.start_submit(form, {"Topic": "ferries", "Days": ["v0", "v2"], "mode": "v1", "quiet": True})

    data = act.told["data"]
    assert data["custom_id"] == "form"
    assert [part["type"] for part in data["components"]] == [10, 18, 18, 18, 18]
    filled = [part["component"] for part in data["components"][1:]]
    assert [part.get("values", part.get("value")) for part in filled] == ["ferries", ["v0", "v2"], "v1", True]


async def test_a_form_of_the_old_kind_has_rows(ask: Asking, ann: User, news: Channel) -> None:
    form = await opened(ask, ann, news, row(entry(1, label="Topic", value="ferries", required=False)))

    act = ask.place.start_submit(form, {})

    assert act.told["data"]["components"][0]["components"][0]["value"] == "ferries"


async def test_a_client_sends_no_form_that_is_filled_in_wrongly(ask: Asking, ann: User, news: Channel) -> None:
    form = await opened(ask, ann, news, label(entry(1, max_length=5), label="Topic"), label(menu(2), label="Day"))

    for wrong in ({}, {"Topic": "x" * 6, "Day": ["v0"]}, {"Topic": "a\nb", "Day": ["v0"]}, {"Topic": "x", "Day": ["v9"]}):
        with pytest.raises(Impossible):
            ask.place.start_submit(form, wrong)
    with pytest.raises(Impossible, match="has no"):
        ask.place.start_submit(form, {"Nothing": "x"})
    assert len(ask.place.acts) == 1


async def test_files_and_people_come_resolved_out_of_a_form(ask: Asking, ann: User, news: Channel) -> None:
    upload = label({"type": 19, "custom_id": "file"}, label="File")
    form = await opened(ask, ann, news, upload, label({"type": 5, "custom_id": "who"}, label="Who"))

    act = ask.place.start_submit(form, {"File": Upload("feeds.opml", b"<opml/>"), "Who": ann})

    data = act.told["data"]
    [file] = data["resolved"]["attachments"].values()
    assert data["components"][0]["component"]["values"] == [file["id"]]
    assert ask.place.files[file["id"]].content == b"<opml/>"
    assert data["components"][1]["component"]["values"] == [ann.id]


async def test_a_form_does_not_answer_a_form(ask: Asking, ann: User, news: Channel) -> None:
    form = await opened(ask, ann, news, label(entry(1, required=False)))
    act = ask.place.start_submit(form, {})

    assert code(await ask.respond(act, 9, modal(label()))) == (400, 50035)
    assert code(await ask.respond(act, 7, {"content": "x"})) == (400, 50035)  # there is no message to change
    assert ask.place.forms(ann) == [form]
    await ask.respond(act, 5, {"flags": EPHEMERAL})
    await ask.answer(act, "PATCH", {"content": "saved"})
    assert act.states == ["thinking", "message"]
    assert ask.place.forms(ann) == []
    with pytest.raises(Impossible, match="no form is open"):
        ask.place.start_submit(form, {})


async def test_a_form_that_a_button_opened_can_change_its_message(ask: Asking, ann: User, news: Channel) -> None:
    shown = await shown_controls(ask, ann, news, say("one"), row(button()))
    assert shown.answer is not None
    press = ask.place.start_press(shown.answer, "b0", ann)
    await ask.respond(press, 9, modal(label(entry(1, required=False))))
    act = ask.place.start_submit(press, {})

    assert (await ask.respond(act, 7, {"components": [say("two")]}))[0] == 204

    assert act.states == ["updated"]
    assert ask.place.shown(news) == ["two"]


async def test_two_that_press_at_once_are_two_interactions(ask: Asking, ann: User, news: Channel) -> None:
    ben = ask.place.add_user("Ben", ask.place.guilds[0])
    shown = await shown_controls(ask, ann, news, row(button()))
    assert shown.answer is not None

    first, second = (ask.place.start_press(shown.answer, "b0", user) for user in (ann, ben))

    assert first.id != second.id
    assert first.token != second.token
