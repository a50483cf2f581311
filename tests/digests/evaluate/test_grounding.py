"""A bullet is grounded when nothing but its recorded edits lies between it and whole sentences of an article that it cites."""

from __future__ import annotations

from typing import Any

import pytest

from digests.evaluate.grounding import grounded

TEXT = (
    "Storm hits Tarnholm\n"
    "TARNHOLM (CPA) -- The storm tore off 40 roofs on Sunday, the county said. “Nobody was hurt,” Mayor Lorentz said.\n"
    "The ferry was  not\ndamaged. It sails again in May"
)
ARTICLES = [{"id": "a", "text": TEXT}, {"id": "b", "text": "Something else."}]
LEAD = "The storm tore off 40 roofs on Sunday, the county said."


def held(text: str, quote: str | None = None, edits: Any = None, sources: object = ("a",)) -> bool:
    bullet = {"text": text, "sources": list(sources) if isinstance(sources, tuple) else sources}
    return grounded(bullet | ({"quote": quote} if quote else {}) | ({"edits": edits} if edits is not None else {}), ARTICLES)


def cut(quote: str, words: str, new: str = "", rule: object = "E2") -> dict[str, object]:
    start = quote.index(words)
    return {"rule": rule, "start": start, "end": start + len(words), "with": new}


@pytest.mark.parametrize(
    "text",
    [
        LEAD,
        "“Nobody was hurt,” Mayor Lorentz said.",
        "The ferry was not damaged.",
        "It sails again in May",
        "The ferry was not damaged. It sails again in May",
        "Storm hits Tarnholm",
    ],
    ids=[
        "a sentence",
        "after a sentence",
        "white space aside",
        "the last line",
        "two",
        "a heading",
    ],
)
def test_whole_sentences_of_the_article_are_grounded(text: str) -> None:
    assert held(text)


@pytest.mark.parametrize(
    "text",
    [
        "The storm tore off 50 roofs on Sunday, the county said.",
        "tore off 40 roofs on Sunday, the county said.",
        "The storm tore off 40 roofs on Sunday",
        "The ferry was damaged.",
        "The storm tore off 40 roofs on Sunday the county said.",
        " ",
    ],
    ids=["another number", "no beginning", "no end", "a word less", "a comma less", "nothing"],
)
def test_other_words_or_a_part_of_a_sentence_are_not(text: str) -> None:
    assert not held(text)


def test_the_article_must_be_cited():
    assert not held(LEAD, sources=("b",))
    assert not held(LEAD, sources=None)


def test_what_is_cut_must_be_recorded_and_nothing_else_be_gone():
    edits = [cut(LEAD, ", the county said")]

    assert held("The storm tore off 40 roofs on Sunday", LEAD, edits)
    assert held("The storm tore off 40 roofs, the county said", LEAD, [cut(LEAD, " on Sunday")])
    assert not held("The storm tore off 40 roofs on Sunday", LEAD)
    assert not held("The storm tore off roofs on Sunday", LEAD, edits)
    assert not held("The storm tore off 40 roofs on Sunday, the county said", LEAD, edits)


def test_only_a_date_may_stand_in_the_place_of_an_expression_of_time():
    assert held("The storm tore off 40 roofs on May 18, 2025, the county said", LEAD, [cut(LEAD, "Sunday", "May 18, 2025")])
    assert not held("The storm tore off 40 roofs on the quay, the county said", LEAD, [cut(LEAD, "Sunday", "the quay")])
    assert not held("The May 18 tore off 40 roofs on Sunday, the county said", LEAD, [cut(LEAD, "storm", "May 18")])


def test_a_capital_at_the_start_and_the_final_stop_do_not_matter():
    assert held("the storm tore off 40 roofs on Sunday, the county said", LEAD)


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("The stor off 40 roofs on Sunday, the county said.", [cut(LEAD, "m tore")]),
        ("The storm roofs on Sunday, the county said.", [cut(LEAD, "tore off "), cut(LEAD, "off 40 ")]),
        ("The", [{**cut(LEAD, " storm"), "end": 400}]),
        ("The tore off 40 roofs on Sunday, the county said.", [cut(LEAD, "storm ", rule="")]),
        ("The tore off 40 roofs on Sunday, the county said.", [{**cut(LEAD, "storm "), "start": "4"}]),
        (LEAD, ["E2"]),
        (LEAD, {"rule": "E2"}),
    ],
    ids=["inside a word", "overlapping", "outside", "no rule", "no number", "no object", "no list"],
)
def test_an_edit_that_is_not_allowed_is_no_excuse(text: str, edits: Any) -> None:
    assert not held(text, LEAD, edits)
