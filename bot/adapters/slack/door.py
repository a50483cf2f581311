"""The connection to Slack: made, watched, made again.  A token that is refused is said once and not tried again.

The library alone would try a wrong token for ever, in silence, and would be ten seconds late after a cut that nobody told it
of; so both tokens are tried first, and the connection is asked every two seconds whether it is there.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot import connection_words, log
from bot.adapters.slack.calls import Calls, Identity
from bot.adapters.slack.connection import Handler, connection
from bot.adapters.slack.settings import Settings
from bot.errands import Errands
from bot.errors import AuthDead, DeliveryError, NotAllowed, RateLimited, Unreachable
from bot.model import Space
from bot.ports.connections import DoorState
from bot.ports.desk import House
from bot.supervisor import cut_by, stopped_within

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
_CONNECTS_S = 30.0
LOOKS_S: Final = 1.0
_LOST_S, _GIVEN_UP_S = 4.0, 40.0  # after which a connection that is not there is told of, and made by a new client
_REMEMBERED = 2_000  # acknowledgements


class SlackDoor:
    """Connected while it listens.

    Args:
        most: answers under way; who asks then is told so.
        looks_s: seconds between two looks whether the connection is there.
    """

    def __init__(self, settings: Settings, calls: Calls, *, most: int, looks_s: float = LOOKS_S) -> None:
        self._settings, self._calls, self._most, self._looks_s = settings, calls, most, looks_s
        self._identity: Identity | None = None
        self._since: datetime | None = None
        self._why, self._refused = "", False
        self._heard = 0
        self._acked_s: deque[float] = deque(maxlen=_REMEMBERED)

    async def listen(self, house: House, now: Callable[[], datetime], stop: asyncio.Event) -> None:
        """As `bot.ports.desk.Door.listen`."""
        wait_s = FIRST_WAIT_S
        async with Errands("slack", most=self._most) as errands:
            while not stop.is_set():
                try:
                    await cut_by(stop, self._connected(house, now, errands))
                except (AuthDead, NotAllowed) as error:
                    self._since, self._why, self._refused = None, str(error), True
                    log.error("connection_refused", platform="slack", words=str(error))
                    await stop.wait()
                    return
                except DeliveryError as error:
                    wait_s = FIRST_WAIT_S if self._since else wait_s
                    if isinstance(error, RateLimited):
                        wait_s = max(wait_s, error.retry_after or 0.0)
                    self._why = str(error)
                    log.warning("connection_lost", platform="slack", words=str(error), again_in_s=wait_s)
                    self._since = None
                    await stopped_within(stop, wait_s)
                    wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def telling(self) -> DoorState:
        """As `bot.ports.desk.Door.telling`."""
        if self._since is None or self._identity is None:
            return DoorState(False, self._why, refused=self._refused)
        counts = connection_words.counts(self._heard, [1_000 * each for each in self._acked_s], self._calls.limited)
        whom = connection_words.whom(self._identity.user_name, self._identity.team_name)
        return DoorState(True, whom, self._since, counts)

    async def _connected(self, house: House, now: Callable[[], datetime], errands: Errands) -> None:
        """Be connected until it is cut off.

        Raises:
            AuthDead: a token is refused, or the app was removed.
            DeliveryError: the connection does not come about, or is lost for long.
        """
        self._since = None
        self._identity = identity = await self._calls.test()
        address = await self._calls.opened()
        await house.places.back(Space("slack", identity.team), now())
        left: list[str] = []

        def leaves(why: str) -> None:
            left.append(why)
            self._calls.ended.set()

        handler = connection(self._settings, self._calls, identity, house, errands, now, leaves, self._acknowledged)
        try:
            try:
                async with asyncio.timeout(_CONNECTS_S):
                    await handler.open(address)
            except TimeoutError:
                raise Unreachable(f"Slack opened no connection within {_CONNECTS_S:g} s.") from None
            self._since = now()
            log.info("connection_made", platform="slack", team=identity.team, words=f"as @{identity.user_name}")
            await self._watch(handler, left)
        finally:
            await handler.close()

    async def _watch(self, handler: Handler, left: list[str]) -> None:
        """Look whether the connection is there; the library makes a lost one anew, unless it cannot."""
        lost_s = 0.0
        while True:
            await stopped_within(self._calls.ended, self._looks_s)
            self._calls.ended.clear()
            if left:
                raise AuthDead(f"{left[0]} Install it anew and set SLACK_BOT_TOKEN to the new token to serve it again.")
            if self._calls.dead:
                raise self._calls.dead
            if await handler.client.is_connected():
                if lost_s >= _LOST_S:
                    log.info("connection_made", platform="slack", words="again")
                lost_s = 0.0
                continue
            lost_s += self._looks_s
            if lost_s == _LOST_S:
                log.warning("connection_lost", platform="slack", words="It broke off; it is being made again.", again_in_s=0)
                await self._calls.test()
                await self._calls.opened()
            if lost_s >= _GIVEN_UP_S:
                raise Unreachable(f"The connection did not come back within {_GIVEN_UP_S:g} s.")

    def _acknowledged(self, took_s: float) -> None:
        self._heard += 1
        self._acked_s.append(took_s)
