"""Which articles tell of the same event, and which story each of them belongs to.

Two groups of articles are one story when they are nearly as alike to each other as each is within itself: reports of one event
that share most of their words leave no room for a second event of the same kind, while the articles of a long event, which
share little, may join at a value that would part the others.

An article that comes is grouped with the few stories that it is most alike to, by average linkage (``Stories.add``): it joins
one of them or begins its own, and two that turn out to be one are joined, one that was two is split.  From time to time all
that is live is grouped in the same way (``Stories.repair``), and so are articles that come all at once (``group``).
A copy job is another question (``digests.copies``): no one threshold answers both.
"""

from __future__ import annotations

import hashlib
import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count

from digests.likeness import Index, Telling

NEARLY = 0.46
"""Two groups must be this share as alike to each other as they are within themselves."""
_USUAL, _USUAL_PAIRS = 0.26, 3
"""How alike reports of one event usually are, in the median of short and long ones; it counts as so many pairs beside a group's
own, so that a lone article has a likeness within itself too.  Two lone ones are one story at 0.46 x 0.26 = 0.12."""
_LEAST_ALIKE = 0.08
"""Groups that are less alike than this are never one story, however loose each is within itself."""
_NEAREST = 4
"""With so many stories an article that comes is grouped; twice as many changed nothing."""

Links = Mapping[int, Mapping[int, float]]


