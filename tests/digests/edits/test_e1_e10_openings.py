"""E1: the dateline goes and its agency is the origin.  E10: an opening connective goes."""

import time

import pytest

from digests.edits import edit
from digests.edits.openings import connective, opening_dateline, opening_place
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


@pytest.mark.parametrize("opening", ["NAXOS — ", "NAXOS ― ", "NAXOS -- ", "NEW NAXOS, Greece — "])
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


@pytest.mark.parametrize("opening", ["NEW NAXOS: ", "NAXOS, Greece: ".upper(), "NAXOS, March 5: "])
def test_a_place_in_capitals_and_a_colon_goes_before_the_first_sentence_only(opening: str) -> None:
    assert edited(opening + FACT, edit(opening + FACT, first=True).edits) == FACT[:-1]
    assert edit(opening + FACT).edits == ()


def test_a_town_with_its_region_and_a_dash_goes_before_the_first_sentence_only() -> None:
    assert edited(f"Port Naxos, Paros – {FACT}", edit(f"Port Naxos, Paros – {FACT}", first=True).edits) == FACT[:-1]
    assert edit(f"Port Naxos, Paros – {FACT}").edits == ()


@pytest.mark.parametrize("label", ["UPDATE", "NASA", "UNICEF", "EXCLUSIVE", "WATCH", "Naxos", "POLL", "UN"])
def test_a_label_or_a_body_in_capitals_is_no_place(label: str) -> None:
    assert opening_place(f"{label}: {FACT}") is None


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("- ", id="list"),
        pytest.param("• ", id="bullet"),
        pytest.param("2. ", id="number"),
        pytest.param("10:42 a.m. — ", id="live page"),
        pytest.param("10:15 GMT - ", id="live page with its zone"),
        pytest.param("April 17, 2031 -- ", id="date"),
        pytest.param("Tuesday, April 17, 2031 | ", id="date with its weekday"),
        pytest.param("17 April 2031 ", id="date that runs in"),
        pytest.param("Updated 17 April 2031 ", id="date of a change"),
        pytest.param("UPDATED 9:06 AM EDT ", id="time of a change"),
        pytest.param("POSTED: April 17, 2031 ", id="in capitals"),
        pytest.param("TUESDAY, APRIL 17, 2031, 10: 53 AM ", id="date in capitals"),
        pytest.param("Posted on April 17, 2031 at 3: 39 PM Updated Thursday, Apr 17 at 5: 53 PM ", id="a yearless second"),
        pytest.param("Published 12: 17 am, Thursday, April 17, 2031 ", id="a time before the date"),
        pytest.param("8: 56am Thursday 17th April 2031 ", id="a time before an ordinal"),
        pytest.param("April 17th, 2031 ", id="an ordinal"),
        pytest.param("Updated 04 / 17 / 2031 01: 03 PM ", id="slashes set apart"),
        pytest.param("Thu, 17 Apr 2031 02:45 PM ", id="date with a short weekday and a time"),
        pytest.param("April 17, 2031|12: 35 pm ", id="a bar between date and time"),
        pytest.param("April 17, 2031 - 4:43 pm ", id="a dash between date and time"),
        pytest.param("A new start for an old ferry by Ada Pell Tuesday, April 17, 2031 ", id="headline, byline and date"),
        pytest.param("By Ada Pell, 17 April 2031 - ", id="byline and date"),
        pytest.param("- NAXOS (AFP) -- ", id="mark and dateline"),
    ],
)
def test_what_a_page_ran_into_its_first_words_goes(opening: str) -> None:
    found = edit(opening + FACT)

    assert edited(opening + FACT, found.edits) == FACT[:-1]
    assert {one.rule for one in found.edits} == {"E1"}


@pytest.mark.parametrize(
    "quote",
    [
        "On April 17, 2031 the ferry ran aground off the pier.",
        "April 17, 2031, was the day on which the ferry ran aground.",
        "17 April 2031 was the day on which the ferry ran aground.",
        "MAY 2031 was the month in which the ferry ran aground.",
        "2031 was the year in which the ferry ran aground.",
        "10:42 trains were late when the ferry ran aground.",
        "10:42 PM The ferry ran aground off the pier.",
        "Updated charts of the pier were printed at 10:42 PM.",
        "The pier was built by Ada Pell in April 2031 for the islands.",
        "0. Nobody was hurt when the ferry ran aground.",
        "2. Bundesliga club Naxos had lost the match on the ferry.",
        "-3 degrees were measured when the ferry ran aground.",
    ],
)
def test_a_day_or_number_that_the_sentence_needs_stays(quote: str) -> None:
    assert edit(quote).edits == ()


@pytest.mark.parametrize("word", ["Furthermore", "Meantime", "Moreover", "Meanwhile", "In addition"])
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


@pytest.mark.parametrize("unit", ["by Ab ", "By A B C D ", "10:4", "1. ", "A B ", "May 3, 2031 ", "- ", "AB "])
def test_a_heap_of_openings_takes_no_longer_than_its_size_says(unit: str) -> None:
    quote = unit * (40_000 // len(unit))
    start = time.process_time()

    edit(quote, first=True)

    assert time.process_time() - start < 2
