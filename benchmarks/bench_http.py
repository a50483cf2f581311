"""CPU of a conditional fetch against a bare aiohttp loop: ``python -m benchmarks.bench_http [rounds]``.

The server runs in a process of its own; both loops ask it in turns, so that the machine's mood hits both.
Prints the ratio of CPU seconds (goal: 1.25 with storing, see the design page on performance).
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address

from aiohttp import ClientSession, DummyCookieJar

from bot.address import Peer
from bot.http import Client
from bot.model import Validators

ASKS = 200
ETAG = 'W/"1"'

Ask = Callable[[], Awaitable[None]]


async def serve() -> None:
    """Answer every request with a 304, as cheaply as can be, and print the port."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: W/"1"\r\n\r\n')

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def cpu_s(ask: Ask) -> float:
    began = time.process_time()
    for _ in range(ASKS):
        await ask()
    return time.process_time() - began


async def race(port: int, rounds: int) -> tuple[float, float]:
    """Return the CPU seconds of the bare loop and of ours."""
    url = f"http://127.0.0.1:{port}/feed"
    async with (
        ClientSession(cookie_jar=DummyCookieJar()) as session,
        Client(user_agent="Dateline/bench", allow=[Peer(IPv4Address("127.0.0.1"), port)]) as client,
    ):

        async def bare() -> None:
            async with session.get(url, headers={"If-None-Match": ETAG}) as response:
                assert response.status == 304
                await response.read()

        async def ours() -> None:
            assert (await client.fetch(url, kind="feed", validators=Validators(etag=ETAG))).status == 304

        await cpu_s(bare), await cpu_s(ours)  # imports, connections, caches
        times = [(await cpu_s(bare), await cpu_s(ours)) for _ in range(rounds)]
    return sum(bare_s for bare_s, _ in times), sum(ours_s for _, ours_s in times)


def main(rounds: int = 10) -> None:
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.bench_http", "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        bare_s, ours_s = asyncio.run(race(int(server.stdout.readline()), rounds))
    finally:
        server.kill()
    bare_us, ours_us = (seconds / (rounds * ASKS) * 1e6 for seconds in (bare_s, ours_s))
    print(f"304 fetches: {rounds * ASKS}   bare {bare_us:.0f} us   ours {ours_us:.0f} us   ratio {ours_us / bare_us:.2f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case [rounds]:
            main(int(rounds))
        case _:
            main()
