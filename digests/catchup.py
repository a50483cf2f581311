"""What a channel was posted in several digests, for one who missed them: each story once, as it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from digests import naming, updates, words
from digests.model import Also, Bullet, Correction, Digest, StoryDigest, Unshown, Was
from digests.updates import Told
from digests.wishes import NOTHING, Theme, Wishes, reports_of


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """A story after all that was posted of it.

    Args:
        line: its newest line, under the name that it has now.
        facts: what was posted of it, newest digest first.  Of what was told with several numbers the newest stands, and
            ``was`` says what it was before all of these digests, or in the first of them; what was withdrawn is left out.
        numbers: of the digests in which it stood, oldest first.
        update: the channel had been told of it before.
    """

    line: Also
    facts: tuple[Bullet, ...]
    numbers: tuple[int, ...]
    update: bool

    @property
    def fact(self) -> Bullet | None:
        """The newest fact that the line does not say already; one that it nearly says, if it says what a number was before."""
        others = [each for each in self.facts if each.text != self.line.title]
        return next((each for each in others if each.was or not _says(self.line.title, each.text)), None)


@dataclass(frozen=True, slots=True)
class CatchUp:
    """All that was posted: its stories, those followed first, then those that were told last.

    Args:
        corrections: what was corrected of earlier digests, oldest first; what was corrected of these digests stands
            corrected in its story.
        muted: the stories that the reader mutes.
    """

    stories: tuple[CaughtUp, ...] = ()
    corrections: tuple[Correction, ...] = ()
    muted: tuple[Unshown, ...] = ()


def catch_up(
    digests: Sequence[Digest],
    *,
    now: Mapping[str, str] | None = None,
    wishes: Wishes = NOTHING,
    about: Theme | None = None,
) -> CatchUp:
    """Fold digests of a channel into one line a story.

    Args:
        digests: as they read now, corrected where sources corrected them; in the order in which they were posted.
        now: the name that each story has now, where that is another: one that joined another is told with it.
        wishes: what the reader follows and mutes.
        about: only stories of which a report belongs to it, and what was corrected of them; None for all.
    """
    names = now or {}
    found: dict[str, _Story] = {}
    told: set[tuple[str, date | None]] = set()
    corrections: list[Correction] = []
    for at, digest in enumerate(digests):
        corrections += [each for each in digest.corrections if (names.get(each.story, each.story), each.day) not in told]
        shown: list[StoryDigest | Also] = [*digest.stories, *digest.also]
        for place, each in enumerate(shown):
            name = names.get(each.id, each.id)
            found[name] = _with(found.get(name), each, (at, place), digest.number)
            told.add((name, digest.day))
    reports = {name: [report for each in story.shown for report in reports_of(each)] for name, story in found.items()}
    if about:
        found = {name: story for name, story in found.items() if any(map(about.holds, reports[name]))}
        corrections = [each for each in corrections if names.get(each.story, each.story) in found]
    muted = [name for name in found if wishes.hiding(name, reports[name])]
    left = [name for name in found if name not in muted]
    left.sort(key=lambda name: (not wishes.following(name, reports[name]), -found[name].at[0], found[name].at[1]))
    return CatchUp(
        tuple(_caught_up(name, found[name]) for name in left),
        tuple(corrections),
        tuple(Unshown(name, found[name].newest.title, found[name].newest.url) for name in muted),
    )


@dataclass(frozen=True, slots=True)
class _Story:
    """What was posted of a story so far.

    Args:
        shown: as it stood in each digest, oldest first.
        newest: of these the one whose line is the newest.
        at: in which digest that stood, and where in it.
        facts: newest digest first.
    """

    shown: tuple[StoryDigest | Also, ...]
    newest: StoryDigest | Also
    at: tuple[int, int]
    facts: tuple[Bullet, ...]
    numbers: tuple[int, ...]


def _with(before: _Story | None, shown: StoryDigest | Also, at: tuple[int, int], number: int | None) -> _Story:
    """The story with how it stood in one more digest; of two places in one digest the first gives the line."""
    facts = _facts(shown)
    numbers = () if number is None else (number,)
    if before is None:
        return _Story((shown,), shown, at, facts, numbers)
    same = before.at[0] == at[0]
    folded, earlier = _folded(before.facts, facts, shown.id)
    return _Story(
        (*before.shown, shown),
        before.newest if same else shown,
        before.at if same else at,
        (*earlier, *folded) if same else (*folded, *earlier),
        before.numbers if same else (*before.numbers, *numbers),
    )


def _facts(shown: StoryDigest | Also) -> tuple[Bullet, ...]:
    """The bullets of a story that stand, its lead first."""
    if isinstance(shown, Also):
        return ()
    return tuple(each for each in shown.facts if all(mark.now is not None for mark in each.corrections))


def _folded(earlier: Sequence[Bullet], facts: Iterable[Bullet], story: str) -> tuple[tuple[Bullet, ...], tuple[Bullet, ...]]:
    """The new facts, and those of the earlier ones whose place none of them takes."""
    left = list(earlier)
    folded = []
    for fact in facts:
        same = [each for each in left if each.text == fact.text]
        told = same or [each for each in left if updates.was(fact.text, [Told(story, each.text, each.date)])]
        folded.append(replace(fact, was=_first_was(fact, told)))
        left = [each for each in left if each not in told]
    return tuple(folded), tuple(left)


def _first_was(fact: Bullet, before: Sequence[Bullet]) -> Was | None:
    """What the number was in the earliest of what a fact follows on; its own word where it follows on nothing."""
    if not before:
        return fact.was
    oldest = before[-1]
    return oldest.was or updates.was(fact.text, [Told("", oldest.text, oldest.date)]) or fact.was


def _caught_up(name: str, story: _Story) -> CaughtUp:
    first = story.shown[0]
    return CaughtUp(_line(name, story.newest), story.facts, story.numbers, first.status == "update")


def _line(name: str, shown: StoryDigest | Also) -> Also:
    """The line of a story alone, dated as it was."""
    line = shown if isinstance(shown, Also) else shown.in_a_line()
    return replace(line, id=name)


def _says(line: str, fact: str) -> bool:
    """Whether a line says a fact, which then has the numbers that the line has."""
    return words.numbers(line) <= words.numbers(fact) and naming.says_the_headline(line, words.content(fact))
