"""What can be picked while somebody types: commands, topics, stories, sources.  Never by asking the network."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.commands import table
from bot.commands.ask import Means
from bot.model import Channel, Space
from bot.talk import story_under
from digests.model import Window

MOST: Final = 25
"""Offers: what Discord's completion holds; Slack's menus hold 100."""
_LOOKED_AT = 400  # newest articles
_FRESH = timedelta(minutes=1)
_MOST_KEPT = 300  # lists, of the channels where somebody typed last


COMMAND, TOPIC, STORY, SOURCE = "command", "topic", "story", "source"
"""What may be typed."""

Offer = tuple[str, str]
"""What a person sees, and what stands for it: of a story its id with a print of that, of everything else the same."""


class Completion:
    """Offers what fits what was typed so far; what a place has is read once a minute."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._known: dict[tuple[Channel, str], tuple[datetime, list[Offer]]] = {}

    async def offers(self, channel: Channel, kind: str, typed: str, now: datetime, *, admin: bool = False) -> list[Offer]:
        """At most 25 offers that begin with what was typed, then those that hold it, in any case."""
        if kind == COMMAND:
            known = [(each, each) for each in table.names(admin=admin)]
        else:
            known = await self._of(channel, kind, now)
        wanted = typed.strip().casefold()
        begins = [each for each in known if each[0].casefold().startswith(wanted)]
        holds = [each for each in known if wanted in each[0].casefold() and each not in begins]
        return [*begins, *holds][:MOST]

    async def _of(self, channel: Channel, kind: str, now: datetime) -> list[Offer]:
        kept = self._known.pop((channel, kind), None)
        if kept is None or not timedelta(0) <= now - kept[0] < _FRESH:
            kept = now, await self._read(channel, kind, now)
        self._known[channel, kind] = kept
        while len(self._known) > _MOST_KEPT:
            del self._known[next(iter(self._known))]
        return kept[1]

    async def _read(self, channel: Channel, kind: str, now: datetime) -> list[Offer]:
        space, means = Space.of(channel), self._means
        if kind == TOPIC:
            return [(each.name, each.name) for each in await means.topics.topics(space)]
        followed = await means.topics.followed(space, channel)
        if kind == SOURCE:
            names = [each.source.name for each in await means.store.sources() if each.source.id in followed]
            return [(each, each) for each in dict.fromkeys(filter(None, names))]
        stories: dict[str, Offer] = {}
        for each in await means.store.articles_between(Window(None, now), sources=followed, limit=_LOOKED_AT):
            title = " ".join(each.understood.article.title.split())
            if each.story and title:
                stories.setdefault(each.story, (title, story_under(each.story, title)))
        return list(stories.values())
