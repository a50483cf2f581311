"""The next runs of a schedule, in the words that whoever set it up sees."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model import Schedule, Slot
from bot.schedule.due import first_instant, leaves_out, next_slots
from bot.schedule.zones import place
from digests.model import utc
from digests.render import days

_STEP = timedelta(hours=6)  # no zone changes its clocks twice in it


def next_runs(schedule: Schedule, now: datetime, count: int = 3, *, last: Slot | None = None) -> tuple[str, ...]:
    """The next runs on the clock of the schedule's zone, one a line, with what changes of the clocks do on the way.

    Args:
        last: the slot that ran last, as in ``slots``.

    >>> from datetime import UTC
    >>> from bot.schedule.words import parse
    >>> for line in next_runs(parse("daily 08:00", "Europe/Berlin"), datetime(2026, 3, 27, 12, tzinfo=UTC)): print(line)
    Sat 28 Mar 08:00 CET
    Sun 29 Mar 08:00 CEST (clocks go forward by 1 h on Sun 29 Mar)
    Mon 30 Mar 08:00 CEST
    """
    zone, lines = ZoneInfo(schedule.zone), []
    before = utc(now)
    for slot in next_slots(schedule, now, count, last=last):
        local = slot.due.astimezone(zone)
        note = slot.note or _change(zone, before, slot.due)
        year = f" {local.year}" if local.year != now.astimezone(zone).year else ""
        when = f"{days.full(local.date())}{year} {local:%H:%M} {days.zone_abbreviation(slot.due, schedule.zone)}"
        lines.append(f"{when} ({note.rstrip('.')})" if note else when)
        before = slot.due
    return tuple(lines)


def _change(zone: ZoneInfo, after: datetime, until: datetime) -> str:
    """What the first change of the clocks in a span does, in words; "" when there is none."""
    offset = _offset(zone, after)
    while after < until:
        step = min(after + _STEP, until)
        if _offset(zone, step) != offset:
            return _named(zone, first_instant(after, step, lambda instant: _offset(zone, instant) != offset))
        after = step
    return ""


def _named(zone: ZoneInfo, change: datetime) -> str:
    earlier = change - timedelta(seconds=1)
    jump = _offset(zone, change) - _offset(zone, earlier)
    day = change.astimezone(zone).date()
    left_out = earlier.astimezone(zone).date() + timedelta(days=1)
    if left_out < day and leaves_out(zone, left_out):
        return f"{days.report(left_out, None)} does not exist in {place(zone.key)}; there is no post for it"
    minutes = int(abs(jump).total_seconds() // 60)
    span = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
    return f"clocks go {'forward' if jump > timedelta(0) else 'back'} by {span} on {days.full(day)}"


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset
