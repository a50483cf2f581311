"""Schedules, zones, channels and subscriptions in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Channel, IfNothing, Schedule, Space, Subscription
from bot.schedule import in_words, next_runs, parse, zone_named
from digests.errors import QueryError
from digests.model import Length

EVERY_DAY = frozenset(range(7))
NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)


# Words that are understood


@pytest.mark.parametrize(
    ("words", "canonical"),
    [
        ("weekdays 08:00", "weekdays 08:00"),
        ("mon,thu 07:30", "mon,thu 07:30"),
        ("every 6h", "every 6h"),
        ("daily 08:00 and 18:00", "daily 08:00 and 18:00"),
        ("08:00", "daily 08:00"),
        ("8:00", "daily 08:00"),
        ("08:00 weekdays", "weekdays 08:00"),
        ("  Every   DAY at 8 a.m. and 6 pm ", "daily 08:00 and 18:00"),
        ("18:00, 12:00, 08:00", "daily 08:00, 12:00 and 18:00"),
        ("noon & midnight", "every 12h"),
        ("12am", "daily 00:00"),
        ("12:15pm", "daily 12:15"),
        ("8.30", "daily 08:30"),
        ("Mondays 9:05", "mon 09:05"),
        ("every Thursday at 09:00", "thu 09:00"),
        ("tues, weds and thurs 10:00", "tue,wed,thu 10:00"),
        ("mon-fri 08:00", "weekdays 08:00"),
        ("Monday to Wednesday 08:00", "mon,tue,wed 08:00"),
        ("fri – mon 08:00", "mon,fri,sat,sun 08:00"),
        ("sat,sun 10:00", "weekends 10:00"),
        ("mon mon 08:00 08:00", "mon 08:00"),
        ("hourly", "every 1h"),
        ("every hour", "every 1h"),
        ("every 2 hours on weekdays", "weekdays every 2h"),
        ("every 30 minutes", "every 30m"),
        ("each 90min", "every 90m"),
        ("every 24h", "daily 00:00"),
        ("00:00, 06:00, 12:00 and 18:00", "every 6h"),
        ("mon 00:05 and 23:55", "mon 00:05 and 23:55"),
    ],
)
def test_a_schedule_is_read_as_people_put_it(words: str, canonical: str) -> None:
    assert in_words(parse(words, "Europe/Berlin")) == canonical


def test_every_counts_from_midnight() -> None:
    assert parse("every 8h", "UTC").times == (time(0), time(8), time(16))
    assert parse("every 15m", "UTC").times[:3] == (time(0), time(0, 15), time(0, 30))


def spaced(minutes: list[int]) -> tuple[time, ...]:
    """Times at least 15 minutes apart, across midnight too."""
    kept: list[int] = []
    for minute in sorted(minutes):
        if not kept or (minute - kept[-1] >= 15 and kept[0] + 1_440 - minute >= 15):
            kept.append(minute)
    return tuple(time(minute // 60, minute % 60) for minute in kept)


schedules = st.builds(
    Schedule,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.lists(st.integers(0, 1_439), min_size=1, max_size=20).map(spaced)
    | st.sampled_from([1, 2, 3, 4, 6, 24, 96]).map(
        lambda parts: tuple(time(minute // 60, minute % 60) for minute in range(0, 1_440, 1_440 // parts))
    ),
    st.sampled_from(["UTC", "Asia/Kathmandu"]),
)


@given(schedules)
def test_the_words_of_a_schedule_say_it_whole(schedule: Schedule) -> None:
    assert parse(in_words(schedule), schedule.zone) == schedule


# Words that are not


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("", "When should I post? Write *weekdays 08:00*, *mon,thu 07:30*, *daily 08:00 and 18:00* or *every 6h*."),
        ("mondy 08:00", "I don't know *mondy*. Did you mean *monday*?"),
        ("whenever", "I don't know *whenever*. Try *weekdays 08:00*, *mon,thu 07:30*, *daily 08:00 and 18:00* or *every 6h*."),
        ("mon", "At what time? Write *mon 08:00*."),
        ("8", "I can't tell what *8* is. A time is written *08:00*."),
        ("6h", "*6h* may be a period or a time. Write *every 6h* or a time such as *08:00*."),
        ("08:00 cet", "*cet* is a time zone; give it apart, as the zone of the schedule."),
        ("08:00 Europe/Berlin", "*europe/berlin* is a time zone; give it apart, as the zone of the schedule."),
        ("08:00:30", "*08:00:30* is finer than a minute. Write *08:00*."),
        ("mon 08:00 tue 09:00", "One schedule has the same times on each of its days. Make a second one for the other days."),
        ("08:00 every 6h", "Either times or *every 6h*, not both in one schedule. Make a second one for the rest."),
        (
            "0 8 * * 1-5",
            "That looks like cron; I read plain words, such as "
            "*weekdays 08:00*, *mon,thu 07:30*, *daily 08:00 and 18:00* or *every 6h*.",
        ),
    ],
)
def test_what_is_not_understood_is_answered_with_what_would_be(words: str, answer: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(words, "Europe/Berlin")

    assert str(error.value) == answer


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("25:00", "*25:00* never comes: a day goes from 00:00 to 23:59."),
        ("daily 08:60", "*08:60* never comes: a day goes from 00:00 to 23:59."),
        ("24:00", "*24:00* never comes: a day ends at 23:59. Write *00:00*, on the day that begins then."),
        ("13pm", "There is no *13pm*; am and pm go from 1 to 12. Write *13:00*."),
        ("never", "*never* never comes. To post nothing for a while, pause the subscription."),
        (
            "31 feb 08:00",
            "*feb*: I post by days of the week, not by dates. "
            "Write *weekdays 08:00*, *mon,thu 07:30*, *daily 08:00 and 18:00* or *every 6h*.",
        ),
    ],
)
def test_a_time_that_never_comes_is_refused(words: str, answer: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(words, "Europe/Berlin")

    assert str(error.value) == answer


@pytest.mark.parametrize(
    "words", ["first monday 08:00", "2026-02-31 08:00", "1st 08:00", "monthly 08:00", "31/2 08:00", "31.2. 08:00"]
)
def test_dates_are_no_days_of_the_week(words: str) -> None:
    with pytest.raises(QueryError, match="by days of the week, not by dates"):
        parse(words, "Europe/Berlin")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("every 10m", "*Every 10m* is too often: I post every 15 minutes at most. Try *every 15m* or *every 6h*."),
        (
            "every 30 seconds",
            "*Every 30 seconds* is too often: I post every 15 minutes at most. Try *every 15m* or *every 6h*.",
        ),
        ("every 0h", "*Every 0h* is too often: I post every 15 minutes at most. Try *every 15m* or *every 6h*."),
        ("08:00 and 08:14", "08:00 and 08:14 are 14 minutes apart, and I post every 15 minutes at most. Leave one out."),
        ("23:55 and 00:05", "23:55 and 00:05 are 10 minutes apart, and I post every 15 minutes at most. Leave one out."),
        (
            "sun,mon 23:55 and 00:05",
            "23:55 and 00:05 are 10 minutes apart, and I post every 15 minutes at most. Leave one out.",
        ),
        ("every 5h", "*Every 5h* does not divide a day into equal parts. Try *every 4h* or *every 6h*."),
        ("every 13h", "*Every 13h* does not divide a day into equal parts. Try *every 12h* or *every 24h*."),
        ("every 2 days", "*Every 2 days* is longer than a day. Name the days instead: *mon,wed,fri 08:00*."),
    ],
)
def test_a_period_is_a_part_of_the_day_and_a_quarter_of_an_hour_at_least(words: str, answer: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(words, "Europe/Berlin")

    assert str(error.value) == answer


@given(
    st.text(max_size=30)
    | st.lists(
        st.sampled_from(
            ["mon", "fri", "-", "to", "every", "6h", "5", "m", "h", "day", "08:00", "24", "8am", "and", ",", ":", "."]
        )
    ).map(" ".join)
)
def test_whatever_is_typed_is_a_schedule_or_an_answer(words: str) -> None:
    try:
        schedule = parse(words, "UTC")
    except QueryError as answer:
        said = str(answer)
    else:
        said = in_words(schedule)
        assert parse(said, "UTC") == schedule
    assert 0 < len(said) < 500


def test_long_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(QueryError, match="That is 1000000 characters"):
        parse("8" * 1_000_000, "UTC")


# Zones


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_known_however_it_is_spelled(words: str, name: str) -> None:
    assert zone_named(words) == name


@pytest.mark.parametrize(
    ("words", "likely"),
    [
        ("EST5", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("cest", "Europe/Berlin"),
        ("Eastern Time", "America/New_York"),
        ("Berlin", "Europe/Berlin"),
        ("Europe/New York", "America/New_York"),
        ("America/Berlin", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"),
        ("kathmandoo", "Asia/Kathmandu"),
        ("Lord Howe", "Australia/Lord_Howe"),
    ],
)
def test_a_zone_that_does_not_exist_is_answered_with_the_likely_one(words: str, likely: str) -> None:
    with pytest.raises(QueryError) as error:
        parse("daily 08:00", words)

    assert str(error.value) == f"I don't know the time zone *{words}*. Try *{likely}*."


@pytest.mark.parametrize(
    "words", ["", "Mars/Phobos", "../../etc/passwd", "localtime", "/etc/localtime", "x" * 5_000, "\0", "Factory"]
)
def test_what_resembles_no_zone_is_answered_with_an_example(words: str) -> None:
    with pytest.raises(
        QueryError, match=r"^I don't know the time zone \*.{0,60}\*\. A zone is named after a place: \*Europe/Berlin\*\.$"
    ):
        zone_named(words)


@pytest.mark.parametrize("words", ["UTC+2", "+01:00", "GMT-5", "2"])
def test_an_offset_is_no_zone(words: str) -> None:
    with pytest.raises(QueryError, match="An offset knows no summer time; name a place"):
        zone_named(words)


# The next runs


@pytest.mark.parametrize(
    ("words", "zone", "now", "lines"),
    [
        (
            "weekdays 08:00",
            "Europe/Berlin",
            "2026-12-31T12:00Z",
            ["Fri 1 Jan 2027 08:00 CET", "Mon 4 Jan 2027 08:00 CET", "Tue 5 Jan 2027 08:00 CET"],
        ),
        (
            "daily 08:00",
            "Europe/Berlin",
            "2026-03-27T12:00Z",
            ["Sat 28 Mar 08:00 CET", "Sun 29 Mar 08:00 CEST (clocks go forward by 1 h on Sun 29 Mar)", "Mon 30 Mar 08:00 CEST"],
        ),
        (
            "sun 08:00",
            "Australia/Lord_Howe",
            "2026-04-01T12:00Z",
            [
                "Sun 5 Apr 08:00 UTC+1030 (clocks go back by 30 min on Sun 5 Apr)",
                "Sun 12 Apr 08:00 UTC+1030",
                "Sun 19 Apr 08:00 UTC+1030",
            ],
        ),
        (
            "daily 02:30",
            "America/New_York",
            "2026-03-07T12:00Z",
            [
                "Sun 8 Mar 03:00 EDT (02:30 does not exist on 8 Mar 2026 in New York; that day I'll post at 03:00)",
                "Mon 9 Mar 02:30 EDT",
                "Tue 10 Mar 02:30 EDT",
            ],
        ),
        (
            "daily 08:00",
            "Pacific/Apia",
            "2011-12-29T12:00Z",
            [
                "Thu 29 Dec 08:00 UTC-10",
                "Sat 31 Dec 08:00 UTC+14 (30 Dec 2011 does not exist in Apia; there is no post for it)",
                "Sun 1 Jan 2012 08:00 UTC+14",
            ],
        ),
    ],
)
def test_the_next_runs_name_the_changes_of_the_clocks(words: str, zone: str, now: str, lines: list[str]) -> None:
    assert list(next_runs(parse(words, zone), datetime.fromisoformat(now))) == lines


# Channels and subscriptions


@pytest.mark.parametrize(
    "words", ["console", "slack:T024BE7LD/C061EG9SL", "discord:613425648685547541/613425648685547545", "webhook:news_2"]
)
def test_a_channel_is_written_as_it_is_read(words: str) -> None:
    assert str(Channel.parse(words)) == words


@pytest.mark.parametrize("words", ["console", "slack:T024BE7LD", "discord:1098", "webhook:news"])
def test_a_space_is_read_as_it_is_written(words: str) -> None:
    assert str(Space.parse(f" {words} ")) == words


@pytest.mark.parametrize("words", ["", "irc:x", "slack:T1/C1", "slack:", "discord:news", "webhook:9", "console:x"])
def test_what_is_no_space_is_answered_with_the_forms(words: str) -> None:
    with pytest.raises(QueryError, match=r"A space is written console, slack:TEAM, discord:GUILD, webhook:NAME\."):
        Space.parse(words)


def test_capitals_make_no_other_channel() -> None:
    assert Channel.parse(" Webhook:NEWS ") == Channel("webhook", "", "news")
    assert Channel.parse("Slack:T1/C1") == Channel("slack", "T1", "C1")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (
            "slak:T1/C1",
            "I don't know the channel *slak:T1/C1*. "
            "A channel is written console, slack:TEAM/CHANNEL, discord:GUILD/CHANNEL, webhook:NAME "
            "(ids, not names; the address of a webhook stands in DATELINE_WEBHOOK_NAME).",
        ),
        (
            "slack:T1/#news",
            "I can't read the channel *slack:T1/#news*. It is written slack:TEAM/CHANNEL (ids, not names).",
        ),
        (
            "discord:1",
            "I can't read the channel *discord:1*. It is written discord:GUILD/CHANNEL (ids, not names).",
        ),
        (
            "webhook:a/b",
            "I can't read the channel *webhook:a/b*. It is written webhook:NAME (a letter, then letters, digits and _).",
        ),
        ("console:1", "I can't read the channel *console:1*. It is written console."),
    ],
)
def test_a_channel_that_is_none_is_answered_with_the_forms(words: str, answer: str) -> None:
    with pytest.raises(QueryError) as error:
        Channel.parse(words)

    assert str(error.value) == answer


def test_the_parts_of_a_channel_cannot_pose_as_others() -> None:
    with pytest.raises(QueryError):
        Channel("slack", "", "T1/C1")


SUBSCRIPTION = Subscription("n1", Channel("console"), "World news", parse("weekdays 08:00", "UTC"), NOON, NOON)


def test_a_subscription_posts_a_normal_digest_and_says_when_there_is_nothing() -> None:
    assert (SUBSCRIPTION.topic, SUBSCRIPTION.length, SUBSCRIPTION.if_nothing) == ("", Length.NORMAL, IfNothing.POST)
    assert IfNothing("silent") is IfNothing.SILENT


def test_a_subscription_holds_no_nonsense() -> None:
    with pytest.raises(ValueError):
        replace(SUBSCRIPTION, title="")
    with pytest.raises(ValueError):
        replace(SUBSCRIPTION, created_at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("days", "times", "zone"),
    [
        ([], [time(8)], "UTC"),
        ([0], [], "UTC"),
        ([7], [time(8)], "UTC"),
        ([0], [time(9), time(8)], "UTC"),
        ([0], [time(8, 0, 1)], "UTC"),
        ([0], [time(8, tzinfo=UTC)], "UTC"),
        (EVERY_DAY, [time(8), time(8)], "UTC"),
    ],
)
def test_a_schedule_holds_no_nonsense(days: list[int], times: list[time], zone: str) -> None:
    with pytest.raises(ValueError):
        Schedule(frozenset(days), tuple(times), zone)


def test_a_schedule_in_no_zone_does_not_construct() -> None:
    with pytest.raises(KeyError):
        Schedule(EVERY_DAY, (time(8),), "Mars/Phobos")
