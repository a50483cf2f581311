"""Make a digest of understood articles: select, group, choose, rank, cap.  Once in, once out; the same in, the same out."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digests import copies, edits, extract, query, ranking, stories, words
from digests.extract import Candidate, Choice
from digests.model import (
    Also,
    Before,
    Bullet,
    Citation,
    Digest,
    Dropped,
    Kind,
    LeftOut,
    Length,
    Query,
    Story,
    StoryDigest,
    Understood,
    Window,
)

MOST_STORIES = 10
MOST_BULLETS = 25
MOST_WORDS = 350
MOST_ALSO = 10
BULLETS_A_STORY = 3
BEFORE_A_STORY = 3
HEADLINE_CHARACTERS = 90
HEADLINE_SAID = 0.7
"""Share of a headline's content words that a claim holds when the headline says the same."""
_OLDER_A_DAY = 0.3
"""What a claim's score loses for each day that its report is older than the story's newest."""
_EXAMPLES = 3
_NEWS = timedelta(days=3)
"""What happened in these days before a story's first report is the story itself, not what came before it."""


def make(
    articles: Sequence[Understood],
    wanted: Query,
    *,
    title: str,
    zone: str,
    day: date | None,
    grouping: Mapping[str, str] | None = None,
    sources: tuple[int, int] | None = None,
    dating_hint: str = "",
) -> Digest:
    """The digest of the articles that a query wants.

    Args:
        zone: IANA name; the reader's, in which days and times are written.
        day: from which "within 7 days" is counted; None writes every day in full.
        grouping: story id of each article id, where an archive has grouped them; else they are grouped here.
        sources: (answered, asked), where sources were polled for it.
        dating_hint: how this place takes a missing publication date, e.g. "Add one: `--published 2024-10-13`".
    """
    selected = [each for each in _distinct(articles) if in_window(each, wanted.window, zone) and query.matches(wanted, each)]
    news = [each for each in selected if not each.article.comment]
    composed = [_Composed.of(story) for story in group(news, grouping)]
    composed = [each for each in composed if each.choices or each.lead]
    weights = {
        each.story.id: ranking.weigh(each.story.articles, len(each.outlets), len(each.origins), wanted.window.end)
        for each in composed
    }
    composed.sort(key=lambda each: -ranking.weight(weights[each.story.id]))
    shown, rest = _fit(composed, wanted.length)
    also = rest[:MOST_ALSO]
    return Digest(
        title=title,
        zone=zone,
        window=wanted.window,
        day=day,
        stories=tuple(replace(each.drawn(most), why=weights[each.story.id]) for each, most in shown),
        also=tuple(each.one_line() for each in also),
        left_out=_left_out(selected, composed, rest[MOST_ALSO:]),
        notices=_notices(news, dating_hint),
        sources=sources,
    )


def bullets(articles: Sequence[Understood], *, most: int | None, most_words: int | None) -> list[Bullet]:
    """The best bullets of some articles within a budget, in reading order: the best of each story before any second one.

    Args:
        most: bullets at most, ``most_words`` words at most; None for no bound.
    """
    composed = [_Composed.of(story) for story in group([each for each in articles if not each.article.comment])]
    rows = [[*([each.lead] if each.lead else []), *each.choices] for each in composed]
    taken: list[Choice] = []
    room = math.inf if most_words is None else most_words
    for rank in range(max(map(len, rows), default=0)):
        for choice in (row[rank] for row in rows if rank < len(row)):
            length = len(choice.chosen.claim.text.split())
            if (most is None or len(taken) < most) and length <= room:
                taken.append(choice)
                room -= length
    return [_bullet(choice) for choice in taken]


def group(articles: Sequence[Understood], grouping: Mapping[str, str] | None = None) -> list[Story]:
    """The stories of the articles, each with its articles newest first; by the given grouping where it knows an article."""
    newest_first = sorted(
        articles, key=lambda each: _published(each.article.published_at, each.article.published_day), reverse=True
    )
    if grouping is None:
        tellings = [stories.Telling(each.article.title, each.article.text, each.article.published_day) for each in newest_first]
        names = [str(first) for first in stories.group(tellings)]
    else:
        names = [grouping.get(each.article.id, each.article.id) for each in newest_first]
    members: dict[str, list[Understood]] = {}
    for name, each in zip(names, newest_first, strict=True):
        members.setdefault(name, []).append(each)
    return [
        Story(name if grouping is not None else story_id(each[-1].article.id), tuple(each)) for name, each in members.items()
    ]


