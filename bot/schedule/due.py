"""When a schedule comes: a pure function of wall clock, zone and last slot.

A slot is named by its local date and nominal time, and is due at **the first minute at which the clocks of its zone show that
time or a later one**.  From this one rule follows what happens when the clocks change:

- a missing time (spring) is due at the next valid minute; its name stays;
- a repeated time (autumn) is due once, the first time;
- a missing time that would crowd another slot of the schedule (less than 15 minutes away) leaves the field to that one;
- a day that a zone leaves out (Samoa, 30 December 2011) has no slots: there is no such day to make a digest of.

Nothing is lost by a slot that does not come, because a window reaches back to the end of the run before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.model import SHORTEST_PERIOD, Schedule, Slot, Subscription
from bot.schedule.zones import place
from digests.model import Window, utc
from digests.render import days

_DAY = timedelta(days=1)
_NO_TIME = timedelta(0)
_LONGEST_PERIOD = timedelta(days=15)  # a week, and another when its day is the one that a zone leaves out


@dataclass(frozen=True, slots=True)
class Due:
    """A slot to run now.  ``missed`` counts the ones before it that never ran: its digest makes up for them all."""

    slot: Slot
    missed: int = 0


def slots(schedule: Schedule, after: datetime, until: datetime | None = None, *, last: Slot | None = None) -> Iterator[Slot]:
    """The slots due in ``after < due <= until``, in order; without ``until`` they never end.

    Args:
        last: the slot that ran last, under whatever schedule and zone.  Only what is later by the clock *and* by name follows
            it, so that neither new rules of a zone, nor another zone, nor edited times repeat a digest.
    """
    after = utc(after) if last is None else max(utc(after), last.due)
    zone = ZoneInfo(schedule.zone)
    day = after.astimezone(zone).date()  # what is due later has a later time than the clocks have shown
    last_day = date.max - _DAY if until is None else until.astimezone(zone).date() + _DAY
    while day <= last_day:
        for slot in _of_day(schedule, day):
            if until is not None and slot.due > until:
                return
            if slot.due > after and (last is None or (slot.day, slot.time) > (last.day, last.time)):
                yield slot
        day += _DAY


def next_slots(schedule: Schedule, now: datetime, count: int = 3, *, last: Slot | None = None) -> tuple[Slot, ...]:
    """The next slots after ``now``; ``last`` as in ``slots``."""
    return tuple(islice(slots(schedule, now, last=last), count))


def latest_due(schedule: Schedule, now: datetime, *, since: datetime, last: Slot | None = None) -> Due | None:
    """The slot to run now; None when there is none.  However many were missed, one digest makes up for them.

    A clock that was set back finds nothing due until it has passed the last slot again.

    Args:
        since: from when slots count, ``Subscription.counts_from``.
        last: the slot that ran last; None before the first.
    """
    due = None
    for slot in slots(schedule, since, now, last=last):
        due = Due(slot, due.missed + 1 if due else 0)
    return due


def after_edit(old: Schedule, new: Schedule, now: datetime, *, since: datetime, last: Slot | None = None) -> datetime:
    """From when slots count once a schedule was edited at ``now``: from now on, and none of its past is owed, but for one.

    When the old schedule promised a digest for a day, and on that day the new one has its time behind it ("09:00" becomes
    "08:00" at half past eight), then the day would go without.  That one slot counts, and so is due at once.

    Args:
        since, last: as in ``latest_due``, of the old schedule.
    """
    promised, coming = next(slots(old, since, last=last)), next(slots(new, now, last=last))
    if coming.day <= promised.day:
        return utc(now)
    passed = [slot for slot in slots(new, now - _LONGEST_PERIOD, now, last=last) if slot.day >= promised.day]
    return passed[-1].due - timedelta(seconds=1) if passed else utc(now)


def rescheduled(old: Subscription, schedule: Schedule, now: datetime, *, last: Slot | None = None) -> Subscription:
    """The subscription with another schedule, edited at ``now``; ``last`` as in ``latest_due``.

    One that it has already leaves it as it is, so that a slot that is due stays due.
    """
    if schedule == old.schedule:
        return old
    counts_from = after_edit(old.schedule, schedule, now, since=old.counts_from, last=last)
    return replace(old, schedule=schedule, counts_from=counts_from)


def window_of(schedule: Schedule, slot: Slot, previous_end: datetime | None, stored_until: datetime) -> Window:
    """What the digest of a slot is about: the articles first stored since the end of the run before it.

    Cut by the instant of storing, so that an article that was published early and found late is in exactly one window.

    Args:
        previous_end: where the window of the run before it ended; None for a first run, which looks back as far as the slot
            before it would have.
        stored_until: the instant of this run, or the last one before which nothing can be stored any more.  When the clock
            was set back it lies before ``previous_end``; the window is then empty, and the next one begins where it should.
    """
    if previous_end is not None:
        start = utc(previous_end)
    else:
        before = [each.due for each in slots(schedule, slot.due - _LONGEST_PERIOD, slot.due) if each.due < slot.due]
        start = before[-1] if before else slot.due - _DAY
    return Window(start, max(start, utc(stored_until)))


def leaves_out(zone: ZoneInfo, day: date) -> bool:
    """Whether the clocks of a zone jump over a whole day."""
    noon = datetime.combine(day, time(12))
    if _shift(noon, zone) <= _NO_TIME:
        return False
    jump = _jump(noon, zone)
    return (jump - timedelta(seconds=1)).astimezone(zone).date() < day < jump.astimezone(zone).date()


def first_instant(low: datetime, high: datetime, holds: Callable[[datetime], bool]) -> datetime:
    """The first whole second in ``low < t <= high`` from which on something holds that does so at ``high``."""
    below, above = 0, int((high - low).total_seconds())
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if holds(low + timedelta(seconds=middle)) else (middle, above)
    return low + timedelta(seconds=above)


def _of_day(schedule: Schedule, day: date) -> list[Slot]:
    """The slots with this local date, in order."""
    zone = ZoneInfo(schedule.zone)
    found = []
    for wall in _walls(schedule, day):
        shift, due, note = _shift(wall, zone), wall.replace(tzinfo=zone).astimezone(UTC), ""
        if shift > _NO_TIME:
            if leaves_out(zone, day) or _crowded(schedule, wall, zone):
                continue
            due = _next_valid_minute(wall, zone)
            note = _missing(wall, due.astimezone(zone), place(zone.key))
        elif shift < _NO_TIME:
            note = f"{wall:%H:%M} comes twice on {days.report(day, None)} in {place(zone.key)}; I'll post the first time only."
        found.append(Slot(day, wall.time(), due, note))
    return found


def _walls(schedule: Schedule, day: date) -> list[datetime]:
    """What the clocks show, as naive datetimes, when the schedule comes on a day."""
    return [datetime.combine(day, each) for each in schedule.times] if day.weekday() in schedule.days else []


def _shift(wall: datetime, zone: ZoneInfo) -> timedelta:
    """By how much the clocks jump over this time; negative when they show it twice, zero on plain days."""
    local = wall.replace(tzinfo=zone)
    before, after = local.utcoffset(), local.replace(fold=1).utcoffset()
    assert before is not None
    assert after is not None
    return after - before


def _jump(missing: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks jump over a missing time."""
    # PEP 495: read by the rules after the jump it lies before the jump, and the other way round.
    low = missing.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = missing.replace(tzinfo=zone).astimezone(UTC)
    return first_instant(low, high, lambda instant: instant.astimezone(zone).replace(tzinfo=None) >= missing)


