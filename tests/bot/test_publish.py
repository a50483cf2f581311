"""Publishing: what is due becomes messages in the outbox, once, and only with what the channel does not know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.grouping import Grouping
from bot.model import Channel, DeliveryState, IfNothing, Run, RunState
from bot.polling import Health
from bot.ports import EntryPrint, Poll
from bot.publish import Published, preview, publish_due, publish_now
from bot.steps import PUBLISHING, around
from bot.store import SqlStore, open_store
from digests.model import Digest, Window
from tests.bot.newsdesk import (
    DAY,
    EIGHT,
    MONDAY,
    NEWS,
    SPORT,
    article,
    event,
    follow,
    mark,
    store_articles,
    subscription,
    told_to,
)
from tests.bot.store.making import HARBOUR, Clock, new_database
from tests.fakes import FakeAdapter, Serving

HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(EIGHT - 2 * HOUR)


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[SqlStore]:
    async with open_store(new_database(tmp_path / "news.db"), clock=clock) as opened:
        await follow(opened)
        yield opened


class Desk:
    """A store with a clock, and what publishing puts into its outbox."""

    def __init__(self, store: SqlStore, clock: Clock) -> None:
        self.store, self.clock, self.adapter, self.grouping = store, clock, FakeAdapter(), Grouping()
        self.seen: list[str] = []

    async def stored(self, at: datetime, *numbers: int) -> None:
        self.clock.now = at
        await store_articles(self.store, at, *(event(number, at) for number in numbers))

    async def told(
        self, at: datetime, key: str, text: str, story: str = "s-quake", title: str = "", outlet: str = HARBOUR.name
    ) -> None:
        self.clock.now = at
        one = article(key, text, title=title, published_at=at, outlet=outlet)
        await store_articles(self.store, at, one, stories={one.article.id: story})

    async def in_a_round(self, at: datetime, key: str, text: str, title: str) -> None:
        """An article is stored by a round that has not put it into a story yet."""
        self.clock.now = at
        one = article(key, text, title=title, published_at=at)
        await self.store.record([Poll(HARBOUR.id, Health(next_poll_at=at), entries=(EntryPrint(key, key),), new=((key, one),))])

    async def tick(self, at: datetime, owner: str = "a", most: int = 100) -> Published:
        self.clock.now = at
        return await publish_due(
            self.store.ledger, self.store, Serving(self.adapter), at, owner, grouping=self.grouping, most=most
        )

    async def posted(self, at: datetime) -> list[str]:
        """The texts that a tick puts into the outbox; they count as sent."""
        await self.tick(at)
        fresh = await self.store.ledger.deliveries(DeliveryState.PENDING)
        for each in fresh:
            fence = await self.store.ledger.take_channel(each.channel, "a", at)
            assert fence is not None
            begun = await self.store.ledger.begin(each, "a", fence, at)
            assert begun is not None
            await self.store.ledger.settle(begun, DeliveryState.SENT, at)
        return [str(each.payload["text"]) for each in fresh]


@pytest.fixture
def desk(store: SqlStore, clock: Clock) -> Desk:
    return Desk(store, clock)


async def test_a_slot_becomes_one_digest(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - HOUR, 1, 2)

    early = await desk.tick(EIGHT - timedelta(seconds=1))
    [run] = (await desk.tick(EIGHT)).runs
    again = await desk.tick(EIGHT + timedelta(minutes=1))

    assert early.runs == again.runs == ()
    assert (run.state, run.key, run.late) == (RunState.COMPOSED, "2024-10-14T08:00", False)
    [message] = await desk.store.ledger.deliveries()
    assert message.channel == NEWS
    assert mark(1) in message.payload["text"]
    assert mark(2) in message.payload["text"]
    assert "No. 1" in message.payload["text"]
    assert "next Tue 15 Oct 08:00" in message.payload["text"] or "next Tue 08:00" in message.payload["text"]


async def test_two_processes_make_one_digest(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - HOUR, 1)

    first, second = await desk.tick(EIGHT, "a"), await desk.tick(EIGHT, "b")

    assert (len(first.runs), len(second.runs)) == (1, 0)
    assert len(await desk.store.ledger.deliveries()) == 1


async def test_what_is_stored_while_a_digest_is_made_comes_with_the_next(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - HOUR, 1)
    first = await desk.posted(EIGHT)
    await desk.stored(EIGHT, 2)

    second = await desk.posted(EIGHT + DAY)

    assert [mark(1) in first[0], mark(2) in first[0]] == [True, False]
    assert [mark(1) in second[0], mark(2) in second[0]] == [False, True]


async def test_an_article_that_dates_itself_far_back_or_ahead_is_not_lost(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    desk.clock.now = EIGHT - HOUR
    ahead = event(3)
    ahead = replace(ahead, article=replace(ahead.article, published_at=None, published_day=(EIGHT + DAY).date()))
    await store_articles(desk.store, EIGHT - HOUR, event(1, EIGHT - 30 * DAY), event(2, EIGHT + HOUR), ahead)

    [text] = await desk.posted(EIGHT)

    assert mark(1) in text
    assert mark(2) in text
    assert mark(3) in text


@pytest.mark.parametrize("topic", ["", "whales"], ids=["news", "nothing on its topic"])
async def test_a_digest_for_which_not_all_was_read_says_so(desk: Desk, topic: str) -> None:
    await desk.store.ledger.add_subscription(subscription(topic=topic))
    await desk.stored(EIGHT - HOUR, 1, 2, 3)
    subscribed = await desk.store.ledger.subscription("news")
    assert subscribed is not None

    looked_at = [await preview(desk.store.ledger, desk.store, subscribed, EIGHT, most=most) for most in (3, 4)]
    await desk.tick(EIGHT, most=3)

    said = "Only the newest 3 articles were read; there may be more."
    assert [said in each.notices for each in looked_at] == [True, False]
    [message] = await desk.store.ledger.deliveries()
    assert said in message.payload["text"]


async def test_missed_slots_become_one_late_digest(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - HOUR, 1)
    await desk.stored(EIGHT + DAY, 2)

    [run] = (await desk.tick(EIGHT + 2 * DAY + HOUR)).runs

    assert (run.key, run.missed, run.late) == ("2024-10-16T08:00", 2, True)
    [message] = await desk.store.ledger.deliveries()
    assert "late" in message.payload["text"]
    assert mark(1) in message.payload["text"]
    assert mark(2) in message.payload["text"]


@pytest.mark.parametrize("rule", list(IfNothing))
async def test_an_empty_digest_is_recorded_and_said_only_if_the_channel_wants_that(desk: Desk, rule: IfNothing) -> None:
    await desk.store.ledger.add_subscription(subscription(if_nothing=rule))
    await desk.stored(EIGHT - HOUR, 1)
    await desk.posted(EIGHT)

    lines = await desk.posted(EIGHT + DAY)

    assert (await desk.store.ledger.runs())[0].state is RunState.EMPTY
    expected = ["Nothing new since 14 Oct 08:00. 1 feed checked, 0 failing. No. 2"]
    assert lines == (expected if rule is IfNothing.POST else [])
    await desk.stored(EIGHT + DAY + HOUR, 2)
    [text] = await desk.posted(EIGHT + 2 * DAY)
    assert "Tue" in text  # its window begins where the empty one ended


async def test_a_preview_in_which_nothing_is_new_looks_back_a_day_and_not_to_just_now(desk: Desk) -> None:
    wanted = subscription(created_at=EIGHT)
    await desk.store.ledger.add_subscription(wanted)
    found = await desk.store.ledger.subscription(wanted.id)
    assert found is not None

    shown = await preview(desk.store.ledger, desk.store, found, EIGHT + HOUR)

    assert shown.window == Window(EIGHT + HOUR - DAY, EIGHT + HOUR)


@pytest.mark.parametrize(
    ("title", "topic", "begins"),
    [
        ("chips", "chips", "Nothing new on “chips” since"),
        ("Morning", "chips", "Nothing new in “Morning” since"),
        ("Morning", "", "Nothing new in “Morning” since"),
        ("News", "", "Nothing new since"),
    ],
    ids=["a topic", "a title and a topic", "a title", "neither"],
)
async def test_nothing_new_says_of_which_digest_of_the_channel(desk: Desk, title: str, topic: str, begins: str) -> None:
    await desk.store.ledger.add_subscription(replace(subscription(topic=topic), title=title))

    [line] = await desk.posted(EIGHT)

    assert line.startswith(begins)
    assert line.endswith(" No. 1")


async def test_a_subscription_gets_what_its_topic_names(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription(topic=mark(1)))
    await desk.stored(EIGHT - HOUR, 1, 2)

    [text] = await desk.posted(EIGHT)

    assert mark(1) in text
    assert mark(2) not in text


async def test_a_topic_may_leave_out_what_has_a_word(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription(topic=f"-{mark(1)}"))
    await desk.stored(EIGHT - HOUR, 1, 2)

    [text] = await desk.posted(EIGHT)

    assert mark(1) not in text
    assert mark(2) in text


async def test_two_subscriptions_of_a_channel_never_show_the_same_article(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription(topic=mark(1)))
    await desk.store.ledger.add_subscription(subscription("all"))
    await desk.stored(EIGHT - HOUR, 1, 2)

    texts = await desk.posted(EIGHT)

    assert sorted((mark(1) in text, mark(2) in text) for text in texts) == [(False, True), (True, False)]


async def test_a_story_comes_back_as_an_update_with_its_new_facts_alone(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    old = "The quake killed 24 people in the valley of the Anvers on Sunday."
    await desk.told(EIGHT - HOUR, "first", old)
    await desk.posted(EIGHT)
    await desk.told(EIGHT + HOUR, "second", f"{old} Soldiers carried tents and water to the upper villages by helicopter.")

    [text] = await desk.posted(EIGHT + DAY)

    assert "UPDATE" in text
    assert "Soldiers carried tents" in text
    assert "killed 24 people" not in text
    assert "1 earlier fact" in text


async def test_a_changed_number_says_what_it_was(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.told(EIGHT - HOUR, "first", "The quake killed 24 people in the valley of the Anvers.")
    await desk.posted(EIGHT)
    await desk.told(EIGHT + HOUR, "second", "The quake killed 31 people in the valley of the Anvers.")

    [text] = await desk.posted(EIGHT + DAY)

    assert "31 people" in text
    assert "(was 24" in text


async def test_how_a_story_goes_on_comes_before_another_that_is_a_little_newer(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.told(EIGHT - HOUR, "first", "The quake killed 24 people in the valley of the Anvers.")
    await desk.posted(EIGHT)
    await desk.told(EIGHT + HOUR, "second", "The quake left 31 houses in the valley of the Anvers in ruins.")
    later = article("other", "A judge in Orsk opened the boathouse of Mirel after 12 years.", published_at=EIGHT + 3 * HOUR)
    await store_articles(desk.store, EIGHT + 3 * HOUR, later)

    [text] = await desk.posted(EIGHT + DAY)

    assert text.index("31 houses") < text.index("Mirel")


async def test_all_that_an_article_told_is_an_earlier_fact_where_one_of_it_goes_on(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    quake, tents = "The quake killed 24 people in the valley of the Anvers.", "Pilots flew 900 tents to Selby on Sunday."
    await desk.told(EIGHT - HOUR, "first", f"{quake} {tents}")
    [first] = await desk.posted(EIGHT)
    await desk.told(EIGHT + HOUR, "second", "The quake left 31 houses in the valley of the Anvers in ruins.")

    [text] = await desk.posted(EIGHT + DAY)

    assert "900 tents" in first
    assert "2 earlier facts" in text


async def test_a_story_that_says_nothing_new_does_not_come_back(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.told(EIGHT - HOUR, "first", "The quake killed 24 people in the valley of the Anvers.")
    await desk.posted(EIGHT)
    await desk.told(EIGHT + HOUR, "second", "In the valley of the Anvers the quake killed 24 people.")

    await desk.tick(EIGHT + DAY)

    assert (await desk.store.ledger.runs())[0].state is RunState.EMPTY


async def test_a_story_is_updated_once_a_day_and_what_came_later_comes_the_next_day(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription(at=(8, 12, 18)))
    await desk.told(EIGHT - HOUR, "first", "The quake killed 24 people in the valley of the Anvers.")
    new = await desk.posted(EIGHT)
    await desk.told(EIGHT + HOUR, "second", "Soldiers carried tents and water up the valley by helicopter.")
    update = await desk.posted(EIGHT + 4 * HOUR)
    await desk.told(EIGHT + 5 * HOUR, "third", "Engineers closed the cracked dam of the valley for an inspection.")

    evening = await desk.posted(EIGHT + 10 * HOUR)
    morning = await desk.posted(EIGHT + DAY)

    assert "UPDATE" not in new[0]
    assert "UPDATE" in update[0]
    assert "Nothing new" in evening[0]
    assert "Engineers closed" in morning[0]
    assert "Soldiers" not in morning[0]


async def test_an_update_counts_outlets_by_what_came_since_the_digest_before(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.told(EIGHT - HOUR, "first", "The quake killed 24 people in the valley of the Anvers.")
    await desk.posted(EIGHT)
    for number in range(40):
        await desk.told(
            EIGHT + HOUR, f"fire {number}", f"A fire killed {number + 3} people in {mark(number)}.", f"s-fire-{number}"
        )
    headline = "Soldiers carry tents into the valley"
    await desk.told(EIGHT + HOUR, "second", "They came on Monday.", title=headline, outlet="Hill Times")
    crowded = await desk.posted(EIGHT + DAY)
    dam = "Engineers closed the cracked dam of the valley on Tuesday. Surgeons treated 90 people of the valley on Tuesday."
    later = EIGHT + DAY + HOUR
    await desk.told(later, "third", dam, title="Engineers close the cracked dam of the valley", outlet="Dale News")

    [text] = await desk.posted(EIGHT + 2 * DAY)

    assert "Soldiers" not in "".join((*crowded, text))
    assert "Surgeons treated 90" in text
    assert "1 earlier fact\n" in text


async def test_a_one_liner_is_no_update_the_next_day(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - HOUR, *range(30))
    first = await desk.posted(EIGHT)

    second = await desk.posted(EIGHT + DAY)

    assert sum(mark(number) in first[0] for number in range(30)) > 10
    assert "Nothing new" in second[0]


async def test_a_paused_subscription_gets_nothing_and_is_not_owed_it(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.store.ledger.pause_subscription("news")
    paused = await desk.tick(EIGHT)
    await desk.store.ledger.resume_subscription("news", EIGHT + HOUR)

    assert paused.runs == ()
    assert (await desk.tick(EIGHT + HOUR)).runs == ()
    assert len((await desk.tick(EIGHT + DAY)).runs) == 1


async def test_a_channel_that_is_not_served_here_is_left_to_others(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription("news", NEWS))
    await desk.store.ledger.add_subscription(subscription("sport", SPORT))
    serving = Serving(desk.adapter, without=[NEWS])

    published = await publish_due(desk.store.ledger, desk.store, serving, EIGHT, "a")

    assert [run.subscription for run in published.runs] == ["sport"]
    assert [(each.subscription.id, why) for each, why in published.unserved] == [("news", "slack:T1/C1 is not served here.")]
    assert [run.subscription for run in (await desk.tick(EIGHT + HOUR)).runs] == ["news"]


class Breaking(FakeAdapter):
    """Cannot draw some channel's digest: a bug of ours."""

    def render(self, digest: Digest) -> list[dict[str, object]]:
        if digest.title == "News":
            raise ZeroDivisionError
        return super().render(digest)


