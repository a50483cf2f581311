"""A reply as Slack takes it: within every limit, literal whatever it says, nothing lost; and what people do read back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.adapters.slack import replies
from bot.talk import (
    Buttons,
    Choices,
    Confirm,
    Control,
    Field,
    File,
    Form,
    Listing,
    Part,
    Pressed,
    Reply,
    Row,
    Shown,
    Submitted,
    Text,
    control_id,
    reply,
)
from bot.wording import marked
from digests.render.layout import Line, Run, words
from digests.render.links import SafeLink
from digests.render.safe import SafeText
from tests.golden.injection import INJECTIONS, digests, hostile
from tests.golden.news import full
from tests.servers.slack_blocks import check_blocks, check_options, check_view, objects
from tests.servers.slack_shown import pings, previews
from tests.servers.slack_shown import words as shown_words

quick = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)

LINK = SafeLink.of("https://news.example/a")


def lines() -> st.SearchStrategy[Line]:
    runs = st.builds(
        lambda text, link, bold, code: Run(SafeText(text), LINK if link else None, bold=bold, code=code),
        hostile,
        st.booleans(),
        st.booleans(),
        st.booleans(),
    )
    return st.lists(runs, max_size=4).map(tuple)


labels = hostile.filter(bool)
controls = st.builds(
    lambda label, arguments, style: Control(control_id("timeline", *arguments), label, style),
    labels,
    st.lists(st.text("ab:#%ü", max_size=8), max_size=2),
    st.sampled_from(["", "primary", "danger"]),
)
some_controls = st.lists(controls, min_size=1, max_size=30).map(tuple)
rows = st.builds(Row, lines(), st.lists(lines(), max_size=3).map(tuple), st.lists(controls, max_size=4).map(tuple))
listings = st.builds(
    lambda title, rows, turn: Listing(title, tuple(rows), 1, 2, on=turn), lines(), st.lists(rows, max_size=30), controls
)
fields = st.builds(
    Field,
    st.sampled_from(["at", "zone", "topic", "note"]),
    labels,
    hostile,
    hostile,
    st.lists(st.tuples(hostile, labels), max_size=120, unique_by=lambda each: each[0]).map(tuple),
    st.booleans(),
    st.booleans(),
    lines(),
    st.booleans(),
)
forms = st.builds(
    lambda title, fields, submit, intro: Form("v1:settings", title, tuple(fields), submit, intro),
    labels,
    st.lists(fields, min_size=1, max_size=4, unique_by=lambda field: field.name),
    labels,
    lines(),
)
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, lines(), st.booleans()),
    listings,
    st.builds(lambda prompt, options: Choices("v1:pick", prompt, options), hostile, some_controls),
    st.builds(Buttons, some_controls),
    st.builds(Confirm, lines(), controls, controls),
    st.builds(lambda content: File("feeds.opml", content, "text/x-opml"), st.binary(max_size=5)),
)
some_replies = st.builds(lambda parts: Reply(tuple(parts)), st.lists(parts, min_size=1, max_size=8))


def accepted(payload: dict[str, Any]) -> None:
    """Slack takes it, nobody's phone rings, and no preview grows."""
    check_blocks(payload["blocks"])
    assert 0 < len(payload["text"].encode()) <= 4_000
    ids = [one["action_id"] for one in objects(payload["blocks"]) if "action_id" in one]
    assert len(set(ids)) == len(ids)
    assert list(pings(payload)) == []
    assert list(previews(payload)) == []
    assert not any(one.get("type") == "mrkdwn" for one in objects(payload["blocks"]))


@pytest.mark.slow
@quick
@given(some_replies)
def test_any_reply_is_taken_and_rings_nobody(answer: Reply) -> None:
    for payload in replies.messages(answer):
        accepted(payload)
    check_view(replies.home(answer))


@pytest.mark.slow
@quick
@given(digests(), lines(), st.booleans())
def test_any_digest_that_was_asked_for_is_taken(digest: Any, note: Line, kept: bool) -> None:
    for payload in replies.messages(reply(Shown(digest, note, kept), Buttons((Control("v1:share:x", "Share"),)))):
        accepted(payload)


