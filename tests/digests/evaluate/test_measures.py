"""Each measure on answers that are few enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from digests.evaluate import Question, measures
from digests.evaluate.measures import bcubed, same

FERRY = "The ferry Aurelia ran aground off Skagen on Sunday. Two tugs pulled it free at noon. Photo: Mats Oberlin"
LEAD, TUGS, CAPTION = (
    "The ferry Aurelia ran aground off Skagen on Sunday.",
    "Two tugs pulled it free at noon.",
    "Photo: Mats Oberlin",
)


def figures(*pairs: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, tuple[float | None, int]]:
    """The measures of answers to lines: value, to a tenth, and cases."""
    answered = [(Question.of(line), answer) for line, answer in pairs]
    for question, answer in answered:
        question.checked(answer)
    return {each.name: (None if each.value is None else round(each.value, 1), each.cases) for each in measures(answered)}


def digest(**gold: Any) -> dict[str, Any]:
    return {"task": "digest", "articles": [{"id": "a", "text": FERRY}], "budget": {"max_bullets": 4}, **gold}


def bullets(*texts: str) -> dict[str, Any]:
    return {"bullets": [{"text": text, "sources": ["a"]} for text in texts]}


def test_bullets_are_counted_over_all_digests():
    found = figures((digest(), bullets(LEAD, "It sank.")), (digest(), bullets(TUGS, LEAD)), (digest(), bullets()))

    assert found["bullets"] == (1.3, 3)
    assert found["grounded"] == (75.0, 4)
    assert found["dangling"] == (25.0, 4)


def test_only_the_bullets_of_the_budget_count():
    found = figures((digest(), bullets(LEAD, TUGS, LEAD, TUGS, "It sank.")))

    assert found["grounded"] == (100.0, 4)


def test_a_bullet_repeats_that_has_most_words_of_one_before_it():
    assert figures((digest(), bullets(LEAD, TUGS)))["repeats"] == (0.0, 2)
    assert figures((digest(), bullets(LEAD, "The ferry ran aground on Sunday.")))["repeats"] == (50.0, 2)
    assert figures((digest(), bullets("a b c d e", "a b c x y")))["repeats"] == (50.0, 2)
    assert figures((digest(), bullets("a b c d e", "a b w x y")))["repeats"] == (0.0, 2)


def test_furniture_and_an_editors_choice_are_measured_where_the_line_has_them():
    plain = figures((digest(), bullets(LEAD)))
    line = digest(noise=[CAPTION], good=[LEAD], bad=[TUGS, CAPTION])
    marked = figures((line, bullets(LEAD, "Harbour — photo: Mats Oberlin", "Two tugs pulled it free at noon.", "Else.")))

    assert [plain[name] for name in ("furniture", "chosen", "refused")] == [(None, 0)] * 3
    assert [marked[name] for name in ("furniture", "chosen", "refused")] == [(25.0, 4), (25.0, 4), (25.0, 4)]


def test_no_bullets_are_neither_good_nor_bad():
    found = figures((digest(noise=["x"], good=[], bad=[]), bullets()))

    assert found.pop("bullets") == (0.0, 1)
    assert set(found.values()) == {(None, 0)}


def test_a_sentence_is_the_same_with_its_dateline_and_other_quotation_marks():
    assert same("SKAGEN (CPA) -- “It’s  free,” he said.", '"It\'s free," he said.')
    assert not same("The ferry sank.", "The ferry sailed.")
    assert not same("", "The ferry sailed.")


def day(right: str | None, *ok: str | None) -> dict[str, Any]:
    gold = {"day": right, "ok": list(ok)}
    return {"task": "bullet-day", "article": {"text": "It sank."}, "sentence": "It sank.", "start": 0, "end": 8, "gold": gold}


@pytest.mark.parametrize(
    ("right", "answer", "wrong", "found", "kept"),
    [
        (day("2024-10-09"), "2024-10-09", 0.0, 100.0, None),
        (day("2024-10-09"), "2024-10-13", 100.0, 0.0, None),
        (day("2024-10-09"), "2024-10", 0.0, 0.0, None),
        (day("2024-10-09"), "2024-1", 100.0, 0.0, None),
        (day("2024-10-09"), None, 0.0, 0.0, None),
        (day("2024-10-09", "2024-10-10"), "2024-10-10", 0.0, 100.0, None),
        (day("2024-10", None), "2024-10", 0.0, 100.0, None),
        (day(None), None, 0.0, None, 100.0),
        (day(None), "2024-10-09", 100.0, None, 0.0),
        (day(None, "2024-10-09"), "2024-10-09", 0.0, None, 100.0),
    ],
)
def test_the_day_of_a_fact_is_found_wrong_or_left_open(
    right: dict[str, Any], answer: str | None, wrong: float, found: float | None, kept: float | None
) -> None:
    measured = {name: value for name, (value, _) in figures((right, {"day": answer})).items()}

    assert measured == {"wrong day": wrong, "day found": found, "none kept": kept}


def expression(start: int, end: int, value: str, kind: str = "DATE") -> dict[str, Any]:
    return {"start": start, "end": end, "value": value, "type": kind}


def test_dates_are_matched_by_their_place_and_counted_by_their_value():
    gold = [expression(0, 10, "2024-10-09"), expression(20, 30, "P1D", "DURATION"), expression(40, 44, "2024")]
    answer = [expression(3, 10, "2024-10-09"), expression(9, 10, "2024-10-10"), expression(20, 30, "P1M", "DURATION")]

    found = figures(({"task": "dates", "text": "x" * 50, "gold": gold}, {"dates": answer}))

    # One of three is right, and of three given; the only full day is found, and one more is given.
    assert found == {"date values": (33.3, 3), "full days": (66.7, 1)}


def test_only_dates_and_times_name_a_day():
    gold = [expression(0, 4, "2024-10-09T08:00", "TIME"), expression(5, 9, "2024-10-09", "SET")]

    found = figures(({"task": "dates", "text": "x" * 9, "gold": gold}, {"dates": gold}))

    assert found == {"date values": (100.0, 2), "full days": (100.0, 1)}


def test_an_answer_matches_one_expression_only():
    gold = [expression(0, 4, "2024"), expression(5, 9, "2024")]

    found = figures(({"task": "dates", "text": "2024 2024", "gold": gold}, {"dates": [expression(0, 9, "2024")]}))

    assert found["date values"] == (66.7, 2)


def test_groups_are_judged_article_by_article():
    f1, precision, recall = bcubed(["a", "a", "b"], [1, 1, 1])

    assert precision == pytest.approx(5 / 9)
    assert recall == 1.0
    assert f1 == pytest.approx(2 * 5 / 9 / (5 / 9 + 1))
    assert bcubed(["a", "a", "b"], [1, 2, 3]) == pytest.approx((0.8, 1.0, 2 / 3))
    assert bcubed(["a", "b"], ["x", "y"]) == (1.0, 1.0, 1.0)


def test_each_set_of_articles_counts_alike():
    two, three = ([{"id": number, "text": "x"} for number in range(of)] for of in (2, 3))
    lines: list[dict[str, Any]] = [
        {"task": "cluster", "by": "story", "articles": two, "gold": ["a", "a"]},
        {"task": "cluster", "by": "story", "articles": three, "gold": ["a", "a", "b"]},
        {"task": "cluster", "by": "story", "articles": [], "gold": []},
    ]

    found = figures((lines[0], {"clusters": [1, 1]}), (lines[1], {"clusters": [1, 2, 3]}), (lines[2], {"clusters": []}))

    assert found == {"grouping": (90.0, 5), "precision": (100.0, 5), "recall": (83.3, 5)}


def test_a_source_is_found_by_most_words_of_its_name_and_once():
    gold = [
        [{"source": "the mayor of Tarnholm", "outlet": False}, {"source": "The Tarnholm Courier", "outlet": True}],
        [{"source": "CPA", "outlet": True}],
        [],
    ]
    answer = [["Mayor", "the Courier", "Mayor"], [], ["the"]]

    found = figures(({"task": "attribute", "sentences": ["a", "b", "c"], "gold": gold}, {"sources": answer}))

    # Two of three are found; four were given.
    assert found == {"sources": (57.1, 3), "outlets": (50.0, 2)}


def test_one_name_is_not_two_sources():
    gold = [[{"source": "the mayor of Tarnholm"}, {"source": "the mayor of Quarles"}]]

    found = figures(({"task": "attribute", "sentences": ["a"], "gold": gold}, {"sources": [["the mayor"]]}))

    assert found["sources"] == (66.7, 2)


def test_new_and_old_sentences_weigh_the_same():
    line = {"task": "novelty", "history": [], "candidates": ["a", "b", "c", "d"], "gold": [True, False, False, False]}

    assert figures((line, {"new": [True, True, False, False]})) == {"new or old": (83.3, 4), "old let in": (33.3, 3)}
    assert figures((line, {"new": [False, False, False, False]})) == {"new or old": (50.0, 4), "old let in": (0.0, 3)}


def test_without_old_sentences_there_is_nothing_to_tell_apart():
    line = {"task": "novelty", "history": [], "candidates": ["a"], "gold": [True]}

    assert figures((line, {"new": [True]})) == {"new or old": (None, 1), "old let in": (None, 0)}


def test_no_answer_has_no_measure():
    assert measures([]) == []
