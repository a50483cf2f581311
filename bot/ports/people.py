"""What is remembered of the people who ask, and of the places in which they do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from bot.model import Channel, IfNothing, Space
from digests.errors import QueryError
from digests.model import Length, Order

MOST_WISHES: Final = 200
"""What one person may follow and mute in one space."""

REQUESTS_KEPT: Final = timedelta(days=2)
"""So long is it known that a request was taken; the platforms send one again within minutes or an hour."""

LONGEST_NAME: Final = 200  # characters

_PERSON = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class Sort(StrEnum):
    """What can be followed or muted: a topic by its name, a story or a source by its id, plain words."""

    TOPIC = "topic"
    STORY = "story"
    SOURCE = "source"
    WORDS = "words"


class Does(StrEnum):
    """What a wish does: what is followed comes first, what is muted does not come."""

    FOLLOW = "follow"
    MUTE = "mute"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be followed or muted.

    Args:
        name: as its person wrote it, white space folded; for a story and a source its id.

    Raises:
        QueryError: a topic or words without a letter or digit, or of more than 200 characters; the text is the reply.
        ValueError: no id.
    """

    sort: Sort
    name: str

    def __post_init__(self) -> None:
        if self.sort in (Sort.STORY, Sort.SOURCE):
            if not _ID.fullmatch(self.name):
                raise ValueError(f"{self.name[:40]!r} is no id of a {self.sort}")
            return
        folded = " ".join("".join(each if each.isprintable() else " " for each in self.name).split())
        if len(folded) > LONGEST_NAME:
            raise QueryError(f"That is {len(folded)} characters; what is followed or muted may have {LONGEST_NAME}.")
        if not any(each.isalnum() for each in folded):
            raise QueryError("Name a topic, or words with a letter or a digit in them.")
        object.__setattr__(self, "name", folded)

    @property
    def key(self) -> str:
        """By what it is known again: capitals make no other topic and no other words."""
        return self.name if self.sort in (Sort.STORY, Sort.SOURCE) else self.name.casefold()


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person wants of one thing, for that person alone.  A thing is followed or muted, never both.

    Args:
        until: the instant at which it runs out, aware, in UTC; None for always.

    Raises:
        ValueError: an instant that is not in UTC, or a wish that ran out before it was made.
    """

    does: Does
    thing: Thing
    made_at: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        for instant in (self.made_at, self.until):
            if instant is not None and instant.utcoffset() != timedelta(0):
                raise ValueError("the instants of a wish must be aware and in UTC")
        if self.until is not None and self.until <= self.made_at:
            raise ValueError("a wish cannot run out before it was made")


@dataclass(frozen=True, slots=True)
class SpaceSettings:
    """What the admins of a space set for it.

    Args:
        zone: IANA name; KeyError when there is none.
        language: a BCP 47 tag such as ``en`` or ``pt-BR``.
        length, order: of digests that somebody asks for without saying otherwise.
        if_nothing: the rule that new subscriptions begin with.
        notices: the channel that hears what concerns admins; None for none.
        admins: id of the user group or role whose members are admins too; ``""`` for none.

    Raises:
        ValueError: no language tag, or an id of another form.
    """

    zone: str = "UTC"
    language: str = "en"
    length: Length = Length.NORMAL
    order: Order = Order.WEIGHT
    if_nothing: IfNothing = IfNothing.POST
    notices: Channel | None = None
    admins: str = ""

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)
        if not _LANGUAGE.fullmatch(self.language):
            raise ValueError(f"{self.language[:40]!r} is no language tag")
        if self.admins and not _PERSON.fullmatch(self.admins):
            raise ValueError(f"{self.admins[:40]!r} is no id of a group")


def person_id(written: str) -> str:
    """The id of a person, as the platform gives it.

    Raises:
        ValueError: it has not the form of one: 1 to 64 letters, digits, dots, dashes and underlines.
    """
    if not _PERSON.fullmatch(written):
        raise ValueError(f"{written[:80]!r} is no id of a person")
    return written


class People(Protocol):
    """What is remembered of people and spaces.  A person is known in a space, by the id that the platform gives there.

    Every method is one transaction and may raise StoreError, and ValueError for an id of a person that cannot be one.
    """

    # Wishes

    async def wishes(self, space: Space, person: str, now: datetime) -> list[Wish]:
        """What a person follows and mutes in a space, oldest first, without what has run out by now (``until <= now``)."""
        ...

    async def set_wish(self, space: Space, person: str, wish: Wish, now: datetime) -> Wish | None:
        """Follow or mute a thing, in the place of what was wished of it before, which is returned; None for nothing.

        To undo it, set what was returned, or withdraw the wish where that was None.

        Raises:
            QueryError: the person has 200 wishes; the text is the reply.
        """
        ...

    async def withdraw_wish(self, space: Space, person: str, does: Does, thing: Thing, now: datetime) -> Wish | None:
        """Follow, or mute, a thing no more; returns the wish that there was, None when there was none of that kind.

        To undo it, set what was returned.
        """
        ...

    # Visits

    async def visited(self, person: str, channel: Channel) -> datetime | None:
        """When a person was last told what was posted in a channel; None when never, or so long ago that it was forgotten."""
        ...

    async def visit(self, person: str, channel: Channel, now: datetime) -> None:
        """Remember that a person was told what was posted in a channel up to now."""
        ...

    # Settings

    async def settings(self, space: Space, *, default: SpaceSettings | None = None) -> SpaceSettings:
        """What was set for a space; what was not, or cannot be read by this version, is as in the default."""
        ...

    async def change_settings(self, space: Space, settings: SpaceSettings) -> None:
        """Set all of it.  What a newer version keeps beside these stays.

        Raises:
            QueryError: its notices would go to a channel of another space; the text is the reply.
        """
        ...

    # Requests

    async def take(self, space: Space, request_id: str, now: datetime) -> bool:
        """True the first time that a request of a space is taken, by whatever process; platforms send one twice."""
        ...

    # Forgetting

    async def forget_person(self, space: Space, person: str) -> int:
        """Forget all that is known of a person in a space; returns how many wishes and visits that were."""
        ...

    async def prune(self, now: datetime, *, before: datetime) -> int:
        """Forget wishes that have run out, requests taken more than two days ago, and from before an instant visits and wishes
        on stories that are gone; returns how many of all these."""
        ...
