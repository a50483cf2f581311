"""A claim shows its quote with its edits, made once, and travels between processes."""

import pickle
from dataclasses import replace
from datetime import date

import pytest

from digests.model import Article, Attribution, Citation, Claim, Edit, EventDate, edited

TEXT = "As per the coast guard, 40 people were brought ashore. It was dark."


def claim(*edits: Edit) -> Claim:
    article = Article("a-1", "Naxos Courier", "", TEXT)
    return Claim(Citation(article, 0, 54), edits, EventDate.of_report(date(2031, 5, 4)), Attribution(), 0)


def test_a_claim_shows_its_quote_with_its_edits():
    shown = claim(Edit("E3", 0, 24))

    assert shown.text == "40 people were brought ashore"
    assert replace(shown, edits=()).text == "As per the coast guard, 40 people were brought ashore"


def test_a_claim_goes_to_another_process_and_back():
    shown = claim(Edit("E3", 0, 24))

    there_and_back = pickle.loads(pickle.dumps(shown))

    assert there_and_back == shown
    assert there_and_back.text == shown.text


def test_a_claim_whose_edit_cuts_a_word_is_none():
    with pytest.raises(ValueError, match="inside a word"):
        claim(Edit("E3", 0, 5))


@pytest.mark.parametrize(
    "quote",
    [
        "It moved to the U.S.",
        "She works for Pell Inc.",
        "They waited ...",
        "They waited in the U.S.A.",
        "It reached Vale, Pell et al. etc.",
    ],
)
def test_the_stop_of_an_abbreviation_stays(quote: str):
    assert edited(quote, ()) == quote


@pytest.mark.parametrize("quote", ["It moved to the area.", "It was built by Zinc.", "It has a plan B."])
def test_the_stop_of_a_sentence_goes(quote: str):
    assert edited(quote, ()) == quote[:-1]
