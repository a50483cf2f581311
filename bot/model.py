"""The values of acting: what was fetched, what a document held, who wants a digest where and when."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from digests.errors import QueryError
from digests.model import EventDate, Length, Window

Payload = dict[str, Any]
"""One message as a platform takes it: nothing but JSON, so that it can be stored before it is sent."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with (RFC 9110, 8.8); kept and sent back byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as it came.

    Args:
        url: where it was found, after redirects.
        status: 200, or 304 when the validators still hold (``body`` is then empty).
        content_type: the header as sent, ``""`` without one.
        body: decoded from its transfer coding (gzip, deflate), capped.
        truncated: it ended before its Content-Length or at the cap, so its validators must not be kept.
        moved_to: where permanent redirects (301, 308) alone led; None without any.
        wait_s: how long the server asks us not to come again (Cache-Control, Expires, Retry-After), in seconds.
        link_header: the Link header, for feed discovery.
    """

    url: str
    status: int
    body: bytes
    content_type: str = ""
    validators: Validators = Validators()
    truncated: bool = False
    moved_to: str | None = None
    wait_s: float | None = None
    link_header: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as read.

    Args:
        key: its identity within the feed, stable over polls (see ``bot.sources.identity``).
        guid: the feed's own id, raw; "" without one.
        url: the canonical link; None without one.
        raw_url: the link as written (made absolute).
        title: plain text, one line.
        text: plain text of the fullest content, paragraphs separated by blank lines.
        published_at: aware, in UTC; None without a usable date, or when no time of day is given.
        published_day: the day that the outlet wrote; None without a usable date.
        wall_clock: naive, the time as written, where no zone is given with it: ``published_at`` takes it for UTC, and who knows
            the outlet's zone knows better.
        date_raw: the date as written, for ``inspect``.
        date_note: why a date was refused or clamped, in words; "" when it is plain.
        authors: as the feed gives them.
        summary_only: the text is a teaser, the page has more.
    """

    key: str
    guid: str
    url: str | None
    raw_url: str | None
    title: str
    text: str
    published_at: datetime | None = None
    published_day: date | None = None
    wall_clock: datetime | None = None
    date_raw: str = ""
    date_note: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None
    summary_only: bool = False


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed as read: ``version`` is feedparser's word (rss20, atom10, ...) or ``json1``."""

    title: str
    url: str | None
    version: str
    entries: tuple[Entry, ...]
    language: str | None = None
    notes: tuple[str, ...] = ()
    ttl_s: float | None = None


@dataclass(frozen=True, slots=True)
class PageDocument:
    """A page as read.  ``date_basis`` says how its date is known: structured, or "" without one.

    ``stub`` marks a paywall or consent page.
    """

    title: str
    text: str
    canonical_url: str | None = None
    published_at: datetime | None = None
    published_day: date | None = None
    date_raw: str = ""
    date_basis: str = ""
    site_name: str = ""
    authors: tuple[str, ...] = ()
    language: str | None = None
    origins: tuple[str, ...] = ()
    stub: bool = False
    comment: bool = False
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class PageFeeds:
    """What a document that is no feed says of feeds.

    Args:
        page: it is a web page at all.
        gate: it asks for consent or proof of humanity, so that what it does not name may be there all the same.
        feeds: those that it names, as (title, address), the likeliest first.
    """

    page: bool
    gate: bool = False
    feeds: tuple[tuple[str, str], ...] = ()


