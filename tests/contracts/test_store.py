"""What every store promises, whatever database it stands on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import pytest

from bot.model import Validators
from bot.polling import Health
from bot.ports import EntryPrint, Poll, Store
from bot.store import open_store
from digests.model import Source, Understood, Window
from tests.bot.store.making import EVERYTHING, HARBOUR, NOON, VALLEY, Clock, about, poll, understood


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(database: str, clock: Clock) -> AsyncIterator[Store]:
    async with open_store(database, clock=clock) as opened:
        await opened.add_source(HARBOUR, now=NOON)
        await opened.add_source(VALLEY, now=NOON)
        yield opened


def keys_of(kept: list[Understood]) -> list[str]:
    return [(one.article.url or "").rsplit("/", 1)[-1] for one in kept]


async def kept_keys(store: Store, window: Window = EVERYTHING, **how: str) -> list[str]:
    return keys_of([kept.understood for kept in await store.articles_between(window, **how)])  # type: ignore[arg-type]


async def test_an_article_comes_back_as_it_was_understood(store: Store) -> None:
    await store.record([poll("a")])

    [kept] = await store.articles_between(EVERYTHING)

    assert kept.understood == understood("a")
    assert kept.understood.claims[0].text == "The ferry sank, police said"
    assert kept.stored_at == NOON


async def test_foreign_text_that_no_database_takes_keeps_its_length(store: Store) -> None:
    odd = understood("a", text="A half \ud800 and a nul \0 here. Rest.", title="Half \udfff")
    await store.record([replace(poll("a"), new=(("a", odd),))])

    [kept] = await store.articles_between(EVERYTHING)

    assert kept.understood.article.text == "A half ? and a nul ? here. Rest."
    assert kept.understood.article.title == "Half ?"


async def test_a_source_is_followed_once(store: Store) -> None:
    again = await store.add_source(replace(HARBOUR, id="other"), now=NOON)

    assert not again
    assert [followed.source for followed in await store.sources()] == [HARBOUR, VALLEY]


async def test_a_source_may_have_the_longest_address_there_is(store: Store) -> None:
    noise = "".join(blake2b(str(number).encode()).hexdigest() for number in range(16))
    long = replace(VALLEY, id="long", address=f"https://long.example/{noise}"[:2_048])

    assert await store.add_source(long, now=NOON)
    assert long in [followed.source for followed in await store.sources()]


async def test_a_removed_source_takes_its_articles_along(store: Store) -> None:
    await store.record([poll("a"), poll("b", source=VALLEY)])

    assert await store.remove_source(HARBOUR.id)

    assert await kept_keys(store) == ["b"]
    assert await store.search(about(["ferry"])) == [understood("b", source=VALLEY).article.id]
    assert not await store.remove_source(HARBOUR.id)


@pytest.mark.parametrize(
    "etag",
    ['"plain"', 'W/"weak"', "bare", ' "spaced" ', '"caf\udce9"', '"a\0b"', '"é"', ""],
    ids=["strong", "weak", "unquoted", "spaced", "undecodable byte", "nul", "latin", "empty"],
)
async def test_validators_come_back_byte_for_byte(store: Store, etag: str) -> None:
    validators = Validators(etag, "Sun, 13 Oct 2024 11:00:00 GMT")
    await store.record([Poll(HARBOUR.id, Health(validators=validators, next_poll_at=NOON))])

    [due] = await store.claim_due(NOON, only=[HARBOUR.id])

    assert due.health.validators == validators


async def test_all_that_is_known_of_a_source_comes_back(store: Store) -> None:
    health = Health(
        validators=Validators('"x"', None),
        body_hash="0f" * 16,
        ttl_s=1800.0,
        next_poll_at=NOON + timedelta(hours=4),
        early_at=NOON + timedelta(hours=2),
        last_polled_at=NOON,
        last_ok_at=NOON - timedelta(days=1),
        failures=3,
        failing_since=NOON - timedelta(hours=7, microseconds=1),
        last_error="harbour.example answered 500",
        moved_to="https://new.example/feed",
        moved_times=2,
        moved_since=NOON - timedelta(days=1),
    )
    await store.record([Poll(HARBOUR.id, health)])

    assert (await store.sources())[0].health == health


async def test_feeds_are_counted_by_whether_they_answer(store: Store) -> None:
    page = Source("page", "page", "https://council.example/", "Council")
    await store.add_source(page, now=NOON)
    both = {HARBOUR.id, VALLEY.id, page.id, "gone"}

    assert await store.feeds(both) == (2, 2)
    await store.record([Poll(VALLEY.id, Health(failures=2, last_error="no answer"))])
    assert await store.feeds(both) == (1, 2)
    assert await store.feeds({VALLEY.id}) == (0, 1)
    await store.pause_source(VALLEY.id, True)
    assert await store.feeds(both) == (1, 1)
    assert await store.feeds({page.id}) is await store.feeds(frozenset()) is None


async def test_a_due_source_is_given_to_one_asker_only(store: Store) -> None:
    first = await store.claim_due(NOON)
    second = await store.claim_due(NOON)
    everything = await store.claim_due(NOON + timedelta(minutes=1), everything=True)

    assert {followed.source.id for followed in first} == {HARBOUR.id, VALLEY.id}
    assert second == everything == []


async def test_a_claim_that_was_never_settled_is_due_again_after_an_hour(store: Store) -> None:
    await store.claim_due(NOON)

    assert await store.claim_due(NOON + timedelta(minutes=59)) == []
    assert len(await store.claim_due(NOON + timedelta(minutes=60))) == 2


async def test_only_those_named_are_claimed(store: Store) -> None:
    assert [followed.source for followed in await store.claim_due(NOON, only=[VALLEY.id])] == [VALLEY]
    assert await store.claim_due(NOON, only=[]) == []


async def test_what_is_not_due_is_claimed_only_when_everything_is_asked_for(store: Store) -> None:
    await store.record([poll("a"), poll("b", source=VALLEY)])

    assert await store.claim_due(NOON + timedelta(minutes=59)) == []
    assert len(await store.claim_due(NOON + timedelta(minutes=59), everything=True)) == 2


async def test_before_its_turn_a_source_is_claimed_once_when_early_ones_are_asked_for(store: Store) -> None:
    early, later = NOON + timedelta(hours=2), NOON + timedelta(hours=9)
    await store.record(
        [Poll(HARBOUR.id, Health(next_poll_at=later, early_at=early)), Poll(VALLEY.id, Health(next_poll_at=later))]
    )

    assert await store.claim_due(early - timedelta(minutes=1), early=True) == []
    assert await store.claim_due(early) == []
    assert [each.source for each in await store.claim_due(early, early=True)] == [HARBOUR]
    assert await store.claim_due(early + timedelta(minutes=30), early=True) == []


async def test_a_paused_source_is_never_claimed(store: Store) -> None:
    assert await store.pause_source(HARBOUR.id, True)

    assert [followed.source for followed in await store.claim_due(NOON, everything=True)] == [VALLEY]
    assert not await store.pause_source("nobody", True)


async def test_resuming_a_source_that_had_stopped_asks_it_at_once(store: Store) -> None:
    await store.record([Poll(HARBOUR.id, Health(next_poll_at=None, failures=1, last_error="gone"))])
    assert await store.claim_due(NOON + timedelta(days=99), only=[HARBOUR.id]) == []

    await store.pause_source(HARBOUR.id, False)

    assert len(await store.claim_due(NOON, only=[HARBOUR.id])) == 1


async def test_a_claimed_source_knows_how_much_it_posts_in_a_week(store: Store) -> None:
    old = understood("old", published_at=NOON - timedelta(days=8))
    await store.record([poll("a", "b"), replace(poll("old"), new=(("old", old),))])

    claimed = await store.claim_due(NOON + timedelta(hours=2))

    assert {followed.source.id: followed.posts_a_week for followed in claimed} == {HARBOUR.id: 2, VALLEY.id: 0}


async def test_a_claimed_source_knows_whose_page_is_still_to_be_read(store: Store) -> None:
    asked, unasked, read = (EntryPrint(key, f"content of {key}", f"link of {key}", f"title of {key}") for key in "abc")
    waiting = {replace(asked, page_tries=2), replace(unasked, page_tries=0)}
    await store.record([replace(poll("a", "b", "c"), entries=(*waiting, read)), poll("b", source=VALLEY)])

    harbour, valley = sorted(await store.claim_due(NOON + timedelta(hours=2)), key=lambda each: each.source.id)

    assert (set(harbour.unread), valley.unread) == (waiting, ())
    assert await store.known(HARBOUR.id, ["a", "b"]) == {"a": "content of a", "b": "content of b"}

    await store.record([replace(poll(), entries=(asked, replace(unasked, page_tries=1)))])

    [harbour] = await store.claim_due(NOON + timedelta(hours=4), only=[HARBOUR.id])
    assert harbour.unread == (replace(unasked, page_tries=1),)


async def test_keys_are_known_with_their_print_and_per_source(store: Store) -> None:
    await store.record([poll("a", "b")])

    assert await store.known(HARBOUR.id, ["a", "c"]) == {"a": "content of a"}
    assert await store.known(VALLEY.id, ["a"]) == {}
    assert len(await store.known(HARBOUR.id, ["a", "b", *map(str, range(5_000))])) == 2


async def test_an_entry_under_a_new_key_is_known_by_its_link_or_title(store: Store) -> None:
    await store.record([poll("a", "b")])
    prints = [
        EntryPrint("1", "x", "link of a", "another title"),
        EntryPrint("2", "x", "another link", "title of b"),
        EntryPrint("3", "x", "another link", "another title"),
        EntryPrint("4", "x", "", ""),
    ]

    assert await store.alike(HARBOUR.id, prints) == {"1", "2"}
    assert await store.alike(VALLEY.id, prints) == set()


async def test_the_same_article_is_stored_once(store: Store, clock: Clock) -> None:
    article = understood("a").article.id
    assert await store.record([poll("a")]) == [article]
    clock.now = NOON + timedelta(hours=1)

    assert await store.record([poll("a")]) == []

    [kept] = await store.articles_between(EVERYTHING)
    assert kept.stored_at == NOON


async def test_a_changed_article_keeps_its_place_and_its_old_text(store: Store, clock: Clock) -> None:
    await store.record([poll("a")])
    clock.now = NOON + timedelta(hours=5)
    changed = understood("a", title="Ferry raised", text="On Friday the ferry was raised, police said. It floats.")

    await store.record([replace(poll("a"), new=(), changed=(("a", changed),))])

    [kept] = await store.articles_between(EVERYTHING)
    assert (kept.understood, kept.revision, kept.stored_at) == (changed, 1, NOON)
    assert await store.search(about(["raised"])) == [changed.article.id]
    assert await store.search(about(["sank"])) == []


async def test_the_same_text_again_is_no_revision(store: Store) -> None:
    await store.record([poll("a")])

    await store.record([replace(poll("a"), new=(), changed=(("a", understood("a")),))])

    assert [kept.revision for kept in await store.articles_between(EVERYTHING)] == [0]


async def test_a_page_that_changes_with_every_poll_is_not_followed_for_ever(store: Store) -> None:
    await store.record([poll("a")])
    for number in range(30):
        changed = understood("a", text=f"On Friday the ferry sank {number}.  Rest.")
        await store.record([replace(poll("a"), new=(), changed=(("a", changed),))])

    assert [kept.revision for kept in await store.articles_between(EVERYTHING)] == [24]


async def test_a_window_is_half_open_and_newest_first(store: Store) -> None:
    hours = {"early": 3, "start": 2, "late": 1, "end": 0}
    new = tuple((key, understood(key, published_at=NOON - timedelta(hours=hour))) for key, hour in hours.items())
    await store.record([replace(poll(), new=new)])

    assert await kept_keys(store, Window(NOON - timedelta(hours=2), NOON)) == ["late", "start"]
    assert await kept_keys(store, Window(None, NOON)) == ["late", "start", "early"]


async def test_a_limit_keeps_the_newest(store: Store) -> None:
    new = tuple((str(hour), understood(str(hour), published_at=NOON - timedelta(hours=hour))) for hour in range(5))
    await store.record([replace(poll(), new=new)])

    assert keys_of([kept.understood for kept in await store.articles_between(EVERYTHING, limit=2)]) == ["0", "1"]


@pytest.mark.parametrize(
    ("published_at", "stands_at"),
    [(NOON + timedelta(days=300), NOON), (None, NOON), (datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC))],
    ids=["the future counts as the instant of storing", "no date too", "1970 stays in 1970"],
)
async def test_an_odd_date_neither_leads_for_ever_nor_is_made_up(
    store: Store, published_at: datetime | None, stands_at: datetime
) -> None:
    odd = understood("odd", published_at=published_at)
    await store.record([replace(poll(), new=(("odd", odd),))])

    [kept] = await store.articles_between(Window(stands_at, stands_at + timedelta(microseconds=1)))

    assert kept.understood.article.published_at == published_at


async def test_a_window_by_storing_sees_what_was_published_long_before(store: Store, clock: Clock) -> None:
    clock.now = NOON + timedelta(hours=3)
    late = understood("late", published_at=NOON - timedelta(days=5))
    await store.record([replace(poll(), new=(("late", late),))])

    window = Window(NOON + timedelta(hours=3), NOON + timedelta(hours=4))
    assert await kept_keys(store, window, by="stored") == ["late"]
    assert await kept_keys(store, window, by="published") == []


async def test_the_backlog_of_a_first_fetch_is_found_by_readers_but_never_by_a_schedule(store: Store) -> None:
    await store.record([poll("a", "b", backlog=frozenset({"a"}))])

    assert sorted(await kept_keys(store)) == ["a", "b"]
    assert await kept_keys(store, by="stored") == ["b"]


@pytest.mark.parametrize(
    "word",
    [
        '"',
        'fer"ry',
        "OR",
        "NOT",
        "*",
        "NEAR(",
        "-",
        ":",
        "title:ferry",
        "^",
        "(",
        "ferry AND police",
        "\0",
        "'; DROP TABLE x",
        "",
    ],
)
async def test_no_word_is_syntax(store: Store, word: str) -> None:
    await store.record([poll("a")])

    assert await store.search(about([word])) == []


@pytest.mark.parametrize("word", ["ferry", "FERRY", "Férry", "the ferry", "ferry sinks", "ferry, sank!"])
async def test_a_word_is_found_in_any_case_and_with_any_accent(store: Store, word: str) -> None:
    await store.record([poll("a")])

    assert await store.search(about([word])) == [understood("a").article.id]


async def test_every_word_must_occur_in_the_window(store: Store) -> None:
    other = understood(
        "b", title="Bridge opens", text="On Friday the bridge opened. Rest.", published_at=NOON - timedelta(days=3)
    )
    await store.record([poll("a"), replace(poll("b"), new=(("b", other),))])

    assert await store.search(about(["friday"])) == [understood("a").article.id, other.article.id]
    assert await store.search(about(["friday", "bridge"])) == [other.article.id]
    assert await store.search(about(["friday"], Window(NOON - timedelta(days=1), NOON))) == [understood("a").article.id]
    assert await store.search(about(["friday"]), limit=1) == [understood("a").article.id]
    assert await store.search(about(["sank opened"])) == []
    assert await store.search(about([])) == []


async def test_stories_come_with_the_articles(store: Store) -> None:
    await store.record([poll("a", "b")])

    await store.assign_stories({understood("a").article.id: "s-7f3a0000"}, NOON)

    stories = {keys_of([kept.understood])[0]: kept.story for kept in await store.articles_between(EVERYTHING)}
    assert stories == {"a": "s-7f3a0000", "b": None}


async def test_counts_tell_how_the_sources_are(store: Store) -> None:
    await store.record([poll("a"), Poll(VALLEY.id, Health(next_poll_at=None, failures=1, last_error="gone"))])
    await store.pause_source(HARBOUR.id, True)

    counts = await store.counts()

    assert (counts.sources, counts.paused, counts.failing, counts.stopped, counts.articles, counts.stories) == (
        2,
        1,
        1,
        1,
        1,
        0,
    )


async def test_counts_of_some_sources_leave_out_what_others_brought(store: Store) -> None:
    await store.record([poll("a", "b"), replace(poll("c", source=VALLEY), health=Health(failures=1))])
    await store.assign_stories({understood(key).article.id: "s-1" for key in ("a", "b")}, NOON)
    await store.assign_stories({understood("c", source=VALLEY).article.id: "s-2"}, NOON)

    ours, nobody = await store.counts([HARBOUR.id]), await store.counts([])

    assert (ours.sources, ours.failing, ours.articles, ours.stories) == (1, 0, 2, 1)
    assert (nobody.sources, nobody.articles, nobody.stories) == (0, 0, 0)


async def test_a_source_without_a_name_is_called_by_what_it_gave_and_one_with_a_name_keeps_it(store: Store) -> None:
    await store.add_source(Source("tern", "feed", "https://tern.example/feed", ""), now=NOON)

    for name in ("First", "", "Second"):
        await store.record([Poll("harbour", Health(), name=name), Poll("tern", Health(), name=name)])

    names = {each.source.id: each.source.name for each in await store.sources()}
    assert (names["harbour"], names["tern"]) == ("The Harbour Post", "First")


async def test_a_moved_source_keeps_its_articles_and_yields_to_one_that_is_there(store: Store) -> None:
    await store.record([poll("a"), replace(poll(source=VALLEY), address=HARBOUR.address)])
    await store.record([replace(poll(), address="https://new.example/feed")])

    addresses = [followed.source.address for followed in await store.sources()]
    assert addresses == ["https://new.example/feed", VALLEY.address]
    assert await kept_keys(store) == ["a"]


async def test_a_domain_that_asks_for_a_pause_is_left_alone_also_by_the_next_process(store: Store) -> None:
    sibling = replace(VALLEY, id="sibling", address="https://sport.harbour.example/feed")
    local = [replace(VALLEY, id=f"local{port}", address=f"http://127.0.0.1:{port}/feed") for port in (8001, 8002)]
    for each in (sibling, *local):
        await store.add_source(each, now=NOON)
    await store.record([Poll("sibling", Health(next_poll_at=NOON + timedelta(hours=3), early_at=NOON + timedelta(hours=1)))])
    until = NOON + timedelta(hours=6)
    limited = Health(next_poll_at=until, failures=1, failing_since=NOON, last_error="It answered 429.")

    await store.record([Poll(HARBOUR.id, limited, pause_until=until), Poll("local8001", limited, pause_until=until)])

    before = await store.claim_due(until - timedelta(minutes=1), early=True)
    assert {each.source.id for each in before} == {VALLEY.id, "local8002"}
    assert {each.source.id for each in await store.claim_due(until)} >= {HARBOUR.id, "sibling", "local8001"}
    [paused] = [each.health for each in await store.sources() if each.source.id == "sibling"]
    assert (paused.failures, paused.last_error) == (0, "")


async def test_a_pruned_article_does_not_come_back(store: Store, clock: Clock) -> None:
    await store.record([poll(*map(str, range(600)))])
    await store.assign_stories({understood("1").article.id: "s-1"}, NOON)
    clock.now = NOON + timedelta(days=91)
    await store.record([poll("new")])

    forgotten = await store.prune(NOON + timedelta(days=1))

    assert forgotten == 600
    assert await kept_keys(store) == ["new"]
    assert await store.search(about(["ferry"])) == [understood("new").article.id]
    assert len(await store.known(HARBOUR.id, [str(number) for number in range(600)])) == 600
    assert (await store.counts()).stories == 0


async def test_keys_are_kept_by_count_and_by_age_from_the_last_change(store: Store, clock: Clock) -> None:
    entries = tuple(EntryPrint(str(number), "content") for number in range(1_500))
    await store.record([replace(poll(), entries=entries)])
    clock.now = NOON + timedelta(days=300)
    await store.prune(clock.now)
    silent = len(await store.known(HARBOUR.id, [one.key for one in entries]))

    still_listed = tuple(str(number) for number in range(1_200))
    await store.record([replace(poll(), listed=still_listed, entries=(EntryPrint("new", "content"),))])
    await store.prune(clock.now)

    assert silent == 1_500
    left = await store.known(HARBOUR.id, [one.key for one in entries])
    assert sorted(left, key=int) == list(still_listed)


async def test_a_batch_is_kept_whole_or_not_at_all(store: Store) -> None:
    foreign = replace(poll("b", source=VALLEY), source_id="nobody")
    before = await store.sources()

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await store.record([poll("a", health=Health(validators=Validators('"new"'))), foreign])

    assert await kept_keys(store) == []
    assert await store.known(HARBOUR.id, ["a"]) == {}
    assert await store.sources() == before


async def test_a_search_reaches_the_oldest_article_and_keeps_the_newest(store: Store) -> None:
    old = understood("old", title="Bridge", published_at=NOON - timedelta(days=2))
    many = tuple((str(n), understood(str(n), published_at=NOON - timedelta(minutes=n))) for n in range(100))
    await store.record([replace(poll(), new=(*many, ("old", old)))])

    assert await store.search(about(["bridge"]), limit=1) == [old.article.id]
    assert await store.search(about(["friday"]), limit=3) == [one.article.id for _, one in many[:3]]
    assert len(await store.search(about(["friday"]), limit=101)) == 101


async def test_a_search_widens_until_it_has_enough(store: Store) -> None:
    new = tuple(
        (str(n), understood(str(n), title="Bridge" if n % 6 == 0 else "Ferry", published_at=NOON - timedelta(minutes=n)))
        for n in range(200)
    )
    await store.record([replace(poll(), new=new)])
    bridges = [one.article.id for _, one in new[::6]]

    assert await store.search(about(["bridge"]), limit=4) == bridges[:4]
    assert await store.search(about(["bridge"]), limit=30) == bridges[:30]
    assert await store.search(about(["bridge"])) == bridges


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["U.S."], True),
        (["u s said"], True),
        (["1,200.5"], True),
        (["200"], True),
        (["12"], True),
        (["e-mails"], True),
        (["mails"], True),
        (["mail"], True),
        (["mai"], False),
        (["harbour.example/a_b"], True),
        (["example"], True),
        (["zurich"], True),
        (["ZÜRICH"], True),
        (["Fe\u0301rry"], True),
        (["strasse"], False),
        (["straße"], True),
        (["Москва", "東京都"], True),
        (["sinks the"], False),
        (["sinks", "the"], True),
        (["the"], True),
        (["x" * 5_000], True),
        (["o'clock"], True),
        (["clock\\"], True),
    ],
)
async def test_what_a_word_is_does_not_hang_on_the_database(store: Store, words: list[str], found: bool) -> None:
    text = (
        "The U.S. said 1,200.5 e-mails of -12 Zürich went to https://harbour.example/a_b?c=d at 5 o'clock\\ "
        f"on the straße. Москва 東京都. {'x' * 5_000} " + "and the " * 1_000
    )
    odd = understood("a", text=text)
    await store.record([replace(poll("a"), new=(("a", odd),))])

    assert await store.search(about(words)) == ([odd.article.id] if found else [])


async def test_the_largest_page_is_kept_and_found(store: Store) -> None:
    many = understood("a", text="Ferry. " + " ".join(f"{number:x}ü東" for number in range(200_000)))
    assert len(many.article.text.encode()) > 2 * 1024 * 1024  # what a page may have
    await store.record([replace(poll("a"), new=(("a", many),))])

    [kept] = await store.articles_between(EVERYTHING)

    assert kept.understood == many
    assert await store.search(about(["ferry"])) == [many.article.id]


@pytest.mark.parametrize("end", [datetime.min, datetime.max], ids=["year 1", "year 9999"])  # noqa: DTZ901
async def test_an_instant_at_the_end_of_the_calendar_comes_back(store: Store, end: datetime) -> None:
    odd = understood("a", published_at=end.replace(tzinfo=UTC))
    await store.record([replace(poll("a"), new=(("a", odd),))])

    [kept] = await store.articles_between(Window(None, NOON + timedelta(days=1)))

    assert kept.understood == odd


async def test_what_a_source_lists_twice_is_kept_once(store: Store) -> None:
    twice = poll("a", "a")
    last = EntryPrint("a", "the later content")
    fresh = await store.record([replace(twice, entries=(*twice.entries, last)), poll("a")])

    assert fresh == [understood("a").article.id]
    assert await kept_keys(store) == ["a"]
