from __future__ import annotations

from datetime import date
from operator import attrgetter
from pathlib import Path
from time import process_time
from typing import NamedTuple

import pytest

from digests.dates import tag
from digests.eventday import event_date, inside, movable
from digests.model import Basis, EventDate, Precision

SUNDAY = date(2024, 10, 13)
GOLDEN = Path(__file__).parents[1] / "golden"


def day_of(sentence: str, reference: date | None = SUNDAY) -> EventDate | None:
    return event_date(sentence, tag(sentence, reference), reference)


def moved(sentence: str, reference: date | None = SUNDAY) -> str | None:
    """The words that may be cut because the day moves to the front."""
    found = tag(sentence, reference)
    span = movable(sentence, found, event_date(sentence, found, reference))
    return None if span is None else sentence[span[0] : span[1]]


class Example(NamedTuple):
    name: str
    day: str | None
    sentence: str
    missed: bool


def examples(file: str) -> list[Example]:
    """The lines of a file of sentences; see its head."""
    lines = (GOLDEN / file).read_text(encoding="utf-8").splitlines()
    return [example(line) for line in lines if line and not line.startswith("#")]


def example(line: str) -> Example:
    name, day, sentence = (part.strip() for part in line.removeprefix("!").split("|"))
    return Example(name, None if day == "-" else day, sentence, line.startswith("!"))


EXAMPLES = examples("event-days.txt") + examples("event-days-unseen.txt")


@pytest.mark.parametrize("example", EXAMPLES, ids=attrgetter("name"))
def test_a_sentence_is_dated_by_the_day_of_its_own_fact_alone(example: Example) -> None:
    found = day_of(example.sentence)

    if example.missed:
        assert found is None, "no longer missed: take its mark away"
    else:
        assert (found.value if found else None) == example.day
        assert found is None or found.leads


