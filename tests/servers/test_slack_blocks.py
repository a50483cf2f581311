"""Each limit of Slack's blocks and views: the most that is taken, and one more, asked of the stand-in over HTTP."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import Slack
from tests.servers.slack_blocks import RefusedError, check_view

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def header(text: str = "x") -> Json:
    return {"type": "header", "text": plain(text)}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def context(*texts: str) -> Json:
    return {"type": "context", "elements": [plain(text) for text in texts]}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "x", **more}


def rich(*runs: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(runs)}]}


def run(words: str = "x", **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def bullets(style: str = "bullet", kind: str = "rich_text_section") -> Json:
    items = [{"type": kind, "elements": [run()]}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": style, "elements": items}]}


def preformatted(*runs: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": list(runs)}]}


def button(label: str = "x", action_id: str = "a", **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(label: str = "x", value: str = "v", **more: Any) -> Json:
    return {"text": plain(label), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(value=f"v{number}") for number in range(count)]


def menu(count: int = 1, kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "action_id": "s", "options": options(count), **more}


def groups(count: int, each: int = 1, label: str = "x") -> Json:
    return {"type": "static_select", "option_groups": [{"label": plain(label), "options": options(each)}] * count}


def confirm(**more: Any) -> Json:
    whole = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain(), **more}
    return actions(button(confirm={name: value for name, value in whole.items() if value is not None}))


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", **more}


def link(url: str, **more: Any) -> Json:
    return rich({"type": "link", "url": url, **more})


Cases = dict[str, tuple[list[Json], list[Json]]]

BLOCKS: Cases = {  # what holds on every surface: the most that is taken, and one more
    "header": ([header("x" * 150)], [header("x" * 151)]),
    "empty header": ([header()], [header("")]),
    "markup in a header": ([header()], [{"type": "header", "text": mrkdwn()}]),
    "no header": ([header()], [{"type": "header"}]),
    "section": ([section("x" * 3_000)], [section("x" * 3_001)]),
    "empty section": ([section()], [section("")]),
    "neither text nor fields": ([section()], [{"type": "section"}]),
    "fields": ([section(fields=[mrkdwn()] * 10)], [section(fields=[mrkdwn()] * 11)]),
    "no fields": ([section(fields=[mrkdwn()])], [section(fields=[])]),
    "field": ([section(fields=[mrkdwn("x" * 2_000)])], [section(fields=[mrkdwn("x" * 2_001)])]),
    "beside a section": ([section(accessory=button())], [section(accessory=typed())]),
    "context": ([context(*"x" * 10)], [context(*"x" * 11)]),
    "empty context": ([context("x")], [context()]),
    "context text": ([context("x" * 3_000)], [context("x" * 3_001)]),
    "in a context": ([{"type": "context", "elements": [image()]}], [{"type": "context", "elements": [button()]}]),
    "image": ([image(title=plain("x" * 2_000))], [image(title=plain("x" * 2_001))]),
    "alt text": ([image(alt_text="x" * 2_000)], [image(alt_text="x" * 2_001)]),
    "no alt text": ([image()], [{"type": "image", "image_url": "https://a.example/x.png"}]),
    "image address": ([image()], [image(image_url="https://a.example/" + "x" * 2_983)]),
    "one image": ([image()], [image(slack_file={"id": "F1"})]),
    "no image": ([{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"}], [{"type": "image", "alt_text": "x"}]),
    "image file": (
        [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"}],
        [{"type": "image", "slack_file": "F1", "alt_text": "x"}],
    ),
    "divider": ([{"type": "divider"}], [{"type": "divider", "text": plain()}]),
    "block id": ([{**context("x"), "block_id": "b" * 255}], [{**context("x"), "block_id": "b" * 256}]),
    "empty block id": ([{**context("x"), "block_id": "b"}], [{**context("x"), "block_id": ""}]),
    "same block id": (
        [{**context("x"), "block_id": "a"}, {**context("x"), "block_id": "b"}],
        [{**context("x"), "block_id": "a"}, {**context("x"), "block_id": "a"}],
    ),
    "unknown block": ([{"type": "divider"}], [{"type": "fireworks"}]),
    "newer block": ([section()], [{"type": "markdown", "text": "x"}]),
    "unknown key": ([rich(run())], [rich(run(colour="red"))]),
    "unknown key of a block": ([section()], [section(colour="red")]),
    # Controls
    "actions": (
        [actions(*(button(action_id=f"a{n}") for n in range(25)))],
        [actions(*(button(action_id=f"a{n}") for n in range(26)))],
    ),
    "no actions": ([actions(button())], [actions()]),
    "same action id": ([actions(button()), actions(button())], [actions(button(), button())]),
    "action id": ([actions(button(action_id="a" * 255))], [actions(button(action_id="a" * 256))]),
    "unknown control": ([actions(button())], [actions({"type": "slider", "action_id": "a"})]),
    "button": ([actions(button("x" * 75))], [actions(button("x" * 76))]),
    "button value": ([actions(button(value="x" * 2_000))], [actions(button(value="x" * 2_001))]),
    "button address": (
        [actions(button(url="https://a.example/" + "x" * 2_982))],
        [actions(button(url="https://a.example/" + "x" * 2_983))],
    ),
    "button address scheme": ([actions(button(url="https://a.example"))], [actions(button(url="javascript:alert(1)"))]),
    "button style": ([actions(button(style="danger"))], [actions(button(style="loud"))]),
    "accessibility label": (
        [actions(button(accessibility_label="x" * 75))],
        [actions(button(accessibility_label="x" * 76))],
    ),
    "markup on a button": ([actions(button())], [actions({**button(), "text": mrkdwn()})]),
    "options": ([actions(menu(100))], [actions(menu(101))]),
    "no options": ([actions(menu())], [actions(menu(0))]),
    "option": ([actions(menu(0, options=[option("x" * 75)]))], [actions(menu(0, options=[option("x" * 76)]))]),
    "option value": (
        [actions(menu(0, options=[option(value="x" * 150)]))],
        [actions(menu(0, options=[option(value="x" * 151)]))],
    ),
    "no option value": ([actions(menu())], [actions(menu(0, options=[{"text": plain()}]))]),
    "option address": (
        [actions(menu(0, "overflow", options=[option(url="https://a.example")]))],
        [actions(menu(0, "overflow", options=[option(url="javascript:alert(1)")]))],
    ),
    "option description": (
        [actions(menu(0, options=[option(description=plain("x" * 75))]))],
        [actions(menu(0, options=[option(description=plain("x" * 76))]))],
    ),
    "markup in an option": ([actions(menu())], [actions(menu(0, options=[{"text": mrkdwn(), "value": "v"}]))]),
    "option groups": ([actions(groups(100))], [actions(groups(101))]),
    "options of a group": ([actions(groups(1, 100))], [actions(groups(1, 101))]),
    "group label": ([actions(groups(1, label="x" * 75))], [actions(groups(1, label="x" * 76))]),
    "options and groups": ([actions(menu())], [actions({**groups(1), **menu()})]),
    "placeholder": ([actions(menu(placeholder=plain("x" * 150)))], [actions(menu(placeholder=plain("x" * 151)))]),
    "chosen at first": (
        [actions(menu(initial_option=option(value="v0")))],
        [actions(menu(initial_option=option(value="other")))],
    ),
    "external menu": (
        [actions({"type": "external_select", "min_query_length": 0})],
        [actions({"type": "external_select", "min_query_length": -1})],
    ),
    "options of an external menu": ([actions({"type": "external_select"})], [actions(menu(kind="external_select"))]),
    "overflow": ([actions(menu(5, "overflow"))], [actions(menu(6, "overflow"))]),
    "radio buttons": ([actions(menu(10, "radio_buttons"))], [actions(menu(11, "radio_buttons"))]),
    "checkboxes": ([actions(menu(10, "checkboxes"))], [actions(menu(11, "checkboxes"))]),
    "no overflow": ([actions(menu(1, "overflow"))], [actions(menu(0, "overflow"))]),
    "no radio buttons": ([actions(menu(1, "radio_buttons"))], [actions(menu(0, "radio_buttons"))]),
    "chosen boxes": (
        [actions(menu(kind="checkboxes", initial_options=options(1)))],
        [actions(menu(kind="checkboxes", initial_options=[]))],
    ),
    "other chosen boxes": (
        [actions(menu(kind="checkboxes", initial_options=options(1)))],
        [actions(menu(kind="checkboxes", initial_options=options(2)))],
    ),
    "chosen of an external menu": (
        [section(accessory={"type": "multi_external_select", "initial_options": options(1)})],
        [section(accessory={"type": "multi_external_select", "initial_options": []})],
    ),
    "several of a menu": (
        [section(accessory=menu(kind="multi_static_select"))],
        [actions(menu(kind="multi_static_select"))],
    ),
    "date": (
        [actions({"type": "datepicker", "initial_date": "2024-10-13"})],
        [actions({"type": "datepicker", "initial_date": "13.10.2024"})],
    ),
    "time": (
        [actions({"type": "timepicker", "initial_time": "07:30"})],
        [actions({"type": "timepicker", "initial_time": "7:30"})],
    ),
    "confirm title": ([confirm(title=plain("x" * 100))], [confirm(title=plain("x" * 101))]),
    "confirm text": ([confirm(text=plain("x" * 300))], [confirm(text=plain("x" * 301))]),
    "confirm button": ([confirm(confirm=plain("x" * 30))], [confirm(confirm=plain("x" * 31))]),
    "deny button": ([confirm(deny=plain("x" * 30))], [confirm(deny=plain("x" * 31))]),
    "no deny button": ([confirm()], [confirm(deny=None)]),
    # Rich text
    "list style": ([bullets("ordered")], [bullets("dash")]),
    "list of sections": ([bullets()], [bullets(kind="rich_text_quote")]),
    "part of rich text": ([bullets()], [{"type": "rich_text", "elements": [{"type": "rich_text_table", "elements": []}]}]),
    "empty run": ([rich(run())], [rich(run(""))]),
    "style": ([rich(run(style={"bold": True}))], [rich(run(style={"loud": True}))]),
    "style is a switch": ([rich(run(style={"bold": True}))], [rich(run(style={"bold": "yes"}))]),
    "kind of run": ([rich({"type": "emoji", "name": "wave"})], [rich({"type": "blink", "text": "x"})]),
    "link": ([link("https://a.example/")], [link("javascript:alert(1)")]),
    "empty label": ([link("https://a.example/", text="x")], [link("https://a.example/", text="")]),
    "broadcast": ([rich({"type": "broadcast", "range": "here"})], [rich({"type": "broadcast", "range": "all"})]),
    "date element": (
        [rich({"type": "date", "timestamp": 1, "format": "{date}"})],
        [rich({"type": "date", "timestamp": "1", "format": "{date}"})],
    ),
    "nobody": ([rich({"type": "user", "user_id": "U1"})], [rich({"type": "user"})]),
    "preformatted": ([preformatted(run())], [preformatted({"type": "emoji", "name": "wave"})]),
}

OF_MESSAGES: Cases = {
    "blocks": ([context("x")] * 50, [context("x")] * 51),
    "all texts": ([context("x" * 2_600)] * 5, [*[context("x" * 2_600)] * 5, context("x")]),
    "all texts and addresses": (
        [*[context("x" * 2_600)] * 4, link("https://a.example/" + "x" * 2_581, text="x")],
        [*[context("x" * 2_600)] * 4, link("https://a.example/" + "x" * 2_582, text="x")],
    ),
    "no fields to type in": ([section()], [field(typed())]),
}

OF_VIEWS: Cases = {
    "blocks": ([context("x")] * 100, [context("x")] * 101),
    "texts": ([context("x" * 2_600)] * 6, [context("x" * 3_001)]),
    "label": ([field(typed(), label=plain("x" * 2_000))], [field(typed(), label=plain("x" * 2_001))]),
    "hint": ([field(typed(), hint=plain("x" * 2_000))], [field(typed(), hint=plain("x" * 2_001))]),
    "no label": ([field(typed())], [{"type": "input", "element": typed()}]),
    "no element": ([field(typed())], [{"type": "input", "label": plain()}]),
    "in a field": ([field(menu())], [field(button())]),
    "typed at first": ([field(typed(initial_value="x" * 3_000))], [field(typed(initial_value="x" * 3_001))]),
    "most letters": ([field(typed(max_length=3_000))], [field(typed(max_length=3_001))]),
    "fewest letters": ([field(typed(min_length=0))], [field(typed(min_length=-1))]),
    "most letters, none": ([field(typed(max_length=1))], [field(typed(max_length=0))]),
    "fewest letters, many": ([field(typed(min_length=3_000))], [field(typed(min_length=3_001))]),
    "placeholder": ([field(typed(placeholder=plain("x" * 150)))], [field(typed(placeholder=plain("x" * 151)))]),
    "several": (
        [field(menu(kind="multi_static_select", max_selected_items=1))],
        [field(menu(kind="multi_static_select", max_selected_items=0))],
    ),
    "focus": (
        [field(typed(focus_on_load=True)), field(typed())],
        [field(typed(focus_on_load=True)), field(typed(focus_on_load=True))],
    ),
}

OF_MODALS: Cases = {
    "number": (
        [field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"})],
        [field({"type": "number_input", "is_decimal_allowed": False, "min_value": 1})],
    ),
    "whole numbers or not": ([field({"type": "number_input", "is_decimal_allowed": True})], [field({"type": "number_input"})]),
    "files": ([field({"type": "file_input", "max_files": 10})], [field({"type": "file_input", "max_files": 11})]),
    "no files": ([field({"type": "file_input", "max_files": 1})], [field({"type": "file_input", "max_files": 0})]),
    "files tell nobody": ([field({"type": "file_input"})], [field({"type": "file_input"}, dispatch_action=True)]),
}


def modal(*blocks: Json, **more: Any) -> Json:
    whole = {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **more}
    return {name: value for name, value in whole.items() if value is not None}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


MODALS: dict[str, tuple[Json, Json]] = {
    "title": (modal(title=plain("x" * 24)), modal(title=plain("x" * 25))),
    "no title": (modal(), modal(title=None)),
    "markup in a title": (modal(), modal(title=mrkdwn())),
    "submit": (modal(submit=plain("x" * 24)), modal(submit=plain("x" * 25))),
    "close": (modal(close=plain("x" * 24)), modal(close=plain("x" * 25))),
    "no submit with fields": (modal(section(), submit=None), modal(field(typed()), submit=None)),
    "private metadata": (modal(private_metadata="x" * 3_000), modal(private_metadata="x" * 3_001)),
    "callback id": (modal(callback_id="x" * 255), modal(callback_id="x" * 256)),
    "external id": (modal(external_id="x" * 255), modal(external_id="x" * 256)),
    "switch": (modal(notify_on_close=True), modal(notify_on_close="yes")),
    "unknown key": (modal(), modal(colour="red")),
    "no blocks": (modal(), modal(blocks=None)),
    "kind": (modal(), home()),
}

HOMES: dict[str, tuple[Json, Json]] = {
    "private metadata": (home(private_metadata="x" * 3_000), home(private_metadata="x" * 3_001)),
    "callback id": (home(callback_id="x" * 255), home(callback_id="x" * 256)),
    "no title": (home(), home(title=plain())),
    "no submit": (home(field(typed())), home(field(typed()), submit=plain())),
    "no numbers": (home(field(typed())), home(*OF_MODALS["number"][0])),
    "kind": (home(), modal()),
}


def every(*tables: Cases) -> pytest.MarkDecorator:
    cases = {f"{number} {name}": case for number, table in enumerate(tables) for name, case in table.items()}
    return pytest.mark.parametrize(("good", "bad"), cases.values(), ids=[name.partition(" ")[2] for name in cases])


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack() as server:
        yield server


@pytest.fixture
def client(slack: Slack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@every(BLOCKS, OF_MESSAGES)
async def test_a_message_within_its_limits_is_taken_and_one_more_is_refused(
    slack: Slack, client: AsyncWebClient, good: list[Json], bad: list[Json]
) -> None:
    await client.chat_postMessage(channel="C1", text="x", blocks=good)

    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postMessage(channel="C1", text="x", blocks=bad)

    assert refusal.value.response["error"] in ("invalid_blocks", "msg_blocks_too_long")
    if refusal.value.response["error"] == "invalid_blocks":
        assert "[json-pointer:/blocks" in refusal.value.response["response_metadata"]["messages"][0]
    assert len(slack.standing("C1")) == 1


@every(BLOCKS, OF_VIEWS, OF_MODALS)
async def test_a_modal_takes_the_same_and_fields(
    slack: Slack, client: AsyncWebClient, good: list[Json], bad: list[Json]
) -> None:
    await client.views_open(trigger_id=slack.workspace.trigger("U1"), view=modal(*good))

    with pytest.raises(SlackApiError) as refusal:
        await client.views_open(trigger_id=slack.workspace.trigger("U1"), view=modal(*bad))

    assert refusal.value.response["error"] == "invalid_arguments"
    assert "[json-pointer:/view" in refusal.value.response["response_metadata"]["messages"][0]
    assert len(slack.modals("U1")) == 1


@every(BLOCKS, OF_VIEWS)
async def test_a_home_tab_takes_the_same(slack: Slack, client: AsyncWebClient, good: list[Json], bad: list[Json]) -> None:
    await client.views_publish(user_id="U1", view=home(*good))

    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_publish(user_id="U1", view=home(*bad))

    assert len(slack.homes["U1"].blocks) == len(good)


@pytest.mark.parametrize(("good", "bad"), MODALS.values(), ids=MODALS)
async def test_a_modal_has_a_frame(slack: Slack, client: AsyncWebClient, good: Json, bad: Json) -> None:
    await client.views_open(trigger_id=slack.workspace.trigger("U1"), view=good)

    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=slack.workspace.trigger("U1"), view=bad)


@pytest.mark.parametrize(("good", "bad"), HOMES.values(), ids=HOMES)
async def test_a_home_tab_has_none(client: AsyncWebClient, good: Json, bad: Json) -> None:
    await client.views_publish(user_id="U1", view=good)

    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_publish(user_id="U1", view=bad)


async def test_the_answer_names_the_place(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refusal:
        await client.chat_postMessage(channel="C1", text="x", blocks=[section(), header("x" * 151)])

    assert refusal.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]"
    ]


@pytest.mark.parametrize(
    ("blocks", "word"), [("{", "invalid_blocks_format"), ({}, "invalid_blocks_format"), ([7], "invalid_blocks_format")]
)
async def test_what_is_no_list_of_blocks_is_refused(client: AsyncWebClient, blocks: Any, word: str) -> None:
    with pytest.raises(SlackApiError, match=word):
        await client.chat_postMessage(channel="C1", text="x", blocks=blocks)


# Whatever is strange, wherever it stands

WHOLE: Json = {"placeholder": plain(), "focus_on_load": False}
SURE: Json = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), "style": "danger"}
PRESSED: list[Json] = [
    button(value="v", url="https://a.example", style="primary", accessibility_label="x", confirm=SURE),
    menu(2, "overflow", confirm=SURE),
    menu(2, "radio_buttons", initial_option=options(1)[0]),
    menu(2, "checkboxes", initial_options=options(1)),
    menu(0, options=[option(description=plain())], initial_option=option(description=plain()), **WHOLE),
    {**groups(2), "action_id": "g"},
    {"type": "external_select", "action_id": "e", "initial_option": option(), "min_query_length": 0, **WHOLE},
    {"type": "datepicker", "action_id": "d", "initial_date": "2024-10-13", "placeholder": plain()},
    {"type": "timepicker", "action_id": "t", "initial_time": "07:30", "timezone": "UTC"},
    {"type": "datetimepicker", "action_id": "dt", "initial_date_time": 1},
    {"type": "users_select", "initial_user": "U1"},
    {"type": "conversations_select", "initial_conversation": "C1", "response_url_enabled": True, "filter": {}},
    {"type": "channels_select", "initial_channel": "C1", "response_url_enabled": True},
]
TYPED: list[Json] = [
    menu(2, "multi_static_select", initial_options=options(1), max_selected_items=2),
    {"type": "multi_external_select", "initial_options": options(1), "min_query_length": 1},
    {"type": "multi_users_select", "initial_users": ["U1"]},
    {"type": "multi_conversations_select", "initial_conversations": ["C1"], "default_to_current_conversation": True},
    {"type": "multi_channels_select", "initial_channels": ["C1"]},
    typed(initial_value="x", multiline=True, min_length=0, max_length=5, placeholder=plain(), dispatch_action_config={}),
    {"type": "number_input", "is_decimal_allowed": True, "initial_value": "1", "min_value": "1", "max_value": "2"},
    {"type": "email_text_input", "initial_value": "x"},
    {"type": "url_text_input", "initial_value": "x"},
    {"type": "file_input", "filetypes": ["opml"], "max_files": 1},
]
SAMPLES: list[Json] = [
    header(),
    section(fields=[plain()], accessory=image(), expand=True),
    {"type": "context", "elements": [image(), mrkdwn(), plain()]},
    {"type": "divider"},
    image(title=plain()),
    rich(
        run(style={"bold": True}),
        {"type": "link", "url": "https://a.example", "text": "x"},
        {"type": "emoji", "name": "wave"},
        {"type": "date", "timestamp": 1, "format": "{date}"},
        {"type": "user", "user_id": "U1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "broadcast", "range": "here"},
        {"type": "color", "value": "#fff"},
    ),
    bullets(),
    preformatted(run()),
    {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [run()]}]},
    *(actions(element) for element in PRESSED),
    *(field(element, hint=plain(), optional=True, dispatch_action=False) for element in TYPED),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Everything in a value with the way to it."""
    yield path, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


def changed(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """A copy with something else at a place."""
    whole = {"": copy.deepcopy(value)}
    at: Any = whole
    *way, last = ("", *path)
    for key in way:
        at = at[key]
    at[last] = other
    return whole[""]


@pytest.mark.parametrize("block", [{**block, "block_id": "b"} for block in SAMPLES], ids=range(len(SAMPLES)))
def test_nothing_strange_is_taken_anywhere(block: Json) -> None:
    check_view(modal(block))

    for path, value in places(block):
        others: list[Any] = [7, "x", None, [], {}, True]
        wrong = [other for other in others if not (isinstance(other, type(value)) or (other, type(value)) == (True, int))]
        taken = [changed(block, path, other) for other in wrong]
        taken += [changed(block, (*path, "colour"), "red")] if isinstance(value, dict) else []
        for one in taken:
            with pytest.raises(RefusedError):
                check_view(modal(one))
