"""Make a digest of understood articles: select, group, choose, rank, cap.  Once in, once out; the same in, the same out."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Self

from digests import copies, edits, extract, query, ranking, stories, windows
from digests.allotment import LINES_KEPT, Cost, allot
from digests.composing import Composed, Outline, bullet_of, ranked_claims
from digests.extract import Candidate, Choice
from digests.likeness import Telling
from digests.model import (
    Article,
    Bullet,
    Digest,
    Dropped,
    Kind,
    LeftOut,
    Length,
    Order,
    Query,
    Story,
    Term,
    Understood,
    Unshown,
    Window,
)
from digests.reporting import is_report
from digests.wishes import NOTHING, Report, Wishes

_EXAMPLES = 3
_OFTEN = 2  # articles of an outlet
_SEVERAL = 2  # headlines by which a post is judged
_TOUCHES = 0.5  # how far what is not soft is of public affairs at least
_QUOTES = ("‘", "“", "'", '"', "„", "«")
_UNDATED = datetime.min.replace(tzinfo=UTC)
EVER = Window(None, datetime.max.replace(tzinfo=UTC))
"""All of time, as far as a calendar goes."""


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
    wishes: Wishes = NOTHING,
    order: Order = Order.WEIGHT,
    let_in: Window | None = None,
    told: Collection[str] = (),
    on_topic: bool = False,
) -> Digest:
    """The digest of the articles that a query wants.

    Args:
        zone: IANA name; the reader's, in which days and times are written.
        day: from which "within 7 days" is counted; None writes every day in full.
        grouping: story id of each article id, where an archive has grouped them; else they are grouped here.
        sources: (answered, asked), where sources were polled for it.
        dating_hint: how this place takes a missing publication date, e.g. "Add one: `--published 2024-10-13`".
        wishes: what the one reader of this digest follows and mutes.
        order: of its stories; what has no bullet comes last, but for hard news, and with ``newest`` what is followed first.
        let_in: what was published then is let in; None for the query's window.  An archive has cut already, by instants that it
            knows better than articles do, and gives ``EVER``.
        told: ids of the stories that its readers were told of before.
        on_topic: somebody asked for what the articles are about, though the query has no words: a topic that its sources carry.
    """
    inside = [each for each in articles if in_window(each, let_in or wanted.window, zone) and query.matches(wanted, each)]
    selected, again = _distinct(inside)
    news = [each for each in selected if not each.article.comment]
    found = _of(group([each for each in articles if not each.article.comment], grouping), news)
    read = [(story, wishes.readable(story)) for story in found]
    gone = _gone(read)
    selected, news = ([each for each in some if each.article.id not in gone] for some in (selected, news))
    muted = [story for story, left in read if left is None]
    outlines = [Outline.of(left, wanted) for _, left in read if left]
    line_up = _LineUp.of(outlines, wanted, wishes, order, told)
    room = allot(line_up.costs(), len(line_up.ranked), wanted.length)
    republished = [each.article.title for each in news for _ in again.get(each.article.id, ())]
    full = wanted.length is Length.FULL
    reported = [each for each in selected if full or is_report(each)]  # what is none is told, and counted, as a whole
    columns = [each for each in selected if each.article.comment]
    columns += [each for one in outlines if one.reports for each in one.story.articles if not is_report(each)]
    shown = [(line_up.composed[rank], most) for rank, most in room.bullets.items()]
    often = _reporting_often(news)
    lines = [line_up.composed[rank] for rank in room.lines]
    placed = {each.story.id for each in (*(each for each, _ in shown), *lines)} | {each.story.id for each in line_up.untold}
    capped = [each.story for each in line_up.ranked if each.story.id not in placed]
    asked = on_topic or bool(wanted.words)
    if not capped:
        further = _further(line_up.untold, wanted, room.words_left, len(shown) + len(lines), asked=asked)
        hard = [at for at, each in enumerate(lines, 1) if each.outline.affairs >= 1]
        at = len(lines) if asked or not hard else hard[-1]  # behind the last that is hard news as they are
        lines[at:at] = further
    also = sorted(lines, key=lambda each: each.line_only and often.isdisjoint(each.outlets))
    if order is Order.WEIGHT and not (full or asked):
        shown, also = line_up.put_down(shown, also)
    untold = [each.story for each in line_up.untold if each.story.id not in {line.story.id for line in also}]
    return Digest(
        title=title,
        zone=zone,
        window=wanted.window,
        day=day,
        stories=tuple(replace(each.drawn(most), why=line_up.weights[each.story.id]) for each, most in shown),
        also=tuple(each.one_line() for each in also),
        left_out=_left_out(
            reported, columns, republished, sum(each.repeats(most) for each, most in shown), capped, untold, muted
        ),
        notices=_notices(news, dating_hint),
        sources=sources,
    )


@dataclass(slots=True)  # it fills as its stories are asked for
class _LineUp:
    """The stories of a digest in the order in which room is looked for, each composed when its turn comes.

    Args:
        ranked: those of which something may be shown, most important first; what only the headline of one outlet tells comes
            last, unless it is hard news.
        weights: why each of them stands where it does, by its id.
        bare: those of which no claim can be shown, composed already, by id.
        composed: those that were asked for so far, in the order of ``costs``.
        untold: of which nothing can be shown, as far as that is known.
    """

    ranked: Sequence[Outline]
    weights: Mapping[str, tuple[Term, ...]]
    bare: Mapping[str, Composed]
    wanted: Query
    composed: list[Composed]
    untold: list[Outline]

    @classmethod
    def of(cls, outlines: Sequence[Outline], wanted: Query, wishes: Wishes, order: Order, told: Collection[str] = ()) -> Self:
        bare = {each.story.id: each.composed(wanted) for each in outlines if not each.tells(wanted)}
        lines = {name for name, each in bare.items() if each.headline_only}
        untold = [each for each in outlines if each.story.id in bare.keys() - lines]
        ranked = [each for each in outlines if each.story.id not in bare or each.story.id in lines]
        followed = {each.story.id for each in ranked if _is_followed(each.story, wishes)}
        names = [each.story.id for each in ranked]
        weights = {
            name: each.weighed(wanted, followed=name in followed, told=name in told)
            for name, each in zip(names, ranked, strict=True)
        }
        ranked.sort(key=lambda each: -ranking.weight(weights[each.story.id]))
        if order is Order.NEWEST:
            ranked.sort(key=lambda each: ranking.newest(each.story.articles) or _UNDATED, reverse=True)
            ranked.sort(key=lambda each: each.story.id not in followed)
        low = {name for name in lines if not ranking.is_hard_news(weights[name])}
        ranked.sort(key=lambda each: each.story.id in low and not each.widely_told)
        return cls(ranked, weights, bare, wanted, [], untold)

    def costs(self) -> Iterator[Cost]:
        """What each story takes.  It is composed when it is asked for: of a busy day there is room for a few.

        Those of which nothing but the headline of one outlet can be shown come last, unless it is hard news and tells
        something; of those that come last the ones whose headline does either come first.  Those of which nothing can be shown
        are put with what is untold.
        """
        lines_only: list[Composed] = []
        for each in self.ranked:
            found = self.bare.get(each.story.id) or each.composed(self.wanted)
            hard = found.line_only and self._is_hard(found) and edits.headline_tells(found.title)
            if found.line_only and not (hard or each.widely_told):
                lines_only.append(found)
            elif found.rows or found.headline_only:
                self.composed.append(found)
                yield found.cost(self.wanted.length)
            else:
                self.untold.append(each)
        for found in sorted(lines_only, key=lambda each: not (edits.headline_tells(each.title) or self._is_hard(each))):
            self.composed.append(found)
            yield found.cost(self.wanted.length)

    def put_down(
        self, shown: list[tuple[Composed, int | None]], lines: list[Composed]
    ) -> tuple[list[tuple[Composed, int | None]], list[Composed]]:
        """The stories and the one-liners of a post in which no soft story of one outlet and one line stands above headlines
        that touch public affairs: it stands among the one-liners, behind the last of these.  One such headline is too few to
        judge a post by, and some story stays above."""
        touching = [at for at, each in enumerate(lines, 1) if each.headline_only and each.outline.affairs >= _TOUCHES]
        soft = [each for each, most in shown if self._is_soft_line(each, most)]
        if len(touching) < _SEVERAL or not soft or len(soft) == len(shown):
            return shown, lines
        kept = [(each, most) for each, most in shown if each not in soft]
        return kept, [*lines[: touching[-1]], *soft, *lines[touching[-1] :]]

    def _is_soft_line(self, told: Composed, most: int | None) -> bool:
        lone = len(told.outlets) == 1 and told.lead is not None and not told.choices[:most]
        return lone and all(each.term in ranking.SOFT for each in self.weights[told.story.id])

    def _is_hard(self, told: Composed) -> bool:
        return ranking.is_hard_news(self.weights[told.story.id])


def bullets(articles: Sequence[Understood], *, most: int | None, most_words: int | None) -> list[Bullet]:
    """The best bullets of some articles within a budget, as of one story: the best of each article, newest first, before any
    second one, and nothing twice.

    Args:
        most: bullets at most, ``most_words`` words at most; None for no bound.
    """
    told = _newest_first([each for each in articles if not each.article.comment])
    ranked = ranked_claims(Story("", tuple(told)), Query(EVER)) if told else []
    lanes = [extract.choose([each for each in ranked if each.claim.article is one.article], None) for one in told]
    taken: list[Candidate] = []
    room = math.inf if most_words is None else most_words
    for choice in (choice for rank in itertools.zip_longest(*lanes) for choice in rank if choice):
        length = len(choice.chosen.claim.text.split())
        if (most is None or len(taken) < most) and length <= room and not any(choice.chosen.says(each) for each in taken):
            taken.append(choice.chosen)
            room -= length
    return [
        bullet_of(Choice(each, tuple(other for other in ranked if other is not each and other.says(each)))) for each in taken
    ]


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
        return [Story(stories.story_id(each[-1].article.id), tuple(each)) for each in members.values()]
    for each in newest_first:
        members.setdefault(grouping.get(each.article.id) or stories.story_id(each.article.id), []).append(each)
    return [Story(name, tuple(each)) for name, each in members.items()]


def clusters(articles: Sequence[Understood]) -> list[int]:
    """For each article the index of the first article of its story."""
    return stories.group([_telling(each.article, report=is_report(each)) for each in articles])


def same_event(articles: Sequence[Article]) -> list[int]:
    """As ``clusters``, of articles that nobody has understood yet."""
    return stories.group([_telling(each) for each in articles])


def _telling(article: Article, *, report: bool = True) -> Telling:
    return Telling(article.title, article.text, article.published_day, article.outlet, report)


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
    return sorted(by_id, key=lambda each: ranking.published(each.article) or _UNDATED, reverse=True)


def _distinct(articles: Sequence[Understood]) -> tuple[list[Understood], dict[str, list[Understood]]]:
    """Each article once, with the longest of its texts; and by the ids of those what goes, since it is there again."""
    by_address: dict[str, list[Understood]] = {}
    for each in _newest_first(articles):
        key = re.sub(r"^https?://(www\.)?", "", each.article.url) if each.article.url else each.article.id
        by_address.setdefault(key, []).append(each)
    kept, again = [], {}
    for one in (one for some in by_address.values() for one in _apart(some)):
        longest = max(one, key=lambda each: len(each.article.text))
        kept.append(longest)
        again[longest.article.id] = [each for each in one if each is not longest]
    return kept, again


def _apart(some: Sequence[Understood]) -> list[list[Understood]]:
    """The articles at one address, newest first, each with its copies.

    Where a source links several unlike entries to one address, a live blog, its warnings or its front page stands there, and
    only what is alike is one article; else all of it is, as the teaser in one feed of an outlet and the text in another.
    """
    alike: dict[int, list[Understood]] = {}
    for first, each in zip(copies.group([each.article.text or each.article.title for each in some]), some, strict=True):
        alike.setdefault(first, []).append(each)
    sources = [source for each in alike.values() for source in {one.article.source_id for one in each}]
    return list(alike.values()) if len(set(sources)) < len(sources) else [list(some)]


def _of(stories_: Sequence[Story], wanted: Collection[Understood]) -> list[Story]:
    """The stories of the wanted articles.  What belongs together does not depend on what is asked for, so that a story keeps
    its name from one question to the next."""
    ids = {each.article.id for each in wanted}
    left = [(story.id, tuple(each for each in story.articles if each.article.id in ids)) for story in stories_]
    return [Story(name, kept) for name, kept in left if kept]


def _gone(read: Sequence[tuple[Story, Story | None]]) -> set[str]:
    """Ids of the articles that its reader's wishes take from a story, or hide with it."""
    had = {each.article.id for story, _ in read for each in story.articles}
    return had - {each.article.id for _, left in read if left for each in left.articles}


