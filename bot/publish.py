"""Publish: what is due is claimed, made and put into the outbox.  Claim, then post, then settle: nothing is said twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.model import Run
from bot.ports import Adapters, Ledger, Points, Store, Subscribed, no_points
from digests.model import Digest


@dataclass(frozen=True, slots=True)
class Published:
    """What one tick came to.

    Args:
        runs: those that were recorded, with their state; ``failed`` ones say why.
        unserved: subscriptions whose channel this process does not serve, each with the reason.
        bugs: faults of ours; each failed one run, which is tried again.
    """

    runs: tuple[Run, ...] = ()
    unserved: tuple[tuple[Subscribed, str], ...] = ()
    bugs: tuple[Exception, ...] = field(default=(), repr=False)


async def publish_due(
    ledger: Ledger, store: Store, adapters: Adapters, now: datetime, owner: str, *, points: Points = no_points
) -> Published:
    """Make the digests that are due and put them into the outbox.  May be run again, and by several processes at once.

    Args:
        now: aware, in UTC.
        owner: this process, by a name that no other has, nor it itself after a restart.
    """
    raise NotImplementedError


async def publish_now(
    ledger: Ledger, store: Store, adapters: Adapters, subscription_id: str, now: datetime, owner: str
) -> Run | None:
    """Make an extra digest of a subscription, paused or not, and put it into the outbox; None when there is none such.

    It closes its window as a due one does.
    """
    raise NotImplementedError


async def preview(ledger: Ledger, store: Store, subscribed: Subscribed, now: datetime) -> Digest:
    """Exactly the digest that the subscription would get now; nothing is recorded."""
    raise NotImplementedError
