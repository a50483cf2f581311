"""A round over the sources: what is asked, read, kept and told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest

from bot.collect import Report, collect, entry_print
from bot.documents import article_id, read_source
from bot.errors import SourceError, StoreError
from bot.grouping import Grouping
from bot.http.manners import Turns
from bot.model import Entry, FeedDocument, Fetched, PageDocument, Validators
from bot.pages import Limits
from bot.ports import UNCONDITIONAL, Kept, Poll
from bot.readers import WorkerError
from bot.store import SqlStore, open_store
from digests.model import Article, Source, Understood, Window
from digests.stories import Happened, story_id
from tests.bot.store.making import new_database
from tests.fakes import FakeFetcher

NOON = datetime(2024, 10, 13, 12, tzinfo=UTC)
EVERYTHING = Window(None, NOON + timedelta(days=400))
HARBOUR = Source("harbour", "feed", "https://harbour.example/feed", "The Harbour Post", "Asia/Tokyo")
VALLEY = Source("valley", "feed", "https://valley.example/feed", "Valley News")
LONG = "The whole story of the ferry. " * 30


class FakeReader:
    """Reads bodies from a table; ``read`` holds those that it was given.

    ``poison`` are words that make a text one that cannot be understood, each with what comes of it; ``jobs`` counts the tries.
    """

    def __init__(self, documents: Mapping[bytes, FeedDocument | PageDocument | Exception]) -> None:
        self.documents = dict(documents)
        self.read: list[bytes] = []
        self.poison: dict[str, Exception] = {}
        self.jobs = 0

    async def feed(self, fetched: Fetched, fetched_at: datetime) -> FeedDocument:
        document = self._document(fetched)
        assert isinstance(document, FeedDocument)
        return document

    async def page(self, fetched: Fetched) -> PageDocument:
        document = self._document(fetched)
        assert isinstance(document, PageDocument)
        return document

    async def understand(self, articles: Sequence[Article]) -> Sequence[Understood]:
        self.jobs += 1
        for word, error in self.poison.items():
            if any(word in article.text for article in articles):
                raise error
        return [Understood(article, ()) for article in articles]

    def _document(self, fetched: Fetched) -> FeedDocument | PageDocument:
        self.read.append(fetched.body)
        document = self.documents[fetched.body]
        if isinstance(document, Exception):
            raise document
        return document


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def entry(key: str, **values: object) -> Entry:
    plain = Entry(key, key, f"https://harbour.example/{key}", None, f"Title {key}", f"Text of {key}.")
    return replace(plain, **values)  # type: ignore[arg-type]


def feed(*entries: Entry, title: str = "Harbour feed") -> FeedDocument:
    return FeedDocument(title, None, "rss20", entries)


def fetched(body: bytes, source: Source = HARBOUR, **values: object) -> Fetched:
    return replace(Fetched(source.address, 200, body), **values)  # type: ignore[arg-type]


class Newsroom:
    """A store with sources, a web and a reader, to go round in."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.web, self.reader = FakeFetcher({}), FakeReader({})

    def publish(self, body: bytes, document: FeedDocument | PageDocument | Exception, **values: object) -> None:
        self.web.answers[HARBOUR.address] = fetched(body, HARBOUR, **values)
        self.reader.documents[body] = document

    async def round(self, after: timedelta = timedelta(), **how: object) -> Report:
        self.clock.now += after
        return await collect(self.store, self.web, self.reader, self.clock.now, jitter=lambda: 0.0, **how)  # type: ignore[arg-type]

    async def kept(self, **how: object) -> dict[str, Kept]:
        found = await self.store.articles_between(EVERYTHING, **how)  # type: ignore[arg-type]
        return {kept.understood.article.title: kept for kept in found}


DAY = timedelta(days=1, hours=2)


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[Newsroom]:
    clock = Clock()
    async with open_store(new_database(tmp_path / "news.db"), clock=clock) as store:
        await store.add_source(HARBOUR, now=NOON)
        yield Newsroom(store, clock)


async def test_new_entries_are_kept_as_articles(newsroom: Newsroom) -> None:
    published = NOON - timedelta(hours=1)
    newsroom.publish(b"1", feed(entry("a", published_at=published, published_day=published.date(), language="en"), entry("b")))

    report = await newsroom.round()

    assert (report.asked, report.new, report.errors) == (1, 2, ())
    article = (await newsroom.kept())["Title a"].understood.article
    assert article == Article(
        id=article_id("harbour", "a"),
        outlet="The Harbour Post",
        title="Title a",
        text="Text of a.",
        url="https://harbour.example/a",
        published_at=published,
        published_day=date(2024, 10, 13),
        language="en",
        source_id="harbour",
    )
    assert (await newsroom.kept())["Title b"].understood.article.published_at is None


async def test_a_source_that_nobody_named_is_called_as_its_articles_say_from_then_on(newsroom: Newsroom) -> None:
    nameless = replace(VALLEY, name="")
    await newsroom.store.add_source(nameless, now=NOON)
    newsroom.publish(b"1", feed(entry("a"), title="Another name"))
    for body, title in ((b"2", "Valley Voice | World"), (b"3", "Voices")):
        newsroom.web.answers[nameless.address] = fetched(body, nameless)
        newsroom.reader.documents[body] = feed(entry(title), title=title)
        await newsroom.round(timedelta(days=2))

    names = {each.source.id: each.source.name for each in await newsroom.store.sources()}

    assert names == {"harbour": "The Harbour Post", "valley": "Valley Voice"}
    kept = await newsroom.store.articles_between(EVERYTHING, sources=["valley"])
    assert {each.understood.article.outlet for each in kept} == {"Valley Voice"}


