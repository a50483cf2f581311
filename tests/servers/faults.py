"""What the stand-ins for platforms have in common: they store messages, and fail when they are told to.

```python
async with SlackWebhook() as slack:
    slack.next(cut(stored=True), held(gate))  # the first request is stored and cut off, the second waits for the gate
```
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web

Body = str | Callable[[web.Request], str]


@dataclass(frozen=True)
class Fault:
    """What a request comes to instead of its ordinary answer.

    Args:
        stored: the message is stored before anything goes wrong.
        cut: the connection breaks off without an answer.
        status: answered in place of the ordinary answer; 0 leaves that as it is.
        body: the words, or what makes them of the request.
        gate: nothing more happens before it is set.
    """

    stored: bool = False
    cut: bool = False
    status: int = 0
    body: Body = ""
    content_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()
    gate: asyncio.Event | None = None


NONE = Fault()


def cut(*, stored: bool) -> Fault:
    """The connection breaks off, before or after the message is stored."""
    return Fault(stored=stored, cut=True)


def broken(status: int = 500, *, stored: bool = False) -> Fault:
    """The platform fails, before or after it stored the message, and says so with a page for people."""
    return Fault(stored=stored, status=status, body=f"<html><h1>{status}</h1></html>", content_type="text/html")


def says(
    status: int,
    body: str | Callable[[web.Request], str] = "",
    content_type: str = "text/plain",
    *,
    stored: bool = False,
    **headers: str,
) -> Fault:
    """Exactly this; a header's name is written ``retry_after``."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Fault(stored=stored, status=status, body=body, content_type=content_type, headers=named)


def held(gate: asyncio.Event, *, stored: bool = False) -> Fault:
    """Nothing happens before the gate opens, or the message is stored and its answer waits; then it goes on as usual."""
    return Fault(gate=gate, stored=stored)


class Platform:
    """A web server on the loopback that meets every request with the next fault, or with `take`.  ``largest``: in bytes."""

    largest = 1024 * 1024

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self._faults: deque[Fault] = deque()
        self._gates: list[asyncio.Event] = []
        self._arrived = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=self.largest)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)  # the same when it is back
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Be down: connections are refused from now on, and what is still held is let go."""
        for gate in self._gates:
            gate.set()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def next(self, *faults: Fault) -> None:
        """What the next requests come to, one each."""
        self._faults.extend(faults)

    async def received(self, count: int) -> None:
        """Wait until so many requests have arrived in all."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)

    def hold(self, gate: asyncio.Event) -> None:
        """Open the gate at the latest when the platform stops."""
        self._gates.append(gate)

    def fault(self, request: web.Request, body: bytes) -> Fault:
        """What a request comes to; `NONE` when all is well."""
        return self._faults.popleft() if self._faults else NONE

    def take(self, request: web.Request, body: bytes) -> web.Response:
        """Store what a request brings and answer it, as the platform does when all is well."""
        raise NotImplementedError

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        async with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        fault = self.fault(request, body)
        ordinary = self.take(request, body) if fault.stored or fault == NONE else None
        if fault.gate is not None:
            self.hold(fault.gate)
            await fault.gate.wait()
            ordinary = ordinary or self.take(request, body)
        if fault.cut:
            assert request.transport is not None
            request.transport.abort()
        if fault.status or ordinary is None:
            text = fault.body if isinstance(fault.body, str) else fault.body(request)
            return web.Response(
                status=fault.status or 200, text=text, content_type=fault.content_type, headers=dict(fault.headers)
            )
        return ordinary
