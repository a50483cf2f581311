"""How an installation, or one space of it, is doing: looked at, and told with the verdict first.

The command line and the chat say the same by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import connection_words, feed_words, instants, subscribing, watch
from bot.alarms import Alarm, Observed, alarms
from bot.model import Delivery, DeliveryState, Run, Space
from bot.ports import Beats, Counts, Followed, Ledger, Store, Subscribed
from bot.ports.connections import Connection
from bot.schedule import next_slots
from bot.wording import say
from digests.render.layout import Line

RUNS: Final = 20
_SHOWN_RUNS = 5
_RUNNING: Final = timedelta(minutes=2)
"""A bot whose clock ticked within it runs."""
_CONNECTS: Final = timedelta(minutes=1)
"""A connection that is gone for so long does not come back at once."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to say of an installation or a space; runs with their messages, newest first.

    Args:
        corrections: how many there were, and how many wait for the next digest.
        unfed: ids of subscriptions whose channel follows no source, though there are some.
    """

    counts: Counts
    observed: Observed
    alarms: tuple[Alarm, ...]
    subscriptions: Sequence[Subscribed]
    runs: Sequence[tuple[Run, Sequence[Delivery]]]
    deliveries: dict[DeliveryState, int]
    corrections: tuple[int, int]
    at: datetime
    unfed: frozenset[str] = frozenset()
    connections: tuple[Connection, ...] = ()

    @property
    def failing(self) -> list[Followed]:
        return [each for each in self.observed.sources if each.health.failures]

    @property
    def running(self) -> bool:
        """A bot runs, as far as is known: its clock ticked just now, and it did not end in order since."""
        ticked = self.observed.ticked_at
        return ticked is not None and not self.observed.stopped and self.at - ticked < _RUNNING


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and what belongs under it."""

    line: Line
    under: tuple[Line, ...] = ()


async def look(store: Store, ledger: Ledger, beats: Beats, now: datetime, space: Space | None = None) -> Seen:
    """Look at an archive.

    Args:
        space: only what it follows and what is posted in its channels; None for everything.

    Raises:
        StoreError: the database cannot be used.
    """
    observed = await watch.observed(store, ledger, beats, now, space)
    subscriptions = await watch.subscriptions_of(ledger, space)
    runs = [(run, await ledger.deliveries(run=run.id)) for run in await _runs(ledger, subscriptions, space)]
    followed = None if space is None else [each.source.id for each in observed.sources]
    return Seen(
        await store.counts(followed),
        observed,
        alarms(observed, now),
        subscriptions,
        runs,
        await ledger.delivery_counts(space),
        await ledger.correction_counts(space),
        now,
        await _unfed(store, subscriptions) if observed.sources else frozenset(),
        tuple(each for each in await beats.connections() if space is None or each.platform == space.platform),
    )


async def _unfed(store: Store, subscriptions: Sequence[Subscribed]) -> frozenset[str]:
    channels = {each.subscription.id: each.subscription.channel for each in subscriptions}
    fed = {each: await store.topics.followed(Space.of(each), each) for each in set(channels.values())}
    return frozenset(name for name, channel in channels.items() if not fed[channel])


def told(seen: Seen, *, add: str, version: str, zone: str, prefix: str | None = None) -> Iterator[Told]:
    """What a person reads: the verdict and the alarms, then how each thing is doing.

    Args:
        add: what is typed to follow a source.
        zone: IANA name, in which instants are written.
        prefix: what is typed before a command in a chat; None for the command line.
    """
    yield Told(verdict(seen, add, zone), tuple(_alarm(each, prefix, zone) for each in seen.alarms))
    if seen.observed.sources:
        yield Told(_sources(seen), tuple(_failing(each, zone) for each in seen.failing))
    stored = say("stored", articles=seen.counts.articles)
    if seen.counts.stories:
        stored = say("stored_in_stories", articles=seen.counts.articles, stories=seen.counts.stories)
    yield Told(stored)
    if seen.subscriptions:
        yield Told(_subscriptions(seen, zone), tuple(_run(run, messages, zone) for run, messages in seen.runs[:_SHOWN_RUNS]))
    if any(seen.deliveries.values()):
        states = ", ".join(f"{number:,} {state}" for state, number in seen.deliveries.items() if number)
        yield Told(say("messages", states=states))
    made, waiting = seen.corrections
    if made:
        yield Told(say("corrections_waiting" if waiting else "corrections", made=made, waiting=waiting))
    for each in seen.connections:
        yield Told(say("connection_is", platform=each.platform.capitalize(), words=connection(seen, each, zone)))
    yield Told(say("version", version=version))


