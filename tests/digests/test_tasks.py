"""The tasks of the engine: the same thinking as a channel's digest, in JSON values."""

import json
from typing import Any

import pytest

from digests.model import Edit, edited
from digests.tasks import TASKS, answer

FERRY = "The ferry Alma ran aground off Port Alba on Wednesday with 140 passengers on board. Tugs pulled all of them to safety."
BANK = "A court in Orsk fined Mirel Bank 12 million euros. The bank hid losses from its investors for nine years."


def article(name: str, text: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "title": "", "text": text, "published": "2026-03-12", "source": name, "url": None, **fields}


def bullets(*articles: dict[str, Any], **budget: int | None) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = answer({"task": "digest", "articles": articles, "budget": budget})["bullets"]
    return told


def test_a_bullet_of_an_answer_can_be_replayed_from_its_quote():
    for told in bullets(article("a", FERRY), article("b", BANK)):
        edits = [Edit(each["rule"], each["start"], each["end"], each["with"]) for each in told["edits"]]

        assert edited(told["quote"], edits) == told["text"]
        assert told["quote"] in FERRY + BANK


def test_a_bullet_names_its_day_and_its_articles():
    first = bullets(article("a", FERRY))[0]

    assert (first["date"], first["sources"]) == ("2026-03-11", ["a"])


def test_each_article_is_heard_before_any_is_heard_twice_newest_first():
    articles = article("old", FERRY, published="2026-03-01"), article("new", BANK)

    assert [each["sources"] for each in bullets(*articles)][:2] == [["new"], ["old"]]
    assert [each["sources"] for each in bullets(*articles, max_bullets=1)] == [["new"]]


def test_a_budget_of_words_is_kept():
    for words in (0, 5, 12, 30, 200):
        told = bullets(article("a", FERRY), article("b", BANK), max_words=words)

        assert sum(len(each["text"].split()) for each in told) <= words
    assert bullets(article("a", FERRY), max_bullets=None, max_words=None)


def test_what_two_articles_tell_is_told_once_with_both():
    told = bullets(article("a", FERRY), article("b", FERRY))

    assert len({each["text"] for each in told}) == len(told)
    assert all(each["sources"] == ["a", "b"] for each in told)


def test_nothing_gives_nothing():
    assert bullets() == []
    assert bullets(article("a", "")) == []


def test_a_day_is_given_or_none():
    ask = {"task": "bullet-day", "article": {"text": FERRY, "published": "2026-03-12"}}
    first, second = FERRY.split(" Tugs")[0], "Tugs" + FERRY.split(" Tugs")[1]

    assert answer({**ask, "sentence": first, "start": 0, "end": len(first)}) == {"day": "2026-03-11"}
    assert answer({**ask, "sentence": second, "start": len(first) + 1, "end": len(FERRY)}) == {"day": None}


def test_time_expressions_come_with_offsets():
    found = answer({"task": "dates", "text": FERRY, "reference": "2026-03-12"})["dates"]

    assert [(FERRY[each["start"] : each["end"]], each["value"]) for each in found] == [(found[0]["text"], "2026-03-11")]


def test_articles_are_grouped_by_event_or_by_text():
    articles = [article("a", FERRY), article("b", BANK), article("c", FERRY)]

    for by in ("story", "copy"):
        assert answer({"task": "cluster", "by": by, "articles": articles}) == {"clusters": [0, 1, 0]}


def test_sources_and_news_are_found():
    said = ["Tugs came at dawn, according to the coast guard.", "Tugs came at dawn."]

    assert answer({"task": "attribute", "sentences": said}) == {"sources": [["the coast guard"], []]}
    told = {"task": "novelty", "history": [{"text": FERRY}], "candidates": [FERRY, BANK]}
    assert answer(told) == {"new": [False, True]}


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"task": "poetry"},
        {"task": ["digest"]},
        {"task": "digest"},
        {"task": "digest", "articles": 5},
        {"task": "digest", "articles": [{"id": "a"}]},
        {"task": "digest", "articles": [{"id": "a", "text": 5}]},
        {"task": "digest", "articles": [{"id": "a", "text": FERRY, "title": 5}]},
        {"task": "digest", "articles": [{"id": "a", "text": FERRY, "published": "soon"}]},
        {"task": "digest", "articles": [{"id": "a", "text": FERRY, "published": "0001-01-01T00:00+10:00"}]},
        {"task": "digest", "articles": [{"id": "a", "text": FERRY, "url": "javascript:alert(1)"}]},
        {"task": "digest", "articles": [], "budget": 5},
        {"task": "dates", "text": 5},
        {"task": "cluster", "articles": [], "by": "stories"},
        {"task": "bullet-day", "article": {"text": FERRY}},
    ],
    ids=json.dumps,
)
def test_what_is_asked_wrongly_is_refused_with_an_error_that_the_engine_answers(line: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        answer(line)


def test_there_are_the_six_tasks_of_the_protocol():
    assert sorted(TASKS) == ["attribute", "bullet-day", "cluster", "dates", "digest", "novelty"]
