"""Feeds read a second of CPU time, and microseconds a date: ``python -m benchmarks.bench_feeds [FOLDER OF FEEDS]``.

Without a folder, feeds of our own making are read: as many entries and as much text as a median news feed has.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from bot.sources.feed import read_feed
from bot.sources.feed_dates import parse
from bot.sources.identity import canonical

NOW = datetime(2025, 4, 2, 9, 30, tzinfo=UTC)
ENTRIES = 30
SENTENCE = "The ferry to the outer islands leaves an hour later from Monday, because the pier is being mended. "
DATES = (
    "Tue, 01 Apr 2025 08:00:00 +0200",
    "2025-04-01T08:00:00Z",
    "2025/04/01 08:00",
    "1 de abril de 2025",
    "soon",
    "1743487200",
)


def made(number: int) -> bytes:
    """An RSS feed with full texts, near 80 kB."""
    items = "".join(
        f"<item><title>Ferry {number} leaves at {hour}</title><link>https://harbour.example/{number}/{hour}?utm_source=rss</link>"
        f"<guid>https://harbour.example/{number}/{hour}</guid><pubDate>{format_datetime(NOW - timedelta(hours=hour))}</pubDate>"
        f"<description>&lt;p&gt;{SENTENCE}&lt;/p&gt;</description><content:encoded><![CDATA[{f'<p>{SENTENCE * 4}</p>' * 6}]]>"
        "</content:encoded></item>"
        for hour in range(ENTRIES)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Harbour News</title>{items}</channel></rss>"
    ).encode()


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    bodies = (
        [path.read_bytes() for path in sorted(given.iterdir()) if path.is_file()] if given else [made(n) for n in range(40)]
    )
    read(bodies[0])  # imports are not the work
    spent = [cpu_s(body) for body in bodies]
    size = statistics.median(map(len, bodies)) / 1000
    print(f"feeds    {len(bodies)} of {size:.0f} kB: {len(spent) / sum(spent):.0f} a CPU second,")
    print(f"         median {statistics.median(spent) * 1000:.1f} ms, longest {max(spent) * 1000:.1f} ms")
    print(f"dates    {each_us(parse, DATES):.0f} us")
    print(f"links    {each_us(canonical, ['https://Harbour.example/a/../b?id=7&utm_source=rss#top']):.0f} us")


def read(body: bytes) -> None:
    read_feed(body, url="https://harbour.example/feed", content_type="application/rss+xml", fetched_at=NOW)


def cpu_s(body: bytes) -> float:
    started = time.process_time()
    read(body)
    return time.process_time() - started


def each_us(function: Callable[[str], object], values: Sequence[str], rounds: int = 2_000) -> float:
    started = time.process_time()
    for _ in range(rounds):
        for value in values:
            function(value)
    return (time.process_time() - started) / rounds / len(values) * 1e6


if __name__ == "__main__":
    main()
