"""Text from outside, made harmless before any renderer sees it.

``SafeText`` removes what could hide, reorder or break out; each platform's own escaping comes after it.
"""

from __future__ import annotations

import unicodedata

_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and marks that show nothing
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_JOINER = "\u200d"
_MARKS_IN_A_ROW = 4
_ELLIPSIS = "…"


class SafeText(str):
    """One line of inert text: the only kind of text that a renderer takes.

    NFC; no control, bidi, tag, zero-width or private characters and no noncharacters (joiners inside emoji stay);
    at most four combining marks in a row; white space folded; capped at ``limit`` characters, with an ellipsis, never
    inside a character.  Applying it again changes nothing.
    """

    __slots__ = ()

    def __new__(cls, raw: str, limit: int = 600) -> SafeText:
        if isinstance(raw, cls) and len(raw) <= limit:
            return raw
        bounded = raw[: 8 * limit]  # NFC of hostile input is slow; what is thrown away is at most an eighth
        if not bounded.isascii():
            bounded = _without_crowds(unicodedata.normalize("NFC", _visible(bounded)))
        elif not bounded.isprintable():
            bounded = "".join(character for character in bounded if character.isprintable() or character.isspace())
        return super().__new__(cls, _capped(" ".join(bounded.split()), limit))

    @classmethod
    def own(cls, words: str) -> SafeText:
        """Our own words, taken as they are: a separator keeps its spaces."""
        return super().__new__(cls, words)


def _visible(text: str) -> str:
    """The text without the characters that show nothing or steer what stands around them."""
    kept: list[str] = []
    for at, character in enumerate(text):
        if character == _JOINER:
            following = text[at + 1 : at + 2]
            if kept and _is_emoji(kept[-1]) and following not in _BLANKS and _is_emoji(following):
                kept.append(character)
        elif character.isspace():
            kept.append(" ")
        elif not _is_hidden(character):
            kept.append(character)
    return "".join(kept)


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cf":
        return character not in _VISIBLE_FORMATS
    if category == "Cn":  # unassigned here may be next year's emoji; noncharacters never are
        return 0xFDD0 <= ord(character) <= 0xFDEF or ord(character) & 0xFFFE == 0xFFFE
    return category in ("Cc", "Cs", "Co") or character in _BLANKS


def _is_emoji(character: str) -> bool:
    """Whether a joiner may stand beside it: a pictograph, its colour variant or its skin tone; "" is none."""
    if not character:
        return False
    return character == "\ufe0f" or "\U0001f3fb" <= character <= "\U0001f3ff" or unicodedata.category(character) == "So"


def _without_crowds(text: str) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character)[0] == "M" else 0
        if run <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def _capped(text: str, limit: int) -> str:
    """The text, or as many whole characters (whole words where the last one is short) as fit with an ellipsis."""
    if len(text) <= limit:
        return text
    end = limit - len(_ELLIPSIS)
    while end > 0 and _splits_a_character(text, end):
        end -= 1
    word_end = text.rfind(" ", max(0, end - 30), end + 1)
    return text[: word_end if word_end > 0 else end].rstrip(" ,;:") + _ELLIPSIS


def _splits_a_character(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after == _JOINER or before == _JOINER or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if _is_flag_letter(before) and _is_flag_letter(after):
        start = at
        while start > 0 and _is_flag_letter(text[start - 1]):
            start -= 1
        return (at - start) % 2 == 1
    return unicodedata.category(after)[0] == "M"


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
