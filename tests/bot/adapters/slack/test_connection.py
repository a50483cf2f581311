"""The connection: tried first, watched, made again; a token that is refused is said once and not tried again."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.slack.adapter import Slack
from bot.adapters.slack.manifest import scopes
from bot.connection_words import told
from bot.errors import AuthDead
from bot.model import Channel, Space
from bot.ports.desk import House
from bot.talk import reply
from bot.wording import marked, plain
from tests.bot.adapters.slack.conftest import NoMarks, Open, Places, listening, settings_of
from tests.fakes import FakeDesk
from tests.servers.faults import broken, held
from tests.servers.slack import Slack as Server
from tests.servers.slack import says_no

TEAM = Space("slack", "T1")


async def asks(bot: Open) -> str:
    """What a command comes to."""
    bot.answers(reply(marked("Here.")))
    act = await bot.server.command("U1", "C1", "/digest")
    return act.error or bot.server.words(await act.answered())


async def until(look: Callable[[], bool]) -> None:
    """Wait until something is so that no server tells of."""
    async with asyncio.timeout(10):
        while not look():  # noqa: ASYNC110  (a log tells nobody that it was written to)
            await asyncio.sleep(0.01)


async def test_at_each_connection_the_space_is_said_to_be_served(bot: Open) -> None:
    assert bot.places.heard == [("back", TEAM)]
    assert "connection_made platform=slack team=T1" in bot.lines.getvalue()


async def test_how_it_is_doing_is_told_in_a_line(bot: Open) -> None:
    await asks(bot)

    said = plain(told(bot.slack.telling(), "UTC"))
    assert said.startswith("connected as @dateline to Dateline test since ")
    assert "; 1 request, acknowledged in " in said
    assert said.endswith("; told to wait 0 times")


async def test_a_connection_that_slack_renews_misses_nothing(bot: Open) -> None:
    await bot.server.refresh()
    await bot.server.connected(ever=2)

    assert await asks(bot) == "Here."


@pytest.mark.slow
async def test_a_connection_that_breaks_off_is_made_again(bot: Open) -> None:
    bot.server.cut()
    await bot.server.connected(ever=2)

    assert await asks(bot) == "Here."


@pytest.mark.slow
async def test_a_connection_that_falls_silent_is_made_again(bot: Open) -> None:
    bot.server.cut(silently=True)
    await bot.server.connected(ever=2)

    assert await asks(bot) == "Here."


async def test_work_goes_on_over_a_connection_that_is_renewed(server: Server, lines: io.StringIO) -> None:
    gate = asyncio.Event()

    class Slow(FakeDesk):
        async def answer(self, *asked: Any) -> Any:
            await gate.wait()
            return await super().answer(*asked)

    async with listening(server, Slow(reply(marked("Here."))), Places()):
        act = await server.command("U1", "C1", "/digest")
        await server.refresh()
        await server.connected(ever=2)
        gate.set()
        await server.until(lambda: "Here." in map(server.words, act.answers))


# Tokens


@pytest.mark.parametrize(
    ("token", "words"),
    [("bot", "Install App, set SLACK_BOT_TOKEN"), ("app", "connections:write")],
)
async def test_a_token_that_is_refused_is_said_once_and_not_tried_again(
    server: Server, lines: io.StringIO, token: str, words: str
) -> None:
    server.workspace.dead[server.bot_token if token == "bot" else server.app_token] = "invalid_auth"
    async with listening(server, FakeDesk(), Places(), wait=False) as slack:
        await until(lambda: "connection_refused" in lines.getvalue())
        calls = len(server.calls)
        await asyncio.sleep(0)

        assert len(server.calls) == calls
        assert words in slack.telling().words
        assert slack.telling().refused

    assert lines.getvalue().count("connection_refused") == 1
    assert words in lines.getvalue()
    assert server.bot_token not in lines.getvalue()
    assert server.app_token not in lines.getvalue()


@pytest.mark.parametrize("fault", [broken(503), says_no("fatal_error")], ids=["a page", "fatal_error"])
async def test_a_start_that_fails_is_tried_again(server: Server, lines: io.StringIO, fault: Any) -> None:
    server.next(fault, of="auth.test")

    async with listening(server, FakeDesk(), Places()):
        assert "connection_lost platform=slack" in lines.getvalue()


async def test_a_token_that_is_taken_back_ends_the_door(bot: Open) -> None:
    bot.server.revoke_tokens()
    await until(lambda: "connection_refused" in bot.lines.getvalue())

    assert ("left", TEAM) in bot.places.heard
    assert "SLACK_BOT_TOKEN" in bot.slack.telling().words


async def test_a_token_that_dies_without_a_word_ends_the_door_with_the_next_call(bot: Open) -> None:
    bot.server.workspace.dead[bot.server.bot_token] = "token_revoked"

    with pytest.raises(AuthDead):
        await bot.slack.post(Channel.parse("slack:T1/C1"), bot.slack.render_line("x"), nonce="n")
    await until(lambda: "connection_refused" in bot.lines.getvalue())


@pytest.mark.parametrize("tokens_first", [True, False])
async def test_an_app_that_is_removed_leaves_its_space(bot: Open, tokens_first: bool) -> None:
    bot.server.uninstall(tokens_first=tokens_first)
    await bot.server.settled()
    await until(lambda: "connection_refused" in bot.lines.getvalue())

    assert ("left", TEAM) in bot.places.heard


async def test_what_others_put_into_the_environment_changes_nothing(
    server: Server, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """slack-bolt reads these by itself, and would then wait for an installation over the web."""
    for variable in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.setenv(variable, "xoxb-of-somebody-else")
    for variable in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")  # where nobody listens
    async with listening(server, FakeDesk(reply(marked("Here."))), Places()):
        act = await server.command("U1", "C1", "/digest")

        assert server.words(await act.answered()) == "Here."
    assert "library_said" not in lines.getvalue()


async def test_it_ends_at_once_when_it_is_told_to_while_it_connects(server: Server, lines: io.StringIO) -> None:
    gate = asyncio.Event()
    server.next(held(gate), of="apps.connections.open")
    slack, stop = Slack(settings_of(server)), asyncio.Event()
    task = asyncio.create_task(slack.listen(House(FakeDesk(), Places(), NoMarks()), lambda: datetime.now(UTC), stop))
    await server.called("apps.connections.open")

    stop.set()
    await asyncio.wait({task}, timeout=5)

    assert task.done()
    gate.set()


async def test_one_address_is_opened_for_one_connection(bot: Open) -> None:
    assert len(bot.server.calls_of("apps.connections.open")) == 1


# Looking without being connected


async def test_an_installation_that_is_well_is_said_to_be(server: Server) -> None:
    said = await Slack(settings_of(server)).examine()

    assert [well for well, _ in said] == [True, True]
    assert "@dateline in Dateline test (T1)" in said[0][1]
    assert server.sockets.connected_ever == 0


async def test_a_scope_that_is_missing_is_named_with_what_to_do(lines: io.StringIO) -> None:
    async with Server(scopes=set(scopes()) - {"files:read"}) as server:
        said = await Slack(settings_of(server)).examine()

    [wrong] = [words for well, words in said if not well]
    assert "files:read" in wrong
    assert "Reinstall" in wrong


async def test_tokens_in_each_others_place_are_both_said_to_be_wrong(server: Server) -> None:
    server.workspace.dead |= {server.bot_token: "invalid_auth", server.app_token: "invalid_auth"}

    said = await Slack(settings_of(server)).examine()

    assert [well for well, _ in said] == [False, False]
    assert "SLACK_BOT_TOKEN" in said[0][1]
    assert "SLACK_APP_TOKEN" in said[1][1]


async def test_it_listens_again_after_it_was_stopped(server: Server, lines: io.StringIO) -> None:
    slack = Slack(settings_of(server))
    for ever in (1, 2):
        stop = asyncio.Event()
        house = House(FakeDesk(), Places(), NoMarks())
        task = asyncio.create_task(slack.listen(house, lambda: datetime.now(UTC), stop))
        await server.connected(ever=ever)
        stop.set()
        await task

    assert server.sockets.connected_ever == 2
