"""Alarms: from counts and instants to what the operator must hear, because silence looks like health.  Pure.

An alarm has a stable word for programs, and for people a sentence and the next step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from bot.instants import told
from bot.model import Channel, Run, Schedule, Subscription
from bot.ports import Followed, Heard
from bot.wording import Value, plain, say
from digests.render.layout import Line

SILENT_TIMES: Final = 3
"""A subscription is silent after so many times its usual span without news."""

KNOWN_AFTER: Final = 3
KNOWN_OVER: Final = timedelta(days=7)
"""So many days with news it takes to know what is usual, over so much time that each day of the week was among them."""

CLOCK_STOPPED: Final = timedelta(minutes=10)
OUTBOX_STUCK: Final = timedelta(minutes=15)
NOT_COLLECTED: Final = timedelta(hours=2)


Said = Mapping[str, Value | datetime]
"""Values of a sentence; an instant is told on the clock of whoever reads it."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that the operator must hear of.

    Args:
        word: stable; ``store_failing``, ``store_narrow``, ``clock_stopped``, ``outbox_stuck``, ``unconfirmed``, ``failed``,
            ``refused``, ``run_failed``, ``nothing_collected``, ``silent`` or ``source_failing``.
        about: id of the subscription or address of the source; ``""`` for the installation.
        wrong: which sentence says what is wrong, and ``said`` the values that it names.
        since: when it began; None where that is not known.
        mend: which sentence says what to do, and ``named`` the values that it names.
    """

    word: str
    about: str
    wrong: str
    said: Said
    since: datetime | None
    mend: str
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is wrong, and what the operator types, in UTC: for the log and for programs."""
        return self.told("UTC")

    def told(self, zone: str) -> str:
        """The same for the command line and the channel for notices; ``zone``: IANA name, in which instants are written."""
        return plain((*self._wrong(zone), *say("and_then", what=say(f"mend_{self.mend}", **self.named))))

    def over(self, zone: str) -> str:
        """That it is over; ``zone`` as above."""
        return plain(say("alarm_over", wrong=self._wrong(zone)))

    @property
    def ends_unsaid(self) -> bool:
        """Its end is no good news: a message that was lost is told of for a while, or settled by whoever reads this."""
        return self.word in ("failed", "unconfirmed")

    def gives_way(self, now: Iterable[Alarm]) -> bool:
        """It is gone only because it came worse: a disk that was nearly full is full."""
        return self.word == "store_narrow" and any(each.word == "store_failing" for each in now)

    def in_chat(self, prefix: str, zone: str) -> Line:
        """What is wrong, and what an admin can do about it in a chat.

        Args:
            prefix: what is typed before a command there.
            zone: IANA name; the reader's.
        """
        return (*self._wrong(zone), *say("and_then", what=say(f"mend_{self.mend}_in_chat", prefix=prefix, **self.named)))

    def _wrong(self, zone: str) -> Line:
        values = {name: told(each, zone) if isinstance(each, datetime) else each for name, each in self.said.items()}
        return say(f"alarm_{self.wrong}", **values)


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
        refused, narrow: why nothing can be written into the archive, and that its disk is nearly full, in words.
        stopped: the bot whose clock ticked last ended in order since.
    """

    news: Sequence[News] = ()
    sources: Sequence[Followed] = ()
    ticked_at: datetime | None = None
    waiting: Stuck | None = None
    unconfirmed: Sequence[Stuck] = ()
    failed: Sequence[Stuck] = ()
    refused: str = ""
    narrow: str = ""
    stopped: bool = False


def alarms(observed: Observed, now: datetime) -> tuple[Alarm, ...]:
    """What is wrong now, the gravest first."""
    return (
        *_archive(observed),
        *_clock(observed, now),
        *_outbox(observed, now),
        *_stuck(observed),
        *(alarm for each in observed.news for alarm in _refused(each)),
        *(alarm for each in observed.news for alarm in _lost(each)),
        *_collecting(observed.sources, now),
        *(alarm for each in observed.news for alarm in _silence(each)),
        *(alarm for each in observed.sources for alarm in _failing(each, now)),
    )


def _archive(observed: Observed) -> Iterator[Alarm]:
    """What cannot be written now; else that it soon cannot."""
    if observed.refused:
        yield Alarm("store_failing", "", "store_failing", {"why": observed.refused.rstrip(".")}, None, "store")
    elif observed.narrow:
        yield Alarm("store_narrow", "", "store_narrow", {"why": observed.narrow.rstrip(".")}, None, "space")


def _clock(observed: Observed, now: datetime) -> Iterator[Alarm]:
    wanted = [each.subscription for each in observed.news if not each.subscription.paused]
    if not wanted:
        return
    since = observed.ticked_at or min(each.created_at for each in wanted)
    if now - since >= CLOCK_STOPPED:
        ticked = observed.ticked_at
        said: Said = {"when": ticked} if ticked else {}
        yield Alarm("clock_stopped", "", "clock_stopped" if ticked else "never_ran", said, since, "start")


def _outbox(observed: Observed, now: datetime) -> Iterator[Alarm]:
    waits = observed.waiting
    if waits is not None and now - waits.since >= OUTBOX_STUCK:
        why = say("for_reason", why=waits.why.rstrip(".")) if waits.why else ()
        said: Said = {"channel": str(waits.channel), "when": waits.since, "why": why}
        yield Alarm("outbox_stuck", "", "outbox_stuck", said, waits.since, "waiting")


def _stuck(observed: Observed) -> Iterator[Alarm]:
    for each in observed.unconfirmed:
        said: Said = {"delivery": each.delivery, "when": each.since, "channel": str(each.channel)}
        yield Alarm("unconfirmed", each.delivery, "unconfirmed", said, each.since, "unconfirmed", {"delivery": each.delivery})
    for each in observed.failed:
        why: Said = {"delivery": each.delivery, "channel": str(each.channel), "why": each.why.rstrip(".")}
        yield Alarm("failed", each.delivery, "failed", why, each.since, "failed", {"delivery": each.delivery})


def _refused(each: News) -> Iterator[Alarm]:
    if each.refused:
        wanted = each.subscription
        said: Said = {"title": wanted.title, "channel": str(wanted.channel), "why": each.refused.rstrip(".")}
        yield Alarm("refused", wanted.id, "refused", said, None, "refused", {"subscription": wanted.id})


def _collecting(sources: Sequence[Followed], now: datetime) -> Iterator[Alarm]:
    active = [each for each in sources if not each.paused and not each.health.stopped]
    due = [each.health.next_poll_at or each.added_at for each in active]
    overdue = [at for at in due if at is not None and now - at >= NOT_COLLECTED]
    failing = [each.health.failing_since for each in active if each.health.failing_since]
    if overdue:
        said: Said = {"sources": len(overdue), "when": min(overdue)}
        yield Alarm("nothing_collected", "", "not_collected", said, min(overdue), "collect")
    elif len(active) > 1 and len(failing) == len(active) and now - max(failing) >= NOT_COLLECTED:
        yield Alarm("nothing_collected", "", "none_answers", {"sources": len(active)}, max(failing), "network")


def _lost(each: News) -> Iterator[Alarm]:
    if each.lost is not None and not each.subscription.paused:
        wanted, run = each.subscription, each.lost
        said: Said = {"when": run.due, "title": wanted.title, "channel": str(wanted.channel), "why": run.error.rstrip(".")}
        yield Alarm("run_failed", wanted.id, "run_failed", said, run.due, "run", {"subscription": wanted.id})


def _silence(each: News) -> Iterator[Alarm]:
    wanted, heard = each.subscription, each.heard
    if wanted.paused or heard.nothing is None or not heard.news:
        return
    usual = usual_days(wanted.schedule, heard.news)
    if usual is None:
        return
    last = heard.news[-1]
    quiet = quiet_days(wanted.schedule, max(last, wanted.counts_from), heard.nothing)
    if sum(usual[day.weekday()] for day in quiet) >= SILENT_TIMES:
        said: Said = {"title": wanted.title, "channel": str(wanted.channel), "when": last, "times": SILENT_TIMES}
        yield Alarm("silent", wanted.id, "silent", said, last, "sources")


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
    since, named = health.failing_since or now, each.source.name or each.source.address
    why = health.last_error.rstrip(".")
    said: dict[str, Value | datetime] = {"source": named, "why": why}
    if not health.stopped:
        said |= {"failures": health.failures, "when": since}
    wrong = "source_gone" if health.stopped else "source_failing"
    yield Alarm("source_failing", each.source.address, wrong, said, since, "source", {"address": each.source.address})
