from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.copies import COPY, group, shingles

WIRE = (
    "The harbour authority closed the northern channel on Tuesday after divers found a crack in the lock gate that "
    "engineers had inspected only a month ago, and ships were told to wait at anchor until a team from the maker arrives."
)


def test_a_text_printed_twice_with_small_edits_is_one_text():
    edited = WIRE.replace("on Tuesday ", "").replace("ships were told", "all ships were told") + " More follows."

    assert group([WIRE, edited]) == [0, 0]


def test_two_reports_of_the_same_event_are_two_texts():
    other = "A cracked lock gate has shut the northern channel of the harbour, and a repair team is on its way to look at it."

    assert group([WIRE, other]) == [0, 1]


def test_a_copy_of_a_copy_belongs_to_the_first():
    first, second = WIRE + " " + "Tugs were kept ready through the night. " * 2, WIRE
    third = WIRE + " The port of Vessel expects losses of two million a day while the gate is out of use and crews wait."

    assert group([first, second, third]) == [0, 0, 0]


def test_short_and_empty_texts_are_only_copies_of_the_same_words():
    assert group(["Closed today", "Closed today", "Open today", ""]) == [0, 0, 2, 3]


def test_among_more_texts_than_a_story_has_a_copy_is_found_as_among_few():
    others = [f"Report {number} of the watch at gate {number} says that nothing moved in hour {number}" for number in range(60)]
    edited = WIRE.replace("on Tuesday ", "")

    assert group([WIRE, *others, edited])[-1] == group([WIRE, *others[:3], edited])[-1] == 0


@pytest.mark.parametrize("number", [2, 40, 41, 42, 60, 150])
def test_however_many_print_a_text_they_print_one(number: int) -> None:
    assert group([WIRE] * number) == [0] * number
    assert group([WIRE.replace("Tuesday", f"Tuesday, as outlet {at} has it,") for at in range(number)]) == [0] * number


def test_words_of_the_house_in_a_hundred_texts_make_no_copies_of_them_and_hide_none() -> None:
    house = "Follow the Post for more news of the harbour, the coast and the islands, at all hours of the day and night."
    reports = [" ".join(f"gate{number} hour{number}x{word}" for word in range(20)) + " " + house for number in range(100)]

    assert group([*reports, f"{WIRE} {house}", WIRE]) == [*range(101), 100]


def test_one_text_may_tie_together_many_that_are_no_copies_of_each_other() -> None:
    one, other = (" ".join(f"{word}{at}" for at in range(count)) for word, count in (("pier", 40), ("lock", 30)))
    long = [f"{one} " + " ".join(f"of{number}x{at}" for at in range(60)) for number in range(50)]

    assert group([*long, other]) == [*range(50), 50]
    assert group([*long, other, f"{one} {other}"]) == [0] * 52


TEXTS = st.lists(st.lists(st.sampled_from("abcd"), max_size=14).map(" ".join), max_size=60)


@given(TEXTS)
def test_copies_are_those_that_hold_half_of_the_shorter_one_and_the_copies_of_these(texts: list[str]) -> None:
    prints = [set(shingles(text)) for text in texts]
    groups = list(range(len(texts)))
    for one, other in combinations(range(len(texts)), 2):
        shared, least = len(prints[one] & prints[other]), min(len(prints[one]), len(prints[other]))
        if shared and shared >= COPY * least:
            low, high = sorted((groups[one], groups[other]))
            groups = [low if each == high else each for each in groups]

    assert group(texts) == groups
