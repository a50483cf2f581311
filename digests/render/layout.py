"""A digest arranged for reading, before any platform's syntax: the same words in the same order everywhere.

``arrange`` gives a ``Sheet``; its items are what a reader takes in at once (a notice, a correction, a story, a one-liner) and
are never cut.  ``split`` deals them out to messages.  Renderers only write runs, lines and items in their own syntax.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum, StrEnum
from functools import cache, partial
from math import ceil

from digests.model import Also, Basis, Before, Bullet, Citation, Correction, Digest, EventDate, LeftOut, StoryDigest
from digests.render import days
from digests.render.links import SafeLink, cited, label
from digests.render.safe import SafeText

WORDS_A_MINUTE = 200
BEFORE_PHRASES = 3
SOURCES_A_BULLET = 2

_NAME, _TITLE, _FACT, _NOTICE = 80, 300, 600, 300  # characters; a fact has at most 40 words
_ORDINARY_LINK = 300
_ORIGINS = 3  # named where they are more than outlets

# What nobody would miss, captions and the furniture of pages, is counted in the JSON only.
_LEFT_OUT = {
    "repeated": ("repeated", "repeated"),
    "comment": ("comment", "comments"),
    "background": ("background", "background"),
    "capped": ("for length", "for length"),
    "headline": ("headline only", "headlines only"),
    "muted": ("muted", "muted"),
}


class Kind(StrEnum):
    """What an item is, in the order in which a digest shows them."""

    NOTICE = "notice"
    CORRECTION = "correction"
    STORY = "story"
    ALSO = "also"


class Day(Enum):
    """What a day that is drawn says, and the legend explains."""

    HAPPENED = "in front: it happened then"
    PLANNED = "in front, with for: it is planned for then"
    REPORTED = "behind an outlet: it was reported then"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words in one style; ``code`` is what somebody is to type, and ``day`` says which day stands in it."""

    text: SafeText
    link: SafeLink | None = None
    bold: bool = False
    strike: bool = False
    code: bool = False
    day: Day | None = field(default=None, compare=False)  # no style: what stands beside it may become one with it


Line = tuple[Run, ...]

_SEPARATOR: Line = (Run(SafeText.own(" · ")),)
_SPACE: Line = (Run(SafeText.own(" ")),)


@dataclass(frozen=True, slots=True)
class Item:
    """What is never cut: a line, for a story also its bullets and its small line.

    ``name`` is what a menu calls it (safe text); ``more`` counts the bullets that found no room.
    """

    kind: Kind
    line: Line
    bullets: tuple[Line, ...] = ()
    small: Line = ()
    id: str = ""
    name: str = ""
    more: int = 0

    def first_bullets(self, count: int) -> Item:
        """The whole item with as many bullets only; the others are counted on its small line."""
        more = len(self.bullets) - count
        if more <= 0:
            return self
        return replace(self, bullets=self.bullets[:count], more=more, small=_joined([_more(more), self.small]))

    def without_small(self) -> Item:
        """Without its small line, but for the count of what is missing."""
        return replace(self, small=_more(self.more))

    def with_links_up_to(self, length: int) -> Item:
        """Words only where a link is longer than that many characters."""

        def bounded(line: Line) -> Line:
            return tuple(replace(run, link=None) if run.link and len(run.link) > length else run for run in line)

        return replace(self, line=bounded(self.line), bullets=tuple(map(bounded, self.bullets)), small=bounded(self.small))

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.line, *self.bullets, *([self.small] if self.small else []))


