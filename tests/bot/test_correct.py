"""Corrections: what a source changed of what was posted is said once, in the message, under it and above the next digest."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, update

from bot.correct import Corrected, correct_posted, held
from bot.deliver import Delivered, deliver
from bot.errors import MessageGone, OutcomeUnknown, Rejected
from bot.model import Abilities, Channel, DeliveryKind, DeliveryState, IfNothing, RunState, Space
from bot.publish import publish_due
from bot.steps import CORRECTING, around
from bot.store import SqlStore, migrate, open_store
from bot.store.tables import correction, digest
from bot.watch import observed
from digests.stories import Change, Happened
from tests.bot.newsdesk import (
    DAY,
    EIGHT,
    NEWS,
    SPORT,
    article,
    complete_articles,
    follow,
    revise_articles,
    store_articles,
    subscription,
    told_to,
)
from tests.bot.store.making import Clock
from tests.fakes import FakeAdapter, Serving, Waits

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ABLE = Abilities(edit=True, thread=True, look_up=True, ids=True)
BARE = Abilities()
SANK = "The ferry Aurora sank off Skagen on Sunday, and {} people died."
CLOSED = "The harbour of Skagen is closed until further notice because of wreckage."
TITLE = "Harbour of Skagen is closed because of wreckage"
QUIET = "Nothing else is new"


@pytest.fixture
def clock() -> Clock:
    return Clock(EIGHT - HOUR)


@pytest.fixture
async def store(database: str, clock: Clock) -> AsyncIterator[SqlStore]:
    if database.startswith("postgres"):
        await migrate(database)
    async with open_store(database, clock=clock) as opened:
        await follow(opened)
        yield opened


class Desk:
    """A channel that was posted a digest with a toll of 24, and a source that changes it."""

    def __init__(self, store: SqlStore, clock: Clock, adapter: FakeAdapter) -> None:
        self.store, self.ledger, self.clock, self.adapter = store, store.ledger, clock, adapter

    async def posted(self, *paragraphs: str, title: str = TITLE, if_nothing: IfNothing = IfNothing.POST) -> None:
        await self.ledger.add_subscription(subscription(if_nothing=if_nothing))
        await self.composed(*paragraphs, title=title)
        await self.delivered()

    async def composed(self, *paragraphs: str, title: str = TITLE) -> None:
        self.clock.now = EIGHT - HOUR
        text = "\n\n".join(paragraphs or (SANK.format(24), CLOSED))
        await store_articles(self.store, self.clock.now, article("toll", text, title=title))
        await self.published(EIGHT)

    async def revised(self, *paragraphs: str, title: str = TITLE, key: str = "toll") -> None:
        await revise_articles(self.store, self.clock.now, article(key, "\n\n".join(paragraphs), title=title))

    async def toll(self, number: object) -> Corrected:
        """The source gives another toll, and the bot looks."""
        await self.revised(SANK.format(number), CLOSED)
        return await self.looked()

    async def looked(self, adapter: FakeAdapter | None = None) -> Corrected:
        return await correct_posted(self.ledger, Serving(adapter or self.adapter), self.clock.now)

    async def joined(self, other: str) -> None:
        """The story that was told joins another one."""
        [mine] = {fact.story for fact in await told_to(self.ledger, NEWS)}
        moved = (article("toll", "").article.id,)
        await self.store.assign_stories({}, self.clock.now, changes=[Change(Happened.JOINED, mine, other, moved, 0.4, 0.2)])

    async def published(self, at: datetime) -> None:
        self.clock.now = at
        await publish_due(self.ledger, self.store, Serving(self.adapter), at, "a")

    async def delivered(self) -> Delivered:
        return await deliver(self.ledger, Serving(self.adapter), self.clock, "a", wait=Waits())

    async def next_digest(self, at: datetime = EIGHT + DAY) -> str:
        """What a digest that falls due says; "" when none is posted."""
        seen = len(self.adapter.posted)
        await self.published(at)
        await self.delivered()
        return "\n".join(message.text for message in self.adapter.posted[seen:] if message.thread is None)

    @property
    def channel(self) -> list[str]:
        return [message.text for message in self.adapter.posted if message.thread is None]

    @property
    def lines(self) -> list[str]:
        """What stands in the thread of the first message."""
        return [message.text for message in self.adapter.posted if message.thread == self.adapter.posted[0].id]

    async def kinds(self) -> list[DeliveryKind]:
        return sorted(each.kind for each in await self.ledger.deliveries() if each.kind is not DeliveryKind.POST)


@pytest.fixture
def desk(store: SqlStore, clock: Clock) -> Desk:
    return Desk(store, clock, FakeAdapter(abilities=ABLE))


@pytest.fixture
def bare(store: SqlStore, clock: Clock) -> Desk:
    """The same where nothing can be edited or answered."""
    return Desk(store, clock, FakeAdapter(abilities=BARE))


async def test_a_correction_of_a_digest_that_this_version_cannot_read_waits_for_the_next_digest(desk: Desk) -> None:
    await desk.posted()
    spoilt = update(digest).values(line=func.replace(digest.c.line, '"UTC"', '"Nowhere/Gone"'))
    await desk.ledger._database.write(lambda connection: connection.execute(spoilt).rowcount)

    corrected = await desk.toll(17)
    await desk.delivered()

    assert (corrected.bugs, len(corrected.said)) == ((), 1)
    assert "24 people" in await desk.next_digest()


async def test_a_waiting_correction_that_this_version_cannot_read_stops_neither_a_digest_nor_the_next_correction(
    bare: Desk, lines: io.StringIO
) -> None:
    await bare.posted()
    await bare.toll(17)
    spoilt = update(correction).values(line="[]")
    await bare.ledger._database.write(lambda connection: connection.execute(spoilt).rowcount)

    following = await bare.next_digest()
    corrected = await bare.toll(19)
    after = await bare.next_digest(EIGHT + 2 * DAY)

    assert QUIET not in following
    assert "Nothing new" in following
    assert "warning correction_illegible number=1 error=" in lines.getvalue()
    assert (corrected.bugs, len(corrected.said)) == ((), 1)
    assert 'now has "19 people"' in after


async def test_a_changed_number_is_edited_answered_and_told_by_the_next_digest_once(desk: Desk) -> None:
    await desk.posted()

    corrected = await desk.toll(17)
    await desk.delivered()
    again = await desk.looked()
    following = await desk.next_digest()
    after = await desk.next_digest(EIGHT + 2 * DAY)

    [said] = corrected.said
    assert [(each.posted, each.now) for each in said.corrections] == [("24 people", "17 people")]
    assert (said.edits, said.lines, again) == (1, 1, Corrected())
    assert '17 people died (corrected: we posted "24 people")' in desk.channel[0]
    told = f'Correction to Mon 14 Oct · {TITLE}: The Harbour Post now has "17 people"; we posted "24 people"'
    assert desk.lines == [f"{told} · The Harbour Post, 14 Oct"]
    assert told in following
    assert QUIET in following
    assert "1 correction" in following
    assert "orrection" not in after
    assert await desk.kinds() == [DeliveryKind.EDIT, DeliveryKind.REPLY]
    assert await desk.ledger.correction_counts() == (1, 0)
    assert await desk.ledger.correction_counts(Space.of(NEWS)) == (1, 0)
    assert await desk.ledger.correction_counts(Space("slack", "T9")) == (0, 0)


async def test_where_nothing_can_be_edited_the_next_digest_alone_tells_it(bare: Desk) -> None:
    await bare.posted()

    await bare.toll(17)
    await bare.delivered()
    following = await bare.next_digest()

    assert "24 people died" in bare.channel[0]
    assert await bare.kinds() == []
    assert 'now has "17 people"; we posted "24 people"' in following


async def test_a_place_that_edits_but_has_no_threads_edits_and_says_no_line(store: SqlStore, clock: Clock) -> None:
    desk = Desk(store, clock, FakeAdapter(abilities=Abilities(edit=True, ids=True)))
    await desk.posted()

    await desk.toll(17)
    await desk.delivered()

    assert "17 people died" in desk.channel[0]
    assert len(desk.adapter.posted) == 1


async def test_a_withdrawn_fact_stays_with_a_mark_and_is_no_number_to_compare_with(desk: Desk) -> None:
    await desk.posted()

    await desk.revised(CLOSED, "This article was amended on 14 October. An earlier version said 24 people died on the Aurora.")
    await desk.looked()
    await desk.delivered()
    later = article("later", SANK.format(31))
    await store_articles(
        desk.store, EIGHT + HOUR, later, stories={later.article.id: (await told_to(desk.ledger, NEWS))[0].story}
    )
    following = await desk.next_digest()

    assert "24 people died (withdrawn by The Harbour Post)" in desk.channel[0]
    assert "The Harbour Post has withdrawn it; we posted" in desk.lines[0]
    assert "has withdrawn it; we posted" in following
    assert "31 people died" in following
    assert "(was 24" not in following


@pytest.mark.parametrize(
    "paragraphs",
    [
        (CLOSED, SANK.format(24)),
        (SANK.format(24).replace("died", "drowned"), CLOSED),
        (CLOSED,),
        (SANK.format("twenty-four"), CLOSED),
    ],
    ids=["moved", "reworded", "dropped", "in words"],
)
async def test_what_only_reads_otherwise_is_not_said(desk: Desk, paragraphs: tuple[str, ...]) -> None:
    await desk.posted()

    await desk.revised(*paragraphs)

    assert await desk.looked() == Corrected()
    assert await desk.ledger.outdated() == []
    assert await desk.kinds() == []
    assert "orrection" not in await desk.next_digest()


async def test_a_page_that_is_read_late_is_no_change_of_its_source(desk: Desk) -> None:
    await desk.posted()

    await complete_articles(desk.store, desk.clock.now, article("toll", f"{SANK.format(17)}\n\n{CLOSED}", title=TITLE))
    late, changed = await desk.looked(), await desk.toll(12)

    assert late == Corrected()
    [said] = changed.said
    assert [(each.posted, each.now) for each in said.corrections] == [("24 people", "12 people")]


async def test_revised_twice_each_change_is_said_once_and_quotes_what_the_channel_was_told_last(desk: Desk) -> None:
    await desk.posted()

    await desk.toll(17)
    await desk.delivered()
    following = await desk.next_digest()
    await desk.toll(19)
    await desk.delivered()
    after = await desk.next_digest(EIGHT + 2 * DAY)

    assert [line.partition(": ")[2].partition(" ·")[0] for line in desk.lines] == [
        'The Harbour Post now has "17 people"; we posted "24 people"',
        'The Harbour Post now has "19 people"; we posted "17 people"',
    ]
    assert '19 people died (corrected: we posted "24 people")' in desk.channel[0]
    assert 'now has "17 people"; we posted "24 people"' in following
    assert 'now has "19 people"; we posted "17 people"' in after


async def test_revised_twice_between_two_digests_the_next_one_tells_it_as_one(bare: Desk) -> None:
    await bare.posted()

    await bare.toll(17)
    await bare.toll(19)
    following = await bare.next_digest()

    assert 'now has "19 people"; we posted "24 people"' in following
    assert "1 correction" in following
    assert "17 people" not in following


async def test_what_was_changed_and_then_withdrawn_is_withdrawn_in_the_words_that_were_posted(bare: Desk) -> None:
    await bare.posted()

    await bare.toll(17)
    await bare.revised(CLOSED, "This article was amended: an earlier version said that 17 people died on the Aurora.")
    await bare.looked()
    following = await bare.next_digest()

    assert "1 correction" in following
    assert 'has withdrawn it; we posted "The ferry Aurora sank off Skagen, and 24 people died"' in following


async def test_what_was_put_back_before_the_next_digest_is_not_told_by_it(bare: Desk) -> None:
    await bare.posted(if_nothing=IfNothing.SILENT)

    await bare.toll(17)
    await bare.toll(24)

    assert await bare.next_digest() == ""


async def test_a_correction_is_posted_though_the_channel_wants_to_hear_nothing_when_nothing_is_new(bare: Desk) -> None:
    await bare.posted(if_nothing=IfNothing.SILENT)

    await bare.toll(17)

    assert "Correction to" in await bare.next_digest()
    assert [run.state for run in await bare.ledger.runs()] == [RunState.EMPTY, RunState.COMPOSED]


async def test_the_corrected_number_is_what_later_digests_compare_with(desk: Desk) -> None:
    await desk.posted()
    await desk.toll(17)
    await desk.delivered()
    [fact] = [each for each in await told_to(desk.ledger, NEWS) if "17 people" in each.text]
    same = article("same", "The ferry Aurora sank off Skagen on Sunday, and 17 people died.", title="")
    more = article("more", "The ferry Aurora sank off Skagen on Sunday, and 21 people died.", title="")

    await store_articles(desk.store, EIGHT + HOUR, same, stories={same.article.id: fact.story})
    following = await desk.next_digest()
    await store_articles(desk.store, EIGHT + DAY, more, stories={more.article.id: fact.story})
    after = await desk.next_digest(EIGHT + 2 * DAY)

    assert "UPDATE" not in following
    assert "21 people died (was 17 on Sun 13 Oct)" in after


async def test_two_channels_are_told_each_and_a_channel_that_is_not_served_is_left_to_others(desk: Desk) -> None:
    await desk.ledger.add_subscription(subscription("sport", SPORT))
    await desk.posted()
    await desk.revised(SANK.format(17), CLOSED)

    here = await correct_posted(desk.ledger, Serving(desk.adapter, without=[SPORT]), EIGHT)
    there = await desk.looked()

    assert [said.about.channel for said in here.said] == [NEWS]
    assert [said.about.channel for said in there.said] == [SPORT]


async def test_two_digests_of_a_channel_tell_a_correction_once(bare: Desk) -> None:
    await bare.posted()
    await bare.ledger.add_subscription(subscription("more"))
    await bare.toll(17)

    following = await bare.next_digest()

    assert following.count('we posted "24 people"') == 1


async def test_many_processes_at_once_say_it_once(desk: Desk) -> None:
    await desk.posted()
    await desk.revised(SANK.format(17), CLOSED)

    rounds = await asyncio.gather(*(desk.looked() for _ in range(5)))
    await desk.delivered()

    assert [len(each.said) for each in rounds if each.said] == [1]
    assert await desk.kinds() == [DeliveryKind.EDIT, DeliveryKind.REPLY]
    assert len(desk.lines) == 1


async def test_what_concerns_a_message_that_is_not_sent_yet_waits_for_it(desk: Desk) -> None:
    await desk.ledger.add_subscription(subscription())
    await desk.composed()
    desk.adapter.fail_next(OutcomeUnknown("No answer."), stored=True)
    await desk.toll(17)

    await desk.delivered()
    before = [message.text for message in desk.adapter.posted]
    desk.clock.now += MINUTE
    await desk.delivered()  # the platform is asked, and has it

    assert len(before) == 1
    assert "24 people died" in before[0]
    assert "17 people died" in desk.channel[0]
    assert len(desk.lines) == 1


async def test_a_digest_that_never_arrived_is_not_corrected_by_the_next_one(bare: Desk) -> None:
    await bare.ledger.add_subscription(subscription())
    await bare.composed()
    bare.adapter.fail_next(MessageGone("The thread is gone."))
    await bare.delivered()

    await bare.toll(17)

    assert "orrection" not in await bare.next_digest()


async def test_a_digest_that_is_made_anew_takes_its_corrections_back(desk: Desk) -> None:
    await desk.ledger.add_subscription(subscription())
    await desk.composed()
    await desk.toll(17)

    following = await desk.next_digest()  # nothing left in time, so that this one makes up for it

    assert "17 people died" in following
    assert "orrect" not in following
    assert desk.lines == []
    assert await desk.ledger.correction_counts() == (0, 0)


async def test_a_message_that_is_gone_ends_it_quietly_and_the_next_digest_tells_it(desk: Desk) -> None:
    await desk.posted()
    await desk.toll(17)
    desk.adapter.fail_next(MessageGone("Somebody deleted it."))
    desk.adapter.fail_next(MessageGone("Somebody deleted it."))

    settled = (await desk.delivered()).settled

    assert [each.state for each in settled] == [DeliveryState.REPLACED] * 2
    assert (await desk.ledger.delivery_counts())[DeliveryState.FAILED] == 0
    assert 'we posted "24 people"' in await desk.next_digest()


async def test_a_line_in_doubt_is_not_taken_for_the_digest_that_it_answers(desk: Desk) -> None:
    await desk.posted()
    await desk.toll(17)
    asked: list[int | None] = []

    class Silent(FakeAdapter):
        async def post(self, *_, **__):
            raise OutcomeUnknown("No answer.")

        async def look_up(self, *_, number, **__):
            asked.append(number)

    desk.adapter = Silent(abilities=ABLE)
    await desk.delivered()
    desk.clock.now += MINUTE
    await desk.delivered()

    assert asked == [None]  # a look by the number that the digest shows would find the digest


async def test_a_message_that_goes_out_in_its_plain_form_after_all_is_answered_and_not_edited(desk: Desk) -> None:
    await desk.ledger.add_subscription(subscription())
    await desk.composed()
    await desk.toll(17)  # the edit has the form that is about to be refused
    desk.adapter.fail_next(Rejected("invalid_blocks"))

    await desk.delivered()

    assert "24 people died" in desk.channel[0]
    assert len(desk.lines) == 1
    assert await desk.ledger.deliveries(DeliveryState.PENDING, DeliveryState.FAILED) == []


async def test_a_message_that_went_out_in_its_plain_form_is_edited_in_that_form(store: SqlStore, clock: Clock) -> None:
    desk = Desk(store, clock, FakeAdapter(abilities=replace(ABLE, controls=True)))
    await desk.ledger.add_subscription(subscription())
    await desk.composed()
    desk.adapter.fail_next(Rejected("invalid_blocks"))
    await desk.delivered()

    await desk.toll(17)
    await desk.delivered()

    assert "17 people died" in desk.channel[0]
    assert desk.adapter.posted[0].payload["controls"] is False


async def test_only_the_message_that_reads_otherwise_is_edited(store: SqlStore, clock: Clock) -> None:
    desk = Desk(store, clock, FakeAdapter(abilities=ABLE, items_per_message=1))
    clock.now = EIGHT - HOUR
    other = article("bridge", "Council approves a bridge for 12 million pounds.", title="Council approves a bridge")
    await store_articles(store, clock.now, other)
    await desk.posted()
    assert len(desk.adapter.posted) == 2

    corrected = await desk.toll(17)
    await desk.delivered()

    assert [said.edits for said in corrected.said] == [1]
    assert sum("17 people died" in message.text for message in desk.adapter.posted[:2]) == 1


async def test_a_digest_that_would_take_another_number_of_messages_is_not_edited(desk: Desk) -> None:
    await desk.posted()

    class Wordy(FakeAdapter):
        def render(self, digest):
            parts = super().render(digest)
            return parts * 2 if "17 people died" in parts[0]["text"] else parts

    await desk.revised(SANK.format(17), CLOSED)
    corrected = await desk.looked(Wordy(abilities=ABLE))

    assert [(said.edits, said.lines) for said in corrected.said] == [(0, 1)]


async def test_what_a_reader_saw_twice_is_corrected_in_one_line(desk: Desk) -> None:
    title, now = (f"{number} people died off Skagen, harbour is closed after wreckage" for number in (24, 17))
    await desk.posted(SANK.format(24), CLOSED, title=title)
    before = desk.channel[0]

    await desk.revised(SANK.format(17), CLOSED, title=now)
    await desk.looked()
    await desk.delivered()

    assert ("24 people died off" in before, "and 24 people died" in before) == (True, True)
    assert '17 people died off Skagen, harbour is closed after wreckage (corrected: we posted "24 people")' in desk.channel[0]
    assert '17 people died (corrected: we posted "24 people")' in desk.channel[0]
    assert len(desk.lines) == 1
    assert "1 correction" in await desk.next_digest()


async def test_a_headline_above_a_sentence_that_stands_is_corrected_too(desk: Desk) -> None:
    title, now = (f"Ferry Aurora sank off Skagen in heavy storm, {number} died" for number in (24, 17))
    lead = "The ferry Aurora sank off Skagen in a heavy storm and divers were sent out."
    died = "In all {} passengers and seamen died, the navy said in the evening."
    await desk.posted(lead, died.format(24), title=title)
    assert title in desk.channel[0]
    assert lead.removesuffix(".") not in desk.channel[0]  # the headline stands for it

    await desk.revised(lead, died.format(17), title=now)
    await desk.looked()
    await desk.delivered()

    assert f'{now} (corrected: we posted "24 died")' in desk.channel[0]
    assert "In all 17 passengers and seamen died, the navy said in the evening (corrected: we posted" in desk.channel[0]
    assert len(desk.lines) == 1


async def test_what_a_headline_hid_is_kept_in_mind_and_not_said(desk: Desk) -> None:
    sank = "The ferry Aurora sank off Skagen on Sunday with {} cars."
    await desk.posted(sank.format(24), CLOSED, title="Ferry Aurora sank off Skagen on Sunday")
    assert "24 cars" not in desk.channel[0]

    await desk.revised(sank.format(17), CLOSED, title="Ferry Aurora sank off Skagen on Sunday")
    corrected = await desk.looked()

    assert corrected.said == ()
    assert await desk.kinds() == []
    assert any("17 cars" in fact.text for fact in await told_to(desk.ledger, NEWS))


async def test_a_headline_is_quoted_where_it_stood_for_what_was_withdrawn(desk: Desk) -> None:
    title = "Ferry Aurora sank off Skagen on Sunday"
    await desk.posted("The ferry Aurora sank off Skagen on Sunday with 24 cars.", title=title)

    await desk.revised("This story has been withdrawn by The Harbour Post.", title=title)
    await desk.looked()
    await desk.delivered()

    assert f'The Harbour Post has withdrawn it; we posted "{title}"' in desk.lines[0]
    assert f"{title} (withdrawn by The Harbour Post)" in desk.channel[0]


async def test_a_removed_subscription_leaves_nothing_to_edit(desk: Desk) -> None:
    await desk.posted()
    await desk.ledger.remove_subscription("news")

    corrected = await desk.toll(17)

    assert [(said.edits, said.lines) for said in corrected.said] == [(0, 0)]


async def test_a_bug_with_one_article_stops_no_other(desk: Desk) -> None:
    await desk.ledger.add_subscription(subscription("sport", SPORT))
    await desk.posted()
    await desk.revised(SANK.format(17), CLOSED)

    class Broken(FakeAdapter):
        def render(self, digest):
            raise ZeroDivisionError

    class Some:
        def of(self, channel: Channel) -> FakeAdapter:
            return Broken() if channel == NEWS else desk.adapter

    corrected = await correct_posted(desk.ledger, Some(), EIGHT)

    assert [said.about.channel for said in corrected.said] == [SPORT]
    assert [(about.channel, type(bug)) for about, bug in corrected.bugs] == [(NEWS, ZeroDivisionError)]
    assert len((await desk.looked()).said) == 1


async def test_a_source_that_changes_while_its_digest_is_made_is_corrected_all_the_same(desk: Desk) -> None:
    await desk.ledger.add_subscription(subscription())
    await store_articles(desk.store, desk.clock.now, article("toll", f"{SANK.format(24)}\n\n{CLOSED}", title=TITLE))
    desk.clock.now = EIGHT

    async def changes(point: str) -> None:
        if point == "after make":
            await desk.revised(SANK.format(17), CLOSED)

    await publish_due(desk.ledger, desk.store, Serving(desk.adapter), EIGHT, "a", points=changes)
    corrected = await desk.looked()

    assert [(each.posted, each.now) for each in corrected.said[0].corrections] == [("24 people", "17 people")]


async def test_a_source_that_changes_while_it_is_held_against_what_was_posted_is_looked_at_again(desk: Desk) -> None:
    await desk.posted()
    await desk.revised(SANK.format(17), CLOSED)

    async def changes(point: str) -> None:
        if point == "after hold":
            await desk.revised(SANK.format(19), CLOSED)

    overtaken = await correct_posted(desk.ledger, Serving(desk.adapter), EIGHT, points=changes)
    corrected = await desk.looked()

    assert overtaken == Corrected()
    assert [(each.posted, each.now) for each in corrected.said[0].corrections] == [("24 people", "19 people")]


async def test_what_was_held_against_a_revision_is_recorded_once(desk: Desk) -> None:
    await desk.posted()
    await desk.revised(SANK.format(17), CLOSED)
    [about] = await desk.ledger.outdated()
    revised = await desk.ledger.revised(about)
    assert revised is not None
    made, _ = held(replace(revised, digest=None), desk.adapter, EIGHT)

    first = await desk.ledger.correct(revised, made, EIGHT)
    second = await desk.ledger.correct(revised, made, EIGHT)

    assert (first, second) == (True, False)
    assert await desk.kinds() == [DeliveryKind.REPLY]  # without the digest nothing can be edited
    assert await desk.ledger.correction_counts() == (1, 1)


async def test_two_articles_of_a_message_that_change_at_once_are_both_corrected_in_it(desk: Desk) -> None:
    desk.clock.now = EIGHT - HOUR
    bridge = "The council of Selby approves a bridge across the river for {} million pounds."
    await store_articles(desk.store, desk.clock.now, article("bridge", bridge.format(12)))
    await desk.posted()
    await desk.revised(SANK.format(17), CLOSED)
    await desk.revised(bridge.format(21), key="bridge", title="")

    both = [await desk.ledger.revised(about) for about in await desk.ledger.outdated()]
    recorded = [await desk.ledger.correct(one, held(one, desk.adapter, EIGHT)[0], EIGHT) for one in both if one]
    rest = await desk.looked()
    await desk.delivered()

    assert recorded == [True, False]  # the message was edited for the first meanwhile
    assert len(rest.said) == 1
    assert "17 people died" in desk.channel[0]
    assert "21 million pounds (corrected" in desk.channel[0]


async def test_a_paused_channel_is_not_edited_until_it_goes_on(desk: Desk) -> None:
    await desk.posted()
    await desk.ledger.pause_subscription("news")
    await desk.toll(17)

    await desk.delivered()
    paused = desk.channel[0]
    await desk.ledger.resume_subscription("news", EIGHT)
    await desk.delivered()

    assert "24 people died" in paused
    assert "17 people died" in desk.channel[0]


async def test_what_waits_for_a_message_that_failed_raises_no_alarm_of_its_own_and_is_forgotten_with_it(desk: Desk) -> None:
    await desk.ledger.add_subscription(subscription())
    await desk.composed()
    desk.adapter.fail_next(MessageGone("The thread is gone."))
    await desk.delivered()
    await desk.toll(17)

    seen = await observed(desk.store, desk.ledger, desk.store.beats, EIGHT + HOUR)
    made, waiting = await desk.ledger.correction_counts()
    await desk.store.beats.forget_messages(EIGHT + 400 * DAY)

    assert seen.waiting is None
    assert (made, waiting) == (1, 0), "no digest is to correct what never arrived"
    assert await desk.ledger.deliveries() == []


async def test_corrections_and_kept_digests_are_forgotten_with_the_messages(desk: Desk) -> None:
    await desk.posted()
    await desk.toll(17)
    await desk.delivered()
    story = (await told_to(desk.ledger, NEWS))[0].story
    await desk.store.assign_stories({article("toll", "").article.id: story}, EIGHT + 399 * DAY)  # the story lives on

    await desk.store.beats.forget_messages(EIGHT + 300 * DAY)
    await desk.revised(SANK.format(19), CLOSED)
    [about] = await desk.ledger.outdated()
    revised = await desk.ledger.revised(about)

    assert await desk.ledger.correction_counts() == (0, 0)
    assert revised is not None
    assert (revised.digest, revised.messages) == (None, ())


@pytest.mark.parametrize("forgotten", [False, True], ids=["kept", "forgotten"])
async def test_a_correction_names_the_day_on_which_its_channel_read_it(desk: Desk, forgotten: bool) -> None:
    wanted = subscription(at=(22,))
    evening = replace(wanted, schedule=replace(wanted.schedule, zone="America/New_York"))  # Monday there, Tuesday in UTC
    await desk.ledger.add_subscription(evening)
    await store_articles(desk.store, EIGHT, article("toll", "\n\n".join((SANK.format(24), CLOSED)), title=TITLE))
    await desk.published(EIGHT + 18 * HOUR)
    await desk.delivered()
    if forgotten:
        story = (await told_to(desk.ledger, NEWS))[0].story
        await desk.store.assign_stories({article("toll", "").article.id: story}, EIGHT + 399 * DAY)  # it lives on
        await desk.store.beats.forget_messages(EIGHT + 300 * DAY)
    await desk.revised(SANK.format(17), CLOSED)
    [about] = await desk.ledger.outdated()
    revised = await desk.ledger.revised(about)
    assert revised is not None

    _, said = held(revised, desk.adapter, EIGHT + 20 * HOUR)

    assert (revised.digest is None) is forgotten
    assert [each.day for each in said] == [EIGHT.date()]


async def test_a_digest_that_is_kept_says_what_its_message_says(desk: Desk) -> None:
    await desk.posted()
    await desk.toll(17)
    await desk.delivered()
    await desk.revised(SANK.format(19), CLOSED)

    [about] = await desk.ledger.outdated()
    revised = await desk.ledger.revised(about)

    assert revised is not None
    assert revised.digest is not None
    assert [payload["text"] for payload in desk.adapter.render(revised.digest)] == [desk.channel[0]]


async def test_every_step_of_correcting_is_named(desk: Desk) -> None:
    await desk.posted()
    await desk.revised(SANK.format(17), CLOSED)
    reached: list[str] = []

    async def note(point: str) -> None:
        reached.append(point)

    await correct_posted(desk.ledger, Serving(desk.adapter), EIGHT, points=note)

    assert reached == list(around(CORRECTING))


async def test_a_digest_whose_story_joined_another_while_it_waited_is_corrected_as_it_was_posted(desk: Desk) -> None:
    await desk.ledger.add_subscription(subscription())
    await desk.composed()
    await desk.joined("s-older")

    corrected = await desk.toll(17)
    await desk.delivered()
    following = await desk.next_digest()

    told = f'Correction to Mon 14 Oct · {TITLE}: The Harbour Post now has "17 people"; we posted "24 people"'
    [said] = corrected.said
    assert (said.edits, said.lines) == (1, 1)
    assert [each.story for each in said.corrections] == ["s-older"]
    assert '17 people died (corrected: we posted "24 people")' in desk.channel[0]
    assert told in desk.lines[0]
    assert told in following


async def test_a_headline_that_stood_for_a_fact_is_quoted_though_its_story_joined_another(desk: Desk) -> None:
    title = "Ferry Aurora sank off Skagen on Sunday"
    await desk.posted("The ferry Aurora sank off Skagen on Sunday with 24 cars.", title=title)
    await desk.joined("s-older")

    await desk.revised("This story has been withdrawn by The Harbour Post.", title=title)
    await desk.looked()
    await desk.delivered()

    assert f'The Harbour Post has withdrawn it; we posted "{title}"' in desk.lines[0]


async def test_what_another_digest_said_meanwhile_is_not_said_again_as_if_it_was_not(bare: Desk) -> None:
    await bare.posted()
    await bare.toll(17)
    await bare.revised(SANK.format(24), CLOSED)

    async def tells(point: str) -> None:
        if point == "after hold":
            await publish_due(bare.ledger, bare.store, Serving(bare.adapter), EIGHT + DAY, "b")

    bare.clock.now = EIGHT + DAY
    await correct_posted(bare.ledger, Serving(bare.adapter), EIGHT + DAY, points=tells)
    await bare.looked()
    await bare.delivered()
    following = await bare.next_digest(EIGHT + 2 * DAY)

    assert 'now has "17 people"; we posted "24 people"' in bare.channel[-2]
    assert 'now has "24 people"; we posted "17 people"' in following


async def test_a_message_that_is_replaced_while_it_is_held_against_a_revision_is_answered_all_the_same(desk: Desk) -> None:
    await desk.ledger.add_subscription(subscription())
    await desk.composed()
    await desk.revised(SANK.format(17), CLOSED)
    desk.adapter.fail_next(Rejected("Too odd."))

    async def refuses(point: str) -> None:
        if point == "after hold":
            await desk.delivered()

    overtaken = await correct_posted(desk.ledger, Serving(desk.adapter), EIGHT, points=refuses)
    corrected = await desk.looked()
    await desk.delivered()

    assert overtaken == Corrected()
    assert len(corrected.said) == 1
    assert len(desk.lines) == 1
    assert [each.state for each in await desk.ledger.deliveries(DeliveryState.PENDING)] == []


async def test_an_edit_that_failed_does_not_bring_old_words_back_when_it_is_sent_again(desk: Desk) -> None:
    await desk.posted()
    desk.adapter.fail_next(Rejected("Too odd."))
    await desk.toll(17)
    await desk.delivered()
    failed = await desk.ledger.deliveries(DeliveryState.FAILED)
    await desk.toll(19)
    await desk.delivered()

    await desk.ledger.resend(failed[0].id, desk.clock.now)
    await desk.delivered()

    assert [each.kind for each in failed] == [DeliveryKind.EDIT]
    assert "19 people died" in desk.channel[0]
    assert await desk.ledger.deliveries(DeliveryState.FAILED) == []


async def test_a_correction_of_a_digest_that_is_made_anew_comes_with_that_one(bare: Desk) -> None:
    await bare.posted()
    await bare.toll(17)
    await bare.published(EIGHT + DAY)  # and does not get out

    following = await bare.next_digest(EIGHT + 2 * DAY)

    assert following.count('we posted "24 people"') == 1
    assert await bare.ledger.correction_counts() == (1, 0)


async def test_a_digest_of_nothing_but_a_correction_is_no_news_to_whoever_watches_for_silence(bare: Desk) -> None:
    await bare.posted()
    await bare.toll(17)

    await bare.next_digest()

    heard = (await bare.ledger.heard(20))["news"]
    assert (heard.news, heard.nothing) == ((EIGHT,), EIGHT + DAY)
