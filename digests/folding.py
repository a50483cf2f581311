"""The words of a text as a search sees them: letters and digits, in lower case, Latin letters without their accents.

These are the words that SQLite's own index cuts (``unicode61 remove_diacritics 2``), so that a search finds the same on
every database.  PostgreSQL's parser would not do: it keeps addresses, paths and signed numbers whole, and what counts as a
letter or as its lower case hangs on the locale that the server was set up with.
"""

from __future__ import annotations

import unicodedata

_MARKS = range(0x300, 0x332)  # combining accents; further ones end a word, as in SQLite
_KEPT = 0x10000  # foreign text may hold a million code points; those of the living scripts are kept


class _Folds(dict[int, str]):
    """What becomes of each code point, worked out when it is first met; for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if code < _KEPT:
            self[code] = folded
        return folded


def _folded(character: str) -> str:
    if ord(character) in _MARKS:
        return ""
    category = unicodedata.category(character)
    if category[0] not in "LN" and category != "Co":
        return " "
    base = unicodedata.normalize("NFD", character)[0]
    letter = base if base.isascii() else character
    return next((folded for folded in (letter.casefold(), letter.lower()) if len(folded) == 1), letter)


_FOLDS = _Folds()


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in their order.

    >>> words_of("Zürich's 2nd AIR-raid")
    ['zurich', 's', '2nd', 'air', 'raid']
    """
    return text.translate(_FOLDS).split()
