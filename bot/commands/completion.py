"""What can be picked while somebody types: commands, topics, stories, sources.  Never by asking the network."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot import subscribing
from bot.commands import table
from bot.commands.ask import Means
from bot.model import Channel, Space
from bot.ports.people import Does, Sort
from bot.talk import Person, story_under
from digests.model import Window
from digests.render.layout import words

MOST: Final = 25
"""Offers: what Discord's completion holds; Slack's menus hold 100."""
_LOOKED_AT = 400  # newest articles
_FRESH = timedelta(minutes=1)
_MOST_KEPT = 300  # lists, of the channels where somebody typed last


COMMAND, TOPIC, STORY, SOURCE = "command", "topic", "story", "source"
SCHEDULE: Final = "schedule"
FOLLOWED, MUTED = "followed", "muted"
"""What may be typed; the last two are what the person who types follows or muted."""
_DONE: Final = {FOLLOWED: Does.FOLLOW, MUTED: Does.MUTE}

Offer = tuple[str, str]
"""What a person sees, and what stands for it: of a story its id with a print of that, of everything else the same."""


class Completion:
    """Offers what fits what was typed so far; what a place has is read once a minute."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._known: dict[tuple[Channel, str], tuple[datetime, list[Offer]]] = {}

    async def offers(self, channel: Channel, kind: str, typed: str, now: datetime, person: Person | None = None) -> list[Offer]:
        """At most 25 offers that begin with what was typed, then those that hold it, in any case."""
        if kind == COMMAND:
            known = [(each, each) for each in table.names(admin=person is not None and person.admin)]
        elif kind in _DONE:
            known = await self._wished(channel, _DONE[kind], now, person) if person else []
        elif kind == SCHEDULE:
            known = await self._posted(channel)
        else:
            known = await self._of(channel, kind, now)
        wanted = typed.strip().casefold()
        begins = [each for each in known if each[0].casefold().startswith(wanted)]
        holds = [each for each in known if wanted in each[0].casefold() and each not in begins]
        return [*begins, *holds][:MOST]

    async def _wished(self, channel: Channel, does: Does, now: datetime, person: Person) -> list[Offer]:
        """What the person follows, or muted: read anew each time, for who mutes something takes it back the next moment."""
        space, means = Space.of(channel), self._means
        things = [each.thing for each in await means.people.wishes(space, person.id, now) if each.does is does]
        names = {each.source.id: each.source.name for each in await means.store.sources()}
        followed = await means.topics.followed(space, channel)
        offers: list[Offer] = []
        for thing in things:
            label = names.get(thing.name, "") if thing.sort is Sort.SOURCE else thing.name
            if thing.sort is Sort.STORY:
                kept = await means.store.story(thing.name, sources=followed)
                label = " ".join(kept[0].understood.article.title.split()) if kept else ""
            offers.append((label or thing.name, thing.name if thing.sort is Sort.STORY else label or thing.name))
        return offers

    async def _posted(self, channel: Channel) -> list[Offer]:
        """The schedules of the channel, read anew each time: what was just added is edited next."""
        there = [each.subscription for each in await self._means.ledger.subscriptions() if each.subscription.channel == channel]
        return [(f"{each.title} · {words(subscribing.when(each))}", each.id) for each in there]

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
