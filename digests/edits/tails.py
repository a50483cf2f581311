"""Gives the cuts at the end of a sentence that credit nobody (E7), and tells whether an outlet broke a sentence off."""

from __future__ import annotations

import re
from functools import cache

from digests.data import table
from digests.edits.safety import Cut, counted, guarded, has_finite_verb, in_quotes, named, speaking, stands
from digests.edits.statements import has_verb
from digests.model import Edit
from digests.sentences import balanced
from digests.words import WORD

LONG = 28  # words; only a longer sentence loses a final "which" clause

_ELLIPSIS = re.compile(r"\s*\[?\s*(?:\.\s?\.\s?\.+|…)\s*\]?(?:\(?(?:[Rr]ead|[Cc]ontinue)\b[\w ]{0,20}\)?)?[\"”’')]*\s*$")
_TAIL = re.compile(r",\s+(?P<clause>(?:as|amid|which|where)\s+[^,;:()\"“”]+?)\.?\s*$")
_KEPT = re.compile(r"as (?:well|of|part|a result|opposed|many|much|far|long|soon|did|does|do|has|have|had|was|were|is|are)\b")
_SUBORDINATE = re.compile(
    r"(?:if|when|while|after|before|as|although|though|because|since|unless|until|once|whereas|given|despite|with|without|in|on|at|by"
    r"|for|following|during|under|\w+ing)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?:and |but |or )?(?:who|which|whose|whom|where|when|that|as|if|while|after|before|\w+ing)\b", re.IGNORECASE
)


def cut_off(quote: str) -> Cut | None:
    """E7: a last clause that its outlet broke off with an ellipsis goes, from its comma on, if a whole sentence is left."""
    found = _ellipsis(quote)
    comma = quote.rfind(",", 0, found.start()) if found else -1
    if comma < 0 or (quote[comma - 1 : comma].isdigit() and quote[comma + 1 : comma + 2].isdigit()):
        return None
    clause, rest = quote[comma + 1 :], quote[:comma]
    joined = next(iter(WORD.findall(clause.lower())), "") in ("and", "or")
    if guarded(clause) or (joined and not has_finite_verb(clause)) or guarded(_last_words(rest)) or not _whole(rest):
        return None
    return Cut(Edit("E7", comma, len(quote.rstrip())))


def _last_words(rest: str) -> str:
    """What a cut leaves at the end: "unless, of course" waits for what was cut."""
    return " ".join(rest.split()[-4:])


def empty_tail(quote: str) -> Cut | None:
    """E7: a final ``, as|amid ...`` without name, number, guard or speaker goes; ``, which|where ...`` above 28 words only."""
    found = _TAIL.match(quote, max(0, quote.rfind(",")))
    if found is None or in_quotes(quote, found.start()) or _ellipsis(quote):
        return None
    clause = found["clause"]
    if clause.startswith("wh") and quote.count(" ") + 1 <= LONG:
        return None
    if named(clause) or counted(clause) or guarded(clause) or speaking(clause) or _KEPT.match(clause):
        return None
    if clause.startswith("as ") and not has_verb(clause):  # "appointed Roe, a sailor, as director"
        return None
    return Cut(Edit("E7", found.start(), len(quote.rstrip()))) if _whole(quote[: found.start()]) else None


def broken_off(quote: str) -> bool:
    """Whether the sentence has no end: an ellipsis, or a last word after which more must come."""
    return bool(_ellipsis(quote)) or _hangs(quote)


def _ellipsis(quote: str) -> re.Match[str] | None:
    """The ellipsis at the end of the quote."""
    near = max(0, len(quote) - 40)
    return _ELLIPSIS.search(quote, near) if "…" in quote[near:] or ".." in quote[near:] or ". ." in quote[near:] else None


def _hangs(text: str) -> bool:
    """Whether the last word is one after which more must come."""
    return text.rstrip().rpartition(" ")[2].lower() in _incomplete()


@cache
def _incomplete() -> frozenset[str]:
    return frozenset(table("editing.en.toml")["incomplete"])


def _whole(rest: str) -> bool:
    """Whether a main clause stands in ``rest``, not only clauses that lean on what was cut."""
    parts = [part.strip() for part in rest.split(",")]
    if _SUBORDINATE.match(parts[0]):
        parts = parts[1:]
    main = any(has_finite_verb(part) for part in parts if not _RELATIVE.match(part))
    return main and stands(rest) and balanced(rest) and not _hangs(rest)