def clusters(articles: Sequence[Understood]) -> list[int]:
    """For each article the index of the first article of its story."""
    tellings = [stories.Telling(each.article.title, each.article.text, each.article.published_day) for each in articles]
    return stories.group(tellings)


def story_id(article_id: str) -> str:
    """The stable name of a story: made from the id of its first article."""
    return "s-" + hashlib.blake2s(article_id.encode(), digest_size=4).hexdigest()


def in_window(understood: Understood, window: Window, zone: str) -> bool:
    """Whether an article was published in the window; one without any date always is.

    A bare day counts when any instant of it, in ``zone``, lies in the window.
    """
    article = understood.article
    if article.published_at is not None:
        return article.published_at in window
    if article.published_day is None:
        return True
    begin = datetime.combine(article.published_day, time(0), ZoneInfo(zone)).astimezone(UTC)
    return begin < window.end and (window.start is None or begin + timedelta(days=1) > window.start)


def _published(instant: datetime | None, day: date | None) -> datetime:
    if instant is not None:
        return instant
    return datetime.combine(day, time(12), UTC) if day else datetime.min.replace(tzinfo=UTC)


def _distinct(articles: Sequence[Understood]) -> list[Understood]:
    """One article for each address; the longest text of it."""
    best: dict[str, Understood] = {}
    for each in articles:
        key = re.sub(r"^https?://(www\.)?", "", each.article.url) if each.article.url else each.article.id
        if key not in best or len(each.article.text) > len(best[key].article.text):
            best[key] = each
    return list(best.values())


@dataclass(frozen=True, slots=True)
class _Composed:
    """A story with its chosen claims, before it is known how many of them there is room for."""

    story: Story
    title: str
    url: str | None
    cited: Citation | None
    lead: Choice | None
    choices: tuple[Choice, ...]
    repeated: int
    outlets: tuple[str, ...]
    origins: tuple[str, ...]

    @classmethod
    def of(cls, story: Story) -> _Composed:
        ranked = _ranked(story)
        headline = _headline(story, ranked)
        told = headline[1] if headline else None
        order = [told, *(other for other in ranked if other is not told)] if told else ranked
        chosen = extract.choose(order, None)
        if headline:
            title, url = headline[0].article.title.strip(), headline[0].article.url
            cited = told.claim.citation if told else headline[0].claims[0].citation
            lead, choices = (chosen[0], chosen[1:]) if told else (None, chosen)
        elif chosen:
            lead, choices = chosen[0], chosen[1:]
            title, url, cited = lead.chosen.claim.text, lead.chosen.claim.article.url, lead.chosen.claim.citation
        else:
            title, url, cited, lead, choices = "", None, None, None, []
        outlets = tuple(dict.fromkeys(each.article.outlet for each in story.articles))
        repeated = sum(len(choice.twins) for choice in chosen)
        return cls(story, title, url, cited, lead, tuple(choices), repeated, outlets, _origins(story))

    def drawn(self, most: int | None) -> StoryDigest:
        lead = _bullet(self.lead) if self.lead else None
        bullets = [_bullet(choice) for choice in self.choices[:most]]
        if all(each.article.published_day for each in self.story.articles):
            bullets.sort(key=_day_of, reverse=True)
        else:
            bullets.sort(key=lambda bullet: (bullet.citations[0].article.id, bullet.citations[0].start))
        return StoryDigest(
            id=self.story.id,
            title=self.title,
            url=self.url,
            bullets=tuple(bullets),
            lead=lead,
            cited=self.cited,
            outlets=len(self.outlets),
            origins=self.origins,
            first_reported_by=next((credit for credit in map(_first_reported, self.story.articles) if credit), None),
            before=_before(self.story, [*bullets, *([lead] if lead else [])]),
            articles=tuple(each.article.id for each in self.story.articles),
        )

    def one_line(self) -> Also:
        shown = self.lead or self.choices[0]
        return Also(self.story.id, self.title, self.url, shown.chosen.claim.date, _bullet(shown).citations)

    def words(self, most: int) -> int:
        return sum(len(text.split()) for text in (self.title, *(each.chosen.claim.text for each in self.choices[:most])))


