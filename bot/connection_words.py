"""How a connection to a chat platform is doing, in the words that `dateline status` and the chat show."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.wording import name, plain, say
from digests.render.layout import Line


def connected(me: str, where: str, since: datetime, counts: str) -> str:
    """As whom, to what and from when on; ``since`` with its day, for a connection may last for weeks."""
    return plain(say("connected", me=me, where=where, since=f"{since:%d %b %H:%M %Z}", counts=counts))


def is_connected(told: str) -> bool:
    """Whether words of this module tell of a connection that is there."""
    return told.startswith(name("connected_begins"))


def counts(requests: int, acknowledged_ms: Collection[float], limited: int) -> str:
    """How much was asked, and how fast that was acknowledged; ``limited``: how often the platform told the bot to wait."""
    measured = sorted(acknowledged_ms)
    times: Line = ()
    if measured:
        half, most = (f"{measured[int((len(measured) - 1) * part)]:.0f}" for part in (0.5, 0.99))
        times = say("connected_times", half=half, most=most)
    return plain(say("connected_counts", requests=requests, times=times, limited=limited))
