"""Tells whether a headline may stand as the story line (E12)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digests import words
from digests.edits.safety import has_finite_verb

_TEASES = re.compile(r"\?|\b(?:you|your|why|how|here['’]s|here (?:is|are))\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?(?![^\W_])")
_HELD = 0.7  # of a headline's content words, to stand in the first sentences


def headline_serves(title: str, first_sentences: Sequence[str]) -> bool:
    """Whether ``title`` does not tease, and its every name and number and .7 of its content words stand in the first sentences.

    Args:
        first_sentences: the article's first three.

    >>> headline_serves("Ferry runs aground off Naxos", ["A ferry ran aground off Naxos on Monday."])
    True
    """
    if not title.strip() or _TEASES.search(title):
        return False
    told = " ".join(first_sentences)
    content, stand = set(words.content(title)), set(words.content(told))
    if any(not stand.issuperset(words.content(name)) for name in _names(title)):
        return False
    return bool(content) and len(content & stand) >= _HELD * len(content)


def _names(title: str) -> list[str]:
    """The words of a headline that may be names or numbers: its first word may be one, and a capital shows the others.

    Where nearly every word has a capital, all but verbs count.
    """
    written = [_POSSESSIVE.sub("", word) for word in words.WORD.findall(title)]
    marked = [word for word in written[1:] if word[0].isupper() or any(character.isdigit() for character in word)]
    if len(marked) > _HELD * len(written[1:]):
        marked = [word for word in marked if not has_finite_verb(word)]
    return written[:1] + marked