def connection(seen: Seen, kept: Connection, zone: str) -> Line:
    """How a connection is doing; what was kept of it holds only while the bot runs that kept it."""
    if seen.running:
        return connection_words.told(kept.state, zone)
    ticked = seen.observed.ticked_at
    return say("connection_was", when=instants.told(ticked, zone)) if ticked else say("connected_not_yet")


def verdict(seen: Seen, add: str, zone: str) -> Line:
    """One line: whether somebody must do something; instants in ``zone``."""
    followed, failing = len(seen.observed.sources), len(seen.failing)
    if seen.alarms:
        return say("verdict_alarms", alarms=len(seen.alarms))
    if not followed:
        return say("verdict_nothing", add=add)
    ticked, active = seen.observed.ticked_at, any(each.active for each in seen.subscriptions)
    if ticked and seen.observed.stopped and (active or seen.connections):
        return say("verdict_stopped", when=instants.told(ticked, zone))
    if ticked and not seen.running and active:
        return say("verdict_late", when=instants.told(ticked, zone))
    if lost := _unconnected(seen):
        return say("verdict_unconnected", platforms=", ".join(platform.capitalize() for platform in lost))
    if failing:
        return say("verdict_some" if failing < followed else "verdict_all", failing=str(failing), sources=followed)
    return say("verdict_well", sources=followed)


def _unconnected(seen: Seen) -> list[str]:
    """The platforms to which a bot that runs has not been connected for a while."""
    if not seen.running:
        return []
    return [
        each.platform
        for each in seen.connections
        if not each.state.connected and (each.state.refused or seen.at - each.changed_at >= _CONNECTS)
    ]


def _alarm(alarm: Alarm, prefix: str | None, zone: str) -> Line:
    return say("literally", text=alarm.told(zone)) if prefix is None else alarm.in_chat(prefix, zone)


async def _runs(ledger: Ledger, subscriptions: Sequence[Subscribed], space: Space | None) -> list[Run]:
    """The runs that were claimed last, newest first."""
    if space is None:
        return await ledger.runs(limit=RUNS)
    found = [run for each in subscriptions for run in await ledger.runs(each.subscription.id, limit=RUNS)]
    return sorted(found, key=lambda run: run.claimed_at, reverse=True)[:RUNS]


def _sources(seen: Seen) -> Line:
    """How many sources do how: ``Sources: 31 ok, 2 failing.``"""
    sources = seen.observed.sources
    paused, failing = sum(each.paused for each in sources), sum(not each.paused for each in seen.failing)
    numbers = {"ok": len(sources) - paused - failing, "failing": failing, "paused": paused}
    return say("sources_are", states=", ".join(f"{number:,} {state}" for state, number in numbers.items() if number))


def _failing(each: Followed, zone: str) -> Line:
    return say("source_is", name=feed_words.called(each), address=each.source.address, how=feed_words.health(each, zone))


def _subscriptions(seen: Seen, zone: str) -> Line:
    active = [each for each in seen.subscriptions if each.active]
    held = len(seen.subscriptions) - len(active)
    coming = [
        slot.due
        for each in active
        for slot in next_slots(each.subscription.schedule, max(seen.at, each.subscription.counts_from), 1, last=each.last)
    ]
    return say(
        "subscriptions_are",
        count=len(seen.subscriptions),
        paused=say("subscriptions_paused", held=str(held)) if held else (),
        coming=say("subscriptions_next", when=instants.told(min(coming), zone)) if coming else (),
    )


def _run(run: Run, messages: Sequence[Delivery], zone: str) -> Line:
    """What a run came to: ``news-757e Mon 23 Nov 08:00 CET: No. 128, late, sent``."""
    counts = Counter(each.state.value for each in messages if each.state is not DeliveryState.REPLACED)
    sent = [state if counts.total() == 1 else f"{number} {state}" for state, number in counts.items()]
    came_to = (
        say("run_and_messages", run=subscribing.came_to(run), messages=", ".join(sent)) if sent else subscribing.came_to(run)
    )
    return say("run_of", subscription=run.subscription, slot=subscribing.slot_of(run, zone), came_to=came_to)
