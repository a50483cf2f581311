"""When a schedule comes, and what the changes of the clocks do to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Schedule, Slot
from bot.schedule import Due, after_edit, latest_due, next_slots, parse, slots, window_of

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

# Two years of each zone in which its clocks do what it is known for.
CHANGES = {
    "Europe/Berlin": (2025, 2026),
    "America/New_York": (2026, 2027),
    "Europe/London": (2024, 2025),
    "Australia/Lord_Howe": (2025, 2026),  # half an hour
    "Asia/Kathmandu": (1985, 1986),  # a quarter of an hour, at midnight, for good
    "Pacific/Apia": (2011, 2012),  # 30 December 2011 is left out
}
LEFT_OUT = {"Pacific/Apia": {date(2011, 12, 30)}}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def span(zone: str, first: date, last: date) -> tuple[datetime, datetime]:
    """From just before a local day begins to just before the day after another does."""
    return tuple(datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC) - MINUTE for day in (first, last + DAY))  # type: ignore[return-value]


def wall(instant: datetime, zone: str) -> datetime:
    """What the clocks of a zone show."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def first_minute_showing(nominal: datetime, zone: str) -> datetime:
    """The first minute at which the clocks show a time or a later one, found by looking at them."""
    instant = nominal.replace(tzinfo=UTC) - timedelta(hours=15)
    while wall(instant + timedelta(hours=1), zone) < nominal:
        instant += timedelta(hours=1)
    while wall(instant, zone) < nominal:
        instant += MINUTE
    return instant


# The table of clock changes


@pytest.mark.parametrize("nominal", ["00:00", "02:30", "23:59"])
@pytest.mark.parametrize("zone", CHANGES)
def test_each_day_of_two_years_has_its_slot_exactly_once(zone: str, nominal: str) -> None:
    first, last = date(CHANGES[zone][0], 1, 1), date(CHANGES[zone][1], 12, 31)
    every_day = {first + n * DAY for n in range((last - first).days + 1)} - LEFT_OUT.get(zone, set())

    found = list(slots(parse(f"daily {nominal}", zone), *span(zone, first, last)))

    assert [slot.day for slot in found] == sorted(every_day)
    assert {slot.key[-5:] for slot in found} == {nominal}
    assert all(one.due < following.due for one, following in pairwise(found))
    for slot in found:
        assert slot.due == first_minute_showing(datetime.combine(slot.day, slot.time), zone), slot


@pytest.mark.parametrize("nominal", ["00:00", "02:30", "23:59"])
@pytest.mark.parametrize("zone", CHANGES)
def test_a_bot_that_ticks_around_each_slot_of_two_years_runs_it_once(zone: str, nominal: str) -> None:
    """Before it, at it, and when the clocks may show it once more."""
    schedule, ends = parse(f"daily {nominal}", zone), [date(CHANGES[zone][0], 1, 1), date(CHANGES[zone][1], 12, 31)]
    start, end = span(zone, *ends)
    owed = list(slots(schedule, start, end))
    last: Slot | None = None
    run: list[tuple[datetime, Slot]] = []
    for slot in owed:
        for tick in (slot.due - MINUTE, slot.due, slot.due + 30 * MINUTE, slot.due + 60 * MINUTE):
            if found := latest_due(schedule, tick, since=start, last=last):
                last = found.slot
                run.append((tick, found.slot))

    assert run == [(slot.due, slot) for slot in owed]


@pytest.mark.parametrize(
    ("zone", "nominal", "day", "due"),
    [
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29 03:00"),
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08 03:00"),
        ("Europe/London", "01:00", "2025-03-30", "2025-03-30 02:00"),
        ("Australia/Lord_Howe", "02:15", "2025-10-05", "2025-10-05 02:30"),
        ("Asia/Kathmandu", "00:00", "1986-01-01", "1986-01-01 00:15"),
        ("Africa/Cairo", "00:00", "2026-04-24", "2026-04-24 01:00"),
        ("America/Nuuk", "23:30", "2026-03-28", "2026-03-29 00:00"),  # the last hour of a day is left out
        ("Africa/Monrovia", "00:20", "1972-01-07", "1972-01-07 00:45"),  # the clocks went to 00:44:30
    ],
)
def test_a_missing_time_is_due_at_the_next_valid_minute_under_its_own_name(zone: str, nominal: str, day: str, due: str) -> None:
    before, _ = span(zone, date.fromisoformat(day), date.fromisoformat(day))

    (slot,) = next_slots(parse(nominal, zone), before, 1)

    assert (slot.key, str(wall(slot.due, zone))) == (f"{day}T{nominal}", f"{due}:00")


