"""Tells reports of news from what else is written: columns, letters, guides, reviews, reference, a writer's own pages.

A report says who said what and when: its sentences have sources and near days, and its first ones tell what happened.  The
others state their matter by themselves, so that a sentence out of one reads as a fact that nobody vouches for; such a piece
is shown as what it is, by its headline.  So is what is written in another language than the word lists: its sentences would
be chosen, cut and dated by rules that it does not follow.
"""

from __future__ import annotations

from functools import cache

from digests import data, happenings, public_affairs, words
from digests.model import Claim, Kind, Understood

_ENOUGH = 10
"""Sentences, to tell by their shares."""
_VIEW = 0.4
"""Share of an article's sentences: where so many are comment or advice it is no report."""
_FEW_VIEWS, _MORE_VIEWS = 0.15, 0.3
"""Up to so many a first sentence that tells what happened makes it one, or the first two."""
_SOURCED = 0.1
"""Share of the sentences that have a source or a near day: reports have more; those with more than few views need ``_WELL``."""
_WELL, _SOME_VIEWS = 0.12, 0.2
_BARELY = 0.04
_EVENTS, _MANY_EVENTS, _HALF_AS_GOOD = 0.2, 0.4, 0.5
"""What happened to somebody named counts half: so tells history too."""
_NEAR = 45
"""Days between a report and the days of its news."""
_FIRST = 4
"""Sentences in which a report comes to its news; two of its claims."""
_FEW = 3
"""Claims of a short text, of which one tells news if it is a report."""
SUMMARY = 3
"""Sentences of a feed's summary at most."""


def is_report(understood: Understood) -> bool:
    """Whether an article reports news, as far as its sentences show it.

    >>> from digests.claims import understand
    >>> from digests.model import Article
    >>> guide = " ".join(f"Jar {number} holds a litre of water and a fern." for number in range(12))
    >>> is_report(understand(Article("a", "Home", "Jars", guide)))
    False
    """
    if understood.report is not None:
        return understood.report
    if not words.in_english(understood.article.text):
        return False
    claims = understood.claims
    views = sum(each.kind is Kind.COMMENT for each in understood.dropped)
    total = len(claims) + views
    if is_view(views, total):
        return False
    if total < _ENOUGH:
        summary = is_summary(understood)
        return views < _VIEW * total and any(_is_news(each, summary=summary) for each in claims[:_FEW])
    if views < _MORE_VIEWS * total:
        first = (happenings.happened(each.text) for each in claims[:2] if each.order < _FIRST)
        if any(first) and (views < _FEW_VIEWS * total or any(first)):  # with more views the next one must tell it too
            return True
    sourced = sum(map(_is_sourced, claims)) / total
    if sourced >= _SOURCED:
        return views < _SOME_VIEWS * total or sourced >= _WELL
    events = sum(bool(words.names(each.text)) and happenings.happened(each.text) for each in claims) / total
    if views >= _SOME_VIEWS * total or (sourced < _BARELY and events < _MANY_EVENTS):
        return False
    return sourced + _HALF_AS_GOOD * events >= _EVENTS


def is_summary(understood: Understood) -> bool:
    """Whether nothing but a feed's summary of an article was read."""
    return not understood.article.page_read and len(understood.claims) + len(understood.dropped) <= SUMMARY


def is_view(views: int, sentences: int) -> bool:
    """Whether an article tells a view and no news: so many of its sentences are comment or advice.

    News has next to no comment by the cues of ``sentences``; a column, a review or a guide has a third and more.
    """
    return sentences >= _ENOUGH and views >= _VIEW * sentences


def _is_news(claim: Claim, *, summary: bool) -> bool:
    """Whether a claim of a short text tells news.  In a feed's summary a deed of the past without a day or a source may be of
    history as well, unless it is of public affairs."""
    told = happenings.tells(claim.text)
    if summary and told is happenings.Tells.EVENT and not public_affairs.share(claim.text):
        return _is_sourced(claim)
    return told not in happenings.TIMELESS or _is_sourced(claim)


def _is_sourced(claim: Claim) -> bool:
    """Whether somebody is credited in a claim, or its day or one that it names is near that of its report."""
    if not _reporting().isdisjoint(words.tokens(claim.citation.quote)):
        return True
    reported, day = claim.article.published_day, claim.date.last_day
    return claim.date.leads and reported is not None and day is not None and abs((day - reported).days) <= _NEAR


@cache
def _reporting() -> frozenset[str]:
    listed = data.table("happenings.en.toml")
    return frozenset(listed["sourced"] + listed["near_days"])
