"""Grouping: articles that were stored -> their stories, found among those that are live; joins and splits are kept.

What is live is read once and stays in memory; later rounds read only what was stored since.  Several processes may group: the
first that puts an article into a story decides, and one that sees that another has regrouped reads all that is live again.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

from bot.ports import Store
from digests.stories import Stories, story_id

LIVE: Final = timedelta(hours=72)  # how long a story takes in new articles
REPAIR: Final = timedelta(hours=1)  # how often all that is live is grouped anew


class Grouping:
    """The live stories as this process knows them."""

    def __init__(self) -> None:
        self._stories: Stories | None = None
        self._last = self._change = 0
        self._repaired_at: datetime | None = None
        self._one_by_one = asyncio.Lock()

    async def group(self, store: Store, now: datetime) -> None:
        """Give each article that has none its story, and keep what changes by it; call it when articles were stored.

        Raises:
            StoreError: it could not be kept; the next call begins with what the store has.
        """
        async with self._one_by_one:
            await self._group(store, now)

    async def _group(self, store: Store, now: datetime) -> None:
        known, self._stories = self._stories, None  # what is not kept to the end is not known
        live = await store.live(now - LIVE, after=self._last if known is not None else 0)
        if known is not None and live.change != self._change:
            known, live = None, await store.live(now - LIVE)
        stories = known or Stories()
        grouped = await asyncio.to_thread(stories.add, live.arrivals)
        changes = grouped.changes
        # What is too old to join a live story is grouped among itself: who asks for last week is told each event once.
        past = await asyncio.to_thread(Stories().add, live.old) if live.old else None
        alone = {each: story_id(each) for each in live.comments}
        placed = {**grouped.placed, **(past.placed if past else {}), **alone}
        await store.assign_stories(placed, now, changes=changes)
        if self._repaired_at is None or now - self._repaired_at >= REPAIR:
            await asyncio.to_thread(stories.forget, now - LIVE)
            repaired = await asyncio.to_thread(stories.repair)
            await store.assign_stories({}, now, changes=repaired)
            changes += repaired
            self._repaired_at = now
        self._last = live.last
        self._change = live.change + len(changes)  # any other number next time is somebody else's doing
        self._stories = stories
