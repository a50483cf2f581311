"""Deliver: the messages of the outbox are posted, one by one, and what came of each is settled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.model import Channel, Delivery
from bot.ports import Adapters, Ledger, Points, no_points


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round came to.

    Args:
        settled: deliveries whose state changed, as they are now; failed and unconfirmed ones say why.
        paused: channels whose subscriptions were paused, and ``stopped`` those whose whole space was stopped, with the reason.
        unserved: channels with messages that this process does not serve, each with the reason.
        bugs: faults of ours; the message concerned is in doubt, and will be looked up.
    """

    settled: tuple[Delivery, ...] = ()
    paused: tuple[tuple[Channel, str], ...] = ()
    stopped: tuple[tuple[Channel, str], ...] = ()
    unserved: tuple[tuple[Channel, str], ...] = ()
    bugs: tuple[Exception, ...] = field(default=(), repr=False)


async def deliver(
    ledger: Ledger,
    adapters: Adapters,
    clock: Callable[[], datetime],
    owner: str,
    *,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    points: Points = no_points,
) -> Delivered:
    """Send what waits, channels side by side and each in order.  May be run again, and by several processes at once.

    Args:
        clock: the present instant, aware, in UTC.
        owner: as in ``bot.publish.publish_due``.
        wait: lets seconds pass between two messages of a channel.
    """
    raise NotImplementedError
