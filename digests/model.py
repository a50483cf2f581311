"""The values that everything else passes around: articles, claims, bullets, digests.

All are frozen, and their constructors refuse what would be nonsense: a bullet without a citation, a citation outside its
article, a day that no calendar knows.  Instants are aware and in UTC; the day of an event is a date, never an instant.
Offsets count code points of ``Article.text`` (spans are half-open).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo


class Precision(StrEnum):
    """How exactly a day is known: the grain of the words, never finer."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    NONE = "none"


class Basis(StrEnum):
    """How the day of a fact is known.  Only the first two may stand in front of a bullet."""

    WRITTEN = "written"
    WORKED_OUT = "worked out"
    REPORT = "day of report"
    UNCLEAR = "unclear"


class Kind(StrEnum):
    """What a sentence is to a digest.  Everything but a fact is left out, under this word."""

    FACT = "fact"
    REPEATED = "repeated"
    CAPTION = "caption"
    FURNITURE = "furniture"
    COMMENT = "comment"
    BACKGROUND = "background"


class Length(StrEnum):
    """How much of each story a digest shows: one bullet, the limits of a channel post, or all."""

    SHORT = "short"
    NORMAL = "normal"
    FULL = "full"


class Order(StrEnum):
    """Which story of a digest comes first: the one of the greatest weight, or the one with the newest report."""

    WEIGHT = "weight"
    NEWEST = "newest"


_VALUE = {
    Precision.DAY: re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    Precision.WEEK: re.compile(r"\d{4}-W\d\d", re.ASCII),
    Precision.MONTH: re.compile(r"\d{4}-\d\d", re.ASCII),
    Precision.YEAR: re.compile(r"\d{4}", re.ASCII),
}


_KNOWN = (Basis.WRITTEN, Basis.WORKED_OUT)