async def test_the_day_of_publication_is_that_of_the_outlets_zone(newsroom: Newsroom) -> None:
    evening = datetime(2024, 10, 12, 20, tzinfo=UTC)
    newsroom.publish(b"1", feed(entry("a", published_at=evening, published_day=evening.date())))

    await newsroom.round()

    assert (await newsroom.kept())["Title a"].understood.article.published_day == date(2024, 10, 13)


async def test_a_time_without_a_zone_is_one_of_the_outlets_clock(newsroom: Newsroom) -> None:
    taken = datetime(2024, 10, 12, 23, 30, tzinfo=UTC)
    newsroom.publish(
        b"1", feed(entry("a", published_at=taken, published_day=taken.date(), wall_clock=taken.replace(tzinfo=None)))
    )

    await newsroom.round()

    article = (await newsroom.kept())["Title a"].understood.article
    assert (article.published_at, article.published_day) == (datetime(2024, 10, 12, 14, 30, tzinfo=UTC), date(2024, 10, 12))


async def test_the_second_request_carries_what_the_first_one_brought(newsroom: Newsroom) -> None:
    validators = Validators('W/"odd"', "Sun, 13 Oct 2024 11:00:00 GMT")
    newsroom.publish(b"1", feed(entry("a")), validators=validators)
    await newsroom.round()

    report = await newsroom.round(DAY)

    assert [asked[2] for asked in newsroom.web.asked] == [Validators(), validators]
    assert (report.asked, report.unchanged) == (1, 1)
    assert newsroom.reader.read == [b"1"]


async def test_the_same_body_again_is_not_read(newsroom: Newsroom) -> None:
    newsroom.publish(b"1", feed(entry("a")))
    await newsroom.round()

    report = await newsroom.round(DAY)

    assert report.unchanged == 1
    assert newsroom.reader.read == [b"1"]


async def test_a_cut_off_body_is_kept_without_its_validators(newsroom: Newsroom) -> None:
    newsroom.publish(b"1", feed(entry("a")), validators=Validators('"x"'), truncated=True)
    await newsroom.round()

    await newsroom.round(DAY)

    assert [asked[2] for asked in newsroom.web.asked] == [Validators(), Validators()]
    assert newsroom.reader.read == [b"1", b"1"]
    assert len(await newsroom.kept()) == 1


async def test_validators_of_a_body_that_could_not_be_read_are_not_kept(newsroom: Newsroom) -> None:
    newsroom.publish(b"1", SourceError("That is a page, not a feed."), validators=Validators('"x"'))

    report = await newsroom.round()

    [source] = await newsroom.store.sources()
    assert source.health.validators == Validators()
    assert report.errors == ((HARBOUR.address, "That is a page, not a feed."),)


async def test_only_unknown_entries_are_new(newsroom: Newsroom) -> None:
    newsroom.publish(b"1", feed(entry("a"), entry("b")))
    await newsroom.round()
    newsroom.publish(b"2", feed(entry("c"), entry("a"), entry("b")))

    report = await newsroom.round(DAY)

    assert (report.new, report.changed) == (1, 0)
    assert list(await newsroom.kept(by="stored")) == ["Title c"]


async def test_no_schedule_posts_what_a_first_fetch_finds(newsroom: Newsroom) -> None:
    newsroom.publish(b"1", feed(entry("a"), entry("b")))

    await newsroom.round()

    assert len(await newsroom.kept()) == 2
    assert await newsroom.kept(by="stored") == {}


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Text  of\n\na. "},
        {"title": "TITLE A"},
        {"published_at": NOON, "published_day": NOON.date()},
        {"url": "https://harbour.example/elsewhere"},
    ],
    ids=["white space", "case", "date", "link"],
)
async def test_a_change_that_no_reader_sees_is_none(newsroom: Newsroom, change: dict[str, object]) -> None:
    newsroom.publish(b"1", feed(entry("a"), entry("b")))
    await newsroom.round()
    newsroom.publish(b"2", feed(entry("a", **change), entry("b")))

    assert (await newsroom.round(DAY)).changed == 0


def test_tracking_in_links_of_a_text_is_no_change() -> None:
    plain = entry_print(entry("a", text="See https://x.example/1 now"))

    assert entry_print(entry("a", text="See https://x.example/1?utm_source=rss now")) == plain
    assert entry_print(entry("a", text="See https://x.example/2 now")) != plain


async def test_an_entry_with_another_text_becomes_a_revision(newsroom: Newsroom) -> None:
    newsroom.publish(b"1", feed(entry("a"), entry("b")))
    await newsroom.round()
    newsroom.publish(b"2", feed(entry("a", text="Corrected text."), entry("b")))

    report = await newsroom.round(DAY)

    kept = (await newsroom.kept())["Title a"]
    assert (report.new, report.changed) == (0, 1)
    assert (kept.understood.article.text, kept.revision, kept.stored_at) == ("Corrected text.", 1, NOON)


