"""The stand-in for Discord refuses what Discord refuses: each limit on its own, at it and beyond it."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.servers.discord_app import Discord
from tests.servers.discord_asking import Asking, asking
from tests.servers.discord_payloads import CHOICES, COMMANDS, COMPONENTS, MESSAGES, MODALS, POSTED, command, option, parts, say

NOON = datetime(2024, 10, 13, 12, tzinfo=UTC)


@pytest.fixture
async def ask() -> AsyncIterator[Asking]:
    async with Discord(clock=lambda: NOON) as place, asking(place) as ask:
        place.add_guild("Newsroom", "news")
        yield ask


def each(pairs: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("good", "bad"), [copy.deepcopy(pair) for pair in pairs.values()], ids=list(pairs))


def assert_refused(told: tuple[int, Any]) -> None:
    status, answer = told
    assert (status, answer["code"]) == (400, 50035), answer
    assert "_errors" in str(answer["errors"])


@each(MESSAGES | POSTED | COMPONENTS)
async def test_a_message_at_a_limit_is_taken_and_one_beyond_it_refused(ask: Asking, good: Any, bad: Any) -> None:
    path = f"/channels/{ask.place.guilds[0]['news'].id}/messages"

    status, told = await ask("POST", path, good)
    assert status == 200, told
    assert_refused(await ask("POST", path, bad))

    assert len(ask.place.messages) == 1


@each(MESSAGES | COMPONENTS)
async def test_an_edit_has_the_same_limits(ask: Asking, good: Any, bad: Any) -> None:
    path = f"/channels/{ask.place.guilds[0]['news'].id}/messages"
    _, message = await ask("POST", path, good)

    status, told = await ask("PATCH", f"{path}/{message['id']}", good)
    assert status == 200, told
    if "flags" not in good or "flags" in bad:  # what is of the second version stays so
        assert_refused(await ask("PATCH", f"{path}/{message['id']}", bad))

    assert ask.place.messages[0].edits == 1


@each(MESSAGES | COMPONENTS)
async def test_an_answer_has_the_same_limits(ask: Asking, good: Any, bad: Any) -> None:
    place = ask.place
    await ask.sync(command())
    acts = [place.start_command(place.guilds[0].owner, place.guilds[0]["news"], "digest") for _ in range(2)]

    status, told = await ask.respond(acts[0], 4, good)
    assert status == 204, told
    assert_refused(refused := await ask.respond(acts[1], 4, bad))
    assert "data" in refused[1]["errors"]
    assert acts[1].first is None  # the app may still answer

    assert_refused(await ask.follow_up(acts[0], bad))


@each(MODALS)
async def test_a_form_at_a_limit_opens_and_one_beyond_it_does_not(ask: Asking, good: Any, bad: Any) -> None:
    place = ask.place
    await ask.sync(command())
    acts = [place.start_command(place.guilds[0].owner, place.guilds[0]["news"], "digest") for _ in range(2)]

    status, told = await ask.respond(acts[0], 9, good)
    assert status == 204, told
    assert_refused(await ask.respond(acts[1], 9, bad))

    assert [act.modal for act in acts] == [good, None]


@each(COMMANDS)
async def test_commands_at_a_limit_are_put_and_beyond_it_refused(ask: Asking, good: Any, bad: Any) -> None:
    status, told = await ask.sync(*good)
    assert status == 200, told
    assert_refused(await ask.sync(*bad))

    assert len(ask.place.commands[""]) == len(good)
    assert ask.place.syncs == [""]


@each(CHOICES)
async def test_choices_at_a_limit_are_offered_and_beyond_it_refused(ask: Asking, good: Any, bad: Any) -> None:
    place = ask.place
    await ask.sync(command(options=[option(1, autocomplete=True)]))
    owner, news = place.guilds[0].owner, place.guilds[0]["news"]
    acts = [place.start_completion(owner, news, "digest", "o1", "fer") for _ in range(2)]

    assert (await ask.respond(acts[0], 8, {"choices": good}))[0] == 204
    assert_refused(await ask.respond(acts[1], 8, {"choices": bad}))


async def test_where_a_fault_is_can_be_read(ask: Asking) -> None:
    path = f"/channels/{ask.place.guilds[0]['news'].id}/messages"

    _, told = await ask("POST", path, parts(say(), {"type": 17, "components": [say(""), say("x" * 4_001)]}))

    inner = told["errors"]["components"]["1"]["components"]
    assert inner["0"]["content"]["_errors"][0]["code"] == "BASE_TYPE_BAD_LENGTH"
    assert set(inner) == {"0", "1"}


async def test_an_empty_message_has_a_code_of_its_own(ask: Asking) -> None:
    path = f"/channels/{ask.place.guilds[0]['news'].id}/messages"

    empty: list[dict[str, Any]] = [{}, {"content": " \n"}, {"embeds": []}, {"flags": 1 << 15, "components": []}]
    for nothing in empty:
        assert (await ask("POST", path, nothing))[1]["code"] == 50006
    _, message = await ask("POST", path, {"content": "x"})
    assert (await ask("PATCH", f"{path}/{message['id']}", {"content": ""}))[1]["code"] == 50006


async def test_what_is_no_json_or_too_much_is_refused(ask: Asking) -> None:
    path = f"/channels/{ask.place.guilds[0]['news'].id}/messages"

    assert (await ask("POST", path, []))[1]["code"] == 50109
    assert (await ask.upload(path, "{", "x.xml", b"x"))[1]["code"] == 50109
    assert await ask.upload(path, "{}", "x.xml", b"x" * (25 * 1024 * 1024)) == (
        413,
        {"message": "Request entity too large", "code": 40005},
    )


async def test_components_of_the_second_version_stay_so(ask: Asking) -> None:
    path = f"/channels/{ask.place.guilds[0]['news'].id}/messages"
    _, message = await ask("POST", path, parts(say("one")))

    assert_refused(await ask("PATCH", f"{path}/{message['id']}", {"flags": 0, "content": "two"}))
    status, told = await ask("PATCH", f"{path}/{message['id']}", {"flags": 0, "components": [say("two")]})

    assert (status, told["flags"]) == (200, 1 << 15)
    assert ask.place.shown(ask.place.guilds[0]["news"]) == ["two"]


async def test_a_message_with_words_takes_components_when_it_lets_go_of_them(ask: Asking) -> None:
    path = f"/channels/{ask.place.guilds[0]['news'].id}/messages"
    _, message = await ask("POST", path, {"content": "one"})

    assert_refused(await ask("PATCH", f"{path}/{message['id']}", parts(say("two"))))
    assert (await ask("PATCH", f"{path}/{message['id']}", {"content": None, **parts(say("two"))}))[0] == 200


async def test_two_hundred_new_commands_a_day(ask: Asking) -> None:
    for first in (0, 100):
        await ask.sync(*[command(f"c{at}") for at in range(first, first + 100)])

    assert (await ask.sync(*[command(f"c{at}") for at in range(100, 200)]))[0] == 200  # none of them is new
    status, told = await ask.sync(command("one-more"))
    assert (status, told["code"]) == (400, 30034)
    assert (await ask.sync(command("c100"), guild=ask.place.guilds[0].id))[0] == 200  # counted by itself

    ask.place.passes(24 * 60 * 60)
    assert (await ask.sync(command("one-more")))[0] == 200


async def test_a_thread_is_named_with_a_hundred_characters_at_most(ask: Asking) -> None:
    path = f"/channels/{ask.place.guilds[0]['news'].id}"
    _, message = await ask("POST", f"{path}/messages", {"content": "x"})

    assert_refused(await ask("POST", f"{path}/messages/{message['id']}/threads", {"name": "x" * 101}))
    assert_refused(await ask("POST", f"{path}/messages/{message['id']}/threads", {"name": "x", "auto_archive_duration": 61}))
    assert (await ask("POST", f"{path}/messages/{message['id']}/threads", {"name": "x" * 100}))[0] == 201


async def test_a_page_of_history_has_a_hundred_messages_at_most(ask: Asking) -> None:
    path = f"/channels/{ask.place.guilds[0]['news'].id}/messages"

    assert (await ask("GET", path, limit="100"))[0] == 200
    for limit in ("0", "101", "x"):
        assert_refused(await ask("GET", path, limit=limit))
