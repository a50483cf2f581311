"""Jobs that misbehave in the ways of hostile documents, for the workers to be tried on."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime
from typing import Any

from bot.errors import SourceError
from bot.model import FeedDocument


def double(number: int) -> int:
    return 2 * number


def read_nothing(title: str, *, version: str) -> FeedDocument:
    return FeedDocument(title=title, url=None, version=version, entries=(), notes=(datetime.now(UTC).isoformat(),))


def spin() -> None:
    while True:
        pass


def wait(seconds: float) -> None:
    time.sleep(seconds)


def fill_memory() -> int:
    return len(b"x" * (4 * 1024 * 1024 * 1024))


def niceness() -> int:
    return os.nice(0)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse(reason: str, retry_after: float) -> None:
    raise SourceError(reason, retry_after=retry_after)


def stumble() -> None:
    raise LookupError("a bug")


def print_loudly() -> str:
    sys.stdout.write("noise" * 10_000)
    sys.stdout.flush()
    os.write(1, b"more noise")
    return "quiet"


def send_too_much() -> bytes:
    return bytes(65 * 1024 * 1024)


def environment() -> list[str]:
    return sorted(os.environ)


def process_id() -> int:
    return os.getpid()


def ignores_interrupts() -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def loaded(module: str) -> bool:
    return module in sys.modules


class _Trojan:
    def __reduce__(self) -> tuple[Any, ...]:
        return (os.system, ("true",))


def send_an_action() -> object:
    return _Trojan()


class _LookedUp:
    def __init__(self, of: type, name: str) -> None:
        self._of, self._name = of, name

    def __reduce__(self) -> tuple[Any, ...]:
        return (getattr, (self._of, self._name))


def send_looked_up(of: type, name: str) -> object:
    """Something that is pickled as a look-up by name, as members of enumerations were by some Pythons."""
    return _LookedUp(of, name)