@dataclass(frozen=True, slots=True)
class Draft:
    """An item and how it can be made smaller: ``arranged(point, sources)`` writes it anew.

    ``point``: links open at their sentence; ``sources``: how many a bullet names.
    """

    arranged: Callable[[bool, int], Item]

    @property
    def whole(self) -> Item:
        return self.arranged(True, SOURCES_A_BULLET)

    @property
    def bare(self) -> Item:
        """All the words, links without text fragments."""
        return self.arranged(False, SOURCES_A_BULLET)

    def fitted(self, fits: Callable[[Item], bool]) -> Item:
        """The fullest form that fits: text fragments go first, then further sources, then bullets, at last small lines.

        The very last form is taken unasked: a story line and one bullet, both bounded, with links of ordinary length.
        """
        item = self.whole
        for form in (item, self.bare, self.arranged(False, 1)):
            item = form
            if fits(item):
                return item
        counts = range(len(item.bullets) - 1, 0, -1)
        at = bisect_left(counts, True, key=lambda count: fits(item.first_bullets(count)))
        if at < len(counts):
            return item.first_bullets(counts[at])
        smallest = item.first_bullets(1).without_small()
        return smallest if fits(smallest) else smallest.with_links_up_to(_ORDINARY_LINK)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A digest arranged for reading.  Empty words are parts that are not known or not needed.

    ``nothing`` is the line of an empty digest; ``also`` stands above the one-liners where stories stand before them;
    ``left_out`` counts what is not shown, for the places without a button.
    """

    title: SafeText
    summary: SafeText
    drafts: tuple[Draft, ...]
    nothing: SafeText
    also: SafeText
    left_out: SafeText
    left_out_count: int
    footer: SafeText
    number: int | None


def arrange(digest: Digest, *, bold: bool = True) -> Sheet:
    """Arrange a digest.  ``bold`` says whether the reader can see it, so that the legend speaks of what is there."""
    drafts = tuple(_drafts(digest))
    items = [draft.whole for draft in drafts]
    told = [item for item in items if item.kind in (Kind.STORY, Kind.ALSO)]
    nothing = "" if told else _nothing(digest)
    title = SafeText(digest.title, _NAME) or SafeText("News")
    return Sheet(
        title=SafeText(f"{title} · {days.full(digest.day)}") if digest.day else title,
        summary=SafeText(_summary(digest, items)),
        drafts=drafts,
        nothing=SafeText(nothing),
        also=SafeText("Also" if digest.stories and digest.also else ""),
        left_out=SafeText(_left_out(digest.left_out)),
        left_out_count=sum(one.count for one in digest.left_out if one.kind in _LEFT_OUT),
        footer=SafeText(_footer(digest, items, bold=bold)),
        number=digest.number,
    )


def split(sheet: Sheet, fits: Callable[[Sequence[Item], int], bool]) -> list[tuple[Item, ...]]:
    """Deal the items out to messages, in order, each of them whole; at least one message.

    ``fits(items, index)`` says whether the message of that index can hold the items.  A digest that fits one message without
    its text fragments stays one message.
    """
    if fits(whole := [draft.whole for draft in sheet.drafts], 0):
        return [tuple(whole)]
    if fits(bare := [draft.bare for draft in sheet.drafts], 0):
        return [tuple(bare)]
    parts: list[list[Item]] = [[]]
    for draft in sheet.drafts:
        if parts[-1]:
            if fits([*parts[-1], draft.whole], len(parts) - 1):
                parts[-1].append(draft.whole)
                continue
            parts.append([])
        parts[-1].append(draft.fitted(partial(_fits_alone, fits, len(parts) - 1)))
    return [tuple(part) for part in parts]


def _fits_alone(fits: Callable[[Sequence[Item], int], bool], index: int, item: Item) -> bool:
    return fits([item], index)


def words(line: Line) -> str:
    """What a line says, without its style."""
    return "".join(run.text for run in line)


def nothing_line(digest: Digest, about: str = "") -> SafeText:
    """What an empty digest says where nothing else stands; ``about`` comes behind "Nothing new", as in ``on chips``."""
    return SafeText(_nothing(digest, about))


def correction_line(correction: Correction, today: date | None) -> SafeText:
    """A correction in one plain line, as the thread of its message says it; days are counted from ``today``."""
    return SafeText(words(_correction(correction, "", _View(today, False, SOURCES_A_BULLET)).line), 1000)


def fact(bullet: Bullet, today: date | None, *, by_day: bool = False) -> Line:
    """A bullet in one line, for a place that shows it alone: ``[day it happened] fact · who says · [Outlet, day]``.

    ``by_day``: it stands in a list of days, so that its day stands in front whatever the fact writes.
    """
    return _fact(bullet, _fact_words(bullet), _View(today, True, SOURCES_A_BULLET), frozenset(), alone=False, by_day=by_day)


def phrase(before: Before, today: date | None) -> Line:
    """What came before in one line: its days, its words, where they stand."""
    view = _View(today, True, SOURCES_A_BULLET)
    written = Run(SafeText(days.several(before.dates[:BEFORE_PHRASES], today)), bold=True)
    told = (written, *_SPACE, Run(SafeText(before.text, _FACT)))
    return _joined([told, _sources(before.citations, view, with_days=False)])


def one_line(also: Also, today: date | None) -> Line:
    """A story in one line, for a list that counts outlets itself: ``[day] [Title] · [Outlet, day of report]``."""
    return _also(replace(also, outlets=1, status="new"), _View(today, True, SOURCES_A_BULLET)).line


def joined(*lines: Line) -> Line:
    """The lines that are not empty, with `` · `` between them."""
    return _joined(lines)


def shortened(text: str, limit: int) -> SafeText:
    """A name for a menu: whole words, at most ``limit`` characters."""
    return SafeText(str(text), limit)


@dataclass(frozen=True, slots=True)
class _View:
    """How links and sources are written just now, and from which day days are counted."""

    today: date | None
    point: bool
    sources: int

    def link(self, citation: Citation, address: str | None = None) -> SafeLink | None:
        link = cited(citation, address)
        return link if link is None or self.point else link.bare


def _drafts(digest: Digest) -> Iterable[Draft]:
    titles = {story.id: story.title for story in digest.stories} | {also.id: also.title for also in digest.also}

    def draft(item: Callable[[_View], Item]) -> Draft:
        @cache
        def arranged(point: bool, sources: int) -> Item:
            return item(_View(digest.day, point, sources))

        return Draft(arranged)

    yield from (draft(partial(_notice, notice)) for notice in digest.notices if SafeText(notice, _NOTICE))
    yield from (draft(partial(_correction, one, titles.get(one.story, ""))) for one in digest.corrections)
    yield from (draft(partial(_story, story)) for story in digest.stories)
    yield from (draft(partial(_also, also)) for also in digest.also)


def _notice(notice: str, _: _View) -> Item:
    return Item(Kind.NOTICE, _words(SafeText(notice, _NOTICE)))


def _story(story: StoryDigest, view: _View) -> Item:
    alone, shown = _only_outlet(story), _credited(story)
    title = SafeText(story.title, _TITLE if story.lead is None else _FACT) or SafeText("(no title)")
    anchor = story.cited or story.facts[0].citations[0]
    link = view.link(anchor, story.url) if story.url else None
    gone = _is_withdrawn((*story.corrections, *(story.lead.corrections if story.lead else ())))
    name: Line = (Run(label(title, link), link, bold=True, strike=gone),)
    line = _fact(story.lead, name, view, shown, alone=alone is not None, is_line=True) if story.lead else name
    line = (*line, *_corrected(story.corrections, view))
    if alone:
        line = _joined([line, (_with_day(alone, anchor.article.published_day, view.today, None),)])
    elif story.lead is None and anchor.article.outlet not in _cited_outlets(story.bullets):  # it would pass for theirs
        line = _joined([line, _sources([anchor], view, with_days=True)])
    line = (*_label(story.status), *line)
    bullets = tuple(_fact(bullet, _fact_words(bullet), view, shown, alone=alone is not None) for bullet in story.bullets)
    return Item(Kind.STORY, line, bullets, _small(story, view.today), story.id, title)


def _cited_outlets(bullets: Iterable[Bullet]) -> set[str]:
    return {citation.article.outlet for bullet in bullets for citation in bullet.citations}


def _label(status: str) -> Line:
    """``UPDATE · `` in front of what goes on; nothing in front of what is new."""
    return (Run(SafeText("UPDATE"), bold=True), *_SEPARATOR) if status == "update" else ()


def _fact(
    bullet: Bullet,
    fact: Line,
    view: _View,
    shown: frozenset[str],
    *,
    alone: bool,
    is_line: bool = False,
    by_day: bool = False,
) -> Line:
    """``[day it happened] fact · who says · [Outlet, day of the report]``; no day in front that the fact itself writes.

    ``alone``: the story has one outlet, which stands on its story line, so a bullet carries its day alone, and the link with
    it.  ``shown``: names that the story's small line credits already.
    """
    date, first = bullet.date, bullet.citations[0]
    if _is_withdrawn(bullet.corrections):
        view = replace(view, point=False)  # its sentence is on the page no more
    link = view.link(first) if alone and not is_line else None
    written = SafeText(days.day(date, view.today)) if date.basis is not Basis.REPORT else SafeText("")
    leads = date.leads and (by_day or not days.stands_in(date, words(fact), view.today))
    front: Line = (Run(written, link, bold=True, day=_in_front(date)), *_SPACE) if leads else ()
    behind: list[Line] = [_words(credit) for credit in _credits(bullet, shown)]
    if date.basis is Basis.UNCLEAR:
        behind.append((Run(written, link),))
    if not alone:
        behind.append(_sources(bullet.citations, view, with_days=not leads))
    elif not leads and date.basis is not Basis.UNCLEAR and not is_line and (reported := first.article.published_day):
        behind.append((Run(SafeText(days.report(reported, view.today)), link, day=Day.REPORTED),))
    return _joined([(*front, *fact, *_was(bullet, view.today), *_corrected(bullet.corrections, view)), *behind])


def _fact_words(bullet: Bullet) -> Line:
    text = SafeText(bullet.text, _FACT) or SafeText("(no words)")
    return (Run(text, strike=_is_withdrawn(bullet.corrections)),)


def _is_withdrawn(corrections: Iterable[Correction]) -> bool:
    return any(each.now is None for each in corrections)


def _corrected(corrections: Sequence[Correction], view: _View) -> Line:
    """What stood there before the message was edited: `` (corrected: we posted "24 dead")``, or that it was withdrawn."""
    marks = []
    for each in corrections:
        if each.now is None:
            marks.append(f"withdrawn by {_reporter(each)}")
        else:
            marks.append(f'corrected: we posted "{SafeText(each.posted, _NOTICE)}"')
    return (*_SPACE, Run(SafeText(f"({'; '.join(marks)})", 1000))) if marks else ()


def _was(bullet: Bullet, today: date | None) -> Line:
    """`` (was 2.2 million on Fri 11 Oct)``, or nothing."""
    if bullet.was is None:
        return ()
    when = days.since(bullet.was.date, today)
    return (*_SPACE, Run(SafeText(f"(was {SafeText(bullet.was.text, _NAME)}{' ' if when else ''}{when})")))


def _credits(bullet: Bullet, shown: frozenset[str]) -> Iterable[SafeText]:
    who = bullet.attribution
    if who.said_by:
        yield SafeText(who.said_by, _NAME)
    if who.first_reported_by and who.first_reported_by not in shown:
        yield SafeText(f"first reported by {SafeText(who.first_reported_by, _NAME)}")
    if who.also_reported_by:
        yield SafeText(f"also reported by {', '.join(SafeText(name, _NAME) for name in who.also_reported_by[:3])}")


def _sources(citations: Sequence[Citation], view: _View, *, with_days: bool) -> Line:
    """The outlets, linked: as many as the view shows, then how many more."""
    by_outlet = {citation.article.outlet: citation for citation in reversed(citations)}
    firsts = [citation for citation in citations if by_outlet.get(citation.article.outlet) is citation]
    line = _joined(_source(citation, view, with_day=with_days) for citation in firsts[: view.sources])
    further = len(firsts) - view.sources
    return (*line, Run(SafeText.own(f" +{further}"))) if further > 0 else line


def _source(citation: Citation, view: _View, *, with_day: bool) -> Line:
    link = view.link(citation)
    outlet = label(_outlet(citation), link)
    return (_with_day(outlet, citation.article.published_day if with_day else None, view.today, link),)


def _outlet(citation: Citation) -> SafeText:
    return _named(citation.article.outlet)


def _named(outlet: str) -> SafeText:
    return SafeText(outlet, _NAME) or SafeText("source")


def _with_day(outlet: SafeText, reported: date | None, today: date | None, link: SafeLink | None) -> Run:
    if reported is None:
        return Run(outlet, link)
    return Run(SafeText(f"{outlet}, {days.report(reported, today)}"), link, day=Day.REPORTED)


def _in_front(date: EventDate) -> Day:
    return Day.PLANNED if date.planned else Day.HAPPENED


def _only_outlet(story: StoryDigest) -> SafeText | None:
    """The outlet of a story that only one tells."""
    citations = [citation for bullet in story.facts for citation in bullet.citations] or ([story.cited] if story.cited else [])
    names = {citation.article.outlet for citation in citations}
    return _named(names.pop()) if story.outlets == 1 and len(names) == 1 else None


def _credited(story: StoryDigest) -> frozenset[str]:
    return frozenset(filter(None, (story.first_reported_by, *(story.origins if len(story.origins) == 1 else ()))))


def _small(story: StoryDigest, today: date | None) -> Line:
    """``6 earlier facts · 5 outlets, 1 origin: The Wall Street Journal · Before: ...``: only what is worth saying."""
    pieces: list[str] = []
    if story.earlier:
        pieces.append(_count(story.earlier, "earlier fact"))
    outlets = _count(story.outlets, "outlet")
    first = story.first_reported_by
    if story.outlets == 1 and first:
        pieces.append(f"{outlets} · first reported by {SafeText(first, _NAME)}")
    elif story.origins and not (story.outlets == 1 and story.origins == (_only_outlet(story),)):
        pieces.append(f"{outlets}, {origins(story.outlets, story.origins)}")
        if first and len(story.origins) != 1:
            pieces.append(f"first reported by {SafeText(first, _NAME)}")
    elif story.outlets > 1:
        pieces.append(outlets)
    if story.before:
        phrases = (_phrase(before, today) for before in story.before[:BEFORE_PHRASES])
        pieces.append(f"Before: {'; '.join(phrases)}")
    return _joined(_words(SafeText(piece)) for piece in pieces)


def origins(outlets: int, named: Sequence[str]) -> str:
    """``2 origins``; by name where there is one, and where there are more than outlets, which nobody would expect.

    >>> origins(3, ["AP", "Reuters"]), origins(1, ["AP", "Reuters"])
    ('2 origins', '2 origins: AP, Reuters')
    """
    counted = _count(len(named), "origin")
    if len(named) != 1 and len(named) <= outlets:
        return counted
    more = f" +{len(named) - _ORIGINS}" if len(named) > _ORIGINS else ""
    return f"{counted}: {', '.join(SafeText(each, _NAME) for each in named[:_ORIGINS])}{more}"


def _phrase(before: Before, today: date | None) -> str:
    return SafeText(f"{days.several(before.dates[:BEFORE_PHRASES], today)} {SafeText(before.text, 2 * _NAME)}")


def _also(also: Also, view: _View) -> Item:
    title = SafeText(also.title, _TITLE) or SafeText("(no title)")
    first = also.citations[0]
    link = view.link(first, also.url) if also.url else None
    unclear = also.date.basis is Basis.UNCLEAR
    written = SafeText(days.day(also.date, view.today))
    leads = also.date.leads and not days.stands_in(also.date, title, view.today)
    front: Line = (Run(written, bold=True, day=_in_front(also.date)), *_SPACE) if leads else ()
    named = {citation.article.outlet for citation in also.citations}
    line = _joined(
        [
            (
                *front,
                Run(label(title, link), link, strike=_is_withdrawn(also.corrections)),
                *_corrected(also.corrections, view),
            ),
            _words(written) if unclear else (),
            _sources(also.citations, view, with_days=not leads),
            _words(SafeText(f"{also.outlets} outlets")) if also.outlets > len(named) else (),
        ]
    )
    return Item(Kind.ALSO, (*_label(also.status), *line), id=also.id, name=title)


def _correction(correction: Correction, title: str, view: _View) -> Item:
    """``Correction to Sat 12 Oct · Milton's toll: AP now has "17 dead"; we posted "24 dead" · [AP, 13 Oct]``."""
    day = SafeText(days.posted(correction.day, view.today)) if correction.day else SafeText("")
    front: Line = (Run(SafeText("Correction"), bold=True), *((Run(SafeText.own(f" to {day}")),) if day else ()))
    name = correction.title or title
    about = f"{SafeText(name, _TITLE)}: " if name and not _same(name, correction.posted) else ""
    now = "has withdrawn it" if correction.now is None else f'now has "{SafeText(correction.now, _NOTICE)}"'
    says = SafeText(f'{about}{_reporter(correction)} {now}; we posted "{SafeText(correction.posted, _NOTICE)}"', 1000)
    return Item(Kind.CORRECTION, _joined([front, _words(says), _sources(correction.citations, view, with_days=True)]))


