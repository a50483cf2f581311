from __future__ import annotations

import re
import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digests.dates import TimeExpression, tag
from digests.model import Basis, Precision

SUNDAY = date(2024, 10, 13)


def values(text: str, reference: date | None = SUNDAY) -> list[tuple[str, str | None]]:
    return [(found.words, found.value) for found in tag(text, reference)]


def only(text: str, reference: date | None = SUNDAY) -> TimeExpression:
    (found,) = tag(text, reference)
    return found


@example("on_Monday, 4 May")
@given(st.lists(st.sampled_from(["May", "3", " ", "_", "-", "2031", "Monday", "the", "’s", ","])).map("".join))
def test_a_letter_with_an_accent_at_the_end_changes_no_day(text: str) -> None:
    assert tag(f"{text} e", SUNDAY) == tag(f"{text} é", SUNDAY)


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        pytest.param("It opened on March 22, 2013.", "March 22, 2013", "2013-03-22", id="month-day-year"),
        pytest.param("It opened on 22 March 2013.", "22 March 2013", "2013-03-22", id="day-month-year"),
        pytest.param("It opened on Friday, March 22, 2013.", "Friday, March 22, 2013", "2013-03-22", id="with-its-weekday"),
        pytest.param("It opened on the 22nd of March 2013.", "22nd of March 2013", "2013-03-22", id="ordinal"),
        pytest.param("It opened on Feb. 29, 2012.", "Feb. 29, 2012", "2012-02-29", id="leap-day"),
        pytest.param("It opened on 2013-03-22.", "2013-03-22", "2013-03-22", id="iso"),
        pytest.param("It opened on 22/03/2013.", "22/03/2013", "2013-03-22", id="slashes-with-one-reading"),
        pytest.param("It opened in March 2013.", "March 2013", "2013-03", id="month-and-year"),
        pytest.param("It opened in 2013.", "2013", "2013", id="year"),
        pytest.param("It was the (2013) edition.", "2013", "2013", id="year-in-brackets"),
        pytest.param("It dates back to 1913.", "1913", "1913", id="dating-to-a-year"),
        pytest.param("It grew in the 1980s.", "1980s", "198", id="decade"),
        pytest.param("It shut in the summer of 2012.", "summer of 2012", "2012-SU", id="season-of-a-year"),
        pytest.param("It shut on Christmas Day 2012.", "Christmas Day 2012", "2012-12-25", id="feast-of-a-year"),
    ],
)
def test_a_date_written_in_full_needs_no_publication_day(text: str, words: str, value: str) -> None:
    for reference in (None, SUNDAY):
        found = only(text, reference)

        assert (found.words, found.value, found.basis) == (words, value, Basis.WRITTEN)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("The pier burnt down on Wednesday.", "2024-10-09", id="past-verb-looks-back"),
        pytest.param("On Wednesday the pier burnt down.", "2024-10-09", id="verb-behind-the-day"),
        pytest.param("The pier will reopen on Wednesday.", "2024-10-16", id="will-looks-ahead"),
        pytest.param("The pier is to reopen on Wednesday.", "2024-10-16", id="is-to-looks-ahead"),
        pytest.param("The pier is due to reopen on Wednesday.", "2024-10-16", id="due-looks-ahead"),
        pytest.param("Owners plan to reopen the pier Wednesday.", "2024-10-16", id="plan-looks-ahead"),
        pytest.param("The film opens on Friday.", "2024-10-18", id="timetable-present"),
        pytest.param("Owners could not be reached on Saturday.", "2024-10-12", id="could-not-looks-back"),
        pytest.param("Residents have until Friday.", "2024-10-18", id="until-lies-ahead"),
        pytest.param("The pier reopened on Sunday.", "2024-10-13", id="on-the-day-itself"),
        pytest.param("The pier will reopen on Sunday.", "2024-10-13", id="planned-for-the-day-itself"),
        pytest.param("The pier closed last Sunday.", "2024-10-06", id="last-is-never-today"),
        pytest.param("The pier reopens next Monday.", "2024-10-21", id="next-monday-is-not-tomorrow"),
        pytest.param("The pier reopens next Tuesday.", "2024-10-15", id="next-is-the-coming-one"),
        pytest.param("This coming Saturday the pier reopens.", "2024-10-19", id="this-coming"),
        pytest.param("The pier burnt down late Friday.", "2024-10-11", id="late"),
        pytest.param("The pier burnt down on Tuesday last week.", "2024-10-01", id="weekday-of-last-week"),
    ],
)
def test_a_weekday_is_the_nearest_one_that_its_verb_allows(text: str, value: str) -> None:
    found = only(text)

    assert (found.value, found.basis, found.precision) == (value, Basis.WORKED_OUT, Precision.DAY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("The dam broke on April 13.", "2024-04-13", id="latest-one-past"),
        pytest.param("The dam broke on December 28.", "2023-12-28", id="latest-one-past-is-last-years"),
        pytest.param("The dam will be closed on April 13.", "2025-04-13", id="next-one-ahead"),
        pytest.param("Voters choose a mayor on November 5.", "2024-11-05", id="near-and-ahead"),
        pytest.param("The dam broke on September 30.", "2024-09-30", id="near-and-past"),
        pytest.param("The dam broke on 1 October.", "2024-10-01", id="day-first"),
        pytest.param("The dam broke on Oct. 1, officials said.", "2024-10-01", id="abbreviated"),
        pytest.param("The dam broke in March.", "2024-03", id="month"),
        pytest.param("The dam broke in November.", "2023-11", id="month-of-last-year"),
        pytest.param("The dam will open in May.", "2025-05", id="month-ahead"),
        pytest.param("The dam broke last March.", "2024-03", id="last-month-by-name"),
        pytest.param("The permit runs out in October of next year.", "2025-10", id="month-of-next-year"),
        pytest.param("The dam was blown up on Thanksgiving Day.", "2023-11-23", id="movable-feast"),
    ],
)
def test_a_missing_year_is_the_one_that_the_verb_and_the_calendar_allow(text: str, value: str) -> None:
    found = only(text)

    assert (found.value, found.basis) == (value, Basis.WORKED_OUT)


