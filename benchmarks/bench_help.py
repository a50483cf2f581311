"""What the command line costs before it does anything: ``--help`` against an empty Python, and what it imports."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.table import Row, cpu_s, show

ROUNDS = 7
HEAVY = (
    "aiohttp",
    "alembic",
    "discord",
    "pydantic",
    "pydantic_settings",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "trafilatura",
)
IMPORTED = """
import sys
sys.argv = ["dateline", "--help"]
from bot.__main__ import main
try:
    main()
except SystemExit:
    pass
print("|", *sorted(sys.modules))
"""


def measure() -> Iterator[Row]:
    """The least CPU seconds of some rounds, each of which starts both."""
    rounds = [(cpu_s([sys.executable, "-m", "bot", "--help"]), cpu_s([sys.executable, "-c", "pass"])) for _ in range(ROUNDS)]
    ours, empty = (min(each) for each in zip(*rounds, strict=True))
    yield Row("--help, CPU", f"{ours:.3f} s", "0.25 s", ours <= 0.25)
    yield Row("--help against python -c pass", f"{ours / empty:.1f} times")
    said = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True).stdout
    modules = said.rpartition("|")[2].split()
    heavy = [name for name in HEAVY if name in modules]
    yield Row("modules that --help imports", str(len(modules)))
    yield Row("heavy libraries among them", ", ".join(heavy) or "none", "none", not heavy)


if __name__ == "__main__":
    sys.exit(show("Starting", measure()))
