"""Silence is noticed, and health is not taken for silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.alarms import Alarm, News, Observed, Stuck, alarms
from bot.model import Channel, Subscription
from bot.polling import Health
from bot.ports import Followed
from bot.schedule import parse
from digests.model import Source

MONDAY = datetime(2024, 10, 14, 8, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WELL = Health(last_ok_at=MONDAY, next_poll_at=MONDAY + HOUR)


def subscription(words: str = "daily 08:00") -> Subscription:
    began = MONDAY - 60 * DAY
    return Subscription("world", Channel("console"), "World", parse(words, "UTC"), began, began)


def source(number: int = 1, health: Health = WELL, **more: bool) -> Followed:
    address = f"https://outlet{number}.example/feed"
    return Followed(Source(f"s{number}", "feed", address, f"Outlet {number}"), health, added_at=MONDAY - 60 * DAY, **more)


def words(observed: Observed, now: datetime = MONDAY) -> list[str]:
    return [alarm.word for alarm in alarms(observed, now)]


def silent(news: News, now: datetime) -> list[Alarm]:
    found = alarms(Observed(news=[news], ticked_at=now), now)
    assert {alarm.word for alarm in found} <= {"silent"}
    return list(found)


def daily(count: int, last: datetime) -> tuple[datetime, ...]:
    return tuple(last - back * DAY for back in reversed(range(count)))


def test_an_installation_that_is_well_has_no_alarm():
    observed = Observed([News(subscription(), daily(9, MONDAY))], [source(1), source(2)], ticked_at=MONDAY)

    assert words(observed, MONDAY + HOUR / 12) == []


def test_a_subscription_that_has_news_daily_is_silent_after_three_days_without():
    news = News(subscription(), daily(9, MONDAY))

    assert silent(news, MONDAY + 3 * DAY - HOUR) == []
    (alarm,) = silent(news, MONDAY + 3 * DAY + HOUR)
    assert (alarm.word, alarm.about, alarm.since) == ("silent", "world", MONDAY)
    assert "no news since 14 Oct 08:00 UTC" in alarm.text


def test_one_that_has_news_every_other_day_is_given_twice_the_time():
    news = News(subscription(), tuple(MONDAY - back * 2 * DAY for back in reversed(range(6))))

    assert silent(news, MONDAY + 5 * DAY + HOUR) == []
    assert len(silent(news, MONDAY + 6 * DAY + HOUR)) == 1


def test_a_weekend_is_no_silence_for_a_digest_of_weekdays():
    friday = MONDAY - 3 * DAY
    news = News(subscription("weekdays 08:00"), daily(5, friday))

    assert silent(news, MONDAY + HOUR) == []
    assert silent(news, MONDAY + DAY + HOUR) == []
    assert len(silent(news, MONDAY + 2 * DAY + HOUR)) == 1


def test_a_night_is_no_silence_for_a_digest_of_every_hour():
    news = News(subscription("every 1h"), tuple(MONDAY - back * HOUR for back in reversed(range(12))))

    assert silent(news, MONDAY + 10 * HOUR) == []
    assert len(silent(news, MONDAY + 24 * HOUR)) == 1


@pytest.mark.parametrize("count", [0, 1, 2])
def test_before_anything_is_usual_nothing_is_silent(count: int) -> None:
    assert silent(News(subscription(), daily(count, MONDAY)), MONDAY + 30 * DAY) == []


def test_a_paused_subscription_is_silent_on_purpose():
    paused = replace(subscription(), paused=True)

    assert silent(News(paused, daily(9, MONDAY)), MONDAY + 30 * DAY) == []


def test_the_silence_of_a_pause_is_not_held_against_a_resumed_subscription():
    resumed = replace(subscription(), counts_from=MONDAY + 30 * DAY)

    assert silent(News(resumed, daily(9, MONDAY)), MONDAY + 31 * DAY) == []


def test_a_clock_that_has_not_ticked_is_an_alarm_where_something_is_to_be_posted():
    stopped = Observed([News(subscription())], ticked_at=MONDAY - HOUR)

    (alarm,) = alarms(stopped, MONDAY)

    assert (alarm.word, alarm.since) == ("clock_stopped", MONDAY - HOUR)
    assert alarm.text == "The bot last looked at the clock 14 Oct 07:00 UTC, so nothing is posted. Start it: dateline run"
    assert words(Observed(ticked_at=MONDAY - HOUR)) == []
    assert words(Observed([News(replace(subscription(), paused=True))], ticked_at=MONDAY - HOUR)) == []


def test_a_bot_that_never_ran_is_an_alarm_ten_minutes_after_its_first_subscription():
    young = News(replace(subscription(), created_at=MONDAY))

    assert words(Observed([young]), MONDAY + timedelta(minutes=9)) == []
    assert words(Observed([young]), MONDAY + timedelta(minutes=10)) == ["clock_stopped"]


def test_a_message_that_waits_is_an_alarm_after_a_quarter_of_an_hour():
    assert words(Observed(waiting_since=MONDAY), MONDAY + timedelta(minutes=14)) == []
    assert words(Observed(waiting_since=MONDAY), MONDAY + timedelta(minutes=15)) == ["outbox_stuck"]


def test_a_message_of_unknown_outcome_is_told_until_a_person_settles_it():
    stuck = Stuck("d-7", Channel("webhook", id="news"), MONDAY)

    (alarm,) = alarms(Observed(unconfirmed=[stuck]), MONDAY + 5 * DAY)

    assert (alarm.word, alarm.about) == ("unconfirmed", "d-7")
    assert "webhook:news" in alarm.text
    assert "dateline deliveries resend d-7" in alarm.text


def test_a_message_that_failed_is_told_with_what_its_platform_said():
    (alarm,) = alarms(Observed(failed=[Stuck("d-7", Channel("console"), MONDAY, "The terminal is closed.")]), MONDAY)

    assert (alarm.word, alarm.about) == ("failed", "d-7")
    assert "to console failed: The terminal is closed." in alarm.text


def test_a_channel_that_takes_nothing_is_told_with_the_next_step():
    paused = replace(subscription(), paused=True)

    (alarm,) = alarms(Observed([News(paused, refused="the webhook news was removed.")]), MONDAY)

    assert alarm.word == "refused"
    assert alarm.text == (
        "World in console is paused: the webhook news was removed. Mended? dateline subscriptions resume world"
    )


def test_sources_that_nobody_reads_are_an_alarm():
    left = replace(WELL, next_poll_at=MONDAY - 3 * HOUR)

    assert words(Observed(sources=[source(1, left), source(2)])) == ["nothing_collected"]
    assert words(Observed(sources=[source(1, left, paused=True), source(2)])) == []


def test_no_source_that_answers_is_an_alarm_about_the_network():
    failing = replace(WELL, failures=3, failing_since=MONDAY - 3 * HOUR, last_error="no answer")

    (alarm,) = alarms(Observed(sources=[source(1, failing), source(2, failing)]), MONDAY)

    assert alarm.word == "nothing_collected"
    assert "Not one of 2 sources answers" in alarm.text
    assert words(Observed(sources=[source(1, failing), source(2)])) == []


def test_a_source_that_fails_for_long_is_named_with_its_last_error():
    long = replace(WELL, failures=12, failing_since=MONDAY - 8 * DAY, last_error="It answered 500.")

    (alarm,) = alarms(Observed(sources=[source(1, long), source(2)]), MONDAY)

    assert (alarm.word, alarm.about) == ("source_failing", "https://outlet1.example/feed")
    assert "failed 12 times since 06 Oct 08:00 UTC: It answered 500." in alarm.text
    assert words(Observed(sources=[source(1, replace(long, failures=9)), source(2)])) == []


def test_a_source_that_is_gone_is_an_alarm_at_once():
    gone = replace(WELL, next_poll_at=None, failures=1, failing_since=MONDAY, last_error="It answered 410 (gone)")

    assert words(Observed(sources=[source(1, gone), source(2)])) == ["source_failing"]
    assert words(Observed(sources=[source(1, gone, paused=True), source(2)])) == []


def test_the_gravest_alarm_comes_first():
    failing = replace(WELL, failures=12, failing_since=MONDAY - 8 * DAY, last_error="no answer")
    observed = Observed([News(subscription())], [source(1, failing), source(2)], MONDAY - DAY, MONDAY - DAY)

    assert words(observed) == ["clock_stopped", "outbox_stuck", "source_failing"]
