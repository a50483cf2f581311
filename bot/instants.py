"""How an instant is written beside digests: in a status, in alarms, in lists; on the reader's clock, with its zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from digests.render import days


def told(moment: datetime, zone: str) -> str:
    """An instant on the clock of ``zone``, an IANA name.

    >>> from datetime import UTC
    >>> told(datetime(2026, 2, 5, 7, 0, tzinfo=UTC), "Europe/Berlin")
    '5 Feb 08:00 CET'
    """
    local = moment.astimezone(ZoneInfo(zone))
    return f"{days.report(local.date(), local.date())} {local:%H:%M} {days.zone_abbreviation(moment, zone)}"


def told_with_weekday(moment: datetime, zone: str) -> str:
    """The same with its weekday, for what came or comes on a schedule: ``Thu 5 Feb 08:00 CET``."""
    return f"{days.full(moment.astimezone(ZoneInfo(zone)).date()).partition(' ')[0]} {told(moment, zone)}"
