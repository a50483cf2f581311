"""Local files, read as if they had been fetched."""

from __future__ import annotations

import asyncio
import os
import select
import stat
import time
from pathlib import Path
from typing import Literal

from bot.errors import SourceError
from bot.model import Fetched, Validators
from bot.ports import UNCONDITIONAL

MAX_BYTES = {"feed": 5 << 20, "page": 2 << 20}
PIPE_S = 15.0
_TYPES = {".htm": "text/html", ".html": "text/html", ".json": "application/json", ".md": "text/plain", ".txt": "text/plain"}


class Files:
    """A `bot.ports.Fetcher` whose addresses are paths."""

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        """The file at a path; a pipe (``/dev/stdin``) is read to its end, for at most 15 s.

        Args:
            kind: a feed may be 5 MiB, a page 2 MiB.

        Raises:
            SourceError: there is no such file, or it is too large or unreadable; asking again cannot help.
        """
        del validators
        return await asyncio.to_thread(_read, url, kind)


def _read(name: str, kind: Literal["feed", "page"]) -> Fetched:
    path, most = Path(name), MAX_BYTES[kind]
    if not name.strip():
        raise SourceError("No file is named. Give a path, or an address that begins with https://.")
    try:
        body = _bytes(path, most + 1)
    except FileNotFoundError:
        raise SourceError(
            f"There is no file {path}. Give a file that exists, or an address that begins with https://."
        ) from None
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise SourceError(f"{path} cannot be read: {why}.") from None
    if len(body) > most:
        raise SourceError(f"{path} is larger than {most >> 20} MiB, which no {'feed' if kind == 'feed' else 'article'} is.")
    if not body.strip():
        raise SourceError(f"{path} is empty.")
    return Fetched(path.resolve().as_uri(), 200, body, _TYPES.get(path.suffix.lower(), ""))


def _bytes(path: Path, most: int) -> bytes:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise SourceError(f"{path} is a folder. Give the file in it.")
    if stat.S_ISFIFO(mode):
        return _from_pipe(path, most)
    if not stat.S_ISREG(mode):
        raise SourceError(f"{path} is a device, not a file. Give a file, or an address that begins with https://.")
    with path.open("rb") as file:
        return file.read(most)


def _from_pipe(path: Path, most: int) -> bytes:
    """What is written into a pipe until its writers close it; never waits for longer than ``PIPE_S``."""
    ends = time.monotonic() + PIPE_S
    body = b""
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        while len(body) < most:
            ready, _, _ = select.select([pipe], [], [], max(0.0, ends - time.monotonic()))
            if not ready:
                raise SourceError(f"Nothing more came out of {path} within {PIPE_S:g} s.")
            if not (part := os.read(pipe, 1 << 20)):
                break
            body += part
    finally:
        os.close(pipe)
    return body[:most]