def _next_valid_minute(missing: datetime, zone: ZoneInfo) -> datetime:
    jump = _jump(missing, zone)
    return jump + timedelta(seconds=-jump.astimezone(zone).second % 60)


def _crowded(schedule: Schedule, missing: datetime, zone: ZoneInfo) -> bool:
    """Whether another slot comes less than 15 minutes from where a missing time would; of missing ones the first stays."""
    due = _next_valid_minute(missing, zone)
    for day in (missing.date() + n * _DAY for n in (-1, 0, 1)):
        for wall in _walls(schedule, day):
            if _shift(wall, zone) <= _NO_TIME:
                if abs(wall.replace(tzinfo=zone).astimezone(UTC) - due) < SHORTEST_PERIOD:
                    return True
            elif wall < missing and _next_valid_minute(wall, zone) == due and not leaves_out(zone, day):
                return True
    return False


def _missing(wall: datetime, due: datetime, where: str) -> str:
    """The sentence about a time that the clocks jump over; ``due`` is what they show when it comes."""
    missing = f"{wall:%H:%M} does not exist on {days.report(wall.date(), None)} in {where}"
    if due.date() == wall.date():
        return f"{missing}; that day I'll post at {due:%H:%M}."
    return f"{missing}; I'll post at {due:%H:%M} on {days.report(due.date(), None)} instead."
