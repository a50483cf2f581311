"""Deliver: the messages of the outbox are posted, one by one, and what came of each is settled.

``sending`` is committed before the first byte leaves.  A definite answer settles it; without one the message is in doubt, is
looked up where the platform can be asked, and is otherwise left for a person to judge.  Nothing is ever sent again blindly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from bot.errors import (
    AuthDead,
    DeliveryError,
    MessageGone,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    StoreError,
    TargetGone,
    Unreachable,
)
from bot.model import Channel, Delivery, DeliveryKind, DeliveryState, Receipt
from bot.ports import Adapter, Adapters, Ledger
from bot.steps import Points, Steps, no_points

T = TypeVar("T")

TIMEOUT_S: Final = 30.0  # for one call; well below the minute after which a message is in doubt
SPACING_S: Final = 1.0  # between two messages of a channel
LONGEST_WAIT_S: Final = 3600.0
_FIRST_WAIT_S = 15.0  # after a failure without a word on when to come again; doubled with each
_LONGEST_BACK_OFF_S = 600.0
_LOOKS = 5  # at a message in doubt, a minute apart, before a person must
_CHANNELS = 32  # at once
_NOBODY_CAN_TELL = "The platform gave no answer and can't be asked. Look at the channel: is it there? If not, send it again."


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
    timeout_s: float = TIMEOUT_S,
) -> Delivered:
    """Send what waits, channels side by side and each in order.  May be run again, and by several processes at once.

    Cancelled in the middle of a call, it leaves that message in doubt.

    Args:
        clock: the present instant, aware, in UTC.
        owner: as in ``bot.publish.publish_due``.
        wait: lets seconds pass between two messages of a channel.
        timeout_s: for one call; what takes longer is in doubt.

    Raises:
        StoreError: the database cannot be used, so nothing more is sent.
    """
    sender = _Sender(ledger, clock, owner, wait, Steps(points), timeout_s)
    free = asyncio.Semaphore(_CHANNELS)

    async def serve(channel: Channel) -> None:
        try:
            adapter = adapters.of(channel)
        except DeliveryError as error:
            sender.unserved.append((channel, str(error)))
            return
        async with free:
            try:
                await sender.serve(channel, adapter)
            except StoreError:
                raise
            except Exception as error:  # one channel stops no other
                sender.bugs.append(error)

    channels = await sender.step("wait", ledger.waiting, clock())
    for failed in await asyncio.gather(*map(serve, channels), return_exceptions=True):
        if failed is not None:
            raise failed
    return sender.delivered()


class _Sender:
    """One round: sends for one process, and notes what came of it."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], datetime],
        owner: str,
        wait: Callable[[float], Awaitable[None]],
        step: Steps,
        timeout_s: float,
    ) -> None:
        self._ledger, self._clock, self._owner, self._wait, self.step = ledger, clock, owner, wait, step
        self._timeout_s = timeout_s
        self._settled: list[Delivery] = []
        self._paused: list[tuple[Channel, str]] = []
        self._stopped: list[tuple[Channel, str]] = []
        self.unserved: list[tuple[Channel, str]] = []
        self.bugs: list[Exception] = []

    def delivered(self) -> Delivered:
        return Delivered(
            tuple(self._settled), tuple(self._paused), tuple(self._stopped), tuple(self.unserved), tuple(self.bugs)
        )

    async def serve(self, channel: Channel, adapter: Adapter) -> None:
        """Send what waits in a channel, as its one sender."""
        fence = await self.step("take", self._ledger.take_channel, channel, self._owner, self._clock())
        if fence is None:
            return
        sent = False
        try:
            while waits := await self.step("next", self._ledger.next_delivery, channel, self._clock()):
                if sent:
                    await self._wait(SPACING_S)
                begun = await self.step("begin", self._ledger.begin, waits, self._owner, fence, self._clock())
                if begun is None:
                    return
                sent = waits.state is DeliveryState.PENDING
                await (self._send(begun, adapter) if sent else self._look(begun, adapter))
        finally:
            await self.step("release", self._ledger.release_channel, channel, self._owner, fence, self._clock())

    async def _send(self, begun: Delivery, adapter: Adapter) -> None:
        """One attempt; whatever the answer, it is settled, or left in doubt."""
        try:
            receipt = await self._attempt(begun, adapter)
        except OutcomeUnknown as error:
            await self._settle(begun, DeliveryState.SENDING, error=str(error))
        except (RateLimited, Unreachable) as error:
            await self._settle(begun, DeliveryState.PENDING, not_before=self._later(error, begun.attempts), error=str(error))
        except Rejected as error:
            await self._rejected(begun, adapter, error)
        except MessageGone as error:
            # Nothing is wrong with the place, and nobody can mend it: what was to be said comes with the next digest alone.
            over = begun.kind is not DeliveryKind.POST
            await self._settle(begun, DeliveryState.REPLACED if over else DeliveryState.FAILED, error=str(error))
        except (TargetGone, NotAllowed, AuthDead) as error:
            await self._refused(begun, error)
        else:
            await self._settle(begun, DeliveryState.SENT, receipt=receipt)

    async def _attempt(self, begun: Delivery, adapter: Adapter) -> Receipt:
        """Make the call, within its time.  Raises DeliveryError; every class but OutcomeUnknown means: not delivered."""
        if begun.kind is DeliveryKind.EDIT:
            if begun.thread is None:
                raise MessageGone("The message to change has no id here.")
            await self._in_time(self.step("edit", adapter.edit, begun.channel, begun.thread, begun.payload))
            return Receipt(begun.thread)
        if begun.kind is DeliveryKind.REPLY and begun.thread is None and adapter.abilities.thread:
            raise MessageGone("The message to answer has no id here.")
        thread = begun.thread if adapter.abilities.thread else None
        post = self.step("post", adapter.post, begun.channel, begun.payload, nonce=begun.nonce, thread=thread)
        return await self._in_time(post)

    async def _look(self, begun: Delivery, adapter: Adapter) -> None:
        """Find out what became of a message in doubt."""
        if begun.kind is DeliveryKind.EDIT:  # done twice it is done once
            await self._settle(begun, DeliveryState.PENDING)
            return
        if not adapter.abilities.look_up:
            await self._settle(begun, DeliveryState.UNCONFIRMED, error=begun.error or _NOBODY_CAN_TELL)
            return
        assert begun.sending_since is not None
        since = min(begun.sending_since, begun.created_at)  # a clock that was set back tells of a later sending
        number = begun.number if begun.kind is DeliveryKind.POST else None  # a line under a digest does not show it
        thread = begun.thread if adapter.abilities.thread else None
        look = self.step("look up", adapter.look_up, begun.channel, begun.nonce, since=since, number=number, thread=thread)
        try:
            found = await self._in_time(look)
        except (TargetGone, NotAllowed, AuthDead) as error:
            await self._settle(begun, DeliveryState.UNCONFIRMED, error=str(error))
        except DeliveryError as error:
            counts = isinstance(error, OutcomeUnknown) and begun.looks >= _LOOKS
            state = DeliveryState.UNCONFIRMED if counts else DeliveryState.SENDING
            not_before = None if counts else self._later(error, begun.looks, least_s=60.0)
            await self._settle(begun, state, not_before=not_before, error=str(error))
        else:
            await self._settle(begun, DeliveryState.SENT if found else DeliveryState.PENDING, receipt=found)

    async def _rejected(self, begun: Delivery, adapter: Adapter, error: Rejected) -> None:
        """The plain form goes in its place, once."""
        if begun.plain or begun.kind is DeliveryKind.EDIT or not (pieces := adapter.plain(begun.payload)):
            await self._settle(begun, DeliveryState.FAILED, error=str(error))
        elif await self.step("replace", self._ledger.replace, begun, pieces, str(error), self._clock()):
            self._note(begun, DeliveryState.REPLACED, str(error))

    async def _refused(self, begun: Delivery, error: DeliveryError) -> None:
        """The place takes nothing any more: it is asked no further."""
        whole = isinstance(error, AuthDead)
        if await self.step("refuse", self._ledger.refuse, begun, str(error), self._clock(), whole_space=whole):
            self._note(begun, DeliveryState.FAILED, str(error))
            (self._stopped if whole else self._paused).append((begun.channel, str(error)))

    async def _settle(
        self,
        begun: Delivery,
        state: DeliveryState,
        *,
        receipt: Receipt | None = None,
        not_before: datetime | None = None,
        error: str = "",
    ) -> None:
        settle = self._ledger.settle
        if await self.step("settle", settle, begun, state, self._clock(), receipt=receipt, not_before=not_before, error=error):
            message_id = receipt.message_id if receipt else begun.message_id
            self._note(replace(begun, message_id=message_id, not_before=not_before), state, error)

    def _note(self, begun: Delivery, state: DeliveryState, error: str) -> None:
        self._settled.append(replace(begun, state=state, error=error))

    def _later(self, error: DeliveryError, times: int, *, least_s: float = 1.0) -> datetime:
        """When to come again: as the platform asks, an hour at most; else later and later."""
        back_off = min(_LONGEST_BACK_OFF_S, _FIRST_WAIT_S * 2.0 ** min(times, 10))
        wait_s = back_off if error.retry_after is None else error.retry_after
        return self._clock() + timedelta(seconds=min(max(wait_s, least_s), LONGEST_WAIT_S))

    async def _in_time(self, call: Coroutine[Any, Any, T]) -> T:
        """What a call gives within its time.  Raises OutcomeUnknown when it takes longer."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await call
        except TimeoutError:
            raise OutcomeUnknown(f"No answer within {self._timeout_s:.3g} s.") from None
