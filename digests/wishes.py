"""What one reader follows and mutes, and what that does to a story: it comes first, loses an outlet, or is not shown.

Only the digests of that reader are shaped by it, never what a channel is posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from digests import query
from digests.model import Also, Article, Story, StoryDigest, Understood


@dataclass(frozen=True, slots=True)
class Report:
    """One article as far as wishes look at it: the id of its source, and what it is about: its headline and its lead."""

    source: str
    texts: tuple[str, ...]

    @classmethod
    def of(cls, understood: Understood) -> Report:
        lead = tuple(claim.citation.quote for claim in understood.claims[:1])
        return cls(understood.article.source_id, (understood.article.title, *lead))


@dataclass(frozen=True, slots=True)
class Theme:
    """A topic, or plain words.  A report belongs to it when one of the sources brought it, or it is about all of the words.

    A word in passing makes no theme: it must stand in the headline or in the lead.

    Raises:
        ValueError: neither words nor sources; it would hold nothing.
    """

    name: str
    words: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.words or self.sources):
            raise ValueError(f"the theme {self.name!r} has neither words nor sources")

    def holds(self, report: Report) -> bool:
        """Whether a report belongs to it."""
        return report.source in self.sources or (
            bool(self.words) and query.told(self.words, report.texts, without=self.without)
        )


@dataclass(frozen=True, slots=True)
class Marks:
    """Stories and sources, by their ids, and themes.  Empty marks are false."""

    stories: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    themes: tuple[Theme, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stories or self.sources or self.themes)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a reader follows and mutes.  Who follows a story sees all of it, whatever else is muted."""

    followed: Marks = Marks()
    muted: Marks = Marks()

    def following(self, story: str, reports: Sequence[Report]) -> Marks:
        """What of the followed is in a story, given its id and its reports: a source or a theme is in it by one report."""
        return Marks(
            self.followed.stories & {story},
            self.followed.sources & {each.source for each in reports},
            tuple(theme for theme in self.followed.themes if any(map(theme.holds, reports))),
        )

    def hiding(self, story: str, reports: Sequence[Report]) -> Marks:
        """What of the muted hides a story; empty when it is shown.

        It is hidden when it is muted itself, when muted sources alone tell it, and when half of its reports or more belong to
        a muted theme: one outlet's angle does not hide what all others tell otherwise.
        """
        if story in self.followed.stories:
            return Marks()
        sources = {each.source for each in reports}
        return Marks(
            self.muted.stories & {story},
            self.muted.sources & sources if sources <= self.muted.sources else frozenset(),
            tuple(theme for theme in self.muted.themes if 2 * sum(map(theme.holds, reports)) >= len(reports)),
        )

    def readable(self, story: Story) -> Story | None:
        """The story without the articles of muted sources; None when it is hidden."""
        if not self.muted or story.id in self.followed.stories:
            return story
        if self.hiding(story.id, [Report.of(each) for each in story.articles]):
            return None
        left = tuple(each for each in story.articles if each.article.source_id not in self.muted.sources)
        return replace(story, articles=left)


NOTHING: Final = Wishes()


def reports_of(shown: StoryDigest | Also) -> list[Report]:
    """The reports of a story as a digest shows it: of each article that it cites, with its line and what it cites."""
    if isinstance(shown, Also):
        citations = list(shown.citations)
    else:
        citations = [*([shown.cited] if shown.cited else []), *(each for fact in shown.facts for each in fact.citations)]
    articles: dict[str, Article] = {each.article.id: each.article for each in citations}
    first = {name: next(each.quote for each in citations if each.article.id == name) for name in articles}
    return [Report(article.source_id, (shown.title, article.title, first[name])) for name, article in articles.items()]