class TestPages:
    TEASER = entry("a", text="Only the start...", summary_only=True)
    PAGE = "https://harbour.example/a"

    def lay(self, newsroom: Newsroom, page: PageDocument | Exception) -> None:
        newsroom.publish(b"1", feed(self.TEASER))
        newsroom.web.answers[self.PAGE] = Fetched(self.PAGE, 200, b"page")
        newsroom.reader.documents[b"page"] = page

    async def test_a_teaser_gets_the_text_of_its_page_once(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, PageDocument("Page title", LONG, origins=("Coast Wire",), comment=True))
        await newsroom.round()
        newsroom.publish(b"2", feed(self.TEASER, entry("b")))
        await newsroom.round(DAY)

        article = (await newsroom.kept())["Title a"].understood.article
        assert (article.text, article.page_read, article.stub) == (LONG, True, False)
        assert (article.origins, article.comment) == (("Coast Wire",), True)
        assert [kind for url, kind, _ in newsroom.web.asked if url == self.PAGE] == ["page"]

    @pytest.mark.parametrize(
        "page",
        [
            PageDocument("Subscribe", "", stub=True),
            PageDocument("Short", "Less."),
            SourceError("Reading took more than 10 s."),
        ],
        ids=["paywall", "shorter than the feed", "unreadable"],
    )
    async def test_a_page_without_the_text_leaves_the_feeds(self, newsroom: Newsroom, page: PageDocument | Exception) -> None:
        self.lay(newsroom, page)

        report = await newsroom.round()

        article = (await newsroom.kept())["Title a"].understood.article
        assert (article.text, article.page_read, article.stub) == ("Only the start...", False, True)
        assert report.errors == ()

    async def test_what_a_paywall_shows_is_used_where_it_is_more_and_marked(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, PageDocument("Subscribe", LONG, stub=True))

        await newsroom.round()

        article = (await newsroom.kept())["Title a"].understood.article
        assert (article.text, article.page_read, article.stub) == (LONG, True, True)

    async def test_one_text_on_many_pages_is_a_wall_and_no_article(self, newsroom: Newsroom) -> None:
        names = ["a", "b", "c"]
        newsroom.publish(b"1", feed(*(entry(name, summary_only=True) for name in names)))
        for name in names:
            newsroom.web.answers[f"https://harbour.example/{name}"] = Fetched("https://harbour.example/" + name, 200, b"wall")
        newsroom.reader.documents[b"wall"] = PageDocument("Before you continue", LONG)

        await newsroom.round()

        assert {kept.understood.article.text for kept in (await newsroom.kept()).values()} == {
            "Text of a.",
            "Text of b.",
            "Text of c.",
        }

    async def test_the_date_of_the_feed_beats_that_of_the_page(self, newsroom: Newsroom) -> None:
        other = NOON - timedelta(days=9)
        self.lay(newsroom, PageDocument("P", LONG, published_at=other, published_day=other.date()))
        dated = replace(self.TEASER, published_at=NOON, published_day=NOON.date())
        newsroom.publish(b"1", feed(dated))

        await newsroom.round()

        assert (await newsroom.kept())["Title a"].understood.article.published_at == NOON

    @pytest.mark.parametrize(
        ("at", "day", "known"),
        [
            (NOON + timedelta(days=2), date(2024, 10, 15), (None, None)),
            (None, date(2024, 10, 15), (None, None)),
            (NOON + timedelta(hours=20), date(2024, 10, 14), (NOON, date(2024, 10, 14))),
            (None, date(2024, 10, 14), (None, date(2024, 10, 14))),
            (NOON - timedelta(hours=1), date(2024, 10, 13), (NOON - timedelta(hours=1), date(2024, 10, 13))),
        ],
        ids=["an instant ahead", "a day ahead", "a clock that is off", "tomorrow, which has begun elsewhere", "an hour ago"],
    )
    async def test_a_page_of_the_future_is_undated_whether_it_is_a_source_or_stands_behind_a_teaser(
        self, newsroom: Newsroom, at: datetime | None, day: date, known: tuple[datetime | None, date | None]
    ) -> None:
        page = PageDocument("P", LONG, published_at=at, published_day=day, date_raw="some day")
        self.lay(newsroom, page)
        alone = replace(HARBOUR, kind="page", zone="UTC")

        [behind] = (await read_source(replace(HARBOUR, zone="UTC"), newsroom.web, newsroom.reader, NOON)).articles
        newsroom.publish(b"2", page)
        told = await read_source(alone, newsroom.web, newsroom.reader, NOON)

        assert (behind.article.published_at, behind.article.published_day) == known
        assert (told.articles[0].article.published_at, told.articles[0].article.published_day) == known
        assert ("the date 'some day' lies in the future" in " ".join(told.notes)) is (known == (None, None))


