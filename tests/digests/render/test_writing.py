"""Plain text, Markdown and JSON: each in its own syntax, none by accident in another's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from digests.model import Article, Attribution, Bullet, Citation, EventDate, StoryDigest, Window
from digests.render import json as as_json
from digests.render import markdown, text
from digests.render.safe import SafeText
from tests.golden.injection import INJECTIONS, hostile
from tests.golden.news import SUNDAY, full, no_publication_date, of


def read_markdown(source: str) -> str:
    """The words of one paragraph of CommonMark; anything but words fails."""
    tokens = MarkdownIt("commonmark").parse(source)
    assert [token.type for token in tokens] in ([], ["paragraph_open", "inline", "paragraph_close"])
    children = (tokens[1].children or []) if tokens else []
    assert {child.type for child in children} <= {"text"}
    return "".join(child.content for child in children)


@pytest.mark.parametrize("raw", INJECTIONS)
def test_hostile_words_are_words_in_markdown(raw: str) -> None:
    assert read_markdown(markdown.escape(SafeText(raw))) == SafeText(raw)


@given(hostile)
def test_any_words_are_words_in_markdown(raw: str) -> None:
    assert read_markdown(markdown.escape(SafeText(raw))) == SafeText(raw)


@given(hostile.map(SafeText))
def test_folding_loses_no_word_and_keeps_the_width(safe: SafeText) -> None:
    folded = text.fold(safe, 40, " • ", "   ")

    assert all(text.columns(line) <= 41 for line in folded.splitlines())
    assert "".join(folded.removeprefix(" • ").split()) == "".join(safe.split())


def test_wide_characters_count_two_columns() -> None:
    folded = text.fold("漢字" * 40, 40)

    assert [text.columns(line) for line in folded.splitlines()] == [40, 40, 40, 40]


def test_a_day_is_not_torn_apart_at_the_end_of_a_line() -> None:
    folded = text.fold(f"{'x' * 32} said 13 Oct · Example", 40)

    assert folded.splitlines() == [f"{'x' * 32} said", "13 Oct · Example"]


def test_json_gives_instants_bare_days_and_nothing_as_they_are_known() -> None:
    told = "It fell."
    known = (
        Article("a", "News", "", told, "https://news.example/", datetime(2024, 10, 13, 4, 12, tzinfo=UTC), SUNDAY),
        Article("b", "News", "", told, "https://news.example/", None, SUNDAY),
        Article("c", "file.txt", "", told),
    )
    fact = Bullet("It fell", EventDate.of_report(SUNDAY), Attribution(), tuple(Citation(one, 0, 8) for one in known))

    document = as_json.render(of("News", StoryDigest("s", "Fall", None, (fact,))))

    citations = document["stories"][0]["bullets"][0]["citations"]
    assert [one["published"] for one in citations] == ["2024-10-13T04:12:00Z", "2024-10-13", None]
    assert [one["link"] for one in citations] == ["https://news.example/", "https://news.example/", None]
    assert [one["quote"] for one in citations] == [told] * 3


def test_json_edits_replay_to_the_text() -> None:
    for story in json.loads(as_json.dumps(full()))["stories"]:
        for bullet in story["bullets"]:
            quote, edits = bullet["citations"][0]["quote"], bullet["edits"]
            for edit in sorted(edits, key=lambda edit: -int(edit["start"])):
                quote = quote[: edit["start"]] + edit["with"] + quote[edit["end"] :]
            assert bullet["text"] == quote.removesuffix(".")


def test_json_has_every_key_of_the_contract() -> None:
    document = as_json.render(replace(no_publication_date(), window=Window(None, full().window.end)))
    (story,) = document["stories"]

    assert document["window"] == {"start": None, "end": "2024-10-13T06:00:00Z"}
    assert document["number"] is None
    assert document["day"] is None
    assert story["lead"]["date"] == {
        "value": None,
        "precision": "none",
        "basis": "unclear",
        "planned": False,
        "words": "",
    }
    assert story["url"] is story["bullets"][0]["citations"][0]["link"] is None
    assert story["before"][0]["citations"][0]["outlet"] == "globe.txt"
