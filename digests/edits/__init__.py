"""Gives the cuts that make an extracted sentence read like an editor's work, each recorded under its rule.

Nothing is ever written: a rule is a function of a quote that deletes a span of it or finds none, and refuses where a cut could
harm.  ``edit`` puts the rules together and lets no cut stand that would leave less than a sentence.

E1 what stands before the sentence: dateline, stamp, byline, list mark; E10 connective (``openings``); E2, E3 and E4 sources
(``crediting``); E5, E6 the day, moved to the front; E7 a clause that the outlet broke off, an empty tail (``tails``); E8, E9
what came before (``before``); E12 ``headlines``; E13 what points at a picture (``pictures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from digests.attribution import Mention, news_credits
from digests.edits.alone import reads_alone, retells
from digests.edits.before import Phrase, background
from digests.edits.crediting import also_reported, final_source, first_source, only_credits
from digests.edits.headlines import (
    headline_is_past,
    headline_serves,
    headline_teases,
    headline_tells,
    headline_vouched,
    headline_withholds,
)
from digests.edits.openings import connective, opening_byline, opening_dateline, opening_mark, opening_place, opening_stamp
from digests.edits.pictures import pointers
from digests.edits.safety import Cut, has_finite_verb, rest, stands
from digests.edits.statements import has_verb, states, tells_of_its_outlet
from digests.edits.tails import broken_off, cut_off, empty_tail
from digests.edits.untold import definites, presumes, takes_for_known
from digests.model import Attribution, Edit
from digests.words import WORD

__all__ = [
    "Cut",
    "Edited",
    "Phrase",
    "background",
    "definites",
    "edit",
    "has_finite_verb",
    "headline_is_past",
    "headline_serves",
    "headline_teases",
    "headline_tells",
    "headline_vouched",
    "headline_withholds",
    "presumes",
    "reads_alone",
    "retells",
    "states",
    "takes_for_known",
    "tells_of_its_outlet",
]

# Each behind those before it.
_MARKS = (opening_mark, opening_byline, opening_stamp, opening_stamp)
_DATELINES = 2  # at most
_OPENINGS = (connective, first_source)
_CLOSINGS = (also_reported, final_source, cut_off, empty_tail)  # all from a comma on
_NOBODY = Attribution()


class Edited(NamedTuple):
    """What the rules found in one quote.

    Args:
        edits: in text order, never overlapping.
        attribution: whom the quote credits, in its cut words or as the first to report.
        whole: the sentence was not broken off by its outlet, or its broken last clause is cut.
        origins: whom the quote credits with the news itself.
        credit_only: it says nothing but who was first to report, so it makes no bullet.
    """

    edits: tuple[Edit, ...] = ()
    attribution: Attribution = _NOBODY
    whole: bool = True
    origins: tuple[str, ...] = ()
    credit_only: bool = False


def edit(
    quote: str,
    *,
    moved: tuple[int, int] | None = None,
    first: bool = False,
    news: Sequence[Mention] | None = None,
) -> Edited:
    """All cuts that may be made in ``quote`` together.

    Args:
        quote: whole sentences of an article.
        first: it is the article's first statement, where a place in capitals may stand before it.
        moved: the span of a time expression that will stand in front of the bullet.  It is cut too, under E5 (E6 where it opens
            the quote), if that clashes with no other cut: look for the rule in the result.
        news: what ``news_credits`` says of the quote, where that is known.
    """
    cuts: list[Cut] = []
    for opening in (opening_place, *_MARKS) if first else _MARKS:
        if cut := opening(quote, cuts[-1].edit.end if cuts else 0):
            _take(quote, cuts, cut)
    for _ in range(_DATELINES):
        cut = opening_dateline(quote, cuts[-1].edit.end if cuts else 0)
        if cut is None or not _take(quote, cuts, cut):
            break
    for opening in _OPENINGS:
        if cut := opening(quote, cuts[-1].edit.end if cuts else 0):
            _take(quote, cuts, cut)
    for pointer in pointers(quote):
        _take(quote, cuts, pointer)
    for closing in _CLOSINGS if "," in quote else ():
        if cut := closing(quote):
            _take(quote, cuts, cut)
    if moved is not None:
        _take(quote, cuts, _moved(quote, moved))
    return _edited(quote, sorted(cuts, key=lambda cut: cut.edit.start), news_credits(quote) if news is None else news)


def _take(quote: str, cuts: list[Cut], new: Cut) -> bool:
    """Add a cut if it overlaps none and the quote stays a sentence; whether it does."""
    if any(new.edit.start < cut.edit.end and cut.edit.start < new.edit.end for cut in cuts):
        return False
    left = rest(quote, [cut.span for cut in (*cuts, new)])
    # A dateline holds no verb: where none of a known form is left, none was there before.
    verbless = new.edit.rule == "E1" and not has_finite_verb(quote) and has_verb(left)
    if not (stands(left) or verbless):
        return False
    cuts.append(new)
    return True


def _moved(quote: str, span: tuple[int, int]) -> Cut:
    """The cut for a day that moves to the front; of two commas that would meet one goes too."""
    start, end = span
    opens = not WORD.search(quote[:start])
    if (opens or quote[:start].rstrip().endswith(",")) and quote[end : end + 1] == ",":
        end += 1
    return Cut(Edit("E6" if opens else "E5", start, end))


def _edited(quote: str, cuts: Sequence[Cut], news: Sequence[Mention]) -> Edited:
    credited = [(cut.role, cut.who) for cut in cuts if cut.role]
    credited += [(mention.role, mention.name) for mention in news]
    end = len(quote.rstrip())
    return Edited(
        tuple(cut.edit for cut in cuts),
        Attribution(_first(credited, "says"), _first(credited, "first"), _all(credited, "also")) if credited else _NOBODY,
        not broken_off(quote) or any(cut.edit.rule == "E7" and cut.edit.end == end for cut in cuts),
        _all(credited, "agency", "first") if credited else (),
        only_credits(quote),
    )


def _all(credited: Sequence[tuple[str, str]], *roles: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(who for role, who in credited if role in roles))


def _first(credited: Sequence[tuple[str, str]], role: str) -> str | None:
    return next((who for its, who in credited if its == role), None)
