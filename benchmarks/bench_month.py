"""How long a month of two hundred subscriptions takes, and whether the memory of the bot grows with the days.

    python -m benchmarks.bench_month

See `tests.flows.month` for what happens in it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from benchmarks.table import ROOT, Row, show
from tests.flows.month import CACHES_KIB, DAYS, FLAT_AFTER, FLAT_KIB, grown_kib, owed


def rows(month: dict[str, Any]) -> Iterator[Row]:
    wanted, ran = Counter(owed()), Counter(month["runs"])
    twice, missing, bad = (ran - wanted).total(), (wanted - ran).total(), month["doubled"] + month["unsent"]
    yield Row("slots of 31 days, counted by the calendar", str(wanted.total()))
    yield Row("that ran twice, or not at all", f"{twice}, {missing}", "0, 0", not twice + missing)
    yield Row("messages posted", str(month["posted"]))
    yield Row("posted twice, not sent", f"{month['doubled']}, {month['unsent']}", "0, 0", not bad)
    for days, most in ((1, CACHES_KIB), (FLAT_AFTER, FLAT_KIB)):
        grown = grown_kib(month["most_kib"], days)
        what = f"growth of memory after {days} {'day' if days == 1 else 'days'}"
        yield Row(what, f"{grown / 1024:.1f} MiB", f"below {most >> 10} MiB", grown < most)
    yield Row(f"the whole, {DAYS} days", f"{month['wall_s']:.0f} s, of which {month['cpu_s']:.0f} s of computing")


def main() -> int:
    """Return 0 when every goal is met, 1 when one is missed."""
    lived = subprocess.run([sys.executable, "-m", "tests.flows.month"], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return show("A month of 200 subscriptions", rows(json.loads(lived.stdout)))


if __name__ == "__main__":
    sys.exit(main())
