"""Make a digest of understood articles: select, group, choose, rank, cap.  Once in, once out; the same in, the same out."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from digests import copies, data, edits, extract, query, ranking, stories, windows, words
from digests.allotment import BULLETS_BY_RANK, Cost, allot
from digests.claims import with_pairs
from digests.extract import Candidate, Choice
from digests.model import (
    Also,
    Article,
    Before,
    Bullet,
    Citation,
    Digest,
    Dropped,
    EventDate,
    Kind,
    LeftOut,
    Length,
    Query,
    Story,
    StoryDigest,
    Term,
    Understood,
    Window,
)

BEFORE_A_STORY = 3
HEADLINE_CHARACTERS = 90
HEADLINE_SAID = 0.7
"""Share of a headline's content words that a claim holds when the headline says the same."""
_OLDER_A_DAY = 0.5
"""What a claim's score loses for each day that its report is older than the story's newest."""
_ASKED = 1.0
"""What it gains by holding the words that were asked for."""
_EXAMPLES = 3
_EVERYTHING = Query(Window(None, datetime.max.replace(tzinfo=UTC)))
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
    distinct = _distinct(articles)
    selected = [each for each in distinct if in_window(each, wanted.window, zone) and query.matches(wanted, each)]
    news = [each for each in selected if not each.article.comment]
    told = [each for each in distinct if not each.article.comment]
    composed = [_Composed.of(story, wanted) for story in _of(group(told, grouping), news)]
    untold = [each for each in composed if not each.rows]
    composed = [each for each in composed if each.rows]
    weights = {each.story.id: each.weighed(wanted) for each in composed}
    composed.sort(key=lambda each: -ranking.weight(weights[each.story.id]))
    room = allot([each.cost(wanted.length) for each in composed], wanted.length)
    shown = list(zip(composed, room.bullets, strict=False))
    rest = composed[len(shown) :]
    return Digest(
        title=title,
        zone=zone,
        window=wanted.window,
        day=day,
        stories=tuple(replace(each.drawn(most), why=weights[each.story.id]) for each, most in shown),
        also=tuple(each.one_line() for each in rest[: room.lines]),
        left_out=_left_out(selected, sum(each.repeats(most) for each, most in shown), rest[room.lines :], untold),
        notices=_notices(news, dating_hint),
        sources=sources,
    )


def bullets(articles: Sequence[Understood], *, most: int | None, most_words: int | None) -> list[Bullet]:
    """The best bullets of some articles within a budget, as of one story: the best of each article, newest first, before any
    second one, and nothing twice.

    Args:
        most: bullets at most, ``most_words`` words at most; None for no bound.
    """
    told = _newest_first([each for each in articles if not each.article.comment])
    ranked = _ranked(Story("", tuple(told)), _EVERYTHING) if told else []
    lanes = [extract.choose([each for each in ranked if each.claim.article is one.article], None) for one in told]
    taken: list[Candidate] = []
    room = math.inf if most_words is None else most_words
    for choice in (choice for rank in itertools.zip_longest(*lanes) for choice in rank if choice):
        length = len(choice.chosen.claim.text.split())
        if (most is None or len(taken) < most) and length <= room and not any(choice.chosen.says(each) for each in taken):
            taken.append(choice.chosen)
            room -= length
    return [_bullet(Choice(each, tuple(other for other in ranked if other is not each and other.says(each)))) for each in taken]


def group(articles: Sequence[Understood], grouping: Mapping[str, str] | None = None) -> list[Story]:
    """The stories of the articles, each with its articles newest first, the one with the newest article first.

    Args:
        grouping: story id of each article id, where they are known; an article that it does not know is a story of its own.
    """
    newest_first = _newest_first(articles)
    members: dict[str, list[Understood]] = {}
    if grouping is None:
        for first, each in zip(clusters(newest_first), newest_first, strict=True):
            members.setdefault(str(first), []).append(each)
        return [Story(story_id(each[-1].article.id), tuple(each)) for each in members.values()]
    for each in newest_first:
        members.setdefault(grouping.get(each.article.id) or story_id(each.article.id), []).append(each)
    return [Story(name, tuple(each)) for name, each in members.items()]


