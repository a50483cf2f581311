"""Tells from the form of a line, not from its words, that it states nothing: a row of a table, code, a signed post, a talk.

A page's text is made of what stood in its tables, boxes and embedded posts too; what they hold has no sentence in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from digests.data import table

_CODE = re.compile(r"[{}]|\w\(\)|[=-]>|==|&&|\|\||</|/>|\s[=#$]\s|;\s*;|#!|\w=[\"'\w(]|\$[a-z_]\w*\s*[=(]")
# One of these stands in all code, and costs little to look for: one set of characters first, then what must follow which.
_ODD = re.compile(r"[{}=|<>&#();$](?:(?<![();$])|(?<=\()\)|(?<=;)\s*;|(?<=\$)[\sa-z_])")
_BROKEN = "\ufffd"  # stands for a byte that nobody could read
_SIGNED = re.compile(r"[—–-] ?[^@]{0,60}\(@\w+\)")
_LABEL = re.compile(r"(?P<who>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}) ?:\s+(?=[\"“‘A-Z])")
_COUNTS = re.compile(r"\d+ [A-Za-z][\w -]*(?:, \d+ [A-Za-z][\w -]*){2,}\.?\Z")
_TIMES = 2  # a label that opens so many paragraphs names a speaker


def states_nothing(text: str) -> bool:
    """Whether a line is a row of a table, code, the signature of an embedded post, or broken.

    >>> states_nothing("| Keeper | Ann Lee | 90 min |"), states_nothing("Ann Lee kept goal for 90 minutes.")
    (True, False)
    """
    if _BROKEN in text or text[0] in "|/\\" or text[-1] == "|" or text.count(" | ") > 1:
        return True
    if text[0].isdigit() and _COUNTS.match(text):  # "1 goal, 2 saves, 3 fouls"
        return True
    code = _ODD.search(text) is not None and _CODE.search(text) is not None
    return code or (text[0] in "—–-" and bool(_SIGNED.match(text)))


def spoken(paragraphs: Sequence[str]) -> frozenset[int]:
    """The numbers of the paragraphs that are turns of a talk: "Q: ...", "Ann Lee: ...", each speaker twice at least."""
    labels = [found["who"] if ":" in paragraph and (found := _LABEL.match(paragraph)) else None for paragraph in paragraphs]
    turns = Counter(label for label in labels if label)
    return frozenset(at for at, label in enumerate(labels) if label and turns[label] >= _TIMES)


_CAPTION_LABEL = re.compile(r"[A-Z][\w’'-]*(?: [a-z][\w’'-]*){0,3}: [A-Z\"“‘'][^:]*$")


def labelled(text: str) -> bool:
    """Whether a paragraph has the form of a caption, a few words that sum up and what is to be seen.

    >>> labelled("Side by side: Ann and Tom Lee on the pier."), labelled("The council said: The pier is closed.")
    (True, False)
    """
    found = _CAPTION_LABEL.match(text)
    return bool(found) and not _says().search(text, 0, text.index(":"))


@cache
def _says() -> re.Pattern[str]:
    """The last word before a colon after which somebody speaks, or something is told."""
    return re.compile(rf"\b(?:{'|'.join(table('cleaning.en.toml')['before_colon'])})$")
