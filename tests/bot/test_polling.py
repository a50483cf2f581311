"""When a source is asked next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import SourceError
from bot.model import Validators
from bot.polling import DAY_S, HOUR_S, Health, answered, failed, followed, posts_a_week

NOON = datetime(2024, 10, 13, 12, tzinfo=UTC)
TAGGED = Validators('"x"')
WELL = Health(next_poll_at=NOON, last_polled_at=NOON - timedelta(hours=1), last_ok_at=NOON - timedelta(hours=1))
DEAD = SourceError("harbour.example did not answer")


def hours(health: Health, now: datetime = NOON) -> float:
    """How long until the next poll, in hours."""
    assert health.next_poll_at is not None
    return (health.next_poll_at - now).total_seconds() / HOUR_S


@pytest.mark.parametrize(
    ("posts", "expected"),
    [(0, 24), (1, 24), (7, 24), (14, 12), (56, 3), (168, 1), (5_000, 1)],
)
def test_a_source_is_asked_as_often_as_it_posts(posts: int, expected: float) -> None:
    after = answered(WELL, NOON, validators=TAGGED, body_hash="h", changed=True, posts_a_week=posts)

    assert hours(after) == expected


@pytest.mark.parametrize(
    ("ages", "posts"),
    [
        ([], 0),
        ([3], 1),
        ([3, 24 * 8, 24 * 400], 1),
        ([each * 12 for each in range(20)], 14),
        ([each * 0.5 for each in range(1, 31)], 325),
        ([-5, -1, 3], 1),
        ([0, 0, 0], 3),
    ],
    ids=["no date", "one", "a pinned one", "a week and more", "the last 15 hours", "from tomorrow", "all at once"],
)
def test_a_list_of_the_newest_tells_how_fast_they_come(ages: list[float], posts: int) -> None:
    assert posts_a_week([NOON - timedelta(hours=age) for age in ages], NOON) == posts


def test_urgent_news_may_be_asked_every_quarter_of_an_hour_but_never_more_often() -> None:
    often = answered(WELL, NOON, validators=TAGGED, body_hash="h", changed=True, posts_a_week=5_000, floor_s=1)

    assert hours(often) == 0.25


@pytest.mark.parametrize("wish", ["wait_s", "ttl_s"])
def test_the_wish_of_server_and_feed_is_obeyed_up_to_a_day(wish: str) -> None:
    def wished(seconds: float) -> float:
        wishes = {wish: seconds}
        return hours(answered(WELL, NOON, validators=TAGGED, body_hash="h", changed=True, posts_a_week=168, **wishes))  # type: ignore[arg-type]

    assert wished(2 * HOUR_S) == 2
    assert wished(1) == 1
    assert wished(40 * DAY_S) == 24


def test_a_server_without_validators_and_news_is_asked_once_a_day() -> None:
    same = answered(WELL, NOON, validators=Validators(), body_hash="h", changed=False, posts_a_week=168)
    changed = answered(WELL, NOON, validators=Validators(), body_hash="h", changed=True, posts_a_week=168)

    assert (hours(same), hours(changed)) == (24, 1)


def early(health: Health, now: datetime = NOON) -> float | None:
    """How long until it may be asked before its turn, in hours."""
    return (health.early_at - now).total_seconds() / HOUR_S if health.early_at else None


@pytest.mark.parametrize(("posts", "expected"), [(0, 12), (56, 1.5), (168, 1), (5_000, 1)])
def test_before_its_turn_a_source_is_asked_when_half_of_the_wait_is_over_and_the_floor(posts: int, expected: float) -> None:
    assert early(answered(WELL, NOON, validators=TAGGED, body_hash="h", changed=True, posts_a_week=posts)) == expected


def test_before_its_turn_a_source_is_not_asked_against_the_wish_of_its_server_nor_while_it_fails() -> None:
    wished = answered(WELL, NOON, validators=TAGGED, body_hash="h", changed=True, wait_s=20 * HOUR_S)
    same = answered(WELL, NOON, validators=Validators(), body_hash="h", changed=False, posts_a_week=168)

    assert (early(wished), early(same)) == (20, 24)
    assert early(failed(wished, NOON, DEAD)) is None


def test_jitter_lengthens_a_wait_by_a_tenth_at_most() -> None:
    late = answered(WELL, NOON, validators=TAGGED, body_hash="h", changed=True, jitter=1.0)

    assert hours(late) == pytest.approx(26.4)


def test_feeds_added_together_do_not_stay_in_step() -> None:
    new = Health(next_poll_at=NOON)
    addresses = [f"https://{number}.example/feed" for number in range(50)]
    waits = [
        hours(answered(new, NOON, validators=TAGGED, body_hash="h", changed=True, posts_a_week=168, address=address))
        for address in addresses
    ]

    assert len({round(wait, 2) for wait in waits}) > 25
    assert all(1 <= wait <= 2 for wait in waits)


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_a_dead_source_is_asked_at_most_seven_times_on_its_first_day(jitter: float) -> None:
    health, now, asked = Health(next_poll_at=NOON), NOON, 0
    while now < NOON + timedelta(days=1):
        asked += 1
        health = failed(health, now, DEAD, jitter=jitter)
        assert health.next_poll_at is not None
        now = health.next_poll_at

    assert asked <= 7


def test_failures_double_the_wait_up_to_a_day_and_success_resets_it() -> None:
    health, waits = WELL, []
    for _ in range(7):
        health = failed(health, NOON, DEAD)
        waits.append(hours(health))

    assert waits == [1, 2, 4, 8, 16, 24, 24]
    well = answered(health, NOON, validators=TAGGED, body_hash="h", changed=True)
    assert (well.failures, well.failing_since, well.last_error) == (0, None, "")


def test_sources_that_fail_together_do_not_come_back_together() -> None:
    waits = [hours(failed(WELL, NOON, DEAD, jitter=jitter)) for jitter in (0.0, 0.25, 0.5, 1.0)]

    assert waits == [1, 1.25, 1.5, 2]


def test_a_failure_keeps_the_validators_of_the_last_good_body() -> None:
    before = answered(WELL, NOON, validators=TAGGED, body_hash="h", changed=True)

    after = failed(before, NOON, DEAD)

    assert (after.validators, after.body_hash, after.last_ok_at) == (TAGGED, "h", NOON)
    assert (after.last_error, after.last_polled_at) == (str(DEAD), NOON)


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_server_that_limits_us_is_left_alone_for_four_hours_doubling(status: int) -> None:
    once = failed(WELL, NOON, SourceError("slow down", status=status))
    twice = failed(once, NOON, SourceError("slow down", status=status))

    assert (hours(once), hours(twice)) == (4, 8)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(7_200, 2), (1, 1), (20 * DAY_S, 480), (400 * DAY_S, 744)], ids=["2 h", "1 s", "20 d", "400 d"]
)
def test_retry_after_is_obeyed_for_a_month(seconds: float, expected: float) -> None:
    after = failed(WELL, NOON, SourceError("slow down", status=429, retry_after=seconds, asked=True), jitter=1.0)

    assert hours(after) == expected


def test_410_stops_at_once() -> None:
    gone = failed(WELL, NOON, SourceError("gone", status=410))

    assert gone.stopped
    assert gone.alarming(NOON)


def test_404_stops_after_thirty_days() -> None:
    missing = SourceError("not found", status=404)
    first = failed(WELL, NOON, missing)
    day_29 = failed(first, NOON + timedelta(days=29), missing)
    day_30 = failed(day_29, NOON + timedelta(days=30), missing)

    assert (first.stopped, day_29.stopped, day_30.stopped) == (False, False, True)


def test_the_operator_hears_of_ten_failures_over_a_week() -> None:
    health = Health(next_poll_at=NOON)
    for _ in range(10):
        health = failed(health, NOON, DEAD)

    assert not health.alarming(NOON + timedelta(days=6))
    assert health.alarming(NOON + timedelta(days=7))


class TestMoves:
    OLD, NEW = "https://old.example/feed", "https://new.example/feed"

    def moves(self, *targets: str | None, address: str = OLD, apart: timedelta = timedelta(hours=12)) -> list[str | None]:
        """What address each of several good fetches, some hours apart, leads us to believe in."""
        health, found = Health(validators=TAGGED), []
        for number, target in enumerate(targets):
            health, moved = followed(health, target, address, NOON + number * apart)
            found.append(moved)
        return found

    def test_a_move_is_believed_after_three_good_fetches_on_two_days(self) -> None:
        assert self.moves(self.NEW, self.NEW, self.NEW) == [None, None, self.NEW]
        assert self.moves(*[self.NEW] * 4, apart=timedelta(hours=9)) == [None, None, None, self.NEW]

    def test_a_move_that_wavers_is_not_believed(self) -> None:
        other = "https://other.example/feed"

        assert self.moves(self.NEW, self.NEW, other, self.NEW) == [None] * 4
        assert self.moves(self.NEW, self.NEW, None, self.NEW) == [None] * 4

    def test_no_move_leads_from_https_to_http(self) -> None:
        assert self.moves(*["http://new.example/feed"] * 5) == [None] * 5

    def test_a_move_forgets_the_validators_of_the_old_address(self) -> None:
        waiting = Health(validators=TAGGED, moved_to=self.NEW, moved_times=2, moved_since=NOON)

        health, moved = followed(waiting, self.NEW, self.OLD, NOON + timedelta(days=1))

        assert moved == self.NEW
        assert health == Health()