class TestManyPages:
    """A feed with more teasers than are read of one source in a round."""

    def lay(self, newsroom: Newsroom, many: int, *, dated: bool = True) -> list[Entry]:
        """Teasers, the oldest first, and their pages."""
        hours = [NOON - timedelta(hours=many - number) for number in range(many)]
        when = [{"published_at": hour, "published_day": hour.date()} if dated else {} for hour in hours]
        teasers = [entry(str(number), summary_only=True, **when[number]) for number in range(many)]
        for each in teasers:
            newsroom.web.answers[each.url or ""] = Fetched(each.url or "", 200, each.key.encode())
            newsroom.reader.documents[each.key.encode()] = PageDocument("P", f"{LONG} {each.key}")
        newsroom.publish(b"feed", feed(*teasers), validators=Validators('"1"'))
        return teasers

    def asked(self, newsroom: Newsroom) -> list[str]:
        return [url.rsplit("/", 1)[-1] for url, kind, _ in newsroom.web.asked if kind == "page"]

    async def read(self, newsroom: Newsroom) -> set[str]:
        kept = (each.understood.article for each in (await newsroom.kept()).values())
        return {article.title.rsplit(" ", 1)[-1] for article in kept if article.page_read}

    async def test_the_newest_are_read_at_once_and_the_others_in_the_next_rounds(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, 5)
        reports = [await newsroom.round(limits=Limits(most=2))]
        first = await self.read(newsroom)
        reports += [await newsroom.round(DAY, limits=Limits(most=2)) for _ in range(3)]

        assert (first, await self.read(newsroom)) == ({"3", "4"}, set("01234"))
        assert [sorted(self.asked(newsroom)[at : at + 2]) for at in (0, 2, 4)] == [["3", "4"], ["1", "2"], ["0"]]
        words = "{} article pages had their turn, the newest first; of the others the words of the feed stand for now"
        assert [report.notes for report in reports] == [
            ((HARBOUR.address, words.format("2 of 5")),),
            ((HARBOUR.address, words.format("2 of 3")),),
            (),
            (),
        ]
        assert [(report.new, report.changed, report.unchanged) for report in reports] == [(5, 0, 0), *[(0, 0, 1)] * 3]

    async def test_what_was_there_at_first_is_posted_by_no_schedule_whenever_its_page_is_read(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, 3)
        for _ in range(3):
            await newsroom.round(DAY, limits=Limits(most=1))

        assert len(await self.read(newsroom)) == 3
        assert await newsroom.kept(by="stored") == {}

    async def test_what_is_new_comes_before_what_waits(self, newsroom: Newsroom) -> None:
        old = self.lay(newsroom, 3)
        await newsroom.round(limits=Limits(most=1))
        late = entry("late", summary_only=True, published_at=NOON + timedelta(hours=1), published_day=NOON.date())
        newsroom.web.answers[late.url or ""] = Fetched(late.url or "", 200, b"late")
        newsroom.reader.documents[b"late"] = PageDocument("P", LONG)
        newsroom.publish(b"more", feed(late, *old), validators=Validators('"2"'))

        report = await newsroom.round(DAY, limits=Limits(most=2))

        assert sorted(self.asked(newsroom)[1:]) == ["1", "late"]
        assert (report.new, report.changed) == (1, 0)
        assert list(await newsroom.kept(by="stored")) == ["Title late"]

    async def test_without_dates_those_that_the_feed_lists_first_are_the_newest(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, 5, dated=False)

        await newsroom.round(limits=Limits(most=2))

        assert sorted(self.asked(newsroom)) == ["0", "1"]

    async def test_an_archive_of_thousands_is_no_reason_to_ask_for_thousands_of_pages(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, 2_000)
        rounds = [await newsroom.round(DAY) for _ in range(5)]

        assert rounds[0].new == len(await newsroom.kept()) == 2_000
        assert len(self.asked(newsroom)) == 200
        assert await self.read(newsroom) == {str(number) for number in range(1_800, 2_000)}

    async def test_pages_whose_turn_does_not_come_in_time_wait_for_the_next_round(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, 6)
        web, newsroom.web = newsroom.web, Slow(newsroom.web.answers)
        report = await newsroom.round(limits=Limits(seconds=0.01))
        slow = await self.read(newsroom)
        newsroom.web = web

        await newsroom.round(DAY)

        assert (report.new, report.errors, slow) == (6, (), set())
        assert report.notes[0][1].startswith("0 of 6 article pages had their turn")
        assert await self.read(newsroom) == set("012345")

    async def test_who_reads_a_source_now_waits_for_no_more_pages_either(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, 60)

        told = await read_source(HARBOUR, newsroom.web, newsroom.reader, NOON)

        assert (len(told.articles), len(self.asked(newsroom))) == (60, 50)
        assert told.notes[0].startswith("50 of 60 article pages had their turn, the newest first")


