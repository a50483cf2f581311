"""How a connection is told."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.connection_words import connected, counts, is_connected
from bot.wording import plain, say


def test_a_connection_that_is_there_for_days_says_since_which_day() -> None:
    since = datetime(2026, 2, 12, 8, 5, tzinfo=UTC)

    assert connected("digest", "Acme", since, "3 requests") == "connected as @digest to Acme since 12 Feb 08:05 UTC; 3 requests"


def test_what_was_asked_is_counted_and_how_fast_it_was_acknowledged() -> None:
    assert counts(0, (), 0) == "0 requests; told to wait 0 times"
    assert counts(1, (4.2,), 1) == "1 request, acknowledged in 4 ms (half) and 4 ms (99 of 100); told to wait 1 time"


def test_what_is_told_of_a_connection_that_is_there_is_known_again() -> None:
    assert is_connected(connected("digest", "Acme", datetime(2026, 2, 12, tzinfo=UTC), ""))
    assert not is_connected(plain(say("connected_not", why="make a token")))
    assert not is_connected(plain(say("connected_not_now", counts="")))
    assert not is_connected(plain(say("connected_not_yet")))
