"""What every store promises about searching, and about finding an article or a story again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store import SqlStore, open_store
from digests.claims import understand
from digests.model import Article, Query, Window
from digests.query import matches, parse
from digests.stories import Change, Happened
from tests.bot.store.making import EVERYTHING, HARBOUR, NOON, VALLEY, Clock, about, poll, understood

HOUR = timedelta(hours=1)
TEXTS = {
    "yards": ("Shipyards hire", "The port hires welders. The Supreme Court of Tarnholm had allowed it."),
    "ruling": ("Supreme Court stops a ferry", "Judges said on Monday that the ferry must not sail. They gave no reason."),
    "tram": ("Tram derails", "A tram derailed in Zürich. Nobody was hurt, and ferries ran as usual."),
    "army": ("Israelis head north", "Israeli troops moved north. The courts are closed."),
    "strike": ("Drivers walk out", "Train drivers are striking over pay in the supreme courtyard. Buses run."),
}
"""Newest first; each an hour before the one above."""


@pytest.fixture
async def store(database: str) -> AsyncIterator[SqlStore]:
    async with open_store(database, clock=Clock()) as opened:
        await opened.add_source(HARBOUR, now=NOON)
        await opened.add_source(VALLEY, now=NOON)
        yield opened


@pytest.fixture
async def filled(store: SqlStore) -> SqlStore:
    """A store with the texts above: "tram" of one source, the rest of another."""
    for at, (key, (title, text)) in enumerate(TEXTS.items()):
        source = VALLEY if key == "tram" else HARBOUR
        made = understood(key, source=source, title=title, text=text, published_at=NOON - at * HOUR)
        await store.record([replace(poll(key, source=source), new=((key, made),))])
    return store


async def found(store: SqlStore, wanted: Query, **how: object) -> list[str]:
    """Keys of what a search finds, in its order."""
    kept = await store.articles(await store.search(wanted, **how))  # type: ignore[arg-type]
    return [(each.understood.article.url or "").rsplit("/", 1)[-1] for each in kept]


def typed(words: str) -> Query:
    return replace(parse(words, NOON, "UTC").query(NOON), window=EVERYTHING)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("tram", ["tram"]),
        ("strike", ["strike"]),
        ("DRIVER", ["strike"]),
        ("court", ["ruling", "yards", "army"]),
        ("israel*", ["army"]),
        ("israel", ["army"]),
        ("israe", []),
        ("rael*", []),
        ("Zür*", ["tram"]),
        ('"supreme court"', ["ruling", "yards"]),
        ('"supreme cour*"', ["ruling", "yards", "strike"]),
        ('"court supreme"', []),
        ('"hire the"', []),
        ("ferry -tram", ["ruling"]),
        ('court -"supreme court"', ["army"]),
        ("court -israel*", ["ruling", "yards"]),
        ("court -israel", ["ruling", "yards"]),
        ("court -ferry -welder", ["army"]),
        ("ferry ruling", []),
        ("-tram", []),
        ('ferry -"!"', ["ruling", "tram"]),
        ("ferry -nothing", ["ruling", "tram"]),
    ],
)
async def test_words_phrases_beginnings_and_what_must_not_occur(filled: SqlStore, words: str, keys: list[str]) -> None:
    assert await found(filled, typed(words)) == keys


async def test_the_report_about_it_stands_above_newer_ones_that_mention_it(filled: SqlStore) -> None:
    assert await found(filled, about(["supreme court"])) == ["ruling", "yards"]
    assert await found(filled, about(["port"])) == ["yards"]
    assert await found(filled, about(["north", "troops"])) == ["army"]


async def test_pages_follow_each_other_and_none_is_shown_twice(filled: SqlStore) -> None:
    whole = await found(filled, about(["court"]))

    pages = [await found(filled, about(["court"]), limit=1, offset=at) for at in range(4)]

    assert whole == ["ruling", "yards", "army"]
    assert pages == [["ruling"], ["yards"], ["army"], []]


async def test_a_search_keeps_to_a_window_and_to_the_sources_that_are_followed(filled: SqlStore) -> None:
    early = Window(None, NOON - HOUR)

    assert await found(filled, about(["ferry"], early)) == ["tram"]
    assert await found(filled, about(["ferry"], Window(NOON - HOUR, NOON))) == ["ruling"]
    assert await found(filled, about(["ferry"]), sources=[VALLEY.id]) == ["tram"]
    assert await found(filled, about(["ferry"]), sources=[VALLEY.id, HARBOUR.id]) == ["ruling", "tram"]
    assert await found(filled, about(["ferry"]), sources=[]) == []
    assert await found(filled, about(["ferry"], early), sources=[HARBOUR.id]) == []


async def test_what_few_articles_hold_is_found_behind_many_that_do_not(store: SqlStore) -> None:
    await store.record([poll(*map(str, range(900)))])
    for at in range(3):
        key, source, text = f"rare{at}", (HARBOUR, VALLEY)[at % 2], "A zeppelin of the port landed in Corley. Nobody was hurt."
        made = understood(key, source=source, text=text, published_at=NOON - (2 + at) * HOUR)
        await store.record([replace(poll(key, source=source), new=((key, made),))])

    assert await found(store, about(["zeppelin"])) == ["rare0", "rare1", "rare2"]
    assert await found(store, about(["zeppelin", "landed"], without=["corley"])) == []
    assert await found(store, about(['"of the port"'])) == ["rare0", "rare1", "rare2"]
    assert await found(store, about(["zeppelin"]), limit=1, offset=1) == ["rare1"]
    assert await found(store, about(["zeppelin"]), sources=[HARBOUR.id]) == ["rare0", "rare2"]
    assert await found(store, about(["zeppelin"], Window(NOON - 3 * HOUR, NOON))) == ["rare0", "rare1"]
    assert await found(store, about(["zeppelin"], Window(None, NOON - 3 * HOUR))) == ["rare2"]
    assert await found(store, about(["airship"])) == []


async def test_the_articles_of_a_window_are_those_of_the_sources_that_are_followed(filled: SqlStore) -> None:
    of_valley = await filled.articles_between(EVERYTHING, sources=[VALLEY.id])
    stored = await filled.articles_between(EVERYTHING, by="stored", sources=[VALLEY.id], limit=1)

    assert [each.understood.article.title for each in of_valley] == ["Tram derails"]
    assert stored == of_valley
    assert await filled.articles_between(EVERYTHING, sources=[]) == []


async def test_a_fact_that_was_corrected_is_found_no_more(filled: SqlStore) -> None:
    title, text = TEXTS["tram"]
    corrected = understood("tram", source=VALLEY, title=title, text=text.replace("Nobody was", "Seven people were"))
    assert await found(filled, about(["nobody"])) == ["tram"]

    await filled.record([replace(poll("tram", source=VALLEY), new=(), changed=(("tram", corrected),))])

    assert await found(filled, about(["nobody"])) == []
    assert await found(filled, about(["ferry"], without=["nobody"])) == ["ruling", "tram"]
    [kept] = await filled.articles(await filled.search(about(["seven people"])))
    assert kept.understood.article.text == corrected.article.text
    assert kept.revision == 1


@pytest.mark.parametrize(
    "words", ["strike", "driver*", "welders", "zurich", "israel*", "court", "ferry -tram", '"supreme court"']
)
async def test_a_search_finds_all_that_a_digest_of_the_same_words_is_about(store: SqlStore, words: str) -> None:
    read = [
        understand(Article(key, HARBOUR.name, title, text, published_at=NOON, published_day=NOON.date(), source_id=HARBOUR.id))
        for key, (title, text) in TEXTS.items()
    ]
    await store.record([replace(poll(), new=tuple((each.article.id, each) for each in read))])

    told = {each.article.id for each in read if matches(typed(words), each)}

    assert told
    assert told <= set(await store.search(typed(words)))


async def test_articles_come_in_the_order_in_which_they_are_asked_for(filled: SqlStore) -> None:
    ids = [understood(key, source=VALLEY if key == "tram" else HARBOUR).article.id for key in ("army", "tram", "yards")]

    kept = await filled.articles([ids[0], "gone", ids[1], ids[2], ids[0]])

    assert [each.understood.article.id for each in kept] == ids
    assert await filled.articles([]) == []


async def test_more_articles_than_one_question_holds_are_all_there(store: SqlStore) -> None:
    await store.record([poll(*map(str, range(501)))])
    ids = await store.search(about(["ferry"]))

    assert [each.understood.article.id for each in await store.articles(ids)] == ids
    assert len(ids) == 501


async def test_a_story_is_found_with_its_articles_newest_first(filled: SqlStore) -> None:
    ids = {key: understood(key, source=VALLEY if key == "tram" else HARBOUR).article.id for key in TEXTS}
    await filled.assign_stories({ids["tram"]: "s-1", ids["yards"]: "s-1", ids["army"]: "s-2"}, NOON)

    assert [each.understood.article.id for each in await filled.story("s-1")] == [ids["yards"], ids["tram"]]
    assert [each.understood.article.id for each in await filled.story("s-1", sources=[VALLEY.id])] == [ids["tram"]]
    assert {each.story for each in await filled.story("s-1")} == {"s-1"}
    assert await filled.story("s-3") == []


async def test_a_story_that_joined_another_answers_with_that_one(filled: SqlStore) -> None:
    ids = {key: understood(key).article.id for key in ("yards", "ruling", "army")}
    await filled.assign_stories({ids["yards"]: "s-1", ids["ruling"]: "s-2", ids["army"]: "s-3"}, NOON)
    for was, now in (("s-1", "s-2"), ("s-2", "s-3")):
        moved = tuple(each.understood.article.id for each in await filled.story(was))
        await filled.assign_stories({}, NOON, changes=[Change(Happened.JOINED, was, now, moved, 0.5, 0.3)])

    kept = await filled.story("s-1")

    assert [each.understood.article.id for each in kept] == list(ids.values())
    assert {each.story for each in kept} == {"s-3"}


async def test_a_story_whose_articles_are_forgotten_is_gone_though_it_had_joined_itself_in_a_ring(filled: SqlStore) -> None:
    ids = {key: understood(key).article.id for key in ("yards", "ruling")}
    await filled.assign_stories({ids["yards"]: "s-1", ids["ruling"]: "s-2"}, NOON)
    await filled.assign_stories({}, NOON, changes=[Change(Happened.JOINED, "s-1", "s-2", (ids["yards"],), 0.5, 0.3)])
    await filled.assign_stories({}, NOON, changes=[Change(Happened.SPLIT, "s-2", "s-1", (ids["yards"],), 0.1, 0.3)])
    assert [each.understood.article.id for each in await filled.story("s-1")] == [ids["yards"]]
    await filled.assign_stories({}, NOON, changes=[Change(Happened.JOINED, "s-2", "s-1", (ids["ruling"],), 0.5, 0.3)])
    await filled.remove_source(HARBOUR.id)
    await filled.prune(NOON)

    assert await filled.story("s-2") == []


async def test_an_article_is_found_by_its_address_however_it_is_written(filled: SqlStore) -> None:
    [tram] = await filled.articles(await filled.search(about(["derails"])))
    address = tram.understood.article.url or ""

    for written in (address, f"{address}/", address.replace("https://", "http://www."), f"{address}#top"):
        assert [each.understood.article.id for each in await filled.at_address(written)] == [tram.understood.article.id]
    assert await filled.at_address("https://nowhere.example/") == []
    assert await filled.at_address("") == []
