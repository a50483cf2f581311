"""The command line as its user has it: a process of its own, or, where that takes too long, called in this one."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run left: its exit code and both of its streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def clean(home: Path, **more: str) -> dict[str, str]:
    """An environment with no setting of whoever runs the tests, and all data in ``home``."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP") if name in os.environ}
    return {**kept, "DATELINE_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def run(home: Path, *arguments: str, stdin: bytes = b"", cwd: Path = ROOT, **environ: str) -> Run:
    """``dateline ARGUMENTS``, run to its end."""
    ended = subprocess.run(
        command(*arguments), input=stdin, capture_output=True, timeout=60, check=False, cwd=cwd, env=clean(home, **environ)
    )
    return Run(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


async def ran(home: Path, *arguments: str, allow: Sequence[str] = (), cwd: Path = ROOT, **environ: str) -> Run:
    """The same beside servers of this process, of which those peers may be fetched."""
    if allow:
        environ["DATELINE_FETCH__ALLOW"] = json.dumps(list(allow))
    return await asyncio.to_thread(lambda: run(home, *arguments, stdin=b"", cwd=cwd, **environ))


class Here:
    """The command line called in this process, many times over: each call imports nothing anew.

    The folder of its data, of its files and of what it is typed in is ``home``.
    """

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._patch, self._capsys = home, monkeypatch, capsys
        for name in [name for name in os.environ if name.startswith("DATELINE_") or name == "DATABASE_URL"]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("DATELINE_HOME", str(home))
        monkeypatch.chdir(home)

    def __call__(self, *arguments: str) -> Run:
        code = main(arguments)
        out, err = self._capsys.readouterr()
        return Run(code, out, err)

    async def beside(self, *arguments: str, allow: Sequence[str] = ()) -> Run:
        """The same beside servers of this process, of which those peers may be fetched."""
        self._patch.setenv("DATELINE_FETCH__ALLOW", json.dumps(list(allow)))
        return await asyncio.to_thread(self, *arguments)


def rss(*items: Mapping[str, str], title: str = "Harbour News") -> bytes:
    """A feed of those entries, each with the elements that it names."""
    entries = ("".join(f"<{name}>{text}</{name}>" for name, text in item.items()) for item in items)
    body = "".join(f"<item>{entry}</item>" for entry in entries)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{body}</channel></rss>'.encode()


FERRY = {
    "title": "Ferry Aurelia runs aground off Brennhaven",
    "guid": "ferry",
    "pubDate": "Thu, 12 Mar 2026 07:00:00 GMT",
    "description": "The ferry Aurelia ran aground off Brennhaven on Wednesday, the coast guard said. "
    "About 140 passengers were taken off by helicopter before nightfall. Nobody was hurt.",
}
BRIDGE = {
    "title": "Old bridge of Asterby reopens after repairs",
    "guid": "bridge",
    "pubDate": "Tue, 10 Mar 2026 09:00:00 GMT",
    "description": "The old bridge of Asterby reopened on Monday after two years of repairs, the town hall said. "
    "Repairs of the bridge cost 12 million crowns, a third more than planned.",
}
ATOM_PAGE = b"""<html><head><title>Harbour News</title>
<link rel="alternate" type="application/rss+xml" title="All news" href="/feed.xml"></head><body><p>Welcome.</p></body></html>"""
EMPTY_PAGE = b"<html><head><title>Nothing</title><script>var a = 1;</script></head><body><img src='x.png'></body></html>"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss version="2.0"><channel><title>&b;</title><item><title>&b;</title></item></channel></rss>"""
