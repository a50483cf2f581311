"""The Web API of the stand-in, asked by the real slack-sdk: what each method does and refuses, and what people then see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.servers.faults import broken, cut, held
from tests.servers.slack import BOT, SCOPES, HandClock, Slack, limited, says_no

Json = dict[str, Any]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def slack(clock: HandClock) -> AsyncIterator[Slack]:
    async with Slack(clock=clock) as server:
        yield server


@pytest.fixture
def client(slack: Slack) -> AsyncWebClient:
    return client_of(slack)


def client_of(slack: Slack, token: str | None = None) -> AsyncWebClient:
    token = slack.bot_token if token is None else token
    return AsyncWebClient(token=token, base_url=slack.api_url, retry_handlers=[])


async def refusal(calling: Any) -> Any:
    """The answer that refuses a call."""
    with pytest.raises(SlackApiError) as error:
        await calling
    return error.value.response


def section(text: str, kind: str = "mrkdwn") -> Json:
    return {"type": "section", "text": {"type": kind, "text": text}}


def rich(*runs: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(runs)}]}


def modal(*blocks: Json, **more: Any) -> Json:
    title = {"type": "plain_text", "text": "Settings"}
    return {"type": "modal", "title": title, "submit": title, "blocks": list(blocks), **more}


# Who may call


@pytest.mark.parametrize(
    ("token", "word"), [("", "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-1-app", "not_allowed_token_type")]
)
async def test_another_token_is_refused(slack: Slack, token: str, word: str) -> None:
    assert (await refusal(client_of(slack, token).auth_test()))["error"] == word


async def test_the_token_of_the_app_opens_connections_and_no_other_does(slack: Slack, client: AsyncWebClient) -> None:
    opened = await client.apps_connections_open(app_token=slack.app_token)

    assert opened["url"].startswith("ws://127.0.0.1:")
    assert (await refusal(client.apps_connections_open(app_token=slack.bot_token)))["error"] == "not_allowed_token_type"


async def test_the_app_learns_who_it_is_and_what_it_may(client: AsyncWebClient) -> None:
    told = await client.auth_test()

    assert (told["team_id"], told["user_id"], told["is_enterprise_install"]) == ("T1", BOT, False)
    assert set(told.headers["x-oauth-scopes"].split(",")) == SCOPES


@pytest.mark.parametrize(
    ("method", "args", "scope"),
    [
        ("chat.postMessage", {"channel": "C1", "text": "x"}, "chat:write"),
        ("conversations.history", {"channel": "C1"}, "channels:history"),
        ("conversations.info", {"channel": "C1"}, "channels:read"),
        ("conversations.list", {}, "channels:read"),
        ("conversations.join", {"channel": "C3"}, "channels:join"),
        ("conversations.open", {"users": "U1"}, "im:write"),
        ("users.info", {"user": "U1"}, "users:read"),
        ("usergroups.list", {}, "usergroups:read"),
        ("files.info", {"file": "F1"}, "files:read"),
        ("files.getUploadURLExternal", {"filename": "x", "length": 1}, "files:write"),
    ],
)
async def test_a_scope_that_is_missing_is_named(
    slack: Slack, client: AsyncWebClient, method: str, args: Json, scope: str
) -> None:
    slack.scopes.discard(scope)

    told = await refusal(client.api_call(method, params=args))

    assert (told["error"], told["needed"]) == ("missing_scope", scope)
    assert set(told["provided"].split(",")) == slack.scopes


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    assert (await refusal(client.api_call("chat.shout")))["error"] == "unknown_method"


async def test_a_revoked_token_is_refused_and_a_new_one_taken(slack: Slack, client: AsyncWebClient) -> None:
    slack.revoke_tokens()
    assert (await refusal(client.auth_test()))["error"] == "token_revoked"

    slack.uninstall()
    assert (await refusal(client.auth_test()))["error"] == "account_inactive"

    await client_of(slack, slack.install("xoxb-2-bot")).auth_test()


# Messages


async def test_a_message_is_posted_edited_and_deleted(slack: Slack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C1", text="one", blocks=[section("two")])
    assert slack.shown("C1") == ["two"]

    await client.chat_update(channel="C1", ts=posted["ts"], text="three", blocks=[section("four")])
    message = slack.standing("C1")[0]
    assert (slack.shown("C1"), message.edited) == (["four"], False)

    await client.chat_update(channel="C1", ts=posted["ts"], text="five")
    assert (slack.shown("C1"), message.blocks, message.edited) == (["five"], [], True)

    await client.chat_delete(channel="C1", ts=posted["ts"])
    assert slack.shown("C1") == []
    assert (await refusal(client.chat_update(channel="C1", ts=posted["ts"], text="x")))["error"] == "message_not_found"


async def test_somebody_elses_message_is_theirs(slack: Slack, client: AsyncWebClient) -> None:
    theirs = slack.say("U1", "C1", "hello")

    assert (await refusal(client.chat_update(channel="C1", ts=theirs.ts, text="x")))["error"] == "cant_update_message"
    assert (await refusal(client.chat_delete(channel="C1", ts=theirs.ts)))["error"] == "cant_delete_message"


async def test_a_text_is_cut_when_posted_and_refused_when_edited(slack: Slack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C1", text="x" * 40_001)
    assert len(slack.shown("C1")[0]) == 40_000

    await client.chat_update(channel="C1", ts=posted["ts"], text="ü" * 2_000)
    told = await refusal(client.chat_update(channel="C1", ts=posted["ts"], text="ü" * 2_000 + "x"))

    assert told["error"] == "msg_too_long"


@pytest.mark.parametrize("said", [{}, {"text": " "}, {"text": "", "blocks": []}, {"text": None}])
async def test_a_message_says_something(client: AsyncWebClient, said: Json) -> None:
    assert (await refusal(client.api_call("chat.postMessage", json={"channel": "C1", **said})))["error"] == "no_text"


@pytest.mark.parametrize(
    ("channel", "word"),
    [
        ("C9", "channel_not_found"),
        ("G1", "channel_not_found"),
        ("U9", "channel_not_found"),
        (BOT, "cannot_dm_bot"),
        ("#news", "channel_not_found"),
    ],
)
async def test_where_the_app_is_not_it_cannot_post(client: AsyncWebClient, channel: str, word: str) -> None:
    assert (await refusal(client.chat_postMessage(channel=channel, text="x")))["error"] == word


async def test_a_public_channel_takes_what_it_may_without_the_app_in_it(slack: Slack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C3", text="x")
    assert (await refusal(client.conversations_history(channel="C3")))["error"] == "not_in_channel"
    assert (await refusal(client.conversations_replies(channel="C3", ts="1.0")))["error"] == "not_in_channel"

    slack.scopes.discard("chat:write.public")
    assert (await refusal(client.chat_postMessage(channel="C3", text="x")))["error"] == "not_in_channel"
    await client.conversations_join(channel="C3")
    await client.chat_postMessage(channel="C3", text="x")

    assert len((await client.conversations_history(channel="C3"))["messages"]) == 2


async def test_an_archived_channel_takes_nothing_and_a_deleted_one_is_gone(slack: Slack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C1", text="x")
    slack.archive("C1")
    assert (await refusal(client.chat_postMessage(channel="C1", text="x")))["error"] == "is_archived"
    assert (await refusal(client.chat_update(channel="C1", ts=posted["ts"], text="x")))["error"] == "is_archived"
    assert (await refusal(client.conversations_join(channel="C1")))["error"] == "is_archived"

    slack.unarchive("C1")
    await client.chat_postMessage(channel="C1", text="x")

    slack.delete_channel("C1")
    assert (await refusal(client.chat_postMessage(channel="C1", text="x")))["error"] == "channel_not_found"


async def test_a_private_channel_is_seen_after_an_invitation(slack: Slack, client: AsyncWebClient) -> None:
    assert (await refusal(client.conversations_info(channel="G1")))["error"] == "channel_not_found"

    slack.invite("G1")

    told = (await client.conversations_info(channel="G1", include_num_members=True))["channel"]
    assert (told["name"], told["is_private"], told["num_members"]) == ("board", True, 3)
    assert (await refusal(client.conversations_join(channel="G1")))["error"] == "method_not_supported_for_channel_type"
    slack.kick("G1")
    assert (await refusal(client.chat_postMessage(channel="G1", text="x")))["error"] == "channel_not_found"


async def test_a_persons_id_stands_for_talking_to_them(slack: Slack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="U2", text="psst")
    slack.scopes.add("im:write")

    assert (await refusal(client.conversations_open(users="U9")))["error"] == "user_not_found"
    assert (await refusal(client.api_call("conversations.open")))["error"] == "users_list_not_supplied"
    assert posted["channel"] == (await client.conversations_open(users="U2"))["channel"]["id"]
    assert slack.shown(posted["channel"]) == ["psst"]


async def test_what_one_person_sees_stays_theirs(slack: Slack, client: AsyncWebClient) -> None:
    posted = await client.chat_postEphemeral(channel="C1", user="U2", text="only you")

    assert [slack.words(one) for one in slack.inbox("U2")] == ["only you"]
    assert (slack.shown("C1"), slack.inbox("U1")) == ([], [])
    assert (await refusal(client.chat_update(channel="C1", ts=posted["message_ts"], text="x")))["error"] == "message_not_found"
    assert (await client.conversations_history(channel="C1"))["messages"] == []


async def test_an_ephemeral_message_needs_both_in_the_channel(client: AsyncWebClient) -> None:
    assert (await refusal(client.chat_postEphemeral(channel="C1", user="U9", text="x")))["error"] == "user_not_in_channel"
    assert (await refusal(client.chat_postEphemeral(channel="C3", user="U1", text="x")))["error"] == "not_in_channel"


async def test_a_thread_stands_under_its_message(slack: Slack, client: AsyncWebClient) -> None:
    head = await client.chat_postMessage(channel="C1", text="head")
    reply = await client.chat_postMessage(channel="C1", text="reply", thread_ts=head["ts"])
    await client.chat_postMessage(channel="C1", text="reply to the reply", thread_ts=reply["ts"])

    assert [one.thread for one in slack.standing("C1")] == [None, head["ts"], head["ts"]]
    history = (await client.conversations_history(channel="C1"))["messages"]
    assert [(one["text"], one["reply_count"]) for one in history] == [("head", 2)]
    replies = (await client.conversations_replies(channel="C1", ts=head["ts"]))["messages"]
    assert [one["text"] for one in replies] == ["head", "reply", "reply to the reply"]
    assert (await refusal(client.conversations_replies(channel="C1", ts="1.000000")))["error"] == "thread_not_found"


async def test_history_is_newest_first_and_within_its_bounds(slack: Slack, client: AsyncWebClient, clock: HandClock) -> None:
    stamps = []
    for number in range(4):
        stamps.append((await client.chat_postMessage(channel="C1", text=f"m{number}"))["ts"])
        clock.move(1)

    async def texts(**args: Any) -> list[str]:
        return [one["text"] for one in (await client.conversations_history(channel="C1", **args))["messages"]]

    assert await texts() == ["m3", "m2", "m1", "m0"]
    assert await texts(limit=2) == ["m3", "m2"]
    assert await texts(oldest=stamps[1]) == ["m3", "m2"]
    assert await texts(oldest=stamps[1], inclusive=True) == ["m3", "m2", "m1"]
    assert await texts(latest=stamps[1]) == ["m0"]
    page = await client.conversations_history(channel="C1", limit=3)
    assert (page["has_more"], await texts(limit=3, cursor=page["response_metadata"]["next_cursor"])) == (True, ["m0"])


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ({"oldest": "now"}, "invalid_ts_oldest"),
        ({"latest": "1.x"}, "invalid_ts_latest"),
        ({"limit": "0"}, "invalid_limit"),
        ({"limit": "many"}, "invalid_arguments"),
    ],
)
async def test_history_is_asked_for_in_numbers(client: AsyncWebClient, args: Json, word: str) -> None:
    told = await refusal(client.api_call("conversations.history", params={"channel": "C1", **args}))

    assert told["error"] == word


async def test_two_messages_of_one_instant_have_two_stamps(client: AsyncWebClient) -> None:
    one, two = [(await client.chat_postMessage(channel="C1", text="x"))["ts"] for _ in range(2)]

    assert one < two


async def test_an_app_that_is_sold_sees_fifteen_messages() -> None:
    async with Slack(history_most=15) as slack:
        for number in range(16):
            slack.say("U1", "C1", f"m{number}")

        told = await client_of(slack).conversations_history(channel="C1", limit=100)

    assert (len(told["messages"]), told["has_more"]) == (15, True)


async def test_metadata_is_shown_to_who_asks_for_it(slack: Slack, client: AsyncWebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "d-1"}}
    posted = await client.chat_postMessage(channel="C1", text="x", metadata=metadata)

    without = (await client.conversations_history(channel="C1"))["messages"]
    with_it = (await client.conversations_history(channel="C1", include_all_metadata=True))["messages"]
    await client.chat_update(channel="C1", ts=posted["ts"], text="y")

    assert ("metadata" in without[0], with_it[0]["metadata"]) == (False, metadata)
    assert slack.standing("C1")[0].metadata == metadata


@pytest.mark.parametrize(
    ("metadata", "word"),
    [
        ({"event_type": "x"}, "invalid_metadata_format"),
        (["x"], "invalid_metadata_format"),
        ("{", "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": "y"}, "invalid_metadata_schema"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"y": "z" * 8_192}}, "metadata_too_large"),
    ],
)
async def test_metadata_has_its_shape(client: AsyncWebClient, metadata: Any, word: str) -> None:
    posting = client.api_call("chat.postMessage", json={"channel": "C1", "text": "x", "metadata": metadata})

    assert (await refusal(posting))["error"] == word


@pytest.mark.parametrize("said", [{"text": 7}, {"text": "x", "attachments": []}, {"markdown_text": "x"}])
async def test_a_message_is_made_of_text_and_blocks(client: AsyncWebClient, said: Json) -> None:
    told = await refusal(client.api_call("chat.postMessage", json={"channel": "C1", **said}))

    assert told["error"] == "invalid_arguments"


async def test_channels_people_and_groups_are_told(slack: Slack, client: AsyncWebClient) -> None:
    slack.add_person("cleo", id="U3", owner=True, tz="America/New_York", locale="de-DE")
    slack.add_channel("closed", id="G2", kind="private")

    cleo = (await client.users_info(user="U3", include_locale=True))["user"]
    channels = await client.conversations_list(types="public_channel,private_channel", limit=3)
    rest = await client.conversations_list(
        types="public_channel,private_channel", limit=3, cursor=channels["response_metadata"]["next_cursor"]
    )

    assert (cleo["is_admin"], cleo["is_owner"], cleo["locale"]) == (True, True, "de-DE")
    assert (cleo["tz"], cleo["tz_offset"]) == ("America/New_York", -4 * 3_600)  # in October
    assert (await refusal(client.users_info(user="U9")))["error"] == "user_not_found"
    assert [one["name"] for one in [*channels["channels"], *rest["channels"]]] == ["news", "sport", "lounge", "closed"]
    assert (await client.conversations_members(channel="C1"))["members"] == [BOT, "U1", "U2", "U3"]
    assert (await client.usergroups_list())["usergroups"][0]["handle"] == "editors"
    assert (await client.usergroups_users_list(usergroup="S1"))["users"] == ["U1"]
    assert (await refusal(client.usergroups_users_list(usergroup="S9")))["error"] == "no_such_subteam"
    assert len((await client.users_list())["members"]) == 4


async def test_a_message_has_an_address(slack: Slack, client: AsyncWebClient) -> None:
    message = slack.say("U1", "C1", "x")

    told = await client.chat_getPermalink(channel="C1", message_ts=message.ts)
    assert (await refusal(client.chat_getPermalink(channel="C1", message_ts="1.0")))["error"] == "message_not_found"

    assert told["permalink"].endswith(f"/archives/C1/p{message.ts.replace('.', '')}")


# What people see


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        ({"text": "a &lt;b&gt; &amp;amp; c"}, "a <b> &amp; c"),
        (
            {"text": "<https://a.example/x|a label> <https://a.example/> <mailto:jo@a.example>"},
            "a label https://a.example/ jo@a.example",
        ),
        ({"text": "<@U1> <#C1> <!subteam^S1> <!here>"}, "@anna #news @editors @here"),
        ({"text": "<!date^1728777600^{date}|13 Oct>"}, "13 Oct"),
        ({"text": "*bold* _it_ ~out~ `code` 2*3*4 snake_case_name"}, "bold it out code 2*3*4 snake_case_name"),
        ({"text": "*bold* &amp;", "mrkdwn": False}, "*bold* &"),
        ({"text": "**not bold** [x](y)"}, "**not bold** [x](y)"),
        ({"text": ":fire: at 10:30:15"}, "🔥 at 10:30:15"),
        ({"text": "&gt; quoted"}, "quoted"),
        ({"text": "x", "blocks": [section("*a* &lt;")]}, "a <"),
        ({"text": "x", "blocks": [section("*a* &lt; <@U1>", "plain_text")]}, "*a* &lt; <@U1>"),
        ({"text": "x", "blocks": [rich({"type": "text", "text": "*a* &lt; :fire:"})]}, "*a* &lt; :fire:"),
        ({"text": "x", "blocks": [rich({"type": "user", "user_id": "U2"}, {"type": "emoji", "name": "fire"})]}, "@ben🔥"),
    ],
)
async def test_words_are_those_that_a_person_reads(slack: Slack, client: AsyncWebClient, payload: Json, shown: str) -> None:
    await client.chat_postMessage(channel="C1", **payload)

    assert slack.shown("C1") == [shown]


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "<!channel>"},
        {"text": "<!here|here>"},
        {"text": "<!everyone>", "blocks": [rich({"type": "text", "text": "x"})]},
        {"text": "<@U123>"},
        {"text": "<!subteam^S123>"},
        {"text": "@anna", "link_names": True},
        {"text": "@anna", "parse": "full"},
        {"text": "x", "blocks": [section("<!channel>")]},
        {"text": "x", "blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "<@U1>"}]}]},
        {"text": "x", "blocks": [rich({"type": "broadcast", "range": "channel"})]},
        {"text": "x", "blocks": [rich({"type": "user", "user_id": "U1"})]},
        {"text": "x", "blocks": [rich({"type": "usergroup", "usergroup_id": "S1"})]},
    ],
)
async def test_every_ping_is_seen(slack: Slack, client: AsyncWebClient, payload: Json) -> None:
    await client.chat_postMessage(channel="C1", **payload)

    assert len(slack.pings) == 1


async def test_what_is_literal_or_seen_by_one_rings_nobody(slack: Slack, client: AsyncWebClient) -> None:
    literal = [rich({"type": "text", "text": "<!channel>"}), section("<@U1>", "plain_text")]
    await client.chat_postMessage(channel="C1", text="&lt;!channel&gt; @anna", blocks=literal)
    await client.chat_postEphemeral(channel="C1", user="U1", text="<!channel>")

    assert slack.pings == []


async def test_previews_stand_below_links_unless_both_switches_are_off(slack: Slack, client: AsyncWebClient) -> None:
    link = rich({"type": "link", "url": "https://b.example/"})

    await client.chat_postMessage(
        channel="C1", text="<https://a.example/|a>", blocks=[link], unfurl_links=False, unfurl_media=False
    )
    assert slack.previews == []
    await client.chat_postMessage(channel="C1", text="<https://a.example/|a>", blocks=[link], unfurl_links=False)

    assert slack.previews == ["https://a.example/", "https://b.example/"]


async def test_a_message_is_drawn(slack: Slack, client: AsyncWebClient) -> None:
    def plain(text: str) -> Json:
        return {"type": "plain_text", "text": text}

    options = [{"text": plain("Milton"), "value": "s-1"}]
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]} for text in ("one", "two")]
    run = {"type": "link", "url": "https://a.example/", "text": "Florida", "style": {"bold": True}}
    blocks: list[Json] = [
        {"type": "header", "text": plain("World news")},
        {
            "type": "context",
            "elements": [plain("2 stories"), {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "a map"}],
        },
        {"type": "divider"},
        rich(run, {"type": "text", "text": " is dry"}),
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": items}]},
        {
            **section("all of *it*"),
            "accessory": {"type": "button", "text": plain("Open"), "action_id": "o"},
            "fields": [plain("a field")],
        },
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": plain("Left out: 9"), "action_id": "l"},
                {"type": "static_select", "placeholder": plain("More"), "options": options, "action_id": "m"},
                {"type": "overflow", "options": options, "action_id": "f"},
                {"type": "checkboxes", "options": options, "initial_options": options, "action_id": "c"},
            ],
        },
    ]
    await client.chat_postMessage(channel="C1", text="x", blocks=blocks)

    assert slack.drawn(slack.standing("C1")[0]) == "\n".join(
        [
            "# World news",
            "(small) 2 stories · (image: a map)",
            "----",
            "*[Florida](https://a.example/)* is dry",
            " • one",
            " • two",
            "all of it",
            "| a field  [ Open ]",
            "[ Left out: 9 ] [ More v] [ ... Milton ] [x] Milton",
        ]
    )
    assert slack.standing("C1")[0].controls == 5


# Views


async def test_a_trigger_opens_one_view_within_three_seconds(slack: Slack, client: AsyncWebClient, clock: HandClock) -> None:
    first, late = slack.workspace.trigger("U1"), slack.workspace.trigger("U1")
    await client.views_open(trigger_id=first, view=modal())
    clock.move(3.1)

    assert (await refusal(client.views_open(trigger_id=first, view=modal())))["error"] == "exchanged_trigger_id"
    assert (await refusal(client.views_open(trigger_id=late, view=modal())))["error"] == "expired_trigger_id"
    assert (await refusal(client.views_open(trigger_id="x", view=modal())))["error"] == "invalid_trigger_id"
    assert len(slack.modals("U1")) == 1


async def test_a_view_is_updated_by_either_id_with_the_right_hash(slack: Slack, client: AsyncWebClient) -> None:
    opened = await client.views_open(trigger_id=slack.workspace.trigger("U1"), view=modal(external_id="mine"))
    view_id, old = opened["view"]["id"], opened["view"]["hash"]

    fresh = await client.views_update(view_id=view_id, hash=old, view=modal(section("two"), external_id="mine"))
    assert fresh["view"]["hash"] != old
    await client.views_update(external_id="mine", view=modal(section("three"), external_id="mine"))

    assert slack.modals("U1")[0].blocks[0]["text"]["text"] == "three"
    assert (await refusal(client.views_update(view_id=view_id, hash=old, view=modal())))["error"] == "hash_conflict"
    assert (await refusal(client.views_update(view_id="V9", view=modal())))["error"] == "not_found"
    again = client.views_open(trigger_id=slack.workspace.trigger("U1"), view=modal(external_id="mine"))
    assert (await refusal(again))["error"] == "duplicate_external_id"
    other = (await client.views_open(trigger_id=slack.workspace.trigger("U2"), view=modal()))["view"]["id"]
    assert (await refusal(client.views_update(view_id=other, view=modal(external_id="mine"))))[
        "error"
    ] == "duplicate_external_id"
    home = {"type": "home", "blocks": [], "external_id": "mine"}
    assert (await refusal(client.views_publish(user_id="U1", view=home)))["error"] == "duplicate_external_id"


async def test_three_views_lie_on_each_other_and_no_more(slack: Slack, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=slack.workspace.trigger("U1"), view=modal())
    for _ in range(2):
        within = slack.workspace.trigger("U1", slack.modals("U1")[-1])
        await client.views_push(trigger_id=within, view=modal())

    over = client.views_push(trigger_id=slack.workspace.trigger("U1", slack.modals("U1")[-1]), view=modal())
    assert (await refusal(over))["error"] == "push_limit_reached"
    assert [one.depth for one in slack.modals("U1")] == [1, 2, 3]
    outside = client.views_push(trigger_id=slack.workspace.trigger("U1"), view=modal())
    assert (await refusal(outside))["error"] == "not_found"


async def test_a_closed_view_is_gone(slack: Slack, client: AsyncWebClient) -> None:
    opened = await client.views_open(trigger_id=slack.workspace.trigger("U1"), view=modal())
    await slack.close(slack.modals("U1")[0])

    assert (await refusal(client.views_update(view_id=opened["view"]["id"], view=modal())))["error"] == "not_found"


async def test_a_home_tab_is_published_to_a_person(slack: Slack, client: AsyncWebClient) -> None:
    first = await client.views_publish(user_id="U1", view={"type": "home", "blocks": [section("one")]})
    view = {"type": "home", "blocks": [section("two")]}
    await client.views_publish(user_id="U1", hash=first["view"]["hash"], view=view)

    assert slack.drawn(slack.homes["U1"]) == "two"
    assert (await refusal(client.views_publish(user_id="U1", hash=first["view"]["hash"], view=view)))[
        "error"
    ] == "hash_conflict"
    assert (await refusal(client.views_publish(user_id="U9", view=view)))["error"] == "user_not_found"


@pytest.mark.parametrize("view", ["{", "7", "", {}])
async def test_what_is_no_view_is_refused(slack: Slack, client: AsyncWebClient, view: Any) -> None:
    opening = client.api_call("views.open", json={"trigger_id": slack.workspace.trigger("U1"), "view": view})

    assert (await refusal(opening))["error"] == "invalid_arguments"


async def test_a_view_too_large_is_refused(slack: Slack, client: AsyncWebClient) -> None:
    large = modal(*[section("x" * 3_000)] * 90)

    assert (await refusal(client.views_open(trigger_id=slack.workspace.trigger("U1"), view=large)))["error"] == "view_too_large"


# Files


async def test_a_file_goes_out_and_comes_in(slack: Slack, client: AsyncWebClient) -> None:
    await client.files_upload_v2(channel="C1", content="<opml/>", filename="feeds.opml", initial_comment="34 feeds")
    file = slack.standing("C1")[0].files[0]
    assert (file.name, file.content, slack.shown("C1")) == ("feeds.opml", b"<opml/>", ["34 feeds"])

    theirs = slack.file("theirs.opml", b"<opml>2</opml>")
    told = (await client.files_info(file=theirs.id))["file"]
    async with aiohttp.ClientSession() as session:
        mine = {"Authorization": f"Bearer {slack.bot_token}"}
        async with session.get(told["url_private_download"], headers=mine) as answer:
            assert await answer.read() == b"<opml>2</opml>"
        async with session.get(told["url_private_download"]) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")


async def test_a_file_that_is_not_there_is_refused(client: AsyncWebClient) -> None:
    assert (await refusal(client.files_info(file="F9")))["error"] == "file_not_found"
    unsent = await client.files_getUploadURLExternal(filename="x", length=3)
    completing = client.files_completeUploadExternal(files=[{"id": unsent["file_id"], "title": "x"}])
    assert (await refusal(completing))["error"] == "file_not_found"


async def test_a_file_is_put_only_where_the_app_is_a_member(slack: Slack, client: AsyncWebClient) -> None:
    assert (await refusal(client.files_upload_v2(channel="C3", content="x", filename="x")))["error"] == "not_in_channel"
    slack.archive("C1")
    assert (await refusal(client.files_upload_v2(channel="C1", content="x", filename="x")))["error"] == "is_archived"


async def test_a_file_has_a_name_and_a_length(slack: Slack, client: AsyncWebClient) -> None:
    for name, length in (("", 1), ("x", 0)):
        asking = client.files_getUploadURLExternal(filename=name, length=length)
        assert (await refusal(asking))["error"] == "invalid_arguments"
    assert (await refusal(client.files_completeUploadExternal(files=[])))["error"] == "invalid_arguments"
    address = (await client.files_getUploadURLExternal(filename="x", length=3))["upload_url"]

    async with aiohttp.ClientSession() as session:
        async with session.post(address, data=b"four") as answer:
            assert answer.status == 400
        async with session.post(f"{slack.origin}/elsewhere") as answer:
            assert answer.status == 404


# Answers to what somebody did


async def respond(slack: Slack, address: str, **said: Any) -> tuple[int, str]:
    answer = await AsyncWebhookClient(address, retry_handlers=[]).send_dict(said)
    return answer.status_code, answer.body


async def test_five_answers_within_half_an_hour(slack: Slack, clock: HandClock) -> None:
    url, late = slack.workspace.response_url("C1", "U1"), slack.workspace.response_url("C1", "U1")

    assert [await respond(slack, url, text=f"a{number}") for number in range(5)] == [(200, "ok")] * 5
    status, body = await respond(slack, url, text="x")
    assert (status, "used_url" in body) == (404, True)
    clock.move(1_801)
    status, body = await respond(slack, late, text="x")
    assert (status, "expired_url" in body) == (404, True)

    assert [slack.words(one) for one in slack.inbox("U1")] == [f"a{number}" for number in range(5)]


async def test_an_answer_is_seen_by_one_or_by_all(slack: Slack) -> None:
    url = slack.workspace.response_url("C1", "U1")

    await respond(slack, url, text="one", response_type="ephemeral")
    await respond(slack, url, text="all", response_type="in_channel")

    assert ([slack.words(one) for one in slack.inbox("U1")], slack.shown("C1")) == (["one"], ["all"])


async def test_what_was_acted_on_is_replaced_or_deleted_and_seen_by_whom_it_was(slack: Slack) -> None:
    public = slack.workspace.store("C1", BOT, {"text": "public"})
    private = slack.workspace.store("C1", BOT, {"text": "private"}, reader="U1")
    of_public, of_private = [slack.workspace.response_url("C1", "U1", one) for one in (public, private)]

    await respond(slack, of_public, text="public 2", replace_original=True, response_type="ephemeral")
    await respond(slack, of_private, text="private 2", replace_original=True, response_type="in_channel")
    assert (slack.shown("C1"), [slack.words(one) for one in slack.inbox("U1")]) == (["public 2"], ["private 2"])
    await respond(slack, of_private, delete_original=True)
    await respond(slack, of_public, text="new")

    assert (slack.shown("C1"), [slack.words(one) for one in slack.inbox("U1")]) == (["public 2"], ["new"])


async def test_a_command_has_nothing_to_replace(slack: Slack) -> None:
    url = slack.workspace.response_url("C1", "U1")
    await respond(slack, url, text="working on it")

    await respond(slack, url, text="done", replace_original=True)

    assert [slack.words(one) for one in slack.inbox("U1")] == ["working on it", "done"]


async def test_an_answer_is_checked_as_messages_are(slack: Slack) -> None:
    url = slack.workspace.response_url("C1", "U1")

    assert "no_text" in (await respond(slack, url, text=""))[1]
    assert "invalid_blocks" in (await respond(slack, url, text="x", blocks=[{"type": "fireworks"}]))[1]
    assert (await respond(slack, f"{slack.origin}/response/other", text="x"))[0] == 404
    assert slack.inbox("U1") == []


# Faults


async def test_a_fault_befalls_its_method_alone(slack: Slack, client: AsyncWebClient) -> None:
    slack.next(limited(7), says_no("fatal_error"), of="chat.postMessage")

    await client.auth_test()
    told = await refusal(client.chat_postMessage(channel="C1", text="x"))
    assert (told.status_code, told.headers["Retry-After"], told["error"]) == (429, "7", "ratelimited")
    assert (await refusal(client.chat_postMessage(channel="C1", text="x")))["error"] == "fatal_error"
    await client.chat_postMessage(channel="C1", text="x")

    assert len(slack.calls_of("chat.postMessage")) == 3


@pytest.mark.parametrize("stored", [False, True])
async def test_a_fault_comes_before_or_after_storing(slack: Slack, client: AsyncWebClient, stored: bool) -> None:
    slack.next(cut(stored=stored), broken(502, stored=stored), says_no("internal_error", stored=stored))

    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel="C1", text="x")
    for _ in range(2):
        with pytest.raises((SlackApiError, aiohttp.ContentTypeError)):
            await client.chat_postMessage(channel="C1", text="x")

    assert len(slack.standing("C1")) == 3 * stored


@pytest.mark.parametrize("stored", [False, True])
async def test_a_slow_answer_waits_for_its_gate(slack: Slack, client: AsyncWebClient, stored: bool) -> None:
    gate = asyncio.Event()
    slack.next(held(gate, stored=stored))
    posting = asyncio.create_task(client.chat_postMessage(channel="C1", text="x"))
    await slack.called("chat.postMessage")

    assert len(slack.standing("C1")) == stored
    gate.set()
    await posting

    assert len(slack.standing("C1")) == 1


async def test_a_spent_answer_can_be_told_before_it_is(slack: Slack) -> None:
    url = slack.workspace.response_url("C1", "U1")
    slack.next(broken(500), of="response_url")

    assert (await respond(slack, url, text="x"))[0] == 500
    assert (await respond(slack, url, text="x"))[0] == 200


# Waiting


async def test_what_does_not_happen_is_named(slack: Slack) -> None:
    with pytest.raises(AssertionError, match="rain did not happen"):
        await slack.workspace.until(lambda: False, "rain", patience_s=0.01)


async def test_a_condition_is_met_when_it_comes_true(slack: Slack, client: AsyncWebClient) -> None:
    waiting = asyncio.create_task(slack.message_in("C1"))
    await client.chat_postMessage(channel="C1", text="x")

    assert (await waiting).text == "x"
