"""Understand an article: its sentences, and for each that states something who says it, the day it happened, what to cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from digests import attribution, dates, edits, eventday, sentences, words
from digests.attribution import Mention
from digests.dates import TimeExpression
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
from digests.sentences import Sentence

MOST_CHARACTERS = 60_000
"""An article is understood up to here, without the sentence that is cut there: what stands later in so long a text is no
news of the day."""


_SUMMARY = 3  # sentences at most
_LIST_MARKS = ("- ", "– ", "• ", "* ")  # left where what follows is no sentence's beginning
_BEGINNING = 3000  # characters, to tell how a text is written
_RARE = 60  # words to a capital inside a sentence: news has one in ten
_CAPITAL_INSIDE = re.compile(r"[a-z,] [A-Z][a-z]")


def understand(article: Article) -> Understood:
    """The claims of an article in text order, the sentences that make none, and whom it credits with its news."""
    text = article.text[:MOST_CHARACTERS]
    capitals = _has_capitals(text)
    told = sentences.read(text, article.title)
    if len(text) < len(article.text):
        told = told[:-1]  # it may be cut
    expressions = dates.tag(text, article.published_day)
    report = EventDate.of_report(article.published_day)
    # A feed's summary of a few sentences goes on from its headline; the text of a page does not.
    summarised = article.title if len(told) <= _SUMMARY and not article.page_read else ""
    claims: list[Claim] = []
    dropped: list[Dropped] = []
    facts: list[str] = []
    news: list[Sequence[Mention]] = []
    for order, sentence in enumerate(told):
        citation = Citation(article, sentence.start, sentence.end)
        if sentence.kind is not Kind.FACT:
            dropped.append(Dropped(sentence.kind, citation))
        else:
            found = eventday.inside(expressions, sentence.start, sentence.end)
            before = article.text[: sentence.start] or summarised
            facts.append(sentence.text)
            news.append(attribution.news_credits(sentence.text))
            claim = _claim(
                order,
                sentence,
                found,
                citation,
                report,
                news=news[-1],
                before=before,
                summary_of=summarised,
                further=any(each.alone for each in claims) if summarised else False,
                first=not claims,
                capitals=capitals,
            )
            if claim is None:
                dropped.append(Dropped(Kind.BACKGROUND, citation))
            else:
                claims.append(claim)
    claims, views = _of_a_view(claims, sum(each.kind is Kind.COMMENT for each in told))
    dropped = sorted([*dropped, *views], key=lambda each: each.citation.start)
    credited = attribution.credited(facts, article.outlet, news)
    return Understood(article, tuple(claims), tuple(dropped), credited.origins, credited.first)


def _has_capitals(text: str) -> bool:
    """Whether names, and so sentences too, begin with a capital in ``text``: not where it was written in small letters."""
    beginning = text[:_BEGINNING]
    enough = beginning.count(" ") // _RARE + 1
    return sum(1 for _ in islice(_CAPITAL_INSIDE.finditer(beginning), enough)) == enough


def understand_all(articles: Iterable[Article]) -> tuple[Understood, ...]:
    """The claims of each article, in the same order."""
    return tuple(understand(article) for article in articles)


_VIEW = 0.4  # of an article's sentences: where so many are comment or advice, it tells a view, no news
_ENOUGH = 10  # sentences, to tell


def _of_a_view(claims: list[Claim], comments: int) -> tuple[list[Claim], list[Dropped]]:
    """The claims of an article, less those that only go on with its view: without a name, number or day of their own.

    News has next to no comment by the cues of ``sentences``, a column, a review or a guide has a third and more.
    """
    if not _is_view(comments, len(claims)):
        return claims, []
    named = [bool(words.names(claim.text)) for claim in claims]
    if not any(named):  # a text in small letters
        return claims, []
    told = [claim for claim, name in zip(claims, named, strict=True) if name or claim.date.leads or words.numbers(claim.text)]
    return told, [Dropped(Kind.COMMENT, claim.citation) for claim in claims if claim not in told]


def _is_view(comments: int, claims: int) -> bool:
    total = comments + claims
    return total >= _ENOUGH and comments >= _VIEW * total


def _claim(
    order: int,
    sentence: Sentence,
    expressions: Sequence[TimeExpression],
    citation: Citation,
    report: EventDate,
    *,
    news: Sequence[Mention],
    before: str,
    summary_of: str,
    further: bool,
    first: bool,
    capitals: bool,
) -> Claim | None:
    """The claim of a sentence; None when it only says who reported the news.

    Its day is that of its fact; that of its report where the text gives none.

    Args:
        news: whom it credits with the news itself.
        before: what stands before it.
        summary_of: the headline that it goes on from, in a feed's summary; else nothing.
        further: a sentence of the summary retells the headline before it.
        first: it is the article's first statement.
        capitals: names of its text have them.
    """
    day = eventday.event_date(sentence.text, expressions, citation.article.published_day) or report
    moved = eventday.movable(sentence.text, expressions, day)
    done = edits.edit(sentence.text, moved=moved, first=first, news=news)
    if done.credit_only:
        return None
    claim = Claim(
        citation=citation,
        edits=done.edits,
        date=day,
        attribution=done.attribution,
        order=order,
        whole=done.whole and edits.states(sentence.text, capitals=capitals),
        background=_background(sentence.text, expressions, citation),
    )
    shown = claim.text
    spoken = sentences.inside_quotation(citation.article.text, citation.start, citation.end)  # and its speaker stands elsewhere
    alone = (
        not spoken
        and edits.reads_alone(shown, before)
        and (not summary_of or edits.retells(shown, summary_of, further=further))
    )
    advises = bool(done.edits) and sentences.commands(shown)  # behind what was cut
    not_news = advises or edits.tells_of_its_outlet(shown, citation.article.outlet) or shown.startswith(_LIST_MARKS)
    whole = claim.whole and not not_news
    return claim if alone and whole == claim.whole else replace(claim, alone=alone, whole=whole)


def _background(sentence: str, expressions: Sequence[TimeExpression], citation: Citation) -> tuple[Before, ...]:
    if not expressions:
        return ()
    calendar = [each for each in expressions if each.type == "DATE" and (each.day is not None or each.basis is Basis.UNCLEAR)]
    found = []
    for phrase in edits.background(sentence, [(each.start, each.end) for each in calendar]):
        days = [_as_date(calendar[index]) for index in phrase.dates]
        found.append(Before(phrase.text, tuple(day for day in days if day), (citation,)))
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
