import random
from datetime import UTC, date, datetime, timedelta

import pytest

from digests.likeness import Telling
from digests.stories import Arrival, Change, Happened, Stories, group, linked, story_id

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


# ---------------------------------------------------------------- which groups are one story, on likenesses given by hand


def links(**alike: float) -> dict[int, dict[int, float]]:
    """``links(ab=0.3)``: the articles a and b are so much alike."""
    found: dict[int, dict[int, float]] = {ord(name): {} for pair in alike for name in pair}
    for pair, value in alike.items():
        found[ord(pair[0])][ord(pair[1])] = found[ord(pair[1])][ord(pair[0])] = value
    return found


def groups(**alike: float) -> list[str]:
    return sorted("".join(sorted(map(chr, members))) for members in linked(links(**alike)))


def test_two_lone_articles_are_one_story_when_they_are_alike_enough():
    assert groups(ab=0.13) == ["ab"]
    assert groups(ab=0.11) == ["a", "b"]


def test_a_story_whose_articles_are_much_alike_takes_none_that_is_less_so():
    tight = {"ab": 0.8, "ac": 0.8, "bc": 0.8}

    assert groups(**tight, ad=0.16, bd=0.16, cd=0.16) == ["abc", "d"]
    assert groups(ab=0.2, ac=0.2, bc=0.2, ad=0.16, bd=0.16, cd=0.16) == ["abcd"]


def test_likeness_to_one_article_of_a_story_is_not_likeness_to_the_story():
    assert groups(ab=0.3, ac=0.3, bc=0.3, cd=0.3) == ["abc", "d"]


def test_an_article_goes_where_others_like_it_are_and_not_to_the_one_that_is_nearest():
    storm = {"ab": 0.4, "ac": 0.4, "bc": 0.4, "ad": 0.4, "bd": 0.4, "cd": 0.4}
    shelter = {"ae": 0.2, "be": 0.2, "ce": 0.2, "de": 0.2}

    assert groups(**storm, **shelter, ef=0.22) == ["abcde", "f"]


# ---------------------------------------------------------------- stories that live

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
FERRIES = (
    Telling("Ferry Alma aground off Port Alba", FERRY),
    Telling("Passengers leave stranded ferry Alma", FERRY_LATER),
    Telling(
        "Tugs free ferry Alma", "Two tugs pulled the ferry Alma off the rocks of Port Alba on the tide, the coast guard said."
    ),
    Telling(
        "Alma skipper questioned", "The coast guard questioned the skipper of the ferry Alma after it ran aground at Port Alba."
    ),
)
BANKS = (
    Telling("Court fines Mirel Bank", BANK),
    Telling(
        "Mirel Bank to appeal fine",
        "Mirel Bank will appeal the fine of 12 million euros for hidden losses, its lawyer told the court.",
    ),
    Telling(
        "Investors sue Mirel Bank",
        "Investors sued Mirel Bank over the losses it hid, days after a court fined it 12 million euros.",
    ),
)


def arrivals(tellings: tuple[Telling, ...], name: str, story: str | None = None, at: datetime = NOON) -> list[Arrival]:
    return [
        Arrival(f"{name}{number}", telling, at + timedelta(minutes=number), story, at if story else None)
        for number, telling in enumerate(tellings)
    ]


def test_an_article_that_comes_joins_its_story_which_keeps_its_name():
    stories = Stories()
    [first, later, *rest] = arrivals(FERRIES, "ferry")
    bank = arrivals(BANKS[:1], "bank")

    assert stories.add([first, *bank]).placed == {"ferry0": story_id("ferry0"), "bank0": story_id("bank0")}
    assert stories.add([later]).placed == {"ferry1": story_id("ferry0")}
    assert set(stories.add(rest).placed.values()) == {story_id("ferry0")}
    assert stories.repair() == ()


def test_a_story_that_another_process_found_is_known_by_its_name():
    stories = Stories()
    stories.add(arrivals(FERRIES[:2], "ferry", "s-ferry"))

    assert stories.add(arrivals(FERRIES[2:], "later")).placed == {"later0": "s-ferry", "later1": "s-ferry"}


