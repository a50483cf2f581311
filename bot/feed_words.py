"""What is said of feeds, in the terminal and in chats alike: what happened and what to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.feeds import Discovery, Problem
from bot.ports import Followed
from bot.ports.topics import Change, Place, Unfollow
from digests.model import Source


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


def health(followed: Followed, zone: str = "UTC") -> str:
    """How a source is doing, in a line.

    Args:
        zone: IANA name; the reader's.
    """
    of = followed.health
    match state(followed):
        case State.STOPPED:
            return f"stopped: {of.last_error.rstrip('.')} (not asked again until it is resumed)"
        case State.FAILING:
            times = f"{of.failures:,} {'time' if of.failures == 1 else 'times'}"
            since = f"since {_at(of.failing_since, zone)}, " if of.failing_since and of.failures > 1 else ""
            return f"failing {times} in a row: {of.last_error.rstrip('.')} ({since}again at {_at(of.next_poll_at, zone)})"
        case State.OK:
            due = f", next {_at(of.next_poll_at, zone)}" if of.next_poll_at else ""
            return f"ok at {_at(of.last_ok_at, zone)}{due}"
        case other:
            return str(other)


def _at(instant: datetime | None, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%d %b %H:%M %Z}" if instant else "an unknown time"


def answer(found: Discovery, now: datetime, *, once: str, zone: str = "UTC") -> str:
    """What somebody is told whose address led to nothing new.

    Args:
        now: aware; what failed may be asked again so long after it.
        once: what is typed to digest a page one time, such as ``/digest link``.
        zone: IANA name; the reader's.

    Raises:
        ValueError: there is a feed to follow.
    """
    nearby = f" Feeds found nearby: {listed(found.nearby)}." if found.nearby else ""
    match found.problem:
        case None if found.already is not None and found.source is not None:
            return already(found.source, found.already)
        case None:
            raise ValueError("there is a feed to follow")
        case Problem.REFUSED:
            return found.why
        case Problem.FAILED:
            wait = timedelta(seconds=found.retry_after or 0.0)
            later = f" Try again after {_at(now + wait, zone)}." if wait else ""
            return f"{found.why.rstrip('.')} just now. Nothing was added.{later}"
        case Problem.GATE:
            return (
                "That site shows a page that asks for consent or for proof that a human reads it, so I can't see its feed. "
                "Give the address of the feed itself."
            )
        case Problem.UNREADABLE:
            return f"{found.why} Nothing was added.{nearby}"
        case Problem.NO_FEED:
            return f"That page has no feed I can find. I can still digest it once with `{once}`.{nearby}"


def already(source: Source, place: Place) -> str:
    """What somebody is told who adds what is there."""
    return f"You already have this feed in {place} as {source.name or source.address}. Nothing changed."


def listed(feeds: tuple[tuple[str, str], ...]) -> str:
    """Feeds as (title, address), in a line."""
    return ", ".join(f"{title} ({address})" if title else address for title, address in feeds)


def left(outcome: Unfollow, source: Source, place: Place) -> str:
    """What became of a source that a place was to follow no more."""
    name = source.name or source.address
    match outcome:
        case Unfollow.GONE:
            return f"Nobody follows {name} any more; its articles are forgotten."
        case Unfollow.LEFT:
            return f"{name} is no longer followed in {place}. Others still follow it."
        case Unfollow.GIVEN:
            return f"{name} was given to every space by the operator, so it stays. Only the operator can remove it."
        case Unfollow.ABSENT:
            return f"{name} is not followed in {place} itself. Nothing changed."


def refused(change: Change, name: str) -> str:
    """Why a topic was not changed.

    Raises:
        ValueError: it was.
    """
    match change:
        case Change.ABSENT:
            return f"There is no topic {name} here."
        case Change.GIVEN:
            return f"The topic {name} was given to every space by the operator, so it stays as it is."
        case Change.TAKEN:
            return f"There is a topic {name} here already."
        case Change.DONE:
            raise ValueError("the topic was changed")