def _ranked(story: Story) -> list[Candidate]:
    """All claims of a story that could be bullets, best first: those that other outlets support, of newer reports."""
    contents = [words.content(each.article.text) for each in story.articles]
    rarity = words.Rarity(contents if len(contents) > 1 else ())
    newest = max((each.article.published_day for each in story.articles if each.article.published_day), default=None)
    found: list[Candidate] = []
    for at, each in enumerate(story.articles):
        around = [word for other, content in enumerate(contents) if other != at for word in content]
        day = each.article.published_day
        older = (newest - day).days if newest and day else 0
        ranked = extract.candidates(each, rarity, around, content=contents[at])
        if older:
            ranked = [replace(candidate, score=candidate.score - _OLDER_A_DAY * older) for candidate in ranked]
        found += ranked
    return sorted(found, key=lambda candidate: -candidate.score)


def _headline(story: Story, ranked: Sequence[Candidate]) -> tuple[Understood, Candidate | None] | None:
    """The article whose headline serves as story line, with the claim that says the same, if one does."""
    best: dict[str, float] = {}
    for candidate in ranked:
        best.setdefault(candidate.claim.article.id, candidate.score)
    for each in sorted(story.articles, key=lambda each: -best.get(each.article.id, -99.0)):
        title = each.article.title.strip()
        if not each.claims or not 0 < len(title) <= HEADLINE_CHARACTERS:
            continue
        if edits.headline_serves(title, [claim.citation.quote for claim in each.claims[:3]]):
            content = set(words.content(title))
            own = [candidate for candidate in ranked if candidate.claim.article is each.article]
            said = [candidate for candidate in own if len(content & candidate.content) >= HEADLINE_SAID * len(content)]
            return each, (said[0] if said else None)
    return None


def _bullet(choice: Choice) -> Bullet:
    """The bullet of a choice; of its twins, those of other outlets that hold its numbers and its day are cited too."""
    claim = choice.chosen.claim
    numbers = words.numbers(claim.text)
    seen = {claim.article.outlet}
    further = []
    for twin in choice.twins:
        other = twin.claim
        agrees = not other.date.leads or not claim.date.leads or other.date.value == claim.date.value
        if other.article.outlet not in seen and agrees and numbers <= words.numbers(other.citation.quote):
            seen.add(other.article.outlet)
            further.append(other)
    return Bullet.of(claim, *further)


def _day_of(bullet: Bullet) -> date:
    """The day by which bullets of a story are ordered: a plan stands with its report."""
    report = bullet.citations[0].article.published_day or date.min
    return (bullet.date.first_day or report) if bullet.date.leads and not bullet.date.planned else report


def _origins(story: Story) -> tuple[str, ...]:
    """Where the story's news come from: whom its articles credit; an outlet that credits nobody, and copies none, itself."""
    oldest_first = story.articles[::-1]
    originals = copies.group([each.article.text for each in oldest_first])
    credited: dict[int, list[str]] = {}
    for original, each in zip(originals, oldest_first, strict=True):
        credited.setdefault(original, []).extend((*each.origins, *each.article.origins))
    found: dict[str, str] = {}
    for original, names in credited.items():
        for name in names or [oldest_first[original].article.outlet]:
            found.setdefault(re.sub(r"^the ", "", name.casefold()), name)
    return tuple(found.values())


def _first_reported(understood: Understood) -> str | None:
    return next(
        (claim.attribution.first_reported_by for claim in understood.claims if claim.attribution.first_reported_by), None
    )


