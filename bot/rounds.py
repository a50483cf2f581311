"""The rounds of the running bot: its use cases, each with what the log says of it.

Nothing here decides: what is due, what is sent and what is wrong is found out below.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot import log
from bot.alarms import Alarm, alarms
from bot.collect import Report, collect
from bot.correct import Corrected, Said, correct_posted
from bot.deliver import Delivered, deliver
from bot.errors import DeliveryError, StoreError
from bot.grouping import Grouping
from bot.model import Channel, Delivery, DeliveryKind, DeliveryState, Run, RunState, Space
from bot.places import forget_removed
from bot.ports import Adapters, Beats, Fetcher, Ledger, Reader, Store
from bot.ports.connections import DoorState
from bot.ports.desk import Door
from bot.ports.marks import Marks
from bot.ports.people import People
from bot.publish import Published, is_due_soon, publish_due
from bot.supervisor import stopped_within
from bot.watch import observed

CLOCK_SLIP: Final = timedelta(minutes=2)
"""The clocks of two machines differ by less."""

AWAY: Final = timedelta(minutes=1)
"""So long without a tick is no common restart."""

BEFORE_A_DIGEST: Final = timedelta(minutes=30)
"""So long before a digest sources are asked for it before their turn: time enough to read a thousand of them."""

SETTLING: Final = timedelta(minutes=10)
"""Until then a bot that just began makes up for its absence, and what stood still meanwhile is no alarm."""

BEGIN: Final = "before begin"
"""The point of delivering from which on a message is on its way."""

_OF_A_STANDSTILL = ("clock_stopped", "outbox_stuck", "nothing_collected")
_SEEN = "alarms since"  # the mark that says when alarms that know no beginning were first seen
_LOST = (DeliveryState.FAILED, DeliveryState.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Kept:
    """How long things are kept; ``removed``: all of a space from which the bot was removed."""

    articles: timedelta
    messages: timedelta
    removed: timedelta


@dataclass(slots=True)
class Rounds:
    """What each round needs.  A round may be cut off anywhere, and may run in several processes at once.

    Args:
        owner: this process, by a name that no other has.
        clock: the present instant, aware, in UTC.
        stop: set when the bot is told to stop.
        notices: the channel that hears of alarms; None for the log alone.
        doors: the platforms on which people ask.
        zone: IANA name, in which instants of notices are written.
        seconds: the loop's own clock, for how long a round took.
        jitter: as of `bot.collect.collect`.
        wait: lets seconds pass between two messages of a channel, fewer once ``stop`` is set.
    """

    store: Store
    ledger: Ledger
    beats: Beats
    people: People
    marks: Marks
    fetcher: Fetcher
    reader: Reader
    adapters: Adapters
    owner: str
    clock: Callable[[], datetime]
    stop: asyncio.Event
    grouping: Grouping
    kept: Kept
    seconds: Callable[[], float]
    notices: Channel | None = None
    doors: Sequence[Door] = ()
    zone: str = "UTC"
    jitter: Callable[[], float] = random.random
    wait: Callable[[asyncio.Event, float], Awaitable[None]] = stopped_within
    _told: Changes = field(init=False)
    _alarms: Changes = field(init=False)
    _standing: dict[tuple[str, str], Alarm] = field(init=False, default_factory=dict)
    _broken: Changes = field(init=False)
    _watching: asyncio.Lock = field(init=False)
    _waits: dict[str, str] = field(init=False, default_factory=dict)
    _connections: dict[str, DoorState] = field(init=False, default_factory=dict)
    _clock_back: Changes = field(init=False, default_factory=lambda: Changes())
    _seen: dict[str, datetime] | None = field(init=False, default=None)
    _began: datetime | None = field(init=False, default=None)
    _ticked: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._told, self._alarms, self._broken, self._watching = Changes(), Changes(), Changes(), asyncio.Lock()

    async def collect(self, now: datetime) -> None:
        """Ask the sources that are due and, right before a digest, those that may be asked before their turn."""
        began = self.seconds()
        early = await is_due_soon(self.ledger, now, BEFORE_A_DIGEST)
        found = await collect(
            self.store, self.fetcher, self.reader, now, early=early, grouping=self.grouping, jitter=self.jitter
        )
        _tell_collected(found, round(self.seconds() - began, 1))

    async def publish(self, now: datetime) -> None:
        """Make the digests that are due, and leave word that the clock ticked."""
        published = await publish_due(self.ledger, self.store, self.adapters, now, self.owner, grouping=self.grouping)
        self._tell_clock(await self.beats.ticked_at(), now)
        await self.beats.beat(self.owner, now)
        self._tell_published(published)

    async def correct(self, now: datetime) -> None:
        """Say what sources changed of what was posted."""
        self._tell_corrected(await correct_posted(self.ledger, self.adapters, now))

    async def deliver(self, now: datetime) -> None:
        """Send what waits; once the bot is told to stop, what is on the wire is settled and nothing more is begun."""
        if not self.stop.is_set():
            wait = partial(self.wait, self.stop)
            sending = deliver(self.ledger, self.adapters, self.clock, self.owner, wait=wait, points=self._unless_stopping)
            delivered = await sending
            self._tell_delivered(delivered)
            if any(each.state in _LOST for each in delivered.settled):
                await self.watch(now)  # at once: somebody waits for that message

    async def connections(self, now: datetime) -> None:
        """Keep how the connections are doing, where that is told otherwise than before."""
        for door in self.doors:
            if (state := door.telling()) != self._connections.get(door.name):
                await self.beats.connection(door.name, state, now)
                self._connections[door.name] = state

    async def watch(self, now: datetime) -> None:
        """Tell of what is wrong, once, and of what is well again."""
        async with self._watching:  # two looks at once could tell an alarm, and then that it is over
            by_name = {(alarm.word, alarm.about): alarm for alarm in await self._dated(await self._wrong(now), now)}
            begun, over = self._alarms.to(by_name)
            ended = [gone for name in over if not (gone := self._standing[name]).gives_way(by_name.values())]
            self._standing = by_name
        for name in begun:
            alarm = by_name[name]
            log.error("alarm", alarm=alarm.word, about=alarm.about, words=alarm.text)
            await self._notify(alarm, now)
        for alarm in ended:
            log.info("alarm_over", alarm=alarm.word, about=alarm.about, words=alarm.over("UTC"))
            await self._notify(alarm, now, over=True)

    async def prune(self, now: datetime) -> None:
        """Forget what is old."""
        articles = await self.store.prune(now - self.kept.articles)
        before = now - self.kept.messages
        messages = await self.beats.forget_messages(before)
        await self.people.prune(now, before=before)  # what was posted before is not known any more
        for space in await forget_removed(self.ledger, self.marks, now, self.kept.removed):
            log.info("space_forgotten", space=space)
        if articles or messages:
            log.info("pruned", articles=articles, messages=messages)

    async def _wrong(self, now: datetime) -> list[Alarm]:
        """The alarms of now, without those that the first rounds of a bot that just began will end."""
        self._began = min(self._began or now, now)
        found = alarms(await observed(self.store, self.ledger, self.beats, now), now)
        return [alarm for alarm in found if alarm.word not in _OF_A_STANDSTILL or now - self._began >= SETTLING]

    async def _dated(self, found: Sequence[Alarm], now: datetime) -> list[Alarm]:
        """The alarms, each since an instant; one that knows none since it was first seen, also by a bot that ran before.

        What ends and comes back, on one day perhaps, is then told as another alarm than the one before.
        """
        undated = [f"{alarm.word} {alarm.about}" for alarm in found if alarm.since is None]
        if self.notices is not None and (self._seen is None or self._seen.keys() != set(undated)):
            space, seen = Space.of(self.notices), dict(self._seen or {})
            with suppress(StoreError):  # which may be the alarm itself
                kept = [json.loads(each.value) for each in await self.marks.marked(_SEEN) if each.space == space]
                seen |= {name: datetime.fromisoformat(at) for some in kept for name, at in some.items()}
            self._seen = {name: seen.get(name, now) for name in undated}
            with suppress(StoreError):
                written = json.dumps({name: at.isoformat() for name, at in self._seen.items()})
                await self.marks.mark(space, _SEEN, now, written)
        seen = self._seen or {}
        return [replace(alarm, since=alarm.since or seen.get(f"{alarm.word} {alarm.about}")) for alarm in found]

    async def _unless_stopping(self, point: str) -> None:
        if point == BEGIN and self.stop.is_set():
            raise _Stopping

    async def _notify(self, alarm: Alarm, now: datetime, *, over: bool = False) -> None:
        """Put a line into the operator's channel; once for an alarm and once for its end, also over a restart."""
        if self.notices is None or (over and alarm.ends_unsaid):
            return
        words = alarm.over(self.zone) if over else alarm.told(self.zone)
        key = f"alarm{' over' if over else ''} {alarm.word} {alarm.about} {alarm.since}"
        try:
            payload = self.adapters.of(self.notices).render_line(words)
            await self.ledger.enqueue(self.notices, DeliveryKind.POST, payload, key, now)
        except (DeliveryError, StoreError) as error:
            log.warning("notice_lost", channel=self.notices, words=str(error))

    def _tell_clock(self, ticked_at: datetime | None, now: datetime) -> None:
        """Say at the first tick how long nobody ticked, and once that the clock was set back: then nothing is due for a while,
        which looks like silence."""
        away, self._ticked = not self._ticked, True
        if away and ticked_at and now - ticked_at >= AWAY:
            words = "no bot ran in between; what fell due meanwhile comes as one digest"
            log.info("was_away", since=ticked_at, minutes=round((now - ticked_at) / timedelta(minutes=1)), words=words)
        is_back = ticked_at is not None and ticked_at - now >= CLOCK_SLIP
        if self._clock_back.to([("clock", "back")] if is_back else [])[0]:
            words = "the clock was set back, or another process has a later one; nothing is due until this one has caught up"
            log.warning("clock_back", was=ticked_at, now=now, words=words)

    def _tell_published(self, published: Published) -> None:
        for run in published.runs:
            _tell_run(run)
        unserved = {(each.subscription.id, str(each.subscription.channel)): why for each, why in published.unserved}
        for name in self._told.to(unserved)[0]:
            log.warning("channel_unserved", subscription=name[0], channel=name[1], words=unserved[name])
        _tell_bugs("publish", published.bugs)

    def _told_before(self, delivery: Delivery) -> bool:
        """Whether it waits as it did when it was last told of: a platform that is down for an hour is told of once."""
        if delivery.state is not DeliveryState.PENDING:
            self._waits.pop(delivery.id, None)
            return False
        before, self._waits[delivery.id] = self._waits.get(delivery.id), delivery.error
        return before == delivery.error

    def _tell_corrected(self, corrected: Corrected) -> None:
        for said in corrected.said:
            _tell_said(said)
        bugs = {(about.run, about.article): bug for about, bug in corrected.bugs}
        _tell_bugs("correct", [bugs[name] for name in self._broken.to(bugs)[0]])  # it is tried again at each tick

    def _tell_delivered(self, delivered: Delivered) -> None:
        for delivery in delivered.settled:
            if not self._told_before(delivery):
                _tell_delivery(delivery)
        for channel, why in delivered.paused:
            log.error("channel_paused", channel=channel, words=why)
        for channel, why in delivered.stopped:
            log.error("space_stopped", channel=channel, words=why)
        _tell_bugs("deliver", [bug for bug in delivered.bugs if not isinstance(bug, _Stopping)])


