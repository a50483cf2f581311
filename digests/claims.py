"""Understand an article: its sentences, and for each that states something who says it, the day it happened, what to cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from digests import attribution, dates, edits, eventday, sentences, words
from digests.attribution import Mention
from digests.dates import TimeExpression
from digests.edits import Edited
from digests.model import (
    Article,
    Basis,
    Before,
    Citation,
    Claim,
    Dropped,
    Edit,
    EventDate,
    Kind,
    Precision,
    Understood,
)
from digests.reporting import SUMMARY, is_report, is_view
from digests.sentences import Sentence

MOST_CHARACTERS = 60_000
"""An article is understood up to here, without the sentence that is cut there: what stands later in so long a text is no
news of the day."""
_LIST_MARKS = ("- ", "– ", "• ", "* ")  # left where what follows is no sentence's beginning


class _Fact(NamedTuple):
    """A sentence that states something: which of its article's it is, from 0, and the times in it, offsets counted in it."""

    order: int
    text: str
    citation: Citation
    times: Sequence[TimeExpression]


def understand(article: Article) -> Understood:
    """The claims of an article in text order, the sentences that make none, and whom it credits with its news.

    Each step is taken for all sentences before the next step is: its code then stays in the processor's cache, and that saves
    6 % of the time.
    """
    text = article.text[:MOST_CHARACTERS]
    told = sentences.read(text, article.title)
    if len(text) < len(article.text):
        told = told[:-1]  # it may be cut
    facts = list(_facts(article, told, dates.tag(text, article.published_day)))
    news = [attribution.news_credits(each.text) for each in facts]
    # A feed's summary of a few sentences goes on from its headline; the text of a page does not.
    summarised = article.title if len(told) <= SUMMARY and not article.page_read else ""
    made, credits_only = _claims(facts, article.published_day, news, capitals=words.has_capitals(text))
    claims, views = _of_a_view(_judged(made, summarised), sum(each.kind is Kind.COMMENT for each in told))
    dropped = [Dropped(each.kind, Citation(article, each.start, each.end)) for each in told if each.kind is not Kind.FACT]
    dropped = sorted([*dropped, *credits_only, *views], key=lambda each: each.citation.start)
    credited = attribution.credited([each.text for each in facts], article.outlet, news)
    found = Understood(article, tuple(claims), tuple(dropped), credited.origins, credited.first)
    return replace(found, report=is_report(found))  # judged once: a digest of a day asks it of each article


def _facts(article: Article, told: Sequence[Sentence], times: Sequence[TimeExpression]) -> Iterator[_Fact]:
    for order, (start, end, text, _, kind) in enumerate(told):
        if kind is Kind.FACT:
            yield _Fact(order, text, Citation(article, start, end), eventday.inside(times, start, end))


def understand_all(articles: Iterable[Article]) -> tuple[Understood, ...]:
    """The claims of each article, in the same order."""
    return tuple(understand(article) for article in articles)


def _of_a_view(claims: list[Claim], comments: int) -> tuple[list[Claim], list[Dropped]]:
    """The claims of an article, less those that only go on with its view: without a name, number or day of their own."""
    if not is_view(comments, comments + len(claims)):
        return claims, []
    named = [bool(words.names(claim.text)) for claim in claims]
    if not any(named):  # a text in small letters
        return claims, []
    told = [claim for claim, name in zip(claims, named, strict=True) if name or claim.date.leads or words.numbers(claim.text)]
    return told, [Dropped(Kind.COMMENT, claim.citation) for claim in claims if claim not in told]


def _claims(
    facts: Sequence[_Fact], published: date | None, news: Sequence[Sequence[Mention]], *, capitals: bool
) -> tuple[list[Claim], list[Dropped]]:
    """The claims of the sentences, and those that only say who reported the news.

    The day of a claim is that of its fact; that of its report where the text gives none.

    Args:
        published: the day of their report.
        news: whom each sentence credits with the news itself.
        capitals: names of their text have them.
    """
    report = EventDate.of_report(published)
    days = [eventday.event_date(each.text, each.times, published) or report for each in facts]
    moved = [eventday.movable(each.text, each.times, day) for each, day in zip(facts, days, strict=True)]
    done: list[Edited] = []
    for fact, span, credited in zip(facts, moved, news, strict=True):
        first = all(each.credit_only for each in done)  # no statement stands before it
        done.append(edits.edit(fact.text, moved=span, first=first, news=credited))
    whole = [each.whole and edits.states(fact.text, capitals=capitals) for fact, each in zip(facts, done, strict=True)]
    background = [_background(each) for each in facts]
    claims, credits_only = [], []
    for fact, day, each, is_whole, before in zip(facts, days, done, whole, background, strict=True):
        cited = fact.citation
        if each.credit_only:
            credits_only.append(Dropped(Kind.BACKGROUND, cited))
        else:
            claims.append(Claim(cited, each.edits, day, each.attribution, fact.order, whole=is_whole, background=before))
    return claims, credits_only


