"""The engine against the newsroom's gold, which was written from the articles before the engine first read them.

Where the engine is wrong the gold stays.  ``golden/newsroom-misses.txt`` lists every miss; the list may only shrink: a new miss
fails, and so does a line that no longer misses, until it is taken out (``pytest --update-golden`` writes the file anew; look
at the difference before you keep it).  What is compared stands in ``digests/evaluate/gold.py``.
"""

from __future__ import annotations

import asyncio
import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot import newsroom
from bot.documents import read_source
from digests.evaluate.gold import Compared
from digests.model import Basis, Before, EventDate, Precision, Understood
from tests.fakes import InlineReader

MISSES = Path(__file__).parent / "golden" / "newsroom-misses.txt"


@cache
def compared() -> Compared:
    """All articles of the newsroom, read and understood as ``dateline digest`` does it, beside its gold."""
    room = newsroom.load()

    async def read() -> list[Understood]:
        return [
            each for source in room.sources for each in (await read_source(source, room, InlineReader(), room.now)).articles
        ]

    return Compared.of(newsroom.gold(), asyncio.run(read()), title=room.title, zone=room.zone, now=room.now)


def test_the_misses_of_the_newsroom_only_shrink(request: pytest.FixtureRequest) -> None:
    found = compared().misses()
    if request.config.getoption("--update-golden"):
        MISSES.write_text("".join(f"{miss}\n" for miss in found), encoding="utf-8")
    listed = MISSES.read_text(encoding="utf-8").splitlines()

    assert [miss for miss in found if miss not in listed] == [], "new misses"
    assert [miss for miss in listed if miss not in found] == [], "no longer missed: take these lines out"


def test_every_article_of_the_newsroom_is_read_whole():
    read = {each.article.url for each in compared().articles}

    assert len(compared().articles) == 40
    assert {url for story in compared().gold["stories"] for url in story["articles"]} == read


def test_no_bullet_of_the_newsroom_stands_without_a_day_or_a_link_to_its_sentence():
    for story in compared().full.stories:
        for bullet in story.bullets:
            assert bullet.date.value is not None
            assert all(citation.article.url for citation in bullet.citations)


# A gold that says otherwise is missed: each comparison sees what it is there for.

URL = "https://www.northwire.example/world/storm-halvard-power-240000"
LANDFALL = "The storm made landfall near Brennhaven shortly before 11 p.m. on Sunday and moved inland overnight"


def story(gold: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in gold["stories"] if each["name"] == name)


def nothing_good(gold: dict[str, Any]) -> None:
    story(gold, "storm-halvard").update(good_bullets=[], also_good=[])


def all_bad(gold: dict[str, Any]) -> None:
    storm = story(gold, "storm-halvard")
    storm["bad_sentences"] = [{**row, "why": "dull"} for row in [*storm["good_bullets"], *storm["also_good"]]]


def best_is_another(gold: dict[str, Any]) -> None:
    row = {"url": URL, "quote": LANDFALL}
    story(gold, "storm-halvard")["good_bullets"][:0] = [row, row]


def nobody_says_it(gold: dict[str, Any]) -> None:
    for each in gold["stories"]:
        for row in [*each["good_bullets"], *each["also_good"]]:
            row["said_by"] = "Nobody"


def sources_stay(gold: dict[str, Any]) -> None:
    for each in gold["stories"]:
        for row in [*each["good_bullets"], *each["also_good"]]:
            row["source_stays"] = True


@pytest.mark.parametrize(
    ("change", "miss"),
    [
        (lambda gold: story(gold, "aster-measles")["articles"].pop(), "grouping: aster-measles is not one story of its 2"),
        (lambda gold: story(gold, "cyclone-tamsin").update(origins=["X"]), "origins: cyclone-tamsin has"),
        (
            lambda gold: gold["days"].append({"url": URL, "quote": LANDFALL, "day": "2026-03-10"}),
            "day: 2026-03-08 for 2026-03-10",
        ),
        (lambda gold: gold["dropped"].append({"url": URL, "quote": LANDFALL, "kind": "caption"}), "dropped: kept a caption"),
        (
            lambda gold: gold["dropped"].append({"url": URL, "quote": "No such words.", "kind": "repeated"}),
            "dropped: a doubled sentence stands 0 times: No such words.",
        ),
        (
            lambda gold: story(gold, "cyclone-tamsin")["good_bullets"].append({"url": URL, "quote": "No such words."}),
            "lost: No such words.",
        ),
        (nothing_good, "chosen: not an editor's choice"),
        (all_bad, "chosen: a dull sentence"),
        (best_is_another, "told: storm-halvard shows neither"),
        (nobody_says_it, "credit: "),
        (sources_stay, "credit: "),
    ],
    ids=[
        "grouping",
        "origins",
        "days",
        "dropped",
        "doubled",
        "lost",
        "not good",
        "bad",
        "told",
        "credit",
        "a source that stays",
    ],
)
def test_a_gold_that_says_otherwise_is_missed(change: Callable[[dict[str, Any]], object], miss: str) -> None:
    gold = copy.deepcopy(dict(compared().gold))
    change(gold)

    new = set(replace(compared(), gold=gold).misses()) - set(compared().misses())

    assert [each for each in new if each.startswith(miss)]


@pytest.mark.parametrize(("day", "missed"), [("2026-03-09", False), ("2026-03-08", True)])
def test_a_day_before_the_news_is_missed_when_it_is_another(day: str, missed: bool) -> None:
    urls = story(dict(compared().gold), "storm-halvard")["articles"]
    item = next(each for each in compared().full.stories if each.bullets[0].citations[0].article.url in urls)
    citations = item.bullets[0].citations
    phrase = Before("landslide", (EventDate(day, Precision.DAY, Basis.WRITTEN),), citations)
    stories = tuple(replace(each, before=(phrase,)) if each is item else each for each in compared().full.stories)

    misses = replace(compared(), full=replace(compared().full, stories=stories)).misses()

    assert (f"before: {day} landslide" in misses) == missed


def test_the_newsroom_asks_any_program_what_its_gold_knows():
    questions = compared().questions()

    assert Counter(question.task for question in questions) == {"digest": 14, "bullet-day": 331, "cluster": 2}
    for question in questions:
        if question.task == "bullet-day":
            asked = question.asked
            assert asked["article"]["text"][asked["start"] : asked["end"]] == asked["sentence"]
        else:
            assert not any("reading-rooms" in article["url"] for article in question.articles), "it is marked as comment"
    groups = {question.by: Counter(question.right["gold"]) for question in questions if question.by}
    assert groups["story"]["storm-halvard"] == 7
    assert sum(count > 1 for count in groups["copy"].values()) == 2


def test_a_gold_that_quotes_what_no_article_says_is_refused():
    gold = {**compared().gold, "days": [{"url": URL, "quote": "No such words.", "day": None}]}

    with pytest.raises(ValueError, match=r"no article says: No such words\."):
        replace(compared(), gold=gold).questions()
