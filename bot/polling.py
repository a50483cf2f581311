"""When a source is asked next: pure rules on what the last answers were.

The numbers are those by which feed readers are judged to be good guests: never more often than the floor, the server's own
wishes obeyed, failures answered by longer and longer silence.  Randomness and the clock are arguments: ``jitter`` is a
number from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from bot.errors import SourceError
from bot.model import Validators

HOUR_S = 3_600.0
DAY_S = 24 * HOUR_S
WEEK = timedelta(days=7)

FLOOR_S = HOUR_S  # between two polls of one source
HARD_FLOOR_S = HOUR_S / 4  # for news that the operator marks as urgent; nothing goes below
LONGEST_RETRY_S = 31 * DAY_S  # how long a Retry-After is believed
FIRST_LIMITED_S = 4 * HOUR_S  # 403, 429 and 503 without Retry-After; doubles up to a day
LIMITED = frozenset({403, 429, 503})
GONE = 410
MISSING = 404
MISSING_FOR = timedelta(days=30)  # a 404 for so long is a 410
ALARM_FAILURES = 10
ALARM_AFTER = timedelta(days=7)
MOVED_FETCHES = 3
MOVED_AFTER = timedelta(days=1)  # the good fetches lie on two days


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is doing, and what it takes to ask it again.

    Args:
        validators: of the last body that we accepted; sent back byte for byte.
        body_hash: of that body, for servers that give no validators; ``""`` before the first.
        ttl_s: how rarely that body itself asks to be read (RSS ttl, sy:updatePeriod), in seconds.
        next_poll_at: not before this; None when it is not asked again (410, or 404 for a month).
        early_at: from when on it may be asked before its turn, for a digest that is due soon; None while it fails.
        last_polled_at: when it was last asked.
        last_ok_at: when it last answered well; None before the first time.
        failures: in a row.
        failing_since: the first of them.
        last_error: the last of them, in words; ``""`` when it is well.
        moved_to: where permanent redirects lead, ``moved_times`` good fetches in a row, the first at ``moved_since``.
    """

    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    ttl_s: float = 0.0
    next_poll_at: datetime | None = None
    early_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    last_error: str = ""
    moved_to: str | None = None
    moved_times: int = 0
    moved_since: datetime | None = None

    @property
    def stopped(self) -> bool:
        """Whether it failed for good: nobody asks it again until a person says so."""
        return self.next_poll_at is None and self.failures > 0

    def alarming(self, now: datetime) -> bool:
        """Whether the operator should hear of it: ten failures in a row over a week, or stopped."""
        since = self.failing_since or now
        return self.stopped or (self.failures >= ALARM_FAILURES and now - since >= ALARM_AFTER)


def body_hash(body: bytes) -> str:
    """What two equal bodies share: 32 hexadecimal digits."""
    return blake2b(body, digest_size=16).hexdigest()


def posts_a_week(dates: Iterable[datetime], now: datetime) -> int:
    """How many posts of a week a feed shows, by the dates of its entries.

    A list that reaches less than a week back is one of the newest only: then it tells how fast they come.

    >>> now = datetime(2024, 10, 13)
    >>> posts_a_week([now - timedelta(hours=2 * each) for each in range(13)], now)
    84
    """
    ages = sorted((now - each) / WEEK for each in dates)
    week = [age for age in ages if 0 <= age < 1]
    reach = max(ages, default=1.0)
    return max(len(week), round((len(week) - 1) / reach) if len(week) > 1 and 0 < reach < 1 else 0)


