"""E1: the dateline goes and its agency is the origin.  E10: an opening connective goes."""

import pytest

from digests.edits import edit
from digests.edits.openings import connective, opening_dateline
from digests.model import edited

FACT = "The ferry ran aground off the northern pier."


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("(AFP) -- ", "AFP"),
        ("NAXOS (AFP) -- ", "AFP"),
        ("NAXOS (AFP) — ", "AFP"),
        ("NAXOS, Greece (Harbour Wire) – ", "Harbour Wire"),
        ("Naxos, Greece (AFP) - ", "AFP"),
        ("NAXOS, March 3 (Xinhua) -- ", "Xinhua"),
        ("NAXOS, Jan. 12, 2031 (Xinhua) -- ", "Xinhua"),
        ("(AFP)", "AFP"),
        ("ST. NAXOS (AFP): ", "AFP"),
        ("NEW NAXOS/ATHENS (AFP) - ", "AFP"),
    ],
)
def test_a_dateline_goes_and_its_agency_is_the_origin(opening: str, agency: str) -> None:
    found = edit(opening + FACT)

    assert edited(opening + FACT, found.edits) == FACT[:-1]
    assert found.origins == (agency,)
    assert [one.rule for one in found.edits] == ["E1"]


@pytest.mark.parametrize("opening", ["NAXOS — ", "NAXOS -- ", "NEW NAXOS, Greece — "])
def test_a_place_in_capitals_and_a_dash_is_a_dateline_without_agency(opening: str) -> None:
    found = edit(opening + FACT)

    assert edited(opening + FACT, found.edits) == FACT[:-1]
    assert found.origins == ()


@pytest.mark.parametrize(
    "quote",
    [
        "The ferry company (HFC) ran aground financially in May.",
        "Harbour Ferries (HFC) said it would close the northern pier.",
        "Naxos — the largest of the islands — has no airport of its own.",
        "Tom Vale (Lab) won the seat with a majority of two votes.",
        "The captain -- Ada Pell -- left the bridge before the accident.",
        "In Naxos (Greece) the ferry ran aground off the pier.",
        "A ferry ran aground (see the map) off the northern pier.",
        "NAXOS (population 2,000) has waited years for a pier.",
    ],
)
def test_what_only_looks_like_a_dateline_stays(quote: str) -> None:
    assert opening_dateline(quote) is None


@pytest.mark.parametrize("word", ["Furthermore", "Moreover", "Meanwhile", "In addition"])
def test_an_opening_connective_goes_with_its_comma(word: str) -> None:
    quote = f"{word}, the ferry company will refund all tickets."

    found = edit(quote)

    assert edited(quote, found.edits) == "The ferry company will refund all tickets"
    assert [one.rule for one in found.edits] == ["E10"]


def test_a_connective_behind_a_dateline_goes_too() -> None:
    quote = "NAXOS (AFP) -- Meanwhile, the ferry company will refund all tickets."

    assert edited(quote, edit(quote).edits) == "The ferry company will refund all tickets"


def test_of_two_datelines_in_a_row_both_go() -> None:
    quote = "ATHENS (Harbour Wire) - NAXOS, Greece (AFP) -- The ferry ran aground off the northern pier."

    found = edit(quote)

    assert edited(quote, found.edits) == FACT[:-1]
    assert found.origins == ("Harbour Wire", "AFP")


def test_a_source_behind_a_connective_is_credited() -> None:
    quote = "Meanwhile, according to Harbour Watch, the ferry company will close its northern pier."

    found = edit(quote)

    assert edited(quote, found.edits) == "The ferry company will close its northern pier"
    assert found.attribution.said_by == "Harbour Watch"
    assert [one.rule for one in found.edits] == ["E10", "E3"]


def test_a_source_that_stays_behind_a_connective_opens_the_sentence() -> None:
    quote = "Moreover, according to officials, the ferry company will close its northern pier."

    assert edited(quote, edit(quote).edits) == "According to officials, the ferry company will close its northern pier"


@pytest.mark.parametrize(
    "quote",
    [
        "In addition to the ferry, two yachts ran aground on Monday.",
        "Meanwhile the ferry company will refund all tickets.",
        "However, the ferry company will not refund a ticket.",
        "But the ferry company will refund all of the tickets.",
        "The ferry company, meanwhile, will refund all tickets.",
        "Unless the tide turns, the ferry will stay where it is.",
        "Instead, the ferry company will hire buses for all.",
    ],
)
def test_a_word_that_limits_or_belongs_to_the_sentence_stays(quote: str) -> None:
    assert connective(quote) is None


def test_a_cut_that_leaves_less_than_a_sentence_is_not_made() -> None:
    assert edit("NAXOS (AFP) -- A calm day.").edits == ()
    assert edit("Moreover, nobody came.").edits == ()