def _reporter(correction: Correction) -> SafeText:
    return _outlet(correction.citations[0]) if correction.citations else SafeText("the source")


def _same(title: str, posted: str) -> bool:
    """Whether a line would say the same twice."""
    return title.casefold().split() == posted.casefold().split()


def _nothing(digest: Digest, about: str = "") -> str:
    """``Nothing new since 13 Oct 08:00. 34 feeds checked, 0 failing.``; ``Nothing else is new`` under a correction.

    Where no feed answers, nobody knows whether there is anything new, and it says so.
    """
    since = ""
    if digest.window.start is not None:
        since = f" since {days.instant(digest.window.start, digest.day, digest.zone, weekday=False)}"
    checked = ""
    on = f" {about}" if about else ""
    if digest.sources is not None:
        answered, asked = digest.sources
        if asked and not answered:
            none = "the one feed does not answer" if asked == 1 else f"none of {asked:,} feeds answers"
            return f"Nothing {'else' if digest.corrections else 'new'} is known{on}{since}: {none}."
        checked = f" {_count(asked, 'feed')} checked, {asked - answered} failing."
    return f"{'Nothing else is new' if digest.corrections else 'Nothing new'}{on}{since}.{checked}"


def _summary(digest: Digest, items: Sequence[Item]) -> str:
    """``3 stories, 1 correction · 1 min``, and ``late`` or ``2 feeds down`` only when so."""
    stories = len(digest.stories) + len(digest.also)
    counts = [_count(stories, "story", "stories")] if stories else []
    if digest.corrections:
        counts.append(_count(len(digest.corrections), "correction"))
    pieces = [", ".join(counts)] if counts else []
    if counts:
        length = sum(any(map(str.isalnum, word)) for item in items for line in item.lines for word in words(line).split())
        pieces.append(f"{max(1, ceil(length / WORDS_A_MINUTE))} min")
    if digest.late:
        pieces.append("late")
    if digest.sources and digest.sources[0] < digest.sources[1]:
        pieces.append(f"{_count(digest.sources[1] - digest.sources[0], 'feed')} down")
    return " · ".join(pieces)


