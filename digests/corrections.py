"""What a source has changed or withdrawn of what was posted, and the digest as it reads then.

A reader follows our link and finds another number: that is what a correction is about.  A sentence that moved, was reworded or
was dropped is none, and a fact counts as withdrawn only where the source itself says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import TypeVar

from digests import changes, words
from digests.changes import Exchange, Names
from digests.model import (
    Also,
    Attribution,
    Bullet,
    Citation,
    Claim,
    Correction,
    Digest,
    EventDate,
    Kind,
    StoryDigest,
    Understood,
    edited,
)
from digests.render import days

SPOKEN_OF = 0.5
"""Share of a fact's content words that a notice holds when it speaks of the fact."""
FURTHEST = 200
"""So many characters behind a notice are read with it, in its paragraph: some texts come as one paragraph."""

Shown = TypeVar("Shown", Bullet, StoryDigest, Also)


@dataclass(frozen=True, slots=True)
class Posted:
    """A fact as a channel was told it.

    Args:
        story: its id now, which may be another than in the digest.
        words: as they were posted: a sentence with its edits, or a headline.
        citation: what they stand on, in the article as it was then.
        date: the day under which they stood.
    """

    story: str
    words: str
    citation: Citation
    date: EventDate


@dataclass(frozen=True, slots=True)
class Changed:
    """The source states something else now.

    Args:
        change: in the shortest words of both.
        words: all of the fact as it reads now; a headline where a headline was posted.
        claim: the sentence that states it, which a link opens.
    """

    change: Exchange
    words: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The source takes it back; ``notice`` is the sentence that says so."""

    notice: Citation


def compare(posted: Posted, now: Understood, today: date | None) -> Changed | Withdrawn | None:
    """What became of a posted fact in its article as it is now; None where that is no correction.

    Args:
        today: the day of the digest that told it, from which days are written.
    """
    old = posted.citation.article
    before = _folded(old.text)
    notices = [each for each in _notices(now) if _folded(each.quote) not in before]
    for notice in notices:
        if changes.matches("retraction", notice.quote):
            return Withdrawn(notice)
    if _is_headline(posted):
        return _another_headline(posted, now, noticed=bool(notices))
    told = _told(now)
    if _folded(posted.citation.quote) in _folded(" ".join(claim.citation.quote for claim in told)):
        return None
    # A sentence that stood beside the posted one before cannot be what became of it.
    fresh = [claim for claim in told if _folded(claim.citation.quote) not in before]
    closest = max(fresh, key=lambda claim: changes.closeness(posted.words, claim.text), default=None)
    if closest is not None:
        names = _names(old.title, old.text), _names(now.article.title, now.article.text)
        found = changes.change(posted.words, closest.text, *names, noticed=bool(notices))
        found = found or _another_day(posted, closest, today)
        if found:
            return Changed(found, closest.text, closest)
    outside = [claim for claim in told if not any(_goes_on(notice, claim.citation) for notice in notices)]
    if any(changes.reworded(posted.words, claim.text) for claim in outside):
        return None
    return next((Withdrawn(notice) for notice in notices if _speaks_of(notice, posted)), None)


def correction(posted: Posted, found: Changed | Withdrawn, title: str, day: date | None) -> Correction:
    """The line that says it.

    Args:
        title: the line of its story as it was posted.
        day: of the digest that is corrected.
    """
    if isinstance(found, Withdrawn):
        return Correction(posted.story, posted.words, None, (found.notice,), title, day)
    return Correction(posted.story, found.change.posted, found.change.now, (found.claim.citation,), title, day)


def chained(earlier: Sequence[Correction], new: Correction) -> tuple[Correction, ...]:
    """Corrections of one fact, told as one: from 24 to 17 and from 17 to 19 is from 24 to 19, and back to 24 is none.

    A withdrawal takes the place of all before it.
    """
    if new.now is None:  # what was posted is taken back, in the words that were posted
        posted = new.posted
        for each in reversed(earlier):
            posted = posted.replace(each.now, each.posted, 1) if each.now else posted
        return (replace(new, posted=posted),)
    before = next((each for each in earlier if each.now == new.posted), None)
    if before is None:
        return (*earlier, new)
    others = tuple(each for each in earlier if each is not before)
    return others if new.now == before.posted else (*others, replace(new, posted=before.posted, day=before.day))


def shown_line(digest: Digest, posted: Posted) -> str:
    """The line under which a fact was seen: its own words, or the headline that stands for them."""
    for story in digest.stories:
        if _tells(story, posted) and story.lead and _is(story.lead, posted):
            return story.title
    return posted.words


def title_of(digest: Digest, posted: Posted) -> str:
    """The line of the story that told a fact; "" when the digest has none."""
    shown: Iterator[StoryDigest | Also] = chain(digest.stories, digest.also)
    return next((each.title for each in shown if _tells(each, posted)), "")


def amended(digest: Digest, posted: Posted, found: Changed | Withdrawn, made: Correction | None) -> Digest:
    """The digest in which a posted fact is corrected, for its message to be edited.

    Args:
        made: its mark; None where the reader did not see what changed, for a headline stood for it.
    """
    return replace(
        digest,
        stories=tuple(_story(each, posted, found, made) if _tells(each, posted) else each for each in digest.stories),
        also=tuple(_also(each, posted, found, made) if _tells(each, posted) else each for each in digest.also),
    )


def _notices(now: Understood) -> Iterator[Citation]:
    for sentence in _sentences(now):
        if changes.matches("notice", sentence.quote) or changes.matches("retraction", sentence.quote):
            yield sentence


def _sentences(now: Understood) -> list[Citation]:
    spans = [*(claim.citation for claim in now.claims), *(each.citation for each in now.dropped)]
    return sorted(spans, key=lambda citation: citation.start)


def _told(now: Understood) -> list[Claim]:
    """What the article states: its claims, and the sentences that make none because others say the same; no notice."""
    further = [
        Claim(each.citation, (), EventDate.of_report(now.article.published_day), Attribution(), 0)
        for each in now.dropped
        if each.kind in (Kind.REPEATED, Kind.BACKGROUND)
    ]
    told = sorted([*now.claims, *further], key=lambda claim: claim.citation.start)
    return [claim for claim in told if not changes.matches("notice", claim.citation.quote)]


def _goes_on(notice: Citation, sentence: Citation) -> bool:
    """Whether a sentence stands behind a notice in its paragraph, where it tells of the mistake."""
    between = notice.article.text[notice.end : sentence.start]
    return notice.end <= sentence.start and "\n" not in between and len(between) <= FURTHEST


def _is_headline(posted: Posted) -> bool:
    is_title = _folded(posted.words) == _folded(posted.citation.article.title)
    return is_title and _folded(posted.words) not in _folded(posted.citation.quote)


def _another_headline(posted: Posted, now: Understood, *, noticed: bool) -> Changed | None:
    old, title = posted.citation.article, " ".join(now.article.title.split())
    names = _names("", old.text), _names("", now.article.text)  # in a headline every word may be capitalised
    found = changes.change(posted.words, title, *names, noticed=noticed)
    if found is None or not now.claims:
        return None
    closest = max(now.claims, key=lambda claim: changes.closeness(title, claim.text))
    return Changed(found, title, next((claim for claim in now.claims if changes.says(claim.text, found.come)), closest))


def _another_day(posted: Posted, claim: Claim, today: date | None) -> Exchange | None:
    """The day of a fact otherwise told as before.  Where the same words mean another day, only the report was re-dated."""
    old, new = posted.date, claim.date
    if not (old.leads and new.leads) or old.precision is not new.precision or old.value == new.value:
        return None
    if _folded(old.words) == _folded(new.words) or changes.closeness(posted.words, claim.text) < changes.NEGATED:
        return None
    return Exchange(days.day(old, today), days.day(new, today), (old.value or "",), (new.value or "",))


def _speaks_of(notice: Citation, posted: Posted) -> bool:
    """Whether a notice, with what follows it in its paragraph, is about the fact."""
    paragraph = notice.article.text[notice.start : notice.end + FURTHEST].partition("\n")[0]
    content, said = set(words.content(posted.words)), set(words.content(paragraph))
    return len(content & said) >= max(changes.LEAST, SPOKEN_OF * len(content))


def _names(title: str, text: str) -> Names:
    return Names.of(f"{title}\n{text}")


def _folded(text: str) -> str:
    return " ".join(text.translate(_QUOTES).split()).casefold()


_QUOTES = str.maketrans("‘’“”\u00a0", "''\"\" ")


def _tells(shown: StoryDigest | Also, posted: Posted) -> bool:
    """Whether a story of a digest told a fact.  Its article says so: the story may have joined another since, or been split."""
    article = posted.citation.article.id
    if isinstance(shown, StoryDigest):
        return article in shown.articles
    return any(citation.article.id == article for citation in shown.citations)


def _is(bullet: Bullet, posted: Posted) -> bool:
    return bullet.text == posted.words and bullet.citations[0].article.id == posted.citation.article.id


def _marked(shown: Shown, made: Correction | None) -> Shown:
    if made is None:
        return shown
    marks = (*shown.corrections, made) if made.now is None else chained(shown.corrections, made)
    return replace(shown, corrections=marks)


def _story(story: StoryDigest, posted: Posted, found: Changed | Withdrawn, made: Correction | None) -> StoryDigest:
    bullets = tuple(_bullet(each, found, made) if _is(each, posted) else each for each in story.bullets)
    story = replace(story, bullets=bullets)
    if story.lead is not None and _is(story.lead, posted):
        title = _line(story.title, story.lead.text, found)
        return _recited(replace(story, lead=_bullet(story.lead, found, made), title=title), found)
    if _folded(story.title) == _folded(posted.words):
        title = found.words if isinstance(found, Changed) else story.title
        story = _marked(replace(story, title=title), made)
        return story if story.lead else _recited(story, found)
    return story


def _recited(story: StoryDigest, found: Changed | Withdrawn) -> StoryDigest:
    return replace(story, cited=found.claim.citation) if isinstance(found, Changed) else story


def _line(title: str, lead: str, found: Changed | Withdrawn) -> str:
    """The story line of a corrected lead: its words, or a headline that no longer says what was wrong."""
    if isinstance(found, Withdrawn) or not (title == lead or changes.says(title, found.change.gone)):
        return title
    headline = " ".join(found.claim.article.title.split())
    serves = title != lead and changes.says(headline, found.change.come) and not changes.says(headline, found.change.gone)
    return headline if serves else found.words


def _bullet(bullet: Bullet, found: Changed | Withdrawn, made: Correction | None) -> Bullet:
    if isinstance(found, Withdrawn):
        return _marked(bullet, made)
    claim = found.claim
    told = words.numbers(claim.text)
    further = [
        each for each in bullet.citations[1:] if told <= words.numbers(each.quote)
    ]  # who tells it otherwise is no witness
    return _marked(
        replace(
            bullet,
            text=edited(claim.citation.quote, claim.edits),
            date=claim.date,
            attribution=claim.attribution,
            citations=(claim.citation, *further),
            edits=claim.edits,
            was=None,
            written_by="extract",
        ),
        made,
    )


def _also(also: Also, posted: Posted, found: Changed | Withdrawn, made: Correction | None) -> Also:
    if _folded(also.title) != _folded(posted.words):
        return also
    if isinstance(found, Withdrawn):
        return _marked(also, made)
    told = words.numbers(found.words)
    further = [each for each in also.citations[1:] if told <= words.numbers(each.quote)]
    date_ = found.claim.date if found.words == found.claim.text else also.date
    return _marked(replace(also, title=found.words, date=date_, citations=(found.claim.citation, *further)), made)
