"""The rules together: no cut overlaps another, and a sentence is left."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.edits import edit
from digests.model import edited


def span(quote: str, words: str) -> tuple[int, int]:
    return quote.index(words), quote.index(words) + len(words)


def test_a_dateline_and_a_source_go_together() -> None:
    quote = "NAXOS (AFP) -- The crew did not fall asleep on the bridge, the Harbour Ministry said Thursday in a report."

    found = edit(quote)

    assert edited(quote, found.edits) == "The crew did not fall asleep on the bridge"
    assert [one.rule for one in found.edits] == ["E1", "E2"]
    assert found.attribution.said_by == "Harbour Ministry"
    assert found.origins == ("AFP",)


def test_a_day_that_moves_is_cut() -> None:
    quote = "Two ferries were stopped by the coast guard on March 23 in the northern strait."

    found = edit(quote, moved=span(quote, "on March 23"))

    assert edited(quote, found.edits) == "Two ferries were stopped by the coast guard in the northern strait"
    assert [one.rule for one in found.edits] == ["E5"]


def test_an_opening_day_goes_with_its_comma() -> None:
    quote = "On March 23, two ferries were stopped by the coast guard."

    found = edit(quote, moved=span(quote, "On March 23"))

    assert edited(quote, found.edits) == "Two ferries were stopped by the coast guard"
    assert [one.rule for one in found.edits] == ["E6"]


def test_of_two_commas_around_a_day_one_goes() -> None:
    quote = "Two ferries were stopped by the coast guard in Naxos, on March 23, and searched for hours."

    assert edited(quote, edit(quote, moved=span(quote, "on March 23")).edits) == (
        "Two ferries were stopped by the coast guard in Naxos, and searched for hours"
    )


def test_the_day_of_saying_does_not_move() -> None:
    quote = "The northern pier will stay closed, the Harbour Ministry said Thursday."

    found = edit(quote, moved=span(quote, "Thursday"))

    assert [one.rule for one in found.edits] == ["E2"]


def test_a_day_without_which_no_sentence_is_left_stays() -> None:
    quote = "The pier closed on Monday."

    assert edit(quote, moved=span(quote, "on Monday")).edits == ()


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("When the tide turned, the captain of the ferry left the bridge.", id="a leading subordinate clause"),
        pytest.param("Although it is old, the ferry of the island passed every test.", id="although"),
        pytest.param("The ferry ran aground on Monday, killing nine people.", id="an -ing tail with a number"),
        pytest.param("The ferry ran aground on Monday, angering Harbour Watch.", id="an -ing tail with a name"),
        pytest.param("The ferry ran aground on Monday, with 214 people aboard.", id="with"),
        pytest.param("Captain Ada Pell saw the rock too late to turn.", id="a title"),
        pytest.param("She saw the rock too late to turn the ferry.", id="a pronoun"),
        pytest.param("The ferry ran aground and two yachts sank off the pier.", id="a coordination"),
        pytest.param("The captain, Ada Pell (left), saw the rock too late to turn.", id="a caption's mark"),
        pytest.param("The ferry ran aground on Monday, unless the log is wrong.", id="a guard"),
        pytest.param("“The ferry, as everybody knew, was too old for the sea,” Pell wrote.", id="inside quotation marks"),
        pytest.param("The owner is accused of fraud, according to the Harbour Ministry.", id="an allegation"),
        pytest.param("The captain was found guilty of neglect, the Naxos Courier reported.", id="a verdict"),
        pytest.param("The storm killed nine, a state-run news agency reported.", id="a toll"),
        pytest.param("The pier will not reopen before May, officials said.", id="nobody in particular"),
    ],
)
def test_no_rule_touches_what_a_cut_could_harm(quote: str) -> None:
    assert edit(quote).edits == ()


_PIECES = [
    "NAXOS (AFP) -- ",
    "Meanwhile, ",
    "According to Ada Pell, ",
    "the ferry ran aground off the pier",
    "“we saw it,” he said",
    ", as costs rise",
    " on May 3",
    ", according to Harbour Watch",
    ", Pell said Thursday",
    ", as first reported by The Naxos Courier",
    ", hoping to...",
    "who denied it",
    *(".", "...", "…", " ", ", ", "“", "”", "\n", "9", "U.S."),
]


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
def test_every_set_of_cuts_can_be_replayed(quote: str) -> None:
    found = edit(quote)

    text = edited(quote, found.edits)

    assert all(word in quote.lower() for word in re.findall(r"\w+", text.lower()))


def test_a_text_without_anything_is_left_alone() -> None:
    assert edit("").edits == edit("   ").edits == edit("...").edits == ()