@quick
@given(forms)
def test_any_form_is_taken_with_what_stands_in_it(form: Form) -> None:
    view = replies.modal(form, "x" * 3_000)

    check_view(view)
    for field in form.fields:
        [block] = [each for each in view["blocks"] if each.get("block_id") == field.name]
        element = block["element"]
        if field.options and field.value in dict(field.options):
            assert element["initial_option"]["value"][1:] == field.value[:149]
        assert set(replies.errors(form)) == {each.name for each in form.fields if each.error}


@pytest.mark.parametrize("raw", INJECTIONS)
def test_what_is_said_shows_as_it_is(raw: str) -> None:
    line = (Run(SafeText(raw)),)
    [payload] = replies.messages(reply(line)) or [{}]

    assert shown_words(payload, str).strip() == words(line).strip()


def test_nothing_of_a_long_list_is_lost() -> None:
    listed = tuple(Row(marked(f"Story {at} " + "x" * 500), controls=(Control(f"v1:why:{at}", "Why?"),)) for at in range(130))

    payloads = replies.messages(reply(Listing(marked("Left out"), listed)))

    shown = " ".join(shown_words(payload, str) for payload in payloads)
    assert all(f"Story {at} " in shown for at in range(130))
    menus = [one for payload in payloads for one in objects(payload["blocks"]) if one.get("type") == "static_select"]
    assert [len(menu["options"]) for menu in menus] == [100]
    for payload in payloads:
        accepted(payload)


def test_a_short_list_has_its_buttons_with_its_rows() -> None:
    listed = tuple(Row(marked(f"Story {at}"), controls=(Control("v1:timeline:x", "Open"),)) for at in range(3))

    [payload] = replies.messages(reply(Listing((), listed)))

    assert [block["type"] for block in payload["blocks"]] == ["rich_text", "actions"] * 3


def test_small_words_keep_their_links_and_what_is_to_be_typed() -> None:
    linked, typed = (Run(SafeText("paper"), LINK),), marked("`/digest`")

    [payload] = replies.messages(reply(Text(linked, small=True), Text(typed, small=True)))

    assert [block["type"] for block in payload["blocks"]] == ["rich_text", "rich_text"]


def test_a_page_that_was_read_just_now_offers_nothing_more() -> None:
    [payload] = replies.messages(reply(Shown(full(), kept=False)))

    assert "actions" not in {block["type"] for block in payload["blocks"]}


def test_a_digest_of_nobodys_channel_offers_its_stories_alone() -> None:
    [payload] = replies.messages(reply(Shown(replace(full(), number=None))))

    [row] = [block for block in payload["blocks"] if block["type"] == "actions"]
    assert [element["action_id"] for element in row["elements"]] == ["v1:story:-"]


def test_a_menu_of_a_form_keeps_what_is_chosen_however_many_there_are() -> None:
    many = tuple((f"t{at}", f"Topic {at}") for at in range(150))
    view = replies.modal(Form("v1:x", "X", (Field("topic", "Topic", "t140", options=many),), "Save"), "")

    element = view["blocks"][0]["element"]
    assert element["initial_option"]["text"]["text"] == "Topic 140"
    check_view(view)


def test_a_channel_is_picked_of_those_that_there_are_and_read_back_by_its_id() -> None:
    def element(value: str) -> dict[str, Any]:
        field = Field("notices", "Notices go to", value, "the id of a channel", optional=True, channel=True)
        view = replies.modal(Form("v1:settings", "Settings", (field,), "Save"), "")
        check_view(view)
        assert "hint" not in view["blocks"][0], "how an id is typed"
        found: dict[str, Any] = view["blocks"][0]["element"]
        return found

    assert element("slack:T1/C2")["type"] == "conversations_select"
    assert element("slack:T1/C2")["initial_conversation"] == "C2"
    assert "initial_conversation" not in element("here")
    assert "initial_conversation" not in element("")
    for chosen in ("C2", None):
        state = {"notices": {"notices": {"type": "conversations_select", "selected_conversation": chosen}}}
        assert replies.submitted({"state": {"values": state}}).fields == {"notices": chosen or ""}


