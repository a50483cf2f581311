from dataclasses import replace
from datetime import date

import pytest

from digests.likeness import NO_REPORTS, ONE_FORM, SAME_OUTLET, Index, Telling

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


QUAKE = Telling(
    "Magnitude 5.1 earthquake strikes northern Chile", "A magnitude 5.1 earthquake struck northern Chile on Monday."
)


@pytest.mark.parametrize(
    ("words", "outlets", "of_one_form"),
    [
        ({"5.1": "6.3", "Chile": "Japan", "northern": "southern"}, "AA", True),
        ({"5.1": "6.3", "Chile": "Japan", "northern": "southern"}, "AB", True),
        ({"earthquake": "shock"}, "AA", True),
        ({"earthquake": "shock"}, "AB", False),
        ({"5.1": "6.3"}, "AA", False),
        ({"strikes": "has hit", "struck": "hit"}, "AA", False),
        (
            {"northern": "southern", "Chile": "Japan", "earthquake": "storm", "magnitude": "force", "Magnitude": "Force"},
            "AA",
            False,
        ),
    ],
    ids=["other place", "of two outlets", "other thing", "a word mended by another", "other number", "other form", "too much"],
)
def test_short_texts_of_one_form_are_less_alike_by_what_the_form_leaves_open(
    words: dict[str, str], outlets: str, of_one_form: bool
) -> None:
    title, text = QUAKE.title, QUAKE.text
    for old, new in words.items():
        title, text = title.replace(old, new), text.replace(old, new)

    def alike(behind: str) -> float:
        one, other = (replace(QUAKE, outlet=outlets[0]), Telling(title, text + behind, outlet=outlets[1]))
        return likeness(replace(one, text=one.text + behind), other)

    long = " and" * 60  # no word that counts
    assert alike("") == pytest.approx((ONE_FORM if of_one_form else 1.0) * alike(long))


def test_who_reads_the_same_but_for_a_place_in_the_first_sentence_alone_is_of_one_form_too() -> None:
    chile = Telling(
        "", "Thirty passengers are missing after a ferry sank off Chile on Friday, the coast guard said.", outlet="A"
    )
    japan = Telling("", "Twelve sailors are missing after a tanker sank off Japan on Friday, the coast guard said.", outlet="B")
    mended = Telling(
        "", "Thirty passengers are missing after the ferry sank off Chile on Friday, the coast guard said.", outlet="B"
    )

    assert likeness(chile, japan) < ONE_FORM < likeness(chile, mended)


def test_where_a_report_was_written_makes_it_alike_to_nothing_that_happened_there() -> None:
    strike = Telling("Dockers of Port Alba strike", "Dockers of Port Alba shut down four cranes on Monday.")
    met = "Armendar and Berrio met the dockers on Monday."
    bare, written, there = (
        Telling("Vote heads for a run-off", f"{by}{met}") for by in ("", "PORT ALBA (CPA) -- ", "In Port Alba ")
    )

    assert likeness(strike, bare) == likeness(strike, written) < likeness(strike, there)


def test_a_name_that_stands_as_an_owner_alone_counts_as_any_other_word() -> None:
    dockers = Telling("Dockers strike", "On Monday dockers of Naxos shut down four cranes.")
    there = Telling("Vote heads for a run-off", "On Monday voters of Naxos chose two dockers.")
    owned = replace(there, text="On Monday the Naxos's voters chose two dockers.")
    small = replace(there, text="On Monday voters of naxos chose two dockers.")
    both, once = (replace(owned, text=f"{owned.text} In {name} it rained.") for name in ("Naxos", "naxos"))

    assert likeness(dockers, owned) == likeness(dockers, small) < likeness(dockers, there)
    assert likeness(dockers, both) > likeness(dockers, once)
