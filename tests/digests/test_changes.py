"""Two forms of one sentence: what counts as a change of what it states, and what only reads otherwise."""

from __future__ import annotations

import pytest

from digests import changes, numbers
from digests.changes import Exchange, Names

FERRY = "24 people died when the ferry sank off Skagen"


def change(before: str, now: str, *, around: str = "", noticed: bool = False) -> Exchange | None:
    """The change between two sentences of an article with ``around`` beside them; its names are those inside sentences."""
    texts = (f"They said: {sentence}. {around}" for sentence in (before, now))
    return changes.change(before, now, *map(Names.of, texts), noticed=noticed)


@pytest.mark.parametrize(
    ("before", "now", "posted", "says"),
    [
        (FERRY, "17 people died when the ferry sank off Skagen", "24 people", "17 people"),
        (FERRY, "Seventeen people died when the ferry sank off Skagen", "24 people", "Seventeen people"),
        ("24 dead in Milton ferry accident", "17 dead in Milton ferry accident", "24 dead", "17 dead"),
        (FERRY, "31 people died when the ferry sank off Skagen late on Monday", "24 people", "31 people"),
        ("The work cost $2.2 million.", "The work cost $2.5 million.", "cost $2.2 million", "cost $2.5 million"),
        ("The firm lost $2.3bn in the spring", "The firm lost $3.2bn in the spring", "$2.3bn in", "$3.2bn in"),
        ("It was 41C at noon in the old town", "It was 45C at noon in the old town", "41C at", "45C at"),
        ("The court meets on 11 October in Bonn", "The court meets on 18 October in Bonn", "11 October", "18 October"),
        ("24 men and 3 dogs died at sea", "17 men and 2 dogs died at sea", "24 men and 3 dogs", "17 men and 2 dogs"),
        ("Some 24 homes lost power in the storm", "20 homes lost power in the storm", "Some 24 homes", "20 homes"),
        ("Mayor Anna Berg opened the bridge", "Mayor Anna Borg opened the bridge", "Mayor Anna Berg", "Mayor Anna Borg"),
        ("A blast shook the port of Milton", "A blast shook the port of Hilton", "Milton", "Hilton"),
        ("The strike began Monday after talks", "The strike began Tuesday after talks", "Monday", "Tuesday"),
        ("He resigned after the inquiry", "He did not resign after the inquiry", "resigned after", "did not resign after"),
        ("Nobody was hurt when the mill burned", "Three were hurt when the mill burned", "Nobody was hurt", "Three were hurt"),
        *[("The bridge was closed for repairs", "The bridge was not closed for repairs") * 2],
    ],
    ids=[
        "toll", "in words", "headline", "grew", "money", "short", "unit", "date", "two numbers", "no rounding", "surname",
        "place", "weekday", "negated", "nobody", "sentences",
    ],
)  # fmt: skip
def test_a_change_is_quoted_in_its_shortest_distinctive_words(before: str, now: str, posted: str, says: str) -> None:
    found = change(before, now)

    assert found is not None
    assert (found.posted, found.now) == (posted, says)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (FERRY, "Twenty-four people died when a ferry sank off Skagen"),
        (FERRY, "Off Skagen a ferry sank, and 24 people died"),
        ("Damage is put at $2.2 million by insurers", "Damage is put at $2,200,000 by insurers"),
        ("Damage is put at $2.2m by insurers", "Damage is put at $2.2 million by insurers"),
        ("At least 24 people died when the ferry sank", "At least 31 people died when the ferry sank"),
        ("24 people have died so far in the floods", "31 people have died so far in the floods"),
        ("The toll rose to 24 people in the valley", "The toll rose to 31 people in the valley"),
        ("About 1,200 homes lost power in the storm", "1,198 homes lost power in the storm"),
        (FERRY, "31 houses burned when the mill exploded"),
        ("24 died", "17 recovered"),
        ("Berg spoke with Olsen about the strike", "Mayor Anna Berg spoke with Olsen about the strike"),
        ("Police said the W.H.O. sent doctors", "Police said the WHO sent doctors"),
        ("The strike began Monday after talks", "The strike began on 9 March after talks"),
        ("The mayor resigned after the inquiry", "After the inquiry, no mayor could stay, and councillors did not wait"),
    ],
    ids=[
        "spelling", "order", "scale", "short", "bound", "so far", "stage", "rounded", "other fact", "too short", "full name",
        "letters", "day as date", "other words",
    ],
)  # fmt: skip
def test_a_sentence_that_only_reads_otherwise_or_counts_on_is_not_changed(before: str, now: str) -> None:
    assert change(before, now) is None


def test_a_count_that_goes_on_is_changed_where_it_falls() -> None:
    found = change("At least 24 people died when the ferry sank", "At least 17 people died when the ferry sank")

    assert found is not None
    assert found.now == "17 people"


def test_a_name_that_the_article_still_knows_is_changed_only_where_it_says_that_it_made_a_correction() -> None:
    before, now = "The bridge was opened by Berg in March", "The bridge was opened by Olsen in March"
    around = "Later Berg and Olsen had lunch."

    assert change(before, now, around=around) is None
    assert change(before, now, around=around, noticed=True) == Exchange("Berg", "Olsen", ("berg",), ("olsen",))


def test_a_word_that_is_a_capital_in_a_headline_only_is_no_name() -> None:
    names = Names.of("The fire broke out in the mill."), Names.of("The blaze broke out in the mill.")

    assert changes.change("Fire Destroys Mill And Houses", "Blaze Destroys Mill And Houses", *names) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("24", "twenty-four"), ("2.2 million", "2,200,000"), ("1,200", "1200"), ("two dozen", "24"), ("12%", "12 percent")],
)
def test_a_number_is_the_same_in_all_its_spellings(one: str, other: str) -> None:
    assert numbers.values(one) == numbers.values(other)
