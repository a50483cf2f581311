from dataclasses import replace
from datetime import date

import pytest

from digests.likeness import NO_REPORTS, SAME_OUTLET, Index, Telling

STORM = Telling(
    "Storm cuts power in Vessland", "The storm cut power to 240,000 homes in Vessland, the grid operator Vellnett said."
)
STORM_TOO = Telling("Homes in Vessland without power", "Vellnett said 240,000 homes in Vessland had no power after the storm.")
BRIDGE = Telling("Bridge opens in Orsk", "A bridge for bicycles opened in Orsk after two years of work on its northern pillar.")


def likeness(one: Telling, other: Telling) -> float:
    index = Index()
    first, second = index.add([one, other])
    return index.links[first].get(second, 0.0)


def test_reports_of_one_event_are_alike_and_others_are_not():
    assert likeness(STORM, STORM_TOO) > 0.3
    assert likeness(STORM, BRIDGE) == 0.0


def test_likeness_is_the_same_both_ways_and_whatever_else_comes_in_the_same_batch_before():
    index, turned = Index(), Index()
    one, other, _ = index.add([STORM, STORM_TOO, BRIDGE])
    _, second, first = turned.add([BRIDGE, STORM_TOO, STORM])

    assert index.links[one][other] == index.links[other][one]
    assert index.links[one][other] == pytest.approx(turned.links[first][second], rel=1e-5)


def test_two_teasers_that_share_two_words_are_less_alike_than_their_few_words_say():
    trade = Telling("India signs trade deal", "Steel and cotton are part of it.")
    cricket = Telling("India signs cricket coach", "He comes from Perth.")
    longer = Telling("India signs trade deal on steel", "Cotton is part of it.")

    assert likeness(trade, cricket) < 0.1
    assert likeness(trade, longer) > 0.5


def test_days_between_publications_make_articles_less_alike():
    def on(day: int) -> Telling:
        return Telling(STORM_TOO.title, STORM_TOO.text, date(2026, 3, day))

    first = Telling(STORM.title, STORM.text, date(2026, 3, 1))

    assert likeness(first, on(1)) == likeness(first, on(2)) == pytest.approx(likeness(STORM, STORM_TOO))
    assert likeness(first, on(8)) == pytest.approx(likeness(first, on(1)) / 2)


def test_a_dropped_article_is_alike_to_nothing_and_counts_no_more():
    index, fresh = Index(), Index()
    [third] = index.add([STORM_TOO])
    gone = index.add([STORM, BRIDGE])

    index.drop(gone)

    assert index.links == {third: {}}
    [again] = index.add([STORM])
    one, other = [*fresh.add([STORM_TOO]), *fresh.add([STORM])]
    assert index.links[again][third] == pytest.approx(fresh.links[other][one])


def test_what_stands_far_behind_in_a_long_text_is_not_looked_at():
    filler = "The council spoke of drains and kerbs for an hour. " * 200

    assert likeness(Telling("Council meets", filler + STORM.text), STORM) == 0.0


def test_two_articles_of_one_outlet_count_as_less_alike():
    def alike(one: str, other: str) -> float:
        return likeness(replace(STORM, outlet=one), replace(STORM_TOO, outlet=other))

    assert alike("Harbour Post", "Harbour Post") == pytest.approx(SAME_OUTLET * alike("Harbour Post", "Alba Times"))
    assert alike("", "") == alike("Harbour Post", "Alba Times")


def test_what_is_no_report_is_less_alike_to_a_report_and_still_less_to_another_such_text():
    views = replace(STORM, report=False), replace(STORM_TOO, report=False)
    alike = likeness(STORM, STORM_TOO)

    assert likeness(views[0], STORM_TOO) == likeness(STORM, views[1]) == pytest.approx(NO_REPORTS[1] * alike)
    assert likeness(*views) == pytest.approx(NO_REPORTS[2] * alike)
