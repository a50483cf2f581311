"""Where the program starts: ``dateline`` and ``python -m bot``."""

from __future__ import annotations

import importlib
import sys

from bot import guard


def main() -> int:
    """Run the command line and return its exit code, once it is sure that the packages it is made of are ours."""
    guard.check()
    code: int = importlib.import_module("bot.cli").main()
    return code


if __name__ == "__main__":
    sys.exit(main())