@pytest.mark.parametrize(
    ("zone", "nominal", "day", "due"),
    [
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30Z"),
        ("America/New_York", "01:00", "2026-11-01", "2026-11-01T05:00Z"),
        ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04T14:45Z"),
    ],
)
def test_a_repeated_time_is_due_once_and_the_first_time(zone: str, nominal: str, day: str, due: str) -> None:
    today = date.fromisoformat(day)

    (slot,) = slots(parse(nominal, zone), *span(zone, today, today))

    assert (slot.key, slot.due) == (f"{day}T{nominal}", at(due))


@pytest.mark.parametrize(
    ("zone", "nominal", "before", "note"),
    [
        (
            "America/New_York",
            "02:30",
            "2026-03-07T12:00Z",
            "02:30 does not exist on 8 Mar 2026 in New York; that day I'll post at 03:00.",
        ),
        (
            "America/Nuuk",
            "23:30",
            "2026-03-28T12:00Z",
            "23:30 does not exist on 28 Mar 2026 in Nuuk; I'll post at 00:00 on 29 Mar 2026 instead.",
        ),
        (
            "Australia/Lord_Howe",
            "01:45",
            "2026-04-04T12:00Z",
            "01:45 comes twice on 5 Apr 2026 in Lord Howe; I'll post the first time only.",
        ),
        ("Europe/Berlin", "03:00", "2026-03-28T12:00Z", ""),
        ("Europe/Berlin", "01:59", "2026-10-24T12:00Z", ""),
    ],
)
def test_a_slot_says_what_the_clocks_do_to_it(zone: str, nominal: str, before: str, note: str) -> None:
    (slot,) = next_slots(parse(nominal, zone), at(before), 1)

    assert slot.note == note


def test_a_day_that_a_zone_leaves_out_has_no_slot_and_its_neighbours_keep_theirs() -> None:
    found = slots(parse("every 12h", "Pacific/Apia"), at("2011-12-29T08:00Z"), at("2011-12-31T12:00Z"))

    assert [(slot.key, slot.due) for slot in found] == [
        ("2011-12-29T00:00", at("2011-12-29T10:00Z")),
        ("2011-12-29T12:00", at("2011-12-29T22:00Z")),
        ("2011-12-31T00:00", at("2011-12-30T10:00Z")),
        ("2011-12-31T12:00", at("2011-12-30T22:00Z")),
        ("2012-01-01T00:00", at("2011-12-31T10:00Z")),
    ]


def test_a_day_of_the_week_that_is_left_out_waits_for_the_next_week() -> None:
    friday = parse("fri 08:00", "Pacific/Apia")

    assert [slot.key for slot in next_slots(friday, at("2011-12-24T12:00Z"), 2)] == ["2012-01-06T08:00", "2012-01-13T08:00"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("every 30m", ["01:30", "03:00", "03:30"]),  # 02:00 and 02:30 leave the field to 03:00
        ("daily 02:00, 02:20 and 02:40", ["02:00"]),  # of missing ones the first stays
        ("daily 01:50 and 02:10", ["01:50"]),  # 02:10 would come ten minutes after 01:50
        ("daily 02:40 and 03:05", ["03:05"]),
        ("daily 01:45 and 02:00", ["01:45", "02:00"]),  # a quarter of an hour is enough
    ],
)
def test_missing_times_never_crowd_another_slot(words: str, expected: list[str]) -> None:
    found = slots(parse(words, "Europe/Berlin"), at("2026-03-29T00:15Z"), at("2026-03-29T01:30Z"))

    assert [f"{slot.time:%H:%M}" for slot in found] == expected


def test_crowding_looks_across_midnight() -> None:
    nuuk = parse("daily 23:30 and 00:10", "America/Nuuk")

    assert [slot.key for slot in next_slots(nuuk, at("2026-03-28T12:00Z"), 1)] == ["2026-03-29T00:10"]