def test_across_new_year_the_near_day_is_in_the_other_year() -> None:
    assert only("The dam broke on December 28.", date(2025, 1, 3)).value == "2024-12-28"
    assert only("Talks begin on January 4.", date(2024, 12, 30)).value == "2025-01-04"


def test_a_leap_day_without_a_year_of_its_own_near_is_unclear() -> None:
    found = only("The dam broke on February 29.", date(2027, 10, 13))

    assert (found.value, found.basis) == ("XXXX-02-29", Basis.UNCLEAR)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        pytest.param("The mill shut today.", "2024-10-13", Precision.DAY, id="today"),
        pytest.param("The mill shut yesterday.", "2024-10-12", Precision.DAY, id="yesterday"),
        pytest.param("The mill shuts tomorrow.", "2024-10-14", Precision.DAY, id="tomorrow"),
        pytest.param("The mill shut the day before yesterday.", "2024-10-11", Precision.DAY, id="day-before-yesterday"),
        pytest.param("The mill shut tonight.", "2024-10-13TNI", Precision.DAY, id="tonight"),
        pytest.param("The mill shut this morning.", "2024-10-13TMO", Precision.DAY, id="this-morning"),
        pytest.param("The mill shut last night.", "2024-10-12TNI", Precision.DAY, id="last-night"),
        pytest.param("The mill shut on Friday night.", "2024-10-11TNI", Precision.DAY, id="friday-night"),
        pytest.param("The mill shut last week.", "2024-W40", Precision.WEEK, id="last-week"),
        pytest.param("The mill shut last month.", "2024-09", Precision.MONTH, id="last-month-stays-a-month"),
        pytest.param("The mill shut last year.", "2023", Precision.YEAR, id="last-year"),
        pytest.param("The mill shuts next year.", "2025", Precision.YEAR, id="next-year"),
        pytest.param("The mill shut 11 days ago.", "2024-10-02", Precision.DAY, id="days-ago"),
        pytest.param("The mill shut two weeks ago.", "2024-W39", Precision.WEEK, id="weeks-ago-are-no-day"),
        pytest.param("The mill shut three months ago.", "2024-07", Precision.MONTH, id="months-ago"),
        pytest.param("The mill shut ten years ago.", "2014", Precision.YEAR, id="years-ago"),
        pytest.param("The mill shut last summer.", "2024-SU", Precision.NONE, id="last-summer"),
        pytest.param("The mill was built last century.", "P100Y", Precision.NONE, id="last-century-is-long"),
    ],
)
def test_words_keep_their_grain(text: str, value: str, precision: Precision) -> None:
    found = only(text)

    assert (found.value, found.precision) == (value, precision)


