"""Replies and forms as Discord's messages: within the limits, literal, nothing lost; and what is read back of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord import replies
from bot.adapters.discord.render import draw
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
    Reply,
    Row,
    Shown,
    Text,
    control_id,
    reply,
)
from bot.wording import marked
from digests.render.layout import Line, Run, words
from digests.render.links import SafeLink
from digests.render.safe import SafeText
from tests.bot.adapters.reading_discord import read
from tests.golden.injection import INJECTIONS, hostile
from tests.golden.news import full, sixty
from tests.servers.discord_components import of_modal
from tests.servers.discord_limits import message_faults

Json = dict[str, Any]


def run(raw: str) -> Line:
    return (Run(SafeText(raw) or SafeText.own("-")),)


def faults(payload: Json) -> list[object]:
    return list(message_faults(payload, interaction=True))


LABELS = hostile.filter(lambda raw: bool(SafeText(raw)))
LINES = st.lists(
    st.builds(
        Run,
        LABELS.map(SafeText),
        st.sampled_from([None, SafeLink.of("https://news.example/a_(b)")]),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
).map(tuple)
IDS = st.sampled_from(["v1:help", "v1:timeline:s-1", f"v1:about:{'x' * 90}", control_id("search", "a b", "2")])
CONTROLS = st.builds(Control, IDS, LABELS, st.sampled_from(["", "primary", "danger"]))
ROWS = st.builds(Row, LINES, st.lists(LINES, max_size=2).map(tuple), st.lists(CONTROLS, max_size=7).map(tuple))
PARTS = st.one_of(
    st.builds(Text, LINES, st.booleans()),
    st.builds(Listing, LINES, st.lists(ROWS, max_size=12).map(tuple), st.just(1), st.just(3), st.none(), CONTROLS),
    st.builds(Choices, IDS, LABELS, st.lists(CONTROLS, min_size=1, max_size=120).map(tuple)),
    st.builds(Buttons, st.lists(CONTROLS, min_size=1, max_size=23).map(tuple)),
    st.builds(Confirm, LINES, CONTROLS, CONTROLS),
    st.builds(File, LABELS, st.just(b"x"), st.just("text/plain")),
    st.just(Shown(full(), kept=False)),
)
FIELDS = st.builds(
    Field,
    st.from_regex(r"[a-z]{1,10}", fullmatch=True),
    LABELS,
    st.text(max_size=5_000),
    hostile,
    st.one_of(
        st.just(()),
        st.lists(st.tuples(st.from_regex(r"[a-z]{1,5}", fullmatch=True), LABELS), min_size=1, max_size=40).map(tuple),
    ),
    st.booleans(),
    st.booleans(),
)


def parts(components: list[Json]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from parts(component.get("components", []))
        yield from parts([component["accessory"]] if "accessory" in component else [])


def texts(made: list[replies.Message]) -> list[str]:
    shown = [part for message in made for part in parts(message.payload["components"])]
    return [line for part in shown if part["type"] == 10 for line in part["content"].split("\n")]


def unpinged(payload: Json) -> bool:
    return bool(payload["allowed_mentions"] == {"parse": []})


@given(st.lists(PARTS, min_size=1, max_size=5).map(tuple))
def test_any_reply_is_taken_and_every_control_comes_back_as_it_was(wanted: tuple[Part, ...]) -> None:
    made = replies.messages(Reply(wanted))

    for message in made:
        assert faults(message.payload) == []
        assert unpinged(message.payload)
    ids = {
        replies.read(part["custom_id"])[0]
        for message in made
        for part in parts(message.payload["components"])
        if part.get("custom_id")
    }
    asked = {control.id for part in wanted for control in controls(part)}
    assert asked <= ids | {"v1:missed:128"}
    assert len([file for message in made for file in message.files]) == sum(isinstance(part, File) for part in wanted)


def controls(part: Part) -> Iterator[Control]:
    match part:
        case Listing():
            yield from (each for row in part.rows for each in row.controls)
            yield from (each for each in (part.back, part.on) if each)
        case Buttons():
            yield from part.controls
        case Confirm():
            yield from (part.yes, part.no)
        case Choices():
            yield Control(part.id, "x")
        case _:
            return


@given(LINES)
def test_any_words_are_shown_literally(line: Line) -> None:
    readings = [each for text in texts(replies.messages(reply(Text(line)))) for each in read(text)]

    assert [each.alive for each in readings] == [[]] * len(readings)
    assert "".join(each.text for each in readings).split() == words(line).split()


@pytest.mark.parametrize("raw", INJECTIONS)
def test_hostile_words_are_inert_wherever_they_stand(raw: str) -> None:
    line, label = run(raw), SafeText(raw) or "-"
    control = Control("v1:help", label)
    form = Form("v1:settings", label, (Field("a", label, raw, raw, ((("x"), label),), error=line),), label, line)
    whole = reply(Text(line), Listing(line, (Row(line, (line,), (control,)),)), Confirm(line, control, control), form)

    for text in texts(replies.messages(whole)):
        assert [each.alive for each in read(text)] == [[]]
    assert list(of_modal(replies.modal(form))) == []


@given(st.lists(FIELDS, min_size=1, max_size=9, unique_by=lambda field: field.name), LABELS)
def test_any_form_is_taken_step_by_step(fields: list[Field], title: str) -> None:
    unique = tuple(
        Field(each.name, each.label, each.value, each.hint, tuple(dict(each.options).items()), each.long, each.optional)
        for each in fields
    )
    form = Form("v1:settings", SafeText(title), unique, "Save", run("What holds here."))

    modals = [replies.modal(form, step) for step in range(1, replies.steps(form) + 1)]

    assert [list(of_modal(modal)) for modal in modals] == [[]] * len(modals)
    asked = [part["component"]["custom_id"] for modal in modals for part in modal["components"] if part["type"] == 18]
    assert asked == [each.name for each in unique]
    assert [replies.step_of(modal["custom_id"]) for modal in modals] == [
        ("v1:settings", step, len(modals)) for step in range(1, len(modals) + 1)
    ]


@pytest.mark.parametrize("count", [1, 10, 40, 200])
def test_of_any_number_of_rows_none_is_lost_or_parted(count: int) -> None:
    rows = tuple(
        Row(
            run(f"Row {at} " + "word " * (at % 90)), (run(f"small {at}"),), (Control(f"v1:timeline:s-{at}", "Open"),) * (at % 3)
        )
        for at in range(count)
    )

    made = replies.messages(reply(Listing(run("All"), rows)))

    lines = texts(made)
    assert [line.split()[2] for line in lines if line.startswith("- Row")] == [str(at) for at in range(count)]
    for at in range(count):
        assert any(f"-# small {at}" == line for line in lines)
    assert all(faults(message.payload) == [] for message in made)


def test_what_a_modal_brings_is_read_by_field() -> None:
    text = {"type": 18, "component": {"type": 4, "custom_id": "note", "value": "hello"}}
    menu = {"type": 18, "component": {"type": 3, "custom_id": "which", "values": ["b"]}}
    none = {"type": 18, "component": {"type": 3, "custom_id": "other", "values": []}}
    old = {"type": 1, "components": [{"type": 4, "custom_id": "old", "value": "x"}]}

    found = replies.filled({"components": [text, menu, none, old, {"type": 10}]})

    assert found == {"note": "hello", "which": "b", "other": "", "old": "x"}


def test_a_menu_holds_what_stands_in_its_field_however_many_there_are() -> None:
    options = tuple((f"v{at}", f"Option {at}") for at in range(60))
    modal = replies.modal(Form("v1:settings", "Settings", (Field("which", "Which", "v50", options=options),), "Save"))

    shown = modal["components"][0]["component"]["options"]
    assert len(shown) == 25
    assert [each["value"] for each in shown if each.get("default")] == ["v50"]


def test_replies_read_as_their_golden_file(golden: Callable[[str, str], None]) -> None:
    rows = (
        Row(run("Ferry runs aground"), (marked("Sat 12 Oct · *posted*"),), (Control("v1:timeline:s-1", "Open"),)),
        Row(run("Bridge *opens*"), (), (Control("v1:timeline:s-2", "Timeline"), Control("v1:why:s-2", "Why"))),
        Row(run("1. A row without buttons")),
        Row(run("and another one"), (run("with a small line"),)),
    )
    on = Control(control_id("search", "ferry", "2"), "More")
    wanted: list[Reply] = [
        reply(marked("Type `/digest help`. <@1> *Bold* words."), Text(run("small words"), small=True)),
        reply(Listing(run("Stories with ferry"), rows, 1, 2, None, on), Buttons((Control("v1:help", "Help"),))),
        reply(Choices("v1:pick", "Pick a story", tuple(Control(f"v1:timeline:s-{at}", f"Story {at}") for at in range(30)))),
        reply(Confirm(run("Shall I forget you?"), Control("v1:yes", "Yes", "danger"), Control("v1:no", "No"))),
        reply(Shown(full(), marked("*Preview*: nothing was posted."))),
        reply(Form("v1:settings", "Settings", (Field("a", "A"),), "Save", run("What holds here."))),
    ]

    drawn = ["\n--- next message ---\n".join(draw([each.payload]) for each in replies.messages(one)) for one in wanted]

    golden("replies.discord.txt", "\n=== next reply ===\n\n".join(drawn))


def test_nobody_is_asked_what_they_missed_of_a_preview() -> None:
    def pressable(shown: Shown) -> list[str]:
        shown_parts = [part for made in replies.messages(reply(shown)) for part in parts(made.payload["components"])]
        return [part["custom_id"] for part in shown_parts if "custom_id" in part]

    assert pressable(Shown(full())) == ["v1:story:128", "v1:missed:128", "v1:left-out:128"]
    assert pressable(Shown(replace(full(), number=None), run("Preview"))) == ["v1:story:-"]


def test_a_long_digest_keeps_its_note_and_what_can_be_pressed() -> None:
    made = replies.messages(reply(Shown(sixty(), run("Preview")), Buttons((Control("v1:share", "Share"),))))

    assert texts(made)[0] == "Preview"
    last = [part.get("label") for part in parts(made[-1].payload["components"])]
    assert "Share" in last
    assert all(faults(message.payload) == [] for message in made)
