"""What a place is shown: the articles of the sources that it follows, and of those what belongs to a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.model import Channel, Space
from bot.ports import Kept
from bot.ports.topics import Topic, Topics, words_of
from digests import query
from digests.model import Query, Window

_ANY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_NOTHING: Final = query.Typed()
_EVERYTHING: Final = Window(None, datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be shown in a place, and what is asked for there.

    Args:
        sources: ids of the sources that the place follows: nothing of others is shown, whatever is asked for.
        topic: the topic that is asked for; None for words or everything.
        asked: the words that are asked for without a topic, and those that must not occur.
    """

    sources: frozenset[str]
    topic: Topic | None = None
    asked: query.Typed = _NOTHING

    @property
    def words(self) -> tuple[str, ...]:
        """What a query has to look for in the articles of :meth:`of`."""
        return self._wanted.words

    @property
    def without(self) -> tuple[str, ...]:
        """What must not occur in them."""
        return self._wanted.without

    @property
    def _wanted(self) -> query.Typed:
        return self.asked if self.topic is None else _NOTHING if self.carrying else words_of(self.topic.words)

    @property
    def carrying(self) -> frozenset[str]:
        """The sources that carry the topic: whatever they say belongs to it.  None where there are only words."""
        return self.topic.sources & self.sources if self.topic else frozenset()

    def of(self, articles: Sequence[Kept]) -> list[Kept]:
        """Those of the articles that may be shown and belong to the topic; what :attr:`words` tell apart may be among them."""
        mine = [each for each in articles if each.understood.article.source_id in self.sources]
        if self.topic is None:
            return mine
        carrying, told = self.carrying, words_of(self.topic.words)
        by_words = bool(told.words or told.without)
        if not carrying:
            return mine if by_words else []
        matching = Query(_EVERYTHING, told.words, without=told.without)
        return [
            each
            for each in mine
            if each.understood.article.source_id in carrying or (by_words and query.matches(matching, each.understood))
        ]


async def scope_of(topics: Topics, space: Space, channel: Channel | None = None, typed: str = "") -> Scope:
    """What is shown in a place of what somebody asks for.

    A topic of the space that has exactly the typed name, in whatever case, wins; anything else is words.  A name never has
    quotation marks, so quoted it always means the words: ``"chips"``.

    Args:
        channel: of the space; None shows only what all of the space follows.
        typed: the name of a topic, or words and quoted phrases; ``""`` for everything.

    Raises:
        QueryError: the words cannot be understood.
    """
    followed = await topics.followed(space, channel)
    topic = await topics.topic(space, typed) if typed.strip() else None
    return Scope(followed, topic, _NOTHING if topic else query.parse(typed, _ANY, "UTC"))