_NONE = re.compile("")
_CHANNELS: Final = {  # how each platform writes a channel, and what its space and its id look like
    "console": ("console", _NONE, _NONE),
    "slack": ("slack:TEAM/CHANNEL", re.compile("[A-Za-z0-9]{1,64}"), re.compile("[A-Za-z0-9]{1,64}")),
    "discord": ("discord:GUILD/CHANNEL", re.compile("[0-9]{1,20}"), re.compile("[0-9]{1,20}")),
    "webhook": ("webhook:NAME", _NONE, re.compile("[a-z][a-z0-9_]{0,63}")),
}


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a digest is posted.

    Args:
        platform: ``console``, ``slack``, ``discord`` or ``webhook``.
        space: the Slack workspace or Discord guild; ``""`` where the platform has none.
        id: the channel in its space, or the name of a webhook in small letters; ``""`` for the console.

    Raises:
        QueryError: no such platform, or ids of another form; the text shows the forms.
    """

    platform: str
    space: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        shown = " ".join(str(self).split())[:80]
        if self.platform not in _CHANNELS:
            forms = ", ".join(form for form, _, _ in _CHANNELS.values())
            raise QueryError(
                f"I don't know the channel *{shown}*. A channel is written {forms} "
                "(ids, not names; the address of a webhook stands in DATELINE_WEBHOOK_NAME)."
            )
        form, spaces, ids = _CHANNELS[self.platform]
        if not (spaces.fullmatch(self.space) and ids.fullmatch(self.id)):
            hint = " (ids, not names)" if "/" in form else " (a letter, then letters, digits and _)" if ":" in form else ""
            raise QueryError(f"I can't read the channel *{shown}*. It is written {form}{hint}.")

    @classmethod
    def parse(cls, words: str) -> Channel:
        """The channel that is written so: ``console``, ``slack:TEAM/CHANNEL``, ``discord:GUILD/CHANNEL``, ``webhook:NAME``.

        A webhook's name is part of a variable's, so its capitals do not matter.

        Raises:
            QueryError: as the constructor.

        >>> Channel.parse("slack:T024BE7LD/C061EG9SL")
        Channel(platform='slack', space='T024BE7LD', id='C061EG9SL')
        """
        platform, _, place = words.strip().partition(":")
        space, _, name = place.rpartition("/")
        platform = platform.lower()
        return cls(platform, space, name.lower() if platform == "webhook" else name)

    def __str__(self) -> str:
        place = f"{self.space}/{self.id}" if self.space else self.id
        return f"{self.platform}:{place}" if place else self.platform


@dataclass(frozen=True, slots=True)
class Space:
    """A Slack workspace, a Discord guild, the terminal; a webhook is its own.  Who asks in one is answered from it alone."""

    platform: str
    id: str = ""

    @classmethod
    def of(cls, channel: Channel) -> Space:
        """The space that a channel is in.

        >>> Space.of(Channel.parse("slack:T024BE7LD/C061EG9SL"))
        Space(platform='slack', id='T024BE7LD')
        >>> Space.of(Channel.parse("webhook:news"))
        Space(platform='webhook', id='news')
        """
        return cls(channel.platform, channel.space or channel.id)

    @classmethod
    def parse(cls, words: str) -> Space:
        """The space that is written so: ``console``, ``slack:TEAM``, ``discord:GUILD``, ``webhook:NAME``.

        Raises:
            QueryError: it is written otherwise; the text shows the forms.

        >>> Space.parse("slack:T024BE7LD")
        Space(platform='slack', id='T024BE7LD')
        """
        platform, _, name = words.strip().partition(":")
        platform, name = platform.lower(), name.lower() if platform.lower() == "webhook" else name
        form, spaces, ids = _CHANNELS.get(platform, ("", _NONE, _NONE))
        if not form or not (spaces if "/" in form else ids).fullmatch(name):
            forms = ", ".join(form.partition("/")[0] for form, _, _ in _CHANNELS.values())
            raise QueryError(f"I can't read the space *{' '.join(words.split())[:80]}*. A space is written {forms}.")
        return cls(platform, name)

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}" if self.id else self.platform


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a platform can do.  What it cannot, its adapter declares, and those who post take the other way.

    Args:
        edit: a message can be changed; otherwise a correction comes with the next digest only.
        thread: parts and corrections can go under a message; otherwise parts follow as messages of the channel.
        look_up: a delivery of unknown outcome can be found again; otherwise it stays unconfirmed until a person looks,
            so that what is promised is *at most once*.
        controls: messages carry buttons and menus; otherwise what was left out is counted in words.
        ids: a post gives the id of its message.
    """

    edit: bool = False
    thread: bool = False
    look_up: bool = False
    controls: bool = False
    ids: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's word that it holds a message.  ``message_id`` is its name there; None where it gives none."""

    message_id: str | None = None


SHORTEST_PERIOD: Final = timedelta(minutes=15)  # nothing is posted more often


@dataclass(frozen=True, slots=True)
class Schedule:
    """Wall-clock times on days of the week in a time zone.  "Every six hours" is four times a day.

    Args:
        days: days of the week, Monday is 0.
        times: ascending, to the minute; each holds on each of the days.
        zone: IANA name, ``Europe/Berlin``; KeyError when there is none.

    Raises:
        QueryError: a schedule that never comes, or one that would post more often than every 15 minutes.
    """

    days: frozenset[int]
    times: tuple[time, ...]
    zone: str

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)
        if not self.days or not self.times:
            raise QueryError("A schedule without a day or a time never comes. Write one such as *weekdays 08:00*.")
        if not self.days <= frozenset(range(7)):
            raise ValueError(f"days of the week are 0 to 6, not {sorted(self.days)}")
        if any(each.second or each.microsecond or each.tzinfo for each in self.times) or list(self.times) != sorted(self.times):
            raise ValueError(f"times ascend, name a minute and have no zone of their own: {self.times}")
        minutes = [each.hour * 60 + each.minute for each in self.times]
        if any((day + 1) % 7 in self.days for day in self.days):
            minutes.append(minutes[0] + 24 * 60)  # the first of the next day comes after the last
        for one, following in pairwise(minutes):
            if timedelta(minutes=following - one) < SHORTEST_PERIOD:
                raise QueryError(
                    f"{_clock(one)} and {_clock(following)} are {following - one} minutes apart, "
                    "and I post every 15 minutes at most. Leave one out."
                )


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One time at which a schedule comes.

    Args:
        day: the local date, and ``time`` the time as the schedule names it, even where that clock time does not exist.
        due: the instant, in UTC.
        note: what a change of the clocks does to it, as a sentence; ``""`` on plain days.
    """

    day: date
    time: time
    due: datetime
    note: str = ""

    @property
    def key(self) -> str:
        """What makes it one: local date and nominal time, ``2026-03-29T02:30``, in whatever zone and however late it runs."""
        return f"{self.day.isoformat()}T{self.time:%H:%M}"


class IfNothing(StrEnum):
    """What a subscription does when there is nothing new: one line that says so, or nothing at all."""

    POST = "post"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel wants a digest on a schedule.  A channel may have several, each with its own topic, length and rule.

    Args:
        id: stable name within an installation.
        title: what its digests are called.
        topic: the name of a topic of its space, or words and quoted phrases as typed, ``israel "supreme court"`` (see
            ``bot.scope.scope_of``); ``""`` for everything that its channel follows.
        created_at: aware, in UTC.
        counts_from: slots count after this instant: the creation, the end of a pause, or what ``schedule.after_edit`` says.
        paused: it posts nothing until it is resumed.

    Raises:
        ValueError: no id, no title, or an instant that is not in UTC.
    """

    id: str
    channel: Channel
    title: str
    schedule: Schedule
    created_at: datetime
    counts_from: datetime
    topic: str = ""
    length: Length = Length.NORMAL
    if_nothing: IfNothing = IfNothing.POST
    paused: bool = False

    def __post_init__(self) -> None:
        if not (self.id and self.title):
            raise ValueError("a subscription needs an id and a title")
        if not self.created_at.utcoffset() == self.counts_from.utcoffset() == timedelta(0):
            raise ValueError("the instants of a subscription must be aware and in UTC")


