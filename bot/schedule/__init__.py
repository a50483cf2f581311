"""When a subscription is due: from words, a wall clock and a time zone to instants.  Pure; the clock is an argument.

``words`` reads and writes schedules as people put them, ``zones`` knows time zones by name, ``due`` says when a schedule comes
and what the changes of the clocks do to it, ``runs`` shows that to the one who set it up.
"""

from bot.schedule.due import Due, after_edit, latest_due, next_slots, rescheduled, slots, window_of
from bot.schedule.runs import next_runs
from bot.schedule.words import in_words, is_begun, parse
from bot.schedule.zones import zone_named

__all__ = [
    "Due",
    "after_edit",
    "in_words",
    "is_begun",
    "latest_due",
    "next_runs",
    "next_slots",
    "parse",
    "rescheduled",
    "slots",
    "window_of",
    "zone_named",
]
