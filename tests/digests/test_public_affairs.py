"""Hard news and soft."""

import pytest

from digests import data
from digests.public_affairs import share


@pytest.mark.parametrize(
    ("text", "of_affairs"),
    [
        ("Rebels enter the city. More than 400 soldiers fled across the border.", 1.0),
        ("Prosecutors charge two managers over a dam. Both are accused of negligent homicide.", 1.0),
        ("Parliament to vote on a bill", 1.0),
        ("Salvage crews pump fuel from a ferry. It ran aground on Sunday.", 0.5),
        ("Five art exhibitions to see this spring", 0.0),
        ("Running a database without a control plane. Part one.", 0.0),
        ("", 0.0),
    ],
)
def test_a_text_is_of_public_affairs_by_two_of_their_words(text: str, of_affairs: float) -> None:
    assert share(text) == of_affairs


def test_a_word_counts_once_in_whatever_form() -> None:
    assert share("Storm after storm: storms are here") == share("Storms") == 0.5


def test_the_words_stand_one_by_one_and_none_twice() -> None:
    listed = [word for topic in data.table("public_affairs.en.toml").values() for word in topic]

    assert len(listed) == len(set(listed))
    assert not [word for word in listed if not word.isalpha() or not word.islower()]


def test_one_word_beyond_doubt_is_enough_and_the_name_of_a_team_is_none() -> None:
    assert share("Cyclone nears Ostby") == share("Warships near Ostby") == share("Measles in Ostby") == 1.0
    assert share("Hurricanes beat Rangers 4-1") < 1.0 > share("Song spreads like wildfire")
