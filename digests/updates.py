"""What a channel was told before, held against what there is now: new facts alone, and numbers that changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from digests import words
from digests.model import Bullet, Digest, EventDate, StoryDigest, Understood, Was
from digests.novelty import History

MOST_BULLETS = 2
"""An update shows so many facts."""
ALIKE = 0.7
"""Share of the content words that two sentences have in common, numbers aside, when they tell the same thing."""
_FURTHEST = 3
"""Words behind a number that say of what it is."""
_SCALES = r"hundred|thousand|million|billion|trillion|percent|per\s+cent|percentage\s+points"
_NUMBER = re.compile(rf"(?<![\w.,])[$€£]?\d+(?:[.,]\d+)*(?:\s?%|\s+(?:{_SCALES})\b)?(?![\w%])", re.I)
_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?,?\s*$", re.I)
_MONTH_BEHIND = re.compile(r"\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.I)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that a channel was told: of which story, in which words, under which day."""

    story: str
    text: str
    date: EventDate


def unsaid(
    articles: Sequence[Understood], grouping: Mapping[str, str], told: Iterable[Told], resting: Collection[str] = ()
) -> list[Understood]:
    """The articles with only those claims that their story was not told with; those that say nothing new are left out.

    Args:
        grouping: story id of each article id.
        resting: stories that are not to come back just now.
    """
    texts: dict[str, list[str]] = {}
    for each in told:
        texts.setdefault(each.story, []).append(each.text)
    histories: dict[str, History] = {}
    found = []
    for article in articles:
        story = grouping.get(article.article.id, "")
        if story in resting:
            continue
        if story not in texts:
            found.append(article)
            continue
        history = histories.setdefault(story, History(texts[story]))
        claims = tuple(claim for claim in article.claims if history.is_new(claim.text))
        if claims:
            found.append(replace(article, claims=claims))
    return found


def marked(digest: Digest, told: Iterable[Told]) -> Digest:
    """The digest in which stories that were told before are updates: fewer bullets, and numbers that say what they were."""
    of: dict[str, list[Told]] = {}
    for each in told:
        of.setdefault(each.story, []).append(each)
    return replace(digest, stories=tuple(_update(story, of[story.id]) if story.id in of else story for story in digest.stories))


def was(text: str, told: Sequence[Told]) -> Was | None:
    """The number that a sentence changes, as it was told last; None when it changes none, or when that is not sure.

    It is sure when an earlier sentence says the same of the same thing, but for one number.

    >>> from digests.model import Basis, Precision
    >>> day = EventDate("2024-10-11", Precision.DAY, Basis.WRITTEN)
    >>> before = Told("s-1", "2.2 million customers are without power in Florida", day)
    >>> was("1.4 million customers are still without power in Florida", [before]).text
    '2.2 million'
    """
    now = _counted(text)
    if not now:
        return None
    content = _plain(text)
    for earlier in reversed(told):
        before = _counted(earlier.text)
        if not before or _alike(content, _plain(earlier.text)) < ALIKE:
            continue
        changed = [(old, new) for of, new in now.items() if (old := before.get(of)) and _value(old) != _value(new)]
        if len(changed) == 1:
            return Was(changed[0][0], earlier.date)
        if not changed:
            return None
    return None


def _update(story: StoryDigest, told: Sequence[Told]) -> StoryDigest:
    bullets = tuple(_with_was(bullet, told) for bullet in story.bullets[:MOST_BULLETS])
    lead = _with_was(story.lead, told) if story.lead else None
    return replace(story, status="update", bullets=bullets, lead=lead, earlier=len(told))


def _with_was(bullet: Bullet, told: Sequence[Told]) -> Bullet:
    return replace(bullet, was=was(bullet.text, told))


def _counted(text: str) -> dict[str, str]:
    """The numbers of a sentence by what they count; a number that counts nothing, a day or a year is none of them."""
    found: dict[str, str] = {}
    twice = set()
    for number in _NUMBER.finditer(text):
        before, behind = text[: number.start()], text[number.end() :]
        if _MONTH.search(before) or _MONTH_BEHIND.match(behind) or _YEAR.fullmatch(number[0]):
            continue
        of = words.content(" ".join(words.tokens(behind)[:_FURTHEST]))
        if not of or not of[0].isalpha():
            continue
        twice |= {of[0]} & found.keys()
        found[of[0]] = " ".join(number[0].split())
    return {of: number for of, number in found.items() if of not in twice}


def _plain(text: str) -> set[str]:
    """The content words of a sentence without its numbers."""
    return set(words.content(_NUMBER.sub(" ", text)))


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _value(number: str) -> str:
    return number.replace(",", "").casefold()