def clusters(articles: Sequence[Understood]) -> list[int]:
    """For each article the index of the first article of its story."""
    return same_event([each.article for each in articles])


def same_event(articles: Sequence[Article]) -> list[int]:
    """As ``clusters``, of articles that nobody has understood yet."""
    return stories.group([stories.Telling(each.title, each.text, each.published_day) for each in articles])


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
    day = windows.of_day(article.published_day, zone)
    return (day.start is None or day.start < window.end) and (window.start is None or window.start < day.end)


def _newest_first(articles: Sequence[Understood]) -> list[Understood]:
    """The articles by publication, then by id, so that the order in which they came in decides nothing."""
    by_id = sorted(articles, key=lambda each: (each.article.id, each.article.outlet, each.article.title, each.article.text))
    undated = datetime.min.replace(tzinfo=UTC)
    return sorted(by_id, key=lambda each: ranking.published(each.article) or undated, reverse=True)


def _distinct(articles: Sequence[Understood]) -> list[Understood]:
    """One article for each address; the longest text of it."""
    best: dict[str, Understood] = {}
    for each in _newest_first(articles):
        key = re.sub(r"^https?://(www\.)?", "", each.article.url) if each.article.url else each.article.id
        if key not in best or len(each.article.text) > len(best[key].article.text):
            best[key] = each
    return list(best.values())


def _of(stories_: Sequence[Story], wanted: Collection[Understood]) -> list[Story]:
    """The stories of the wanted articles.  What belongs together does not depend on what is asked for, so that a story keeps
    its name from one question to the next."""
    ids = {each.article.id for each in wanted}
    left = [(story.id, tuple(each for each in story.articles if each.article.id in ids)) for story in stories_]
    return [Story(name, kept) for name, kept in left if kept]


@dataclass(frozen=True, slots=True)
class _Composed:
    """A story with its chosen claims, before it is known how many of them there is room for."""

    story: Story
    title: str
    url: str | None
    cited: Citation | None
    lead: Choice | None
    choices: tuple[Choice, ...]
    outlets: tuple[str, ...]
    origins: tuple[str, ...]

    @classmethod
    def of(cls, story: Story, wanted: Query) -> _Composed:
        ranked = _ranked(story, wanted)
        headline = _headline(story, ranked)
        told = headline[1] if headline else None
        chosen = extract.choose(ranked, _enough(wanted.length), told)
        if headline:
            title, url = " ".join(headline[0].article.title.split()), headline[0].article.url
            cited = told.claim.citation if told else headline[0].claims[0].citation
            lead, choices = (chosen[0], chosen[1:]) if told else (None, chosen)
        elif chosen:
            lead, choices = chosen[0], chosen[1:]
            title, url, cited = lead.chosen.claim.text, lead.chosen.claim.article.url, lead.chosen.claim.citation
        else:
            title, url, cited, lead, choices = "", None, None, None, []
        outlets = tuple(dict.fromkeys(each.article.outlet for each in story.articles))
        return cls(story, title, url, cited, lead, tuple(choices), outlets, _origins(story))

    @property
    def rows(self) -> list[Choice]:
        """All that may be shown, best first; empty when no sentence of the story can stand alone."""
        return [*([self.lead] if self.lead else []), *self.choices]

    def weighed(self, wanted: Query) -> tuple[Term, ...]:
        """Why the story stands where it does."""
        first = [text for each in self.story.articles for text in (each.article.title, *_first_quote(each))]
        topic = max(query.share(wanted, text) for text in first) if wanted.words else None
        return ranking.weigh(self.story.articles, len(self.outlets), len(self.origins), wanted.window.end, topic)

    def drawn(self, most: int | None) -> StoryDigest:
        lead = _bullet(self.lead) if self.lead else None
        bullets = [_bullet(choice) for choice in self.choices[:most]]
        place = {each.article.id: at for at, each in enumerate(self.story.articles)}
        bullets.sort(key=lambda bullet: (place[bullet.citations[0].article.id], bullet.citations[0].start))
        if all(each.article.published_day for each in self.story.articles):
            bullets.sort(key=_day_of, reverse=True)
        return StoryDigest(
            id=self.story.id,
            title=self.title,
            url=self.url,
            bullets=tuple(bullets),
            lead=lead,
            cited=self.cited,
            outlets=len(self.outlets),
            origins=self.origins,
            first_reported_by=next((each.first_reported_by for each in self.story.articles if each.first_reported_by), None),
            before=_before(self.story, [*bullets, *([lead] if lead else [])]),
            articles=tuple(each.article.id for each in self.story.articles),
        )

    def one_line(self) -> Also:
        """The story line alone: dated by the fact that it tells, or by its report where no chosen claim says the same."""
        if self.lead:
            lead = _bullet(self.lead)
            return Also(self.story.id, self.title, self.url, lead.date, lead.citations)
        assert self.cited is not None, "a story without a lead has a headline"
        reported = EventDate.of_report(self.cited.article.published_day)
        return Also(self.story.id, self.title, self.url, reported, (self.cited,))

    def repeats(self, most: int | None) -> int:
        """How many claims say what the line or the first bullets say."""
        lead = [self.lead] if self.lead else []
        return sum(len(choice.twins) for choice in (*lead, *self.choices[:most]))

    def cost(self, length: Length) -> Cost:
        """What the story takes of a post."""
        least = 0 if self.lead and (length is Length.SHORT or not self.choices) else 1
        lead = _source_words(self.lead) if self.lead else 0
        bullets = (len(each.chosen.claim.text.split()) + _source_words(each) for each in self.choices)
        return Cost(len(self.title.split()) + lead, tuple(bullets), least)


