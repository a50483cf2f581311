from __future__ import annotations

from datetime import date

import pytest

from digests.dates import tag
from digests.eventday import event_date, inside, movable
from digests.model import Basis, EventDate, Precision

SUNDAY = date(2024, 10, 13)


def day_of(sentence: str, reference: date | None = SUNDAY) -> EventDate | None:
    return event_date(sentence, tag(sentence, reference), reference)


def moved(sentence: str, reference: date | None = SUNDAY) -> str | None:
    """The words that may be cut because the day moves to the front."""
    found = tag(sentence, reference)
    span = movable(sentence, found, event_date(sentence, found, reference))
    return None if span is None else sentence[span[0] : span[1]]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("The dam burst on Wednesday.", "2024-10-09"),
        ("Divers found the wreck on Friday.", "2024-10-11"),
        ("She wrote the novel in 2019.", "2019"),
        ("The drone was used in Oslo during 2019 for a test.", "2019"),
        ("On Friday, Inga Lund, 54, opened the lock.", "2024-10-11"),
        ("The roof collapsed shortly after 06:00 on Friday.", "2024-10-11"),
        ("In August, that lead was seven points.", "2024-08"),
        ("Crews reopened the tunnel on Friday after a fire on Thursday.", "2024-10-11"),
        ("On Tuesday, the council approved the budget.", "2024-10-08"),
        ("The minister said on Tuesday that sales of bread rose 12 percent in August.", "2024-08"),
        ("The company announced on Friday that it will open a plant in Leeds.", "2024-10-11"),
        ("The company announced on Friday it would open a plant in March.", "2024-10-11"),
        ("The ship, which sank on June 1, was raised on Friday.", "2024-10-11"),
        ("The ship that sank on June 1 was raised on Friday.", "2024-10-11"),
        ("The man who was arrested on Monday was released on Saturday.", "2024-10-12"),
        ("Men detained on Friday were released on Saturday.", "2024-10-12"),
        ("The trial is to begin on Wednesday.", "2024-10-16"),
        ("The trial will begin next month.", "2024-11"),
        ("Parliament will vote on October 20.", "2024-10-20"),
        ("The bridge was built in 1932.", "1932"),
        ("The mayor resigned last month.", "2024-09"),
        ("The fair ran from September 30 to October 4.", "2024-09-30"),
        ("Police arrested two men on Saturday night.", "2024-10-12"),
        ("Two men were arrested on Saturday night, police said on Sunday.", "2024-10-12"),
        ("According to the ministry, prices fell in September.", "2024-09"),
        ("After talks on Monday, the two sides signed a truce on Thursday.", "2024-10-10"),
        ("The union rejected the offer on Thursday, but talks go on.", "2024-10-10"),
        ("The battery took part in an exercise in 2019.", "2019"),
        ("He was born in 1960 and died on Tuesday.", "1960"),
        ("A hearing held on Friday ended without a ruling.", "2024-10-11"),
        ("A spokesman told reporters on Thursday that the reactor was shut down on Wednesday.", "2024-10-09"),
        ("The rocket is due to lift off on Tuesday.", "2024-10-15"),
        ("The rocket was due to lift off on Tuesday.", "2024-10-15"),
        ("The firm plans to cut 400 jobs in 2026.", "2026"),
        ("Today the president signed the law.", "2024-10-13"),
        ("The president signed the law yesterday.", "2024-10-12"),
        ("The law takes effect tomorrow.", "2024-10-14"),
        ("The law takes effect on January 1.", "2025-01-01"),
        ("The court ordered the state on Monday to pay damages.", "2024-10-07"),
        ("The suspect was arrested on Monday and charged on Tuesday.", "2024-10-07"),
        ("The figures, released Thursday, show that exports fell in July.", "2024-07"),
        ("Officials expect the count to end on Friday.", "2024-10-18"),
        ("He spoke with the chancellor on Wednesday, marking their first call since August.", "2024-10-09"),
        ("The plant was not closed in 2019.", "2019"),
        ("The storm, the worst since 1987, hit the coast on Thursday.", "2024-10-10"),
        ("Voters go to the polls on November 5.", "2024-11-05"),
        ("The senator (elected in 2012) resigned on Monday.", "2024-10-07"),
        ("The senator resigned Monday -- two years after his election in 2022.", "2024-10-07"),
        ("The film opens in cinemas on Friday.", "2024-10-18"),
        ("The two-day summit ended in Geneva Saturday.", "2024-10-12"),
        ("They met at 9 a.m. on Tuesday.", "2024-10-08"),
        ("PARIS (Reuters) - The museum reopened on Saturday.", "2024-10-12"),
        ("The museum reopened on Saturday as crowds waited outside.", "2024-10-12"),
        ("The mine, closed in 1998, will reopen in 2025.", "2025"),
        ("In 1998 the mine closed.", "1998"),
        ("The court ruled Thursday that the 2016 sale was illegal.", "2024-10-10"),
        ("The party chose Ms. Ruiz as its leader on Saturday.", "2024-10-12"),
        ("The airline said it cancelled 40 flights on Friday.", "2024-10-11"),
        ("The airline said Friday it will cancel 40 flights on Monday.", "2024-10-14"),
        ("Police believe the thieves entered on Thursday.", "2024-10-10"),
        ("The report said the dam failed in 2011.", "2011"),
        ("He flew to Rome on Friday to meet the pope.", "2024-10-11"),
        ("The meeting is scheduled for Monday.", "2024-10-14"),
        ("The king abdicated on April 30, 2013.", "2013-04-30"),
        ("The king abdicated on 30 April 2013 in favour of his son.", "2013-04-30"),
        ("The storm is expected to reach the coast late Tuesday.", "2024-10-15"),
        ("There were 40 strikes in 2023.", "2023"),
        ("Last year the firm sold 2,019 homes.", "2023"),
        ("The firm sold its Mill Street site in August 2023, a filing shows.", "2023-08"),
        ("The bank raised rates on Thursday for the third time this year.", "2024-10-10"),
        ("Protesters set fire to cars on Friday night in Lyon.", "2024-10-11"),
        ("The accord expires on December 31.", "2024-12-31"),
        ("The accord expired on December 31.", "2023-12-31"),
        ("On Thursday, he announced he would step down in May.", "2024-10-10"),
        ("In a speech on Thursday, the premier promised lower taxes.", "2024-10-10"),
        ("The company, founded in 1999, was sold on Friday.", "2024-10-11"),
        ("Heavy snow closed schools across the north on Thursday and Friday.", "2024-10-10"),
        ("The drug was approved in 2015, and sales began a year later.", "2015"),
        ("The tower opened in May and closed again in June.", "2024-05"),
        ("The army had withdrawn on Monday before the truce began.", "2024-10-07"),
    ],
)
def test_a_sentence_is_dated_by_the_day_of_its_own_fact(sentence: str, day: str) -> None:
    found = day_of(sentence)

    assert found is not None
    assert (found.value, found.leads) == (day, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister said on Tuesday that the harbour is safe.",
        "A ship which sank on June 1 has been raised.",
        "The memorial honours victims of the July 7 bombings.",
        "Friday's close was the highest since 2002.",
        "Shares hit their lowest level since March 2009.",
        "The ban must be lifted by Friday.",
        "The work will be finished by 2027.",
        "The strike lasts until Friday.",
        "The mayor resigned last week.",
        "Earlier this week the board rejected the offer.",
        "He has led the firm since 2007.",
        "Two men were arrested, police said on Saturday.",
        "According to a report published on Monday, prices fell.",
        "Following the October 7, 2023, attack, the country has enlarged its army.",
        "While the court sat on Monday, protesters gathered outside.",
        '"We close on Friday," the director said.',
        'The director said, "We closed the mill on Friday."',
        "The 2019 exercise tested the battery.",
        "Officials denied on Friday that the reactor leaked.",
        "The suspect, arrested on Monday, denies the charge.",
        "The agency released figures showing that exports fell in July.",
        "Figures released Thursday showed exports fell 3 percent.",
        "The team lost its first game since it won the cup in 2018.",
        "The chancellor, 61, will visit Oslo this weekend.",
        "Do you remember what happened on Friday?",
        "Pictured: the mayor opened the pool on Friday.",
        "As crowds waited on Friday, the museum stayed shut.",
        "Because of the flood on Monday the school was closed.",
        "The school was closed because the river rose on Monday.",
        "Lawyers argued Thursday that the sale was illegal.",
        "The airline said Friday it cancelled 40 flights.",
        "Police charged a man with a murder committed in 1994.",
        "Researchers who studied 300 patients between 2005 and 2010 found no link.",
        "The vote, scheduled for Monday, was postponed.",
        "The vote has been postponed to Monday.",
        "The winner of Saturday's race fell ill.",
        "The firm sold 2,019 homes.",
        "The bank raised rates for the third time this year.",
        "On Thursday, he said he would step down.",
        "In a speech on Thursday, the premier said taxes would fall.",
        "The club signed the striker, who left Porto in 2021.",
        "The army killed a commander wanted since 2015.",
        "The chief executive told the BBC last year the plan was dead.",
        "The same day, crews left the island.",
        "March 3, 2009 Crews left the island.",
        "On Friday, it was reported that crews had left the island.",
        "In a statement issued on Friday, the mayor was calmer.",
        "PUBLISHED: Friday",
    ],
)
def test_a_day_of_something_else_dates_no_sentence(sentence: str) -> None:
    found = day_of(sentence)

    assert found is None


@pytest.mark.parametrize(
    ("sentence", "planned"),
    [
        pytest.param("The lock will reopen on Friday.", True, id="will"),
        pytest.param("The lock is to reopen in 2026.", True, id="is-to"),
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
    ("sentence", "cut"),
    [
        pytest.param("The ferry sank on Wednesday in the outer harbour.", "on Wednesday", id="before-a-preposition"),
        pytest.param("The ferry sank on Wednesday.", "on Wednesday", id="at-the-end"),
        pytest.param("The ferry sank in the harbour on March 3, 2009, near the quay.", "on March 3, 2009", id="before-a-comma"),
        pytest.param("Two men were arrested Friday in Leeds.", "Friday", id="bare-weekday"),
        pytest.param("They met on Wednesday, their first talk in two months.", "on Wednesday", id="beside-a-duration"),
        pytest.param("On Wednesday, the ferry sank in the outer harbour.", "On Wednesday,", id="first-words"),
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
