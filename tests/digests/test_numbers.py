from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import numbers
from digests.numbers import values, without
from digests.words import stem

MILLION, BILLION = 1_000_000, 1_000_000_000


def counted(text: str) -> dict[str, str]:
    return {of: number.text for of, number in numbers.counted(text).items()}


def read(text: str) -> list[tuple[str, Decimal]]:
    return [(number.text, number.value) for number in numbers.numbers(text, in_words=True)]


def test_numbers_are_told_apart_by_what_they_count():
    assert counted("Five people died and 1,200 houses fell") == {stem("people"): "Five", stem("houses"): "1,200"}
    assert counted("Twenty-five people died on March 9, 2026, in one house") == {stem("people"): "Twenty-five"}
    assert counted("The storm left 40k homes dark at 41C") == {stem("homes"): "40k", "c": "41C"}


@pytest.mark.parametrize(
    ("text", "of", "number"),
    [
        ("Five marines were killed", "marines", "Five"),
        ("Nine marchers were held", "marchers", "Nine"),
        ("The court declared 40 ballots void", "ballots", "40"),
        ("The army marched 12 prisoners away", "prisoners", "12"),
        ("It stood for five decades", "decades", "five"),
        ("Maybe 30 juniors fell ill", "juniors", "30"),
        ("In May 40 boats sank", "boats", "40"),
        ("In June five boats sank", "boats", "five"),
        ("Some 20 may sink", "sink", "20"),
    ],
)
def test_only_the_day_beside_a_month_counts_nothing(text: str, of: str, number: str) -> None:
    assert counted(text) == {stem(of): number}


@pytest.mark.parametrize("day", ["5 May", "5 MAY", "May 5", "Sept. 5", "March 5, 2026,", "5 December 2026"])
def test_a_day_of_a_month_counts_nothing(day: str) -> None:
    assert counted(f"On {day} boats sank") == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("five", "5"),
        ("Twenty-five", "25"),
        ("2.2 million", "2,200,000"),
        ("1,200", "1200"),
        ("£5m", "£5 million"),
        ("$2.3bn", "$2.3 billion"),
        ("$2.3 bn", "$2.3BN"),
        ("£1.75million", "1,750,000"),
        ("40k", "40,000"),
        ("16M", "16 million"),
        ("US$1.2T", "US$1.2tn"),
        ("41C", "41 degrees"),
        ("12percent", "12%"),
        ("One hundred and twenty", "120"),
        ("five hundred thousand", "500,000"),
        ("two hundred and five thousand", "205,000"),
        (".5 percent", "0.5%"),
    ],
)
def test_two_spellings_of_a_number_are_one(one: str, other: str) -> None:
    assert values(one) == values(other) != frozenset()


def test_another_scale_is_another_number():
    assert len(values("5 million") | values("5") | values("£5bn")) == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The relief fund has raised £5m", 5 * MILLION),
        ("Some 5m homes lost power", 5 * MILLION),
        ("Fighting drove 2m young people away", 2 * MILLION),
        ("More than 3m were displaced", 3 * MILLION),
        ("In a country with a population of 5m", 5 * MILLION),
        ("16M without power", 16 * MILLION),
        ("The bridge is 300m long", 300),
        ("The wreck lies 300m north of the locks", 300),
        ("He won the 100m hurdles", 100),
        ("They dug a 300m tunnel through the hills", 300),
        ("The steel columns stand 3.5m (11.5ft) apart", Decimal("3.5")),
        ("Some 2b people use it", 2 * BILLION),
        ("The boat took 5t of fish", 5),
    ],
)
def test_a_letter_that_may_be_a_measure_is_read_by_the_currency_or_what_it_counts(text: str, value: Decimal) -> None:
    assert read(text)[0][1] == value


@pytest.mark.parametrize(
    "text", ["the 76ers", "the 1490s", "the 1,200th visitor", "a 3G phone", "Flat 2b", "1080x720", "at 9.30pm"]
)
def test_what_only_begins_like_a_number_is_none(text: str) -> None:
    assert read(text) == []


SCALES = {
    "": 1,
    "k": 1_000,
    "m": MILLION,
    "mn": MILLION,
    "bn": BILLION,
    "b": BILLION,
    "tn": 1000 * BILLION,
    " million": MILLION,
}
FIGURES = st.decimals(Decimal("0.01"), 9_999, places=2)


@given(FIGURES, st.sampled_from(sorted(SCALES)), st.booleans(), st.sampled_from("$€£"))
def test_a_sum_is_read_whole_and_as_what_it_comes_to(figure: Decimal, scale: str, capitals: bool, sign: str) -> None:
    written = f"{sign}{figure:,}{scale.upper() if capitals else scale}"

    assert read(f"The fund raised {written}, and more.") == [(written, figure * SCALES[scale])]


@given(st.text("£$0123456789., %°-kmbtnCF\u00a0xand", max_size=30))
def test_no_number_ends_inside_a_word_or_a_figure(text: str) -> None:
    for number in numbers.numbers(text, in_words=True):
        before, behind = text[: number.start], text[number.end :]

        assert not (before[-1:].isalnum() and text[number.start].isalnum())
        assert not behind[:1].isalnum()
        assert not (number.text[-1].isdigit() and behind[:1] in (".", ",") and behind[1:2].isdigit())


def test_what_is_left_without_its_numbers_has_no_number_in_any_spelling():
    assert without("Some 1,200 seamen and seven dogs on £5m").split() == ["Some", "seamen", "and", "dogs", "on"]
