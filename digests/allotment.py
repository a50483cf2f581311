"""How much of each story a channel post has room for: some in depth, more in a line, the rest counted.

A post is read in two minutes: its words, sources and one-liners included, stay within ``MOST_WORDS`` (decision 0013).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from digests.model import Length

MOST_STORIES = 10
MOST_BULLETS = 25
MOST_WORDS = 350
BULLETS_BY_RANK = (3, 2, 1, 1, 1, 1, 1, 1, 1, 1)
LINES_KEPT = 6
"""One-liners for which room is kept while stories are shown in depth."""
_WORDS_A_LINE = 14


@dataclass(frozen=True, slots=True)
class Cost:
    """What a story takes: words of its line with sources, words of each of its bullets with theirs, best first.

    ``least`` bullets are shown whenever the story is shown in depth; ``line_only`` has none and never is.  ``short`` is what
    it takes as a one-liner, where that is another line.
    """

    line: int
    bullets: tuple[int, ...]
    least: int
    line_only: bool = False
    short: int | None = None

    @property
    def alone(self) -> int:
        """Words of the story as a one-liner."""
        return self.line if self.short is None else self.short

    def words(self, bullets: int) -> int:
        return self.line + sum(self.bullets[:bullets])


@dataclass(frozen=True, slots=True)
class Allotment:
    """What each story gets, by its rank: so many bullets where it is shown in depth (None for all), or a line.

    ``words_left``: for how many more words the post has room; none at full length, which has no bounds.
    """

    bullets: Mapping[int, int | None]
    lines: tuple[int, ...]
    words_left: int = 0


def allot(stories: Iterable[Cost], count: int, length: Length) -> Allotment:
    """Share a post out among its stories, most important first.

    The first story with bullets is shown however long it is.  Short length gives each story one bullet, full length knows no
    limits.  While there is room for stories in depth, lines take no more than is kept for them.

    Args:
        stories: asked for one by one, and not beyond the first for which there is no room.
        count: how many there are.

    >>> allot([Cost(15, (28, 28, 28, 28), 1), Cost(15, (28,), 1)], 2, Length.NORMAL)
    Allotment(bullets={0: 3, 1: 1}, lines=())
    """
    if length is Length.FULL:
        costs = list(stories)
        lines_only = tuple(rank for rank, cost in enumerate(costs) if cost.line_only)
        return Allotment({rank: None for rank, cost in enumerate(costs) if not cost.line_only}, lines_only)
    given: dict[int, int | None] = {}
    lines: list[int] = []
    waiting: list[tuple[int, Cost]] = []
    words_left, bullets_left, deep = MOST_WORDS, MOST_BULLETS, True

    def take_line(rank: int, cost: Cost) -> bool:
        nonlocal words_left
        if cost.alone > words_left:
            return False
        words_left -= cost.alone
        lines.append(rank)
        return True

    for rank, cost in enumerate(stories):
        if cost.line_only and deep and len(lines) == LINES_KEPT:
            waiting.append((rank, cost))
            continue
        if deep and not cost.line_only:
            kept = _WORDS_A_LINE * min(LINES_KEPT - len(lines), count - rank - 1)
            usual = BULLETS_BY_RANK[len(given)]
            wanted = cost.least if length is Length.SHORT else max(cost.least, min(usual, len(cost.bullets)))
            fitting = (n for n in range(wanted, cost.least - 1, -1) if cost.words(n) <= words_left - kept and n <= bullets_left)
            most = next(fitting, None if given else cost.least)
            if most is not None:
                given[rank] = most
                words_left -= cost.words(most)
                bullets_left -= most
                deep = len(given) < MOST_STORIES
                continue
            deep = False
        if not take_line(rank, cost):
            break
    else:
        all(take_line(*each) for each in waiting)
    return Allotment(given, tuple(lines), max(0, words_left))
