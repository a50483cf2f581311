"""What is said of feeds, in the terminal and in chats alike: what happened and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.feeds import Discovery, Problem
from bot.instants import told
from bot.ports import Followed
from bot.ports.topics import Change, Place, Unfollow
from bot.wording import marked, name, say
from digests.model import Source
from digests.render.layout import Line


def called(followed: Followed) -> str:
    """What a source is called; by its host, or a file's name, as long as nobody gave it one."""
    address = followed.source.address
    return followed.source.name or urlsplit(address).hostname or address.rpartition("/")[2]


class State(StrEnum):
    """How a source is doing, in a word."""

    OK = "ok"
    FAILING = "failing"
    STOPPED = "stopped"
    PAUSED = "paused"
    NOT_READ_YET = "not read yet"


def state(followed: Followed) -> State:
    """How a source is doing.  ``stopped``: it is gone for good, and nobody asks it again until it is resumed."""
    health = followed.health
    if followed.paused:
        return State.PAUSED
    if health.stopped:
        return State.STOPPED
    if health.failures:
        return State.FAILING
    return State.OK if health.last_ok_at else State.NOT_READ_YET


def health(followed: Followed, zone: str = "UTC") -> Line:
    """How a source is doing, in a line.

    Args:
        zone: IANA name; the reader's.
    """
    of = followed.health
    why = of.last_error.rstrip(".")
    match state(followed):
        case State.STOPPED:
            return say("feed_is_stopped", why=why)
        case State.FAILING:
            again = _at(of.next_poll_at, zone)
            if of.failures == 1:
                return say("feed_is_failing_once", why=why, again=again)
            if of.failing_since:
                since = _at(of.failing_since, zone)
                return say("feed_is_failing_since", times=of.failures, why=why, since=since, again=again)
            return say("feed_is_failing", times=of.failures, why=why, again=again)
        case State.OK:
            last = _at(of.last_ok_at, zone)
            return (
                say("feed_is_ok_next", last=last, due=_at(of.next_poll_at, zone))
                if of.next_poll_at
                else say("feed_is_ok", last=last)
            )
        case State.PAUSED:
            return say("is_paused")
        case State.NOT_READ_YET:
            return say("feed_is_not_read_yet")


def _at(instant: datetime | None, zone: str) -> str:
    return told(instant, zone) if instant else name("unknown_time")


def answer(
    found: Discovery,
    now: datetime,
    *,
    once: str,
    zone: str = "UTC",
    place_named: Callable[[Place], str] = str,
    adding: bool = True,
) -> Line:
    """What somebody is told whose address led to nothing new.

    Args:
        now: aware; what failed may be asked again so long after it.
        once: what is typed to digest a page one time, such as ``/digest link``.
        zone: IANA name; the reader's.
        place_named: what a place is called where it is told.
        adding: it was to be followed, and not only tried.

    Raises:
        ValueError: there is a feed to follow.
    """
    added = say("feed_not_added") if adding else ()
    match found.problem:
        case None if found.already is not None and found.source is not None:
            return already(found.source, place_named(found.already))
        case None:
            raise ValueError("there is a feed to follow")
        case Problem.REFUSED:
            return marked(found.why)
        case Problem.FAILED:
            if found.nowhere:
                return say("feed_nowhere", why=marked(found.why.rstrip(".")), added=added)
            wait = timedelta(seconds=found.retry_after or 0.0)
            later = say("feed_try_later", when=_at(now + wait, zone)) if wait else ()
            return say("feed_unanswered", why=marked(found.why.rstrip(".")), added=added, later=later)
        case Problem.GATE:
            return say("feed_gate")
        case Problem.UNREADABLE:
            return say("feed_unreadable", why=marked(found.why), added=added, nearby=nearby(found))
        case Problem.NO_FEED:
            return say("no_feed_there", once=once, nearby=nearby(found))


def already(source: Source, place: str) -> Line:
    """What somebody is told who adds what is there."""
    return say("feed_already", place=place, name=source.name or source.address)


def nearby(found: Discovery) -> Line:
    """The feeds that the page names besides, behind a sentence; nothing where it names none."""
    if not found.nearby:
        return ()
    first, *others = (_addressed(title, address) for title, address in found.nearby)
    feeds = tuple(run for piece in (first, *(say("and_so", what=each) for each in others)) for run in piece)
    return say("feeds_nearby", feeds=feeds)


def _addressed(title: str, address: str) -> Line:
    return say("feed_and_address", title=title, address=address) if title else say("literally", text=address)


def left(outcome: Unfollow, source: Source, place: str) -> Line:
    """What became of a source that a place was to follow no more."""
    return say(f"feed_left_{outcome}", name=source.name or source.address, place=place)


def refused(change: Change, topic: str) -> Line:
    """Why a topic was not changed.

    Raises:
        ValueError: it was.
    """
    if change is Change.DONE:
        raise ValueError("the topic was changed")
    return say(f"topic_{change}", topic=topic)