class TestPagesThatFail:
    PAGE = "https://harbour.example/a"
    BUSY = SourceError("harbour.example answered 503 (service unavailable).", status=503, retry_after=4 * 3600)

    def lay(self, newsroom: Newsroom, error: SourceError) -> None:
        newsroom.publish(b"1", feed(entry("a", summary_only=True)), validators=Validators('"1"'))
        newsroom.web.answers[self.PAGE] = error
        newsroom.reader.documents[b"page"] = PageDocument("P", LONG)

    def asked(self, newsroom: Newsroom) -> int:
        return [url for url, _, _ in newsroom.web.asked].count(self.PAGE)

    async def test_one_that_fails_for_now_is_asked_for_again_though_the_feed_stays_as_it_is(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, self.BUSY)
        first = await newsroom.round()
        newsroom.web.answers[self.PAGE] = Fetched(self.PAGE, 200, b"page")

        later = [await newsroom.round(DAY) for _ in range(2)]

        kept = (await newsroom.kept())["Title a"]
        assert (kept.understood.article.text, kept.understood.article.page_read) == (LONG, True)
        assert (kept.stored_at, kept.understood.article.id) == (NOON, article_id("harbour", "a"))
        assert first.notes == ((HARBOUR.address, f"1 of 1 article pages could not be read ({self.BUSY})"),)
        assert [(report.unchanged, report.changed, report.notes) for report in later] == [(1, 0, ())] * 2
        assert self.asked(newsroom) == 2

    async def test_it_is_asked_for_again_three_times_and_then_no_more(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, self.BUSY)
        for _ in range(6):
            await newsroom.round(DAY)

        assert self.asked(newsroom) == 1 + 3
        assert (await newsroom.kept())["Title a"].understood.article.text == "Text of a."

    async def test_an_article_that_changes_is_worth_as_many_tries_again(self, newsroom: Newsroom) -> None:
        self.lay(newsroom, self.BUSY)
        for _ in range(5):
            await newsroom.round(DAY)
        newsroom.publish(b"2", feed(entry("a", text="Another start...", summary_only=True)))
        for _ in range(5):
            await newsroom.round(DAY)

        assert self.asked(newsroom) == 2 * (1 + 3)

    @pytest.mark.parametrize(
        ("error", "asked"),
        [
            (SourceError("harbour.example answered 410 (gone for good).", status=410), 1),
            (SourceError("harbour.example answered 403 (forbidden).", status=403, retry_after=4 * 3600), 1),
            (SourceError("That address is not public.", retry_after=3600, refused=True), 1),
            (SourceError("harbour.example answered 404 (not found).", status=404, retry_after=3600), 2),
            (SourceError("harbour.example took longer than 20 s.", retry_after=3600), 4),
        ],
        ids=["gone", "forbidden", "refused by us", "missing, as one that is announced too early", "no answer"],
    )
    async def test_how_often_one_is_asked_for_again_depends_on_why_it_failed(
        self, newsroom: Newsroom, error: SourceError, asked: int
    ) -> None:
        self.lay(newsroom, error)
        for _ in range(6):
            await newsroom.round(DAY)

        assert self.asked(newsroom) == asked

    async def test_a_pause_that_it_asks_for_is_kept_by_every_source_of_its_domain(self, newsroom: Newsroom) -> None:
        sport = replace(HARBOUR, id="sport", address="https://sport.harbour.example/feed")
        await newsroom.store.add_source(sport, now=NOON)
        newsroom.web.answers[sport.address] = fetched(b"sport", sport)
        newsroom.reader.documents[b"sport"] = feed(entry("s"))
        self.lay(newsroom, SourceError("429", status=429, retry_after=40 * 3600, asked=True))
        await newsroom.round()
        newsroom.web.answers[self.PAGE] = Fetched(self.PAGE, 200, b"page")

        early = await newsroom.round(timedelta(hours=39, minutes=59), early=True)
        late = await newsroom.round(timedelta(minutes=1))

        assert (early.asked, late.asked) == (0, 2)
        assert (await newsroom.kept())["Title a"].understood.article.page_read

    async def test_a_pause_that_another_host_asks_for_holds_up_no_feed(self, newsroom: Newsroom) -> None:
        elsewhere = entry("a", url="https://elsewhere.example/a", summary_only=True)
        newsroom.publish(b"1", feed(elsewhere))
        newsroom.web.answers["https://elsewhere.example/a"] = SourceError("429", retry_after=40 * 3600, asked=True)
        await newsroom.round()

        assert (await newsroom.round(DAY)).asked == 1


class Slow(FakeFetcher):
    """Whose pages never come."""

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        if kind == "page":
            with suppress(TimeoutError):
                async with asyncio.timeout(5):  # long over: it is a failure, and none that waits for ever
                    await asyncio.Event().wait()
            raise SourceError("The page never came.")
        return await super().fetch(url, kind=kind, validators=validators)


