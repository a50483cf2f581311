"""Gives the cuts that make an extracted sentence read like an editor's work, each recorded under its rule.

Nothing is ever written: a rule deletes a span of the quote or finds none.  Each rule is a function of the quote alone and
refuses where a cut could harm: inside quotation marks, where a word limits or doubts (``guard``), where the source of a
crime, a toll or a verdict (``grave``) would move away from it.  ``edit`` puts the rules together and lets no cut
stand that would leave less than a sentence.

E1 dateline; E2 final and E3 initial source; E4 who reports it too; E5, E6 the day, moved to the front; E7 a clause that the
outlet cut off, an empty tail; E10 an opening connective.  (E8, E9: ``digests.background``; E12: ``digests.alone``.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from digests.alone import headline_serves, reads_alone
from digests.attribution import NAMES, dateline, shown, sources
from digests.background import Phrase, background
from digests.data import table
from digests.model import Attribution, Edit
from digests.sentences import balanced

__all__ = [
    "Cut", "Edited", "Phrase", "also_reported", "background", "connective", "cut_off", "edit", "empty_tail", "final_source", "first_source",
    "has_finite_verb", "headline_serves", "opening_dateline", "reads_alone",
]  # fmt: skip

LONG = 28  # words; only a longer sentence loses a final "which" clause
FEWEST = 6  # words that must be left
_SOURCE_WORDS = 9


@dataclass(frozen=True, slots=True)
class Cut:
    """One deletion and who is credited by it: ``role`` is "" (nobody), says, first, also or agency."""

    edit: Edit
    who: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """What the rules found in one quote.

    Args:
        edits: in text order, never overlapping.
        attribution: whom the cut words credit.
        whole: the sentence was not cut off by its outlet, or its broken last clause could be removed.
        origins: whom the quote credits with the news itself.
        credit_only: it only says who reported the news, so it makes no bullet.
    """

    edits: tuple[Edit, ...] = ()
    attribution: Attribution = Attribution()  # noqa: RUF009 - frozen
    whole: bool = True
    origins: tuple[str, ...] = ()
    credit_only: bool = False


def edit(quote: str, *, moved: tuple[int, int] | None = None) -> Edited:
    """Every cut that may be made in ``quote`` together.

    Args:
        quote: whole sentences of an article.
        moved: the span of a time expression that will stand in front of the bullet instead; it is cut too (E5, or E6 where the
            quote opens with it) if it clashes with no other cut.  Look for rule E5 or E6 in the result to see whether it was.
    """
    cuts: list[Cut] = []
    for rule in (opening_dateline, connective, first_source, also_reported, final_source, cut_off, empty_tail):
        cut = rule(quote)
        if cut is not None and _fits(quote, cuts, cut):
            cuts.append(cut)
    day = _moved(quote, moved) if moved else None
    if day is not None and _fits(quote, cuts, day):
        cuts.append(day)
    return _edited(quote, cuts)


def _edited(quote: str, cuts: Sequence[Cut]) -> Edited:
    by_role: dict[str, list[str]] = {"says": [], "first": [], "also": [], "agency": []}
    for cut in cuts:
        if cut.role:
            by_role[cut.role].append(cut.who)
    for mention in sources(quote) if "report" in quote or "first" in quote or " by " in quote else ():
        if mention.role in ("first", "also") and mention.name not in by_role[mention.role]:
            by_role[mention.role].append(mention.name)
    attribution = Attribution(next(iter(by_role["says"]), None), next(iter(by_role["first"]), None), tuple(by_role["also"]))
    broken = _cut_short(quote) and not any(cut.edit.rule == "E7" and cut.edit.end == len(quote.rstrip()) for cut in cuts)
    return Edited(
        tuple(sorted((cut.edit for cut in cuts), key=lambda one: one.start)),
        attribution,
        not broken,
        tuple(dict.fromkeys(by_role["agency"] + by_role["first"])),
        bool(_CREDIT_ONLY.search(quote)),
    )


def _fits(quote: str, cuts: Sequence[Cut], new: Cut) -> bool:
    """Whether the quote is still a sentence with one more cut."""
    spans = [cut.edit for cut in (*cuts, new)]
    if any(a is not b and a.start < b.end and b.start < a.end for a in spans for b in spans):
        return False
    return _stands(_rest(quote, *((one.start, one.end) for one in spans)))


# ---------------------------------------------------------------- what must be left, what may go

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|million|billion|half)\b",
    re.I,
)
_NAME = re.compile(r"(?<=[^\W_][\s,'’-])[A-Z]|(?<=[^\W_]\s[“\"‘(])[A-Z]|^[A-Z]")
_DETERMINER = frozenset(
    "a an the this that these those his her its their our my some any no every each of in on by for with from at".split()
)


def has_finite_verb(text: str) -> bool:
    """Whether a finite verb stands in ``text``, as far as word forms tell: a noun that looks like one counts."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    return any(
        word in _finite() or (before not in _DETERMINER and ((word.endswith("ed") and len(word) > 3) or word in _present()))
        for before, word in zip(["", *words], words, strict=False)
        if word
    )


