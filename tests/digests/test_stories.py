from datetime import date

import pytest

from digests.stories import Telling, group

FERRY = (
    "The ferry Alma ran aground off Port Alba with 140 passengers on board, the coast guard said. Tugs pulled the Alma free."
)
FERRY_LATER = (
    "Passengers of the ferry Alma, which ran aground off Port Alba, were brought ashore in lifeboats by the coast guard."
)
BANK = "A court fined Mirel Bank 12 million euros for hiding losses from its investors. The bank said it would appeal the fine."


def test_reports_of_one_event_are_one_story_and_others_are_not():
    tellings = [
        Telling("Ferry Alma aground off Port Alba", FERRY),
        Telling("Court fines Mirel Bank", BANK),
        Telling("Passengers leave stranded ferry Alma", FERRY_LATER),
    ]

    assert group(tellings) == [0, 1, 0]


def test_the_same_words_weeks_apart_are_two_stories():
    first, second = date(2026, 1, 5), date(2026, 3, 9)
    strike = "Train drivers at Lowland Rail walked out for a day over pay and rosters, and most trains stood still."
    again = "Train drivers at Lowland Rail walked out over pay for a day; most trains stood still across the country."

    assert group([Telling("Drivers strike", strike, first), Telling("Drivers strike", again, first)]) == [0, 0]
    assert group([Telling("Drivers strike", strike, first), Telling("Drivers on strike", again, second)]) == [0, 1]


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_group_is_no_error(count: int) -> None:
    assert group([Telling("Alone", "")] * count) == list(range(count))


def test_the_order_of_the_articles_does_not_change_the_stories():
    tellings = [Telling("A", FERRY), Telling("B", BANK), Telling("C", FERRY_LATER)]

    assert group(tellings[::-1]) == [0, 1, 0]


def test_a_handful_of_articles_may_all_be_of_one_event():
    assert group([Telling("", FERRY)] * 5) == [0] * 5
    assert group([*[Telling("", FERRY), Telling("", FERRY_LATER)] * 3, Telling("", BANK)]) == [0] * 6 + [6]