def _source_words(choice: Choice) -> int:
    """About how many words who says it, the outlet and the days take."""
    claim = choice.chosen.claim
    return len((claim.attribution.said_by or "").split()) + len(claim.article.outlet.split()) + 2


def _enough(length: Length) -> int | None:
    """How many claims of a story are looked for: all, or what a post may show, its line included."""
    return None if length is Length.FULL else 1 + BULLETS_BY_RANK[0]


def _first_quote(understood: Understood) -> tuple[str, ...]:
    return tuple(claim.citation.quote for claim in understood.claims[:1])


def _ranked(story: Story, wanted: Query) -> list[Candidate]:
    """All claims of a story that could be bullets, best first: those that other outlets support, of newer reports, about
    what was asked for.

    At full length a bullet may be long, and may join a sentence that leans on the one before to it.
    """
    full = wanted.length is Length.FULL
    contents = [words.content(each.article.text) for each in story.articles]
    rarity = words.Rarity(contents if len(contents) > 1 else ())
    newest = max((each.article.published_day for each in story.articles if each.article.published_day), default=None)
    found: list[Candidate] = []
    for at, each in enumerate(story.articles):
        around = [word for other, content in enumerate(contents) if other != at for word in content]
        day = each.article.published_day
        older = (newest - day).days if newest and day else 0
        found += [
            replace(
                candidate, score=candidate.score - _OLDER_A_DAY * older + _ASKED * query.share(wanted, candidate.claim.text)
            )
            for candidate in extract.candidates(
                with_pairs(each) if full else each,
                rarity,
                around,
                most_words=None if full else extract.LONGEST_WORDS,
                content=contents[at],
            )
        ]
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
    numbers = _numbers(claim.text)
    seen = {claim.article.outlet}
    further = []
    for twin in choice.twins:
        other = twin.claim
        agrees = not claim.date.leads or _when(other.date) == _when(claim.date)
        if other.article.outlet not in seen and agrees and numbers <= _numbers(other.citation.quote):
            seen.add(other.article.outlet)
            further.append(other)
    return Bullet.of(claim, *further)