@cache
def _finite() -> frozenset[str]:
    verbs = table("finite.en.toml")
    return frozenset(verbs["finite"]) | frozenset(verbs["past"])


@cache
def _present() -> frozenset[str]:
    """Third persons, and the plural of the few verbs that are hardly nouns."""
    base = table("finite.en.toml")["base"]
    return frozenset(_third(verb) for verb in base) | {"say", "want", "believe", "expect", "remain", "include", "seem"}


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2] not in "aeo" else verb + "s"


def _rest(quote: str, *spans: tuple[int, int]) -> str:
    pieces, at = [], 0
    for start, end in sorted(spans):
        pieces.append(quote[at:start])
        at = end
    return " ".join(" ".join([*pieces, quote[at:]]).split()).strip(" ,;:–—-")


def _stands(rest: str) -> bool:
    """Whether what is left is a sentence: long enough, with a finite verb, quotation marks paired."""
    return rest.count(" ") + 1 >= FEWEST and balanced(rest) and has_finite_verb(rest)


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{'|'.join(table('editing.en.toml')[name])})\b|n['’]t\b"
        if name == "guard"
        else rf"\b(?:{'|'.join(table('editing.en.toml')[name])})\b",
        re.I,
    )


def _guarded(words: str) -> bool:
    return bool(_words("guard").search(words))


def _grave(words: str) -> bool:
    return bool(_words("grave").search(words))


def _in_quotes(quote: str, at: int) -> bool:
    """Whether position ``at`` lies inside quotation marks."""
    return not balanced(quote[:at])


# ---------------------------------------------------------------- E1, E10: the opening

_CONNECTIVE = re.compile(r"\s*(?:Furthermore|Moreover|Meanwhile|In addition),\s+(?=\S)")


def opening_dateline(quote: str) -> Cut | None:
    """E1: ``Place (AGENCY) --`` goes; the agency is the origin."""
    found = dateline(quote)
    if found is None:
        return None
    agency = found["agency"] or ""
    return Cut(Edit("E1", 0, found.end()), agency, "agency" if agency else "")


def connective(quote: str) -> Cut | None:
    """E10: an opening Furthermore, Moreover, Meanwhile or In addition goes with its comma."""
    line = dateline(quote)
    start = line.end() if line else 0
    found = _CONNECTIVE.match(quote, start)
    return Cut(Edit("E10", start, found.end())) if found else None


# ---------------------------------------------------------------- E2, E3, E4: the source

