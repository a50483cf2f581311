"""What a Slack channel is sent: feed text only where it is literal, within the limits, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.adapters.slack import render as slack
from digests.model import Digest
from digests.render.layout import arrange, words
from tests.golden.injection import INJECTIONS, digests
from tests.golden.news import DIGESTS, full, of, sixty

slow_to_make = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole digest takes minutes and tells little
)


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Every object inside blocks."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def runs(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in objects(payload["blocks"]) if one.get("type") in ("text", "link")]


def shown(text: str) -> str:
    """What Slack shows of escaped text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def assert_within_limits(payload: dict[str, Any]) -> None:
    blocks = payload["blocks"]
    assert payload["unfurl_links"] is payload["unfurl_media"] is False
    assert 0 < len(payload["text"].encode()) <= 4_000
    assert 0 < len(blocks) <= 50
    texts = [one["text"] for one in objects(blocks) if isinstance(one.get("text"), str)]
    assert all(texts)
    assert sum(map(len, texts)) + sum(len(one.get("url", "")) for one in objects(blocks)) <= 12_000
    for block in blocks:
        if block["type"] == "header":
            assert len(block["text"]["text"]) <= 150
        if block["type"] in ("context", "actions"):
            assert 1 <= len(block["elements"]) <= 10
    for one in objects(blocks):
        assert len(one.get("action_id", "")) <= 255
        assert len(one.get("options", [])) <= 25


@pytest.mark.slow
@slow_to_make
@given(digests(), st.booleans())
def test_a_hostile_digest_is_inert_and_keeps_the_limits(digest: Digest, controls: bool) -> None:
    for payload in slack.render(digest, controls=controls):
        assert_within_limits(payload)
        kinds = {one["type"] for one in objects(payload["blocks"]) if "type" in one}
        assert kinds <= {
            *("header", "context", "rich_text", "rich_text_section", "rich_text_list", "text", "link", "plain_text"),
            *("actions", "button", "static_select"),
        }
        assert all(one["emoji"] is False for one in objects(payload["blocks"]) if one.get("type") == "plain_text")
        assert all(re.match(r"https?://news\.example[:/]", run["url"]) for run in runs(payload) if run["type"] == "link")
        assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", payload["text"])


@pytest.mark.parametrize("raw", INJECTIONS)
def test_a_hostile_headline_shows_as_it_is(raw: str) -> None:
    digest = of("News", replace(full().stories[0], title=raw))
    line = words(arrange(digest).drafts[0].whole.line)

    (payload,) = slack.render(digest)

    assert "".join(one["text"] for one in payload["blocks"][2]["elements"][0]["elements"]) == line
    assert shown(payload["text"]).startswith(line)


@pytest.mark.slow
@slow_to_make
@given(digests())
def test_every_story_is_in_some_message(digest: Digest) -> None:
    payloads = slack.render(digest)
    bullets = [
        section
        for payload in payloads
        for one in objects(payload["blocks"])
        if one.get("type") == "rich_text_list"
        for section in one["elements"]
    ]
    small = [one["text"] for payload in payloads for one in objects(payload["blocks"]) if one.get("type") == "plain_text"]
    more = sum(int(text.split()[0]) for text in small if re.match(r"\d+ more facts?\b", text))

    assert len(bullets) + more == sum(len(story.bullets) for story in digest.stories) + len(digest.also)


@pytest.mark.parametrize("name", DIGESTS)
def test_every_bullet_leads_to_its_source_and_shows_a_day(name: str) -> None:
    digest = DIGESTS[name]()
    local = all(story.url is None for story in digest.stories)
    lists = [
        one for payload in slack.render(digest) for one in objects(payload["blocks"]) if one.get("type") == "rich_text_list"
    ]

    for section in (section for one in lists for section in one["elements"]):
        text = "".join(run["text"] for run in section["elements"])
        assert local or any(run["type"] == "link" for run in section["elements"]), text
        assert re.search(r"\b\d{1,2} [A-Z][a-z]{2}\b|\b\d{4}\b|date unclear", text), text


def test_the_text_is_the_whole_message_and_begins_with_the_first_story() -> None:
    digest = full()

    (payload,) = slack.render(digest)

    text = shown(payload["text"])
    assert text.startswith("Port closes its eastern basin")
    for draft in arrange(digest).drafts:
        assert all(words(line) in text for line in draft.whole.lines)


def test_the_first_message_stands_alone_and_the_rest_are_marked() -> None:
    payloads = slack.render(sixty(), controls=True)
    first, *others = payloads

    assert first["blocks"][0]["type"] == "header"
    assert f"1/{len(payloads)}" in first["blocks"][1]["elements"][0]["text"]
    assert "No. 130" in first["blocks"][-2]["elements"][0]["text"]
    for number, payload in enumerate(others, 2):
        assert payload["blocks"][0]["elements"][0]["text"] == f"Bridges · Sun 13 Oct · {number}/{len(payloads)}"


def test_each_message_offers_the_stories_that_it_shows() -> None:
    for payload in slack.render(sixty(), controls=True):
        titles = [block["elements"][0]["elements"][0]["text"] for block in payload["blocks"] if block["type"] == "rich_text"]
        (menu,) = [one for one in objects(payload["blocks"]) if one.get("type") == "static_select"]

        assert [option["text"]["text"] for option in menu["options"]] == titles


def test_without_controls_what_was_left_out_is_counted_in_words() -> None:
    (payload,) = slack.render(full())

    assert payload["blocks"][-2]["elements"][0]["text"] == "Left out: 8 (3 repeated, 5 for length)"
    assert "actions" not in {block["type"] for block in payload["blocks"]}


def test_a_single_item_of_costly_characters_still_fits_the_text() -> None:
    story = replace(full().stories[0], title="&" * 900, bullets=full().stories[0].bullets[:1])

    (payload,) = slack.render(of("News", replace(story, origins=("&" * 900,), before=())))

    assert_within_limits(payload)
