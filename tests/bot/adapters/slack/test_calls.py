"""Each word with which Slack says no leads to its own error, in words that say what to do, and nothing is tried twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from bot.adapters.slack.adapter import Slack
from bot.adapters.slack.settings import Settings
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
)
from bot.model import Channel
from bot.talk import story_under
from digests.model import Digest
from tests.bot.adapters.slack.conftest import settings_of
from tests.golden.news import full, sixty
from tests.servers.faults import says
from tests.servers.slack import Slack as Server
from tests.servers.slack import limited, says_no

HERE = Channel.parse("slack:T1/C1")
SINCE = datetime(2024, 10, 13, tzinfo=UTC)


@pytest.fixture
async def slack(server: Server) -> AsyncIterator[Slack]:
    slack = Slack(settings_of(server), timeout_s=5)
    async with slack.serve():
        yield slack


async def refused(slack: Slack) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await slack.post(HERE, slack.render_line("x"), nonce="n")
    held = caught.value.__context__  # an error of the library holds the request, and so the token
    assert held is None or isinstance(held, DeliveryError)
    return caught.value


@pytest.mark.parametrize(
    ("word", "kind", "says_what"),
    [
        ("fatal_error", OutcomeUnknown, "may be done"),
        ("internal_error", OutcomeUnknown, "may be done"),
        ("service_unavailable", OutcomeUnknown, "may be done"),
        ("request_timeout", OutcomeUnknown, "may be done"),
        ("team_added_to_org", OutcomeUnknown, "may be done"),
        ("ratelimited", RateLimited, "pause"),
        ("rate_limited", RateLimited, "pause"),
        ("channel_not_found", TargetGone, "/invite"),
        ("is_archived", TargetGone, "Unarchive"),
        ("not_in_channel", TargetGone, "/invite"),
        ("restricted_action", NotAllowed, "admin"),
        ("restricted_action_read_only_channel", NotAllowed, "admin"),
        ("restricted_action_thread_only_channel", NotAllowed, "thread"),
        ("no_permission", NotAllowed, "admin"),
        ("ekm_access_denied", NotAllowed, "admin"),
        ("cannot_dm_bot", NotAllowed, "bot"),
        ("user_not_in_channel", NotAllowed, "not in the channel"),
        ("invalid_auth", AuthDead, "SLACK_BOT_TOKEN"),
        ("not_authed", AuthDead, "SLACK_BOT_TOKEN"),
        ("token_revoked", AuthDead, "SLACK_BOT_TOKEN"),
        ("account_inactive", AuthDead, "SLACK_BOT_TOKEN"),
        ("token_expired", AuthDead, "SLACK_BOT_TOKEN"),
        ("invalid_blocks", Rejected, "invalid_blocks"),
        ("invalid_blocks_format", Rejected, "invalid_blocks_format"),
        ("invalid_arguments", Rejected, "invalid_arguments"),
        ("no_text", Rejected, "no_text"),
        ("metadata_too_large", Rejected, "metadata_too_large"),
        ("msg_too_long", Rejected, "msg_too_long"),
        ("msg_blocks_too_long", Rejected, "msg_blocks_too_long"),
        ("message_not_found", MessageGone, "message_not_found"),
        ("cant_update_message", MessageGone, "cant_update_message"),
        ("edit_window_closed", MessageGone, "edit_window_closed"),
        ("something_new", Rejected, "something_new"),
    ],
)
async def test_each_word_has_its_error(server: Server, slack: Slack, word: str, kind: type, says_what: str) -> None:
    server.next(says_no(word), of="chat.postMessage")

    error = await refused(slack)

    assert type(error) is kind
    assert says_what in str(error)
    assert server.bot_token not in str(error)
    assert len(server.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (says(200, "<html>Down</html>", "text/html"), OutcomeUnknown),
        (says(200, "ok", "text/plain"), OutcomeUnknown),
        (says(200, "{not json", "application/json"), OutcomeUnknown),
        (says(200, "[]", "application/json"), OutcomeUnknown),
        (says(502, "<html>Bad gateway</html>", "text/html"), OutcomeUnknown),
        (says(401, "{}", "application/json"), AuthDead),
        (says(413, "", "text/html"), Rejected),
        (limited(7), RateLimited),
        (says(429, "slow down", "text/plain"), RateLimited),
    ],
    ids=["page", "word", "broken", "list", "gateway", "401", "413", "429", "429 in words"],
)
async def test_an_answer_that_is_none_of_slacks_is_sorted_too(server: Server, slack: Slack, fault: Any, kind: type) -> None:
    server.next(fault, of="chat.postMessage")

    assert type(await refused(slack)) is kind


async def test_the_scope_that_is_missing_is_named(server: Server, slack: Slack) -> None:
    server.scopes.discard("chat:write")

    error = await refused(slack)

    assert type(error) is NotAllowed
    assert "chat:write" in str(error)
    assert "dateline slack manifest" in str(error)


async def test_what_slack_finds_wrong_with_a_payload_stands_in_the_error(slack: Slack) -> None:
    payload = {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}

    with pytest.raises(Rejected, match=r"json-pointer:/blocks/0"):
        await slack.post(HERE, payload, nonce="n")


async def test_another_workspace_is_not_served(server: Server, slack: Slack) -> None:
    with pytest.raises(TargetGone, match=r"another workspace .* Dateline test \(T1\)"):
        await slack.post(Channel.parse("slack:T2/C1"), slack.render_line("x"), nonce="n")

    assert server.calls_of("chat.postMessage") == []


async def test_before_the_token_is_known_nothing_is_posted_and_nothing_is_in_doubt(server: Server, slack: Slack) -> None:
    server.next(says_no("fatal_error"), of="auth.test")

    error = await refused(slack)

    assert not isinstance(error, OutcomeUnknown)
    assert server.calls_of("chat.postMessage") == []


# May I post there?


async def test_a_channel_is_looked_at_without_posting(server: Server, slack: Slack) -> None:
    await slack.check(HERE)

    with pytest.raises(TargetGone, match=r"I'm not in #lounge\. Invite me with `/invite @dateline`"):
        await slack.check(Channel.parse("slack:T1/C3"))
    with pytest.raises(TargetGone, match="/invite"):
        await slack.check(Channel.parse("slack:T1/G1"))
    server.archive("C1")
    with pytest.raises(TargetGone, match="#news is archived"):
        await slack.check(HERE)
    assert [call.of for call in server.calls if call.of.startswith("chat.")] == []


# Looking up


async def test_a_delivery_among_many_messages_is_found_look_by_look(server: Server, slack: Slack) -> None:
    receipt = await slack.post(HERE, slack.render_line("News"), nonce="known")
    for number in range(40):
        server.say("U1", "C1", f"Talk {number}")

    for _ in range(2):
        with pytest.raises(OutcomeUnknown, match="15 messages"):
            await slack.look_up(HERE, "known", since=SINCE, number=None)

    assert await slack.look_up(HERE, "known", since=SINCE, number=None) == receipt
    assert [len(args) > 0 and args["limit"] for args in server.calls_of("conversations.history")] == ["15", "15", "15"]


async def test_a_look_that_came_to_nothing_is_made_again_where_it_was_to_look(server: Server, slack: Slack) -> None:
    receipt = await slack.post(HERE, slack.render_line("News"), nonce="known")
    for number in range(20):
        server.say("U1", "C1", f"Talk {number}")
    with pytest.raises(OutcomeUnknown, match="15 messages"):
        await slack.look_up(HERE, "known", since=SINCE, number=None)
    server.next(limited(60), of="conversations.history")
    with pytest.raises(RateLimited):
        await slack.look_up(HERE, "known", since=SINCE, number=None)

    assert await slack.look_up(HERE, "known", since=SINCE, number=None) == receipt


async def test_without_the_scope_to_look_nothing_is_claimed(server: Server, slack: Slack) -> None:
    await slack.post(HERE, slack.render_line("News"), nonce="known")
    server.scopes.discard("channels:history")

    with pytest.raises(OutcomeUnknown, match="channels:history"):
        await slack.look_up(HERE, "known", since=SINCE, number=None)


async def test_an_edit_keeps_the_mark_of_the_delivery(server: Server, slack: Slack) -> None:
    receipt = await slack.post(HERE, slack.render_line("24 dead"), nonce="known")
    assert receipt.message_id is not None

    await slack.edit(HERE, receipt.message_id, slack.render_line("17 dead"))

    assert await slack.look_up(HERE, "known", since=SINCE, number=None) == receipt
    assert not server.standing("C1")[0].edited


# A digest of any length


@pytest.mark.parametrize("count", [1, 10, 40, 200])
async def test_nothing_of_a_digest_is_lost(server: Server, slack: Slack, count: int) -> None:
    digest = of_stories(count)
    first: str | None = None
    for number, payload in enumerate(slack.render(digest)):
        receipt = await slack.post(HERE, payload, nonce=f"n{number}", thread=first)
        first = first or receipt.message_id

    shown = " ".join(server.shown("C1"))
    links = {one["url"] for message in server.standing("C1") for one in objects(message.blocks) if one.get("type") == "link"}
    menus = [one for message in server.standing("C1") for one in objects(message.blocks) if one.get("type") == "static_select"]
    assert all(story.title in shown for story in digest.stories)
    assert all(any(url.startswith(story.url or "") for url in links) for story in digest.stories)
    offered = [option["value"] for menu in menus for option in menu["options"]]
    assert offered == [story_under(story.id, story.title) for story in digest.stories]
    assert server.previews == []
    assert server.pings == []


def of_stories(count: int) -> Digest:
    some = sixty().stories
    stories = tuple(replace(some[at % len(some)], id=f"s-{at}", title=f"Story number {at:03}") for at in range(count))
    return replace(full(), stories=stories, also=(), corrections=(), left_out=())


def objects(value: object) -> list[dict[str, Any]]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, dict) else []) + [one for each in inner for one in objects(each)]


# Settings

BOT, APP = SecretStr("xoxb-1-bot"), SecretStr("xapp-1-app")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"bot_token": SecretStr("xapp-1-app")}, "SLACK_BOT_TOKEN"),
        ({"bot_token": SecretStr("")}, "SLACK_BOT_TOKEN"),
        ({"app_token": SecretStr("xoxb-1-bot")}, "SLACK_APP_TOKEN"),
        ({"app_token": SecretStr("xapp-\n")}, "SLACK_APP_TOKEN"),
        ({"api_url": "http://slack.example/api/"}, "plain http"),
        ({"api_url": "ftp://slack.example/"}, "SLACK_API_URL"),
        ({"api_url": "https://me@slack.example/"}, "SLACK_API_URL"),
        ({"command": "/Di gest"}, "slack.command"),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused_in_words(given: dict[str, Any], words: str) -> None:
    all_of_it = {"bot_token": BOT, "app_token": APP, **given}

    with pytest.raises(ConfigError, match=words) as caught:
        Settings.read(**all_of_it)

    assert "1-bot" not in str(caught.value)
    assert "1-app" not in str(caught.value)


def test_settings_have_what_is_usual_and_show_no_token() -> None:
    settings = Settings.read(BOT, APP, command="news")

    assert (settings.api_url, settings.command) == ("https://slack.com/api/", "/news")
    assert Settings.read(BOT, APP, api_url="http://127.0.0.1:8080/api").api_url == "http://127.0.0.1:8080/api/"
    assert "1-bot" not in repr(settings) + str(settings)