def _judged(claims: Sequence[Claim], summarised: str) -> list[Claim]:
    """The claims, each with whether it can be read alone, and whole only where it tells news.

    Args:
        summarised: the headline that they go on from, in a feed's summary; else nothing.
    """
    alone = [_reads_alone(claim, summarised) for claim in claims]
    if summarised:
        for at, claim in enumerate(claims):
            then = claim.article.text[claim.citation.end :]
            alone[at] = alone[at] and edits.retells(claim.text, summarised, further=any(alone[:at]), then=then)
    whole = [claim.whole and _tells_news(claim) for claim in claims]
    return [
        claim if is_alone and is_whole == claim.whole else replace(claim, alone=is_alone, whole=is_whole)
        for claim, is_alone, is_whole in zip(claims, alone, whole, strict=True)
    ]


def _reads_alone(claim: Claim, summarised: str) -> bool:
    text, start, end = claim.article.text, claim.citation.start, claim.citation.end
    spoken = sentences.inside_quotation(text, start, end)  # and its speaker stands elsewhere
    return not spoken and edits.reads_alone(claim.text, text[:start] or summarised)


def _tells_news(claim: Claim) -> bool:
    """Whether a claim is no advice, no line of a list and nothing that its outlet tells of itself."""
    shown = claim.text
    advises = bool(claim.edits) and sentences.commands(shown)  # behind what was cut
    return not (advises or edits.tells_of_its_outlet(shown, claim.article.outlet) or shown.startswith(_LIST_MARKS))


def _background(fact: _Fact) -> tuple[Before, ...]:
    if not fact.times:
        return ()
    calendar = [each for each in fact.times if each.type == "DATE" and (each.day is not None or each.basis is Basis.UNCLEAR)]
    found = []
    for phrase in edits.background(fact.text, [(each.start, each.end) for each in calendar]):
        days = [_as_date(calendar[index]) for index in phrase.dates]
        found.append(Before(phrase.text, tuple(day for day in days if day), (fact.citation,)))
    return tuple(found)


def _as_date(expression: TimeExpression) -> EventDate | None:
    """A time expression as the date of an event; None for what is no day, week, month or year."""
    if expression.day is not None:
        return EventDate(expression.day, expression.precision, expression.basis, expression.words)
    if expression.basis is Basis.UNCLEAR:
        partial = expression.value if expression.value and expression.value.startswith("X") else None
        return EventDate(None, Precision.NONE, Basis.UNCLEAR, expression.words, partial=partial)
    return None


_LEANS = re.compile(r"(?:This|These|It|He|She|They)\b")


def with_pairs(understood: Understood) -> Understood:
    """The article with sentences that lean on the one before joined to it, where both may stand in one bullet (rule E11).

    Only neighbours of one paragraph with the same source, of which the first has no day of its own, or the same one: the joined
    claim cites both sentences.  Full length knows no limit of words, so a pair of 41 is one.
    """
    joined: list[Claim] = []
    for claim in understood.claims:
        if joined and (pair := _pair(joined[-1], claim)):
            joined[-1] = pair
        else:
            joined.append(claim)
    return replace(understood, claims=tuple(joined))


def _pair(first: Claim, second: Claim) -> Claim | None:
    between = first.article.text[first.citation.end : second.citation.start]
    leans = not second.alone and second.whole and _LEANS.match(second.text)
    if not (first.alone and first.whole and leans) or second.order != first.order + 1 or "\n" in between:
        return None
    same_day = not first.date.leads or first.date == second.date
    if first.attribution != second.attribution or not same_day:
        return None
    shift = second.citation.start - first.citation.start
    moved = tuple(Edit(edit.rule, edit.start + shift, edit.end + shift, edit.replacement) for edit in second.edits)
    return replace(
        first,
        citation=Citation(first.article, first.citation.start, second.citation.end),
        edits=(*first.edits, *moved),
        background=(*first.background, *second.background),
    )