def test_every_six_hours_is_wall_clock_time_on_long_and_short_days() -> None:
    def hours(first: str) -> list[float]:
        found = next_slots(parse("every 6h", "Europe/Berlin"), at(first), 5)
        return [(following.due - one.due) / timedelta(hours=1) for one, following in pairwise(found)]

    assert hours("2026-03-28T22:59Z") == [5, 6, 6, 6]
    assert hours("2026-10-24T21:59Z") == [7, 6, 6, 6]


def test_midnight_is_due_once_where_the_clocks_go_back_over_it() -> None:
    """At 00:01 of 7 November the clocks of St John's went back to 23:01 of the 6th."""
    midnight = parse("daily 00:00", "America/St_Johns")

    assert [slot.key for slot in slots(midnight, at("2010-11-06T12:00Z"), at("2010-11-07T02:45Z"))] == ["2010-11-07T00:00"]
    assert next(slots(midnight, at("2010-11-07T02:45Z"))).key == "2010-11-08T00:00"


# What is due


BERLIN = parse("daily 08:00", "Europe/Berlin")


def due(now: str, since: str = "2026-07-01T12:00Z", last: Slot | None = None, schedule: Schedule = BERLIN) -> Due | None:
    return latest_due(schedule, at(now), since=at(since), last=last)


def slot_of(schedule: Schedule, after: str) -> Slot:
    return next_slots(schedule, at(after), 1)[0]


def key_of(found: Due | None) -> str | None:
    return found.slot.key if found else None


def test_a_slot_is_due_from_its_minute_on() -> None:
    assert due("2026-07-02T05:59:59Z") is None
    assert key_of(due("2026-07-02T06:00Z")) == "2026-07-02T08:00"
    assert key_of(due("2026-07-02T19:00Z")) == "2026-07-02T08:00"


def test_what_came_before_the_subscription_is_not_owed() -> None:
    assert due("2026-07-01T06:00:30Z", since="2026-07-01T06:00Z") is None
    assert key_of(due("2026-07-01T06:00:30Z", since="2026-07-01T05:59:59Z")) == "2026-07-01T08:00"


def test_after_a_standstill_one_digest_makes_up_for_all() -> None:
    last = slot_of(BERLIN, "2026-07-02T00:00Z")

    found = due("2026-07-06T17:00Z", last=last)

    assert found is not None
    assert (found.slot.key, found.missed) == ("2026-07-06T08:00", 3)
    assert due("2026-07-06T17:00Z", last=found.slot) is None


def test_a_clock_that_jumps_back_a_day_repeats_nothing() -> None:
    last = slot_of(BERLIN, "2026-07-04T00:00Z")

    assert due("2026-07-03T06:00Z", last=last) is None
    assert due("2026-07-04T06:00Z", last=last) is None
    assert key_of(due("2026-07-05T06:00Z", last=last)) == "2026-07-05T08:00"


def test_new_rules_of_a_zone_do_not_repeat_a_day() -> None:
    """An update of the zone's data moves 08:00 by an hour after it was posted; its name stays."""
    posted = Slot(date(2026, 7, 2), time(8), at("2026-07-02T05:00Z"))

    assert due("2026-07-02T06:00Z", last=posted) is None


@pytest.mark.parametrize(
    ("zone", "edited"),
    [
        ("America/New_York", "2026-07-02T09:00Z"),  # there the clocks show 08:00 once more
        ("Asia/Tokyo", "2026-07-02T07:00Z"),  # there 08:00 has long passed
        ("Pacific/Honolulu", "2026-07-02T06:30Z"),  # there it is still the day before
    ],
)
def test_another_zone_never_posts_a_day_twice(zone: str, edited: str) -> None:
    last = slot_of(BERLIN, "2026-07-02T00:00Z")
    moved = parse("daily 08:00", zone)

    counts_from = after_edit(BERLIN, moved, at(edited), since=at("2026-07-01T00:00Z"), last=last)

    assert last.key == "2026-07-02T08:00"
    assert next(slots(moved, counts_from, last=last)).key == "2026-07-03T08:00"