@dataclass(frozen=True, slots=True)
class EventDate:
    """The day of a fact and how it is known.

    Args:
        value: ``2024-10-09``, ``2024-W41``, ``2024-10`` or ``2024`` (the TIMEX3 forms), as ``precision`` says; None when
            unknown.
        words: the words of the text that it was read from, ``"on Wednesday"``; empty when it was read from none.
        planned: the fact lies ahead of its report ("will open on 20 March").
        partial: for an unclear day what is known all the same, with X for unknown digits: ``XXXX-04-13``.

    Raises:
        ValueError: the value does not have the form of its precision, is no day of the calendar, or contradicts its basis.
    """

    value: str | None
    precision: Precision
    basis: Basis
    words: str = ""
    planned: bool = False
    partial: str | None = None

    def __post_init__(self) -> None:
        if (self.value is None) != (self.precision is Precision.NONE):
            raise ValueError(f"value {self.value!r} does not go with precision {self.precision!r}")
        if (self.value is None) != (self.basis is Basis.UNCLEAR):
            raise ValueError(f"value {self.value!r} does not go with basis {self.basis!r}")
        if self.value is not None:
            if not _VALUE[self.precision].fullmatch(self.value):
                raise ValueError(f"{self.value!r} is not a {self.precision}")
            _ = self.first_day
            if self.partial is not None:
                raise ValueError(f"{self.value!r} is known, so nothing of it is only partly known")

    @property
    def leads(self) -> bool:
        """Whether the day may stand in front of its bullet: the text says that this very fact happened then."""
        return self.basis in _KNOWN

    @property
    def first_day(self) -> date | None:
        """The first day that the value covers; None when it is unknown."""
        if self.value is None:
            return None
        match self.precision:
            case Precision.DAY:
                return date.fromisoformat(self.value)
            case Precision.WEEK:
                return date.fromisocalendar(int(self.value[:4]), int(self.value[6:]), 1)
            case Precision.MONTH:
                return date(int(self.value[:4]), int(self.value[5:]), 1)
            case _:
                return date(int(self.value), 1, 1)

    @property
    def last_day(self) -> date | None:
        """The last day that the value covers; None when it is unknown."""
        first = self.first_day
        if first is None:
            return None
        match self.precision:
            case Precision.DAY:
                return first
            case Precision.WEEK:
                return first + min(timedelta(days=6), date.max - first)
            case Precision.MONTH:
                return first.replace(day=monthrange(first.year, first.month)[1])
            case _:
                return first.replace(month=12, day=31)

    @classmethod
    def of_report(cls, day: date | None) -> EventDate:
        """The date of a fact whose text gives none: the day of its report, or unclear when even that is unknown."""
        if day is None:
            return cls(None, Precision.NONE, Basis.UNCLEAR)
        return cls(day.isoformat(), Precision.DAY, Basis.REPORT)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed or page that is polled.  ``zone`` is the outlet's own: it says which day a publication fell on."""

    id: str
    kind: str
    address: str
    name: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Article:
    """One published text.

    Args:
        id: stable name of the article within an installation.
        outlet: who published it, as a reader should see it.
        text: decoded, newlines as LF, before any cleaning; all offsets count in it.
        url: its canonical link (http or https); None for a local file.
        published_at: aware, in UTC; None where no time of day is known.
        published_day: the day of publication in the outlet's zone; None where unknown.
        page_read: the text came from the page itself, so a link may point at a sentence.
        origins: agencies or outlets that the document itself names as its origin (a wire copy).
        stub: only a part of the text was to be had (a paywall).
        comment: the outlet itself marks it as opinion.

    Raises:
        ValueError: a naive instant, an instant outside UTC, or a day that no zone could give that instant.
    """

    id: str
    outlet: str
    title: str
    text: str
    url: str | None = None
    published_at: datetime | None = None
    published_day: date | None = None
    page_read: bool = False
    language: str | None = None
    origins: tuple[str, ...] = ()
    stub: bool = False
    comment: bool = False
    source_id: str = ""

    def __post_init__(self) -> None:
        if self.published_at is not None:
            if self.published_at.utcoffset() != timedelta(0):
                raise ValueError("published_at must be aware and in UTC")
            if self.published_day is None:
                raise ValueError("published_at needs the day that it was in the outlet's zone")
            if abs((self.published_day - self.published_at.date()).days) > 1:
                raise ValueError(f"{self.published_day} is no day of {self.published_at} in any zone")
        if self.url is not None and not self.url.startswith(("http://", "https://")):
            raise ValueError(f"{self.url!r} is not a web address")


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of an article's stored text: what a claim stands on.

    Raises:
        ValueError: the span is empty or does not lie in the text.
    """

    article: Article
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.article.text):
            raise ValueError(f"span {self.start}-{self.end} is not in the text of {self.article.id}")

    @property
    def quote(self) -> str:
        """Exactly the text of the span."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Edit:
    """One recorded cut: the span of the quote is deleted, or replaced by a written-out date.

    ``rule`` names the editing rule (E1-E13); ``start`` and ``end`` are code points of the quote.
    """

    rule: str
    start: int
    end: int
    replacement: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"an edit of {self.start}-{self.end} cuts nothing")


_ABBREVIATIONS = ("Inc.", "Corp.", "Co.", "Ltd.", "Jr.", "Sr.", "Bros.", "St.", "No.", "etc.")
_ABBREVIATED_END = re.compile(rf"(?:\b(?:\w\.){{2,}}|\b(?:{'|'.join(map(re.escape, _ABBREVIATIONS))})|\.\.\.)$")
_LONGEST_END = 8  # characters: what is looked for there is shorter
_HANGING = re.compile(r"[,.;:](?!\w)")
"""A mark that a cut leaves behind a blank; that of ".5 percent" or ".NET" begins a word."""