def test_every_example_has_its_own_name() -> None:
    assert len({each.name for each in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize(
    ("sentence", "planned"),
    [
        pytest.param("The lock will reopen on Friday.", True, id="will"),
        pytest.param("The lock is to reopen in 2026.", True, id="is-to"),
        pytest.param("The mayor said he will reopen the lock on Sunday.", True, id="will, on the day of the report"),
        pytest.param("The lock takes its first ships tomorrow.", True, id="tomorrow"),
        pytest.param("The lock reopened on Friday.", False, id="past"),
        pytest.param("The lock was due to reopen last month.", False, id="a-plan-gone-by"),
    ],
)
def test_what_lies_ahead_of_its_report_is_planned(sentence: str, planned: bool) -> None:
    found = day_of(sentence)

    assert found is not None
    assert found.planned is planned


@pytest.mark.parametrize(
    ("sentence", "words", "partial"),
    [
        pytest.param("The lock reopened on Wednesday.", "on Wednesday", None, id="weekday"),
        pytest.param("The lock reopened on April 13.", "on April 13", "XXXX-04-13", id="day-without-year"),
        pytest.param("The lock reopened in April.", "in April", "XXXX-04", id="month-without-year"),
        pytest.param("The lock reopened yesterday.", "yesterday", None, id="yesterday"),
    ],
)
def test_without_a_publication_day_the_fact_keeps_its_words(sentence: str, words: str, partial: str | None) -> None:
    found = day_of(sentence, None)

    assert found == EventDate(None, Precision.NONE, Basis.UNCLEAR, words, partial=partial)


def test_a_written_day_needs_no_publication_day() -> None:
    assert day_of("The lock opened in 1932.", None) == EventDate("1932", Precision.YEAR, Basis.WRITTEN, "in 1932")


def test_a_line_break_in_a_sentence_changes_nothing() -> None:
    assert day_of("The lock\nreopened on\nWednesday after repairs.") == EventDate(
        "2024-10-09", Precision.DAY, Basis.WORKED_OUT, "on Wednesday"
    )


def test_the_expressions_of_a_text_are_counted_from_the_sentence_that_holds_them() -> None:
    text = "It rained on Monday. The lock reopened on Friday."
    start = text.index("The lock")

    found = inside(tag(text, SUNDAY), start, len(text))

    assert [(expression.words, text[start:][expression.start : expression.end]) for expression in found] == [
        ("Friday", "Friday")
    ]


def test_a_text_without_end_is_no_sentence() -> None:
    assert day_of("The lock reopened on Friday and " * 2000) is None


@pytest.mark.parametrize(
    "words", ["as ", "that ", "and closed ", "which was ", ", said ", "on Monday ", "the last ", '"x" ', "( ", "A-"], ids=repr
)
def test_words_heaped_up_are_read_in_bounded_time(words: str) -> None:
    heap = (words * 1500)[:1480] + "on Friday."
    began = process_time()

    day_of(heap)

    assert process_time() - began < 1


@pytest.mark.parametrize(
    ("sentence", "cut"),
    [
        pytest.param("The ferry sank on Wednesday in the outer harbour.", "on Wednesday", id="before-a-preposition"),
        pytest.param("The ferry sank on Wednesday.", "on Wednesday", id="at-the-end"),
        pytest.param("The ferry sank in the harbour on March 3, 2009, near the quay.", "on March 3, 2009", id="before-a-comma"),
        pytest.param("Two men were arrested Friday in Leeds.", "Friday", id="bare-weekday"),
        pytest.param("They met on Wednesday, their first talk in two months.", "on Wednesday", id="beside-a-duration"),
        pytest.param("On Wednesday, the ferry sank in the outer harbour.", "On Wednesday,", id="first-words"),
        pytest.param("Owners sent a letter Friday to the court that would rule on the wreck.", "Friday", id="would-behind-it"),
        pytest.param("The ferry sank on Friday near the quay that had been closed.", "on Friday", id="had-behind-it"),
        pytest.param("Divers found the ferry, on Friday, near the quay.", "on Friday,", id="one-of-two-commas-goes-too"),
    ],
)
def test_a_day_beside_the_main_verb_may_move_to_the_front(sentence: str, cut: str) -> None:
    assert moved(sentence) == cut


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The ferry sank on Wednesday, a month after its launch in 2019.", id="a-second-time-expression"),
        pytest.param("The ferry will sail on Wednesday.", id="a-plan"),
        pytest.param("The ferry had sunk on Wednesday.", id="had"),
        pytest.param("The ferry sank in March.", id="a-month"),
        pytest.param("The ferry sank late on Wednesday.", id="late"),
        pytest.param("The ferry sank on Wednesday night.", id="a-part-of-the-day"),
        pytest.param("The ferry sank at 9 p.m. on Wednesday.", id="a-clock-time"),
        pytest.param("The ferry sank on the morning of Wednesday.", id="of"),
        pytest.param("The ferry must sail by Wednesday.", id="a-deadline"),
        pytest.param("The captain said on Wednesday that the ferry sank.", id="the-day-of-saying"),
        pytest.param("The ferry that sank on Wednesday was raised.", id="a-relative-clause"),
        pytest.param("The ferry sank and divers came on Wednesday.", id="and-between"),
        pytest.param("The ferry sank, killing nine on Wednesday.", id="a-participle-between"),
        pytest.param('The captain "left on Wednesday" in haste.', id="inside-quotes"),
        pytest.param("On Wednesday, however, the ferry sank.", id="however"),
        pytest.param("At a hearing held Wednesday in Leeds, the plan was dropped.", id="a-phrase-before-the-subject"),
        pytest.param("Wednesday's ferry sank.", id="possessive"),
        pytest.param("The ferry sank.", id="no-day"),
    ],
)
def test_a_day_that_may_belong_elsewhere_stays_where_it_is(sentence: str) -> None:
    assert moved(sentence) is None


def test_a_day_that_is_not_known_does_not_move() -> None:
    assert moved("The ferry sank on Wednesday.", None) is None


def test_the_day_of_a_counted_weekday_is_no_fact_of_a_race_that_left_it() -> None:
    sentence = "The race was moved from its traditional first Saturday in May because of the storm."

    assert day_of(sentence) is None


def test_a_plan_at_a_time_has_the_day_of_its_date_and_not_of_the_next_such_weekday() -> None:
    found = day_of("Tickets for the crossing go on sale at 10 a.m. Friday, Dec. 6.")

    assert found is not None
    assert (found.value, found.planned) == ("2024-12-06", True)


def test_a_weekday_that_opens_a_name_is_no_day() -> None:
    assert day_of("Sunday Morning Sail drew 214 people to the harbour.") is None
    assert day_of("On Sunday Ada Pell drew 214 people to the harbour.") is not None
    assert day_of("Yesterday Ada Pell drew 214 people to the harbour.") is not None
    assert day_of("Last Friday Ada Pell drew 214 people to the harbour.") is not None


def test_a_day_gone_by_is_no_plan_even_where_nobody_knows_which_it_is() -> None:
    found = day_of("The captain was due to testify in the capital last month.", None)

    assert found is not None
    assert not found.planned


def test_the_stamp_of_a_change_is_no_day_of_what_follows_it() -> None:
    assert day_of("UPDATE 2024-10-14: Ada Pell has repaired the pier.") is None


def test_a_today_that_stands_for_these_times_is_no_day() -> None:
    for sentence in ("Today it has never been easier to cross the strait.", "Today, ferries often stay in the harbour."):
        assert event_date(sentence, tag(sentence, SUNDAY), SUNDAY) is None
