"""Silence is noticed, and health is not taken for silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.alarms import Alarm, News, Observed, Stuck, alarms
from bot.model import Channel, Run, RunState, Subscription
from bot.polling import Health
from bot.ports import Followed, Heard
from bot.schedule import parse, slots
from bot.watch import DAYS
from bot.wording import plain
from digests.model import Source

MONDAY = datetime(2024, 10, 14, 8, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WELL = Health(last_ok_at=MONDAY, next_poll_at=MONDAY + HOUR)


def subscription(words: str = "daily 08:00") -> Subscription:
    began = MONDAY - 60 * DAY
    return Subscription("world", Channel("console"), "World", parse(words, "UTC"), began, began)


def source(number: int = 1, health: Health = WELL, *, paused: bool = False) -> Followed:
    address = f"https://outlet{number}.example/feed"
    return Followed(
        Source(f"s{number}", "feed", address, f"Outlet {number}"), health, added_at=MONDAY - 60 * DAY, paused=paused
    )


def words(observed: Observed, now: datetime = MONDAY) -> list[str]:
    return [alarm.word for alarm in alarms(observed, now)]


def silent(news: News, now: datetime) -> list[Alarm]:
    found = alarms(Observed(news=[news], ticked_at=now), now)
    assert {alarm.word for alarm in found} <= {"silent"}
    return list(found)


def daily(count: int, last: datetime) -> tuple[datetime, ...]:
    return tuple(last - back * DAY for back in reversed(range(count)))


def rings(words: str, has_news: Callable[[datetime], bool], known: timedelta, zone: str = "UTC") -> datetime | None:
    """The run at which a subscription is first called silent, whose news end on a Monday at 08:00; None when it never is.

    Args:
        has_news: whether a run finds news, by when it is due.
        known: for how long before that Monday it ran.
    """
    wanted = replace(subscription(words), schedule=parse(words, zone))
    news: dict[date, datetime] = {}  # by day
    for slot in slots(wanted.schedule, MONDAY - known, MONDAY + 120 * DAY):
        if slot.due <= MONDAY and has_news(slot.due):
            news[slot.day] = slot.due
        elif silent(News(wanted, Heard(tuple(news.values())[-DAYS:], slot.due)), slot.due):
            return slot.due
    return None


def always(due: datetime) -> bool:
    return True


def on_weekdays(due: datetime) -> bool:
    return due.weekday() < 5


def monthly(due: datetime) -> bool:
    return (MONDAY - due).days % 30 == 0


def test_an_archive_that_takes_nothing_comes_first_and_one_that_soon_cannot_too():
    refused = "news.db cannot grow: the disk is full; free some space."
    narrow = "Only 3.0 MiB are free where news.db is, so it soon cannot grow"

    (full,) = alarms(Observed(refused=refused, narrow=narrow), MONDAY)
    (nearly,) = alarms(Observed(narrow=narrow), MONDAY)

    assert full.text == (
        "Nothing can be kept or posted: news.db cannot grow: the disk is full; free some space. Then see: dateline check"
    )
    assert nearly.text == f"{narrow}. Free some space there."


def test_an_installation_that_is_well_has_no_alarm():
    observed = Observed([News(subscription(), Heard(daily(9, MONDAY)))], [source(1), source(2)], ticked_at=MONDAY)

    assert words(observed, MONDAY + HOUR / 12) == []


@pytest.mark.parametrize(
    ("words", "has_news", "rang"),
    [
        pytest.param("daily 08:00", always, "2024-10-17T08:00", id="daily"),
        pytest.param("weekdays 08:00", always, "2024-10-17T08:00", id="weekdays"),
        pytest.param("fri,mon 08:00", always, "2024-10-25T08:00", id="twice a week"),
        pytest.param("mon 08:00", always, "2024-11-04T08:00", id="weekly"),
        pytest.param("every 6h", always, "2024-10-17T18:00", id="four a day"),
        pytest.param("every 6h", on_weekdays, "2024-10-17T18:00", id="four a day, empty weekends"),
        pytest.param("every 1h", lambda due: 8 <= due.hour < 20, "2024-10-17T23:00", id="every hour, empty nights"),
        pytest.param("daily 08:00", on_weekdays, "2024-10-17T08:00", id="daily, empty weekends"),
        pytest.param("daily 08:00", lambda due: due.weekday() in (0, 3), "2024-10-24T08:00", id="daily, news twice a week"),
        pytest.param(
            "daily 08:00", lambda due: (MONDAY - due).days % 2 == 0, "2024-10-20T08:00", id="daily, news every other day"
        ),
        pytest.param("daily 08:00", monthly, "2025-01-13T08:00", id="daily, news once a month"),
    ],
)
def test_a_subscription_is_silent_after_three_times_its_usual_span_and_not_before(
    words: str, has_news: Callable[[datetime], bool], rang: str
) -> None:
    at = rings(words, has_news, known=180 * DAY)

    assert at is not None
    assert f"{at:%Y-%m-%dT%H:%M}" == rang


def test_a_last_working_day_is_followed_by_a_weekend_that_counts_for_nothing():
    friday = MONDAY - 3 * DAY
    news = tuple(day for back in reversed(range(25)) if (day := friday - back * DAY).weekday() < 5)
    wanted = subscription("every 6h")

    def rung(nothing: datetime) -> bool:
        return bool(silent(News(wanted, Heard(news, nothing)), nothing))

    assert not rung(MONDAY - 8 * HOUR)
    assert not rung(MONDAY + DAY + 10 * HOUR)
    assert rung(MONDAY + 2 * DAY + 10 * HOUR)


def test_days_are_those_of_the_subscriptions_own_clocks():
    evening = rings("daily 20:00", always, 60 * DAY, "America/Los_Angeles")  # there 20:00 is the next day in UTC

    assert evening is not None
    assert f"{evening:%a %H:%M}" == "Thu 03:00"


def test_the_alarm_of_silence_says_since_when_and_what_to_do():
    (alarm,) = silent(News(subscription(), Heard(daily(9, MONDAY), MONDAY + 3 * DAY)), MONDAY + 3 * DAY)

    assert (alarm.word, alarm.about, alarm.since) == ("silent", "world", MONDAY)
    assert alarm.text == (
        "World in console has had no news since 14 Oct 08:00 UTC, for 3 times as long as usual. "
        "See its sources: dateline status"
    )


@pytest.mark.parametrize(
    "news",
    [
        pytest.param((), id="none yet"),
        pytest.param(daily(2, MONDAY), id="two days"),
        pytest.param(daily(7, MONDAY), id="less than a week"),
        pytest.param((MONDAY - 30 * DAY, MONDAY), id="twice in a month"),
        pytest.param(tuple(MONDAY - n * HOUR for n in (3, 2, 1)), id="one busy day"),
    ],
)
def test_before_anything_is_usual_nothing_is_silent(news: tuple[datetime, ...]) -> None:
    assert silent(News(subscription(), Heard(news, MONDAY + 90 * DAY)), MONDAY + 90 * DAY) == []


def test_days_on_which_no_run_was_made_are_no_silence():
    assert silent(News(subscription(), Heard(daily(9, MONDAY))), MONDAY + 30 * DAY) == []
    assert silent(News(subscription(), Heard(daily(9, MONDAY), MONDAY + DAY)), MONDAY + 30 * DAY) == []


def test_a_paused_subscription_is_silent_on_purpose():
    paused = replace(subscription(), paused=True)

    assert silent(News(paused, Heard(daily(9, MONDAY), MONDAY + 30 * DAY)), MONDAY + 30 * DAY) == []


def test_the_silence_of_a_pause_is_not_held_against_a_resumed_subscription():
    resumed = replace(subscription(), counts_from=MONDAY + 30 * DAY)
    heard = Heard(daily(9, MONDAY), MONDAY + 31 * DAY)

    assert silent(News(resumed, heard), MONDAY + 31 * DAY) == []
    assert len(silent(News(resumed, replace(heard, nothing=MONDAY + 33 * DAY)), MONDAY + 33 * DAY)) == 1


def test_a_digest_that_could_not_be_made_is_told_until_another_is():
    lost = Run("r-1", "world", "2024-10-14T08:00", MONDAY, RunState.FAILED, "a", 5, MONDAY, 7, error="A bug.")

    (alarm,) = alarms(Observed([News(subscription(), lost=lost)], ticked_at=MONDAY), MONDAY)

    assert (alarm.word, alarm.about, alarm.since) == ("run_failed", "world", MONDAY)
    assert alarm.text == (
        "The digest of 14 Oct 08:00 UTC for World in console could not be made: A bug. "
        "The next one makes up for it. Try now: dateline subscriptions run world"
    )
    paused = replace(subscription(), paused=True)
    assert alarms(Observed([News(paused, lost=lost)], ticked_at=MONDAY), MONDAY) == ()


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
    waits = Observed(waiting=Stuck("d-7", Channel("webhook", id="news"), MONDAY, "Slack can't be reached."))

    assert words(waits, MONDAY + timedelta(minutes=14)) == []
    (alarm,) = alarms(waits, MONDAY + timedelta(minutes=15))

    assert (alarm.word, alarm.since) == ("outbox_stuck", MONDAY)
    assert alarm.text == (
        "A message to webhook:news has waited to be sent since 14 Oct 08:00 UTC: Slack can't be reached. "
        "See all that wait: dateline deliveries list --state pending"
    )


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
    assert "failed 12 times since 6 Oct 08:00 UTC: It answered 500." in alarm.text
    assert words(Observed(sources=[source(1, replace(long, failures=9)), source(2)])) == []


def test_a_source_that_is_gone_is_an_alarm_at_once():
    gone = replace(WELL, next_poll_at=None, failures=1, failing_since=MONDAY, last_error="It answered 410 (gone)")

    assert words(Observed(sources=[source(1, gone), source(2)])) == ["source_failing"]
    assert words(Observed(sources=[source(1, gone, paused=True), source(2)])) == []


def test_the_gravest_alarm_comes_first():
    failing = replace(WELL, failures=12, failing_since=MONDAY - 8 * DAY, last_error="no answer")
    waits = Stuck("d-7", Channel("console"), MONDAY - DAY)
    observed = Observed([News(subscription())], [source(1, failing), source(2)], MONDAY - DAY, waits)

    assert words(observed) == ["clock_stopped", "outbox_stuck", "source_failing"]


def test_in_a_chat_an_alarm_says_what_can_be_typed_there_and_leaves_the_rest_to_the_operator():
    failing = replace(WELL, failures=12, failing_since=MONDAY - 8 * DAY, last_error="It answered 500.")
    lost = Run("r-1", "world", "2024-10-14T08:00", MONDAY, RunState.FAILED, "a", 5, MONDAY, 7, error="A bug.")
    stuck, silence = Stuck("d-7", Channel("console"), MONDAY - DAY, "It is closed."), Heard(daily(9, MONDAY - 9 * DAY), MONDAY)
    observed = Observed(
        [News(subscription(), refused="It is gone."), News(subscription(), lost=lost), News(subscription(), silence)],
        [source(1, failing), source(2, failing)],
        MONDAY - DAY,
        stuck,
        [stuck],
        [stuck],
    )
    found = {alarm.word: plain(alarm.in_chat("/digest", "UTC")) for alarm in alarms(observed, MONDAY)}

    assert len(found) == 9
    assert all("perator" in text for text in found.values() if "dateline" in text)
    assert found["refused"].endswith("Mended? Type there `/digest schedule resume world`.")
    assert found["run_failed"].endswith("Try now: type there `/digest schedule run world`.")
    assert found["silent"].endswith("Type there `/digest feeds` to see how its sources do.")
    assert found["source_failing"].endswith("If it stays so: `/digest feeds remove https://outlet2.example/feed`.")
    assert found["clock_stopped"].endswith("The operator starts it with `dateline run`.")