async def test_a_bug_with_one_subscription_stops_no_other_and_is_said_in_the_end(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription("news", NEWS))
    await desk.store.ledger.add_subscription(subscription("sport", SPORT))
    await desk.stored(EIGHT - HOUR, 1)
    desk.adapter = Breaking()

    first = await desk.tick(EIGHT)
    rounds: list[Run] = []
    for minutes in range(1, 20):
        rounds += (await desk.tick(EIGHT + timedelta(minutes=minutes))).runs
    desk.adapter = FakeAdapter()
    [following] = [run for run in (await desk.tick(EIGHT + DAY)).runs if run.subscription == "news"]

    assert [run.subscription for run in first.runs] == ["sport"]
    assert len(first.bugs) == 1
    [failed] = rounds
    assert (failed.state, failed.error) == (RunState.FAILED, "ZeroDivisionError while making it: a bug of this program")
    assert (following.state, following.missed, following.late) == (RunState.COMPOSED, 1, True)


async def test_a_digest_that_cannot_leave_for_half_its_period_is_made_anew_as_one(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - HOUR, 1)
    await desk.tick(EIGHT)
    await desk.stored(EIGHT + HOUR, 2)

    [anew] = (await desk.tick(EIGHT + 6 * HOUR)).runs

    assert (anew.key, anew.late) == ("2024-10-14T08:00", True)
    [waits] = await desk.store.ledger.deliveries(DeliveryState.PENDING)
    assert mark(1) in waits.payload["text"]
    assert mark(2) in waits.payload["text"]