def _before(story: Story, shown: Sequence[Bullet]) -> tuple[Before, ...]:
    """At most three dated phrases of what came before the story, oldest first; none that a shown bullet tells."""
    first = min((each.article.published_day for each in story.articles if each.article.published_day), default=None)
    told = [set(words.content(bullet.text)) for bullet in shown if bullet.date.leads]
    found: dict[tuple[str | None, ...], Before] = {}
    for phrase in (phrase for each in story.articles for claim in each.claims for phrase in claim.background):
        content = set(words.content(phrase.text))
        recent = first is not None and any(day.last_day and day.last_day >= first - _NEWS for day in phrase.dates)
        if not recent and not any(content <= each for each in told):
            found.setdefault(tuple(day.value or day.partial or day.words for day in phrase.dates), phrase)
    return tuple(sorted(list(found.values())[:BEFORE_A_STORY], key=lambda phrase: phrase.dates[0].first_day or date.max))


def _fit(composed: Sequence[_Composed], length: Length) -> tuple[list[tuple[_Composed, int | None]], list[_Composed]]:
    """Which stories are shown and with how many bullets, and the rest.

    Every story gets its line and a first bullet before any gets its second: breadth before depth.
    """
    if length is Length.FULL:
        return [(each, None) for each in composed], []
    shown: list[_Composed] = []
    room = {}
    total = bullets = 0
    for each in composed[:MOST_STORIES]:
        first = 0 if each.lead and (length is Length.SHORT or not each.choices) else 1
        if shown and (total + each.words(first) > MOST_WORDS or bullets + first > MOST_BULLETS):
            break
        shown.append(each)
        room[each.story.id] = first
        total += each.words(first)
        bullets += first
    if length is Length.NORMAL:
        for most in range(2, BULLETS_A_STORY + 1):
            for each in shown:
                more = each.words(most) - each.words(most - 1)
                if (
                    len(each.choices) >= most
                    and total + more <= MOST_WORDS
                    and bullets < MOST_BULLETS
                    and room[each.story.id] == most - 1
                ):
                    room[each.story.id] = most
                    total += more
                    bullets += 1
    return [(each, room[each.story.id]) for each in shown], list(composed[len(shown) :])


def _left_out(
    selected: Sequence[Understood], composed: Sequence[_Composed], capped: Sequence[_Composed]
) -> tuple[LeftOut, ...]:
    """What the digest does not show, by kind, most important kind first."""
    dropped = [each for understood in selected if not understood.article.comment for each in understood.dropped]
    columns = [each.article.title for each in selected if each.article.comment]
    counts = Counter(each.kind for each in dropped)
    counts[Kind.REPEATED] += sum(each.repeated for each in composed)
    counts[Kind.COMMENT] += len(columns)
    examples = {
        kind: (*(columns if kind is Kind.COMMENT else ()), *(_short(each) for each in dropped if each.kind is kind))
        for kind in Kind
    }
    left_out = [
        LeftOut(str(kind), counts[kind], tuple(examples[kind])[:_EXAMPLES])
        for kind in (Kind.REPEATED, Kind.COMMENT, Kind.BACKGROUND, Kind.CAPTION, Kind.FURNITURE)
        if counts[kind]
    ]
    if capped:
        left_out.insert(0, LeftOut("capped", len(capped), tuple(each.title for each in capped[:_EXAMPLES])))
    return tuple(left_out)


def _short(dropped: Dropped) -> str:
    text = " ".join(dropped.citation.quote.split())
    return text if len(text) <= 100 else text[:99].rsplit(" ", 1)[0] + "…"


def _notices(articles: Sequence[Understood], hint: str) -> tuple[str, ...]:
    """What the reader must know first: days that could not be completed for want of a publication date."""
    undated = [each for each in articles if each.article.published_day is None]
    unclear = {
        (each.article.id, day.words)
        for each in undated
        for claim in each.claims
        for day in (claim.date, *(day for phrase in claim.background for day in phrase.dates))
        if day.value is None and day.words
    }
    if not unclear:
        return ()
    dates = "1 date" if len(unclear) == 1 else f"{len(unclear)} dates"
    return (f"No publication date found, so {dates} could not be completed. {hint}".strip(),)