def _left_out(left_out: Sequence[LeftOut]) -> str:
    """``Left out: 9 (7 repeated, 2 comments)``, or nothing."""
    missed = [one for one in left_out if one.kind in _LEFT_OUT]
    kinds = ", ".join(f"{one.count} {_LEFT_OUT[one.kind][one.count > 1]}" for one in missed)
    return f"Left out: {sum(one.count for one in missed)} ({kinds})" if missed else ""


def _footer(digest: Digest, items: Iterable[Item], *, bold: bool) -> str:
    """Legend, number, exact window, feeds, next run: each only when it is known."""
    facts = [f"No. {digest.number}"] if digest.number is not None else []
    if digest.window.start is not None:
        facts.append(_window(digest))
    elif digest.sources is not None:
        end = digest.window.end
        written = days.instant(end, digest.day, digest.zone, weekday=True)
        facts.append(f"all up to {written} {days.zone_abbreviation(end, digest.zone)}")
    if digest.sources is not None:
        answered, asked = digest.sources
        facts.append(f"{answered} of {_count(asked, 'feed')}")
    if digest.next_run is not None:
        facts.append(f"next {days.instant(digest.next_run, digest.day, digest.zone, weekday=True)}")
    legend = _legend(digest, items, bold=bold)
    return " ".join(filter(None, (legend, " · ".join(facts))))