async def test_a_digest_of_a_dead_process_is_made_by_the_next(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - HOUR, 1)
    [subscribed] = await desk.store.ledger.subscriptions()

    async def die(point: str) -> None:
        if point == "after claim":
            raise InterruptedError

    dying = await publish_due(desk.store.ledger, desk.store, Serving(desk.adapter), EIGHT, "a", points=die)
    soon, later = await desk.tick(EIGHT + HOUR / 60, "b"), await desk.tick(EIGHT + HOUR / 20, "b")

    assert subscribed.last is None
    assert dying.runs == soon.runs == ()
    assert [run.state for run in later.runs] == [RunState.COMPOSED]


async def test_every_step_of_publishing_is_named(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    reached: list[str] = []

    async def note(point: str) -> None:
        reached.append(point)

    await publish_due(desk.store.ledger, desk.store, Serving(desk.adapter), EIGHT, "a", points=note)

    assert set(reached) == set(around(PUBLISHING)) - set(around(("take over", "abandon")))


async def test_a_digest_that_a_person_asks_for_closes_its_window(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - 2 * HOUR, 1)
    at = EIGHT - HOUR

    run = await publish_now(desk.store.ledger, desk.store, Serving(desk.adapter), "news", at, "a")
    [extra] = await desk.posted(at)
    await desk.stored(EIGHT - HOUR / 2, 2)
    [due] = await desk.posted(EIGHT)

    assert run is not None
    assert run.key.startswith("now-")
    assert mark(1) in extra
    assert [mark(1) in due, mark(2) in due] == [False, True]
    assert await publish_now(desk.store.ledger, desk.store, Serving(desk.adapter), "none", at, "a") is None


async def test_a_preview_shows_the_next_digest_and_leaves_no_trace(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - HOUR, 1)
    [subscribed] = await desk.store.ledger.subscriptions()

    shown = await preview(desk.store.ledger, desk.store, subscribed, EIGHT)

    assert [mark(1) in story.title for story in shown.stories] == [True]
    assert shown.number is None
    assert await desk.store.ledger.runs() == []
    assert await told_to(desk.store.ledger, NEWS) == []
    [text] = await desk.posted(EIGHT)
    assert mark(1) in text
    assert "No. 1" in text


async def test_the_preview_of_a_new_subscription_shows_what_its_sources_had_and_posts_none_of_it(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    desk.clock.now = EIGHT - HOUR
    await store_articles(desk.store, EIGHT - HOUR, event(1, EIGHT - 2 * HOUR), backlog=True)
    [subscribed] = await desk.store.ledger.subscriptions()

    shown = await preview(desk.store.ledger, desk.store, subscribed, EIGHT)

    assert [mark(1) in story.title for story in shown.stories] == [True]
    assert "will not be posted" in shown.notices[0]
    assert not any(mark(1) in text for text in await desk.posted(EIGHT))


async def test_the_preview_of_a_topic_of_which_the_sources_had_nothing_says_just_that(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription(topic="tsunami"))
    desk.clock.now = EIGHT - HOUR
    await store_articles(desk.store, EIGHT - HOUR, event(1, EIGHT - 2 * HOUR), backlog=True)
    [subscribed] = await desk.store.ledger.subscriptions()

    shown = await preview(desk.store.ledger, desk.store, subscribed, EIGHT)

    assert (shown.stories, shown.also, shown.notices) == ((), (), ())


async def test_a_clock_that_is_set_back_neither_repeats_nor_loses(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    await desk.stored(EIGHT - HOUR, 1)
    await desk.posted(EIGHT)
    await desk.stored(MONDAY, 2)

    again = await desk.posted(EIGHT)
    [text] = await desk.posted(EIGHT + DAY)

    assert again == []
    assert [mark(1) in text, mark(2) in text] == [False, True]


async def test_channels_of_other_platforms_get_the_same_words(desk: Desk) -> None:
    for number, written in enumerate(("console", "webhook:team", "discord:1/2")):
        await desk.store.ledger.add_subscription(subscription(f"s{number}", Channel.parse(written)))
    await desk.stored(EIGHT - HOUR, 1)

    texts = await desk.posted(EIGHT)

    assert [mark(1) in text for text in texts] == [True] * 3


async def test_what_a_round_stored_and_has_not_put_into_a_story_yet_comes_as_what_its_story_is(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    sank = "The ferry Aurora sank off Skagen on Monday, and 24 people died."
    title = "Ferry Aurora sinks off Skagen, 24 people die"
    await desk.in_a_round(EIGHT - HOUR, "first", f"{sank} Divers searched the wreck of the ferry Aurora.", title)
    await desk.in_a_round(EIGHT - HOUR, "second", f"{sank} The owner of the ferry Aurora regretted the deaths.", title)

    [first] = await desk.posted(EIGHT)
    charged = "Prosecutors in Aalborg charged Tom Reed, 61, with manslaughter."
    await desk.in_a_round(EIGHT + DAY - HOUR, "third", f"{sank} {charged}", title)
    [second] = await desk.posted(EIGHT + DAY)

    assert "1 story" in first
    assert "UPDATE" in second
    assert charged.rstrip(".") in second
    assert "24 people died" not in second


async def test_a_story_whose_new_facts_cannot_stand_alone_does_not_come_back_with_its_old_headline(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    sank, title = (
        "The ferry Aurora sank off Skagen on Monday, and 24 people died.",
        "Ferry Aurora sinks off Skagen, 24 people die",
    )
    await desk.in_a_round(EIGHT - HOUR, "first", f"{sank} Divers searched the wreck of the ferry Aurora.", title)
    [first] = await desk.posted(EIGHT)
    await desk.in_a_round(EIGHT + DAY - HOUR, "second", f"{sank} The judge questioned the captain about the pilot.", title)

    [second] = await desk.posted(EIGHT + DAY)

    assert title in first
    assert "Aurora" not in second


async def test_an_article_that_no_story_takes_in_is_posted_all_the_same(desk: Desk) -> None:
    await desk.store.ledger.add_subscription(subscription())
    desk.clock.now = EIGHT - HOUR
    old = article("old", "The council of Ashby approves a bridge for 12 million pounds.", published_at=EIGHT - 30 * DAY)
    await desk.store.record(
        [Poll(HARBOUR.id, Health(next_poll_at=EIGHT), entries=(EntryPrint("old", "old"),), new=(("old", old),))]
    )

    [text] = await desk.posted(EIGHT)

    assert "12 million pounds" in text
