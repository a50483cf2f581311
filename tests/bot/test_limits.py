"""How much may be asked: ten questions a minute for a person, more for a space, nobody at another's cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.commands.limits import A_PERSON, A_SPACE, Limits
from bot.model import Space

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HERE, THERE = Space("slack", "T1"), Space("slack", "T2")
SECOND = timedelta(seconds=1)


def test_the_eleventh_question_of_a_minute_waits_until_the_first_is_a_minute_old():
    limits = Limits()

    waits = [limits.wait_s(HERE, "u", NOON + at * SECOND) for at in range(A_PERSON + 1)]

    assert waits == [(0, 0)] * A_PERSON + [(50, A_PERSON)]
    assert limits.wait_s(HERE, "u", NOON + 60 * SECOND) == (0, 0)


def test_a_question_that_was_refused_does_not_count():
    limits = Limits()
    for _ in range(A_PERSON + 30):
        limits.wait_s(HERE, "u", NOON)

    assert limits.wait_s(HERE, "u", NOON + 60 * SECOND) == (0, 0)


def test_one_person_does_not_keep_another_waiting():
    limits = Limits()
    for _ in range(A_PERSON + 1):
        limits.wait_s(HERE, "u", NOON)

    assert limits.wait_s(HERE, "v", NOON) == (0, 0)
    assert limits.wait_s(THERE, "u", NOON) == (0, 0)


def test_a_space_has_a_limit_too_that_holds_in_it_alone():
    limits = Limits()
    for at in range(A_SPACE):
        assert limits.wait_s(HERE, f"u{at}", NOON) == (0, 0)

    assert limits.wait_s(HERE, "one more", NOON) == (60, A_SPACE)
    assert limits.wait_s(THERE, "one more", NOON) == (0, 0)


def test_a_clock_that_goes_back_locks_nobody_out_for_longer_than_a_minute_of_it():
    limits = Limits()
    for _ in range(A_PERSON):
        limits.wait_s(HERE, "u", NOON)

    wait, _ = limits.wait_s(HERE, "u", NOON - timedelta(days=1))

    assert wait <= 60