def test_last_month_in_january_is_last_years_december() -> None:
    assert only("The mill shut last month.", date(2024, 1, 9)).value == "2023-12"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("They searched for two months.", "P2M", id="number-word"),
        pytest.param("It was a 16-hour flight.", "PT16H", id="hyphen"),
        pytest.param("They searched for the past three weeks.", "P3W", id="the-past-weeks"),
        pytest.param("They searched for a year.", "P1Y", id="a-year"),
        pytest.param("It lasted twenty-one days.", "P21D", id="compound-number"),
        pytest.param("They ruled for two decades.", "P20Y", id="decades"),
        pytest.param("They searched for several days.", "PXD", id="vague"),
    ],
)
def test_a_duration_is_no_date(text: str, value: str) -> None:
    found = only(text)

    assert (found.value, found.type, found.day) == (value, "DURATION", None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("The market is held every Friday.", "XXXX-WXX-5", id="every-friday"),
        pytest.param("The market is held on Fridays.", "XXXX-WXX-5", id="fridays"),
        pytest.param("The market is held annually.", "P1Y", id="annually"),
        pytest.param("The market is held each month.", "P1M", id="each-month"),
    ],
)
def test_what_happens_again_and_again_is_a_set(text: str, value: str) -> None:
    found = only(text)

    assert (found.value, found.type, found.day) == (value, "SET", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "It ran from April 30 to May 1, 2013.",
            [("April 30", "2013-04-30"), ("May 1, 2013", "2013-05-01")],
            id="the-year-is-carried-to-the-first",
        ),
        pytest.param(
            "It ran from December 30 to January 2, 2013.",
            [("December 30", "2012-12-30"), ("January 2, 2013", "2013-01-02")],
            id="over-new-year",
        ),
        pytest.param("It ran on April 24 and 25.", [("April 24", "2024-04-24"), ("25", "2024-04-25")], id="a-second-day"),
        pytest.param("It ran from 4 to 6 June.", [("4", "2024-06-04"), ("6 June", "2024-06-06")], id="days-before-the-month"),
        pytest.param("It ran between 2005 and 2007.", [("2005", "2005"), ("2007", "2007")], id="two-years"),
        pytest.param("It ran from 2005 to 2007.", [("2005", "2005"), ("2007", "2007")], id="from-year-to-year"),
        pytest.param(
            "It began on Monday. The next day it stopped.",
            [("Monday", "2024-10-07"), ("The next day", "2024-10-08")],
            id="the-next-day-counts-from-the-last-one-told",
        ),
        pytest.param(
            "It began on Monday and stopped the same day.",
            [("Monday", "2024-10-07"), ("the same day", "2024-10-07")],
            id="the-same-day",
        ),
        pytest.param(
            "It began in June 1998 and stopped later that year.",
            [("June 1998", "1998-06"), ("that year", "1998")],
            id="that-year",
        ),
        pytest.param(
            "It shut at 9:30 p.m. on Friday.",
            [("9:30 p.m. on Friday", "2024-10-11T21:30")],
            id="clock-time-with-its-day",
        ),
        pytest.param(
            "It shuts at 10 a.m. Friday, Dec. 6.",
            [("10 a.m.", "2024-12-06T10:00"), ("Friday, Dec. 6", "2024-12-06")],
            id="a-time-before-a-weekday-with-its-date",
        ),
        pytest.param(
            "It will shut at 10 a.m. on 6 December.",
            [("10 a.m.", "2024-12-06T10:00"), ("6 December", "2024-12-06")],
            id="a-time-before-a-date",
        ),
        pytest.param(
            "It shut between 9 a.m. and noon on Oct. 4.",
            [("9 a.m.", "2024-10-04T09:00"), ("noon", "2024-10-04T12:00"), ("Oct. 4", "2024-10-04")],
            id="two-times-of-one-day",
        ),
        pytest.param(
            "It shut at 10:35 a.m. (0735 GMT) Friday.",
            [("10:35 a.m.", "2024-10-11T10:35"), ("0735 GMT", "2024-10-11T07:35Z"), ("Friday", "2024-10-11")],
            id="a-time-in-two-zones",
        ),
        pytest.param("It shut Monday, Jan. 15.", [("Monday, Jan. 15", "2024-01-15")], id="the-year-of-the-weekday"),
        pytest.param("It shut Tuesday, Dec. 13.", [("Tuesday, Dec. 13", "2023-12-13")], id="no-near-year-has-that-weekday"),
        pytest.param(
            "It shuts on Friday (Dec. 6).", [("Friday", "2024-12-06"), ("Dec. 6", "2024-12-06")], id="a-date-in-brackets"
        ),
        pytest.param(
            "It shuts Saturday night, Dec. 7.",
            [("Saturday night", "2024-12-07TNI"), ("Dec. 7", "2024-12-07")],
            id="a-part-of-the-day-before-the-date",
        ),
        pytest.param(
            "It shut on Nov. 8, a Wednesday, in 2023.",
            [("Nov. 8", "2024-11-08"), ("Wednesday", "2024-10-09"), ("2023", "2023")],
            id="a-weekday-that-is-not-the-dates-own-keeps-its-own-day",
        ),
        pytest.param(
            "It shut on Oct. 4, a Friday, for good.",
            [("Oct. 4", "2024-10-04"), ("Friday", "2024-10-04")],
            id="a-weekday-behind-its-date",
        ),
        pytest.param(
            "It shuts on Friday and Saturday, Dec. 6 and 7.",
            [("Friday", "2024-12-06"), ("Saturday, Dec. 6", "2024-12-06"), ("7", "2024-12-07")],
            id="two-weekdays-before-two-dates",
        ),
        pytest.param(
            "It shut on Friday and on Dec. 6, 2023.",
            [("Friday", "2024-10-11"), ("Dec. 6, 2023", "2023-12-06")],
            id="a-weekday-and-another-day",
        ),
        pytest.param(
            "It ran in January and February 2003.",
            [("January", "2003-01"), ("February 2003", "2003-02")],
            id="the-year-is-carried-to-the-first-month",
        ),
        pytest.param(
            "It ran from November to January 2003.",
            [("November", "2002-11"), ("January 2003", "2003-01")],
            id="months-over-new-year",
        ),
        pytest.param("It is on the first Saturday in May.", [("first Saturday in May", "2024-05-04")], id="a-counted-weekday"),
        pytest.param(
            "It was on the last Sunday of October 2019.",
            [("last Sunday of October 2019", "2019-10-27")],
            id="the-last-weekday-of-a-month",
        ),
        pytest.param(
            "It fell in the third quarter of last year.",
            [("third quarter of last year", "2023-Q3")],
            id="a-quarter-of-last-year",
        ),
        pytest.param("It began half a century ago.", [("a century ago", "PAST_REF")], id="half-a-century-is-no-century"),
        pytest.param("It began 1200 years ago.", [("1200 years ago", "PAST_REF")], id="a-round-number-of-centuries"),
        pytest.param("It began 12 years ago.", [("12 years ago", "2012")], id="a-plain-number-of-years"),
        pytest.param("It may be so in the future.", [("the future", "FUTURE_REF")], id="the-future"),
        pytest.param("Their decades-long feud ended.", [("decades-long", "PXY")], id="decades-long"),
        pytest.param("It shut at 16:15 UTC.", [("16:15 UTC", "2024-10-13T16:15Z")], id="clock-time-alone"),
    ],
)
def test_expressions_lean_on_their_neighbours(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == expected


def test_a_clock_time_alone_gives_no_day() -> None:
    assert only("It shut at 16:15 UTC.").day is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("They sold 2,019 homes.", id="thousands"),
        pytest.param("They sold 2019 homes.", id="thousands-without-comma"),
        pytest.param("The surveyor, aged 24, fell.", id="age"),
        pytest.param("A 24-year-old surveyor fell.", id="age-with-hyphens"),
        pytest.param("The tree is 300 years old.", id="age-of-a-tree"),
        pytest.param("See No. 4 on the list.", id="number-sign"),
        pytest.param("A Boeing 737 landed.", id="aircraft"),
        pytest.param("Flight 2005 landed.", id="flight"),
        pytest.param("She lives at 1902 Mill Street.", id="address"),
        pytest.param("The house of 1902 Mill Street burnt.", id="address-after-of"),
        pytest.param("It costs $2000 or €1999.", id="money"),
        pytest.param("The index fell to 1999.5 points.", id="decimal"),
        pytest.param("They won 21-17 and 3-2.", id="score"),
        pytest.param("Python 3.11.2 came out.", id="version"),
        pytest.param("Read page 1999 of the file.", id="page"),
        pytest.param("The hall seats 2010 people.", id="people"),
        pytest.param("The A1918 is closed.", id="road"),
        pytest.param("They may march on the capital.", id="verbs-that-are-months"),
        pytest.param("Protesters March on the capital.", id="capital-verb"),
        pytest.param("A photo by April Stone and June Hill.", id="people-called-like-months"),
        pytest.param("Jan Steen painted it.", id="jan"),
        pytest.param("Second-hand cars are dear.", id="second-hand"),
        pytest.param("It came on 31 February.", id="no-such-day"),
        pytest.param("It came on 2013-02-30.", id="no-such-iso-day"),
        pytest.param("Christmas sales were poor.", id="christmas-sales"),
        pytest.param("Call 555-2013.", id="telephone"),
        pytest.param("The satellite weighs 1950 kg.", id="weight"),
        pytest.param("Some 1,800 to 2,000 troops came.", id="range-of-troops"),
        pytest.param("Come as soon as possible.", id="as-soon-as"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_only_looks_like_a_date_is_left_alone(text: str) -> None:
    assert values(text) == []


def test_slashes_with_two_readings_stay_unclear() -> None:
    assert only("It opened on 03/04/2013.").value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("It sank on Wednesday.", None, id="weekday"),
        pytest.param("It sank yesterday.", None, id="yesterday"),
        pytest.param("It sank last month.", None, id="last-month"),
        pytest.param("It sank three months ago.", None, id="months-ago"),
        pytest.param("It sank on April 13.", "XXXX-04-13", id="day-of-a-month"),
        pytest.param("It sank in April.", "XXXX-04", id="month"),
    ],
)
def test_without_a_publication_day_the_words_stay_and_the_day_is_unclear(text: str, value: str | None) -> None:
    found = only(text, None)

    assert (found.value, found.basis, found.day) == (value, Basis.UNCLEAR, None)
    assert found.words in text


