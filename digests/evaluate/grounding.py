"""Whether a bullet is its quote with the edits that it records, and the quote whole sentences of an article that it cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAY = rf"{_MONTH} \d\d?(?:,? \d{{4}})?|\d\d? {_MONTH}(?:,? \d{{4}})?|{_MONTH},? \d{{4}}|\d{{4}}(?:-\d\d){{0,2}}"
_WRITTEN = re.compile(rf"(?:(?:on|in) )?(?:{_WEEKDAY},? )?(?:{_DAY})", re.IGNORECASE)
_OF_TIME = re.compile(
    rf"\b(?:{_WEEKDAY}|{_MONTH}|today|tonight|tomorrow|yesterday|\d{{1,4}}|ago|earlier|later|now"
    r"|(?:last|this|next|past|previous|following|same) \w+)\b",
    re.IGNORECASE,
)
_OPENING, _CLOSING, _DASHES = "\"“‘'`([", "\"”’')]", "–—-"
_ENDS = tuple(".!?:;…|")
_HANGING = f" ,;:.{_DASHES}{_OPENING}{_CLOSING}"
_NEAR = 40  # characters around a quote in which its sentence is seen to begin or end


def grounded(bullet: Mapping[str, Any], articles: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a bullet stands on an article that it cites.

    Its quote (its text, where it has none) is whole sentences of the article, white space aside, and its text is the quote with
    its edits done: spans deleted, or replaced by a written-out date where the span is an expression of time.  A capital at the
    start, the final stop and marks that a cut left hanging do not matter.

    Args:
        bullet: ``text``, ``sources`` (ids of articles), and perhaps ``quote`` and ``edits``.
        articles: each with ``id`` and ``text``.
    """
    quote, edits = bullet.get("quote") or bullet["text"], bullet.get("edits") or []
    cited = bullet.get("sources") or []
    if not quote.strip() or not any(_stands(quote, each["text"]) for each in articles if each["id"] in cited):
        return False
    pieces = _left(quote, edits)
    return pieces is not None and _is(bullet["text"], pieces)


def _left(quote: str, edits: Any) -> list[str] | None:
    """What the edits leave of the quote, piece by piece; None when one of them is not allowed."""
    if not isinstance(edits, list) or not all(_is_edit(each, quote) for each in edits):
        return None
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: int(edit["start"])):
        if edit["start"] < at:
            return None
        pieces += [quote[at : edit["start"]], edit.get("with") or ""]
        at = edit["end"]
    return [*pieces, quote[at:]]


def _is_edit(edit: Any, quote: str) -> bool:
    """Whether an edit names its rule, cuts between words of the quote, and puts nothing but a date in the place of one."""
    if not isinstance(edit, dict) or not isinstance(edit.get("rule"), str) or not edit["rule"]:
        return False
    start, end, new = edit.get("start"), edit.get("end"), edit.get("with") or ""
    if not isinstance(start, int) or not isinstance(end, int) or not isinstance(new, str) or not 0 <= start < end <= len(quote):
        return False
    if any(0 < at < len(quote) and quote[at - 1].isalnum() and quote[at].isalnum() for at in (start, end)):
        return False
    return not new.strip() or bool(_WRITTEN.fullmatch(_folded(new)) and _OF_TIME.search(quote[start:end]))


def _is(text: str, pieces: Sequence[str]) -> bool:
    """Whether a text is these pieces one after the other; between two of them marks may be missing or more."""
    left = [bare for piece in pieces if (bare := _folded(piece).strip(_HANGING))]
    if not left:
        return False
    rest, before = _small(_folded(text).strip(_HANGING)), ""
    for number, piece in enumerate(left):
        wanted = piece if number else _small(piece)
        joint = rest if not number else rest.lstrip(_HANGING)
        if not joint.startswith(wanted) or (joint == rest and before[-1:].isalnum() and wanted[0].isalnum()):
            return False
        rest, before = joint[len(wanted) :], wanted
    return not rest


def _stands(quote: str, text: str) -> bool:
    """Whether a quote is whole sentences of a text, as the marks and line ends around it show."""
    pattern = r"\s+".join(map(re.escape, quote.split()))
    return any(_begins(text, each.start()) and _ends(text, each) for each in re.finditer(pattern, text))


def _begins(text: str, at: int) -> bool:
    near = text[max(0, at - _NEAR) : at]
    before = near.rstrip()
    if not before or "\n" in near[len(before) :]:
        return True
    return before[-1] in _DASHES + _OPENING or before.rstrip(_CLOSING).endswith(_ENDS)


def _ends(text: str, found: re.Match[str]) -> bool:
    if found[0].rstrip(_CLOSING).endswith(_ENDS):
        return True
    after = text[found.end() : found.end() + _NEAR].lstrip(_CLOSING + "`")
    white = after[: len(after) - len(after.lstrip())]
    return not after.strip() or "\n" in white


def _folded(text: str) -> str:
    return " ".join(text.split())


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