def _window(digest: Digest) -> str:
    """``Sat 08:00 – Sun 08:00 CEST``; with dates where a weekday alone would not name the day."""
    start, end, zone = digest.window.start, digest.window.end, digest.zone
    assert start is not None
    near = days.is_this_week(start, digest.day, zone) and days.is_this_week(end, digest.day, zone)
    names = [days.zone_abbreviation(instant, zone) for instant in (start, end)]
    ends = [days.instant(instant, digest.day, zone, weekday=near) for instant in (start, end)]
    if names[0] == names[1]:
        return f"{ends[0]} – {ends[1]} {names[1]}"
    return f"{ends[0]} {names[0]} – {ends[1]} {names[1]}"


def _legend(digest: Digest, items: Iterable[Item], *, bold: bool) -> str:
    """How to read the days, as far as they are drawn.

    The day behind an outlet is explained where a fact has no other, and where no day stands in front at all.
    """
    drawn = {run.day for item in items if item.kind in (Kind.STORY, Kind.ALSO) for line in item.lines for run in line}
    dates = [fact.date for story in digest.stories for fact in story.facts]
    dates += [line.date for line in (*(story.in_a_line() for story in digest.stories if story.bare), *digest.also)]
    parts = []
    if drawn & {Day.HAPPENED, Day.PLANNED}:
        planned = ', "for" = planned' if Day.PLANNED in drawn else ""
        parts.append(f"{'Bold day' if bold else 'Day in front'} = it happened then{planned}")
    if Day.REPORTED in drawn and (not parts or any(date.basis is Basis.REPORT for date in dates)):
        parts.append("day after an outlet = reported then" if parts else "Day after an outlet = reported then")
    return f"{'; '.join(parts)}." if parts else ""


def _more(count: int) -> Line:
    return _words(SafeText(_count(count, "more fact"))) if count else ()


def _words(text: SafeText) -> Line:
    return (Run(text),) if text else ()


def _joined(lines: Iterable[Line]) -> Line:
    """The lines as one, separated by a middle dot; empty ones leave no trace."""
    joined: Line = ()
    for line in lines:
        if line:
            joined = (*joined, *_SEPARATOR, *line) if joined else line
    return joined


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"
