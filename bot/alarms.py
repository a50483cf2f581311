"""Alarms: from counts and instants to what the operator must hear, because silence looks like health.  Pure.

An alarm has a stable word for programs and a sentence for people, which ends with the next step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from bot.model import Channel, Run, Schedule, Subscription
from bot.ports import Followed, Heard

SILENT_TIMES: Final = 3
"""A subscription is silent after so many times its usual span without news."""

KNOWN_AFTER: Final = 3
KNOWN_OVER: Final = timedelta(days=7)
"""So many days with news it takes to know what is usual, over so much time that each day of the week was among them."""

CLOCK_STOPPED: Final = timedelta(minutes=10)
OUTBOX_STUCK: Final = timedelta(minutes=15)
NOT_COLLECTED: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that the operator must hear of.

    Args:
        word: stable; ``clock_stopped``, ``outbox_stuck``, ``unconfirmed``, ``failed``, ``refused``, ``run_failed``,
            ``nothing_collected``, ``silent`` or ``source_failing``.
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
    """A subscription, and what its runs came to.

    Args:
        lost: its last run, if that could not be made.
        refused: why its platform takes nothing any more; ``""`` when it does.
    """

    subscription: Subscription
    heard: Heard = field(default_factory=Heard)
    lost: Run | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A message that does not arrive; ``why`` is what its platform said."""

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
        waiting: the message that has waited longest to be sent; None when none does.
        unconfirmed: messages of which nobody knows whether they arrived.
        failed: messages that did not, in the last day.
    """

    news: Sequence[News] = ()
    sources: Sequence[Followed] = ()
    ticked_at: datetime | None = None
    waiting: Stuck | None = None
    unconfirmed: Sequence[Stuck] = ()
    failed: Sequence[Stuck] = ()


def alarms(observed: Observed, now: datetime) -> tuple[Alarm, ...]:
    """What is wrong now, the gravest first."""
    return (
        *_clock(observed, now),
        *_outbox(observed, now),
        *_stuck(observed),
        *(alarm for each in observed.news for alarm in _refused(each)),
        *(alarm for each in observed.news for alarm in _lost(each)),
        *_collecting(observed.sources, now),
        *(alarm for each in observed.news for alarm in _silence(each)),
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
    waits = observed.waiting
    if waits is not None and now - waits.since >= OUTBOX_STUCK:
        why = f": {waits.why.rstrip('.')}" if waits.why else ""
        text = (
            f"A message to {waits.channel} has waited to be sent since {_when(waits.since)}{why}. "
            "See all that wait: dateline deliveries list --state pending"
        )
        yield Alarm("outbox_stuck", "", text, waits.since)


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


def _lost(each: News) -> Iterator[Alarm]:
    if each.lost is not None and not each.subscription.paused:
        wanted, run = each.subscription, each.lost
        text = (
            f"The digest of {_when(run.due)} for {wanted.title} in {wanted.channel} could not be made: "
            f"{run.error.rstrip('.')}. The next one makes up for it. Try now: dateline subscriptions run {wanted.id}"
        )
        yield Alarm("run_failed", wanted.id, text, run.due)


def _silence(each: News) -> Iterator[Alarm]:
    wanted, heard = each.subscription, each.heard
    if wanted.paused or heard.nothing is None or not heard.news:
        return
    usual = usual_days(wanted.schedule, heard.news)
    if usual is None:
        return
    quiet = quiet_days(wanted.schedule, max(heard.news[-1], wanted.counts_from), heard.nothing)
    if sum(usual[day.weekday()] for day in quiet) >= SILENT_TIMES:
        text = (
            f"{wanted.title} in {wanted.channel} has had no news since {_when(heard.news[-1])}, "
            f"for {SILENT_TIMES} times as long as usual. See its sources: dateline status"
        )
        yield Alarm("silent", wanted.id, text, heard.news[-1])


def usual_days(schedule: Schedule, news: Sequence[datetime]) -> tuple[Fraction, ...] | None:
    """For each day of the week how often a schedule has news then, from 0 to 1; None while too little is known.

    A day is the unit, for a night is no silence however many digests a day has; and each day of the week is by itself, so that
    a weekend without news is usual where it was so before.  The first day with news only begins the time that is looked at:
    days with news divided by days is then one divided by the usual span, also where that is a month.

    Args:
        news: instants of digests with news, oldest first.
    """
    zone = ZoneInfo(schedule.zone)
    days = sorted({each.astimezone(zone).date() for each in news})
    if len(days) < KNOWN_AFTER or days[-1] - days[0] < KNOWN_OVER:
        return None
    with_news = Counter(day.weekday() for day in days[1:])
    all_days = Counter(day.weekday() for day in _between(days[0], days[-1]))
    return tuple(Fraction(with_news[weekday], all_days[weekday]) for weekday in range(7))


def quiet_days(schedule: Schedule, since: datetime, nothing: datetime) -> list[date]:
    """The days of a schedule after the one of an instant, up to its last run that found nothing.

    The day of that run counts once it was the last of it.
    """
    zone = ZoneInfo(schedule.zone)
    last = nothing.astimezone(zone)
    over = last.date() if last.time() >= schedule.times[-1] else last.date() - timedelta(days=1)
    return [day for day in _between(since.astimezone(zone).date(), over) if day.weekday() in schedule.days]


def _between(after: date, until: date) -> Iterator[date]:
    """The days in ``after < day <= until``."""
    return (after + timedelta(days=n) for n in range(1, (until - after).days + 1))


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