def test_the_form_from_anywhere_is_taken() -> None:
    check_view(replies.ask_view())


def test_offers_are_options_and_at_most_a_hundred() -> None:
    offered = replies.options([(f"Topic {at}", f"Topic {at}") for at in range(120)] + [("", "x")])

    assert len(check_options({"options": offered}, "")) == 100


# Read back


@pytest.mark.parametrize(
    ("action", "read"),
    [
        ({"action_id": "v1:now", "type": "button"}, (Pressed("v1:now"), False)),
        ({"action_id": "v1:now#2", "type": "button"}, (Pressed("v1:now"), False)),
        ({"action_id": "v1:feeds:-:2#turn"}, (Pressed("v1:feeds:-:2"), True)),
        ({"action_id": "v1:feeds:-:2#turn2"}, (Pressed("v1:feeds:-:2"), True)),
        ({"action_id": "v1:pick", "selected_option": {"value": "v1:x"}}, (Pressed("v1:pick", ("v1:x",)), False)),
        ({"action_id": "v1:pick", "selected_option": None}, (Pressed("v1:pick"), False)),
        ({}, (Pressed(""), False)),
    ],
)
def test_what_was_pressed_is_read(action: dict[str, Any], read: tuple[Pressed, bool]) -> None:
    assert replies.pressed(action) == read


def test_what_was_filled_in_is_read() -> None:
    values = {
        "at": {"at": {"type": "plain_text_input", "value": "07:30"}},
        "note": {"note": {"type": "plain_text_input", "value": None}},
        "length": {"length": {"type": "static_select", "selected_option": {"value": "=full"}}},
        "topic": {"topic": {"type": "static_select", "selected_option": {"value": "="}}},
        "which": {"which": {"type": "static_select", "selected_option": None}},
        "odd": "text",
    }

    read = replies.submitted({"callback_id": "v1:schedule-add", "state": {"values": values}})

    assert read == Submitted("v1:schedule-add", {"at": "07:30", "note": "", "length": "full", "topic": "", "which": ""})


@pytest.mark.parametrize("view", [{}, {"state": None}, {"state": {"values": []}}, {"state": {"values": {"x": None}}}])
def test_a_form_that_holds_nothing_is_read_as_that(view: dict[str, Any]) -> None:
    assert replies.submitted(view).fields == {}


@pytest.mark.parametrize(
    ("message", "address"),
    [
        ({"text": "<https://a.example/x?a=1&amp;b=2|here> <https://b.example>"}, "https://a.example/x?a=1&b=2"),
        ({"text": "<mailto:a@b.example|a> <#C1|x>"}, ""),
        ({"text": "", "blocks": [{"elements": [{"type": "link", "url": "https://a.example/"}]}]}, "https://a.example/"),
        ({"attachments": [{"from_url": "https://a.example/y"}]}, "https://a.example/y"),
        ({"blocks": [{"type": "link", "url": "javascript:alert(1)"}]}, ""),
        ({}, ""),
    ],
)
def test_the_first_link_of_a_message_is_found(message: dict[str, Any], address: str) -> None:
    assert replies.first_link(message) == address


@pytest.mark.parametrize(
    ("text", "words_"),
    [
        ("<@U0BOT> about ports", "about ports"),
        ("<@U0BOT>   link <https://a.example/x?a=1&amp;b=2|a.example/x>", "link https://a.example/x?a=1&b=2"),
        ("/digest about ports", "about ports"),
        ("about R&amp;D &lt;x&gt;", "about R&D <x>"),
        ("about <http://ports.example|ports.example>", "about http://ports.example"),
        ("<@U0BOT>", ""),
    ],
)
def test_what_is_written_to_the_bot_is_read_without_markup(text: str, words_: str) -> None:
    assert replies.typed(text, command="/digest", bot="U0BOT") == words_
