"""What the webhooks of Slack and Discord answer, and what each answer leads to."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict
from pydantic import SecretStr

from bot.adapters.discord.refusals import WAITS
from bot.adapters.webhook import Webhooks, discord, read_hook, slack
from bot.adapters.webhook.calls import Answer
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
from bot.model import Channel, Receipt
from bot.ports import Adapter
from tests.golden.news import full
from tests.servers import discord_webhook
from tests.servers.discord_webhook import DiscordWebhook
from tests.servers.faults import broken, cut, held, says
from tests.servers.slack_webhook import SlackWebhook
from tests.servers.web import Wire

NEWS = Channel.parse("webhook:news")
SECRET = "secret-of-news"


@pytest.fixture
async def slack_server() -> AsyncIterator[SlackWebhook]:
    async with SlackWebhook() as server:
        yield server


@pytest.fixture
async def discord_server() -> AsyncIterator[DiscordWebhook]:
    async with DiscordWebhook() as server:
        yield server


def hooks(address: str, *, timeout_s: float = 5) -> Webhooks:
    return Webhooks([read_hook("news", SecretStr(address))], timeout_s=timeout_s)


async def post(address: str, text: str = "News", *, timeout_s: float = 5) -> Receipt:
    webhooks = hooks(address, timeout_s=timeout_s)
    async with webhooks.serve():
        adapter = webhooks.of(NEWS)
        return await adapter.post(NEWS, adapter.render_line(text), nonce="n")


async def failure(address: str, *, timeout_s: float = 5) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await post(address, timeout_s=timeout_s)
    return caught.value


# What Slack says


@pytest.mark.parametrize(
    ("status", "word", "error"),
    [
        (400, "invalid_payload", Rejected),
        (400, "invalid_blocks", Rejected),
        (400, "no_text", Rejected),
        (400, "msg_blocks_too_long", Rejected),
        (400, "a_word_of_tomorrow", Rejected),
        (400, "user_not_found", TargetGone),
        (403, "action_prohibited", NotAllowed),
        (400, "posting_to_general_channel_denied", NotAllowed),
        (403, "a_word_of_tomorrow", NotAllowed),
        (403, "invalid_token", AuthDead),
        (404, "no_team", AuthDead),
        (403, "team_disabled", AuthDead),
        (404, "channel_not_found", TargetGone),
        (404, "no_service", TargetGone),
        (410, "channel_is_archived", TargetGone),
        (404, "", TargetGone),
        (410, "<html>", TargetGone),
        (429, "rate_limited", RateLimited),
        (500, "rollup_error", OutcomeUnknown),
        (503, "no_service", OutcomeUnknown),
        (408, "", OutcomeUnknown),
        (200, "", OutcomeUnknown),
        (200, "<html>Please log in to the hotel's network</html>", OutcomeUnknown),
    ],
)
async def test_each_word_of_slack_has_its_class(
    slack_server: SlackWebhook, status: int, word: str, error: type[DeliveryError]
) -> None:
    address = slack_server.add("news")
    slack_server.next(says(status, word))

    told = await failure(address)

    assert type(told) is error
    assert "news" in str(told)
    assert (told.retry_after is not None) == (error is RateLimited)


async def test_slack_is_asked_for_no_previews(slack_server: SlackWebhook) -> None:
    await post(slack_server.add("news"))

    payload = slack_server.messages[0].payload
    assert payload["unfurl_links"] is payload["unfurl_media"] is False


# What Discord says


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, '{"code": 50027}', AuthDead),
        (401, "", AuthDead),
        (403, '{"code": 50013}', NotAllowed),
        (403, '{"code": 0}', NotAllowed),
        (403, '{"code": 50001}', TargetGone),
        (404, '{"code": 10015}', TargetGone),
        (404, '{"code": 10003}', TargetGone),
        (404, '{"code": 10008}', MessageGone),
        (404, "<html>", TargetGone),
        (400, '{"code": 220001}', NotAllowed),
        (400, '{"code": 50035, "errors": {}}', Rejected),
        (400, '{"code": 50006}', Rejected),
        (400, "nonsense", Rejected),
        (413, "", Rejected),
        (429, '{"retry_after": 1.5, "global": true}', RateLimited),
        *((400, f'{{"code": {code}, "retry_after": 3}}', RateLimited) for code in sorted(WAITS)),
        (500, '{"code": 0}', OutcomeUnknown),
        (502, "<html>", OutcomeUnknown),
        (503, '{"code": 10015}', OutcomeUnknown),
        (200, "{}", OutcomeUnknown),
        (200, '{"id": "../../x"}', OutcomeUnknown),
        (200, '{"id": 5}', OutcomeUnknown),
        (200, "[" * 60_000, OutcomeUnknown),
        (204, "", OutcomeUnknown),
    ],
)
async def test_each_code_of_discord_has_its_class(
    discord_server: DiscordWebhook, status: int, body: str, error: type[DeliveryError]
) -> None:
    address = discord_server.add("news")
    discord_server.next(says(status, body, "application/json"))

    told = await failure(address)

    assert type(told) is error
    assert "news" in str(told)


async def test_a_payload_that_discord_refuses_is_named_by_its_place(discord_server: DiscordWebhook) -> None:
    webhooks = hooks(discord_server.add("news"))
    async with webhooks.serve():
        with pytest.raises(Rejected) as caught:
            await webhooks.of(NEWS).post(NEWS, {"embeds": [{"description": "x" * 4_097}]}, nonce="n")

    assert re.search(r"50035, embeds\.0\.description BASE_TYPE_[A-Z]+_LENGTH", str(caught.value))


async def test_discord_gives_the_id_by_which_a_message_is_edited(discord_server: DiscordWebhook) -> None:
    webhooks = hooks(discord_server.add("news"))
    async with webhooks.serve():
        adapter = webhooks.of(NEWS)
        receipt = await adapter.post(NEWS, adapter.render(full())[0], nonce="n")
        await adapter.edit(NEWS, str(receipt.message_id), adapter.render_line("17 dead"))

    assert receipt.message_id == discord_server.messages[0].id
    assert (discord_server.messages[0].edits, discord_server.messages[0].payload["content"]) == (1, "17 dead")


async def test_a_payload_that_says_nothing_of_mentions_still_rings_nobody(discord_server: DiscordWebhook) -> None:
    webhooks = hooks(discord_server.add("news"))
    async with webhooks.serve():
        adapter = webhooks.of(NEWS)
        receipt = await adapter.post(NEWS, {"content": "<@5> @everyone"}, nonce="n")
        await adapter.edit(NEWS, str(receipt.message_id), {"content": "<@6> <@&7>"})

    assert discord_server.messages[0].pings == []


async def test_a_forum_takes_messages_in_the_thread_that_its_address_names(discord_server: DiscordWebhook) -> None:
    address = discord_server.add("news", forum=True, thread="77")

    assert isinstance(await failure(address.partition("?")[0]), NotAllowed)
    await post(address)

    assert [message.thread for message in discord_server.messages] == ["77"]


# How long to wait


async def test_discord_is_asked_in_the_version_that_counts_seconds(discord_server: DiscordWebhook) -> None:
    address = discord_server.add("news")
    discord_server.next(discord_webhook.limited(2.5))

    assert (await failure(address)).retry_after == 3  # the header, rounded up; milliseconds would say 2,500


@pytest.mark.parametrize(
    ("header", "body", "wait_s"),
    [
        ("7", "", 7),
        ("", '{"retry_after": 0.64}', 0.64),
        ("1", '{"retry_after": 0.64}', 1),
        ("1", '{"retry_after": 12.5}', 12.5),
        ("86400", "", 3_600),
        ("", '{"retry_after": 1e300}', 3_600),
        ("", '{"retry_after": NaN}', 60),
        ("", '{"retry_after": -5}', 60),
        ("", '{"retry_after": "soon"}', 60),
        ("", '{"retry_after": true}', 60),
        ("soon", "<html>", 60),
        ("", "", 60),
    ],
)
@pytest.mark.parametrize("platform", ["slack", "discord"])
def test_the_longer_of_two_waits_counts_within_an_hour(platform: str, header: str, body: str, wait_s: float) -> None:
    answer = Answer(429, CIMultiDict({"Retry-After": header} if header else {}), body.encode())

    with pytest.raises(RateLimited) as caught:
        (slack if platform == "slack" else discord).read(answer, "news")

    assert caught.value.retry_after == wait_s


# What goes wrong on the way


async def test_no_answer_in_time_leaves_the_outcome_unknown(slack_server: SlackWebhook) -> None:
    address = slack_server.add("news")
    slack_server.next(held(asyncio.Event()))

    assert isinstance(await failure(address, timeout_s=0.2), OutcomeUnknown)
    assert len(slack_server.requests) == 1


async def test_what_is_no_http_leaves_the_outcome_unknown() -> None:
    async with Wire(b"SSH-2.0-OpenSSH_9.6\r\n") as wire:
        assert isinstance(await failure(wire.url("/services/x")), OutcomeUnknown)
        assert len(wire.requests) == 1


async def test_an_answer_that_breaks_off_counts_by_its_status() -> None:
    for status, error in (("200 OK", OutcomeUnknown), ("404 Not Found", TargetGone)):
        async with Wire(f"HTTP/1.1 {status}\r\nContent-Length: 50\r\n\r\no".encode()) as wire:
            assert isinstance(await failure(wire.url("/services/x")), error)


async def test_an_endless_answer_is_read_so_far_and_no_further() -> None:
    sent = 0

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n")
        while sent < 256 << 20:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()
            sent += 0x10000

    async with Wire(endless) as wire:
        assert isinstance(await failure(wire.url("/services/x")), TargetGone)
    assert sent < 64 << 20  # what buffers on the way take


async def test_where_nobody_listens_nothing_was_sent(slack_server: SlackWebhook) -> None:
    address = slack_server.add("news")
    await slack_server.stop()

    error = await failure(address)

    assert isinstance(error, Unreachable)
    assert error.retry_after == 60


async def test_while_no_connection_comes_about_nothing_was_sent() -> None:
    async with Wire(b"") as wire:  # it never answers the greeting of TLS
        assert isinstance(await failure(f"https://{wire.peer}/services/x", timeout_s=0.2), Unreachable)


async def test_a_redirect_is_not_followed(slack_server: SlackWebhook) -> None:
    address = slack_server.add("news")
    slack_server.next(says(307, location=slack_server.add("elsewhere")))

    assert isinstance(await failure(address), TargetGone)
    assert len(slack_server.requests) == 1
    assert slack_server.messages == []


async def test_each_post_has_its_own_connection(slack_server: SlackWebhook) -> None:
    webhooks = hooks(slack_server.add("news"))
    async with webhooks.serve():
        for number in range(3):
            adapter = webhooks.of(NEWS)
            await adapter.post(NEWS, adapter.render_line(f"{number}"), nonce="n")

    assert slack_server.shown("news") == ["0", "1", "2"]
    assert all(request.headers["Connection"] == "close" for request in slack_server.requests)


async def test_a_stop_while_posting_is_heard_at_once(slack_server: SlackWebhook) -> None:
    address = slack_server.add("news")
    slack_server.next(held(asyncio.Event()))
    posting = asyncio.create_task(post(address))
    await slack_server.received(1)

    posting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await posting


# Names and secrets


async def test_a_webhook_that_is_not_set_says_what_to_set(slack_server: SlackWebhook) -> None:
    webhooks = hooks(slack_server.add("news"))
    adapter: Adapter = webhooks.of(NEWS)
    sport = Channel.parse("webhook:sport")

    with pytest.raises(TargetGone, match="DATELINE_WEBHOOK_SPORT"):
        webhooks.of(sport)
    async with webhooks.serve():
        with pytest.raises(TargetGone, match="DATELINE_WEBHOOK_SPORT"):
            await adapter.post(sport, adapter.render_line("x"), nonce="n")


async def test_both_kinds_are_served_at_once(slack_server: SlackWebhook, discord_server: DiscordWebhook) -> None:
    addresses = {"one": slack_server.add("one"), "two": discord_server.add("two")}
    webhooks = Webhooks([read_hook(name, SecretStr(address)) for name, address in addresses.items()])

    async with webhooks.serve():
        for name in addresses:
            channel = Channel.parse(f"webhook:{name}")
            adapter = webhooks.of(channel)
            await adapter.post(channel, adapter.render_line(name), nonce="n")

    assert (slack_server.shown("one"), discord_server.shown("two")) == (["one"], ["two"])


async def test_posting_while_not_serving_is_a_bug(slack_server: SlackWebhook) -> None:
    adapter = hooks(slack_server.add("news")).of(NEWS)

    with pytest.raises(RuntimeError, match="serve"):
        await adapter.post(NEWS, adapter.render_line("x"), nonce="n")


@pytest.mark.parametrize("trouble", ["cut", "broken", "slow", "redirected", "down", "refused", "gone"])
async def test_no_error_no_log_and_no_repr_shows_the_address(
    trouble: str, slack_server: SlackWebhook, discord_server: DiscordWebhook, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    for server in (slack_server, discord_server):
        address = server.add("news")
        faults = {
            "cut": cut(stored=False),
            "broken": broken(),
            "slow": held(asyncio.Event()),
            "redirected": says(302, location=address),
            "refused": says(400, address),
            "gone": says(404, f'{{"code": 10015, "message": "{address}", "error": "{address}"}}'),
        }
        if trouble in faults:
            server.next(faults[trouble])
        else:
            await server.stop()

        error = await failure(address, timeout_s=0.2 if trouble == "slow" else 5)

        assert SECRET not in "".join(traceback.format_exception(error))
        assert (error.__cause__, error.__context__) == (None, None)
        assert SECRET not in repr(vars(hooks(address))) + repr(vars(hooks(address).of(NEWS)))
    asyncio.get_running_loop().set_debug(False)
    ours = [record.getMessage() for record in caplog.records if record.name != "aiohttp.access"]  # that is the stand-in's
    assert not [message for message in ours if SECRET in message]


# Whatever they say


bodies = st.one_of(
    st.binary(max_size=80),
    st.sampled_from([b"ok", b"no_service", b'{"id": "1"}', b"null", b"[]", b'{"error": 5}', b'{"code": 1e9}']),
    st.builds(lambda code: f'{{"code": {code}, "errors": {{"a": [1], "_errors": [1]}}}}'.encode(), st.integers()),
)


@given(st.integers(100, 599), bodies, st.sampled_from([slack.read, discord.read]))
def test_any_answer_is_a_receipt_or_an_error_of_ours(status: int, body: bytes, read: Callable[[Answer, str], Receipt]) -> None:
    told: Receipt | DeliveryError
    try:
        told = read(Answer(status, CIMultiDict(), body), "news")
    except DeliveryError as error:
        told = error

    if isinstance(told, Receipt):
        assert status == 200
    else:
        assert "news" in str(told)
        assert isinstance(told, OutcomeUnknown) == (status < 300 or status == 408 or status >= 500)
