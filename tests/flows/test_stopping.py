"""Ctrl-C in the middle: at once, in words, with nothing half-written and nobody left running."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.bot.cli.running import FERRY, Here, clean, command, rss
from tests.servers.web import Web, Wire

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 100000\r\n\r\n"


class Dripping:
    """A server that sends a byte now and then, and says when the first has been sent."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        while True:
            writer.write(b" ")
            await writer.drain()
            self.begun.set()
            await asyncio.sleep(0.05)


def children(pid: int) -> set[int]:
    """The processes that a process started and that still run (Linux)."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return {int(each) for each in found.read_text().split()} if found.exists() else set()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def interrupted(home: Path, *arguments: str, allow: list[str], when: asyncio.Event) -> tuple[int | None, bytes, bytes]:
    """What a run leaves that is told to stop as soon as ``when`` is set; nobody whom it started may be left."""
    process = await asyncio.create_subprocess_exec(
        *command(*arguments), stdout=PIPE, stderr=PIPE, env=clean(home, DATELINE_FETCH__ALLOW=json.dumps(allow))
    )
    try:
        await asyncio.wait_for(when.wait(), 30)
        workers = children(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), 5)
    finally:
        if process.returncode is None:
            process.kill()
    assert [pid for pid in workers if alive(pid)] == []
    return process.returncode, out, err


async def test_ctrl_c_while_a_server_drips_stops_a_digest(tmp_path: Path) -> None:
    drip = Dripping()
    async with Wire(drip.talk) as slow:
        code, out, err = await interrupted(tmp_path, "digest", "--feed", slow.url(), allow=[slow.peer], when=drip.begun)

    assert (code, out, err) == (130, b"", b"dateline: Stopped; nothing is half done.\n")


@pytest.mark.slow
async def test_ctrl_c_in_a_round_leaves_an_archive_that_the_next_round_fills(typed: Here, tmp_path: Path) -> None:
    drip = Dripping()
    async with Web() as web, Wire(drip.talk) as slow:
        web.serve("/feed", rss(FERRY), content_type="application/rss+xml")
        web.serve("/slow", rss(FERRY), content_type="application/rss+xml")
        for path in ("/feed", "/slow"):
            assert (await typed.beside("sources", "add", web.url(path), allow=[web.peer])).code == 0
        web.redirect("/slow", slow.url())

        code, out, err = await interrupted(tmp_path, "collect", "--all", allow=[web.peer, slow.peer], when=drip.begun)
        web.serve("/slow", rss(FERRY), content_type="application/rss+xml")
        stopped = await typed.beside("status", "--json")

    assert (code, out) == (130, b"")
    assert b"Traceback" not in err
    assert stopped.code == 0
    assert stopped.json["health"]["failing"] == 0
    assert stopped.json["articles"] in (0, 1)