def test_two_stories_that_turn_out_to_be_one_are_joined_under_the_older_name():
    stories = Stories()
    stories.add(arrivals(FERRIES[1:3], "young", "s-young", NOON + timedelta(hours=1)))
    stories.add([*arrivals(FERRIES[:1], "old", "s-old"), *arrivals(BANKS, "bank", "s-bank")])

    grouped = stories.add(arrivals(FERRIES[3:], "new", at=NOON + timedelta(hours=2)))

    assert grouped.placed == {"new0": "s-old"}
    [change] = grouped.changes
    assert (change.happened, change.was, change.now) == (Happened.JOINED, "s-young", "s-old")
    assert change.articles == ("young0", "young1")
    assert change.similarity >= change.needed > 0
    assert stories.repair() == ()


def test_a_story_that_was_two_is_split_and_the_larger_part_keeps_the_name():
    stories = Stories()
    stories.add([*arrivals(BANKS[:2], "bank", "s-both"), *arrivals(FERRIES[:3], "ferry", "s-both", NOON + timedelta(hours=1))])

    [change] = stories.repair()

    assert (change.happened, change.was, change.now) == (Happened.SPLIT, "s-both", story_id("bank0"))
    assert change.articles == ("bank0", "bank1")
    assert change.similarity < change.needed
    assert stories.add(arrivals(BANKS[2:], "new")).placed == {"new0": story_id("bank0")}


def test_an_article_in_the_wrong_story_moves_and_both_stories_stay():
    stories = Stories()
    stories.add([*arrivals(FERRIES, "ferry", "s-ferry"), *arrivals(BANKS[:2], "bank", "s-bank")])
    stories.add(arrivals(BANKS[2:], "stray", "s-ferry"))

    [change] = stories.repair()

    assert (change.happened, change.was, change.now) == (Happened.MOVED, "s-ferry", "s-bank")
    assert change.articles == ("stray0",)
    assert change.similarity >= change.needed


def test_a_story_of_which_nothing_is_left_ends_in_the_one_that_takes_most_of_it():
    stories = Stories()
    stories.add([*arrivals(FERRIES[:2], "ferry", "s-ferry"), *arrivals(BANKS[:2], "bank", "s-bank")])
    later = NOON + timedelta(hours=1)
    stories.add([*arrivals(FERRIES[2:], "ferry-too", "s-both", later), *arrivals(BANKS[2:], "bank-too", "s-both", later)])

    changes = stories.repair()

    assert [(change.happened, change.was, change.now) for change in changes] == [
        (Happened.MOVED, "s-both", "s-bank"),
        (Happened.JOINED, "s-both", "s-ferry"),
    ]


def test_the_part_that_is_split_off_gets_no_name_that_is_in_use():
    stories = Stories()
    founder = story_id("bank0")
    stories.add([*arrivals(BANKS[:1], "bank", founder), *arrivals(FERRIES, "ferry", founder)])

    [change] = stories.repair()

    assert change.was == founder
    assert change.now != founder


def test_what_is_forgotten_takes_in_nothing_more():
    stories = Stories()
    stories.add(arrivals(FERRIES[:2], "ferry"))
    stories.add(arrivals(BANKS[:1], "bank", at=NOON + timedelta(days=3)))

    stories.forget(NOON + timedelta(days=1))

    assert stories.add(arrivals(FERRIES[2:3], "late")).placed == {"late0": story_id("late0")}
    assert stories.add(arrivals(BANKS[1:2], "appeal")).placed == {"appeal0": story_id("bank0")}


@pytest.mark.parametrize("seed", range(5))
def test_articles_that_come_one_by_one_make_the_stories_of_those_that_come_at_once(seed: int) -> None:
    every = [*arrivals(FERRIES, "ferry"), *arrivals(BANKS, "bank")]
    random.Random(seed).shuffle(every)
    stories = Stories()
    story: dict[str, str] = {}
    for each in every:
        grouped = stories.add([each])
        story |= grouped.placed
        for change in grouped.changes:
            assert {story[article] for article in change.articles} == {change.was}
            story |= dict.fromkeys(change.articles, change.now)

    apart = {frozenset(name for name in story if story[name] == each) for each in story.values()}
    assert apart == {frozenset(f"ferry{number}" for number in range(4)), frozenset(f"bank{number}" for number in range(3))}


def test_a_change_that_changes_nothing_is_nonsense():
    with pytest.raises(ValueError, match="is none"):
        Change(Happened.JOINED, "s-1", "s-1", ("a",), 0.5, 0.4)
    with pytest.raises(ValueError, match="is none"):
        Change(Happened.SPLIT, "s-1", "s-2", (), 0.1, 0.4)