_SAYS = r"(?:has |have |had )?(?:said|says|say|reported|reports|concluded|concludes)"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_WHEN = rf"(?:,? (?:(?:late |early )?(?:on )?(?:{_WEEKDAY})(?: (?:morning|afternoon|evening|night))?|today|yesterday))?"
_WHERE = r"(?: in (?:an?|its|the|their) (?:[\w-]+ ){0,3}(?:statement|report|release|filing|study|letter|update|bulletin|note|interview|briefing|survey|post)(?: [^,;:\"“”]{1,80})?)?"
_FINAL = re.compile(
    rf",\s+(?:(?:according to|as per) (?P<to>[^,;:?!()\"“”]+)|(?P<who>[^,;:?!()\"“”]+?) {_SAYS}{_WHEN}{_WHERE}|{_SAYS} (?P<inverted>[^,;:?!()\"“”]+))\s*\.?\s*$"
)
_INITIAL = re.compile(r"\s*(?:According to|As per) (?P<who>[^,;:?!()\"“”]+),\s+(?=\S)")
_ALSO = re.compile(
    rf",\s+as (?:was )?(?:(?P<first>first |originally )|previously |earlier )?reported (?:(?:on {_WEEKDAY}|earlier|previously) )?by (?P<who>{NAMES})(?: (?:earlier|previously|on {_WEEKDAY}|{_WEEKDAY}|this week|last week))?\.?\s*$"
)
_CREDIT_ONLY = re.compile(
    rf"^(?:The|This|That|His|Her|Their|It|News|Details|Plans?|Word)\b[^,;“\"]{{0,120}}\b(?:was|were|had been|has been) (?:first|originally|initially|earlier|previously) reported (?:on \w+ )?by {NAMES}(?: (?:earlier|on \w+))?\.?\s*$"
)
_BARE = frozenset(
    "he she it they we i you who that one some many others this these those his her him them police officials authorities sources experts critics analysts "
    "scientists researchers doctors people witnesses reports media lawyers prosecutors investigators".split()
)
_TURN = re.compile(r"\b(?:that|which|who|whom|when|while|because|after|before|where|what|how|and|but)\b")


def first_source(quote: str) -> Cut | None:
    """E3: an initial ``According to X,`` goes and X is credited, where ``_movable`` allows."""
    found = _INITIAL.match(quote)
    if found is None:
        return None
    rest = quote[found.end() :]
    if not has_finite_verb(rest.partition(",")[0]):  # what follows the comma belongs to X: "Jane Roe, the minister, ..."
        return None
    return _credit("E3", quote, (0, found.end()), found["who"], rest)


def final_source(quote: str) -> Cut | None:
    """E2: a final ``, according to X`` or ``, X said [Thursday] [in a report]`` goes and X is credited; its day is that of saying."""
    found = _FINAL.search(quote, _last_commas(quote))
    if found is None or _in_quotes(quote, found.start()):
        return None
    who = found["to"] or found["who"] or found["inverted"]
    end = len(quote.rstrip())
    return _credit(
        "E2",
        quote,
        (found.start(), end),
        re.split(rf"{_WHEN}{_WHERE}\s*$", who, maxsplit=1)[0] if found["inverted"] else who,
        quote[: found.start()],
    )


def also_reported(quote: str) -> Cut | None:
    """E4: a final ``, as [first] reported by X [earlier]`` goes; X reports it too, or was first."""
    found = _ALSO.search(quote, _last_commas(quote))
    if found is None or _in_quotes(quote, found.start()):
        return None
    return Cut(
        Edit("E4", found.start(), len(quote.rstrip())), shown(found["who"].rstrip(".")), "first" if found["first"] else "also"
    )


def _last_commas(quote: str) -> int:
    """Where the last three commas begin: nothing before them can open a final phrase, and looking there costs time."""
    at = len(quote)
    for _ in range(3):
        before = quote.rfind(",", 0, at)
        if before < 0:
            break
        at = before
    return at


def _credit(rule: str, quote: str, span: tuple[int, int], who: str, rest: str) -> Cut | None:
    if not _nameable(who) or not _movable(quote, quote[span[0] : span[1]], rest):
        return None
    return Cut(Edit(rule, *span), shown(who), "says")


def _nameable(who: str) -> bool:
    """Whether ``who`` names a source to a reader of this line alone: no pronoun, no bare common noun, nine words at most."""
    words = _WORD.findall(who)
    if not words or len(words) > _SOURCE_WORDS or _TURN.search(who) or _guarded(who):
        return False
    if words[0].lower() in (
        "he",
        "she",
        "it",
        "they",
        "his",
        "her",
        "its",
        "their",
        "this",
        "these",
        "that",
        "those",
        "such",
        "as",
    ):
        return False
    if any(word[0].isupper() for word in words[1:]) or (words[0][0].isupper() and words[0].lower() not in _DETERMINER | _BARE):
        return True
    told = [word for word in words if word.lower() not in ("a", "an")]
    return (
        words[0].lower() != "the"
        and len(told) >= 2
        and not told[0].isdigit()
        and not _NUMBER.match(told[0])
        and told[0].lower() not in _VAGUE
    )


_VAGUE = frozenset("some several many other local the another most unnamed senior anonymous various multiple more".split())


