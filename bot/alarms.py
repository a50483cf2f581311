"""Alarms: from counts and instants to what the operator must hear, because silence looks like health.  Pure.

An alarm has a stable word for programs and a sentence for people, which ends with the next step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from bot.model import Channel, Subscription
from bot.ports import Followed
from bot.schedule import slots

SILENT_TIMES: Final = 3
"""A subscription is silent after so many times its usual span without news."""

SHORTEST_SILENCE: Final = timedelta(days=1)
"""Nights and weekends are no silence, however busy the days are."""

KNOWN_AFTER: Final = 3
"""So many runs with news it takes to know what is usual."""

CLOCK_STOPPED: Final = timedelta(minutes=10)
OUTBOX_STUCK: Final = timedelta(minutes=15)
NOT_COLLECTED: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that the operator must hear of.

    Args:
        word: stable; ``clock_stopped``, ``outbox_stuck``, ``unconfirmed``, ``failed``, ``refused``, ``nothing_collected``,
            ``silent`` or ``source_failing``.
        about: id of the subscription or address of the source; ``""`` for the installation.
        text: a sentence on what is wrong and one on what to do.
        since: when it began; None where that is not known.
    """

    word: str
    about: str
    text: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class News:
    """A subscription, and when its digests had news: instants of those runs, oldest first; the last twenty are enough.

    Args:
        refused: why its platform takes nothing any more; ``""`` when it does.
    """

    subscription: Subscription
    at: tuple[datetime, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A message that nobody but a person can settle; ``why`` is what its platform said."""

    delivery: str
    channel: Channel
    since: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """What alarms are drawn from.

    Args:
        news: every subscription.
        sources: every source.
        ticked_at: when the clock of a running bot last ticked; None when it never did.
        waiting_since: since when the oldest message that may be sent now has been waiting; None when none does.
        unconfirmed: messages of which nobody knows whether they arrived.
        failed: messages that did not, in the last day.
    """

    news: Sequence[News] = ()
    sources: Sequence[Followed] = ()
    ticked_at: datetime | None = None
    waiting_since: datetime | None = None
    unconfirmed: Sequence[Stuck] = ()
    failed: Sequence[Stuck] = ()


def alarms(observed: Observed, now: datetime) -> tuple[Alarm, ...]:
    """What is wrong now, the gravest first."""
    return (
        *_clock(observed, now),
        *_outbox(observed, now),
        *_stuck(observed),
        *(alarm for each in observed.news for alarm in _refused(each)),
        *_collecting(observed.sources, now),
        *(alarm for each in observed.news for alarm in _silence(each, now)),
        *(alarm for each in observed.sources for alarm in _failing(each, now)),
    )


def _clock(observed: Observed, now: datetime) -> Iterator[Alarm]:
    wanted = [each.subscription for each in observed.news if not each.subscription.paused]
    if not wanted:
        return
    since = observed.ticked_at or min(each.created_at for each in wanted)
    if now - since >= CLOCK_STOPPED:
        last = f"last looked at the clock {_when(observed.ticked_at)}" if observed.ticked_at else "has never run"
        yield Alarm("clock_stopped", "", f"The bot {last}, so nothing is posted. Start it: dateline run", since)


def _outbox(observed: Observed, now: datetime) -> Iterator[Alarm]:
    since = observed.waiting_since
    if since is not None and now - since >= OUTBOX_STUCK:
        text = f"A message has waited to be sent since {_when(since)}. See what its platform says: dateline deliveries list"
        yield Alarm("outbox_stuck", "", text, since)


def _stuck(observed: Observed) -> Iterator[Alarm]:
    for each in observed.unconfirmed:
        text = (
            f"Nobody knows whether message {each.delivery} of {_when(each.since)} arrived in {each.channel}. "
            f"Look there. It is missing: dateline deliveries resend {each.delivery}. "
            f"It is there: dateline deliveries confirm {each.delivery}"
        )
        yield Alarm("unconfirmed", each.delivery, text, each.since)
    for each in observed.failed:
        text = (
            f"Message {each.delivery} to {each.channel} failed: {each.why.rstrip('.')}. "
            f"Mended? dateline deliveries resend {each.delivery}"
        )
        yield Alarm("failed", each.delivery, text, each.since)


def _refused(each: News) -> Iterator[Alarm]:
    if each.refused:
        wanted = each.subscription
        text = (
            f"{wanted.title} in {wanted.channel} is paused: {each.refused.rstrip('.')}. "
            f"Mended? dateline subscriptions resume {wanted.id}"
        )
        yield Alarm("refused", wanted.id, text, None)


def _collecting(sources: Sequence[Followed], now: datetime) -> Iterator[Alarm]:
    active = [each for each in sources if not each.paused and not each.health.stopped]
    due = [each.health.next_poll_at or each.added_at for each in active]
    overdue = [at for at in due if at is not None and now - at >= NOT_COLLECTED]
    failing = [each.health.failing_since for each in active if each.health.failing_since]
    if overdue:
        text = f"{_counted(len(overdue))} should have been read since {_when(min(overdue))}. Read now: dateline collect"
        yield Alarm("nothing_collected", "", text, min(overdue))
    elif len(active) > 1 and len(failing) == len(active) and now - max(failing) >= NOT_COLLECTED:
        text = f"Not one of {_counted(len(active))} answers. Check the network of this machine: dateline check"
        yield Alarm("nothing_collected", "", text, max(failing))


def _silence(each: News, now: datetime) -> Iterator[Alarm]:
    """Three times the usual span, counted in runs of its schedule, so that a weekend is none for a digest of weekdays."""
    if each.subscription.paused or len(each.at) < KNOWN_AFTER:
        return
    schedule, last = each.subscription.schedule, each.at[-1]
    spans = [sum(1 for _ in slots(schedule, a, b)) for a, b in pairwise(each.at[-20:])]
    usual = max(round(median(spans)), 1)
    silent = sum(1 for _ in slots(schedule, max(last, each.subscription.counts_from), now))
    if silent >= SILENT_TIMES * usual and now - last >= SHORTEST_SILENCE:
        text = (
            f"{each.subscription.title} in {each.subscription.channel} has had no news since {_when(last)}: "
            f"{silent} runs, where it usually has some after {usual}. See its sources: dateline status"
        )
        yield Alarm("silent", each.subscription.id, text, last)


def _failing(each: Followed, now: datetime) -> Iterator[Alarm]:
    health = each.health
    if each.paused or not health.alarming(now):
        return
    since = health.failing_since or now
    how = "is not asked any more" if health.stopped else f"failed {health.failures} times since {_when(since)}"
    text = (
        f"{each.source.name or each.source.address} {how}: {health.last_error.rstrip('.')}. "
        f"If it stays so: dateline sources remove {each.source.address}"
    )
    yield Alarm("source_failing", each.source.address, text, since)


def _counted(sources: int) -> str:
    return f"{sources} source{'' if sources == 1 else 's'}"


def _when(instant: datetime | None) -> str:
    return f"{instant:%d %b %H:%M} UTC" if instant else "never"
