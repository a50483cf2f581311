"""Keeps Python's own collection of garbage from holding up everybody who waits for an answer."""

from __future__ import annotations

import gc
from typing import Final

FULL_AFTER: Final = 1_000
"""Collections of the younger garbage before a full one; Python's own number is 10.  Most garbage is freed without any."""


def shorten_pauses() -> None:
    """Call it once all that a long-running process needs is loaded.

    A full collection stops all threads while it walks through everything that lives.  With the libraries and the store's
    articles that took 60 to 190 ms, more than once in a busy second, and found next to nothing.  So what is loaded by now is
    never walked through again, and the rest a hundredth as often.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, FULL_AFTER)