def test_a_time_that_another_zone_had_before_the_last_run_is_not_made_up_for() -> None:
    new_york, auckland = parse("daily 18:00", "America/New_York"), parse("daily 08:00", "Pacific/Auckland")
    last = slot_of(new_york, "2026-07-01T12:00Z")  # 22:00 UTC; in Auckland 2 July has had its 08:00 two hours before

    counts_from = after_edit(new_york, auckland, at("2026-07-01T22:10Z"), since=at("2026-06-30T00:00Z"), last=last)

    assert next(slots(auckland, counts_from, last=last)).key == "2026-07-03T08:00"


def test_a_zone_in_which_the_day_has_passed_still_gives_it_its_digest() -> None:
    new_york = parse("daily 08:00", "America/New_York")
    last = slot_of(new_york, "2026-07-01T00:00Z")

    counts_from = after_edit(new_york, BERLIN, at("2026-07-02T11:00Z"), since=at("2026-06-30T00:00Z"), last=last)

    assert key_of(latest_due(BERLIN, at("2026-07-02T11:00Z"), since=counts_from, last=last)) == "2026-07-02T08:00"


@pytest.mark.parametrize(
    ("old", "new", "edited", "owed"),
    [
        pytest.param("daily 09:00", "daily 08:00", "2026-07-02T06:30Z", "2026-07-02T08:00", id="the day would go without"),
        pytest.param("daily 09:00", "daily 08:00", "2026-07-02T07:30Z", None, id="the day has had its own"),
        pytest.param("daily 09:00", "daily 10:00", "2026-07-02T06:30Z", None, id="it still comes today"),
        pytest.param("daily 09:00", "every 1h", "2026-07-02T06:30Z", None, id="the next hour will do"),
        pytest.param("thu 09:00", "daily 08:00", "2026-07-01T06:30Z", None, id="the days before were never promised"),
        pytest.param("daily 09:00", "fri 08:00", "2026-07-02T06:30Z", None, id="this day is no longer wanted"),
        pytest.param("daily 09:00", "thu 08:00", "2026-07-02T06:30Z", "2026-07-02T08:00", id="a week would go without"),
    ],
)
def test_an_edited_schedule_owes_nothing_of_its_past_but_a_promised_day(
    old: str, new: str, edited: str, owed: str | None
) -> None:
    before, after = parse(old, "Europe/Berlin"), parse(new, "Europe/Berlin")
    since = at("2026-06-30T22:00Z") if old.startswith("thu") else at("2026-07-01T12:00Z")
    ran = latest_due(before, at(edited), since=since)
    last = ran.slot if ran else None

    counts_from = after_edit(before, after, at(edited), since=since, last=last)

    assert key_of(latest_due(after, at(edited), since=counts_from, last=last)) == owed


# Windows


def test_windows_follow_one_another_without_gap_or_overlap() -> None:
    first, second = next_slots(BERLIN, at("2026-07-01T12:00Z"), 2)

    one = window_of(BERLIN, first, None, at("2026-07-02T06:00:07Z"))
    two = window_of(BERLIN, second, one.end, at("2026-07-03T11:30Z"))

    assert (one.start, one.end) == (at("2026-07-01T06:00Z"), at("2026-07-02T06:00:07Z"))
    assert (two.start, two.end) == (one.end, at("2026-07-03T11:30Z"))


def test_a_first_window_reaches_back_to_the_slot_before() -> None:
    weekdays = parse("weekdays 08:00", "Europe/Berlin")
    monday = slot_of(weekdays, "2026-07-04T12:00Z")

    assert window_of(weekdays, monday, None, monday.due).start == at("2026-07-03T06:00Z")


def test_a_clock_set_back_gives_an_empty_window_and_the_next_begins_where_it_should() -> None:
    slot = slot_of(BERLIN, "2026-07-02T00:00Z")
    end = at("2026-07-02T09:00Z")

    window = window_of(BERLIN, slot, end, at("2026-07-02T08:00Z"))

    assert (window.start, window.end) == (end, end)


# Whatever the zone, the schedule and the ticks

