"""What the asker follows and mutes, as `digests.make` takes it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.ask import NOTHING_TYPED, Ask
from bot.ports.people import Does, Sort, Wish
from bot.ports.topics import words_of
from digests.errors import QueryError
from digests.wishes import Marks, Theme, Wishes


async def wishes_of(ask: Ask) -> Wishes:
    """The wishes of the asker in their space; a topic that is no more means the word."""
    wishes = await ask.means.people.wishes(ask.space, ask.person.id, ask.now)
    topics = {each.name.casefold(): each for each in await ask.means.topics.topics(ask.space)} if wishes else {}

    def theme(wish: Wish) -> Theme | None:
        topic = topics.get(wish.thing.key) if wish.thing.sort is Sort.TOPIC else None
        try:
            typed = words_of(topic.words if topic else wish.thing.name)
        except QueryError:  # a name that reads like an option
            typed = NOTHING_TYPED
        sources = topic.sources if topic else frozenset()
        return Theme(wish.thing.name, typed.words, sources, typed.without) if typed.words or sources else None

    def marks(does: Does) -> Marks:
        mine = [wish for wish in wishes if wish.does is does]
        themes = [theme(wish) for wish in mine if wish.thing.sort in (Sort.TOPIC, Sort.WORDS)]
        return Marks(_ids(mine, Sort.STORY), _ids(mine, Sort.SOURCE), tuple(filter(None, themes)))

    return Wishes(marks(Does.FOLLOW), marks(Does.MUTE))


def _ids(wishes: Sequence[Wish], sort: Sort) -> frozenset[str]:
    return frozenset(wish.thing.name for wish in wishes if wish.thing.sort is sort)
