"""How a connection is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.connection_words import counts, told, whom
from bot.ports.connections import DoorState
from bot.wording import plain

SINCE = datetime(2026, 2, 12, 8, 5, tzinfo=UTC)


def test_a_connection_that_is_there_for_days_says_since_which_day_on_the_clock_of_the_reader() -> None:
    state = DoorState(True, whom("digest", "Acme"), SINCE, "3 requests")

    assert plain(told(state, "UTC")) == "connected as @digest to Acme since 12 Feb 08:05 UTC; 3 requests"
    assert "since 12 Feb 09:05 CET;" in plain(told(state, "Europe/Berlin"))


def test_what_was_asked_is_counted_and_how_fast_it_was_acknowledged() -> None:
    assert counts(0, (), 0) == "0 requests; told to wait 0 times"
    assert counts(1, (4.2,), 1) == "1 request, acknowledged in 4 ms (half) and 4 ms (99 of 100); told to wait 1 time"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DoorState(False), "not connected yet"),
        (DoorState(False, "Make another token."), "not connected: Make another token"),
        (DoorState(False, counts="3 requests"), "not connected just now; 3 requests"),
    ],
)
def test_a_connection_that_is_not_there_says_so_and_why(state: DoorState, words: str) -> None:
    assert plain(told(state, "UTC")) == words
