"""Killable worker processes in which foreign bytes are parsed, so that no document can stop or fill the bot.

A worker has CPU seconds and a wall clock deadline for each job and a bound on its memory; one that overruns is killed, and the
next job starts a new one.  What a worker sends back is not trusted either: it handled hostile bytes, so only our own values are
unpickled, and only up to a size.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import pickle
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Iterable
from enum import Enum, EnumMeta
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from bot import reading
from bot.errors import SourceError

P = ParamSpec("P")
T = TypeVar("T")

MOST_RESULT_BYTES = 64 * 1024 * 1024
_HOME = str(Path(__file__).resolve().parent.parent)
_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "LD_LIBRARY_PATH")  # never a token
_PLAIN = {
    "builtins": {"set", "frozenset", "bytearray", "range", "complex"},
    "datetime": {"datetime", "date", "time", "timedelta", "timezone"},
    "collections": {"OrderedDict", "Counter"},
}


class WorkerError(RuntimeError):
    """A bug that showed in a worker; the text is the worker's traceback."""


class Readers:
    """A pool of workers; an async context manager.

    Workers start when they are first needed and live on between jobs.

    Args:
        workers: how many run at once.
        cpu_s: CPU seconds for one job (where the platform can count them).
        memory: address space of one worker, in bytes; 0 for no bound.
        deadline_s: wall clock seconds for one job, waiting for a free worker not included; None is three times ``cpu_s``.
    """

    def __init__(
        self, workers: int = 2, cpu_s: float = 10.0, memory: int = 1024 * 1024 * 1024, deadline_s: float | None = None
    ) -> None:
        self._cpu_s = cpu_s
        self._deadline_s = deadline_s if deadline_s is not None else 3 * cpu_s
        self._workers = [_Worker(memory) for _ in range(workers)]
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()  # the warmest first
        self._closed = False
        self._background: set[asyncio.Task[None]] = set()
        for worker in self._workers:
            self._idle.put_nowait(worker)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self._closed = True
        for worker in self._workers:
            worker.kill()
        for _ in self._workers:  # each running call sees its worker die, and hands it back
            await (await self._idle.get()).stop()

    async def call(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns, computed in a worker.

        Args:
            function: of the top level of a module; it, its arguments and its result cross between processes.

        Raises:
            SourceError: the document took too long or too much memory, or killed its worker; or the function raised it.
            WorkerError: the function failed in a way that is a bug.
        """
        job = (function.__module__, function.__qualname__, args, kwargs, self._cpu_s)
        worker = await self._idle.get()
        try:
            if self._closed:
                raise SourceError("The document was not read: the bot is stopping.")
            async with asyncio.timeout(self._deadline_s):
                outcome, value = await worker.do(pickle.dumps(job, pickle.HIGHEST_PROTOCOL))
        except TimeoutError:
            raise SourceError(f"The document took longer than {self._deadline_s:g} s to read and was stopped.") from None
        except _OverrunError:
            raise SourceError(f"The document took longer than {self._cpu_s:g} s to read and was stopped.") from None
        finally:
            if worker.busy:  # timed out, died, or nobody waits for the answer any more
                await asyncio.shield(self._hand_back(worker))
            else:
                self._idle.put_nowait(worker)
        if outcome is True:
            return value  # type: ignore[no-any-return]
        if outcome is False and isinstance(value, reading.OURS):
            raise value
        raise WorkerError(str(value))

    async def _hand_back(self, worker: _Worker) -> None:
        """End a worker and put it back, whoever is cancelled meanwhile: closing waits until each worker is back."""
        try:
            await worker.stop()
        finally:
            self._idle.put_nowait(worker)

    def warm(self, modules: Iterable[str]) -> None:
        """Start all workers and let them import these modules, without waiting for it."""
        names = tuple(modules)
        for _ in self._workers:
            task = asyncio.create_task(self._warm(names))
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    async def _warm(self, modules: tuple[str, ...]) -> None:
        with contextlib.suppress(SourceError, WorkerError):  # the job that needs the module will tell
            await self.call(reading.import_all, *modules)


class _OverrunError(Exception):
    """The system ended a worker because its CPU time was used up."""


class _Worker:
    """One process, or none yet; ``busy`` from sending a job until its whole answer has been read."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: Process | None = None
        self._killed = False
        self.busy = False

    async def do(self, job: bytes) -> tuple[bool | None, Any]:
        process = await self._started()
        self.busy = True
        try:
            answer = await _exchanged(process, job)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._why_it_died(process) from None
        self.busy = False
        return _trusted(answer)

    def kill(self) -> None:
        """End the process, whatever it is doing; who waits for its answer hears that it died."""
        if self._process is not None and not self._killed:  # a second signal would reap it before asyncio does
            self._killed = True
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def stop(self) -> None:
        """End the process and see it gone; nobody may be waiting for its answer."""
        self.kill()
        process, self._process, self.busy = self._process, None, False
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
            with contextlib.suppress(ConnectionError):
                await process.stdin.wait_closed()
        if process.stdout:
            while await process.stdout.read(1 << 20):
                pass
        await process.wait()

    async def _started(self) -> Process:
        if self._process is not None and self._process.returncode is not None:
            await self.stop()
        if self._process is None:
            self._killed = False
            environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "bot.reading", str(self._memory),
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True,
                env=environment | {"PYTHONPATH": _HOME, "PYTHONUTF8": "1"},
            )  # fmt: skip
        return self._process

    async def _why_it_died(self, process: Process) -> Exception:
        code = await process.wait()
        if code == -getattr(signal, "SIGXCPU", 24):
            return _OverrunError()
        return SourceError("The document could not be read: the process that read it died.")


async def _exchanged(process: Process, job: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(reading.LENGTH.pack(len(job)) + job)
    await process.stdin.drain()
    (length,) = reading.LENGTH.unpack(await process.stdout.readexactly(reading.LENGTH.size))
    if length > MOST_RESULT_BYTES:
        raise SourceError("The document gave more than can be taken in.")
    return await process.stdout.readexactly(length)


def _trusted(answer: bytes) -> tuple[bool | None, Any]:
    try:
        outcome, value = _OwnValues(io.BytesIO(answer)).load()
    except (
        pickle.UnpicklingError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        IndexError,
        KeyError,
        ImportError,
    ) as error:
        raise WorkerError(f"A worker sent what is no value of ours: {error}") from None
    return outcome, value


class _OwnValues(pickle.Unpickler):
    """Builds values of our own packages and of a few plain types, nothing that acts."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "getattr"):
            return _member
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        if module in ("bot.model", "bot.errors") or module.startswith("digests."):
            found = super().find_class(module, name) if "." not in name else None
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _member(of: object, name: object) -> Enum:
    """A member of an enumeration by its name: Python 3.11.0 to 3.11.3 pickle one as ``getattr(Kind, "FACT")``."""
    if not isinstance(of, EnumMeta) or not isinstance(name, str):
        raise pickle.UnpicklingError("builtins.getattr")
    member: Enum = of[name]
    return member
