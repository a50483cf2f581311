from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digests.verbs import Tense, direction, parse, verbs

PAST, PRESENT, FUTURE = Tense.PAST, Tense.PRESENT, Tense.FUTURE


@example("was a_b co-owner's 7,700.7 7:30am of A-7b's")
@given(st.text(st.sampled_from("aBed7_.,:-' ’")))
def test_a_letter_with_an_accent_at_the_end_changes_no_other_word(text: str) -> None:
    plain, accented = parse(f"{text} e"), parse(f"{text} é")

    assert plain.spans == accented.spans
    assert plain.low[:-2] == accented.low[:-2]


def tenses(sentence: str) -> list[tuple[str, Tense]]:
    return [(verb.word, verb.tense) for verb in verbs(sentence)]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        pytest.param("The mill closed.", [("closed", PAST)], id="in-ed"),
        pytest.param("The ship sank.", [("sank", PAST)], id="irregular"),
        pytest.param("She says it works.", [("says", PRESENT), ("works", PRESENT)], id="present"),
        pytest.param("The court will rule.", [("will", FUTURE), ("rule", FUTURE)], id="will"),
        pytest.param("The shop is to close.", [("is", PRESENT), ("close", FUTURE)], id="is-to"),
        pytest.param("The train is due at noon.", [("is", PRESENT), ("due", FUTURE)], id="due"),
        pytest.param("The fair opens in May.", [("opens", FUTURE)], id="timetable"),
        pytest.param("They are meeting in Oslo.", [("are", PRESENT), ("meeting", FUTURE)], id="progressive"),
        pytest.param("The firm plans to sell its mill.", [("plans", FUTURE), ("sell", FUTURE)], id="plans-to"),
        pytest.param("He could not stop it.", [("could", PAST)], id="could-not"),
        pytest.param(
            "It's closed, and he’ll leave.",
            [("it's", PRESENT), ("closed", PAST), ("he’ll", FUTURE), ("leave", FUTURE)],
            id="short",
        ),
    ],
)
def test_each_verb_looks_back_or_ahead(sentence: str, found: list[tuple[str, Tense]]) -> None:
    assert tenses(sentence) == found


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("His plans", id="after-his"),
        pytest.param("The injured man", id="after-the"),
        pytest.param("A newly restored palace", id="after-the-and-an-adverb"),
        pytest.param("Oslo's planned sale", id="after-a-possessive"),
        pytest.param("Of wounded soldiers", id="after-a-preposition"),
        pytest.param("By 61 votes", id="after-a-number"),
        pytest.param("Two talks, two visits", id="after-a-number-word"),
        pytest.param("Work on the dam", id="first-word"),
        pytest.param("On May 5", id="may-the-month"),
        pytest.param("A hundred naked men of United", id="only-looks-like-one"),
    ],
)
def test_what_looks_like_a_verb_and_stands_as_a_noun_or_adjective_is_none(sentence: str) -> None:
    assert tenses(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "bearing"),
    [
        pytest.param("Four were killed", PAST, id="were"),
        pytest.param("Four had been killed", PAST, id="had-been"),
        pytest.param("Four have been killed", PRESENT, id="have-been"),
        pytest.param("Four are killed", PRESENT, id="are"),
        pytest.param("Four will be killed", FUTURE, id="will-be"),
        pytest.param("Four may have been killed", PAST, id="may-have-been"),
        pytest.param("Four are said to have been killed", PAST, id="said-to-have-been"),
    ],
)
def test_the_last_verb_of_a_group_bears_where_all_of_it_looks(sentence: str, bearing: Tense) -> None:
    assert verbs(sentence)[-1].bearing is bearing


@pytest.mark.parametrize(
    ("sentence", "finite"),
    [
        pytest.param("He fell", True, id="past"),
        pytest.param("He fallen", False, id="participle"),
        pytest.param("He had fallen", True, id="helped-participle"),
        pytest.param("Data due", False, id="due-alone"),
        pytest.param("Asked to come", False, id="infinitive"),
    ],
)
def test_a_finite_verb_can_be_a_clauses_own(sentence: str, finite: bool) -> None:
    assert verbs(sentence)[-1].finite is finite


def test_an_auxiliary_helps_the_next_verb_and_none_behind_a_comma() -> None:
    assert [verb.helped for verb in verbs("The man, who is 82, handed over.")] == [False, False]
    assert [verb.helped for verb in verbs("The man was, however, freed.")] == [False, True]
    assert [verb.helped for verb in verbs("The man who was in court is guilty.")] == [False, False]


def test_the_words_of_a_sentence_keep_their_place() -> None:
    sentence = "İnci’s ship sank at 9:30 with 2,019 men."

    found = parse(sentence)

    assert [sentence[start:end].lower() for start, end in found.spans] == found.low[:-1]
    assert [verb.word for verb in found.verbs if verb] == ["sank"]
    assert "2,019" in found.low


def test_a_span_looks_where_the_verb_before_it_looks_else_the_one_after() -> None:
    sentence = "On Friday the court will rule what broke on Monday."
    found = verbs(sentence)

    assert direction(found, 3, 9) is FUTURE
    assert direction(found, sentence.index("Monday"), sentence.index("Monday") + 6) is PAST
    assert direction((), 0, 5) is None
