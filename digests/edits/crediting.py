"""Gives the cuts of words that only credit somebody, who is then shown behind the fact: E2, E3, E4.

A source never leaves an allegation, a toll or a verdict, and none is moved that a reader of the line alone could not name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from digests.attribution import NAMES, shown
from digests.data import table
from digests.datelines import dateline
from digests.edits.safety import Cut, counted, grave, guarded, has_finite_verb, in_quotes, named, stands
from digests.edits.statements import states
from digests.model import Edit
from digests.sentences import balanced
from digests.words import WORD

MOST_WORDS = 9  # of a source that moves

_SAYS = r"(?:(?:has|have|had) )?(?:said|says|say|reported|reports|concluded|concludes)"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_WHEN = rf"(?:,? (?:(?:late |early )?(?:on )?{_DAY}(?: (?:morning|afternoon|evening|night))?|today|yesterday))?"
_PAPER = "(?:statement|report|release|filing|study|letter|update|bulletin|note|interview|briefing|survey|post)"
_WHERE = rf"(?: in (?:an?|its|the|their) (?:[\w-]+ ){{0,3}}{_PAPER}(?: [^,;:\"“”]{{1,80}})?)?"
_PHRASE = r"[^,;:?!()\"“”]+?"
_FINAL = re.compile(
    rf",\s+(?:(?:according to|as per)\s+(?P<to>{_PHRASE})|(?P<who>{_PHRASE})\s+{_SAYS}|{_SAYS}\s+(?P<inverted>{_PHRASE}))"
    rf"{_WHEN}{_WHERE}\s*\.?\s*$"
)
_INITIAL = re.compile(rf"\s*(?:[Aa]ccording to|[Aa]s per)\s+(?P<who>{_PHRASE}),\s+(?=\S)")
_EARLIER = rf"(?:earlier|previously|(?:on )?{_DAY}|(?:this|last) week)"
_ALSO = re.compile(
    rf",\s+as (?:was )?(?:(?P<first>first|originally|initially) |{_EARLIER} )?reported (?:{_EARLIER} )?by (?P<who>{NAMES})"
    rf"(?: {_EARLIER})?\.?\s*$"
)
_NAMED = re.compile(r"\b[A-Z][\w’'-]*")  # "Ann Lay" is no verb
_QUOTE_MARK = re.compile(r"[\"”]|''")
_NO_SUBJECT = re.compile(r"(?:in|on|at|by|to|for|from|during|after|before|that|it|there)\b")
_SUBJECT = re.compile(r"(?:an?|the|one|two|three|his|her|its|their) \w|(?:\w+ )?(?:police|officials?|sources?)\b")
_CREDIT_ONLY = re.compile(
    r"[\"“‘']?[A-Z][^,;“\"]{0,120}\b(?:was|were|has been|had been) (?:first|originally|initially|earlier|previously) "
    rf"reported (?:{_EARLIER} )?by {NAMES}(?: {_EARLIER})?\.?\s*$"
)
_CLAUSE = re.compile(
    r"\b(?:published|released|issued|obtained|seen|conducted|posted|that|which|who|whom|when|while|because|after|before|where|what|how|and|but)\b"
)


def first_source(quote: str, at: int = 0) -> Cut | None:
    """E3: an initial ``According to X,`` or ``As per X,`` goes and X is credited.

    Args:
        at: where the sentence begins, behind what was cut before.
    """
    found = _INITIAL.match(quote, at)
    if found is None:
        return None
    rest = quote[found.end() :]
    # A comma without a verb behind it belongs to X: "According to Jane Roe, the mayor, ...".
    if not has_finite_verb(rest.partition(",")[0]):
        return None
    return _credit(Edit("E3", at, found.end()), quote, found["who"], rest)


def final_source(quote: str) -> Cut | None:
    """E2: a final ``, according to X`` or ``, X said [Thursday] [in a report]`` goes and X is credited.

    A weekday in it is the day of saying, so it goes too.
    """
    begin = _third_last_comma(quote)
    tail = quote[begin:]
    found = _FINAL.search(quote, begin) if _may_credit(tail) else None
    if found is None or in_quotes(quote, found.start()):
        return None
    who = found["to"] or found["who"] or found["inverted"]
    if found["inverted"] and (_NO_SUBJECT.match(who) or not (named(who) or _SUBJECT.match(who))):
        return None  # ", said in a statement", ", says workers can return": who said it stands before the comma
    if quote.rstrip().endswith(f"{who}."):
        who += "."  # perhaps that of an abbreviation
    return _credit(Edit("E2", found.start(), len(quote.rstrip())), quote, who, quote[: found.start()])


def _may_credit(tail: str) -> bool:
    """Whether a word of saying stands in ``tail``; few have one, and every sentence is asked."""
    return (
        "said" in tail or "say" in tail or "report" in tail or "according to" in tail or "conclude" in tail or "as per" in tail
    )


def also_reported(quote: str) -> Cut | None:
    """E4: a final ``, as [first] reported by X [earlier]`` goes; X reports it too, or was first."""
    found = _ALSO.search(quote, _third_last_comma(quote)) if "reported" in quote else None
    if found is None or in_quotes(quote, found.start()):
        return None
    return Cut(Edit("E4", found.start(), len(quote.rstrip())), shown(found["who"]), "first" if found["first"] else "also")


def only_credits(quote: str) -> bool:
    """Whether a sentence only says who was first to report the news: it is no news itself."""
    return "reported" in quote and bool(_CREDIT_ONLY.match(quote))


def _third_last_comma(quote: str) -> int:
    """Where a final phrase can begin at the earliest; to look from every comma of a long text would cost its square."""
    at = len(quote)
    for _ in range(3):
        before = quote.rfind(",", 0, at)
        if before < 0:
            break
        at = before
    return at


def _credit(cut: Edit, quote: str, who: str, rest: str) -> Cut | None:
    moved = quote[cut.start : cut.end]
    if not _nameable(who) or guarded(moved) or not balanced(moved) or grave(quote) or not _vouched(rest):
        return None
    return Cut(cut, shown(who), "says")


def _vouched(rest: str) -> bool:
    """Whether the fact can stand without its source beside it: one plain sentence, no quotation at its end."""
    line = dateline(rest)
    bare = rest[line.end() if line else 0 :].strip()
    if (
        any(mark in bare for mark in ("--", ";", "?"))
        or not stands(bare)
        or bare[-1] in "\"”’'"
        or not states(bare, capitals=False)
    ):
        return False
    # '"... years," Jane Roe, a lawyer, said': what follows the quotation is a speaker, and the cut half of her name.
    behind = _QUOTE_MARK.split(bare)[-1]
    return has_finite_verb(behind) and (behind == bare or has_finite_verb(_NAMED.sub("", behind)))


def _nameable(who: str) -> bool:
    """Whether ``who`` tells a reader of this line alone who it is: no pronoun, no bare common noun, nine words at most."""
    words = WORD.findall(who)
    if not 0 < len(words) <= MOST_WORDS or not _told_apart(words):
        return False
    return _CLAUSE.search(who) is None and not has_finite_verb(_NAMED.sub("X", who))


def _told_apart(words: Sequence[str]) -> bool:
    """Whether the words of a source are a name or describe somebody: "Ann Lee", "a harbour pilot", not "the pilot"."""
    first = words[0].lower()
    if first in _vague("pointing"):
        return False
    if named(" ".join(words[1:])) or (words[0][0].isupper() and first not in _vague("articles") | _vague("bare")):
        return True
    told = words[1:] if first in ("a", "an") else words
    return first != "the" and len(told) >= 2 and not counted(told[0]) and told[0].lower() not in _vague("bare")


@cache
def _vague(name: str) -> frozenset[str]:
    return frozenset(table("editing.en.toml")["vague"][name])
