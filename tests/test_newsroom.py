"""The engine against the newsroom's gold, which was written from the articles before the engine first read them.

Where the engine is wrong the gold stays.  ``golden/newsroom-misses.txt`` lists every miss; the list may only shrink: a new miss
fails, and so does a line that no longer misses, until it is taken out (``pytest --update-golden`` writes the file anew; look
at the difference before you keep it).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from bot import newsroom
from bot.collect import read_source
from digests import make
from digests.model import Bullet, Digest, Kind, Length, Query, Understood, Window
from tests.fakes import InlineReader

MISSES = Path(__file__).parent / "golden" / "newsroom-misses.txt"
Gold = dict[str, Any]


@cache
def gold() -> Gold:
    return dict(json.loads(files("bot.newsroom").joinpath("gold.json").read_text(encoding="utf-8")))


@cache
def articles() -> tuple[Understood, ...]:
    """All articles of the newsroom, read and understood as ``dateline digest`` does it."""
    room = newsroom.load()

    async def read() -> list[Understood]:
        return [each for source in room.sources for each in (await read_source(source, room, InlineReader(), room.now))[0]]

    return tuple(asyncio.run(read()))


@cache
def digest(length: Length) -> Digest:
    room = newsroom.load()
    day = room.now.date()
    return make.make(articles(), Query(Window(None, room.now), (), length), title=room.title, zone=room.zone, day=day)


def fold(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').split())


def same(quote: str, other: str) -> bool:
    """Whether two quotes are the same sentence; the engine's may begin with a dateline."""
    return fold(quote) in fold(other) or fold(other) in fold(quote)


def url_of(understood: Understood) -> str:
    return understood.article.url or ""


def by_url() -> dict[str, Understood]:
    return {url_of(each): each for each in articles()}


# ---------------------------------------------------------------- what is compared


def grouping() -> Iterator[str]:
    stories = make.group([each for each in articles() if not each.article.comment])
    found = {frozenset(url_of(each) for each in story.articles) for story in stories}
    for story in gold()["stories"]:
        urls = frozenset(url for url in story["articles"] if not by_url()[url].article.comment)
        if urls and urls not in found:
            yield f"grouping: {story['name']} is not one story of its {len(urls)} articles"


def origins() -> Iterator[str]:
    for story in gold()["stories"]:
        shown = next((each for each in digest(Length.FULL).stories if set(gold_ids(story)) & set(each.articles)), None)
        if shown is not None and {name.removeprefix("The ") for name in shown.origins} != {
            name.removeprefix("The ") for name in story["origins"]
        }:
            yield f"origins: {story['name']} has {', '.join(shown.origins)}; right is {', '.join(story['origins'])}"


def gold_ids(story: Gold) -> list[str]:
    return [by_url()[url].article.id for url in story["articles"]]


def days() -> Iterator[str]:
    for row in gold()["days"]:
        claims = by_url()[row["url"]].claims
        claim = next((each for each in claims if same(row["quote"], each.citation.quote)), None)
        if claim is None:
            continue  # dropped sentences are compared below
        found = claim.date.value if claim.date.leads else None
        if found not in {row["day"], *row.get("ok", [])}:
            yield f"day: {found} for {row['day']}: {fold(row['quote'])}"


def dropped() -> Iterator[str]:
    for row in gold()["dropped"]:
        understood = by_url()[row["url"]]
        if row["kind"] == "comment" and understood.article.comment:
            continue
        if any(same(row["quote"], claim.citation.quote) for claim in understood.claims) and row["kind"] != Kind.REPEATED:
            yield f"dropped: kept a {row['kind']}: {fold(row['quote'])}"
        elif row["kind"] == Kind.REPEATED:
            kept = [claim for claim in understood.claims if fold(claim.citation.quote).endswith(fold(row["quote"]))]
            if len(kept) != 1:
                yield f"dropped: a doubled sentence stands {len(kept)} times: {fold(row['quote'])}"