def answered(
    health: Health,
    now: datetime,
    *,
    validators: Validators,
    body_hash: str,
    changed: bool,
    ttl_s: float = 0.0,
    wait_s: float | None = None,
    posts_a_week: int = 0,
    floor_s: float = FLOOR_S,
    address: str = "",
    jitter: float = 0.0,
) -> Health:
    """The health after a good answer (200 or 304).

    Asked next after the longest of: a week divided by the posts of a week (between the floor and a day); what the server
    and the body wish (a day at most); a day when the body was the same and the server gives no validators to ask better with.
    The first time up to an hour is added by the address, so that a thousand feeds added at once do not stay in step.
    Before its turn it may be asked when half of that is over, the floor and all that the server wishes; so a source that is
    asked once a day comes to be asked right before the digest of each day, and not oftener.

    Args:
        validators: to ask with next time; empty ones when the body was cut off.
        changed: the body was not the one that we had.
        wait_s: how long the server asks us not to come again (Cache-Control, Expires), in seconds.
    """
    wished = min(max(wait_s or 0.0, ttl_s), DAY_S)
    if not changed and validators == Validators():
        wished = DAY_S
    interval = max(min(max(7 * DAY_S / max(posts_a_week, 1), _floor(floor_s)), DAY_S), wished)
    early = max(interval / 2, _floor(floor_s), wished)
    spread = HOUR_S * _fraction(address) if health.last_ok_at is None else 0.0
    return replace(
        health,
        validators=validators,
        body_hash=body_hash,
        ttl_s=ttl_s,
        next_poll_at=now + timedelta(seconds=interval * (1 + jitter / 10) + spread),
        early_at=now + timedelta(seconds=early),
        last_polled_at=now,
        last_ok_at=now,
        failures=0,
        failing_since=None,
        last_error="",
    )


def failed(health: Health, now: datetime, error: SourceError, *, floor_s: float = FLOOR_S, jitter: float = 0.0) -> Health:
    """The health after a failure: when to ask again, or never.

    410 stops at once, 404 after 30 days.  Retry-After is obeyed (31 days at most).  A server that limits us (403, 429, 503)
    without it is left alone for 4 hours, doubling to a day; any other failure for 1, 2, 4, 8, 16, 24 hours.
    """
    since = health.failing_since or now
    stop = error.status == GONE or (error.status == MISSING and now - since >= MISSING_FOR)
    wait = _back_off(health.failures, error, jitter)
    return replace(
        health,
        next_poll_at=None if stop else now + timedelta(seconds=max(wait, _floor(floor_s))),
        early_at=None,
        last_polled_at=now,
        failures=health.failures + 1,
        failing_since=since,
        last_error=str(error),
        moved_to=None,
        moved_times=0,
        moved_since=None,
    )


def _back_off(failures: int, error: SourceError, jitter: float) -> float:
    """Seconds to wait after one more failure than ``failures``.

    The jitter fills the span between one step and the next.  From zero up, as it is often drawn, it would allow an unlucky
    series of 24 polls of a dead feed on the first day; this allows 6.
    """
    asked_for = min(error.retry_after or 0.0, LONGEST_RETRY_S)
    if error.status in LIMITED and error.asked:
        return asked_for
    first = FIRST_LIMITED_S if error.status in LIMITED else HOUR_S
    step = first * 2.0 ** min(failures, 10)
    return max(min(step * (1 + jitter), DAY_S), asked_for)


def followed(health: Health, moved_to: str | None, address: str, now: datetime) -> tuple[Health, str | None]:
    """The health with its count of permanent redirects, and the new address once it may be believed.

    A move is believed after three good fetches in a row that led to the same place, on two days at least; never one
    from https back to http.  The validators of the old address are then forgotten.

    >>> followed(Health(), None, "https://a.example/feed", datetime(2024, 10, 13))[1] is None
    True
    """
    secure_lost = address.startswith("https:") and (moved_to or "").startswith("http:")
    if moved_to is None or moved_to == address or secure_lost:
        return replace(health, moved_to=None, moved_times=0, moved_since=None), None
    again = moved_to == health.moved_to
    times = health.moved_times + 1 if again else 1
    since = (health.moved_since if again else None) or now
    if times < MOVED_FETCHES or now - since < MOVED_AFTER:
        return replace(health, moved_to=moved_to, moved_times=times, moved_since=since), None
    settled = replace(health, moved_to=None, moved_times=0, moved_since=None, validators=Validators())
    return settled, moved_to


def same_site(one: str, other: str) -> bool:
    """Whether two addresses lie on one host, ``www.`` aside: a move elsewhere is worth a notice."""
    return _host(one) == _host(other)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _floor(floor_s: float) -> float:
    return max(floor_s, HARD_FLOOR_S)


def _fraction(address: str) -> float:
    """A number from 0 to 1 that an address always gets."""
    return int.from_bytes(blake2b(address.encode(), digest_size=4).digest()) / 2**32
