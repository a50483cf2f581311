"""What the asker follows and mutes, as `digests.make` takes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.commands.ask import NOTHING_TYPED, Ask
from bot.ports.people import Does, Sort, Wish
from bot.ports.topics import Topic, folded, words_of
from digests.errors import QueryError
from digests.model import Source
from digests.wishes import Marks, Theme, Wishes


async def wishes_of(ask: Ask) -> Wishes:
    """The wishes of the asker in their space; a topic that is no more means the word."""
    wishes = await ask.means.people.wishes(ask.space, ask.person.id, ask.now)
    topics = {each.name.casefold(): each for each in await ask.means.topics.topics(ask.space)} if wishes else {}

    wished = _ids(wishes, Sort.SOURCE)
    alike = _of_one_name([each.source for each in await ask.means.store.sources()], wished) if wished else {}

    def theme(wish: Wish) -> Theme | None:
        if wish.thing.sort not in (Sort.TOPIC, Sort.WORDS):
            return None
        topic = topics.get(wish.thing.key) if wish.thing.sort is Sort.TOPIC else None
        return theme_of(topic) if topic else _theme(wish.thing.name, wish.thing.name)

    def marks(does: Does) -> Marks:
        mine = [wish for wish in wishes if wish.does is does]
        sources = frozenset(one for each in _ids(mine, Sort.SOURCE) for one in alike.get(each, {each}))
        return Marks(_ids(mine, Sort.STORY), sources, tuple(filter(None, map(theme, mine))))

    return Wishes(marks(Does.FOLLOW), marks(Does.MUTE))


def _of_one_name(sources: Sequence[Source], wished: Collection[str]) -> dict[str, frozenset[str]]:
    """Of each source that is wished for, by id, the ids of all that are called as it is: a reader sees one outlet.

    World and Sport of one paper are two feeds; "You don't see *The Paper*" is true of both, or it is not true.
    """
    names = {each.id: folded(each.name) for each in sources if each.name}
    return {one: frozenset(each for each in names if names[each] == names[one]) for one in wished if one in names}


def theme_of(topic: Topic) -> Theme | None:
    """A topic as stories are looked at for it; None where it has neither words nor sources now."""
    return _theme(topic.name, topic.words, topic.sources)


def _theme(called: str, words: str, sources: frozenset[str] = frozenset()) -> Theme | None:
    try:
        typed = words_of(words)
    except QueryError:  # a name that reads like an option
        typed = NOTHING_TYPED
    return Theme(called, typed.words, sources, typed.without) if typed.words or sources else None


def _ids(wishes: Sequence[Wish], sort: Sort) -> frozenset[str]:
    return frozenset(wish.thing.name for wish in wishes if wish.thing.sort is sort)
