"""A line of gold is a question and what is right; one that is not says which field is wrong, and what is accepted."""

from __future__ import annotations

from typing import Any

import pytest

from digests.evaluate import Question
from digests.evaluate.questions import TASKS

ARTICLE = {"id": "a", "title": None, "text": "The ferry sank on Wednesday.", "published": "2024-10-13", "tags": ["sea"]}
LINES: dict[str, dict[str, Any]] = {
    "digest": {"articles": [ARTICLE], "budget": {"max_bullets": 3}, "noise": ["Photo"]},
    "bullet-day": {
        "article": ARTICLE,
        "sentence": "The ferry sank on Wednesday.",
        "start": 0,
        "end": 28,
        "gold": {"day": "2024-10-09", "tags": []},
    },
    "dates": {"text": "on Wednesday", "reference": "2024-10-13", "gold": [{"start": 3, "end": 12, "value": "2024-10-09"}]},
    "cluster": {"articles": [ARTICLE], "by": "story", "gold": ["a"]},
    "attribute": {"sentences": ["The mayor said so."], "gold": [[{"source": "The mayor", "outlet": False}]]},
    "novelty": {"history": [{"date": "2024-10-12", "text": "x"}], "candidates": ["y"], "date": "2024-10-13", "gold": [True]},
}
ANSWERS: dict[str, dict[str, Any]] = {
    "digest": {"bullets": [{"text": "x", "sources": ["a"], "quote": "x", "edits": []}]},
    "bullet-day": {"day": None},
    "dates": {"dates": [{"start": 3, "end": 12, "value": "2024-10-09", "type": "DATE"}]},
    "cluster": {"clusters": [7]},
    "attribute": {"sources": [["the mayor"]]},
    "novelty": {"new": [False]},
}


def line(task: str, **changed: Any) -> dict[str, Any]:
    return {"task": task, "id": "one", "references": ["a summary"], **LINES[task], **changed}


@pytest.mark.parametrize("task", TASKS)
def test_who_is_asked_sees_no_word_of_what_is_right(task: str) -> None:
    question = Question.of(line(task))

    assert question.asked["task"] == task
    assert not {"gold", "noise", "good", "bad", "references", "peers", "id"} & set(question.asked)
    assert set(question.asked) | set(question.right) == {"task", *LINES[task]}


@pytest.mark.parametrize("task", TASKS)
def test_an_answer_of_the_right_shape_can_be_measured(task: str) -> None:
    Question.of(line(task)).checked(ANSWERS[task])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "the line is no object"),
        ({}, "task is missing"),
        ({"task": "poem"}, 'task is "poem"; accepted: "digest" or "bullet-day"'),
        ({"task": ["digest"]}, 'task is ["digest"]; accepted:'),
        ({"task": "digest"}, "articles is missing"),
        (line("digest", articles={}), "articles is {}; accepted: a list"),
        (line("digest", articles=["x"]), 'articles[0] is "x"; accepted: an object'),
        (line("digest", articles=[{"id": "a"}]), "articles[0].text is missing"),
        (line("digest", articles=[ARTICLE | {"id": 1.5}]), "articles[0].id is 1.5; accepted: a text or a whole number"),
        (
            line("digest", articles=[ARTICLE | {"published": "13.10."}]),
            'articles[0].published is "13.10."; accepted: a day such',
        ),
        (line("digest", budget={"max_bullets": -1}), "budget.max_bullets is -1; accepted: a whole number from 0"),
        (line("digest", noise="Photo"), 'noise is "Photo"; accepted: a list'),
        (line("bullet-day", gold={}), "gold.day is missing"),
        (line("bullet-day", gold={"day": "Wednesday"}), 'gold.day is "Wednesday"; accepted: a day, month or year'),
        (line("bullet-day", end=29), "start and end lie outside article.text"),
        (line("bullet-day", start=True), "start is true; accepted: a whole number"),
        (line("cluster", by="event"), 'by is "event"; accepted: "story" or "copy"'),
        (line("cluster", gold=[]), "gold has 0 items; accepted: one for each of the 1 articles"),
        (line("attribute", gold=[["the mayor"]]), 'gold[0][0] is "the mayor"; accepted: an object'),
        (line("novelty", gold=[1]), "gold[0] is 1; accepted: true or false"),
        (line("dates", text="x", gold=None), "gold is null; accepted: a list"),
        (line("dates", text=["x" * 100]), f'text is ["{"x" * 37}…; accepted: a text'),
    ],
)
def test_what_is_wrong_with_a_line_is_named_with_what_is_accepted(given: Any, words: str) -> None:
    with pytest.raises(ValueError) as told:
        Question.of(given)

    assert str(told.value).startswith(words)


@pytest.mark.parametrize(
    ("task", "answer", "words"),
    [
        ("digest", {}, "bullets is missing"),
        ("digest", {"bullets": [{"sources": []}]}, "bullets[0].text is missing"),
        ("bullet-day", {"day": 9}, "day is 9; accepted: a text"),
        ("cluster", {"clusters": [1, 2]}, "clusters has 2 items; accepted: one for each of the 1 articles"),
        ("attribute", {"sources": []}, "sources has 0 items"),
        ("novelty", {"new": ["yes"]}, 'new[0] is "yes"; accepted: true or false'),
    ],
)
def test_what_is_wrong_with_an_answer_is_named(task: str, answer: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as told:
        Question.of(line(task)).checked(answer)

    assert str(told.value).startswith(words)
