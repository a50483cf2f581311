"""What is said of feeds, the same in the terminal and in chats."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.feed_words import State, answer, health, state
from bot.feeds import Discovery, FoundFeed, Problem
from bot.polling import Health
from bot.ports import Followed
from bot.ports.topics import EVERYWHERE
from bot.wording import plain
from tests.bot.store.making import HARBOUR, NOON

OK = Health(last_ok_at=NOON, next_poll_at=NOON + timedelta(hours=1))
FAILING = Health(
    failures=3,
    last_error="harbour.example answered 500 (internal server error).",
    next_poll_at=NOON,
    failing_since=NOON - timedelta(hours=4),
)


@pytest.mark.parametrize(
    ("followed", "word", "words"),
    [
        (Followed(HARBOUR, Health(next_poll_at=NOON)), State.NOT_READ_YET, "not read yet"),
        (Followed(HARBOUR, OK), State.OK, "ok at 13 Oct 12:00 UTC, next 13 Oct 13:00 UTC"),
        (
            Followed(HARBOUR, FAILING),
            State.FAILING,
            "failing 3 times in a row: harbour.example answered 500 (internal server error) "
            "(since 13 Oct 08:00 UTC, again at 13 Oct 12:00 UTC)",
        ),
        (
            Followed(HARBOUR, replace(FAILING, failures=1, failing_since=NOON)),
            State.FAILING,
            "failing for the first time: harbour.example answered 500 (internal server error) (again at 13 Oct 12:00 UTC)",
        ),
        (
            Followed(HARBOUR, replace(FAILING, next_poll_at=None, last_error="harbour.example answered 410 (gone for good).")),
            State.STOPPED,
            "stopped: harbour.example answered 410 (gone for good) (not asked again until it is resumed)",
        ),
        (Followed(HARBOUR, FAILING, paused=True), State.PAUSED, "paused"),
    ],
    ids=str,
)
def test_how_a_source_is_doing_is_one_word_and_one_line(followed: Followed, word: State, words: str) -> None:
    assert (state(followed), plain(health(followed))) == (word, words)


def test_times_are_those_of_the_reader() -> None:
    assert plain(health(Followed(HARBOUR, OK), "Europe/Berlin")) == "ok at 13 Oct 14:00 CEST, next 13 Oct 15:00 CEST"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            Discovery("x", source=HARBOUR, already=EVERYWHERE),
            "You already have this feed in every space as The Harbour Post. Nothing changed.",
        ),
        (
            Discovery("x", problem=Problem.REFUSED, why="I can't read that address: it points inside a private network."),
            "I can't read that address: it points inside a private network.",
        ),
        (
            Discovery("x", problem=Problem.FAILED, why="a.example answered 503 (down).", retry_after=14_400.0),
            "a.example answered 503 (down) just now. Nothing was added. Try again after 13 Oct 16:00 UTC.",
        ),
        (
            Discovery("x", problem=Problem.FAILED, why="a.example answered 403 (refused)."),
            "a.example answered 403 (refused) just now. Nothing was added.",
        ),
        (
            Discovery("x", problem=Problem.FAILED, why="a.example answered 404 (not found).", nowhere=True),
            "a.example answered 404 (not found). Look at the address: something in it may be misspelt. Nothing was added.",
        ),
        (
            Discovery("x", problem=Problem.NO_FEED),
            "That page has no feed I can find. I can still digest it once with `/digest link`.",
        ),
        (
            Discovery("x", problem=Problem.NO_FEED, nearby=(("News", "https://a.example/feed"), ("", "https://a.example/b"))),
            "That page has no feed I can find. I can still digest it once with `/digest link`. "
            "Feeds found nearby: News (https://a.example/feed), https://a.example/b.",
        ),
        (Discovery("x", problem=Problem.UNREADABLE, why="The document is empty."), "The document is empty. Nothing was added."),
    ],
    ids=["already", "refused", "asked to wait", "failed", "nowhere", "no feed", "nearby", "unreadable"],
)
def test_an_address_that_leads_to_nothing_new_is_answered_with_what_to_do(found: Discovery, words: str) -> None:
    assert plain(answer(found, NOON, once="/digest link")) == words


@pytest.mark.parametrize("problem", [Problem.FAILED, Problem.UNREADABLE])
def test_an_address_that_was_only_tried_is_not_said_to_be_not_added(problem: Problem) -> None:
    found = Discovery("x", problem=problem, why="a.example broke the connection off.")

    assert "added" not in plain(answer(found, NOON, once="/digest link", adding=False))


def test_a_gate_is_answered_with_what_to_give_instead_and_a_feed_with_nothing() -> None:
    gate = plain(answer(Discovery("x", problem=Problem.GATE), NOON, once="y"))

    assert gate.endswith("Give the address of the feed itself.")
    with pytest.raises(ValueError, match="there is a feed to follow"):
        answer(Discovery("x", FoundFeed("https://a.example/feed", "A")), NOON, once="y")
