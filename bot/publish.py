"""Publish: what is due is claimed, made and put into the outbox.  Claim, then post, then settle: nothing is said twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from bot import answer
from bot.errors import DeliveryError, StoreError
from bot.grouping import Grouping
from bot.model import SHORTEST_PERIOD, Fact, IfNothing, Payload, Run, RunState, Slot, Space, Subscription
from bot.ports import Adapter, Adapters, Composed, Composition, Kept, Ledger, SentArticle, Store, Subscribed
from bot.schedule import latest_due, next_slots, window_of
from bot.scope import Scope, scope_of
from bot.steps import Points, Steps, no_points
from bot.subscribing import titled
from bot.wording import plain, say
from digests import make, updates
from digests.model import Citation, Correction, Digest, EventDate, Query, Understood, Window
from digests.render.layout import nothing_line

LONGEST_WAIT: Final = timedelta(hours=6)  # a digest that could not go out until then is made anew
MOST_ARTICLES: Final = 5_000
"""Of a window, the newest: what a digest takes grows with them.  One for which there were more says so."""
_TRIES = 5  # claims of a run that may end with a fault before it has failed
_SAMPLE = timedelta(days=1)
_SAMPLED = "Nothing is new yet: these are what your sources had before you followed them. They will not be posted."
_REST = timedelta(days=2)  # so long after it was stored may an article of an update that rested come
_CROWDED = "Other digests of this channel took its articles again and again."


@dataclass(frozen=True, slots=True)
class Published:
    """What one tick came to.

    Args:
        runs: those that were recorded, with their state; ``failed`` ones say why.
        unserved: subscriptions whose channel this process does not serve, each with the reason.
        bugs: faults of ours; each failed one run, which is tried again.
    """

    runs: tuple[Run, ...] = ()
    unserved: tuple[tuple[Subscribed, str], ...] = ()
    bugs: tuple[Exception, ...] = field(default=(), repr=False)


async def publish_due(
    ledger: Ledger,
    store: Store,
    adapters: Adapters,
    now: datetime,
    owner: str,
    *,
    grouping: Grouping | None = None,
    points: Points = no_points,
    most: int = MOST_ARTICLES,
) -> Published:
    """Make the digests that are due and put them into the outbox.  May be run again, and by several processes at once.

    A fault with one subscription stops no other; it is tried again after its claim has run out, five times in all.

    Args:
        now: aware, in UTC.
        owner: this process, by a name that no other has, nor it itself after a restart.
        grouping: as in ``bot.collect.collect``; puts what a round that goes on, or was cut off, left without a story into one.
        most: articles of a window that are read for a digest, the newest.

    Raises:
        StoreError: the database cannot be used.
    """
    step = Steps(points)
    runs: list[Run] = []
    unserved: list[tuple[Subscribed, str]] = []
    bugs: list[Exception] = []
    left = {run.subscription: run for run in await step("list", ledger.unfinished, now)}
    for subscribed in await ledger.subscriptions():
        if not subscribed.active:
            continue
        try:
            adapter = adapters.of(subscribed.subscription.channel)
        except DeliveryError as error:
            unserved.append((subscribed, str(error)))
            continue
        run = None
        try:
            run = await _claimed(ledger, subscribed, left.get(subscribed.subscription.id), now, owner, step)
            if run:
                runs += await _recorded(ledger, store, adapter, subscribed, run, step, grouping, most)
        except StoreError:
            raise
        except Exception as error:
            bugs.append(error)
            words = f"{type(error).__name__} while making it: a bug of this program"
            runs += await _abandoned(ledger, run, words, now, step) if run else []
    return Published(tuple(runs), tuple(unserved), tuple(bugs))


async def is_due_soon(ledger: Ledger, now: datetime, within: timedelta) -> bool:
    """Whether a digest falls due in a span from now on.  Raises StoreError."""
    return any(
        slot.due <= now + within
        for each in await ledger.subscriptions()
        if each.active
        for slot in next_slots(each.subscription.schedule, now, 1, last=each.last)
    )


async def publish_now(
    ledger: Ledger, store: Store, adapters: Adapters, subscription_id: str, now: datetime, owner: str
) -> Run | None:
    """Make an extra digest of a subscription and put it into the outbox; None when there is no such subscription.

    It closes its window as a due one does.  What a paused subscription has in the outbox waits until it is resumed.

    Raises:
        DeliveryError: this process does not serve its channel.
        StoreError: the database cannot be used; the text says so where the digest was begun before that.
    """
    subscribed = await ledger.subscription(subscription_id)
    if subscribed is None:
        return None
    adapter = adapters.of(subscribed.subscription.channel)
    run = await ledger.claim(subscription_id, None, now, owner)
    if run is None:
        return None
    with kept_as_begun():
        recorded = await _recorded(ledger, store, adapter, subscribed, run, Steps(no_points), Grouping(), MOST_ARTICLES)
    return recorded[0] if recorded else None


@contextmanager
def kept_as_begun() -> Iterator[None]:
    """Say of a failure of the store within the block that the digest is made all the same: who asks again gets two."""
    try:
        yield
    except StoreError as error:
        raise StoreError(plain(say("run_begun", why=str(error)))) from error


async def resume(ledger: Ledger, subscribed: Subscribed, now: datetime) -> Subscribed:
    """Go on with a subscription that was paused, or whose space was stopped; it, as it is then.  Raises StoreError."""
    if subscribed.stopped:
        await ledger.start_space(Space.of(subscribed.subscription.channel))
    await ledger.resume_subscription(subscribed.subscription.id, now)
    return await ledger.subscription(subscribed.subscription.id) or subscribed


async def preview(ledger: Ledger, store: Store, subscribed: Subscribed, now: datetime, *, most: int = MOST_ARTICLES) -> Digest:
    """Exactly the digest that the subscription would get now; nothing is recorded.

    Where it never had one and nothing is new, the news of a day that its sources brought when they were first read: they
    are never posted, but show what a digest will look like.
    """
    last = await ledger.runs(subscribed.subscription.id, limit=100)
    closed = [run.window.end for run in last if run.window]
    mine = Run(
        id="",
        subscription=subscribed.subscription.id,
        key="",
        due=now,
        state=RunState.CLAIMED,
        owner="",
        fence=0,
        claimed_at=now,
        number=0,
        previous_end=max(closed, default=None),
    )
    made = await _read(store, subscribed, mine, None, most)
    if not closed and not made.articles and not made.corrections:
        day = Window(now - _SAMPLE, now)
        there = await store.articles_between(day, limit=most, sources=made.scope.sources)
        newest = most if len(there) == most else None
        held = replace(made, window=day, articles=await asyncio.to_thread(made.scope.of, there), newest=newest)
        sample = await asyncio.to_thread(held.digest)
        if sample.stories or sample.also:
            return replace(sample, number=None, notices=(_SAMPLED, *sample.notices))
        if made.window.start and made.window.start > now - _SAMPLE:  # "nothing new since just now" would say nothing
            return replace(sample, number=None)
    return replace(await asyncio.to_thread(made.digest), number=None)


async def _claimed(
    ledger: Ledger, subscribed: Subscribed, left: Run | None, now: datetime, owner: str, step: Steps
) -> Run | None:
    """The run of a subscription that is to be made now, claimed: the slot that is due, or one that was left."""
    wanted = subscribed.subscription
    due = latest_due(wanted.schedule, now, since=wanted.counts_from, last=subscribed.last)
    if due is not None:
        late = now - due.slot.due >= SHORTEST_PERIOD
        return await step("claim", ledger.claim, wanted.id, due.slot, now, owner, missed=due.missed, late=late)
    return await step("take over", ledger.take_over, left, now, owner) if left else None


async def _recorded(
    ledger: Ledger,
    store: Store,
    adapter: Adapter,
    subscribed: Subscribed,
    run: Run,
    step: Steps,
    grouping: Grouping | None,
    most: int,
) -> list[Run]:
    """Make a claimed run and record it; what another process took over meanwhile is left to that one."""
    for _ in range(_TRIES):
        material = await step("read", _read, store, subscribed, run, grouping, most)
        composition = await step("make", asyncio.to_thread, partial(_composition, material, adapter))
        outcome = await step("compose", ledger.compose, run, composition, run.claimed_at)
        if outcome is Composed.DONE:
            return [replace(run, state=composition.state, window=composition.window)]
        if outcome is Composed.LOST:
            return []
    return await _abandoned(ledger, run, _CROWDED, run.claimed_at, step)


async def _abandoned(ledger: Ledger, run: Run, error: str, now: datetime, step: Steps) -> list[Run]:
    final = run.fence >= _TRIES
    await step("abandon", ledger.abandon, run, error, now, final=final)
    return [replace(run, state=RunState.FAILED, error=error)] if final else []


@dataclass(frozen=True, slots=True)
class _Material:
    """All that a digest is made of; from here on nothing is read.  ``newest`` is how many articles were, None where all."""

    subscribed: Subscribed
    run: Run
    window: Window
    articles: Sequence[Kept]
    told: Sequence[Fact]
    scope: Scope
    feeds: tuple[int, int] | None
    corrections: Sequence[tuple[int, Correction]]
    newest: int | None

    def digest(self) -> Digest:
        """The digest: what is new to the channel, of the window that closes, and what it has to correct."""
        wanted, zone = self.subscribed.subscription, ZoneInfo(self.subscribed.subscription.schedule.zone)
        day = self.run.claimed_at.astimezone(zone).date()
        told = [updates.Told(fact.story, fact.text, fact.date, fact.article) for fact in self.told]
        holds = [each for each, fact in zip(told, self.told, strict=True) if not fact.withdrawn]
        resting = {fact.story for fact in self.told if fact.update and fact.told_at.astimezone(zone).date() == day}
        grouping = {each.understood.article.id: each.story for each in self.articles if each.story}
        digest = make.make(
            updates.unsaid([self._understood(each) for each in self.articles], grouping, told, resting),
            Query(self.window, self.scope.words, wanted.length, self.scope.without),
            title=wanted.title,
            zone=zone.key,
            day=day,
            grouping=grouping,
            sources=self.feeds,
            let_in=make.EVER,
            told=frozenset(each.story for each in told),
            on_topic=self.scope.topic is not None,
        )
        if self.newest:
            digest = answer.of_newest(digest, self.newest)
        coming = next_slots(wanted.schedule, self.run.claimed_at, 1)
        digest = replace(digest, number=self.run.number, next_run=coming[0].due, late=self.run.late)
        return updates.marked(replace(digest, corrections=tuple(each for _, each in self.corrections)), holds)

    def _understood(self, kept: Kept) -> Understood:
        assert self.window.start is not None, "of a digest's window both ends are known"
        return replace(kept.understood, carried_over=kept.stored_at < self.window.start)


async def _read(store: Store, subscribed: Subscribed, run: Run, grouping: Grouping | None, most: int) -> _Material:
    """Read what a digest needs.  The claim was committed before, so that nothing is stored into its window any more."""
    wanted = subscribed.subscription
    window = window_of(wanted.schedule, _first(subscribed, run), run.previous_end, run.claimed_at)
    assert window.start is not None
    scope = await scope_of(store.topics, Space.of(wanted.channel), wanted.channel, wanted.topic)
    # An update that rested on its day, since there had been one, is not lost: its articles come with a later window.
    read = partial(store.news, wanted.channel, window, limit=most, sources=scope.sources, back=_REST)
    news = await read()
    if grouping is not None and any(each.story is None for each in news.articles):
        await grouping.group(store, run.claimed_at)
        news = await read()
    fresh = [each for each in news.articles if each.understood.article.id not in news.sent]
    mine = await asyncio.to_thread(scope.of, fresh)
    feeds = await store.feeds(scope.sources)
    newest = most if len(news.articles) == most else None
    return _Material(subscribed, run, window, mine, news.told, scope, feeds, news.corrections, newest)


def _first(subscribed: Subscribed, run: Run) -> Slot:
    """The slot with which the window begins when none was closed before: the first since the creation, made or missed.

    From when slots count says nothing here: an edit or a pause moves that, and what came before it was promised all the same.
    """
    schedule = subscribed.subscription.schedule
    [first] = next_slots(schedule, subscribed.subscription.created_at, 1)
    if first.due <= run.due:
        return first
    local = run.due.astimezone(ZoneInfo(schedule.zone))
    return Slot(local.date(), local.time().replace(second=0, microsecond=0), run.due)


def _composition(material: _Material, adapter: Adapter) -> Composition:
    """What a run comes to: its messages as they will be sent, and what they tell."""
    wanted, digest, now = material.subscribed.subscription, material.digest(), material.run.claimed_at
    coming = next_slots(wanted.schedule, now, 1)[0].due
    not_after = now + min(LONGEST_WAIT, (coming - now) / 2)
    is_news = bool(digest.stories or digest.also)
    if is_news or digest.corrections:  # who corrects himself is never silent
        return Composition(
            RunState.COMPOSED if is_news else RunState.EMPTY,
            material.window,
            tuple(adapter.render(digest)),
            tuple(_shown(digest, material.articles)),
            tuple(_facts(digest, material.articles, now)),
            not_after,
            digest,
            tuple(number for number, _ in material.corrections),
        )
    line: tuple[Payload, ...] = ()
    if wanted.if_nothing is IfNothing.POST:
        said = (nothing_line(digest, _named(wanted)), f"No. {digest.number}", *digest.notices)
        line = (adapter.render_line(" ".join(said)),)
    return Composition(RunState.EMPTY, material.window, line, not_after=not_after)


def _named(wanted: Subscription) -> str:
    """Which digest of a channel has nothing new, behind those words; one without topic and title has no name."""
    if wanted.title == titled("", wanted.topic):
        return f"on “{wanted.topic}”" if wanted.topic else ""
    return f"in “{wanted.title}”"


def _shown(digest: Digest, articles: Sequence[Kept]) -> Iterator[SentArticle]:
    """The articles that stand in a digest, each once; a one-liner stands for all of its story."""
    story_of = {article: story.id for story in digest.stories for article in story.articles}
    story_of |= {citation.article.id: also.id for also in digest.also for citation in also.citations}
    lines = {also.id for also in digest.also}
    for each in articles:
        article = each.understood.article.id
        if story := story_of.get(article) or (each.story if each.story in lines else None):
            yield SentArticle(article, each.revision, story)


def _facts(digest: Digest, articles: Sequence[Kept], now: datetime) -> Iterator[Fact]:
    """What a digest tells: the lines and the bullets of its stories, and its one-liners."""
    revisions = {each.understood.article.id: each.revision for each in articles}

    def fact(story: str, text: str, date: EventDate, citation: Citation, update: bool) -> Fact:
        article = citation.article.id
        return Fact(story, text, date, article, citation.start, citation.end, now, update, revision=revisions[article])

    for story in digest.stories:
        update = story.status == "update"
        for bullet in story.facts:
            yield fact(story.id, bullet.text, bullet.date, bullet.citations[0], update)
        if story.lead is None:
            cited = story.cited or story.facts[0].citations[0]
            yield fact(story.id, story.title, EventDate.of_report(cited.article.published_day), cited, update)
    for also in digest.also:
        yield fact(also.id, also.title, also.date, also.citations[0], also.status == "update")