def lost() -> Iterator[str]:
    """Good sentences that make no claim."""
    for story in gold()["stories"]:
        for row in story["good_bullets"]:
            claims = by_url()[row["url"]].claims
            if not any(same(row["quote"], claim.citation.quote) for claim in claims):
                yield f"lost: {fold(row['quote'])}"


def shown() -> Iterator[tuple[Gold, Bullet]]:
    """Each bullet of a channel post with its gold story."""
    of_article = {article: story for story in gold()["stories"] for article in gold_ids(story)}
    for story in digest(Length.NORMAL).stories:
        for bullet in (*([story.lead] if story.lead else []), *story.bullets):
            yield of_article[bullet.citations[0].article.id], bullet


def chosen() -> Iterator[str]:
    for story, bullet in shown():
        quote = bullet.citations[0].quote
        bad = next((row for row in story["bad_sentences"] if same(row["quote"], quote)), None)
        good = [*story["good_bullets"], *story.get("also_good", [])]
        if bad is not None:
            yield f"chosen: a {bad['why']} sentence: {fold(quote)}"
        elif not any(same(row["quote"], quote) for row in good):
            yield f"chosen: not an editor's choice: {fold(quote)}"


def told() -> Iterator[str]:
    """The best fact of each story that a channel post shows in full must be among its bullets, or in its story line."""
    digested = digest(Length.NORMAL)
    for story in gold()["stories"]:
        best = story["good_bullets"][:2]
        item = next((each for each in digested.stories if set(gold_ids(story)) & set(each.articles)), None)
        if item is None or not best:
            continue
        bullets = [*([item.lead] if item.lead else []), *item.bullets]
        quotes = [citation.quote for bullet in bullets for citation in bullet.citations]
        if not any(same(row["quote"], quote) for row in best for quote in quotes):
            yield f"told: {story['name']} shows neither of its two best facts"


def credit() -> Iterator[str]:
    for story, bullet in shown():
        rows = [*story["good_bullets"], *story.get("also_good", [])]
        row = next((row for row in rows if same(row["quote"], bullet.citations[0].quote)), None)
        said = bullet.attribution.said_by
        if row is None or said is None:
            continue  # a source may always stay in its sentence
        if row.get("source_stays") or fold(said).removeprefix("the ") not in fold(row["said_by"] or "").removeprefix("the "):
            yield f"credit: {said} for {row['said_by']}: {bullet.text}"


def before() -> Iterator[str]:
    for story in gold()["stories"]:
        item = next((each for each in digest(Length.FULL).stories if set(gold_ids(story)) & set(each.articles)), None)
        right = {row["day"] for row in story["before"]}
        for phrase in item.before if item else ():
            for day in phrase.dates:
                if day.value not in right:
                    yield f"before: {day.value} {phrase.text}"


CHECKS = (grouping, origins, days, dropped, lost, chosen, told, credit, before)


def test_the_misses_of_the_newsroom_only_shrink(request: pytest.FixtureRequest) -> None:
    found = sorted({miss for check in CHECKS for miss in check()})
    if request.config.getoption("--update-golden"):
        MISSES.write_text("".join(f"{miss}\n" for miss in found), encoding="utf-8")
    listed = MISSES.read_text(encoding="utf-8").splitlines()

    assert [miss for miss in found if miss not in listed] == [], "new misses"
    assert [miss for miss in listed if miss not in found] == [], "no longer missed: take these lines out"


def test_every_article_of_the_newsroom_is_read_whole():
    read = {url_of(each) for each in articles()}

    assert len(articles()) == 40
    assert {url for story in gold()["stories"] for url in story["articles"]} == read


def test_no_bullet_of_the_newsroom_stands_without_a_day_or_a_link_to_its_sentence():
    for story in digest(Length.FULL).stories:
        for bullet in story.bullets:
            assert bullet.date.value is not None
            assert all(citation.article.url for citation in bullet.citations)
