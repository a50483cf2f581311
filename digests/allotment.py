"""How much of each story a channel post has room for: some in depth, more in a line, the rest counted.

A post is read in two minutes: its words, sources and one-liners included, stay within ``MOST_WORDS`` (decision 0013).
"""

from __future__ import annotations

from collections.abc import Iterable
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

    ``least`` bullets are shown whenever the story is shown in depth; ``line_only`` has none and never is.
    """

    line: int
    bullets: tuple[int, ...]
    least: int
    line_only: bool = False

    def words(self, bullets: int) -> int:
        return self.line + sum(self.bullets[:bullets])


@dataclass(frozen=True, slots=True)
class Allotment:
    """Bullets of each story shown in depth (None for all), and how many of the stories after them get a line."""

    bullets: tuple[int | None, ...]
    lines: int


def allot(stories: Iterable[Cost], count: int, length: Length) -> Allotment:
    """Share a post out among its stories, most important first, those that have only a line last.

    The first story is shown however long it is.  Short length gives each story one bullet, full length knows no limits.

    Args:
        stories: asked for one by one, and not beyond the first for which there is no room.
        count: how many there are.

    >>> allot([Cost(15, (28, 28, 28, 28), 1), Cost(15, (28,), 1)], 2, Length.NORMAL)
    Allotment(bullets=(3, 1), lines=0)
    """
    if length is Length.FULL:
        in_depth = sum(not cost.line_only for cost in stories)
        return Allotment((None,) * in_depth, count - in_depth)
    given: list[int | None] = []
    words_left, bullets_left, lines = MOST_WORDS, MOST_BULLETS, 0
    for rank, cost in enumerate(stories):
        if rank == len(given) < MOST_STORIES and not cost.line_only:
            kept = _WORDS_A_LINE * min(LINES_KEPT, count - rank - 1)
            wanted = cost.least if length is Length.SHORT else max(cost.least, min(BULLETS_BY_RANK[rank], len(cost.bullets)))
            fitting = (n for n in range(wanted, cost.least - 1, -1) if cost.words(n) <= words_left - kept and n <= bullets_left)
            most = next(fitting, None if given else cost.least)
            if most is not None:
                given.append(most)
                words_left -= cost.words(most)
                bullets_left -= most
                continue
        if cost.line > words_left:
            break
        words_left -= cost.line
        lines += 1
    return Allotment(tuple(given), lines)
