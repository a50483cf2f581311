"""A thousand feeds on the loopback, served by a process of its own: ``python -m benchmarks.feed_server``.

It prints its ports, one line of JSON, and serves until its standard input ends.  A hundred ports stand for a hundred hosts: a
fetcher that asks a host one thing at a time still asks many at once.  Each feed has ten entries with their whole text.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from aiohttp import web

from benchmarks.bench_store import RARER, words

HOSTS, ENTRIES = 100, 10
BACK = timedelta(days=7)  # for which a feed lists what it has
LINES = 8  # sentences, as full of rare and common words as prose
FRAMES = (
    "The {0} of {1} said on Tuesday that {2}.",
    "{1} will close its {0} on Friday, after {2}.",
    "At least 40 people left the {0} when {2} reached {1} on Monday, officials said.",
    "{1} opened the {0} last month, and {2}.",
)


def feed(number: int, vocabulary: Sequence[str], now: datetime) -> bytes:
    """An RSS feed, about 14 kB; the same for the same number."""
    seed, items = random.Random(number), []

    def drawn(many: int) -> list[str]:
        return seed.choices(vocabulary, cum_weights=RARER, k=many)

    def sentence() -> str:
        what, who, *more = drawn(14)
        return seed.choice(FRAMES).format(what, who.capitalize(), " ".join(more))

    for at in range(ENTRIES):
        text = "".join(f"<p>{sentence()} {sentence()}</p>" for _ in range(LINES // 2))
        address = f"https://feed-{number}.example/{at}"
        published = format_datetime(now - BACK * seed.random())
        items.append(
            f"<item><title>{escape(' '.join(drawn(8)).capitalize())}</title><link>{address}</link><guid>{address}</guid>"
            f"<pubDate>{published}</pubDate><content:encoded><![CDATA[{text}]]></content:encoded></item>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Outlet {number}</title>{''.join(items)}</channel></rss>"
    ).encode()


@asynccontextmanager
async def served(now: datetime) -> AsyncIterator[list[int]]:
    """A server process while the block lasts; the ports at which ``/NUMBER`` is a feed.

    Args:
        now: aware; the newest entries are of just before.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.feed_server", now.isoformat()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ports = json.loads(await process.stdout.readline())
        yield ports
    finally:
        process.stdin.close()
        await process.wait()


async def serve(now: datetime) -> None:
    vocabulary = words(random.Random(1))

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        body = feed(int(request.path.strip("/")), vocabulary, now)
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": f'"{request.path}"'})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    for _ in range(HOSTS):
        await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps([address[1] for address in runner.addresses]), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("now", nargs="?", type=datetime.fromisoformat, default=datetime.now(UTC))
    asyncio.run(serve(arguments.parse_args().now))


if __name__ == "__main__":
    main()
