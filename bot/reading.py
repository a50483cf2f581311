"""The worker's side of ``bot.readers``: jobs come in on standard input, results go out on standard output.

Started as ``python -m bot.reading``.  Small on purpose: a worker imports what its jobs need, when they need it.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import pickle
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from bot.errors import SourceError
from digests.errors import GroundingError, QueryError

LENGTH = struct.Struct(">I")  # each frame: its length, then a pickle
NICENESS = 10
OURS = (SourceError, QueryError, GroundingError)


def main() -> None:
    """Serve jobs until standard input ends, which it does when the parent is gone."""
    jobs, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not land between the frames
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to hear
    _die_with_parent()
    _give_way()
    memory = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    _limit_memory(memory)
    while frame := _read(jobs):
        module, name, args, kwargs, cpu_s = pickle.loads(frame)  # noqa: S301 - from our own parent
        _limit_cpu(cpu_s)
        results.write(_framed(_answer(module, name, args, kwargs, memory)))
        results.flush()


def _answer(module: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], memory: int) -> bytes:
    """The pickled outcome: (True, value), (False, an error of ours) or (None, the traceback of a fault)."""
    try:
        function: Callable[..., Any] = getattr(importlib.import_module(module), name)
        return pickle.dumps((True, function(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
    except OURS as error:
        return pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        said = f"The document needed more than {memory // 1024 // 1024:,} MiB of memory to read and was stopped."
        return pickle.dumps((False, SourceError(said)), pickle.HIGHEST_PROTOCOL)
    except Exception:
        return pickle.dumps((None, traceback.format_exc(limit=-8)[-4000:]), pickle.HIGHEST_PROTOCOL)


def import_all(*modules: str) -> None:
    """Import modules ahead of the first job that needs them."""
    for module in modules:
        importlib.import_module(module)


def _read(stream: BinaryIO) -> bytes:
    head = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def _framed(payload: bytes) -> bytes:
    return LENGTH.pack(len(payload)) + payload


def _limit_memory(memory: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on Windows; a lower limit set from outside stands
        import resource

        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _limit_cpu(cpu_s: float) -> None:
    """Let the system end this process when the job has had its time: no loop in C can hold on to it."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + cpu_s), hard))


def _give_way() -> None:
    """Leave the processor to who answers people: a feed can wait, somebody in chat does not."""
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICENESS)


def _die_with_parent() -> None:
    """On Linux a worker in the middle of a job goes with its parent; elsewhere it goes when the job is done."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


if __name__ == "__main__":
    main()
