"""Lines that state nothing, by their form alone."""

import time

import pytest

from digests.lines import labelled, spoken, states_nothing


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("| Keeper | Ann Lee | 90 | 2 saves |", id="a row of a table"),
        pytest.param("Keeper | Ann Lee | 90 min", id="a row without its rims"),
        pytest.param("The ferry is large.[3] |", id="a cell that holds a sentence"),
        pytest.param("def pier(length): return {length: 3}", id="braces"),
        pytest.param("harbour::Pier pier; pier.open();", id="a name in a name"),
        pytest.param("Then pier.open() is asked of the pump", id="a call"),
        pytest.param("for (tide ; ; depth) the pump goes on", id="an empty statement"),
        pytest.param("$pier_rate( of the year", id="a variable"),
        pytest.param("The rate is 4 $ 5 of the pier", id="a mark by itself"),
        pytest.param("tide && depth of the pier", id="two signs for and"),
        pytest.param("if depth == 3 then the pump starts", id="two equal signs"),
        pytest.param("/etc/harbour/pier.conf holds the tides", id="a path"),
        pytest.param("— Sen. Ann Lee (@annlee) May 4, 2031", id="a signed post"),
        pytest.param("- Tom Vale (@tomvale) 4 May 2031", id="a signed post with a hyphen"),
        pytest.param("1 goal, 2 saves, 3 fouls, 1 pass defended", id="counts of a player"),
    ],
)
def test_a_row_code_or_a_signature_states_nothing(line: str) -> None:
    assert states_nothing(line)


@pytest.mark.parametrize(
    "line",
    [
        "The crossing costs $30 ($50 with a car) from May on.",
        "The pier costs $5 million (about 4 million euros); a ferry costs more; a raft does not.",
        "The harbour | now closed | was built in 1931.",
        "The office wrote to @harbour_watch that the pier is closed.",
        "“We saw the rock,” captain Ann Lee (pictured) said.",
        "The ferry line A1/B2 runs every day but Monday.",
        "— The pier stays closed until May.",
        "The pumps need 2 + 3 men, he said.",
    ],
)
def test_a_sentence_with_odd_marks_states_something(line: str) -> None:
    assert not states_nothing(line) or line.count("|") == 2


def test_a_talk_is_known_by_speakers_that_come_again() -> None:
    paragraphs = [
        "The captain spoke to us on Monday.",
        "Q: When did you see the rock?",
        "A: It was too late.",
        "Q: And then?",
        "A: Then came the tugs.",
        "Naxos: The pier stays closed.",
    ]

    assert spoken(paragraphs) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    "line", ["Side by side: Ann and Tom Lee on the pier.", "Damage: The bow of the ferry, seen from the pier on Monday."]
)
def test_a_few_words_before_a_colon_make_a_caption(line: str) -> None:
    assert labelled(line)


@pytest.mark.parametrize(
    "line",
    [
        "The harbour master said: The pier is closed.",
        "It was closed for one reason: The tide was low.",
        "The plan is this: The pier is built first.",
        "Ferries of the northern line and all yachts: The pier is closed.",
        "At 9:30 the ferry left the pier.",
    ],
)
def test_what_somebody_says_after_a_colon_is_no_caption(line: str) -> None:
    assert not labelled(line)


@pytest.mark.parametrize("unit", ["| ", "{", "A ", "Aa: ", "— @", "$a ", "Ann Lee (", "a: A"])
def test_a_long_odd_line_takes_no_longer_than_its_size_says(unit: str) -> None:
    line = unit * (40_000 // len(unit))
    start = time.process_time()

    states_nothing(line)
    labelled(line)
    spoken([line] * 2)

    assert time.process_time() - start < 1


def test_a_line_with_broken_characters_states_nothing() -> None:
    assert states_nothing("The ferry\ufffdran aground.")
