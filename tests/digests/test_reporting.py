"""Which articles report news."""

from dataclasses import replace

import pytest

from digests.claims import understand
from digests.reporting import is_report
from tests.build import article

LEAD = "The ferry Alma ran aground off Port Alba on Monday with 140 people aboard."
SAID = ["Tugs pulled it free, the coast guard said.", "Captain Roe told the Alba Times that nobody was hurt."]
TIMELESS = [f"The pier number {number} of Naxos has {number + 2} berths for ferries of any length." for number in range(12)]
VIEWS = [f"I would pay {number} crowns to see that, and so should you." for number in range(9)]
HISTORY = [f"In {1900 + number} the council of Naxos built {number + 2} piers for ferries from Ostby." for number in range(12)]
ADVICE = [f"You must see pier {number} of Naxos." for number in range(8)]


def reports(*sentences: str) -> bool:
    return is_report(understand(article("a", " ".join(sentences))))


def test_what_has_sources_and_near_days_is_a_report():
    assert reports(*TIMELESS[:8], *SAID, *SAID)


def test_what_opens_with_what_happened_is_one_however_much_it_explains():
    assert reports(LEAD, *TIMELESS)


@pytest.mark.parametrize(
    "sentences",
    [
        pytest.param(TIMELESS, id="a guide that states its matter"),
        pytest.param([*VIEWS, *SAID], id="a column, whomever it quotes"),
        pytest.param([LEAD, *VIEWS], id="a column that opens with the news"),
        pytest.param([*TIMELESS[:9], *ADVICE[:4]], id="a guide with advice"),
        pytest.param(["The piers of Naxos are old.", "They have three berths.", "Naxos is an island."], id="a few lines"),
    ],
)
def test_a_column_a_guide_and_reference_are_none(sentences: list[str]) -> None:
    assert not reports(*sentences)


def test_history_is_told_by_somebody_named_and_counts_as_a_report_of_old_news():
    assert reports(*HISTORY)


def test_a_few_lines_of_which_one_tells_news_are_a_report():
    assert reports("The piers of Naxos are old.", "The northern one was closed on Monday.")


@pytest.mark.parametrize(
    ("told", "report"),
    [
        ("The first ferries of Naxos used a wider bow because its piers were narrow", False),
        ("The ferries of Naxos have used a wider bow", True),
        ("The council of Naxos widened the bow of its ferries on Monday", True),
        ("Police of Naxos seized two ferries with a wider bow", True),
    ],
    ids=["a deed of the past", "what has just been done", "with its day", "hard news"],
)
def test_a_deed_of_the_past_in_a_summary_is_news_only_with_a_day_a_source_or_hard_news(told: str, report: bool) -> None:
    page = replace(article("a", f"{told}."), page_read=True)

    assert reports(f"{told}.") is report
    assert is_report(understand(page)), "a page says more than a summary"


def test_a_day_near_its_report_makes_a_report_and_a_day_of_long_ago_does_not():
    dated = "Pier {number} of Naxos was the deepest of all on {day}."
    far, near = ([dated.format(number=number, day=day) for number in range(12)] for day in ("14 May 1950", "10 March 2026"))

    assert not reports(*far)
    assert reports(*near)


def test_what_is_written_in_another_language_is_none_for_its_sentences_cannot_be_read():
    german = "Die Fähre Alma lief am Montag vor Port Alba auf Grund, und 140 Menschen wurden in Booten an Land gebracht."
    french = "Le ferry Alma s'est échoué lundi devant Port Alba, et 140 passagers ont été ramenés à terre en canot."

    assert not reports(german, german.replace("Alma", "Orsk"))
    assert not reports(french, french.replace("Alma", "Orsk"))
    assert reports(LEAD, SAID[0])
