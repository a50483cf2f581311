"""How a connection to a chat platform is doing, in the words that `dateline status` and the chat show."""

from __future__ import annotations

from collections.abc import Collection

from bot import instants
from bot.ports.connections import DoorState
from bot.wording import plain, say
from digests.render.layout import Line


def told(state: DoorState, zone: str) -> Line:
    """The state of a door in a line.

    Args:
        zone: IANA name; the reader's.
    """
    counts = say("connected_and", what=state.counts) if state.counts else ()
    if state.connected and state.since is not None:  # with its day, for a connection may last for weeks
        return say("connected", whom=state.words, since=instants.told(state.since, zone), counts=counts)
    if state.words:
        return say("connected_not", why=state.words.rstrip("."))
    return say("connected_not_now", counts=counts) if state.counts else say("connected_not_yet")


def whom(me: str, where: str) -> str:
    """As whom a door is connected, and to what."""
    return plain(say("connected_as", me=me, where=where))


def counts(requests: int, acknowledged_ms: Collection[float], limited: int) -> str:
    """How much was asked, and how fast that was acknowledged; ``limited``: how often the platform told the bot to wait."""
    measured = sorted(acknowledged_ms)
    times: Line = ()
    if measured:
        half, most = (f"{measured[int((len(measured) - 1) * part)]:.0f}" for part in (0.5, 0.99))
        times = say("connected_times", half=half, most=most)
    return plain(say("connected_counts", requests=requests, times=times, limited=limited))