def _is_followed(story: Story, wishes: Wishes) -> bool:
    return bool(wishes.followed and wishes.following(story.id, [Report.of(each) for each in story.articles]))


def _reporting_often(articles: Sequence[Understood]) -> set[str]:
    """The outlets with several articles among these: their headlines stand before those of one who writes now and then.  What
    finds room does not depend on it, or a busy outlet would hide a rare one."""
    return {outlet for outlet, count in Counter(each.article.outlet for each in articles).items() if count >= _OFTEN}


def _further(untold: Sequence[Outline], wanted: Query, words_left: int, shown: int, *, asked: bool) -> list[Composed]:
    """Headlines of stories of which nothing can be told, which stand all the same where room is left: all where little else
    does and somebody asked, or where nothing does, for "nothing new" would not be true; of others those that are of public
    affairs, and then those that touch them.

    Args:
        shown: how many stories stand already, as far as there is room for them.
    """
    every = asked or not shown
    most = max(0, LINES_KEPT - shown) if every else LINES_KEPT if wanted.length is Length.NORMAL else 0
    left: float = math.inf if wanted.length is Length.FULL else words_left
    found: list[Composed] = []
    for outline in untold if every else sorted(untold, key=lambda each: -each.affairs):
        named = (outline.named() if every else outline.hardest(_TOUCHES, _says_something)) if len(found) < most else None
        if named and (length := len(named.title.split())) <= left:
            left -= length
            found.append(named)
    return found


