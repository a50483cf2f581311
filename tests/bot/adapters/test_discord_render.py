"""What a Discord channel is sent: inert, within the limits, nothing lost."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.adapters.discord import render as discord
from bot.wording import say
from digests.model import Digest
from digests.render.layout import Kind, Run, arrange, words
from digests.render.safe import SafeText
from tests.bot.adapters.reading_discord import inline, read
from tests.golden.injection import INJECTIONS, digests, hostile
from tests.golden.news import DIGESTS, full, sixty
from tests.servers import discord_words

slow_to_make = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole digest takes minutes and tells little
)


def texts(payload: dict[str, Any]) -> list[str]:
    if "embeds" in payload:
        return [embed["description"] for embed in payload["embeds"]]
    return [one["content"] for one in payload["components"][0]["components"] if one["type"] == 10]


def count(component: dict[str, Any]) -> int:
    return 1 + sum(count(inner) for inner in component.get("components", []))


def assert_within_limits(payload: dict[str, Any]) -> None:
    assert payload["allowed_mentions"] == {"parse": []}
    written = texts(payload)
    assert all(written)
    if "embeds" in payload:
        assert sum(map(len, written)) <= 6_000
        assert all(len(text) <= 4_096 for text in written)
        return
    assert payload["flags"] == 32_768
    assert sum(map(count, payload["components"])) <= 40
    assert sum(map(len, written)) <= 4_000


@pytest.mark.parametrize("raw", INJECTIONS)
def test_hostile_words_show_as_they_are(raw: str) -> None:
    text = SafeText(raw)

    reading = inline(discord.escape(text))

    assert reading.text == text
    assert (reading.alive, reading.links, reading.bold) == ([], [], [])


@given(hostile)
def test_any_words_show_as_they_are(raw: str) -> None:
    text = SafeText(raw)

    reading = inline(discord.escape(text))

    assert reading.text == text
    assert (reading.alive, reading.links, reading.bold) == ([], [], [])


@pytest.mark.slow
@slow_to_make
@given(digests(), st.booleans(), st.booleans())
def test_a_hostile_digest_is_inert_and_keeps_the_limits(digest: Digest, controls: bool, as_embeds: bool) -> None:
    payloads = discord.embeds(digest) if as_embeds else discord.render(digest, controls=controls)

    for payload in payloads:
        assert_within_limits(payload)
        for reading in (line for text in texts(payload) for line in read(text)):
            assert reading.alive == []
            assert all(re.match(r"https?://news\.example[:/]", address) for _, address in reading.links)


@pytest.mark.slow
@slow_to_make
@given(digests())
def test_no_story_is_lost_and_none_is_cut(digest: Digest) -> None:
    expected = [words(draft.whole.line) for draft in arrange(digest).drafts if draft.whole.kind is Kind.STORY]

    readings = [line for payload in discord.render(digest) for text in texts(payload) for line in read(text)]
    lines = [reading.text for reading in readings if reading.prefix == "### " and reading.text != "Also"]

    assert [line.split(" +")[0][:40] for line in lines] == [line.split(" +")[0][:40] for line in expected if line != "Also"]
    bullets = sum(reading.prefix == "- " for reading in readings)
    more = sum(int(reading.text.split()[0]) for reading in readings if re.match(r"\d+ more facts?\b", reading.text))
    assert bullets + more == sum(len(story.bullets) for story in digest.stories) + len(digest.also)


@pytest.mark.parametrize("name", DIGESTS)
def test_every_bullet_leads_to_its_source_and_shows_a_day(name: str) -> None:
    digest = DIGESTS[name]()
    local = all(story.url is None for story in digest.stories)

    for payload in discord.render(digest):
        for reading in (line for text in texts(payload) for line in read(text)):
            if reading.prefix == "- ":
                assert reading.links or local, reading.text
                assert re.search(r"\b\d{1,2} [A-Z][a-z]{2}\b|\b\d{4}\b|date unclear", reading.text), reading.text


def test_the_first_message_has_the_header_and_the_last_the_footer_and_controls() -> None:
    payloads = discord.render(sixty(), controls=True)
    kinds = [[one["type"] for one in payload["components"][0]["components"]] for payload in payloads]

    assert [texts(payload)[0].startswith("## ") for payload in payloads] == [True] + [False] * (len(payloads) - 1)
    assert ["No. 130" in texts(payload)[-1] for payload in payloads] == [False] * (len(payloads) - 1) + [True]
    assert [kind.count(1) for kind in kinds] == [0] * (len(payloads) - 1) + [2]
    assert all(f"{number}/{len(payloads)}" in texts(payload)[0] for number, payload in enumerate(payloads, 1))


def test_controls_are_named_by_version_and_digest_and_within_their_limits() -> None:
    rows = [one for one in discord.render(sixty(), controls=True)[-1]["components"][0]["components"] if one["type"] == 1]
    menu, buttons = rows[0]["components"][0], rows[1]["components"]

    assert menu["custom_id"] == "v1:story:130"
    assert len(menu["options"]) == 25
    assert all(len(option["label"]) <= 100 and len(option["value"]) <= 100 for option in menu["options"])
    assert [button["custom_id"] for button in buttons] == ["v1:missed:130"]


def test_what_was_left_out_is_on_its_button_or_counted_in_words() -> None:
    digest = full()

    assert "Left out: 8" in str(discord.render(digest, controls=True)[0]["components"][0]["components"][-1])
    assert "Left out: 8 \\(3 repeated" in texts(discord.render(digest)[0])[-1]


def test_text_fragments_go_before_a_digest_needs_two_messages() -> None:
    digest = full()
    while len(discord.render(digest)) == 1:
        before, digest = digest, replace(digest, stories=(*digest.stories, *full().stories[:1]))

    assert ":~:text=" not in "".join(texts(discord.render(before)[0]))
    assert ":~:text=" in "".join(texts(discord.render(digest)[0]))


def test_a_story_too_large_alone_loses_bullets_last_and_counts_them() -> None:
    story = full().stories[0]
    large = replace(story, bullets=story.bullets * 20)

    (payload,) = discord.render(replace(full(), stories=(large,), also=(), corrections=()))
    readings = [line for text in texts(payload) for line in read(text)]

    shown = [reading for reading in readings if reading.prefix == "- "]
    assert ":~:text=" not in str(payload)
    assert any(reading.text.startswith(f"{60 - len(shown)} more facts · 5 outlets") for reading in readings)
    assert all(reading.links for reading in shown)


def test_bold_words_that_touch_are_bold_together() -> None:
    words = (("On ", False), ("“", True), ("storm*", True), ("”", True), (".", False))
    runs = tuple(Run(SafeText.own(text), bold=bold) for text, bold in words)

    assert discord.line(runs) == "On **“storm\\*”**."


def test_a_command_that_holds_values_is_one_stretch_to_be_typed():
    told = discord_words.read(discord.line(say("help_follow", prefix="/digest", example="economy")))

    assert told.marks == [
        ("code", "/digest catchup"),
        ("code", "/digest follow economy"),
        ("code", "/digest mute economy for:1w"),
    ]
    assert "`" not in told.text