def test_a_year_at_the_end_of_the_calendar_breaks_nothing() -> None:
    assert values("It sank 2000 years ago and will rise in 4000 years.", date(1, 1, 1)) is not None
    assert values("It sank on Monday, 3000 years ago.", date(9999, 12, 31)) is not None
    assert values("It will rise 4000 years from now.", date(8999, 12, 31)) is not None


PIECES = re.split(
    r"[|]",
    "May|4|March|2013|,|.|and|to|on|the|last|next|Friday|night|two|weeks|ago|“Christmas”|24|10:15|p.m.|it|will|13–15|June|"
    "since|\n|é|🙂|2013-03-22|22/03/2013|'s|every|the day before|yesterday|later|from|0|99",
)


@given(
    st.lists(
        st.sampled_from(PIECES) | st.text(max_size=6),
        max_size=30,
    ),
    st.sampled_from([None, SUNDAY, date(2024, 2, 29), date(1, 1, 1), date(9999, 12, 31)]),
)
def test_expressions_are_the_texts_own_words_in_order_and_apart(pieces: list[str], reference: date | None) -> None:
    text = " ".join(pieces)

    found = tag(text, reference)

    assert all(expression.words == text[expression.start : expression.end] != "" for expression in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    "piece",
    [
        "1,",
        "12 ",
        "\n",
        "2013-",
        "a ",
        "the last ",
        "May 4, ",
        "4 to ",
        "two ",
        "Friday ",
        "on Friday he said ",
        "''",
        "1999 and ",
    ],
)
def test_a_huge_odd_text_takes_no_more_than_its_share_of_time(piece: str) -> None:
    def seconds(size: int) -> float:
        begun = time.process_time()
        tag(piece * (size // len(piece)), SUNDAY)
        return time.process_time() - begun

    assert seconds(100_000) < 40 * max(seconds(10_000), 0.02)


@pytest.mark.parametrize("name", ["Black Friday", "Ash Wednesday", "Super Tuesday"])
def test_a_feast_called_by_a_weekday_is_no_day_of_the_week(name: str) -> None:
    assert tag(f"Shops were full on {name}.", date(2024, 10, 13)) == ()
