"""What every benchmark shows: rows of what was measured, how much, and what the goal is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.  ``ok`` is whether it meets its goal; None where there is none, or nothing could be measured."""

    what: str
    measured: str
    goal: str = ""
    ok: bool | None = None


def show(title: str, rows: Iterable[Row]) -> int:
    """Print the rows as a table; return 1 when one misses its goal, else 0."""
    table = Table("what", "measured", "goal", "", title=title, title_justify="left")
    missed = False
    for row in rows:
        missed |= row.ok is False
        table.add_row(row.what, row.measured, row.goal, {True: "met", False: "MISSED", None: ""}[row.ok])
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    return int(missed)


def cpu_s(command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, cwd: Path = ROOT) -> float:
    """CPU seconds, user and system, that a command takes with all its children.  The wall clock says little on a busy machine.

    Raises:
        CalledProcessError: it failed.
    """
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(map(str, command)))
    return usage.ru_utime + usage.ru_stime