ZONES = (*CHANGES, "UTC", "America/Nuuk", "Africa/Cairo", "Africa/Casablanca", "Pacific/Chatham", "America/St_Johns")
zones = st.sampled_from(ZONES)
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days = st.frozensets(st.integers(0, 6), min_size=1)
instants = st.integers(0, 45 * 365 * 24 * 60).map(lambda minutes: at("1985-12-01T00:00Z") + minutes * MINUTE)
around_changes = st.builds(
    lambda change, hours: at(change) + timedelta(hours=hours),
    st.sampled_from(
        [
            "2011-12-30T10:00Z",
            "2010-11-07T02:31Z",
            "2026-03-29T01:00Z",
            "2026-10-25T01:00Z",
            "2026-04-04T15:00Z",
            "1985-12-31T18:30Z",
        ]
    ),
    st.integers(-60, 10),
)
starts = st.one_of(instants, around_changes)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    hours = draw(st.frozensets(st.integers(0, 23), min_size=1, max_size=6))
    minute = draw(st.integers(0, 59))
    return Schedule(draw(days), tuple(time(hour, minute) for hour in sorted(hours)), draw(zones))


@given(schedules(), starts, st.lists(st.integers(0, 2_000), max_size=12))
@settings(deadline=None)
def test_many_small_spans_hold_the_slots_of_one_large_span(schedule: Schedule, start: datetime, steps: list[int]) -> None:
    ends = [start]
    for step in steps:
        ends.append(ends[-1] + timedelta(minutes=step))

    in_steps = [slot for one, following in pairwise(ends) for slot in slots(schedule, one, following)]

    assert in_steps == list(slots(schedule, start, ends[-1]))


@given(schedules(), starts, st.lists(st.integers(-1_500, 3_000), min_size=1, max_size=15))
@settings(deadline=None)
def test_at_whatever_ticks_each_slot_is_run_or_made_up_for_once(schedule: Schedule, start: datetime, ticks: list[int]) -> None:
    """The clock may jump either way between ticks; the bot remembers nothing but the last slot."""
    now, furthest, last = start, start, None
    run: list[Slot] = []
    made_up_for = 0
    for tick in ticks:
        now += timedelta(minutes=tick)
        furthest = max(furthest, now)
        if found := latest_due(schedule, now, since=start, last=last):
            last = found.slot
            run.append(last)
            made_up_for += found.missed

    owed = list(slots(schedule, start, furthest))
    assert len(run) + made_up_for == len(owed)
    assert [slot for slot in owed if slot in run] == run
    assert all(one.due < following.due and one.key < following.key for one, following in pairwise(run))


@given(schedules(), starts)
@settings(deadline=None)
def test_slots_are_a_quarter_of_an_hour_apart_on_every_day(schedule: Schedule, start: datetime) -> None:
    found = list(slots(schedule, start, start + 10 * DAY))

    assert all(following.due - one.due >= timedelta(minutes=15) for one, following in pairwise(found))
    assert all(one.key < following.key for one, following in pairwise(found))


@given(starts, st.lists(st.tuples(times, zones, st.integers(1, 3_000)), min_size=2, max_size=10))
@settings(deadline=None)
def test_however_a_daily_schedule_is_edited_no_day_is_named_twice_and_each_promise_is_kept(
    start: datetime, edits: list[tuple[time, str, int]]
) -> None:
    every = frozenset(range(7))
    schedule, since, now = Schedule(every, (edits[0][0],), edits[0][1]), start, start
    run: list[Slot] = []

    def tick_until(end: datetime) -> None:
        nonlocal now
        while now < end:
            now = min(now + 30 * MINUTE, end)
            if found := latest_due(schedule, now, since=since, last=run[-1] if run else None):
                run.append(found.slot)

    for nominal, zone, minutes in edits[1:]:
        tick_until(now + minutes * MINUTE)
        last = run[-1] if run else None
        promised = next(slots(schedule, since, last=last)).day
        schedule, old, old_since = Schedule(every, (nominal,), zone), schedule, since
        since = after_edit(old, schedule, now, since=old_since, last=last)

        coming = next(slots(schedule, since, last=last))
        passed_over = [slot for slot in slots(schedule, now - 4 * DAY, now + 4 * DAY) if promised <= slot.day < coming.day]
        had_their_digest = all(last and (slot.due <= last.due or slot.key <= last.key) for slot in passed_over)
        assert had_their_digest or coming.due <= now
    tick_until(now + 3 * DAY)

    keys = [slot.key for slot in run]
    assert keys == sorted(set(keys))
