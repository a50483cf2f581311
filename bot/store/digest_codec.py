"""A digest as one line of JSON, kept with its run: what its messages show, so that they can be edited and asked about.

Of an article only the cited sentences are kept, each where it stands; the text between them is blank.  So a digest needs no
article that may be forgotten before it, and every offset and every quote is what it was.

What was posted stays as it was posted: another version may edit a sentence otherwise, and reads the bullet all the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot import log
from bot.store.codec import read_date, write_date
from digests.model import (
    Also,
    Article,
    Attribution,
    Before,
    Bullet,
    Citation,
    Correction,
    Digest,
    Edit,
    LeftOut,
    StoryDigest,
    Term,
    Unshown,
    Was,
    Window,
    edited,
)


def encode(digest: Digest) -> str:
    """The digest as a line."""
    writer = _Writer()
    return writer.line(writer.digest(digest))


def decode(line: str) -> Digest:
    """The digest of a line: the same in every rendering; its articles hold what it cites of them.

    Raises:
        ValueError, TypeError, LookupError: this version cannot make a digest of it.
    """
    kept = json.loads(line)
    return _Reader(kept["articles"]).digest(kept["it"])


def legible(line: str, run: str) -> Digest | None:
    """The digest of a line for one who can do without; None, which the log tells, where this version cannot read it."""
    try:
        return decode(line)
    except (ValueError, TypeError, LookupError) as error:
        log.warning("digest_illegible", run=run, error=f"{type(error).__name__}: {error}")
        return None


def encode_correction(correction: Correction) -> str:
    """A correction as a line."""
    writer = _Writer()
    return writer.line(writer.correction(correction))


def decode_correction(line: str) -> Correction:
    """The correction of a line.

    Raises:
        ValueError, TypeError, LookupError: this version cannot make a correction of it.
    """
    kept = json.loads(line)
    return _Reader(kept["articles"]).correction(kept["it"])


def legible_correction(line: str, number: int) -> Correction | None:
    """As ``legible``: what one version kept for the next digest may not keep another from making it."""
    try:
        return decode_correction(line)
    except (ValueError, TypeError, LookupError) as error:
        log.warning("correction_illegible", number=number, error=f"{type(error).__name__}: {error}")
        return None


class _Writer:
    """Writes values, and notes what they cite."""

    def __init__(self) -> None:
        self._places: dict[Article, int] = {}
        self._cited: list[set[tuple[int, int]]] = []

    def line(self, it: Any) -> str:
        """What was written, with the articles that it cites."""
        articles = [_article(each, self._cited[place]) for each, place in self._places.items()]
        return json.dumps({"articles": articles, "it": it}, ensure_ascii=False, separators=(",", ":"))

    def digest(self, digest: Digest) -> dict[str, Any]:
        return {
            "title": digest.title,
            "zone": digest.zone,
            "window": [_instant(digest.window.start), _instant(digest.window.end)],
            "day": _day(digest.day),
            "stories": [self._story(each) for each in digest.stories],
            "also": [self._also(each) for each in digest.also],
            "corrections": [self.correction(each) for each in digest.corrections],
            "left_out": [
                [each.kind, each.count, each.examples, [[one.id, one.title, one.url] for one in each.stories]]
                for each in digest.left_out
            ],
            "notices": digest.notices,
            "number": digest.number,
            "sources": digest.sources,
            "next": _instant(digest.next_run),
            "late": digest.late,
        }

    def correction(self, each: Correction) -> list[Any]:
        return [each.story, each.posted, each.now, self._citations(each.citations), each.title, _day(each.day)]

    def _story(self, story: StoryDigest) -> dict[str, Any]:
        return {
            "id": story.id,
            "title": story.title,
            "url": story.url,
            "bullets": [self._bullet(each) for each in story.bullets],
            "lead": self._bullet(story.lead) if story.lead else None,
            "cited": self._citation(story.cited) if story.cited else None,
            "status": story.status,
            "outlets": story.outlets,
            "origins": story.origins,
            "first": story.first_reported_by,
            "before": [
                [each.text, list(map(write_date, each.dates)), self._citations(each.citations)] for each in story.before
            ],
            "why": [[each.term, each.value, each.weight] for each in story.why],
            "earlier": story.earlier,
            "articles": story.articles,
            "corrections": [self.correction(each) for each in story.corrections],
        }

    def _bullet(self, bullet: Bullet) -> dict[str, Any]:
        credit = bullet.attribution
        return {
            "text": bullet.text,
            "date": write_date(bullet.date),
            "credit": [credit.said_by, credit.first_reported_by, credit.also_reported_by],
            "citations": self._citations(bullet.citations),
            "edits": [[each.rule, each.start, each.end, each.replacement] for each in bullet.edits],
            "was": [bullet.was.text, write_date(bullet.was.date)] if bullet.was else None,
            "by": bullet.written_by,
            "corrections": [self.correction(each) for each in bullet.corrections],
        }

    def _also(self, also: Also) -> list[Any]:
        corrections = [self.correction(each) for each in also.corrections]
        return [
            also.id,
            also.title,
            also.url,
            write_date(also.date),
            self._citations(also.citations),
            corrections,
            also.outlets,
            also.status,
        ]

    def _citations(self, citations: Sequence[Citation]) -> list[list[int]]:
        return [self._citation(each) for each in citations]

    def _citation(self, citation: Citation) -> list[int]:
        place = self._places.setdefault(citation.article, len(self._places))
        if place == len(self._cited):
            self._cited.append(set())
        self._cited[place].add((citation.start, citation.end))
        return [place, citation.start, citation.end]


class _Reader:
    """Reads values that cite the articles of a line."""

    def __init__(self, articles: Sequence[dict[str, Any]]) -> None:
        self._articles = [_read_article(each) for each in articles]

    def digest(self, kept: dict[str, Any]) -> Digest:
        start, end = map(_read_instant, kept["window"])
        assert end is not None
        return Digest(
            title=kept["title"],
            zone=kept["zone"],
            window=Window(start, end),
            day=_read_day(kept["day"]),
            stories=tuple(map(self._story, kept["stories"])),
            also=tuple(self._also(*each) for each in kept["also"]),
            corrections=tuple(map(self.correction, kept["corrections"])),
            left_out=tuple(_left_out(*each) for each in kept["left_out"]),
            notices=tuple(kept["notices"]),
            number=kept["number"],
            sources=(kept["sources"][0], kept["sources"][1]) if kept["sources"] else None,
            next_run=_read_instant(kept["next"]),
            late=kept["late"],
        )

    def correction(self, kept: Sequence[Any]) -> Correction:
        story, posted, now, citations, title, day = kept
        return Correction(story, posted, now, self._citations(citations), title, _read_day(day))

    def _story(self, kept: dict[str, Any]) -> StoryDigest:
        return StoryDigest(
            id=kept["id"],
            title=kept["title"],
            url=kept["url"],
            bullets=tuple(map(self._bullet, kept["bullets"])),
            lead=self._bullet(kept["lead"]) if kept["lead"] else None,
            cited=self._citation(kept["cited"]) if kept["cited"] else None,
            status=kept["status"],
            outlets=kept["outlets"],
            origins=tuple(kept["origins"]),
            first_reported_by=kept["first"],
            before=tuple(
                Before(text, tuple(read_date(*day) for day in dates), self._citations(citations))
                for text, dates, citations in kept["before"]
            ),
            why=tuple(Term(*each) for each in kept["why"]),
            earlier=kept["earlier"],
            articles=tuple(kept["articles"]),
            corrections=tuple(map(self.correction, kept["corrections"])),
        )

    def _bullet(self, kept: dict[str, Any]) -> Bullet:
        said_by, first, also = kept["credit"]
        was = kept["was"]
        citations = self._citations(kept["citations"])
        edits = tuple(Edit(*each) for each in kept["edits"])
        as_now = kept["by"] != "extract" or _is_edited(kept["text"], citations[0].quote, edits)
        return Bullet(
            text=kept["text"],
            date=read_date(*kept["date"]),
            attribution=Attribution(said_by, first, tuple(also)),
            citations=citations,
            edits=edits,
            was=Was(was[0], read_date(*was[1])) if was else None,
            written_by=kept["by"] if as_now else "kept",
            corrections=tuple(map(self.correction, kept["corrections"])),
        )

    def _also(
        self,
        name: str,
        title: str,
        url: str | None,
        day: list[Any],
        citations: list[Any],
        corrections: list[Any],
        outlets: int = 1,  # of a digest that was kept without, as is the next
        status: str = "new",
    ) -> Also:
        made = tuple(map(self.correction, corrections))
        return Also(name, title, url, read_date(*day), self._citations(citations), made, outlets, status)

    def _citations(self, kept: Sequence[Sequence[int]]) -> tuple[Citation, ...]:
        return tuple(map(self._citation, kept))

    def _citation(self, kept: Sequence[int]) -> Citation:
        at, start, end = kept
        return Citation(self._articles[at], start, end)


def _is_edited(text: str, quote: str, edits: Sequence[Edit]) -> bool:
    """Whether a text is its quote with its edits, as this version does them."""
    try:
        return text == edited(quote, edits)
    except ValueError:  # which does not do such edits
        return False


def _left_out(kind: str, count: int, examples: list[str], stories: Sequence[Sequence[str]] = ()) -> LeftOut:
    """Digests of before schema 0008 do not name the stories."""
    return LeftOut(kind, count, tuple(examples), tuple(Unshown(*each) for each in stories))


def _article(article: Article, spans: set[tuple[int, int]]) -> dict[str, Any]:
    return {
        "id": article.id,
        "outlet": article.outlet,
        "title": article.title,
        "url": article.url,
        "at": _instant(article.published_at),
        "day": _day(article.published_day),
        "page": article.page_read,
        "source": article.source_id,
        "told": [[start, article.text[start:end]] for start, end in sorted(spans)],
    }


def _read_article(kept: dict[str, Any]) -> Article:
    text: list[str] = []
    for start, quote in kept["told"]:  # by their starts; two may overlap, and then say the same there
        text += " " * (start - len(text))
        text[start : start + len(quote)] = quote
    return Article(
        id=kept["id"],
        outlet=kept["outlet"],
        title=kept["title"],
        text="".join(text),
        url=kept["url"],
        published_at=_read_instant(kept["at"]),
        published_day=_read_day(kept["day"]),
        page_read=kept["page"],
        source_id=kept["source"],
    )


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read_instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
