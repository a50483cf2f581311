"""What was understood of an article, as one line of JSON beside it.

Claims are always read and written together with their article, so they lie with it: reading a day of articles this way
took a third of the time of a table with one row a claim, and storing them a fifth.
"""

from __future__ import annotations

import json
from typing import Any

from digests.model import (
    Article,
    Attribution,
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


def encode(understood: Understood) -> str:
    """The claims, the dropped sentences and the origins of an article; its text itself is kept elsewhere."""
    return json.dumps(
        {
            "claims": [_claim(claim) for claim in understood.claims],
            "dropped": [[one.kind, one.citation.start, one.citation.end] for one in understood.dropped],
            "origins": understood.origins,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def decode(article: Article, line: str) -> Understood:
    """The article with what :func:`encode` kept of it; citations stand on the given article.

    Raises:
        ValueError: the line was not written for this text.
    """
    kept = json.loads(line)
    return Understood(
        article,
        tuple(_read_claim(article, one) for one in kept["claims"]),
        tuple(Dropped(Kind(kind), Citation(article, start, end)) for kind, start, end in kept["dropped"]),
        tuple(kept["origins"]),
    )


def _claim(claim: Claim) -> list[Any]:
    credit = claim.attribution
    return [
        claim.citation.start,
        claim.citation.end,
        claim.order,
        [[edit.rule, edit.start, edit.end, edit.replacement] for edit in claim.edits],
        _date(claim.date),
        [credit.said_by, credit.first_reported_by, credit.also_reported_by],
        claim.alone,
        claim.whole,
        [
            [before.text, [_date(day) for day in before.dates], [[one.start, one.end] for one in before.citations]]
            for before in claim.background
        ],
    ]


def _read_claim(article: Article, kept: list[Any]) -> Claim:
    start, end, order, edits, day, (said_by, first, also), alone, whole, background = kept
    return Claim(
        citation=Citation(article, start, end),
        edits=tuple(Edit(*edit) for edit in edits),
        date=_read_date(day),
        attribution=Attribution(said_by, first, tuple(also)),
        order=order,
        alone=alone,
        whole=whole,
        background=tuple(
            Before(text, tuple(map(_read_date, days)), tuple(Citation(article, *span) for span in spans))
            for text, days, spans in background
        ),
    )


def _date(day: EventDate) -> list[Any]:
    return [day.value, day.precision, day.basis, day.words, day.planned, day.partial]


def _read_date(kept: list[Any]) -> EventDate:
    value, precision, basis, words, planned, partial = kept
    return EventDate(value, Precision(precision), Basis(basis), words, planned, partial)