class _Stopping(Exception):  # noqa: N818  (no error: a message that was not begun)
    """The bot was told to stop before a message was begun."""


class Changes:
    """What is there now, against what was there the last time."""

    def __init__(self) -> None:
        self._before: dict[tuple[str, str], None] = {}

    def to(self, now: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """What is new and what is gone since the last time, each in order."""
        present, before = dict.fromkeys(now), self._before
        self._before = present
        return [name for name in present if name not in before], [name for name in before if name not in present]


def _tell_collected(report: Report, seconds: float) -> None:
    for source, words in report.errors:
        log.warning("source_failed", source=source, words=words)
    for source, failures, since in report.well:
        log.info("source_well", source=source, failures=failures, since=since, words="it answers again")
    for source, address in report.moved:
        log.warning("source_moved", source=source, address=address)
    for source, note in report.notes:
        log.info("source_note", source=source, words=note)
    _tell_bugs("collect", report.bugs)
    if report.asked:
        counts = {"asked": report.asked, "unchanged": report.unchanged, "new": report.new, "changed": report.changed}
        log.info("collected", **counts, failed=len(report.errors), seconds=seconds)


def _tell_run(run: Run) -> None:
    tell = log.warning if run.state is RunState.FAILED else log.info
    more: dict[str, object] = {"words": run.error} if run.error else {}
    if run.late:
        more |= {"late": True} | ({"missed": run.missed} if run.missed else {})
    tell(f"run_{run.state}", subscription=run.subscription, slot=run.key, due=run.due, number=run.number, **more)


def _tell_said(said: Said) -> None:
    about = {"channel": said.about.channel, "run": said.about.run, "article": said.about.article}
    for each in said.corrections:
        now: dict[str, object] = {"withdrawn": True} if each.now is None else {"now": each.now}
        log.info("corrected", **about, story=each.story, posted=each.posted, **now, edits=said.edits, lines=said.lines)


def _tell_delivery(delivery: Delivery) -> None:
    sent = delivery.state is DeliveryState.SENT
    tell = log.info if sent else log.error if delivery.state in _LOST else log.warning
    word = "delivery_posted" if sent else f"delivery_{delivery.state}"
    more: dict[str, object] = {"words": delivery.error} if delivery.error and not sent else {}
    if delivery.state is DeliveryState.PENDING and delivery.not_before:
        more["again_at"] = delivery.not_before
    if delivery.kind is not DeliveryKind.POST:
        more["kind"] = delivery.kind
    about: dict[str, object] = {"delivery": delivery.id}
    if delivery.subscription:  # a notice has none
        about |= {"subscription": delivery.subscription, "number": delivery.number}
    about["channel"] = delivery.channel
    tell(word, **about, part=delivery.part, attempt=delivery.attempts, **more)


def _tell_bugs(where: str, bugs: Collection[Exception]) -> None:
    for bug in bugs:
        log.error("bug", bug, part=where, words=f"{type(bug).__name__}: {bug}")
