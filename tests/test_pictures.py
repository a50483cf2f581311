"""The pictures of the README: what the bot posts of the newsroom's cyclone, as Slack and Discord show it.

``pytest tests/test_pictures.py --update-golden`` draws them anew; look at them in a browser before you keep them.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from bot import answer, newsroom
from bot.adapters.discord import render as discord_messages
from bot.adapters.slack import render as slack_messages
from bot.cli.digest import Wishes
from config.settings import load
from digests.model import Digest
from tests.fakes import InlineReader
from tests.pictures import discord, paper, slack
from tests.pictures.paper import Form, Words, lines, rows
from tests.servers import discord_words, slack_shown

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
TOPIC = "Cyclone"
XHTML = "{http://www.w3.org/1999/xhtml}"


@cache
def posted() -> tuple[Digest, str]:
    """What ``dateline digest --topic Cyclone`` makes, with the number that a post has and its buttons need; and the time."""
    room = newsroom.load()
    asked = Wishes(load(None, {}), TOPIC).asked(title=room.title, clock=room.now, zone=room.zone, counted=True)
    made = asyncio.run(answer.from_sources(asked, room.sources, room, InlineReader()))
    return replace(made.digest, number=1), f"{room.now.astimezone(ZoneInfo(room.zone)):%H:%M}"


def on_slack() -> tuple[Json, str]:
    """The message, and its picture."""
    digest, time = posted()
    [message] = slack_messages.render(digest, controls=True)
    return message, slack.draw(message, sender="Dateline", time=time)


def on_discord() -> tuple[Json, str]:
    digest, time = posted()
    [message] = discord_messages.render(digest, controls=True)
    return message, discord.draw([message], sender="Dateline", time=time)


DRAWN = {"slack.svg": on_slack, "discord.svg": on_discord}


@pytest.mark.parametrize("name", DRAWN)
def test_the_readme_has_the_pictures_of_what_is_posted(name: str, request: pytest.FixtureRequest) -> None:
    _, picture = DRAWN[name]()
    if request.config.getoption("--update-golden"):
        (PICTURES / name).write_text(picture, encoding="utf-8", newline="\n")

    assert f"docs/pictures/{name}" in (ROOT / "README.md").read_text("utf-8")
    assert (PICTURES / name).read_text("utf-8") == picture, "it changed: pytest tests/test_pictures.py --update-golden"


# What a picture shows


def shown(svg: str) -> list[str]:
    """The words of a picture in order, a line for each paragraph, label and button."""
    page = next(ElementTree.fromstring(svg).iter(f"{XHTML}div"))
    leaves = [each for each in page.iter(f"{XHTML}div") if each.find(f"{XHTML}div") is None]
    return ["".join(leaf.itertext()) for leaf in leaves]


def looks(svg: str) -> list[tuple[str, str]]:
    """The pieces of the paragraphs that look otherwise than the rest, as (look, words)."""
    spans = ElementTree.fromstring(svg).iter(f"{XHTML}span")
    return [(each.attrib["class"], each.text or "") for each in spans if each.attrib["class"] not in ("app", "time")]


def high(svg: str) -> int:
    return int(ElementTree.fromstring(svg).attrib["height"])


def test_every_word_of_a_message_on_slack_is_in_its_picture_and_no_other():
    message, picture = on_slack()

    assert shown(picture) == ["D", "DatelineAPP08:30", *slack_shown.words(message).split("\n")]


def test_every_word_of_a_message_on_discord_is_in_its_picture_and_no_other():
    message, picture = on_discord()
    rows_of_controls = [each["components"] for each in message["components"][0]["components"] if each["type"] == 1]
    controls = [each.get("placeholder") or each["label"] for row_of in rows_of_controls for each in row_of]

    assert controls[:2] == ["More on a story...", "What did I miss?"]
    assert shown(picture) == ["D", "DatelineAPP08:30", *discord_words.shown(message).split("\n"), *controls]


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_needs_nothing_from_elsewhere_and_runs_nothing(name: str) -> None:
    _, picture = DRAWN[name]()

    addresses = set(re.findall(r"https?://[^\"\s]+", picture))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"}
    assert not re.search(r"<script|<image|<img|url\(|@import|href|\son\w+=", picture)


def drawn_on_slack(*blocks: Json) -> str:
    return slack.draw({"text": "", "blocks": list(blocks)}, sender="Dateline", time="08:30")


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def section(*runs: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(runs)}


def text(words: str, **style: bool) -> Json:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


LINK = {"type": "link", "url": "https://a.example/", "text": "Outlet"}
LIST = {"type": "rich_text_list", "style": "bullet", "elements": [section(text("one")), section(text("two"))]}
SLACK = {
    "a header": ({"type": "header", "text": plain("News")}, ["News"], []),
    "small print": ({"type": "context", "elements": [plain("one"), plain("two")]}, ["one", "two"], []),
    "a line": (rich(section(text("a "), LINK)), ["a Outlet"], [("link", "Outlet")]),
    "styles": (
        rich(section(text("a", bold=True), text("b", strike=True), text("c", code=True), text("d", bold=False))),
        ["abcd"],
        [("bold", "a"), ("strike", "b"), ("code", "c")],
    ),
    "a bold link": (rich(section(LINK | {"style": {"bold": True}})), ["Outlet"], [("bold link", "Outlet")]),
    "bullets": (rich(LIST), ["one", "two"], []),
    "buttons and a menu": (
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "v1:missed:1", "text": plain("Missed")},
                {"type": "static_select", "action_id": "v1:story:1", "placeholder": plain("More"), "options": []},
            ],
        },
        ["Missed", "More"],
        [],
    ),
}


@pytest.mark.parametrize(("block", "words", "pieces"), SLACK.values(), ids=SLACK)
def test_slack_draws(block: Json, words: list[str], pieces: list[tuple[str, str]]) -> None:
    picture = drawn_on_slack(block)

    assert shown(picture)[2:] == words
    assert looks(picture) == pieces
    assert high(picture) > high(drawn_on_slack())


NOT_ON_SLACK = {
    "a block": {"type": "divider"},
    "a field of a block": {"type": "header", "text": plain("News"), "level": 2},
    "markup": {"type": "context", "elements": [{"type": "mrkdwn", "text": "*a*"}]},
    "emoji codes": {"type": "header", "text": {"type": "plain_text", "text": ":fire:"}},
    "an element": rich({"type": "rich_text_quote", "elements": [text("a")]}),
    "numbers before lines": rich(LIST | {"style": "ordered"}),
    "an indented list": rich(LIST | {"indent": 1}),
    "a list in a list": rich(LIST | {"elements": [LIST]}),
    "a quotation in a list": rich(LIST | {"elements": [section(text("a")) | {"type": "rich_text_quote"}]}),
    "a run": rich(section({"type": "broadcast", "range": "here"})),
    "a style": rich(section(text("a", italic=True))),
    "a control": {"type": "actions", "elements": [{"type": "datepicker", "action_id": "a"}]},
    "a coloured button": {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "a", "text": plain("a"), "style": "danger"}],
    },
}


@pytest.mark.parametrize("block", NOT_ON_SLACK.values(), ids=NOT_ON_SLACK)
def test_what_slack_has_and_a_picture_has_not_is_refused_not_left_out(block: Json) -> None:
    with pytest.raises(ValueError, match="no drawing of"):
        drawn_on_slack(block)


def test_a_field_of_the_message_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="attachments"):
        slack.draw({"text": "", "blocks": [], "attachments": []}, sender="Dateline", time="08:30")


def drawn_on_discord(*components: Json, flags: int = 1 << 15) -> str:
    container = {"type": 17, "components": list(components)}
    return discord.draw([{"flags": flags, "components": [container]}], sender="Dateline", time="08:30")


def display(content: str) -> Json:
    return {"type": 10, "content": content}


def row(*components: Json) -> Json:
    return {"type": 1, "components": list(components)}


BUTTON = {"type": 2, "style": 2, "custom_id": "v1:missed:1", "label": "Missed"}
MENU = {"type": 3, "custom_id": "v1:story:1", "placeholder": "More", "options": []}
DISCORD = {
    "a title and small print": (display("## News\n-# 2 stories"), ["News", "2 stories"], []),
    "a story": (
        display("### Fire in [Ashby \\[south\\]](<https://a.example/x>)"),
        ["Fire in Ashby [south]"],
        [("link", "Ashby [south]")],
    ),
    "bullets": (display("- one\n- **Wed 11 Mar** two"), ["one", "Wed 11 Mar two"], [("bold", "Wed 11 Mar")]),
    "a line": (display("Nothing new."), ["Nothing new."], []),
    "styles": (
        display("*a* ~~b~~ `c` **[d](<https://a.example/>) e** [f](https://a.example/)"),
        ["a b c d e f"],
        [("italic", "a"), ("strike", "b"), ("code", "c"), ("bold link", "d"), ("bold", " e"), ("link", "f")],
    ),
    "escapes": (display("\\*a\\* \\_b\\_ 48\\-hour \\# \\<@5\\>"), ["*a* _b_ 48-hour # <@5>"], []),
    "buttons": (row(BUTTON, BUTTON | {"label": "Left out: 5"}), ["Missed", "Left out: 5"], []),
    "a menu": (row(MENU), ["More"], []),
}


@pytest.mark.parametrize(("component", "words", "pieces"), DISCORD.values(), ids=DISCORD)
def test_discord_draws(component: Json, words: list[str], pieces: list[tuple[str, str]]) -> None:
    picture = drawn_on_discord(component)

    assert shown(picture)[2:] == words
    assert looks(picture) == pieces
    assert high(picture) > high(drawn_on_discord())


NOT_ON_DISCORD = {
    "a component": {"type": 14},
    "a field of a component": display("a") | {"accessory": BUTTON},
    "the largest heading": display("# a"),
    "a quotation": display("> a"),
    "numbers before lines": display("1. a"),
    "an indented bullet": display("- a\n  - b"),
    "a mention": display("<@5>"),
    "a spoiler": display("||a||"),
    "a block of code": display("```\na\n```"),
    "a style over lines": display("**a\nb**"),
    "a coloured button": row(BUTTON | {"style": 4}),
    "another menu": row(MENU | {"type": 5}),
    "a menu beside a button": row(BUTTON, MENU),
    "a menu with a choice": row(MENU | {"min_values": 0}),
}


@pytest.mark.parametrize("component", NOT_ON_DISCORD.values(), ids=NOT_ON_DISCORD)
def test_what_discord_has_and_a_picture_has_not_is_refused_not_left_out(component: Json) -> None:
    with pytest.raises(ValueError, match="no drawing of"):
        drawn_on_discord(component)


def test_what_stands_outside_a_box_on_discord_and_flags_that_are_not_known_are_refused():
    with pytest.raises(ValueError, match="outside a container"):
        discord.draw([{"flags": 1 << 15, "components": [display("a")]}], sender="Dateline", time="08:30")
    with pytest.raises(ValueError, match="flags"):
        drawn_on_discord(flags=(1 << 15) + 64)


def test_words_are_words_whatever_they_look_like():
    hostile = "<script>alert(1)</script> & ]]> \"x\" 'y'"

    on_slack = drawn_on_slack(rich(section(text(hostile)), section(text(hostile, bold=True))))
    on_discord = drawn_on_discord(row(BUTTON | {"label": hostile}))

    assert shown(on_slack)[2:] == [hostile, hostile]
    assert shown(on_discord)[2:] == [hostile]
    assert "<script" not in on_slack + on_discord


# How high it is


def test_a_line_breaks_where_the_next_word_has_no_room():
    assert lines([Words("n" * 10 + " " + "n" * 10)], size=10, width=120) == 1
    assert lines([Words("n" * 10 + " " + "n" * 10)], size=10, width=110) == 2
    assert lines([Words("i" * 10 + " " + "i" * 10)], size=10, width=110) == 1, "narrow letters need less"
    assert lines([Words("n" * 10), Words("n" * 10)], size=10, width=110) == 2, "one word in two looks"
    assert lines([Words("n" * 10), Words(" "), Words("n" * 10)], size=10, width=120) == 1
    assert lines([], size=10, width=110) == 1


def test_bold_words_need_more_room():
    words = "n" * 10 + " " + "n" * 10

    assert lines([Words(words, frozenset({"bold"}))], size=10, width=120) == 2
    bold, regular = Form("a", 10, 20, "#000", bold=True), Form("a", 10, 20, "#000")
    assert (bold.draw([Words(words)], 120).height, regular.draw([Words(words)], 120).height) == (40, 20)


def test_a_word_that_is_longer_than_a_line_is_broken():
    assert lines([Words("n" * 45)], size=10, width=110) == 3
    assert lines([Words("a " + "n" * 20)], size=10, width=110) == 3


def test_buttons_without_room_stand_in_the_next_row():
    assert [rows(widths, gap=8, room=100) for widths in ([40, 50], [40, 60], [200, 10], [])] == [1, 2, 2, 1]

    one = {"type": "button", "action_id": "v1:missed:1", "text": plain("Missed")}
    few, many = (drawn_on_slack({"type": "actions", "elements": [one] * count}) for count in (1, 9))
    assert high(many) > high(few)
    few, many = (drawn_on_discord(row(*[BUTTON] * count)) for count in (1, 9))
    assert high(many) > high(few)


def test_the_height_of_a_picture_is_that_of_its_style_sheet():
    """What is reckoned and what a browser is told are the same figures: each paragraph in one line here."""
    picture = drawn_on_slack(
        {"type": "header", "text": plain("a")}, rich(section(text("a"))), {"type": "context", "elements": [plain("a")]}
    )
    css = {
        name: (int(above), int(leading))
        for name, above, leading in re.findall(r"\.(\w+) \{.*margin-top: (\d+)px;.*line-height: (\d+)px", picture)
    }

    assert high(picture) == 16 + 22 + sum(sum(css[name]) for name in ("header", "section", "context")) + 16
    assert int(ElementTree.fromstring(picture).attrib["width"]) == paper.WIDTH