def _movable(quote: str, cut: str, rest: str) -> bool:
    """Whether a source may leave the fact it vouches for."""
    line = dateline(rest)
    bare = rest[line.end() if line else 0 :].strip()
    if _grave(quote) or _guarded(cut) or any(mark in bare for mark in ("--", ";", "?")) or not _stands(bare):
        return False
    return bare[-1] not in "\"”’'" and balanced(cut)


# ---------------------------------------------------------------- E7: tails

_ELLIPSIS = re.compile(r"\s*(?:\[?\s*(?:\.\s?\.\s?\.+|…)\s*\]?)[\"”’')]*\s*$")
_TAIL = re.compile(r",\s+(?P<word>as|amid|which|where)\s+(?P<clause>[^,;:()\"“”]+?)\.?\s*$")
_HANGS = re.compile(
    r"\b(?:the|an?|of|to|and|or|in|for|with|by|on|at|from|that|as|its|their|his|her|is|was|are|were|has|have|had|will|would|said|says|than|which|who)$",
    re.I,
)
_SUBORDINATE = re.compile(
    r"^(?:if|when|while|after|before|as|although|though|because|since|unless|until|once|whereas|given|despite|with|without|in|on|at|by|for|following|during|under)\b",
    re.I,
)
_RELATIVE = re.compile(r"^\s*(?:and |but )?(?:who|which|whose|whom|where|when|that|as|if|while|after|before|\w+ing)\b", re.I)


def cut_off(quote: str) -> Cut | None:
    """E7: a last clause that its outlet broke off with an ellipsis goes, from its comma on, if a whole sentence is left."""
    found = _ELLIPSIS.search(quote, max(0, len(quote) - 40))
    comma = quote.rfind(",", 0, found.start()) if found else -1
    if comma < 0 or (quote[comma - 1 : comma].isdigit() and quote[comma + 1 : comma + 2].isdigit()):
        return None
    clause, rest = quote[comma + 1 : len(quote)], quote[:comma]
    first = next(iter(_WORD.findall(clause.lower())), "")
    if _guarded(clause) or not balanced(rest) or (first in ("and", "or") and not has_finite_verb(clause)):
        return None
    return Cut(Edit("E7", comma, len(quote.rstrip()))) if _stands(rest) and _main_clause(rest) else None


def _main_clause(rest: str) -> bool:
    """Whether a main clause stands in ``rest``, not only what leans on one that was cut."""
    parts = rest.split(",")
    if _SUBORDINATE.match(parts[0].strip()):
        parts = parts[1:]
    return bool(parts) and not _HANGS.search(rest) and any(has_finite_verb(part) for part in parts if not _RELATIVE.match(part))


def empty_tail(quote: str) -> Cut | None:
    """E7: a final ``, as|amid ...`` without a name, number, guard or speaker goes; ``, which|where ...`` only above 28 words."""
    found = _TAIL.search(quote, _last_commas(quote))
    if found is None or _in_quotes(quote, found.start()) or _ELLIPSIS.search(quote):
        return None
    clause = f"{found['word']} {found['clause']}"
    if found["word"] in ("which", "where") and quote.count(" ") + 1 <= LONG:
        return None
    if (
        _NAME.search(" " + clause)
        or _NAME.search(clause)
        or _NUMBER.search(clause)
        or _guarded(clause)
        or _words("speaking").search(clause)
    ):
        return None
    if clause.startswith(("as well as", "as of", "as part of", "as a result", "as opposed")) or not _main_clause(
        quote[: found.start()]
    ):
        return None
    return Cut(Edit("E7", found.start(), len(quote.rstrip())))


def _cut_short(quote: str) -> bool:
    """Whether the outlet broke the sentence off."""
    return bool(_ELLIPSIS.search(quote) or _HANGS.search(quote.rstrip()))


# ---------------------------------------------------------------- E5, E6: the day


def _moved(quote: str, span: tuple[int, int]) -> Cut:
    """The cut for a day that moves to the front; of two commas that would meet one goes too."""
    start, end = span
    opens = not _WORD.search(quote[:start])
    if (opens or quote[:start].rstrip().endswith(",")) and quote[end : end + 1] == ",":
        end += 1
    return Cut(Edit("E6" if opens else "E5", start, end))
