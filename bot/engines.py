"""Programs that answer JSON lines, asked over their pipes: whatever one of them does, asking it ends.

A program gets one request a line and answers each with one line, in order, with the request's id (``docs/quality.md``).  It
has a time for each answer and room for it; one that overruns, ends early, or answers what it was not asked is stopped with
all that it started.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_BYTES = 4_000_000
"""Of one answer: a digest of a few hundred words takes thousands."""
PATIENCE_S = 60.0
_LAST_WORDS = 2_000  # bytes that are kept of what a program says on standard error
_ENDING_S = 5.0  # a program may take to end once it has answered everything
_HOME = str(Path(__file__).resolve().parent.parent)


@dataclass(frozen=True, slots=True)
class Engine:
    """A program that answers: what it is called, the words that start it, and what it needs in the environment."""

    name: str
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


def ours(name: str) -> Engine:
    """This program's own, ``dateline engine``, wherever it is started."""
    path = os.pathsep.join(filter(None, [_HOME, os.environ.get("PYTHONPATH")]))
    return Engine(name, (sys.executable, "-P", "-m", "bot", "engine"), (("PYTHONPATH", path),))


@dataclass(frozen=True, slots=True)
class Heard:
    """What a program answered.

    Args:
        answers: to each request its answer, or in words why it has none; where ``failure`` is given, only those before it.
        failure: what ended the asking early, in words.
        cpu_s: CPU seconds that the program took with all it started; None where the platform cannot tell.
    """

    answers: tuple[Mapping[str, Any] | str, ...]
    failure: str = ""
    cpu_s: float | None = None


async def ask(
    engine: Engine,
    requests: Sequence[Mapping[str, Any]],
    *,
    patience_s: float = PATIENCE_S,
    progress: Callable[[], None] = lambda: None,
) -> Heard:
    """What a program answers to these requests, each of which is given its number from 1 as its id.

    Args:
        patience_s: seconds that it may take for one answer.
        progress: told of each answer.
    """
    before = _cpu_s()
    try:
        process = await _started(engine)
    except OSError as error:
        return Heard((), f"cannot be started: {(error.strerror or str(error)).lower()}")
    complaints = asyncio.create_task(_complaints(process))
    asking = asyncio.create_task(_written(process, requests))
    answers: list[Mapping[str, Any] | str] = []
    failure = ""
    try:
        for number in range(1, len(requests) + 1):
            answers.append(await _answer(process, number, len(requests), patience_s))
            progress()
        await _ended(process)
    except _EngineError as error:
        failure = str(error)
    finally:
        await _stopped(process, asking, complaints)
    if failure and (words := _last_line(complaints)):
        failure = f"{failure} ({words})"
    after = _cpu_s()
    return Heard(tuple(answers), failure, None if before is None or after is None else after - before)


class _EngineError(Exception):
    """A program that cannot be asked any further; the text says what it did."""


async def _started(engine: Engine) -> Process:
    environment = os.environ | dict(engine.environment)
    return await asyncio.create_subprocess_exec(
        *engine.command, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=MOST_BYTES, start_new_session=True, env=environment
    )


async def _written(process: Process, requests: Sequence[Mapping[str, Any]]) -> None:
    """Write all requests.  A program that no longer listens shows that by its answers."""
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):
        for number, request in enumerate(requests, 1):
            process.stdin.write(json.dumps({"id": number, **request}).encode() + b"\n")
            await process.stdin.drain()
    with contextlib.suppress(ConnectionError):
        process.stdin.close()


async def _answer(process: Process, number: int, of: int, patience_s: float) -> Mapping[str, Any] | str:
    """The answer to a request, or what the program says is wrong with that.  Raises _EngineError when there will be none."""
    assert process.stdout is not None
    try:
        async with asyncio.timeout(patience_s):
            line = await process.stdout.readline()
    except TimeoutError:
        raise _EngineError(f"gave no answer to request {number} of {of} within {patience_s:g} s") from None
    except ValueError:
        raise _EngineError(f"answered request {number} of {of} with more than {MOST_BYTES:,} bytes") from None
    if not line.endswith(b"\n") and not line.strip():
        raise _EngineError(f"ended at request {number} of {of}{await _exit(process)}")
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        shown = _printable(line[:60].decode(errors="replace").strip())
        raise _EngineError(f"answered request {number} of {of} with what is no JSON object: {shown}")
    if answer.get("id") != number:
        shown = json.dumps(answer.get("id"))[:40]
        raise _EngineError(f"answered request {number} of {of} with the id {shown}; answers come in order, with the line's id")
    return answer if answer.get("error") is None else _printable(str(answer["error"]))[:300]


async def _ended(process: Process) -> None:
    """Do nothing when a program that was asked everything ends in order.  Raises _EngineError when it does not."""
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_ENDING_S):
            if (await process.stdout.read(1)).strip():
                raise _EngineError("answers more lines than it was asked")
            await process.wait()
    except TimeoutError:
        raise _EngineError(f"did not end within {_ENDING_S:g} s after its last answer") from None
    if process.returncode:
        raise _EngineError(f"ended with {_code(process.returncode)}")


async def _exit(process: Process) -> str:
    """How a program ended that closed its output, as the end of a sentence."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_ENDING_S):
            return f" with {_code(await process.wait())}"
    return ""


def _code(returned: int) -> str:
    return f"exit code {returned}" if returned >= 0 else f"signal {-returned}"


async def _stopped(process: Process, asking: asyncio.Task[None], complaints: asyncio.Task[bytes]) -> None:
    """End a program with all that it started, and see it gone."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
    asking.cancel()
    assert process.stdin is not None
    process.stdin.close()
    # What it started and what left its group may hold its pipes open: nobody waits for that.
    ends = [asking, complaints, asyncio.create_task(_emptied(process)), asyncio.create_task(process.wait())]
    _, waiting = await asyncio.wait(ends, timeout=_ENDING_S)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*ends, return_exceptions=True)
    process._transport.close()  # type: ignore[attr-defined]  # asyncio gives no other way to let go of such pipes


async def _emptied(process: Process) -> None:
    assert process.stdout is not None
    while await process.stdout.read(1 << 20):
        pass


async def _complaints(process: Process) -> bytes:
    """The end of what a program says on standard error."""
    assert process.stderr is not None
    kept = b""
    while more := await process.stderr.read(1 << 16):
        kept = (kept + more)[-_LAST_WORDS:]
    return kept


def _last_line(complaints: asyncio.Task[bytes]) -> str:
    if complaints.cancelled():
        return ""
    lines = complaints.result().decode(errors="replace").strip().splitlines()
    return _printable(lines[-1])[:200] if lines else ""


def _printable(text: str) -> str:
    """What a program said, without the codes that would move a terminal's cursor."""
    return "".join(each if each.isprintable() else "�" for each in text)


def _cpu_s() -> float | None:
    """CPU seconds, user and system, of the programs that this process has seen end."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