def edited(quote: str, edits: Sequence[Edit]) -> str:
    """The quote with its edits done: cut, white space folded, no mark left hanging, a capital first, no full stop last.

    The stop of an abbreviation ("U.S.", "Inc."), of an ellipsis and inside a closing quotation mark stays.

    Raises:
        ValueError: an edit lies outside the quote, overlaps another, or cuts inside a word.

    >>> edited("As per a source, 100 troops are heading to  Israel.", [Edit("E3", 0, 17)])
    '100 troops are heading to Israel'
    """
    text = " ".join((_cut(quote, edits) if edits else quote).split())
    if edits:
        text = text.strip(" ,;:–—-")
    if text.endswith(".") and not _keeps_stop(text):
        text = text[:-1].rstrip(" ,;:")
    return text[:1].upper() + text[1:] if text[:1].islower() and _may_rise(text) else text


def _keeps_stop(text: str) -> bool:
    """Whether the full stop at the end is that of an abbreviation or of an ellipsis."""
    if text[-3:-2] != "." and not text.endswith(_ABBREVIATIONS):  # nearly always
        return False
    return _ABBREVIATED_END.search(text, max(0, len(text) - _LONGEST_END)) is not None


def _cut(quote: str, edits: Sequence[Edit]) -> str:
    """What the edits leave of the quote: as it was written, but without a blank between a cut and a mark."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        if edit.start < at or edit.end > len(quote):
            raise ValueError(f"edit {edit} overlaps another or leaves the quote")
        for end in (edit.start, edit.end):
            if 0 < end < len(quote) and quote[end - 1].isalnum() and quote[end].isalnum():
                raise ValueError(f"edit {edit} cuts inside a word")
        pieces += [quote[at : edit.start], edit.replacement]
        at = edit.end
    text = ""
    for piece in (*pieces, quote[at:]):
        behind = piece.lstrip()
        text = text.rstrip() + behind if _HANGING.match(behind) else text + piece
    return text


def _may_rise(text: str) -> bool:
    """Whether a small first letter may become a capital: not in "iPhone" or "e-mail.example"."""
    first = text.split(maxsplit=1)[0]
    return not any(character.isupper() for character in first[1:]) and "." not in first.rstrip(".")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whom the article credits: who says it, who was first, who has it too.  The publisher is none of these."""

    said_by: str | None = None
    first_reported_by: str | None = None
    also_reported_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """A dated event phrase of the background, shown on a story's *Before* line only."""

    text: str
    dates: tuple[EventDate, ...]
    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        if not (self.text and self.dates and self.citations):
            raise ValueError("a background phrase needs its words, a day and a citation")


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of one article: its span, who is credited, the day it happened and how that is known.

    Args:
        citation: whole sentences of the article.
        order: which sentence of the article it is, from 0; cleaned-away sentences count too.
        alone: it can be read without the sentences before it.
        background: dated phrases in it that tell what came before.
        whole: the sentence was not cut off by its outlet, or its cut clause could be removed.

    ``text`` is made of these: the words that a bullet shows.
    """

    citation: Citation
    edits: tuple[Edit, ...]
    date: EventDate
    attribution: Attribution
    order: int
    alone: bool = True
    whole: bool = True
    background: tuple[Before, ...] = ()
    text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", edited(self.citation.quote, self.edits))

    @property
    def article(self) -> Article:
        return self.citation.article


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that makes no claim, and why."""

    kind: Kind
    citation: Citation


@dataclass(frozen=True, slots=True)
class Understood:
    """An article with its claims, in text order, and the sentences that make none.

    ``origins`` are those whom the article credits with its news: agency marks, "first reported by X"; ``first_reported_by``
    is the X.  ``report`` says whether it reports news, by all that it says; None where nobody has judged.  ``headline_told``:
    to whom this is about to be shown, its headline would say what they were told before.  ``carried_over``: it was in
    the window of an earlier digest of theirs, which did not show it.
    """

    article: Article
    claims: tuple[Claim, ...]
    dropped: tuple[Dropped, ...] = ()
    origins: tuple[str, ...] = ()
    first_reported_by: str | None = None
    report: bool | None = None
    headline_told: bool = False
    carried_over: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """Articles of the same event, newest first, under a stable name (``s-7f3a...``)."""

    id: str
    articles: tuple[Understood, ...]

    def __post_init__(self) -> None:
        if not self.articles:
            raise ValueError("a story needs an article")


