"""Keeps every connection on the open internet: a resolver, a socket factory and a connector that refuse all else.

Three doors, because each alone leaves a way in: a resolver is never asked about IP literals, a socket factory sees one
answer and not all of them, and only a finished connection says who is really at the other end.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Collection
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from aiohttp import ClientConnectionError, ClientConnectorError, ClientOSError, ServerDisconnectedError, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.address import ODD_PORT, PORTS, PRIVATE, Address, Peer, is_public

if TYPE_CHECKING:
    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, ClientTimeout
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.connector import AddrInfoType, Connection
    from aiohttp.tracing import Trace

_T = TypeVar("_T")

KEEP_ALIVE_S = 2.0  # outlives the gap between two requests to a host; longer would only hold sockets of thousands of hosts


class RefusalError(OSError):
    """The guard said no.  An OSError, for only those pass through aiohttp's connector as a failed connection."""


class Guard:
    """Says which peers may be connected to: public ones on the web's ports, and the exact pairs in ``allow``."""

    def __init__(self, allow: Collection[Peer]) -> None:
        self._allow = frozenset(allow)
        self._ports = frozenset(PORTS.values()) | {peer.port for peer in allow}

    def check_address(self, address: Address) -> None:
        """Raise `RefusalError` for what can be refused without asking DNS."""
        if address.ip is not None:
            self.check_peer(Peer(address.ip, address.port))
        elif address.port not in self._ports:
            raise RefusalError(ODD_PORT)

    def check_peer(self, peer: Peer) -> None:
        """Raise `RefusalError` unless this very peer may be connected to."""
        if peer in self._allow:
            return
        if not is_public(peer.ip):
            raise RefusalError(PRIVATE)
        if peer.port not in PORTS.values():
            raise RefusalError(ODD_PORT)

    def is_allowed(self, address: Address) -> bool:
        """Say whether the operator named this peer; such a one is his own, so no pause is owed to it."""
        return address.ip is not None and Peer(address.ip, address.port) in self._allow

    def open_socket(self, addr_info: AddrInfoType) -> socket.socket:
        """Return an unconnected socket for one answer of the resolver (aiohttp's socket factory)."""
        family, kind, proto, _, sockaddr = addr_info
        self.check_peer(_peer(sockaddr))
        return socket.socket(family, kind, proto)


class GuardedConnector(TCPConnector):
    """aiohttp's connector, asking the guard about names, sockets and finished connections."""

    def __init__(self, guard: Guard, resolver: AbstractResolver) -> None:
        super().__init__(
            resolver=_GuardedResolver(guard, resolver),
            socket_factory=guard.open_socket,
            limit=0,  # bot.http.manners counts
            keepalive_timeout=KEEP_ALIVE_S,
            ttl_dns_cache=300,
        )
        self._guard = guard
        self._used: WeakSet[ResponseHandler] = WeakSet()
        self._on_new_connection: WeakSet[ClientRequest] = WeakSet()

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout) -> Connection:  # noqa: ASYNC109 - aiohttp's signature
        connection = await super().connect(req, traces, timeout)
        protocol = connection.protocol
        if protocol is None or protocol in self._used:
            return connection  # kept alive: its peer was checked when it was new
        try:
            self._guard.check_peer(_peer(protocol.transport.get_extra_info("peername") if protocol.transport else None))
        except OSError:
            connection.close()
            raise
        self._used.add(protocol)
        self._on_new_connection.add(req)
        return connection

    async def ask_once(self, req: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Send ``req`` as aiohttp's middleware, but not a second time when a new connection broke.

        aiohttp repeats a GET on any broken connection.  That is right for one kept alive that the server had closed by
        then, and bad manners towards a server in trouble.
        """
        try:
            return await handler(req)
        except (ClientOSError, ServerDisconnectedError) as error:
            if req in self._on_new_connection and not isinstance(error, ClientConnectorError):
                raise ClientConnectionError(str(error)) from error
            raise


class _GuardedResolver(AbstractResolver):
    """Refuses a name as soon as one of its answers is refused: a mixed answer is an attack, not a choice."""

    def __init__(self, guard: Guard, inner: AbstractResolver) -> None:
        self._guard = guard
        self._inner = inner

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        answers = await self._inner.resolve(host, port, family)
        for answer in answers:
            self._guard.check_peer(_peer((answer["host"], port)))
        return answers

    async def close(self) -> None:
        await self._inner.close()


class SystemResolver(AbstractResolver):
    """The system's resolver, each lookup in a daemon thread of its own.

    asyncio's pool has a handful of threads for everything: a few dead name servers would fill it, and hold up the exit.
    """

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        infos = await _in_daemon(lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG))
        return [
            ResolveResult(
                hostname=host, host=str(sockaddr[0]), port=port, family=found, proto=proto, flags=socket.AI_NUMERICHOST
            )
            for found, _, proto, _, sockaddr in infos
        ]

    async def close(self) -> None:
        """Nothing is held."""


def _peer(sockaddr: Any) -> Peer:
    try:
        return Peer(ip_address(sockaddr[0]), int(sockaddr[1]))
    except (ValueError, TypeError, IndexError):
        raise ConnectionAbortedError("no IP peer to vouch for") from None  # most often it has hung up by now


async def _in_daemon(call: Callable[[], _T]) -> _T:
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[_T] = loop.create_future()

    def settle(give: Callable[[Any], None], value: Any) -> None:
        if not outcome.done():
            give(value)

    def run() -> None:
        with contextlib.suppress(RuntimeError):  # the loop closed meanwhile: nobody waits any more
            try:
                result = call()
            except Exception as error:
                loop.call_soon_threadsafe(settle, outcome.set_exception, error)
            else:
                loop.call_soon_threadsafe(settle, outcome.set_result, result)

    threading.Thread(target=run, name="dns", daemon=True).start()
    return await outcome
