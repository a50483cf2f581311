"""What a channel was told before, held against what there is now: new facts alone, and numbers that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from digests import numbers, ranking, words
from digests.model import Also, Bullet, Citation, Digest, EventDate, Kind, LeftOut, StoryDigest, Understood, Was
from digests.novelty import History
from digests.reporting import is_report

MOST_BULLETS = 2
"""An update shows so many facts."""
ALIKE = 0.7
"""Share of the content words that two sentences have in common, numbers aside, when they tell the same thing."""
_BELONGS, _NAMES = 0.5, 3
"""A told fact goes on where so much of its content words stand in an article that is cited, or one of them in what is shown;
if these are names, so many: one or two are often but those of the country and its people."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that a channel was told: of which story, in which words, under which day, out of which article by its id."""

    story: str
    text: str
    date: EventDate
    article: str = ""


def unsaid(
    articles: Sequence[Understood], grouping: Mapping[str, str], told: Iterable[Told], resting: Collection[str] = ()
) -> list[Understood]:
    """The articles with only those claims that their story was not told with; those that say nothing new are left out.

    Of an article none of whose new claims can be shown, or that is no report, there is but the headline, which must then be new
    itself.

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
        turns = history.turns(article.article.title)
        if not claims and turns:  # "appeal dismissed" has all the words of what it ends
            claims = article.claims
        report = is_report(article)
        facts = report and any(claim.alone and claim.whole for claim in claims)
        headline = turns or history.is_new(article.article.title)
        if facts or (claims and headline):
            found.append(replace(article, claims=claims, report=report, headline_told=not headline))
    return found


def marked(digest: Digest, told: Iterable[Told]) -> Digest:
    """The digest in which stories that were told before are updates: fewer bullets, and numbers that say what they were.

    One that would come back as a line that says what it was told with is counted among what is repeated.
    """
    of: dict[str, list[Told]] = {}
    for each in told:
        of.setdefault(each.story, []).append(each)
    lines = [*(story.in_a_line() for story in digest.stories if story.bare), *digest.also]
    again = {line.id: line.title for line in lines if any(_says(one.text, line.title) for one in of.get(line.id, ()))}
    stories = tuple(_update(each, of.get(each.id, ())) for each in digest.stories if each.id not in again)
    also = tuple(_line_update(each, of.get(each.id, ())) for each in digest.also if each.id not in again)
    return replace(digest, stories=stories, also=also, left_out=_counted(digest.left_out, list(again.values())))


def _says(text: str, title: str) -> bool:
    """Whether a text that was told says what a line says."""
    content = set(words.content(title))
    return len(content.intersection(words.content(text))) >= ALIKE * len(content)


def _counted(left_out: Sequence[LeftOut], repeated: Sequence[str]) -> tuple[LeftOut, ...]:
    """What is left out, with these lines that repeat something."""
    kind = str(Kind.REPEATED)
    if not repeated:
        return tuple(left_out)
    if not any(each.kind == kind for each in left_out):
        return (*left_out, LeftOut(kind, len(repeated), tuple(repeated)))
    return tuple(replace(each, count=each.count + len(repeated)) if each.kind == kind else each for each in left_out)


def was(text: str, told: Sequence[Told]) -> Was | None:
    """The number that a sentence changes, as it was told last; None when it changes none, or when that is not sure.

    It is sure when an earlier sentence says the same of the same thing, but for one number.

    >>> from digests.model import Basis, Precision
    >>> day = EventDate("2024-10-11", Precision.DAY, Basis.WRITTEN)
    >>> before = Told("s-1", "2.2 million customers are without power in Florida", day)
    >>> was("1.4 million customers are still without power in Florida", [before]).text
    '2.2 million'
    """
    now = numbers.counted(text)
    if not now:
        return None
    content = _plain(text)
    for earlier in reversed(told):
        before = numbers.counted(earlier.text)
        if not before or _alike(content, _plain(earlier.text)) < ALIKE:
            continue
        changed = [(old, new) for of, new in now.items() if (old := before.get(of)) and old.value != new.value]
        if len(changed) == 1:
            return Was(changed[0][0].text, earlier.date)
        if not changed:
            return None
    return None


def _earlier(shown: str, citations: Iterable[Citation], told: Sequence[Told]) -> list[Told]:
    """What of that which a story was told with belongs to what is shown of it now: it has a word or three names in common with
    that, or half of its words stand in an article that is cited, or what was told out of the same article does so.  To a reader
    the rest is another story."""
    line, capitals = _facts(shown), words.all_names(shown)
    texts: list[set[str]] = []

    def belongs(each: Told) -> bool:
        content = _facts(each.text)
        shared = content & line
        if len(shared) >= _NAMES or shared - capitals - words.all_names(each.text):
            return True
        if not texts:  # once for all that was told
            articles = {citation.article.id: citation.article for citation in citations}
            texts.extend(set(words.content(article.text)) for article in articles.values())
        return any(len(content & text) >= _BELONGS * len(content) for text in texts)

    goes_on = [belongs(each) for each in told]
    their = {each.article for each, on in zip(told, goes_on, strict=True) if on and each.article}
    return [each for each, on in zip(told, goes_on, strict=True) if on or each.article in their]


def _facts(text: str) -> set[str]:
    """What a text tells: its content words without its numbers, for a year or an hour stands in anything."""
    return {word for word in words.content(text) if not word[0].isdigit()}


def _update(story: StoryDigest, told: Sequence[Told]) -> StoryDigest:
    shown = " ".join((story.title, *(each.text for each in story.facts)))
    earlier = _earlier(shown, (*story.in_a_line().citations, *(each.citations[0] for each in story.facts)), told)
    if not earlier:
        return story
    best = sorted(range(len(story.bullets)), key=lambda at: -ranking.weight(story.bullets[at].why))[:MOST_BULLETS]
    bullets = tuple(_with_was(story.bullets[at], told) for at in sorted(best))
    lead = _with_was(story.lead, told) if story.lead else None
    return replace(story, status="update", bullets=bullets, lead=lead, earlier=len(earlier))


def _line_update(line: Also, told: Sequence[Told]) -> Also:
    return replace(line, status="update") if _earlier(line.title, line.citations, told) else line


def _with_was(bullet: Bullet, told: Sequence[Told]) -> Bullet:
    return replace(bullet, was=was(bullet.text, told))


def _plain(text: str) -> set[str]:
    """The content words of a sentence without its numbers."""
    return set(words.content(numbers.without(text)))


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
