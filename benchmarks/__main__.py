"""Run all benchmarks, or those named (``first_run``, ``help`` ...), one after the other, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.table import ROOT


def main(names: list[str]) -> int:
    """Return 0 when every goal is met, 1 when one is missed, 2 for an unknown name."""
    known = sorted(path.stem.removeprefix("bench_") for path in (ROOT / "benchmarks").glob("bench_*.py"))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    codes = [subprocess.call([sys.executable, "-m", f"benchmarks.bench_{name}"], cwd=ROOT) for name in names or known]
    return max(codes, default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
