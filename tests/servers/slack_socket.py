"""Slack's end of Socket Mode: connections, envelopes, acknowledgements, events that are sent again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.slack_blocks import Json
from tests.servers.slack_workspace import APP, Workspace

ACK_S = 3.0
COMMON = {"token": "verification", "api_app_id": APP}  # in everything that is sent
RETRIES_S = (0.0, 60.0, 300.0)  # how long after each failed try an event is sent again


@dataclass
class Delivery:
    """One envelope: what the app was sent, and whether it said that it has it.

    Args:
        ack_s: seconds of the loop from sending to the acknowledgement; None without one.
        answer: what the acknowledgement carried.
        error: ``operation_timeout``, or ``dispatch_failed`` when there was no connection.
        then: what the acknowledgement does, before anything that the app sends after it.
    """

    kind: str
    payload: Json
    envelope_id: str
    attempt: int = 0
    ack_s: float | None = None
    answer: Any = None
    error: str = ""
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    then: Callable[[], None] = lambda: None


@dataclass(eq=False)
class Connection:
    """One websocket of the app.  A silent one is cut without either end being told."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    silent: bool = False
    leaving: bool = False


class Sockets:
    """The connections of an app, most of them at once."""

    def __init__(self, workspace: Workspace) -> None:
        self.connections: list[Connection] = []
        self.connected_ever = 0
        self.deliveries: list[Delivery] = []
        self._workspace = workspace
        self._turn = 0
        self._waiting: dict[str, Delivery] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # Connections

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._workspace.tickets:
            return web.Response(status=404)
        self._workspace.tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        transport = request.transport
        connection = Connection(socket, transport if isinstance(transport, asyncio.Transport) else None)
        self.connections.append(connection)
        self.connected_ever += 1
        await socket.send_json(self._hello())
        self._workspace.changed()
        try:
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self._workspace.changed()
        return socket

    def _hello(self) -> Json:
        about = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18_060}
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": about,
            "connection_info": {"app_id": APP},
        }

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.silent:
                continue
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._acknowledged(json.loads(message.data))

    async def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the oldest connection that it will be closed soon."""
        connection = next(one for one in self.connections if not one.leaving)
        connection.leaving = True
        await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})

    def cut(self, *, silently: bool) -> None:
        """Break all connections: so that the app sees it, or so that nothing arrives any more in either direction."""
        for connection in self.connections:
            if silently:
                connection.silent = True
            elif connection.transport is not None:
                connection.transport.abort()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in list(self.connections):
            if connection.transport is not None:
                connection.transport.abort()

    # Envelopes

    def envelope(self, kind: str, payload: Json, attempt: int = 0) -> Delivery:
        """An envelope with a number of its own, not sent yet."""
        return Delivery(kind, payload, f"e{self._workspace.number('envelope')}", attempt)

    def announce(self, payload: Json) -> None:
        """Send an event, again and again until it is acknowledged or Slack gives up."""
        self._go(self._announce(payload))

    @property
    def announcing(self) -> int:
        """How many events are neither acknowledged nor given up."""
        return len(self._tasks)

    async def _announce(self, payload: Json) -> None:
        error, failed_at = "", self._workspace.clock.now()
        for attempt, wait_s in enumerate((0.0, *RETRIES_S)):
            await self._workspace.clock.reach(failed_at + wait_s)
            delivery = self.envelope("events_api", payload, attempt)
            failed_at = await self.ask(delivery, error)
            error = delivery.error
            if not error:
                return

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)

        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._workspace.changed()

        task.add_done_callback(done)

    async def ask(self, delivery: Delivery, last_error: str = "") -> float:
        """Send an envelope and wait for the acknowledgement as long as Slack does; what a person did is never sent again.

        Returns when, by the clock, it would be given up.
        """
        given_up_at = self._workspace.clock.now() + ACK_S
        self.deliveries.append(delivery)
        connection = self._next_connection()
        if connection is None:
            delivery.error = "dispatch_failed"
            self._workspace.changed()
            return given_up_at - ACK_S
        self._waiting[delivery.envelope_id] = delivery
        loop = asyncio.get_running_loop()
        sent_at = loop.time()
        if not connection.silent:
            with suppress(ConnectionError):  # it broke just now: nobody acknowledges
                await connection.socket.send_str(json.dumps(_envelope(delivery, last_error)))
        self._workspace.changed()
        if await self._acked_by(given_up_at, delivery.acked):
            delivery.ack_s = loop.time() - sent_at
        else:
            delivery.error = "operation_timeout"
            self._waiting.pop(delivery.envelope_id, None)
        self._workspace.changed()
        return given_up_at

    def _next_connection(self) -> Connection | None:
        """Each in turn; one that was told to leave only while there is no other."""
        open_ones = [one for one in self.connections if not one.socket.closed]
        able = [one for one in open_ones if not one.leaving] or open_ones
        self._turn += 1
        return able[self._turn % len(able)] if able else None

    def _acknowledged(self, said: Json) -> None:
        delivery = self._waiting.pop(said.get("envelope_id", ""), None)
        if delivery is not None:
            delivery.answer = said.get("payload")
            delivery.then()
            delivery.acked.set()

    async def _acked_by(self, instant: float, event: asyncio.Event) -> bool:
        acking = asyncio.create_task(event.wait())
        waiting = asyncio.create_task(self._workspace.clock.reach(instant))
        try:
            await asyncio.wait({acking, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return event.is_set()
        finally:
            acking.cancel()
            waiting.cancel()


def _envelope(delivery: Delivery, last_error: str) -> Json:
    envelope: Json = {"envelope_id": delivery.envelope_id, "type": delivery.kind, "payload": delivery.payload}
    envelope["accepts_response_payload"] = delivery.kind != "events_api"
    if delivery.kind == "events_api":
        envelope |= {"retry_attempt": delivery.attempt, "retry_reason": "timeout" if last_error else ""}
    return envelope
