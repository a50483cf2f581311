"""Watch: look at what the store knows of this installation, for the alarms and for whoever asks how it is doing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.alarms import News, Observed, Stuck
from bot.model import Delivery, DeliveryState, RunState, Space
from bot.ports import Beats, Followed, Heard, Ledger, Store, Subscribed

DAYS: Final = 20
"""How many of the last days with news say what is usual for a subscription."""

TOLD_FOR: Final = timedelta(days=1)
"""How long a message that failed is an alarm; afterwards it stands in the list of deliveries."""

_MOST = 1_000


async def observed(store: Store, ledger: Ledger, beats: Beats, now: datetime, space: Space | None = None) -> Observed:
    """What alarms are drawn from, as it stands now, in all of the installation or in one space.  Raises StoreError."""

    async def deliveries(*states: DeliveryState) -> list[Delivery]:
        found = await ledger.deliveries(*states, limit=_MOST)
        return [each for each in found if space is None or Space.of(each.channel) == space]

    pending = await deliveries(DeliveryState.PENDING, DeliveryState.SENDING)
    subscriptions = await subscriptions_of(ledger, space)
    unconfirmed = await deliveries(DeliveryState.UNCONFIRMED)
    failed = await deliveries(DeliveryState.FAILED)
    heard = await ledger.heard(DAYS)
    # A message of a paused subscription waits on purpose, and a later part of a digest for whoever settles the earlier one.
    inactive = {each.subscription.id for each in subscriptions if not each.active}
    held = {each.run for each in (*unconfirmed, *failed) if each.run is not None}
    waiting = [
        _waits(each)
        for each in pending
        if each.subscription not in inactive and each.run not in held and not _waits_for_another(each)
    ]
    return Observed(
        news=[_news(each, heard.get(each.subscription.id, Heard())) for each in subscriptions],
        sources=await sources_of(store, space),
        ticked_at=await beats.ticked_at(),
        stopped=await beats.stopped(),
        waiting=min(waiting, key=lambda each: each.since, default=None),
        unconfirmed=[_stuck(each) for each in unconfirmed],
        refused=await beats.refused(now),
        narrow=beats.narrow(),
        failed=[_stuck(each) for each in failed if now - (each.settled_at or each.created_at) < TOLD_FOR],
    )


async def subscriptions_of(ledger: Ledger, space: Space | None) -> list[Subscribed]:
    """Every subscription of the channels of a space; of all for None."""
    found = await ledger.subscriptions()
    return [each for each in found if space is None or Space.of(each.subscription.channel) == space]


async def sources_of(store: Store, space: Space | None) -> list[Followed]:
    """Every source that a space or a channel of it follows; of all for None."""
    found = await store.sources()
    if space is None:
        return found
    followed = {each.source for each in await store.topics.follows(space)}
    return [each for each in found if each.source.id in followed]


def _news(subscribed: Subscribed, heard: Heard) -> News:
    last = subscribed.last_run
    lost = last if last is not None and last.state is RunState.FAILED else None
    return News(subscribed.subscription, heard, lost, subscribed.reason)


def _waits(delivery: Delivery) -> Stuck:
    """A message on its way, since it was written down; one that a person sends again, since its last attempt.

    A pause that its platform asked for does not count; but one that was held back again and again has waited all the time.
    """
    again = delivery.sending_since if delivery.not_after is None else None
    since = again or delivery.created_at
    if delivery.attempts <= 1 and delivery.not_before is not None:
        since = max(since, delivery.not_before)
    return Stuck(delivery.id, delivery.channel, since, delivery.error)


def _waits_for_another(delivery: Delivery) -> bool:
    """Whether it changes or answers a message that did not arrive yet: that one has an alarm of its own."""
    return delivery.concerns is not None and delivery.thread is None and delivery.state is DeliveryState.PENDING


def _stuck(delivery: Delivery) -> Stuck:
    return Stuck(delivery.id, delivery.channel, delivery.sending_since or delivery.created_at, delivery.error)
