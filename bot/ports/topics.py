"""What a space follows, and under which topics: a source is polled once for the installation, and followed by spaces."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Protocol

from bot.model import Channel, Space
from bot.polling import FLOOR_S
from digests import query
from digests.errors import QueryError
from digests.model import Source
from digests.words import tokens

MOST_NAME: Final = 60
"""Characters of a topic's name: so much fits on a button and into a list to pick from."""

_ANY: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source is followed: in every space (as the operator gives it), in one, or in one channel of it.

    Raises:
        ValueError: the channel lies in another space.
    """

    space: Space | None = None
    channel: Channel | None = None

    def __post_init__(self) -> None:
        if self.channel is not None and Space.of(self.channel) != self.space:
            raise ValueError(f"{self.channel} is no channel of {self.space or 'every space'}")

    @classmethod
    def of(cls, channel: Channel) -> Place:
        """One channel, in its space."""
        return cls(Space.of(channel), channel)

    def covers(self, other: Place) -> bool:
        """Whether what is followed here is followed there too."""
        return self.space is None or (self.space == other.space and self.channel in (None, other.channel))

    def __str__(self) -> str:
        return str(self.channel or self.space or "every space")


EVERYWHERE: Final = Place()


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query of a space: an article belongs to it when its source carries the topic, or when its claims match the words.

    Args:
        name: one line; it is told from others by :func:`folded`.
        words: words and quoted phrases as typed; ``""`` when sources alone make the topic.
        sources: ids of those that carry it, whether or not the space still follows them.
        given: it, or a part of it, is the operator's gift to every space: no space can rename or remove that.

    Raises:
        QueryError: a name that nobody could type, or words that are more than words; the text is the reply.
    """

    name: str
    words: str = ""
    sources: frozenset[str] = frozenset()
    given: bool = False

    def __post_init__(self) -> None:
        if len(self.name) > MOST_NAME:
            raise QueryError(f"A topic's name may have {MOST_NAME} characters; that one has {len(self.name):,}.")
        if self.name != " ".join(self.name.split()) or not self.name.isprintable() or '"' in self.name:
            raise QueryError("A topic's name is one line, without quotation marks.")
        if not tokens(self.name):
            raise QueryError("A topic's name needs a letter or a digit.")
        words_of(self.words)


def words_of(typed: str) -> query.Typed:
    """The words and phrases of a topic, and those that must not occur.

    Raises:
        QueryError: too much text, or a part that is no word, such as ``since:``.

    >>> words_of('chips "export ban"').words
    ('chips', 'export ban')
    """
    return query.parse(typed, _ANY, "UTC")


def folded(name: str) -> str:
    """What two spellings of the name of one topic or outlet share: case and white space do not count."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class Follow:
    """What following a source came to.

    Args:
        source: as the store knows it: its first name and id stay.
        new: this installation did not have it.
        changed: False when the place followed it already, under the same topics.
    """

    source: Source
    new: bool = False
    changed: bool = True


class Unfollow(StrEnum):
    """What became of a source that a place was to follow no more.

    ``gone``: nobody followed it any more, so it was forgotten with its articles; ``left``: others still follow it;
    ``given``: the operator gave it to every space, so it stays; ``absent``: the place did not follow it.
    """

    GONE = "gone"
    LEFT = "left"
    GIVEN = "given"
    ABSENT = "absent"


class Change(StrEnum):
    """What became of a change of a topic: ``given`` means that it is the operator's, ``taken`` that the name is."""

    DONE = "done"
    ABSENT = "absent"
    GIVEN = "given"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Following:
    """That a source (by id) is followed in a place."""

    source: str
    place: Place


class Topics(Protocol):
    """Who follows what.  Every method is one transaction, and may raise StoreError.

    A ``space`` that is None stands for the operator, whose sources and topics every space has.  In a space, its own topic and
    the operator's of the same name are one: it has the sources of both, and its own words where it has any.
    """

    async def follow(
        self, source: Source, place: Place, now: datetime, *, topics: Collection[str] = (), floor_s: float = FLOOR_S
    ) -> Follow:
        """Follow a source in a place, and put it under topics of the place's space, which are made where they are not there.

        A source that is here by its address is not added again.  Where a whole space follows it, so do its channels.

        Raises:
            QueryError: a topic's name is none.
        """
        ...

    async def unfollow(self, source_id: str, place: Place) -> Unfollow:
        """Follow a source no more in a place; of a whole space, in none of its channels either.

        Who nobody follows any more is forgotten with its articles.  A channel cannot leave what its whole space follows
        (``absent``), and a space not what the operator gave to every space (``given``).
        """
        ...

    async def followed(self, space: Space, channel: Channel | None = None) -> frozenset[str]:
        """The ids of what may be shown there: what every space, this space and, where given, this channel follow."""
        ...

    async def follows(self, space: Space | None = None) -> list[Following]:
        """Who follows what, in the order in which it began: in a space, what every space follows included; all for None."""
        ...

    async def topics(self, space: Space | None = None) -> list[Topic]:
        """The topics of a space by name, with those that every space has; for None the latter alone."""
        ...

    async def topic(self, space: Space, name: str) -> Topic | None:
        """The topic of a space that has this name, in whatever spelling (see :func:`folded`); None when there is none."""
        ...

    async def add_topic(self, space: Space | None, topic: Topic, now: datetime) -> bool:
        """Make a topic with its words; False when the space has one of that name itself."""
        ...

    async def describe_topic(self, space: Space | None, name: str, words: str) -> Change:
        """Give a topic other words.  In a space, one of the operator's gets words of that space's own, which hold there alone.

        Raises:
            QueryError: they are no words of a topic.
        """
        ...

    async def rename_topic(self, space: Space | None, name: str, to: str) -> Change:
        """Give a topic another name; the subscriptions that name it go with it.

        Raises:
            QueryError: it is no name of a topic.
        """
        ...

    async def remove_topic(self, space: Space | None, name: str) -> Change:
        """Forget a topic; its sources are followed as before, and what still names it means the word."""
        ...

    async def take_out(self, source_id: str, space: Space | None, name: str) -> Change:
        """Take a source out of a topic; it is followed as before."""
        ...