class TestWhatCannotBeUnderstood:
    SLOW = SourceError("The document took longer than 10 s to read and was stopped.")
    BUG = WorkerError("Traceback ...")

    @pytest.mark.parametrize(
        ("error", "why"), [(SLOW, str(SLOW)), (BUG, "a bug of this program")], ids=["too slow", "a fault of ours"]
    )
    async def test_one_article_stands_by_its_headline_and_costs_no_other_its_text(
        self, newsroom: Newsroom, error: Exception, why: str
    ) -> None:
        newsroom.reader.poison["Of And The"] = error
        newsroom.publish(b"1", feed(entry("a"), entry("bad", text="Of And The For"), *map(entry, "bcd")))

        report = await newsroom.round()

        kept = {title: each.understood.article for title, each in (await newsroom.kept()).items()}
        assert {title: article.text for title, article in kept.items()} == {
            "Title bad": "Title bad",
            **{f"Title {key}": f"Text of {key}." for key in "abcd"},
        }
        assert kept["Title bad"].stub
        words = f"1 of 5 articles could not be understood and stands by its headline, “Title bad” first: {why}"
        assert (report.new, report.errors, report.notes) == (5, (), ((HARBOUR.address, words),))
        assert list(report.bugs) == ([error] if error is self.BUG else [])

    async def test_it_is_told_once_and_not_tried_again(self, newsroom: Newsroom) -> None:
        newsroom.reader.poison["Of And The"] = self.SLOW
        bad = entry("bad", text="Of And The For")
        newsroom.publish(b"1", feed(bad))
        await newsroom.round()
        newsroom.publish(b"2", feed(bad, entry("b")))

        report = await newsroom.round(DAY)

        assert (report.new, report.changed, report.notes) == (1, 0, ())

    async def test_a_text_that_was_understood_is_not_given_up_for_one_that_cannot_be(self, newsroom: Newsroom) -> None:
        newsroom.reader.poison["Of And The"] = self.SLOW
        newsroom.publish(b"1", feed(entry("a"), entry("b")))
        await newsroom.round()
        newsroom.publish(b"2", feed(entry("a", text="Of And The For"), entry("b")))

        report = await newsroom.round(DAY)

        assert (await newsroom.kept())["Title a"].understood.article.text == "Text of a."
        assert (report.changed, len(report.notes)) == (0, 1)

    async def test_a_source_full_of_such_texts_does_not_keep_the_workers_busy(self, newsroom: Newsroom) -> None:
        newsroom.reader.poison["Of And The"] = self.SLOW
        newsroom.publish(b"1", feed(*(entry(str(number), text="Of And The For") for number in range(200))))

        report = await newsroom.round()

        assert (report.new, len(await newsroom.kept())) == (200, 200)
        assert newsroom.reader.jobs == 5  # a few together, three of them alone, and all the headlines

    async def test_a_page_that_ends_its_worker_leaves_the_teaser(self, newsroom: Newsroom) -> None:
        page = "https://harbour.example/a"
        newsroom.publish(b"1", feed(entry("a", summary_only=True), entry("b")))
        newsroom.web.answers[page] = Fetched(page, 200, b"page")
        newsroom.reader.documents[b"page"] = self.BUG

        report = await newsroom.round()

        assert (await newsroom.kept())["Title a"].understood.article.text == "Text of a."
        assert (report.new, report.errors, report.bugs) == (2, (), (self.BUG,))
        assert report.notes == ((HARBOUR.address, "1 of 1 article pages could not be read (a bug of this program)"),)


class OneAtATime(FakeFetcher):
    """Answers in turns, as the real one does; pages of the harbour are held back until one of the valley was asked for."""

    def __init__(self, answers: Mapping[str, Fetched | SourceError]) -> None:
        super().__init__(answers)
        self.turns, self.valley_read = Turns(clock=time.monotonic, pause=asyncio.sleep), asyncio.Event()

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        host = urlsplit(url).hostname or ""
        async with self.turns.turn(host, None):
            if kind == "page" and host == "valley.example":
                self.valley_read.set()
            elif kind == "page":
                async with asyncio.timeout(5):  # long over: it is a failure, and none that waits for ever
                    await self.valley_read.wait()
            return await super().fetch(url, kind=kind, validators=validators)


async def test_the_many_teasers_of_one_feed_hold_up_no_other(newsroom: Newsroom) -> None:
    await newsroom.store.add_source(VALLEY, now=NOON)
    page = "https://valley.example/page"
    web = OneAtATime({VALLEY.address: fetched(b"valley", VALLEY), page: Fetched(page, 200, b"page")})
    newsroom.web = web
    newsroom.publish(b"harbour", feed(*(entry(str(number), summary_only=True) for number in range(40))))
    newsroom.reader.documents |= {b"valley": feed(entry("v", url=page, summary_only=True)), b"page": PageDocument("P", LONG)}

    report = await newsroom.round()

    assert web.valley_read.is_set()
    assert (report.new, report.errors) == (41, ())


class TestRenamedFeeds:
    OLD = tuple(entry(str(number)) for number in range(8))

    async def test_entries_under_new_ids_are_known_by_link_or_title(self, newsroom: Newsroom) -> None:
        newsroom.publish(b"1", feed(*self.OLD))
        await newsroom.round()
        renamed = (replace(one, key=f"new {one.key}") for one in self.OLD)
        newsroom.publish(b"2", feed(*renamed))

        report = await newsroom.round(DAY)

        assert (report.new, len(await newsroom.kept())) == (0, 8)
        assert await newsroom.kept(by="stored") == {}

    async def test_when_all_looks_new_what_is_dated_since_is_news_and_of_the_rest_five(self, newsroom: Newsroom) -> None:
        newsroom.publish(b"1", feed(*self.OLD))
        await newsroom.round()
        later = NOON + timedelta(hours=20)
        dated = [entry(f"dated {number}", published_at=later, published_day=later.date()) for number in range(3)]
        undated = [entry(f"undated {number}") for number in range(9)]
        newsroom.publish(b"2", feed(*dated, *undated))

        await newsroom.round(DAY)

        posted = sorted(await newsroom.kept(by="stored"))
        assert posted == [f"Title dated {number}" for number in range(3)] + [f"Title undated {number}" for number in range(5)]


