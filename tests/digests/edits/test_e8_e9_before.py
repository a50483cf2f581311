"""E8, E9: dated event phrases, for *Before*."""

import re

import pytest

from digests.edits import Phrase, background

_DAY = re.compile(r"\b(?:March|May|June) \d{1,2}(?:, \d{4})?|\b2031\b")


def spans(sentence: str) -> list[tuple[int, int]]:
    return [match.span() for match in _DAY.finditer(sentence)]


def found(sentence: str) -> list[str]:
    return [phrase.text for phrase in background(sentence, spans(sentence))]


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("Following the May 3, 2031, ferry accident off Naxos, the pier was closed.", "ferry accident off Naxos"),
        ("After the May 3 earthquake in Naxos, the pier was closed.", "earthquake in Naxos"),
        ("The pier has been closed since the May 3 storm.", "storm"),
        ("The pier was closed after the May 3 landslide that blocked it.", "landslide"),
        ("The pier closed over Naxos's May 3 referendum on ferries.", "Naxos's referendum on ferries"),
        ("Tourists stayed away after Harbour Watch's May 3 protest in Naxos.", "Harbour Watch's protest in Naxos"),
        ("The law answers the islanders' protests in Naxos, which began on May 3.", "islanders' protests in Naxos"),
        ("The pier was hit by a storm over the islands, which struck on May 3.", "storm over the islands"),
        ("Police are investigating an explosion in Naxos harbour, which occurred on May 3.", "explosion in Naxos harbour"),
        ("This comes after the ferry summit in Naxos, which opened on May 3.", "ferry summit in Naxos"),
    ],
)
def test_an_event_that_the_sentence_dates_by_the_way_is_a_phrase(sentence: str, phrase: str) -> None:
    assert found(sentence) == [phrase]


def test_an_event_that_happened_twice_has_two_days() -> None:
    sentence = "It is due to strikes in Naxos harbour, which began on May 3 and repeated on June 4, hoping for more."

    assert background(sentence, spans(sentence)) == (Phrase("strikes in Naxos harbour", 13, 37, (0, 1)),)


def test_a_phrase_stands_where_it_says() -> None:
    sentence = "After the May 3 earthquake in Naxos, the pier was closed."

    (phrase,) = background(sentence, spans(sentence))

    assert sentence[phrase.start : phrase.end] == phrase.text


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The pier has been closed since the May 3 attack on the city.", id="the city"),
        pytest.param("Naxos answered Paros's May 3 raid on the country.", id="the country"),
        pytest.param("Naxos answered Paros's May 3 raid on it.", id="it"),
        pytest.param("The pier was closed following the May 3 attack by the group.", id="the group"),
        pytest.param("The ferry ran aground on May 3 off the pier.", id="the main fact"),
        pytest.param("After May 3, the pier was closed for a month.", id="no event"),
        pytest.param("After the May 3 deadline, the pier was closed.", id="no noun of an event"),
        pytest.param("Pell's May 3 birthday was celebrated on the pier.", id="a birthday"),
        pytest.param("The pier, which opened on May 3, was closed.", id="a thing that opened"),
        pytest.param("They met on the pier, which was painted on May 3.", id="no happening"),
        pytest.param("The storm, which the company had feared since May 3, came.", id="another verb"),
        pytest.param("He fled after the May 3 bombing of a Naxos, Ga., clinic.", id="a state stands in it"),
        pytest.param("Their protest, which began on May 3, goes on.", id="whose it is stands before"),
    ],
)
def test_what_leans_on_the_text_or_is_no_event_is_no_phrase(sentence: str) -> None:
    assert found(sentence) == []


def test_a_sentence_without_days_has_no_phrases() -> None:
    assert background("After the storm, the pier was closed.", []) == ()
