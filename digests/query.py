"""What somebody typed, as a Query: ``israel "supreme court" since:yesterday length:full``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from digests import windows, words
from digests.errors import QueryError
from digests.model import Length, Query, Understood

MOST_CHARACTERS = 500
MOST_WORDS = 20
_PART = re.compile(
    r'(?P<key>since|until|length):(?:"(?P<quoted>[^"]*)"|(?P<plain>\S*))|"(?P<phrase>[^"]*)"|(?P<word>\S+)', re.I
)


def parse(typed: str, now: datetime, zone: str) -> Query:
    """Read words, quoted phrases and ``since:``, ``until:``, ``length:``.

    Args:
        typed: as it came from a person.
        now: aware; "today" and "12h" count from it.
        zone: IANA name; a day begins at midnight there.

    Raises:
        QueryError: an option that nobody understands, or too much text; the message is the reply.
    """
    if len(typed) > MOST_CHARACTERS:
        raise QueryError(f"That is {len(typed)} characters; a question may have {MOST_CHARACTERS}.")
    wanted: list[str] = []
    options: dict[str, str] = {}
    for part in _PART.finditer(typed):
        if part["key"]:
            options[part["key"].lower()] = part["quoted"] if part["quoted"] is not None else part["plain"]
        else:
            text = " ".join((part["phrase"] or part["word"] or "").split()).strip('"')
            wanted += [text] if words.tokens(text) else []  # a lone dash is no word to look for
    if len(wanted) > MOST_WORDS:
        raise QueryError(f"That is {len(wanted)} words; I look for {MOST_WORDS} at most.")
    return Query(
        windows.window(options.get("since"), options.get("until"), now, zone), tuple(wanted), length(options.get("length"))
    )


def length(typed: str | None) -> Length:
    """The length that a word names; normal when none is given.

    Raises:
        QueryError: the word names none.
    """
    try:
        return Length((typed or "normal").lower())
    except ValueError:
        raise QueryError(f"I don't know the length {typed!r}; try short, normal or full.") from None


def matches(query: Query, understood: Understood) -> bool:
    """Whether an article is about the words of a query: each occurs in its headline or in one of its claims.

    A phrase occurs within one of these, not across two.  What has no letter or digit occurs nowhere.
    """
    if not query.words:
        return True
    return told(query.words, (understood.article.title, *(claim.citation.quote for claim in understood.claims)))


def told(wanted: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether each word or phrase occurs in one of the texts."""
    folded = [_folded(text) for text in texts]
    return all(any(_occurs(word, text) for text in folded) for word in wanted)


def share(query: Query, text: str) -> float:
    """What share of the words of a query a text holds; 0 for a query without words."""
    if not query.words:
        return 0.0
    folded = _folded(text)
    return sum(_occurs(word, folded) for word in query.words) / len(query.words)


def _occurs(typed: str, folded: str) -> bool:
    word = _folded(typed)
    return bool(word.strip()) and word in folded


def _folded(text: str) -> str:
    """The stems of a text with one space around each, so that only whole words are found in it."""
    return f" {' '.join(words.stem(word) for word in words.tokens(text))} "