async def test_one_failing_source_stops_no_other(newsroom: Newsroom) -> None:
    await newsroom.store.add_source(VALLEY, now=NOON)
    newsroom.publish(b"1", feed(entry("a")))
    newsroom.web.answers[VALLEY.address] = SourceError("valley.example answered 410 (gone).", status=410)

    report = await newsroom.round()

    assert report.errors == ((VALLEY.address, "valley.example answered 410 (gone)."),)
    assert report.new == 1
    harbour, valley = await newsroom.store.sources()
    assert (harbour.health.failures, harbour.health.last_ok_at) == (0, NOON)
    assert valley.health.stopped


async def test_a_bug_in_reading_one_source_stops_no_other_and_is_handed_up(newsroom: Newsroom) -> None:
    await newsroom.store.add_source(VALLEY, now=NOON)
    newsroom.publish(b"1", feed(entry("a")))
    newsroom.web.answers[VALLEY.address] = fetched(b"odd", VALLEY)
    newsroom.reader.documents[b"odd"] = ZeroDivisionError("ours")

    report = await newsroom.round()

    assert report.new == 1
    assert [type(bug) for bug in report.bugs] == [ZeroDivisionError]
    assert "a bug of this program" in report.errors[0][1]


async def test_a_failed_source_is_asked_again_later_and_later(newsroom: Newsroom) -> None:
    newsroom.web.answers[HARBOUR.address] = SourceError("harbour.example answered 500.", status=500)
    asked = []
    for _ in range(24):
        asked.append((await newsroom.round()).asked)
        newsroom.clock.now += timedelta(hours=1)

    assert [hour for hour, count in enumerate(asked) if count] == [0, 1, 3, 7, 15]


async def test_a_source_that_answers_again_is_told_with_how_often_it_had_failed(newsroom: Newsroom) -> None:
    newsroom.web.answers[HARBOUR.address] = SourceError("harbour.example answered 500.", status=500)
    failed = [await newsroom.round(all=True) for _ in range(3)]
    newsroom.publish(b"1", feed(entry("a")))

    back, later = await newsroom.round(all=True), await newsroom.round(all=True)

    assert [each.well for each in (*failed, later)] == [()] * 4
    assert back.well == ((HARBOUR.address, 3, NOON),)


async def test_a_feed_that_leads_to_a_login_says_where(newsroom: Newsroom) -> None:
    page = SourceError("That is a web page, not a feed, and it names no feed.")
    newsroom.publish(b"login", page, url="https://id.harbour.example/login?next=secret")

    report = await newsroom.round()

    assert report.errors == ((HARBOUR.address, f"It leads to id.harbour.example/login now. {page}"),)


async def test_a_pause_that_a_server_asks_for_holds_for_its_whole_domain(newsroom: Newsroom) -> None:
    await newsroom.store.add_source(replace(HARBOUR, id="sport", address="https://sport.harbour.example/feed"), now=NOON)
    words = "harbour.example answered 429 (too many requests)."
    newsroom.web.answers[HARBOUR.address] = SourceError(words, status=429, retry_after=6 * 3600, asked=True)
    await newsroom.round(sources=[HARBOUR.id])
    newsroom.clock.now += timedelta(hours=6) - timedelta(minutes=1)

    early = await newsroom.round()
    late = await newsroom.round(timedelta(minutes=1))

    assert (early.asked, late.asked) == (0, 2)


async def test_a_busy_feed_is_asked_again_within_hours_of_its_first_answer(newsroom: Newsroom) -> None:
    busy = feed(*(entry(f"e{hour}", published_at=NOON - timedelta(hours=hour)) for hour in range(30)))
    newsroom.publish(b"1", busy, validators=Validators('"1"'))
    await newsroom.round()
    newsroom.publish(b"2", busy, validators=Validators('"2"'))

    assert (await newsroom.round(timedelta(hours=2, minutes=1))).asked == 1


async def test_a_restart_asks_nobody_early(newsroom: Newsroom) -> None:
    newsroom.publish(b"1", feed(entry("a")))
    await newsroom.round()

    again = await newsroom.round(timedelta(minutes=59))

    assert again == Report()


async def test_all_asks_those_that_are_not_due_but_stays_conditional(newsroom: Newsroom) -> None:
    newsroom.publish(b"1", feed(entry("a")), validators=Validators('"x"'))
    await newsroom.round()

    report = await newsroom.round(timedelta(minutes=1), all=True)

    assert (report.asked, report.unchanged) == (1, 1)


async def test_a_move_is_followed_after_three_good_fetches_and_told(newsroom: Newsroom) -> None:
    new = "https://new.example/feed"
    newsroom.publish(b"1", feed(entry("a")), moved_to=new)

    reports = [await newsroom.round(DAY) for _ in range(3)]

    assert [report.moved for report in reports] == [(), (), ((HARBOUR.address, new),)]
    [source] = await newsroom.store.sources()
    assert source.source.address == new


