"""The tasks of the quality protocol, answered by the same functions that make a channel's digest.

Each takes the fields of a request (JSON values) and gives those of its answer; fields that are not known are ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from digests import attribution, copies, dates, eventday, make
from digests.claims import understand
from digests.model import Article, Bullet, utc
from digests.novelty import History

Line = dict[str, Any]


def answer(line: Line) -> Line:
    """The answer to a request.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: the request names no known task, or a field is missing or not of
            its kind.
    """
    task = line["task"]
    if task not in TASKS:
        raise ValueError(f"there is no task {task!r}; there are {', '.join(sorted(TASKS))}")
    return TASKS[task](line)


def digest(line: Line) -> Line:
    """The bullets of a digest within a budget."""
    budget = line.get("budget") or {}
    articles = [understand(article_of(each)) for each in line["articles"]]
    bullets = make.bullets(articles, most=budget.get("max_bullets"), most_words=budget.get("max_words"))
    return {"bullets": [_bullet(bullet) for bullet in bullets]}


def time_expressions(line: Line) -> Line:
    """The time expressions of a text, in order."""
    found = dates.tag(line["text"], date.fromisoformat(line["reference"]) if line.get("reference") else None)
    return {
        "dates": [
            {"start": each.start, "end": each.end, "text": each.words, "value": each.value, "type": each.type} for each in found
        ]
    }


def bullet_day(line: Line) -> Line:
    """The day of a sentence's fact, as exact as its words; None when it gives none."""
    article = article_of({"id": "", **line["article"]})
    expressions = dates.tag(article.text, article.published_day)
    inside = eventday.inside(expressions, line["start"], line["end"])
    found = eventday.event_date(line["sentence"], inside, article.published_day)
    return {"day": found.value if found else None}


def cluster(line: Line) -> Line:
    """A group number for each article: of the same event, or of the same text."""
    articles = [article_of(each) for each in line["articles"]]
    match line["by"]:
        case "story":
            return {"clusters": make.same_event(articles)}
        case "copy":
            return {"clusters": copies.group([article.text for article in articles])}
        case by:
            raise ValueError(f"articles are not grouped by {by!r}; there are copy, story")


def attribute(line: Line) -> Line:
    """Who is credited in each sentence."""
    return {"sources": [[mention.name for mention in attribution.sources(sentence)] for sentence in line["sentences"]]}


def novelty(line: Line) -> Line:
    """Whether each candidate says something that the history does not."""
    history = History([told["text"] for told in line["history"]])
    return {"new": [history.is_new(candidate) for candidate in line["candidates"]]}


TASKS: dict[str, Callable[[Line], Line]] = {
    "digest": digest,
    "dates": time_expressions,
    "bullet-day": bullet_day,
    "cluster": cluster,
    "attribute": attribute,
    "novelty": novelty,
}


def article_of(fields: Line) -> Article:
    """An article as the protocol gives it; ``published`` is an ISO day or instant, or None."""
    published = fields.get("published")
    instant = day = None
    if published and len(published) > 10:
        day, instant = _day_and_instant(published)
    elif published:
        day = date.fromisoformat(published)
    return Article(
        id=fields["id"],
        outlet=fields.get("source") or "",
        title=fields.get("title") or "",
        text=fields["text"],
        url=fields.get("url") or None,
        published_at=instant,
        published_day=day,
    )


def _day_and_instant(written: str) -> tuple[date, datetime]:
    """The day that an ISO instant names where it was written, and the instant in UTC, which it is without an offset too."""
    given = datetime.fromisoformat(written)
    try:
        return given.date(), utc(given if given.tzinfo else given.replace(tzinfo=UTC))
    except OverflowError:
        raise ValueError(f"{written!r} lies outside the calendar") from None


def _bullet(bullet: Bullet) -> Line:
    day = bullet.date.first_day
    return {
        "text": bullet.text,
        "date": day.isoformat() if day else None,
        "sources": list(dict.fromkeys(citation.article.id for citation in bullet.citations)),
        "quote": bullet.citations[0].quote,
        "edits": [{"rule": edit.rule, "start": edit.start, "end": edit.end, "with": edit.replacement} for edit in bullet.edits],
    }
