"""What becomes of the places in which the bot is: it is let in and greets, a channel goes, it is removed and forgets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot import log
from bot.model import Channel, Space
from bot.ports import Ledger
from bot.ports.marks import Marks
from bot.talk import Buttons, Control, Reply, control_id, reply
from bot.wording import name, say
from digests.render.layout import words

REMOVED: Final = "removed"
_GREETED: Final = "greeted"


class KnownPlaces:
    """A `bot.ports.desk.Places` over the archive.

    Args:
        prefixes: what is typed on each platform before a command, and before one for admins.
    """

    def __init__(self, ledger: Ledger, marks: Marks, prefixes: Mapping[str, tuple[str, str]]) -> None:
        self._ledger, self._marks, self._prefixes = ledger, marks, prefixes

    async def joined(self, channel: Channel, now: datetime) -> Reply | None:
        if not await self._marks.mark(Space.of(channel), f"{_GREETED} {channel.id}", now):
            return None
        log.info("joined", channel=channel)
        begin = Control(control_id("setup"), name("button_setup"), "primary")
        helps = Control(control_id("help"), name("button_help"))
        prefix, admin_prefix = self._prefixes[channel.platform]
        return reply(say("greeting", prefix=prefix, admin=admin_prefix), Buttons((begin, helps)), public=True)

    async def gone(self, channel: Channel, now: datetime, *, archived: bool = False) -> None:
        reason = words(say("channel_archived" if archived else "channel_gone"))
        await self._marks.unmark(Space.of(channel), f"{_GREETED} {channel.id}")
        if await self._ledger.pause_channel(channel, reason):
            log.warning("channel_closed", channel=channel, words=reason)

    async def left(self, space: Space, now: datetime) -> None:
        reason = words(say("space_left"))
        await self._marks.mark(space, REMOVED, now)
        if await self._ledger.stop_space(space, reason, now):
            log.warning("space_left", space=space, words=reason)

    async def back(self, space: Space, now: datetime) -> None:
        await self._marks.unmark(space, REMOVED)
        if await self._ledger.start_space(space):
            log.info("space_back", space=space)


async def forget_removed(ledger: Ledger, marks: Marks, now: datetime, kept: timedelta) -> list[Space]:
    """Forget all of the spaces from which the bot was removed longer ago than ``kept``; which they were."""
    gone = [mark.space for mark in await marks.marked(REMOVED) if now - mark.made_at >= kept]
    for space in gone:
        await ledger.forget_space(space)
    return gone