def _says_something(title: str) -> bool:
    return not (title.startswith(_QUOTES) or edits.headline_teases(title) or edits.headline_withholds(title))


def _left_out(
    reported: Sequence[Understood],
    columns: Sequence[Understood],
    republished: Sequence[str],
    repeats: int,
    capped: Sequence[Story],
    untold: Sequence[Story],
    muted: Sequence[Story],
) -> tuple[LeftOut, ...]:
    """What the digest does not show, by kind, most important kind first."""
    dropped = [each for understood in reported if not understood.article.comment for each in understood.dropped]
    titles = {Kind.COMMENT: [each.article.title for each in columns], Kind.REPEATED: republished}
    counts = Counter(each.kind for each in dropped)
    counts[Kind.REPEATED] += repeats
    counts.update({kind: len(some) for kind, some in titles.items()})
    left_out = [
        LeftOut(str(kind), counts[kind], tuple(itertools.islice(_examples(kind, titles.get(kind, ()), dropped), _EXAMPLES)))
        for kind in (Kind.REPEATED, Kind.COMMENT, Kind.BACKGROUND, Kind.CAPTION, Kind.FURNITURE)
        if counts[kind]
    ]
    stories_ = (("capped", capped), ("muted", muted), ("headline", untold))
    whole = [
        LeftOut(kind, len(some), tuple(dict.fromkeys(each.title for each in some if each.title))[:_EXAMPLES], some)
        for kind, some in ((kind, tuple(map(_by_headline, left))) for kind, left in stories_)
        if some
    ]
    return (*whole, *left_out)


def _examples(kind: Kind, titles: Sequence[str], dropped: Sequence[Dropped]) -> Iterator[str]:
    """What was left out of one kind, each once, in as many words as a reader is shown; of whole articles the titles first."""
    told = {""}
    for text in itertools.chain(titles, (_short(each) for each in dropped if each.kind is kind)):
        if text not in told:
            told.add(text)
            yield text


def _by_headline(story: Story) -> Unshown:
    """A story by the headline of its newest article, or by how its text begins where it has none."""
    newest = story.articles[0]
    lead = newest.claims[0].text if newest.claims else ""
    return Unshown(story.id, " ".join(newest.article.title.split()) or lead, newest.article.url)


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
