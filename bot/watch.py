"""Watch: look at what the store knows of this installation, for the alarms and for whoever asks how it is doing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.alarms import News, Observed, Stuck
from bot.model import Delivery, DeliveryState, RunState
from bot.ports import Beats, Ledger, Store, Subscribed

RUNS: Final = 100
"""How many of the last runs of a subscription say what is usual for it."""

TOLD_FOR: Final = timedelta(days=1)
"""How long a message that failed is an alarm; afterwards it stands in the list of deliveries."""

_MOST = 1_000


async def observed(store: Store, ledger: Ledger, beats: Beats, now: datetime) -> Observed:
    """What alarms are drawn from, as it stands now.  Raises StoreError."""
    pending = await ledger.deliveries(DeliveryState.PENDING, DeliveryState.SENDING, limit=_MOST)
    waiting = [since for each in pending if not _waits_for_another(each) and (since := _waiting_since(each)) <= now]
    unconfirmed = await ledger.deliveries(DeliveryState.UNCONFIRMED, limit=_MOST)
    failed = await ledger.deliveries(DeliveryState.FAILED, limit=_MOST)
    return Observed(
        news=[await _news(each, ledger) for each in await ledger.subscriptions()],
        sources=await store.sources(),
        ticked_at=await beats.ticked_at(),
        waiting_since=min(waiting, default=None),
        unconfirmed=[_stuck(each) for each in unconfirmed],
        failed=[_stuck(each) for each in failed if now - (each.settled_at or each.created_at) < TOLD_FOR],
    )


async def _news(subscribed: Subscribed, ledger: Ledger) -> News:
    runs = await ledger.runs(subscribed.subscription.id, limit=RUNS)
    with_news = [run.due for run in runs if run.state is RunState.COMPOSED]
    return News(subscribed.subscription, tuple(sorted(with_news)), subscribed.reason)


def _waits_for_another(delivery: Delivery) -> bool:
    """Whether it changes or answers a message that did not arrive yet: that one has an alarm of its own."""
    return delivery.concerns is not None and delivery.thread is None and delivery.state is DeliveryState.PENDING


def _waiting_since(delivery: Delivery) -> datetime:
    """Since when a message could have gone out; one that the platform asked us to hold back waits from then on."""
    return max(delivery.created_at, delivery.not_before or delivery.created_at)


def _stuck(delivery: Delivery) -> Stuck:
    return Stuck(delivery.id, delivery.channel, delivery.sending_since or delivery.created_at, delivery.error)