@dataclass(frozen=True, slots=True)
class Was:
    """What this channel was told before: the old number and its day."""

    text: str
    date: EventDate


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a score, so that "why is this here" can be answered: ``value`` times ``weight`` counts."""

    term: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Correction:
    """What was posted and what the source says now.

    Args:
        story: its id; ``title`` is its line as it was posted.
        now: None where the source has withdrawn it.
        citations: the sentence as it stands now, or the one that withdraws it.
        day: of the digest that is corrected; None where it is not known.
    """

    story: str
    posted: str
    now: str | None
    citations: tuple[Citation, ...]
    title: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Bullet:
    """A day, a sentence, and at least one citation.

    ``why`` holds the terms by which it was chosen; they are no part of what it says.
    ``written_by`` is ``extract``, ``model``, or ``kept``: extracted by another version, whose editing was not that of now.
    ``corrections`` say what stood in its place before its message was edited.

    Raises:
        ValueError: no citation; or the text of an extracted bullet is not its first quote with its edits.
    """

    text: str
    date: EventDate
    attribution: Attribution
    citations: tuple[Citation, ...]
    edits: tuple[Edit, ...] = ()
    was: Was | None = None
    written_by: str = "extract"
    why: tuple[Term, ...] = field(default=(), repr=False, compare=False)
    corrections: tuple[Correction, ...] = ()

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("a bullet needs a citation")
        if self.written_by not in ("extract", "model", "kept"):
            raise ValueError(f"a bullet is written by extract or model, or was kept, not {self.written_by!r}")
        if self.written_by == "extract" and self.text != edited(self.citations[0].quote, self.edits):
            raise ValueError("an extracted bullet is its quote with its edits, nothing else")

    @classmethod
    def of(cls, claim: Claim, *further: Claim, why: tuple[Term, ...] = ()) -> Bullet:
        """The bullet that shows a claim; further claims that say the same become its further citations."""
        citations = (claim.citation, *(other.citation for other in further))
        return cls(claim.text, claim.date, claim.attribution, citations, claim.edits, why=why)


STATUSES: Final = ("new", "update")
"""Of a story in a digest: its channel reads of it for the first time, or was told of it before."""


@dataclass(frozen=True, slots=True)
class StoryDigest:
    """A story as a digest shows it.

    Args:
        title: the story line: a headline, or the text of ``lead``.
        url: what the story line links to; None for a local file.
        lead: the bullet that the story line is or already says; never in ``bullets`` too.
        cited: the citation whose sentence the story line's link opens; all that there is of a ``bare`` one.
        outlets: how many outlets tell it; ``origins`` are those that they credit.
        earlier: how many facts of it this channel was told before (an update).
        articles: ids of the articles in it, newest first.
        corrections: what stood in its line before its message was edited; those of a lead stand with the lead.
    """

    id: str
    title: str
    url: str | None
    bullets: tuple[Bullet, ...]
    lead: Bullet | None = None
    cited: Citation | None = None
    status: str = "new"
    outlets: int = 1
    origins: tuple[str, ...] = ()
    first_reported_by: str | None = None
    before: tuple[Before, ...] = ()
    why: tuple[Term, ...] = ()
    earlier: int = 0
    articles: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"a story is new or update, not {self.status!r}")
        if self.lead is not None and self.lead in self.bullets:
            raise ValueError("the lead is the story line: it may not be a bullet too")
        if not (self.bullets or self.lead or self.cited):
            raise ValueError("a story needs a bullet, a lead or what its line stands on")

    @property
    def facts(self) -> tuple[Bullet, ...]:
        """All that is told of it, the lead first."""
        return (*([self.lead] if self.lead else []), *self.bullets)

    @property
    def bare(self) -> bool:
        """Whether nothing of it is shown but a headline: several outlets tell it, and no sentence of theirs reads alone."""
        return not self.facts

    def in_a_line(self) -> Also:
        """Its line alone: dated by the fact that it tells, or by its report where no shown claim says the same."""
        if self.lead:
            marks = (*self.corrections, *self.lead.corrections)
            return Also(self.id, self.title, self.url, self.lead.date, self.lead.citations, marks, self.outlets, self.status)
        cited = self.cited or self.facts[0].citations[0]
        reported = EventDate.of_report(cited.article.published_day)
        return Also(self.id, self.title, self.url, reported, (cited,), self.corrections, self.outlets, self.status)


@dataclass(frozen=True, slots=True)
class Also:
    """A story told in one line.  ``corrections`` as in a bullet; so many ``outlets`` tell it; ``status`` as of a story."""

    id: str
    title: str
    url: str | None
    date: EventDate
    citations: tuple[Citation, ...]
    corrections: tuple[Correction, ...] = ()
    outlets: int = 1
    status: str = "new"

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("a one-liner needs a citation")
        if self.status not in STATUSES:
            raise ValueError(f"a story is new or update, not {self.status!r}")


@dataclass(frozen=True, slots=True)
class Unshown:
    """A story that a digest had no place for, by its line; ``url`` as in ``StoryDigest``."""

    id: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the digest does not show: how many, of what kind, with a few examples.

    ``stories`` are all of them where whole stories are left out: capped, headline, muted.
    """

    kind: str
    count: int
    examples: tuple[str, ...] = ()
    stories: tuple[Unshown, ...] = ()

    KINDS = ("repeated", "caption", "furniture", "comment", "background", "capped", "headline", "muted")

    def __post_init__(self) -> None:
        if self.kind not in self.KINDS or self.count < 1:
            raise ValueError(f"{self.count} left out as {self.kind!r}")


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of time, ``start <= t < end``; ends aware, in UTC; ``start`` None means everything before the end.

    Half-open, so that neighbours neither overlap nor leave a gap.
    """

    start: datetime | None
    end: datetime

    def __post_init__(self) -> None:
        for instant in (self.start, self.end):
            if instant is not None and instant.utcoffset() != timedelta(0):
                raise ValueError("a window's ends must be aware and in UTC")
        if self.start is not None and self.start > self.end:
            raise ValueError("a window cannot end before it starts")

    def __contains__(self, instant: datetime) -> bool:
        return (self.start is None or self.start <= instant) and instant < self.end


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody wants to read: words that must occur and words that must not, a window, how much of it.

    ``words`` empty means every story but those with a word of ``without``.  Each word or phrase must occur in a claim or a
    headline, in any case and form.  A star at its end makes it a beginning: ``israel*`` is found in "Israeli".
    """

    window: Window
    words: tuple[str, ...] = ()
    length: Length = Length.NORMAL
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What a channel reads.  ``day`` is the one from which "within 7 days" is counted; None writes every day in full.

    ``sources`` is (answered, asked); None where nothing was polled for it.
    """

    title: str
    zone: str
    window: Window
    day: date | None
    stories: tuple[StoryDigest, ...]
    also: tuple[Also, ...] = ()
    corrections: tuple[Correction, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notices: tuple[str, ...] = ()
    number: int | None = None
    sources: tuple[int, int] | None = None
    next_run: datetime | None = None
    late: bool = False

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)  # an unknown zone is nonsense here; KeyError names it
        if self.next_run is not None and self.next_run.utcoffset() != timedelta(0):
            raise ValueError("next_run must be aware and in UTC")


def utc(instant: datetime) -> datetime:
    """The same instant in UTC.

    Raises:
        ValueError: the instant is naive; nobody can know what it means.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant.astimezone(UTC)
