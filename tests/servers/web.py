"""A small web server on the loopback: obedient to a table of documents, or hostile byte by byte.

```python
async with Web() as web:
    web.serve("/feed", b"<rss/>", etag='"1"')
    ...  # fetch web.url("/feed") with allow=[web.peer]
    assert web.seen[0].headers["Accept"]
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived."""

    path: str
    headers: CIMultiDictProxy[str]
    raw: tuple[tuple[bytes, bytes], ...]


@dataclass
class Web:
    """Serves what it was told to, remembers every request, and answers 404 to the rest."""

    seen: list[Seen] = field(default_factory=list)
    _handlers: dict[str, Handler] = field(default_factory=dict)
    _runner: web.ServerRunner | None = None
    _port: int = 0

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._answer), shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def port(self) -> int:
        return self._port

    @property
    def peer(self) -> str:
        """What ``fetch.allow`` needs to name."""
        return f"127.0.0.1:{self._port}"

    def url(self, path: str) -> str:
        return f"http://{self.peer}{path}"

    def serve(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer ``path`` with ``body``; a header's name is written ``last_modified``.  Validators are honoured."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        wanted = (named.get("etag"), named.get("last-modified"))

        async def answer(request: web.Request) -> web.StreamResponse:
            got = (request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since"))
            holds = wanted != (None, None) and wanted == got
            return web.Response(status=304 if holds else status, body=b"" if holds else body, headers=named)

        self.handle(path, answer)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.serve(path, b"elsewhere", status=status, location=to)

    def handle(self, path: str, handler: Handler) -> None:
        self._handlers[path] = handler

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.seen.append(Seen(request.path_qs, request.headers, request.raw_headers))
        handler = self._handlers.get(request.path)
        if handler is None:
            return web.Response(status=404, headers=CIMultiDict())
        return await handler(request)  # type: ignore[arg-type]  # a bare Server gives a BaseRequest, enough for us


class Wire:
    """Says exactly these bytes, or whatever ``talk`` says, to everyone who connects; nothing checks that it is HTTP."""

    def __init__(self, answer: bytes | Talk) -> None:
        self._answer = answer
        self._server: asyncio.Server | None = None
        self.requests: list[bytes] = []
        self.open = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def peer(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.peer}{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            if isinstance(self._answer, bytes):
                writer.write(self._answer)
                await writer.drain()
            else:
                await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            writer.close()
