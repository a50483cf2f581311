"""A bullet dangles when it opens with something that only the text before it explains."""

from __future__ import annotations

import pytest

from digests.evaluate.dangling import dangles


@pytest.mark.parametrize(
    "text",
    [
        "He left on Friday.",
        "“They had no choice,” the mayor said.",
        "Its crew was saved.",
        "This was denied.",
        "Those were sold.",
        "That ended the strike.",
        "Only two of them came back.",
        "Despite this, the bridge opened.",
        "Perhaps it will sail in May.",
        "It is the company that paid.",
        "It sank.",
        "There they met the crew.",
        "But the bridge stayed shut.",
        "Meanwhile, the bridge opened.",
        "In addition, two roads were shut.",
        "Since then, nobody has crossed.",
        "So the bridge was shut.",
    ],
)
def test_an_opening_that_points_back_dangles(text: str) -> None:
    assert dangles(text, text, [text])


@pytest.mark.parametrize(
    "text",
    [
        "The mayor left on Friday.",
        "Hebrides ferries sail again.",
        "He-man toys were recalled.",
        "IT workers went on strike.",
        "This week, the bridge opened.",
        "This, last May, ended a strike.",
        "These days few cross by boat.",
        "Those who crossed paid nothing.",
        "Those waiting were sent home.",
        "Now that the bridge is open, few take the boat.",
        "His Majesty opened the bridge.",
        "It is not yet clear whether the bridge will open.",
        "It's time to shut the bridge.",
        "There were 40 people aboard.",
        "There is still a boat.",
        "Two of the boats sank.",
        "So far nobody has crossed.",
        "Instead of a bridge there will be a boat.",
        "In addition to the bridge, two roads were shut.",
        "Butter rose to 4 crowns.",
        "",
    ],
)
def test_an_opening_that_only_looks_like_one_does_not(text: str) -> None:
    assert not dangles(text, text, [text])


ARTICLE = "A small ferry ran aground off Skagen on Sunday. {} The government sent two tugs."


@pytest.mark.parametrize(
    "text", ["The ferry was empty.", "The ferry later left.", "The ferry, built in 1960, sank.", "The ferry drifted."]
)
def test_the_noun_that_was_brought_in_before_dangles(text: str) -> None:
    assert dangles(text, text, [ARTICLE.format(text)])
    assert dangles(text, text, ["Nothing.", ARTICLE.format(text)])


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("The ferry was empty.", "The ferry was empty. A small ferry ran aground."),
        ("The boat was empty.", ARTICLE.format("The boat was empty.")),
        ("The ferry company was closed.", ARTICLE.format("The ferry company was closed.")),
        ("The government fell.", "A government is no king. The government fell."),
        ("The ferry was empty.", "A small ferry ran aground."),
    ],
    ids=["brought in after it", "another noun", "a longer name", "known to all", "not of this article"],
)
def test_a_noun_that_says_which_it_is_does_not(text: str, article: str) -> None:
    assert not dangles(text, text, [article])


def test_the_place_of_a_bullet_is_that_of_its_quote():
    quote = "On Monday the ferry was towed, and the ferry was empty."

    assert dangles("The ferry was empty.", quote, [ARTICLE.format(quote)])
    assert not dangles("The ferry was empty.", "The ferry was empty.", [ARTICLE.format(quote)])