class RunState(StrEnum):
    """What became of a slot.  All but the first are final, but for a run whose messages never left: it may be made anew."""

    CLAIMED = "claimed"
    COMPOSED = "composed"
    EMPTY = "empty"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Run:
    """One due slot of one subscription.

    Args:
        key: of its slot, ``2026-03-29T02:30``; ``now-...`` for an extra run that a person asked for.  Unique in a subscription.
        due: when it was to run.
        owner: the process that claimed it, and ``fence`` how often it was claimed: what an earlier owner does is void.
        number: of its digest, counted in its channel.
        previous_end: where the window begins: at the end of the last closed one, or where one began that came to nothing;
            None before the first.  Known while it is claimed.
        window: what its digest is about; None until that is made.
        late: it makes up for something: slots before it, or an outage.
        missed: how many slots before it never came to a digest of their own.
        error: what went wrong the last time, in words.
    """

    id: str
    subscription: str
    key: str
    due: datetime
    state: RunState
    owner: str
    fence: int
    claimed_at: datetime
    number: int
    previous_end: datetime | None = None
    window: Window | None = None
    late: bool = False
    missed: int = 0
    error: str = ""


class DeliveryState(StrEnum):
    """Where a message of the outbox stands.

    ``sending`` was committed before its first byte left, so that a crash leaves a question, not a lie; ``unconfirmed`` is a
    question that nobody could answer, and only a person sends it again.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    REPLACED = "replaced"


class DeliveryKind(StrEnum):
    """What a delivery does: a message of its own, another text for one that is there, or a line under one."""

    POST = "post"
    EDIT = "edit"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message part in the outbox.  Its payload never changes.

    Args:
        nonce: what the platform marks it with, at most 25 characters; the same whenever it is sent.
        run: whose digest it is a part of; None for what belongs to none.
        part: which of its digest, from 1; ``piece`` counts the messages of the plain form that stands for a part.
        plain: it is the plain form of one that the platform refused.
        number: of its digest, as the message shows it.
        thread: id of the message under which it goes, where the platform has threads; the one to change, for an edit.
        concerns: the delivery that it changes or answers.
        sending_since: when it was last begun to be sent; ``attempts`` counts that, ``looks`` how often it was looked up since.
        not_before, not_after: when it may be sent; after that its digest is made anew.
        message_id: its name on the platform.
        error: what the platform said last, in words.
    """

    id: str
    nonce: str
    channel: Channel
    kind: DeliveryKind
    part: int
    payload: Payload
    state: DeliveryState
    created_at: datetime
    run: str | None = None
    subscription: str | None = None
    piece: int = 0
    plain: bool = False
    number: int | None = None
    thread: str | None = None
    concerns: str | None = None
    owner: str = ""
    fence: int = 0
    sending_since: datetime | None = None
    attempts: int = 0
    looks: int = 0
    not_before: datetime | None = None
    not_after: datetime | None = None
    message_id: str | None = None
    error: str = ""
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a channel was told, with the span it stands on.

    Args:
        story: of the article; ``date`` is the day as it was shown.
        told_at: when its digest was made; ``update`` says that the story came back then.
        delivery: the message that says it, where that is known.
        revision: of the article, in which its span lies.
        withdrawn: its source took it back since.
    """

    story: str
    text: str
    date: EventDate
    article: str
    start: int
    end: int
    told_at: datetime
    update: bool = False
    delivery: str | None = None
    revision: int = 0
    withdrawn: bool = False
