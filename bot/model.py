"""The values of acting: what was fetched, what a document held, how a source is doing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

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

    ``stub`` marks a paywall or consent page; ``feeds`` are the feeds that it names, as (title, address).
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
    feeds: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to post to, written ``console``, ``slack:TEAM/CHANNEL``, ``discord:GUILD/CHANNEL`` or ``webhook:NAME``.

    Args:
        platform: which adapter serves it.
        space: the Slack workspace or Discord guild; ``""`` where the platform has none.
        id: the channel in its space, or the name of a webhook in small letters; ``""`` for the console.
    """

    platform: str
    space: str = ""
    id: str = ""

    def __str__(self) -> str:
        place = f"{self.space}/{self.id}" if self.space else self.id
        return f"{self.platform}:{place}" if place else self.platform

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read a channel as it is written.

        Raises:
            ValueError: it is no channel; the text says what would be.
        """
        platform, _, place = written.partition(":")
        space, slash, channel = place.partition("/")
        if platform in _WITH_SPACES and space and channel and "/" not in channel:
            return cls(platform, space, channel)
        if platform == "webhook" and place and not slash:
            return cls(platform, "", place.lower())
        if written == "console":
            return cls(platform)
        raise ValueError(f"{written!r} is no channel; write console, slack:TEAM/CHANNEL, discord:GUILD/CHANNEL or webhook:NAME")


_WITH_SPACES = ("slack", "discord")


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
