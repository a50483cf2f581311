"""From what somebody asks for to a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from pathlib import Path

import pytest

from bot.answer import Asked, from_archive, from_sources, kept
from bot.errors import SourceError
from bot.model import Fetched, Space
from bot.readers import WorkerError
from bot.scope import scope_of
from bot.store import open_store
from digests.model import Article, Query, Source, Understood, Window
from tests.build import NOW
from tests.fakes import FakeFetcher, InlineReader

FERRY = "The ferry Alma ran aground off Port Alba with 140 passengers on board, the coast guard said."
BANK = "A court in Orsk fined Mirel Bank 12 million euros for hiding losses from its investors."
ALBA = Source("alba", "feed", "https://alba.example/feed", "Alba Times")
ORSK = Source("orsk", "feed", "https://orsk.example/feed", "Orsk Post")
GONE = Source("gone", "feed", "https://gone.example/feed", "Gone Daily")


def feed(source: Source, *texts: str, hours_ago: float = 2) -> Fetched:
    """A feed with an entry of each text."""
    stamp = (NOW - timedelta(hours=hours_ago)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    entries = "".join(
        f"<item><guid>{at}</guid><title>Report {at}</title><link>{source.address}/{at}</link>"
        f"<pubDate>{stamp}</pubDate><description>{escape(text)}</description></item>"
        for at, text in enumerate(texts)
    )
    body = f"<rss version='2.0'><channel><title>{source.name}</title>{entries}</channel></rss>"
    return Fetched(source.address, 200, body.encode(), "application/rss+xml")


def page(address: str, text: str) -> Fetched:
    return Fetched(address, 200, text.encode(), "text/plain")


def asked(*words: str, day: date | None = None, hours: float | None = None) -> Asked:
    window = Window(NOW - timedelta(hours=hours) if hours else None, NOW)
    return Asked(Query(window, words), "News", "UTC", NOW, day, "Add one.")


@pytest.fixture
def world() -> FakeFetcher:
    return FakeFetcher({ALBA.address: feed(ALBA, FERRY), ORSK.address: feed(ORSK, BANK, hours_ago=30)})


async def test_sources_are_read_and_their_articles_digested(world: FakeFetcher) -> None:
    answer = await from_sources(asked(), [ALBA, ORSK], world, InlineReader())

    assert len(answer.digest.stories) == 2
    assert answer.failures == ()
    assert answer.digest.sources == (2, 2)


async def test_one_source_that_fails_stops_no_other_and_is_named(world: FakeFetcher) -> None:
    world.answers[GONE.address] = SourceError("gone.example answered 410 (gone).")

    answer = await from_sources(asked(), [GONE, ALBA], world, InlineReader())

    assert answer.failures == ((GONE.address, "gone.example answered 410 (gone)."),)
    assert len(answer.digest.stories) == 1
    assert answer.digest.sources == (1, 2)


async def test_a_fault_of_ours_fails_its_source_alone_and_is_handed_on(world: FakeFetcher) -> None:
    class Broken(InlineReader):
        async def understand(self, articles: Sequence[Article]) -> list[Understood]:
            if articles[0].outlet == "Alba Times":
                raise ZeroDivisionError
            return await super().understand(articles)

    answer = await from_sources(asked(), [ALBA, ORSK], world, Broken())

    assert [type(bug) for bug in answer.bugs] == [ZeroDivisionError]
    assert [address for address, _ in answer.failures] == [ALBA.address]
    assert len(answer.digest.stories) == 1


async def test_an_article_that_shows_a_fault_of_ours_costs_its_source_nothing_else(world: FakeFetcher) -> None:
    fault = WorkerError("Traceback ...")

    class Stumbling(InlineReader):
        async def understand(self, articles: Sequence[Article]) -> list[Understood]:
            if any(each.outlet == "Alba Times" and each.text != each.title for each in articles):
                raise fault
            return await super().understand(articles)

    answer = await from_sources(asked(), [ALBA, ORSK], world, Stumbling())

    assert (answer.failures, answer.bugs) == ((), (fault,))
    assert [address for address, words in answer.notes if "could not be understood" in words] == [ALBA.address]
    assert answer.digest.sources == (2, 2)


async def test_a_topic_that_nobody_mentions_is_named_in_the_answer(world: FakeFetcher) -> None:
    answer = await from_sources(asked("comet"), [ALBA], world, InlineReader())

    assert answer.digest.stories == ()
    assert "“comet”" in answer.digest.notices[-1]


async def test_the_answer_names_what_was_to_be_left_out_too(world: FakeFetcher) -> None:
    without = asked("comet")

    answer = await from_sources(
        replace(without, query=replace(without.query, without=("moon",))), [ALBA], world, InlineReader()
    )

    assert answer.digest.notices[-1].startswith("No story mentions “comet” without “moon”.")


async def test_progress_is_told_for_every_source_failed_ones_too(world: FakeFetcher) -> None:
    steps: list[tuple[int, int]] = []

    await from_sources(
        asked(), [GONE, ALBA, ORSK], world, InlineReader(), progress=lambda done, total: steps.append((done, total))
    )

    assert steps == [(1, 3), (2, 3), (3, 3)]


async def test_days_are_counted_from_the_newest_publication_unless_a_day_is_given(world: FakeFetcher) -> None:
    given = date(2026, 4, 1)

    assert (await from_sources(asked(), [ORSK, ALBA], world, InlineReader())).digest.day == NOW.date()
    assert (await from_sources(asked(), [ORSK], world, InlineReader())).digest.day == date(2026, 3, 11)
    assert (await from_sources(asked(day=given), [ORSK], world, InlineReader())).digest.day == given


async def test_a_lone_text_without_a_date_has_no_day_and_no_feed_is_counted() -> None:
    letter = Source("letter.txt", "page", "letter.txt", "letter.txt")
    world = FakeFetcher({"letter.txt": page("letter.txt", FERRY + " It happened on Wednesday at noon.")})

    digest = (await from_sources(asked(), [letter], world, InlineReader())).digest

    assert (digest.day, digest.sources) == (None, None)


async def test_the_asker_may_know_better_when_a_lone_text_was_published() -> None:
    letter = Source("letter.txt", "page", "letter.txt", "letter.txt")
    world = FakeFetcher({"letter.txt": page("letter.txt", "The ferry Alma ran aground off Port Alba on Wednesday.")})

    answer = await from_sources(asked(), [letter], world, InlineReader(), published=date(2024, 10, 13))

    lead = answer.digest.stories[0].lead
    assert lead is not None
    assert (lead.date.value, answer.digest.day) == ("2024-10-09", date(2024, 10, 13))


async def test_a_topic_and_a_window_are_asked_of_sources_too(world: FakeFetcher) -> None:
    about = await from_sources(asked("ferry"), [ALBA, ORSK], world, InlineReader())
    today = await from_sources(asked(hours=12), [ALBA, ORSK], world, InlineReader())

    assert [len(each.digest.stories) for each in (about, today)] == [1, 1]


async def test_what_is_kept_can_be_asked_of_the_archive_again(world: FakeFetcher, tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path}/news.db", clock=lambda: NOW) as store:
        first = await kept(asked(), [ALBA, ORSK], store, world, InlineReader(), now=NOW)
        again = await from_archive(asked(), store, await scope_of(store.topics, Space("console")))

    assert first.digest.stories == again.digest.stories
    assert [story.id for story in again.digest.stories if story.id.startswith("s-")] == [s.id for s in again.digest.stories]
    assert len(again.digest.stories) == 2


async def test_of_an_archive_some_sources_can_be_asked_and_only_they_are_counted(world: FakeFetcher, tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path}/news.db", clock=lambda: NOW) as store:
        await kept(asked(), [ORSK], store, world, InlineReader(), now=NOW)
        answer = await kept(asked(), [ALBA], store, world, InlineReader(), now=NOW)

    assert [story.outlets for story in answer.digest.stories] == [1]
    assert answer.digest.sources == (1, 1)


async def test_a_source_that_stopped_for_good_is_one_feed_that_does_not_answer(world: FakeFetcher, tmp_path: Path) -> None:
    world.answers[GONE.address] = SourceError("gone.example answered 410 (gone).", status=410)

    async with open_store(f"sqlite:///{tmp_path}/news.db", clock=lambda: NOW) as store:
        answer = await kept(asked(), [ALBA, GONE], store, world, InlineReader(), now=NOW)
        stopped = (await store.counts()).stopped

    assert stopped == 1
    assert answer.digest.sources == (1, 2)
    assert [address for address, _ in answer.failures] == [GONE.address]


@pytest.mark.parametrize(
    "written",
    [f"{NOW + timedelta(hours=9):%a, %d %b %Y %H:%M:%S}", f"{NOW + timedelta(days=1):%Y-%m-%d}"],
    ids=["a clock in Tokyo without its zone", "tomorrow's day"],
)
async def test_what_is_dated_ahead_is_there_at_once_and_keeps_its_day(written: str, tmp_path: Path) -> None:
    body = feed(ALBA, FERRY).body.replace(f"{NOW - timedelta(hours=2):%a, %d %b %Y %H:%M:%S +0000}".encode(), written.encode())
    world = FakeFetcher({ALBA.address: Fetched(ALBA.address, 200, body, "application/rss+xml")})

    read_now = await from_sources(asked(hours=24), [ALBA], world, InlineReader())
    async with open_store(f"sqlite:///{tmp_path}/news.db", clock=lambda: NOW) as store:
        await kept(asked(), [ALBA], store, world, InlineReader(), now=NOW)
        later = replace(asked(), query=Query(Window(NOW - timedelta(hours=1), NOW + timedelta(minutes=1))))
        out_of_the_archive = await from_archive(later, store, await scope_of(store.topics, Space("console")))

    day = NOW.date() + timedelta(days=written.startswith("2026"))
    for answer in (read_now, out_of_the_archive):
        [story] = answer.digest.stories
        assert story.lead is not None
        assert [each.article.published_day for each in story.lead.citations] == [day]


async def test_a_window_that_has_ended_leaves_out_what_is_dated_behind_it(world: FakeFetcher) -> None:
    over = replace(asked(), query=Query(Window(None, NOW - timedelta(hours=12))))

    answer = await from_sources(over, [ALBA, ORSK], world, InlineReader())

    assert len(answer.digest.stories) == 1


async def test_an_archive_of_nothing_is_no_feeds(tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path}/news.db", clock=lambda: NOW) as store:
        digest = (await from_archive(asked(), store, await scope_of(store.topics, Space("console")))).digest

    assert (digest.stories, digest.sources) == ((), None)
