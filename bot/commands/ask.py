"""What a command is given: the request, understood as far as all commands understand it alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.model import Channel, Space
from bot.ports import Adapters, Beats, Fetcher, Finder, Ledger, Reader, Store
from bot.ports.people import People, SpaceSettings
from bot.ports.topics import Topics
from bot.talk import Person, Progress, Request, quietly
from bot.wording import query_error
from digests.errors import QueryError
from digests.model import Length, Window
from digests.query import Typed
from digests.slips import shown

NOTHING_TYPED: Final = Typed()
HERE: Final = "here"
"""What is typed for the channel in which it is typed."""
_MENTIONED = re.compile(r"<#(\w+)(?:\|[^<>]*)?>")
_IN_FIELDS: Final = ("discord",)
TERMINAL: Final = Space("console")
"""Where whoever asks is the operator: nobody else sits there."""


@dataclass(frozen=True, slots=True)
class Means:
    """What commands need of the outside.

    Args:
        title: what digests are called here.
        zone: IANA name, where neither the asker nor their space has one.
        length: of digests in spaces that have none.
        prefix: what is typed before a command, ``/digest``; ``admin_prefix`` before one for admins.
        prefixes: both of them, of the platforms that have others.
        kept_days: for how long articles are kept.
        owner: this process, by a name that no other has: runs that are asked for are its.
    """

    store: Store
    ledger: Ledger
    people: People
    topics: Topics
    fetcher: Fetcher
    reader: Reader
    adapters: Adapters
    title: str = "Digest"
    zone: str = "UTC"
    length: Length = Length.NORMAL
    prefix: str = "/digest"
    admin_prefix: str = "/digest"
    prefixes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    kept_days: int = 90
    finder: Finder = field(kw_only=True)
    beats: Beats = field(kw_only=True)
    owner: str = field(kw_only=True)

    def on(self, platform: str) -> Means:
        """The same for those who ask on a platform."""
        if platform not in self.prefixes:
            return self
        prefix, admin_prefix = self.prefixes[platform]
        return replace(self, prefix=prefix, admin_prefix=admin_prefix)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request on its way to its command.

    Args:
        settings: of its space.
        zone: IANA name in which times are read and written.
        typed: the words and options behind the command, and ``said`` the same as they came.
        arguments: of the control that was pressed.
        values: what was picked in a menu.
        fields: what was filled into a form; of one that is ``begun`` more is to come, so that nothing is done yet.
    """

    means: Means
    request: Request
    settings: SpaceSettings
    zone: str
    typed: Typed = NOTHING_TYPED
    said: str = ""
    arguments: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    begun: bool = False
    progress: Progress = quietly

    @property
    def in_fields(self) -> bool:
        """Whether commands are picked here and options filled into fields, so that ``topic:x`` cannot be typed."""
        return self.space.platform in _IN_FIELDS

    @property
    def now(self) -> datetime:
        return self.request.at

    @property
    def person(self) -> Person:
        return self.request.person

    @property
    def channel(self) -> Channel:
        return self.request.channel

    @property
    def space(self) -> Space:
        return self.request.space

    @property
    def kept(self) -> Window:
        """All that is kept, up to now."""
        return Window(self.now - timedelta(days=self.means.kept_days), self.now)

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def channel_named(self, written: str) -> Channel:
        """The channel of this space that is meant: ``here``, its id, as chats mention it, or in full.

        The operator, at the terminal, may mean one of any space.

        Raises:
            QueryError: it cannot be read, or lies in another space.
        """
        if written.casefold() == HERE:
            return self.channel
        bare = _MENTIONED.sub(r"\1", written)
        in_full = ":" in bare or not self.space.id
        try:
            channel = Channel.parse(bare if in_full else f"{self.space}/{bare}")
        except QueryError:
            if in_full:
                raise
            raise query_error("channel_unread", typed=shown(written), here=self.channel.id) from None
        if self.space not in (TERMINAL, Space.of(channel)):
            raise query_error("channel_elsewhere", channel=str(self.channel))
        return channel

    @property
    def may_administer(self) -> bool:
        """The platform says so, or they are in the group that the settings name."""
        return self.person.admin or bool(self.settings.admins and self.settings.admins in self.person.groups)
