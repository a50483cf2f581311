"""The first command on a fresh machine: a clone of the last commit, set up from nothing, and the same command again."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.table import ROOT, Row, show

AGAIN = 5


def measure() -> Iterator[Row]:
    """Wall seconds, because waiting for the package index is part of it, and the disk that it takes."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first = seconds(clone)
        yield Row("first ./dev digest", f"{first:.0f} s", "60 s", first <= 60)
        size = sum(path.lstat().st_size for path in (clone / ".venv").rglob("*") if path.is_file()) / 1e6
        yield Row("disk of its environment", f"{size:.0f} MB", "200 MB", size <= 200)
        before = cpu_seconds()
        again = [seconds(clone) for _ in range(AGAIN)]
        spent, typical = (cpu_seconds() - before) / AGAIN, statistics.median(again)
        yield Row(f"./dev digest again, median of {AGAIN}", f"{typical:.2f} s", "1.5 s", typical <= 1.5)
        yield Row("processor time of it, all processes", f"{spent:.2f} s")


def cpu_seconds() -> float:
    """Of the processes that have ended: on a busy machine it says more than the clock."""
    ended = os.times()
    return ended.children_user + ended.children_system


def seconds(clone: Path) -> float:
    base = getattr(sys, "_base_executable", sys.executable)  # as on a machine without our environment
    started = time.perf_counter()
    subprocess.run([base, str(clone / "dev"), "digest"], check=True, stdout=subprocess.DEVNULL, cwd=clone)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(show("The first command", measure()))