async def test_progress_counts_every_source(newsroom: Newsroom) -> None:
    for number in range(5):
        source = replace(VALLEY, id=f"v{number}", address=f"https://v{number}.example/feed")
        await newsroom.store.add_source(source, now=NOON)
    told: list[tuple[int, int]] = []

    await newsroom.round(progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (6, 6)
    assert told == sorted(told)


class FullStore(SqlStore):
    """A store whose disk is full whenever something is to be kept."""

    async def record(self, polls: Sequence[Poll]) -> list[str]:
        raise StoreError("news.db cannot grow: the disk is full")


async def test_a_store_that_cannot_keep_stops_the_round_in_words(newsroom: Newsroom) -> None:
    newsroom.publish(b"1", feed(entry("a")))
    full = FullStore(newsroom.store._database, newsroom.clock)

    with pytest.raises(StoreError, match="the disk is full"):
        await collect(full, newsroom.web, newsroom.reader, NOON)

    assert await newsroom.kept() == {}
    [source] = await newsroom.store.sources()
    assert source.health.last_ok_at is None


async def test_new_articles_join_the_story_that_is_there_and_what_is_unlike_begins_its_own(newsroom: Newsroom) -> None:
    grouping = Grouping()
    aground = replace(entry("a"), title="Ferry aground", text="The ferry Alma ran aground off Port Alba. Tugs came.")
    freed = replace(entry("b"), title="Ferry freed", text="Tugs freed the ferry Alma, which ran aground off Port Alba.")
    fined = replace(entry("c"), title="Bank fined", text="A court in Orsk fined Mirel Bank for hiding losses.")
    newsroom.publish(b"1", feed(aground))
    await newsroom.round(grouping=grouping)
    newsroom.publish(b"2", feed(aground, freed, fined))
    await newsroom.round(DAY, grouping=grouping)

    stories = {title: kept.story for title, kept in (await newsroom.kept()).items()}
    first, other = (story_id(article_id("harbour", key)) for key in "ac")
    assert stories == {"Ferry aground": first, "Ferry freed": first, "Bank fined": other}


async def test_an_article_that_tells_of_two_stories_joins_them_and_leaves_a_trace(newsroom: Newsroom) -> None:
    grouping = Grouping()
    aground = replace(entry("a"), title="Ferry aground", text="The ferry Alma ran aground off Port Alba at night.")
    drunk = replace(
        entry("b"), title="Skipper drunk", text="The skipper Olsen had two pints of rum in his blood, a test showed."
    )
    both = replace(
        entry("c"),
        title="Skipper of ferry drunk",
        text="Skipper Olsen had rum in his blood, a test showed, when the ferry Alma ran aground off Port Alba.",
    )
    newsroom.publish(b"1", feed(aground, drunk))
    await newsroom.round(grouping=grouping)
    apart = {title: kept.story for title, kept in (await newsroom.kept()).items()}
    newsroom.publish(b"2", feed(aground, drunk, both))
    await newsroom.round(DAY, grouping=grouping)

    [story] = {kept.story for kept in (await newsroom.kept()).values()}
    [regrouped] = await newsroom.store.story_changes(story or "")
    assert len(set(apart.values())) == 2
    assert {regrouped.change.was, regrouped.change.now} == set(apart.values())
    assert (regrouped.change.happened, regrouped.change.now, regrouped.at) == (Happened.JOINED, story, NOON + DAY)


class TestReadSource:
    async def test_a_feed_is_read_whole_and_nothing_is_kept(self) -> None:
        reader = FakeReader({b"1": replace(feed(entry("a"), entry("b")), notes=("2 entries have no date.",))})

        told = await read_source(HARBOUR, FakeFetcher({HARBOUR.address: fetched(b"1")}), reader, NOON)

        assert [one.article.title for one in told.articles] == ["Title a", "Title b"]
        assert told.notes == ("2 entries have no date.",)

    async def test_a_nameless_feed_is_called_by_its_title(self) -> None:
        source = replace(HARBOUR, name="")

        told = await read_source(
            source, FakeFetcher({source.address: fetched(b"1")}), FakeReader({b"1": feed(entry("a"))}), NOON
        )

        assert told.articles[0].article.outlet == "Harbour feed"

    async def test_a_page_is_one_article(self) -> None:
        page = Source("p", "page", "https://harbour.example/story", "", "Europe/Berlin")
        document = PageDocument("Ferry sinks", LONG, canonical_url="https://harbour.example/s", site_name="Harbour Post")
        web = FakeFetcher({page.address: fetched(b"1", page)})

        told = await read_source(
            page, web, FakeReader({b"1": document}), NOON, published=datetime(2024, 10, 12, 23, tzinfo=UTC)
        )

        [one] = told.articles
        assert (one.article.outlet, one.article.url, one.article.page_read) == (
            "Harbour Post",
            "https://harbour.example/s",
            True,
        )
        assert one.article.published_day == date(2024, 10, 13)
        assert web.asked[0][1] == "page"

    async def test_a_local_file_has_no_address(self) -> None:
        page = Source("p", "page", "story.html", "story.html")
        web = FakeFetcher({"story.html": Fetched("story.html", 200, b"1")})

        told = await read_source(page, web, FakeReader({b"1": PageDocument("T", LONG)}), NOON, published=date(2024, 10, 12))

        article = told.articles[0].article
        assert (article.url, article.outlet, article.published_at, article.published_day) == (
            None,
            "story.html",
            None,
            date(2024, 10, 12),
        )

    async def test_a_page_without_text_is_an_error_in_words(self) -> None:
        page = Source("p", "page", "https://harbour.example/story", "")
        web = FakeFetcher({page.address: fetched(b"1", page)})

        with pytest.raises(SourceError, match="No article text was found"):
            await read_source(page, web, FakeReader({b"1": PageDocument("T", " ")}), NOON)
