"""A digest as JSON, in the shape that other programs rely on (``digests/data/digest.schema.json``)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from digests.model import Also, Before, Bullet, Citation, Digest, EventDate, StoryDigest, Was
from digests.render.links import cited

VERSION = 1

Object = dict[str, Any]


def render(digest: Digest) -> Object:
    """The digest as an object of plain values, in the order of the schema."""
    return {
        "version": VERSION,
        "title": digest.title,
        "number": digest.number,
        "zone": digest.zone,
        "day": digest.day.isoformat() if digest.day else None,
        "window": {
            "start": _instant(digest.window.start) if digest.window.start else None,
            "end": _instant(digest.window.end),
        },
        "stories": [_story(story) for story in digest.stories if not story.bare],
        "corrections": [
            {"story": one.story, "posted": one.posted, "now": one.now, "citations": _citations(one.citations)}
            for one in digest.corrections
        ],
        "also": [_also(also) for also in (*(story.in_a_line() for story in digest.stories if story.bare), *digest.also)],
        "left_out": [{"kind": one.kind, "count": one.count, "examples": list(one.examples)} for one in digest.left_out],
        "notices": list(digest.notices),
    }


def dumps(digest: Digest) -> str:
    """The digest as a JSON document, indented, with a newline at the end."""
    return json.dumps(render(digest), ensure_ascii=False, indent=2) + "\n"


def _story(story: StoryDigest) -> Object:
    return {
        "id": story.id,
        "title": story.title,
        "url": story.url,
        "status": story.status,
        "outlets": story.outlets,
        "origins": list(story.origins),
        "lead": _bullet(story.lead) if story.lead else None,
        "why": [{"term": one.term, "value": one.value, "weight": one.weight} for one in story.why],
        "bullets": [_bullet(bullet) for bullet in story.bullets],
        "before": [_before(before) for before in story.before],
    }


def _bullet(bullet: Bullet) -> Object:
    who = bullet.attribution
    return {
        "text": bullet.text,
        "written_by": bullet.written_by,
        "date": _date(bullet.date),
        "attribution": {
            "said_by": who.said_by,
            "first_reported_by": who.first_reported_by,
            "also_reported_by": list(who.also_reported_by),
        },
        "was": _was(bullet.was) if bullet.was else None,
        "edits": [{"rule": edit.rule, "start": edit.start, "end": edit.end, "with": edit.replacement} for edit in bullet.edits],
        "citations": _citations(bullet.citations),
    }


def _was(was: Was) -> Object:
    return {"text": was.text, "date": _date(was.date)}


def _date(date: EventDate) -> Object:
    return {
        "value": date.value,
        "precision": str(date.precision),
        "basis": str(date.basis),
        "planned": date.planned,
        "words": date.words,
    }


def _before(before: Before) -> Object:
    dates = [_date(date) for date in before.dates]
    return {"text": before.text, "dates": dates, "citations": _citations(before.citations)}


def _also(also: Also) -> Object:
    date, citations = _date(also.date), _citations(also.citations)
    return {"id": also.id, "title": also.title, "url": also.url, "date": date, "citations": citations}


def _citations(citations: Iterable[Citation]) -> list[Object]:
    return [_citation(citation) for citation in citations]


def _citation(citation: Citation) -> Object:
    article = citation.article
    published = _instant(article.published_at) if article.published_at else None
    day = article.published_day.isoformat() if article.published_day else None
    return {
        "outlet": article.outlet,
        "title": article.title,
        "url": article.url,
        "link": cited(citation),
        "published": published or day,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
