"""Keeps Python's collection of garbage, and its turns of threads, from holding up everybody who waits for an answer."""

from __future__ import annotations

import gc
import sys
from typing import Final

FULL_AFTER: Final = 1_000
"""Collections of the younger garbage before a full one; Python's own number is 10.  Most garbage is freed without any."""

TURN_S: Final = 0.001
"""How long a thread that thinks may keep the interpreter while another waits for it; Python's own number is 0.005."""


def shorten_pauses() -> None:
    """Call it once all that a long-running process needs is loaded.

    An acknowledgement takes a dozen steps of the loop, and each may have to wait until every thread that thinks or reads the
    archive had its turn: with 5 ms each, one in a hundred took 75 ms instead of 44 while a thousand feeds were first pulled
    (``benchmarks/bench_slack.py``).

    A full collection stops all threads while it walks through everything that lives.  With the libraries and the store's
    articles that took 60 to 190 ms, more than once in a busy second, and found next to nothing.  So what is loaded by now is
    never walked through again, and the rest a hundredth as often.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, FULL_AFTER)
    sys.setswitchinterval(TURN_S)
