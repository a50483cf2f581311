import pytest

from digests.numbers import counted, value, without
from digests.words import stem


def test_numbers_are_told_apart_by_what_they_count():
    assert counted("Five people died and 1,200 houses fell") == {stem("people"): "Five", stem("houses"): "1,200"}
    assert counted("Twenty-five people died on March 9, 2026, in one house") == {stem("people"): "Twenty-five"}


@pytest.mark.parametrize(
    ("one", "other"), [("five", "5"), ("Twenty-five", "25"), ("2.2 million", "2,200,000"), ("1,200", "1200")]
)
def test_two_spellings_of_a_number_are_one(one: str, other: str) -> None:
    assert value(one) == value(other)


def test_another_scale_is_another_number():
    assert value("5 million") != value("5")


def test_what_is_left_without_its_numbers_has_no_number_in_any_spelling():
    assert without("Some 1,200 seamen and seven dogs").split() == ["Some", "seamen", "and", "dogs"]
