"""What a reply to a slip of the hand needs: the word that was meant, and what was typed, fit to be repeated."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

ALIKE = 0.7
MARKS = "?!.,;…？！"
"""What people type behind a word; there it means nothing."""
_LONGEST = 60  # the time that a comparison takes grows with the square
_BEGINNING = 3
_HARMLESS = frozenset(" .,:'’“”&-–+/")


def near(word: str, choices: Iterable[str], *, alike: float = ALIKE) -> str | None:
    """The choice that was most likely meant by a word that is none of them, as the choices spell it; None when none is near.

    Near is what shares most of its letters in their order, or the one choice that begins with the word.  Capitals do not count.

    Args:
        alike: how much of both must be the same, from 0 to 1 (the ratio of `difflib`).

    >>> near("sinse", ["since", "until"])
    'since'
    """
    folded = {choice.casefold(): choice for choice in choices}
    meant = word.casefold()[:_LONGEST]
    if found := difflib.get_close_matches(meant, folded, n=1, cutoff=alike):
        return folded[found[0]]
    begun = [choice for choice in folded if choice.startswith(meant)] if len(meant) >= _BEGINNING else []
    return folded[begun[0]] if len(begun) == 1 else None


def shown(typed: str, most: int = 40) -> str:
    """What somebody typed, as a reply may repeat it: one short line of letters and plain signs.

    Nothing in it can mark up, mention, link, hide or turn the text around it.

    >>> shown("*boo* <@U1> \\u202e x")
    'boo U1 x'
    """
    bounded = typed[: 4 * most]
    kept = "".join(each if each in _HARMLESS or each.isalnum() or _is_mark(each) else " " for each in bounded)
    line = " ".join(kept.split())
    return line if len(line) <= most and len(typed) <= len(bounded) else f"{line[:most].rstrip()}…"


def _is_mark(character: str) -> bool:
    """Whether it belongs to the letter before it, as the vowel signs of India do."""
    return unicodedata.category(character) in ("Mn", "Mc")