def _when(day: EventDate) -> tuple[str | None, bool] | None:
    return (day.value, day.planned) if day.leads else None


def _numbers(text: str) -> set[str]:
    """The numbers of a text, in digits or words."""
    named: dict[str, int] = data.table("dates.en.toml")["values"]["number"]
    return words.numbers(text) | {word for word in words.tokens(text) if named.get(word, 0) > 1}


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


def _before(story: Story, shown: Sequence[Bullet]) -> tuple[Before, ...]:
    """At most three dated phrases of what came before the story, oldest first; none that a shown bullet tells."""
    first = min((each.article.published_day for each in story.articles if each.article.published_day), default=None)
    told = [set(words.content(bullet.text)) for bullet in shown if bullet.date.leads]
    found: dict[frozenset[str], Before] = {}
    for phrase in (phrase for each in story.articles for claim in each.claims for phrase in claim.background):
        content = set(words.content(phrase.text))
        recent = first is not None and any(day.last_day and day.last_day >= first - _NEWS for day in phrase.dates)
        if not recent and not any(content <= each for each in told):
            found.setdefault(frozenset(day.value or day.partial or day.words for day in phrase.dates), phrase)
    phrases = list(found.values())
    finest = [each for each in phrases if not any(_holds(other, each) for other in phrases if other is not each)]
    return tuple(sorted(finest[:BEFORE_A_STORY], key=lambda phrase: phrase.dates[0].first_day or date.max))


def _holds(fine: Before, coarse: Before) -> bool:
    """Whether a phrase tells all that a coarser one does: its words, and a day within each of its days."""
    if not set(words.content(coarse.text)) <= set(words.content(fine.text)):
        return False
    return all(any(_within(day, each) for day in fine.dates) for each in coarse.dates)


def _within(day: EventDate, other: EventDate) -> bool:
    if day.first_day is None or other.first_day is None or other.last_day is None:
        return False
    return other.first_day <= day.first_day <= other.last_day


def _left_out(
    selected: Sequence[Understood], repeats: int, capped: Sequence[_Composed], untold: Sequence[_Composed]
) -> tuple[LeftOut, ...]:
    """What the digest does not show, by kind, most important kind first."""
    dropped = [each for understood in selected if not understood.article.comment for each in understood.dropped]
    columns = [each.article.title for each in selected if each.article.comment]
    counts = Counter(each.kind for each in dropped)
    counts[Kind.REPEATED] += repeats
    counts[Kind.COMMENT] += len(columns)
    examples = {
        kind: (*(columns if kind is Kind.COMMENT else ()), *(_short(each) for each in dropped if each.kind is kind))
        for kind in Kind
    }
    left_out = [
        LeftOut(str(kind), counts[kind], tuple(each for each in examples[kind] if each)[:_EXAMPLES])
        for kind in (Kind.REPEATED, Kind.COMMENT, Kind.BACKGROUND, Kind.CAPTION, Kind.FURNITURE)
        if counts[kind]
    ]
    if untold:
        titles = [each.story.articles[0].article.title for each in untold]
        left_out.insert(0, LeftOut("headline", len(untold), tuple(title for title in titles if title.strip())[:_EXAMPLES]))
    if capped:
        left_out.insert(0, LeftOut("capped", len(capped), tuple(each.title for each in capped[:_EXAMPLES])))
    return tuple(left_out)


def _short(dropped: Dropped) -> str:
    text = " ".join(dropped.citation.quote.split())
    return text if len(text) <= 100 else text[:99].rsplit(" ", 1)[0] + "…"


def _notices(articles: Sequence[Understood], hint: str) -> tuple[str, ...]:
    """What the reader must know first: days that could not be completed for want of a publication date.

    The hint helps only where no article has one.
    """
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
    if len(undated) < len(articles):
        return (f"No publication date found in {len(undated)} of {len(articles)} articles, so {dates} could not be completed.",)
    return (f"No publication date found, so {dates} could not be completed. {hint}".strip(),)