class Happened(StrEnum):
    """What became of a story when stories were grouped anew."""

    JOINED = "joined"
    SPLIT = "split"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """Articles that go from one story to another.

    Args:
        happened: ``joined``: the story ``was`` is no more, and what was left of it is in ``now``.  ``split``: ``now`` is new,
            what did not belong to ``was``.  ``moved``: some articles belong to the other story.
        articles: ids of those that go, oldest first.
        similarity: how alike they are to the others of the story that they come to; after a split, to those that they leave.
        needed: how alike they would have to be.
    """

    happened: Happened
    was: str
    now: str
    articles: tuple[str, ...]
    similarity: float
    needed: float

    def __post_init__(self) -> None:
        if self.was == self.now or not self.articles:
            raise ValueError(f"a change from {self.was} to {self.now} with {len(self.articles)} articles is none")


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that comes to the stories.

    Args:
        moment: aware; where it stands among the others.
        story: that it is in already; None to have one found.
        since: when that story began; None when it has none.
    """

    id: str
    telling: Telling
    moment: datetime
    story: str | None = None
    since: datetime | None = None


def group(tellings: Sequence[Telling]) -> list[int]:
    """For each article the index of the first article of its story.

    >>> group([Telling("Ferry runs aground off Port Alba", ""), Telling("Court fines Mirel Bank", ""),
    ...        Telling("Ferry aground off Port Alba is refloated", "")])
    [0, 1, 0]
    """
    index = Index()
    numbers = index.add(tellings)
    story = [0] * len(numbers)
    for members in linked(index.links):
        for number in members:
            story[number] = min(members)
    return story


def story_id(article_id: str) -> str:
    """The stable name of a story: made from the id of its first article."""
    return "s-" + hashlib.blake2s(article_id.encode(), digest_size=4).hexdigest()


@dataclass(slots=True)
class _Part:
    """Articles that belong together, by number, and the sum of the likeness of every two of them."""

    numbers: set[int]
    within: float = 0.0

    @classmethod
    def of(cls, numbers: Collection[int], links: Links) -> _Part:
        chosen = set(numbers)
        return cls(chosen, sum(value for one in chosen for other, value in links[one].items() if other in chosen) / 2)

    def alike(self) -> float:
        """How alike two of them are on average, in the light of how alike reports of one event usually are."""
        pairs = len(self.numbers) * (len(self.numbers) - 1) / 2
        return (self.within + _USUAL_PAIRS * _USUAL) / (pairs + _USUAL_PAIRS)


def needed(one: _Part, other: _Part) -> float:
    """How alike two groups must be to be one story: the average over the pairs of an article here and one there."""
    return max(_LEAST_ALIKE, NEARLY * math.sqrt(one.alike() * other.alike()))


def linked(links: Links) -> list[set[int]]:
    """The groups that average linkage makes of articles: the two that go together best are one, until none are alike enough.

    Best are those that are alike to the same articles (second-order likeness): a town's shelter for a storm goes with the
    storm, of which there are many reports, and not with the museum that is to open under the same address.
    """
    parts = {number: _Part({number}) for number in links}
    first = {number: dict(others) for number, others in links.items()}
    second = _second_order(links)
    heap: list[tuple[float, int, int, int, int]] = []

    def consider(one: int, other: int) -> None:
        pairs = len(parts[one].numbers) * len(parts[other].numbers)
        if first[one][other] >= needed(parts[one], parts[other]) * pairs:
            low, high = min(one, other), max(one, other)
            best = second[one].get(other, 0.0) / pairs
            heapq.heappush(heap, (-best, low, high, len(parts[low].numbers), len(parts[high].numbers)))

    for one, others in links.items():
        for other in others:
            if one < other:
                consider(one, other)
    while heap:
        _, one, other, ones, others_ = heapq.heappop(heap)
        if one not in parts or other not in parts or (len(parts[one].numbers), len(parts[other].numbers)) != (ones, others_):
            continue  # one of them has grown since the pair was pushed
        gone = parts.pop(other)
        parts[one].within += gone.within + first[one].pop(other)
        parts[one].numbers |= gone.numbers
        second[one].pop(other, None)
        _hand_over(first, other, one)
        _hand_over(second, other, one)
        for third in first[one]:
            consider(one, third)
    return [part.numbers for part in parts.values()]


def _hand_over(links: dict[int, dict[int, float]], gone: int, heir: int) -> None:
    """Add the links of a group that is no more to those of the group that it is in now."""
    for third, value in links.pop(gone).items():
        if third != heir:
            del links[third][gone]
            links[heir][third] = links[third][heir] = links[heir].get(third, 0.0) + value


def _second_order(links: Links) -> dict[int, dict[int, float]]:
    """For every two articles that are alike, the cosine of their likeness to all articles, themselves included."""
    rows = {
        one: {one: 1.0} | {other: value for other, value in row.items() if value >= _LEAST_ALIKE} for one, row in links.items()
    }
    lengths = {one: math.hypot(*row.values()) for one, row in rows.items()}
    found: dict[int, dict[int, float]] = {one: {} for one in links}
    for one, row in rows.items():
        for other in row:
            if one < other:
                theirs = rows[other]
                total = sum(value * theirs[third] for third, value in row.items() if third in theirs)
                found[one][other] = found[other][one] = total / (lengths[one] * lengths[other])
    return found


@dataclass(frozen=True, slots=True)
class Grouped:
    """What grouping came to: the story of each article that had none, by id, and what went from one story to another."""

    placed: Mapping[str, str]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    id: str
    moment: datetime


@dataclass(slots=True)
class _Story:
    began: datetime
    numbers: set[int] = field(default_factory=set)


class Stories:
    """The stories that are live.  An article that comes finds its own among those that it is alike to, at a cost that does not
    grow with the others."""

    def __init__(self) -> None:
        self._index = Index()
        self._members: dict[int, _Member] = {}
        self._story: dict[int, str] = {}
        self._stories: dict[str, _Story] = {}

    def add(self, arrivals: Sequence[Arrival]) -> Grouped:
        """Take in articles.  Those that came without a story are grouped, together with the few stories that each is most alike
        to; those that have one only join it.
        """
        ordered = sorted(arrivals, key=lambda each: (each.moment, each.id))
        numbers = self._index.add([each.telling for each in ordered])
        new = []
        for number, arrival in zip(numbers, ordered, strict=True):
            self._members[number] = _Member(arrival.id, arrival.moment)
            if arrival.story is None:
                new.append(number)
            else:
                began = arrival.since or arrival.moment
                story = self._stories.setdefault(arrival.story, _Story(began))
                story.numbers.add(number)
                story.began = min(story.began, began)
                self._story[number] = arrival.story
        return self._group({story for number in new for story in self._nearest(number)}, new)

    def repair(self) -> tuple[Change, ...]:
        """Group all that is live anew, since what was learnt of words and stories may tell on older ones too."""
        return self._group(set(self._stories), ()).changes

    def forget(self, before: datetime) -> None:
        """Let go of the articles of an earlier moment, and of stories that have no other."""
        old = [number for number, member in self._members.items() if member.moment < before]
        if not old:
            return
        self._index.drop(old)
        for number in old:
            del self._members[number]
            story = self._story.pop(number)
            self._stories[story].numbers.remove(number)
            if not self._stories[story].numbers:
                del self._stories[story]

    def _nearest(self, number: int) -> list[str]:
        """The stories with the articles that are most alike to one that has no story yet."""
        best: dict[str, float] = {}
        for other, value in self._index.links[number].items():
            story = self._story.get(other)
            if story and value >= _LEAST_ALIKE:
                best[story] = max(value, best.get(story, 0.0))
        return heapq.nlargest(_NEAREST, best, key=lambda story: (best[story], story))

    def _group(self, stories: Collection[str], new: Sequence[int]) -> Grouped:
        """Group anew the articles of some stories, and new ones.

        A story that falls apart leaves its name to the part that has most of its articles; stories that become one bear the
        name of the one that began first.
        """
        inside = {number for story in stories for number in self._stories[story].numbers}.union(new)
        all_links = self._index.links
        links = {one: {other: value for other, value in all_links[one].items() if other in inside} for one in sorted(inside)}
        groups = [sorted(members, key=self._age) for members in linked(links)]
        now = dict(zip(self._names(groups, stories), groups, strict=True))
        moves: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for name, members in now.items():
            for number in members:
                if self._story.get(number, name) != name:
                    moves[self._story[number], name].append(number)
        # The largest part of a story that is no more comes last: whatever of it is not live goes with that one.
        in_order = sorted(moves.items(), key=lambda move: (move[0][0], len(move[1]), move[0][1]))
        last = {was: name for (was, name), _ in in_order if was not in now}
        changes = [
            self._change(was, name, going, now, joined=last.get(was) == name, new=name not in stories)
            for (was, name), going in in_order
        ]
        began = {name: self._began(name, members) for name, members in now.items()}
        for story in stories:
            del self._stories[story]
        for name, members in now.items():
            self._stories[name] = _Story(began[name], set(members))
            self._story.update(dict.fromkeys(members, name))
        return Grouped({self._members[number].id: self._story[number] for number in new}, tuple(changes))

    def _names(self, groups: Sequence[Sequence[int]], stories: Collection[str]) -> list[str]:
        """The name of each group: of the story that began first of those with their largest part there, or a new one."""
        holders: dict[str, Counter[int]] = {story: Counter() for story in stories}
        for at, members in enumerate(groups):
            for number in members:
                if number in self._story:
                    holders[self._story[number]][at] += 1
        names: dict[int, str] = {}
        for story in sorted(stories, key=lambda story: (self._stories[story].began, story)):
            largest_first = sorted(holders[story], key=lambda at: (-holders[story][at], self._age(groups[at][0])))
            free = next((at for at in largest_first if at not in names), None)
            if free is not None:
                names[free] = story
        taken = set(self._stories)
        for at, members in enumerate(groups):
            if at not in names:
                names[at] = _new_name([self._members[number].id for number in members], taken)
                taken.add(names[at])
        return [names[at] for at in range(len(groups))]

    def _change(
        self, was: str, name: str, going: Sequence[int], now: Mapping[str, Sequence[int]], *, joined: bool, new: bool
    ) -> Change:
        happened = Happened.JOINED if joined else Happened.SPLIT if new else Happened.MOVED
        held = now[was if happened is Happened.SPLIT else name]
        links = self._index.links
        gone, others = _Part.of(going, links), _Part.of(set(held).difference(going), links)
        total = sum(value for one in gone.numbers for other, value in links[one].items() if other in others.numbers)
        similarity = total / (len(gone.numbers) * len(others.numbers))
        articles = tuple(self._members[number].id for number in going)
        return Change(happened, was, name, articles, similarity, needed(gone, others))

    def _began(self, name: str, members: Sequence[int]) -> datetime:
        story = self._stories.get(name)
        return story.began if story else self._members[members[0]].moment

    def _age(self, number: int) -> tuple[datetime, str]:
        return self._members[number].moment, self._members[number].id


def _new_name(articles: Sequence[str], taken: Collection[str]) -> str:
    """A name for a story: of its first article whose name is not taken."""
    return next(name for name in _possible_names(articles) if name not in taken)


def _possible_names(articles: Sequence[str]) -> Iterator[str]:
    yield from (story_id(article) for article in articles)
    yield from (story_id(f"{articles[0]} {number}") for number in count(2))
