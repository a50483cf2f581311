"""People use an app made with the real slack-bolt, in Socket Mode, over the stand-in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import BOT, HandClock, Message, Slack, says_no

Json = dict[str, Any]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def slack(clock: HandClock) -> AsyncIterator[Slack]:
    async with Slack(clock=clock) as server:
        yield server


@asynccontextmanager
async def running(slack: Slack, app: AsyncApp, ping_interval: float = 0.5) -> AsyncIterator[AsyncApp]:
    """An app that is connected once more."""
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=ping_interval)
    before = slack.sockets.connected_ever
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        await slack.connected(ever=before + 1)
        yield app
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def new_app(slack: Slack) -> AsyncApp:
    return AsyncApp(client=AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[]))


@pytest.fixture
async def app(slack: Slack) -> AsyncIterator[AsyncApp]:
    async with running(slack, new_app(slack)) as app:
        yield app


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain("Press"), "action_id": action_id, **more}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def field(block_id: str, element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(block_id.title()), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Settings"), "submit": plain("Save"), "blocks": list(blocks), **more}


HOUR = field("hour", {"type": "plain_text_input", "action_id": "hour_typed", "max_length": 5})
CONTROLS = {
    "type": "actions",
    "block_id": "controls",
    "elements": [
        button("more", value="7"),
        {"type": "static_select", "action_id": "story", "options": options("Ferry", "Milton")},
        {"type": "overflow", "action_id": "rest", "options": options("Mute")},
        {"type": "checkboxes", "action_id": "days", "options": options("Mon", "Tue")},
        {"type": "external_select", "action_id": "topic", "min_query_length": 2},
    ],
}


def controls_in(slack: Slack, reader: str = "") -> Message:
    return slack.workspace.store("C1", BOT, {"text": "x", "blocks": [CONTROLS]}, reader=reader)


def listening(app: AsyncApp, listen: Callable[[], Any], answer: Any = None) -> list[Json]:
    """Let the app acknowledge what it listens to; returns what it is sent."""
    bodies: list[Json] = []

    async def listener(ack: Any, body: Json) -> None:
        await ack(**(answer or {}))
        bodies.append(body)

    listen()(listener)
    return bodies


# Commands


async def test_a_command_is_acknowledged_and_answered(slack: Slack, app: AsyncApp) -> None:
    @app.command("/digest")
    async def digest(ack: Any, respond: Any, command: Json) -> None:
        await ack()
        await respond(f"you said {command['text']}")

    act = await slack.command("U1", "C1", "/digest", "about ferry")

    assert act.error == ""
    assert slack.words(await act.answered()) == "you said about ferry"
    assert (slack.inbox("U1"), slack.inbox("U2")) == (act.answers, [])
    assert act.ack_s is not None
    assert act.ack_s < 3


@pytest.mark.parametrize(
    ("channel", "name"), [("C1", "news"), ("G1", "privategroup"), ("DU1", "directmessage")], ids=["public", "private", "im"]
)
async def test_a_command_says_where_it_was_typed(slack: Slack, app: AsyncApp, channel: str, name: str) -> None:
    bodies = listening(app, lambda: app.command("/digest"))
    slack.workspace.im("U1")

    await slack.command("U1", channel, "/digest", "now")

    body = bodies[0]
    assert (body["channel_id"], body["channel_name"], body["text"], body["user_name"]) == (channel, name, "now", "anna")


async def test_an_acknowledgement_carries_a_message(slack: Slack, app: AsyncApp) -> None:
    listening(app, lambda: app.command("/digest"), {"text": "for all", "response_type": "in_channel"})

    await slack.command("U1", "C1", "/digest")

    assert slack.shown("C1") == ["for all"]


async def test_an_acknowledgement_with_a_message_that_slack_refuses_shows_an_error(slack: Slack, app: AsyncApp) -> None:
    listening(app, lambda: app.command("/digest"), {"text": "x", "blocks": [{"type": "fireworks"}]})

    act = await slack.command("U1", "C1", "/digest")

    assert (act.error, slack.inbox("U1")) == ("invalid_command_response", [])


async def test_a_command_that_is_not_acknowledged_times_out_and_is_not_sent_again(
    slack: Slack, app: AsyncApp, clock: HandClock
) -> None:
    free = asyncio.Event()

    @app.command("/digest")
    async def digest(ack: Any) -> None:
        await free.wait()
        await ack("too late")

    acting = asyncio.create_task(slack.command("U1", "C1", "/digest"))
    await slack.sent()
    clock.move(3)
    act = await acting
    free.set()

    assert (act.error, act.ack_s, slack.inbox("U1")) == ("operation_timeout", None, [])
    clock.move(600)
    assert len(slack.deliveries) == 1


async def test_without_a_connection_a_command_fails(slack: Slack) -> None:
    assert (await slack.command("U1", "C1", "/digest")).error == "dispatch_failed"


async def test_a_command_does_not_work_in_a_thread(slack: Slack, app: AsyncApp) -> None:
    head = slack.say("U1", "C1", "head")

    act = await slack.command("U1", "C1", "/digest", thread=head)

    assert (act.error, slack.deliveries) == ("not_supported_in_threads", [])


# Buttons and menus


async def test_a_button_of_a_message_is_pressed_and_the_message_replaced(slack: Slack, app: AsyncApp) -> None:
    bodies: list[Json] = []

    @app.action("more")
    async def more(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        bodies.append(body)
        await respond(text="done", replace_original=True)

    message = controls_in(slack)
    await slack.press(message, "more", user="U2")
    await slack.edited(message)

    body = bodies[0]
    assert (body["actions"][0]["value"], body["user"]["id"], body["message"]["ts"]) == ("7", "U2", message.ts)
    assert slack.shown("C1") == ["done"]


async def test_an_ephemeral_message_is_not_sent_along(slack: Slack, app: AsyncApp) -> None:
    bodies = listening(app, lambda: app.action("more"))

    await slack.press(controls_in(slack, reader="U2"), "more")

    assert ("message" in bodies[0], bodies[0]["container"]["is_ephemeral"], bodies[0]["user"]["id"]) == (False, True, "U2")


async def test_a_button_pressed_twice_is_told_twice(slack: Slack, app: AsyncApp) -> None:
    bodies = listening(app, lambda: app.action("more"))
    message = controls_in(slack)

    await asyncio.gather(slack.press(message, "more"), slack.press(message, "more"))

    assert len({body["trigger_id"] for body in bodies}) == 2


@pytest.mark.parametrize(
    ("action_id", "value", "told"),
    [
        ("story", "Milton", {"selected_option": "milton"}),
        ("story", "milton", {"selected_option": "milton"}),
        ("rest", "Mute", {"selected_option": "mute"}),
        ("days", ["Mon", "Tue"], {"selected_options": ["mon", "tue"]}),
    ],
)
async def test_a_choice_is_told_by_its_value(slack: Slack, app: AsyncApp, action_id: str, value: Any, told: Json) -> None:
    bodies = listening(app, lambda: app.action(action_id))

    await slack.pick(controls_in(slack), action_id, value)

    chosen = {name: one for name, one in bodies[0]["actions"][0].items() if name.startswith("selected_")}
    values = {
        name: [option["value"] for option in one] if isinstance(one, list) else one["value"] for name, one in chosen.items()
    }
    assert values == told


async def test_what_is_not_there_cannot_be_chosen(slack: Slack) -> None:
    message = controls_in(slack)

    with pytest.raises(AssertionError, match="no option 'Nadine'"):
        await slack.pick(message, "story", "Nadine")
    with pytest.raises(AssertionError, match="0 controls are called 'less'"):
        await slack.press(message, "less")
    slack.delete_message(message)
    with pytest.raises(AssertionError, match="no longer there"):
        await slack.press(message, "more")


async def test_an_external_menu_offers_what_the_app_finds(slack: Slack, app: AsyncApp) -> None:
    @app.options("topic")
    async def topics(ack: Any, payload: Json) -> None:
        await ack(options=options(*(name for name in ("Chips", "Chile", "Ferry") if name.lower().startswith(payload["value"]))))

    bodies = listening(app, lambda: app.action("topic"))
    message = controls_in(slack)

    assert (await slack.suggest(message, "topic", "chi")).labels == ["Chips", "Chile"]
    await slack.pick(message, "topic", "Chile")
    assert bodies[0]["actions"][0]["selected_option"]["value"] == "chile"
    assert (await slack.suggest(message, "topic", "zz")).labels == []


async def test_an_external_menu_asks_nobody_before_enough_letters(slack: Slack, app: AsyncApp) -> None:
    act = await slack.suggest(controls_in(slack), "topic", "c")

    assert (act.error, slack.deliveries) == ("too_few_letters", [])


@pytest.mark.parametrize(
    "answer", [{"options": options(*(f"n{number}" for number in range(101)))}, {"options": [{"text": "x"}]}]
)
async def test_an_external_menu_shows_nothing_of_options_that_slack_refuses(slack: Slack, app: AsyncApp, answer: Json) -> None:
    @app.options("topic")
    async def topics(ack: Any) -> None:
        await ack(answer)

    act = await slack.suggest(controls_in(slack), "topic", "chips")

    assert (act.options, act.error[:15]) == ([], "invalid_options")


# Modals


async def test_a_modal_is_opened_filled_in_and_saved(slack: Slack, app: AsyncApp) -> None:
    days = {
        "type": "multi_static_select",
        "action_id": "days_chosen",
        "options": options("Mon", "Tue"),
        "max_selected_items": 1,
    }
    saved: list[Json] = []

    @app.command("/digest")
    async def digest(ack: Any, client: AsyncWebClient, body: Json) -> None:
        await ack()
        await client.views_open(
            trigger_id=body["trigger_id"], view=modal(HOUR, field("days", days, optional=True), callback_id="settings")
        )

    @app.view("settings")
    async def save(ack: Any, view: Json) -> None:
        saved.append(view["state"]["values"])
        if view["state"]["values"]["hour"]["hour_typed"]["value"] == "25:00":
            await ack(response_action="errors", errors={"hour": "A day has 24 hours."})
        else:
            await ack()

    view = await (await slack.command("U1", "C1", "/digest")).opened()
    assert slack.drawn(view) == "== Settings ==\nHour *: [____]\nDays: [  v]\n[ Save ]"
    assert (await slack.submit(view)).errors == {"hour": "Please complete this required field."}
    assert list((await slack.submit(view, {"hour": "half past"})).errors) == ["hour"]
    assert list((await slack.submit(view, {"hour": "25:00", "days": ["Mon", "Tue"]})).errors) == ["days"]
    assert saved == []
    assert (await slack.submit(view, {"days_chosen": ["Mon"]})).errors == {"hour": "A day has 24 hours."}
    assert view.open
    act = await slack.submit(view, {"hour": "07:30"})

    assert (act.errors, act.error, view.open) == ({}, "", False)
    assert saved[-1]["hour"]["hour_typed"]["value"] == "07:30"
    assert [option["value"] for option in saved[-1]["days"]["days_chosen"]["selected_options"]] == ["mon"]


async def opened(slack: Slack, app: AsyncApp, view: Json) -> Any:
    """A modal that the app opened for anna."""
    await app.client.views_open(trigger_id=slack.workspace.trigger("U1"), view=view)
    return slack.modals("U1")[-1]


async def test_a_saved_modal_is_replaced_covered_or_cleared(slack: Slack, app: AsyncApp) -> None:
    answers: Iterator[Json] = iter(
        [
            {"response_action": "update", "view": modal(HOUR, callback_id="s", title=plain("Second"))},
            {"response_action": "push", "view": modal(callback_id="s", title=plain("Third"))},
            {"response_action": "clear"},
        ]
    )

    @app.view("s")
    async def save(ack: Any) -> None:
        await ack(**next(answers))

    first = await opened(slack, app, modal(HOUR, callback_id="s"))
    await slack.submit(first, {"hour": "07:30"})
    assert (first.title, first.values["hour"]["hour_typed"]["value"]) == ("Second", "07:30")
    await slack.submit(first)
    assert [one.title for one in slack.modals("U1")] == ["Second", "Third"]
    await slack.submit(slack.modals("U1")[-1])

    assert slack.modals("U1") == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"minute": "No such field."}},
        {"response_action": "update", "view": modal(title=plain("x" * 25))},
        {"response_action": "explode"},
    ],
)
async def test_a_wrong_answer_to_a_modal_shows_an_error(slack: Slack, app: AsyncApp, answer: Json) -> None:
    listening(app, lambda: app.view("s"), answer)
    view = await opened(slack, app, modal(HOUR, callback_id="s"))

    act = await slack.submit(view, {"hour": "07:30"})

    assert (act.error[:23], view.open, view.title) == ("invalid_response_action", True, "Settings")


async def test_a_closed_modal_is_told_where_it_asks_for_that(slack: Slack, app: AsyncApp) -> None:
    bodies = listening(app, lambda: app.view_closed("s"))

    await slack.close(await opened(slack, app, modal(callback_id="quiet")))
    await slack.close(await opened(slack, app, modal(callback_id="s", notify_on_close=True)))

    assert [(body["view"]["callback_id"], body["is_cleared"]) for body in bodies] == [("s", False)]


async def test_a_choice_in_a_modal_is_told_at_once_outside_of_fields(slack: Slack, app: AsyncApp) -> None:
    pick = {"type": "static_select", "action_id": "in_field", "options": options("Ferry")}
    bodies = listening(app, lambda: app.action(re.compile(".*")))
    view = await opened(
        slack, app, modal(CONTROLS, field("field", pick), field("told", {**pick, "action_id": "told"}, dispatch_action=True))
    )

    await slack.pick(view, "in_field", "Ferry")
    assert bodies == []
    await slack.pick(view, "told", "Ferry")
    act = await slack.pick(view, "story", "Milton")

    assert [body["actions"][0]["action_id"] for body in bodies] == ["told", "story"]
    assert bodies[-1]["view"]["state"]["values"]["controls"]["story"]["selected_option"]["value"] == "milton"
    await app.client.views_push(trigger_id=act.payload["trigger_id"], view=modal())
    assert len(act.views) == 1


async def test_a_form_that_asks_for_it_is_given_an_address_for_answers(slack: Slack, app: AsyncApp) -> None:
    where = {"type": "conversations_select", "action_id": "where_chosen", "response_url_enabled": True}

    @app.view("s")
    async def save(ack: Any, respond: Any) -> None:
        await ack()
        await respond("saved")

    view = await opened(slack, app, modal(field("where", where), callback_id="s"))
    act = await slack.submit(view, {"where": "C2"})

    answer = await act.answered()
    assert (answer.channel, answer.reader, slack.words(answer)) == ("C2", "U1", "saved")


async def test_a_file_is_put_into_a_field(slack: Slack, app: AsyncApp) -> None:
    bodies = listening(app, lambda: app.view("s"))
    view = await opened(slack, app, modal(field("opml", {"type": "file_input", "action_id": "file"}), callback_id="s"))

    await slack.submit(view, {"opml": [slack.file("feeds.opml", b"<opml/>")]})

    assert bodies[0]["view"]["state"]["values"]["opml"]["file"]["files"][0]["name"] == "feeds.opml"


# Shortcuts


async def test_shortcuts_are_told(slack: Slack, app: AsyncApp) -> None:
    everywhere = listening(app, lambda: app.global_shortcut("digest"))
    on_messages = listening(app, lambda: app.message_shortcut("why"))
    message = slack.say("U2", "C1", "https://a.example/story")

    await slack.global_shortcut("digest", user="U2")
    await slack.message_shortcut("why", message)

    assert everywhere[0]["user"]["id"] == "U2"
    assert (on_messages[0]["message"]["text"], on_messages[0]["channel"]["id"]) == (message.text, "C1")


# Events


async def test_a_mention_is_told_and_answered_in_its_thread(slack: Slack, app: AsyncApp) -> None:
    @app.event("app_mention")
    async def mentioned(event: Json, say: Any) -> None:
        await say(text="yes?", thread_ts=event["ts"])

    message = slack.mention("U2", "C1", "about ferry")
    await slack.message_in("C1", 2)

    assert slack.shown("C1") == ["@dateline about ferry", "yes?"]
    assert [slack.words(one) for one in slack.thread(message)] == ["yes?"]
    await slack.settled()
    assert slack.deliveries[-1].payload["event"]["text"] == f"<@{BOT}> about ferry"


def events_told(app: AsyncApp) -> list[Json]:
    told: list[Json] = []

    async def listener(event: Json) -> None:
        told.append(event)

    app.event(re.compile(".*"))(listener)
    app.event({"type": "message", "subtype": "file_share"})(listener)
    return told


@pytest.mark.parametrize(
    ("happens", "kind"),
    [
        (lambda slack: slack.open_home("U1"), "app_home_opened"),
        (lambda slack: slack.dm("U1", "hello"), "message"),
        (lambda slack: slack.upload("U1", "feeds.opml", b"<opml/>"), "message"),
        (lambda slack: slack.invite("C3"), "member_joined_channel"),
        (lambda slack: slack.archive("C1"), "channel_archive"),
        (lambda slack: slack.unarchive("C1"), "channel_unarchive"),
        (lambda slack: slack.delete_channel("C1"), "channel_deleted"),
        (lambda slack: slack.rename("C1", "headlines"), "channel_rename"),
        (lambda slack: slack.kick("C1"), "channel_left"),
        (lambda slack: slack.archive("G2"), "group_archive"),
        (lambda slack: slack.kick("G2"), "group_left"),
        (lambda slack: slack.revoke_tokens(), "tokens_revoked"),
    ],
)
async def test_what_happens_is_told(slack: Slack, app: AsyncApp, happens: Callable[[Slack], Any], kind: str) -> None:
    told = events_told(app)
    slack.add_channel("closed", id="G2", kind="private")

    happens(slack)
    await slack.settled()
    await slack.until(lambda: told)

    assert [event["type"] for event in told] == [kind]


@pytest.mark.parametrize("tokens_first", [True, False])
async def test_an_uninstalled_app_is_told_twice_in_either_order(slack: Slack, app: AsyncApp, tokens_first: bool) -> None:
    told = events_told(app)

    slack.uninstall(tokens_first=tokens_first)
    await slack.settled()
    await slack.until(lambda: len(told) == 2)

    sent = [delivery.payload["event"]["type"] for delivery in slack.deliveries]
    assert sent == (["tokens_revoked", "app_uninstalled"] if tokens_first else ["app_uninstalled", "tokens_revoked"])


async def test_nobody_is_told_without_subscription_scope_or_membership(clock: HandClock) -> None:
    async with Slack(clock=clock, events=["app_mention", "channel_archive"]) as slack:
        slack.scopes.discard("channels:read")

        slack.mention("U1", "C3", "not a member there")
        slack.archive("C1")
        slack.archive("G1")
        slack.open_home("U1")
        await slack.settled()

        assert slack.deliveries == []


async def test_an_event_that_is_not_acknowledged_is_sent_three_times_more(slack: Slack, clock: HandClock) -> None:
    async with running(slack, new_app(slack)):  # which listens to nothing, so that slack-bolt acknowledges nothing
        slack.open_home("U1")
        for moved, count in ((0, 1), (3, 2), (3 + 60, 3), (3 + 300, 4), (3, 4)):
            clock.move(moved)
            await slack.sent(count)
        await slack.settled()

    assert [delivery.attempt for delivery in slack.deliveries] == [0, 1, 2, 3]
    assert len({delivery.payload["event_id"] for delivery in slack.deliveries}) == 1


async def test_an_event_is_delivered_twice(slack: Slack, app: AsyncApp) -> None:
    told = events_told(app)

    slack.mention("U1", "C1", "x")
    await slack.settled()
    slack.redeliver("app_mention")
    await slack.settled()

    assert len({delivery.payload["event_id"] for delivery in slack.deliveries}) == 1
    assert len(slack.deliveries) == 2
    assert told[0]["type"] == "app_mention"


async def test_a_home_tab_is_published_when_it_is_opened(slack: Slack, app: AsyncApp) -> None:
    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [CONTROLS]})

    bodies = listening(app, lambda: app.action("more"))

    slack.open_home("U2")
    view = await slack.home("U2")
    await slack.press(view, "more")

    assert (bodies[0]["view"]["type"], bodies[0]["user"]["id"]) == ("home", "U2")
    assert "response_url" not in bodies[0]


# The connection


async def test_a_connection_is_refreshed_without_a_gap(slack: Slack, app: AsyncApp) -> None:
    bodies = listening(app, lambda: app.command("/digest"))

    await slack.refresh()
    await slack.connected(ever=2)

    assert (await slack.command("U1", "C1", "/digest")).error == ""
    assert len(bodies) == 1


async def test_a_connection_that_breaks_is_opened_anew(slack: Slack, app: AsyncApp) -> None:
    slack.cut()
    await slack.connected(ever=2)

    listening(app, lambda: app.command("/digest"))
    assert (await slack.command("U1", "C1", "/digest")).error == ""


async def test_a_silent_connection_is_noticed_by_its_missing_answers(slack: Slack) -> None:
    async with running(slack, new_app(slack), ping_interval=0.25) as app:
        slack.cut(silently=True)
        await slack.connected(ever=2)

        listening(app, lambda: app.command("/digest"))
        assert (await slack.command("U1", "C1", "/digest")).error == ""


async def test_several_connections_take_turns(slack: Slack) -> None:
    one, two = new_app(slack), new_app(slack)
    async with running(slack, one), running(slack, two):
        told = [listening(each, lambda each=each: each.command("/digest")) for each in (one, two)]  # type: ignore[misc]

        for _ in range(4):
            await slack.command("U1", "C1", "/digest")

    assert [len(bodies) for bodies in told] == [2, 2]


async def test_an_address_opens_one_connection(slack: Slack, app: AsyncApp) -> None:
    used = slack.sockets.connected_ever
    opened = await app.client.apps_connections_open(app_token=slack.app_token)

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(opened["url"]) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        async with session.get(opened["url"]) as again:
            assert again.status == 404
    assert slack.sockets.connected_ever == used + 1


async def test_a_connection_that_cannot_be_opened_is_tried_again(slack: Slack) -> None:
    slack.next(says_no("internal_error"), of="apps.connections.open")

    async with running(slack, new_app(slack), ping_interval=0.05):
        assert len(slack.calls_of("apps.connections.open")) == 2
