"""Articles, claims and digests in few words, for the tests of what is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from digests import make
from digests.claims import understand
from digests.model import (
    Article,
    Attribution,
    Basis,
    Before,
    Citation,
    Claim,
    Digest,
    EventDate,
    Length,
    Precision,
    Query,
    Understood,
    Window,
)

NOW = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)
TODAY = NOW.date()
NOBODY = Attribution()


def article(
    name: str,
    text: str,
    *,
    title: str = "",
    outlet: str = "",
    url: str | None = "",
    hours_ago: float | None = 1,
    comment: bool = False,
    origins: tuple[str, ...] = (),
) -> Article:
    """An article that came out some hours before ``NOW``, or nobody knows when; its address is made of its name."""
    published = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    return Article(
        id=name,
        outlet=outlet or f"Outlet {name}",
        title=title,
        text=text,
        url=f"https://news.example/{name}" if url == "" else url,
        published_at=published,
        published_day=published.date() if published else None,
        comment=comment,
        origins=origins,
    )


def happened(day: str, *, planned: bool = False) -> EventDate:
    """A day of an event, as the text gives it."""
    return EventDate(day, Precision.DAY, Basis.WRITTEN, day, planned=planned)


def before(source: Article, text: str, *days: str) -> Before:
    """A phrase of the background with its days; ``2024`` and ``2024-05`` are a year and a month."""
    grain = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
    dates = tuple(EventDate(day, grain[len(day)], Basis.WRITTEN, day) for day in days)
    return Before(text, dates, (Citation(source, 0, 1),))


def claim(
    source: Article, quote: str, day: EventDate | None = None, *, who: str | None = None, told_before: Sequence[Before] = ()
) -> Claim:
    """The claim of a sentence that stands in the article's text, without any edit."""
    start = source.text.index(quote)
    return Claim(
        Citation(source, start, start + len(quote)),
        (),
        day or EventDate.of_report(source.published_day),
        Attribution(who),
        source.text.count(". ", 0, start),
        background=tuple(told_before),
    )


def asked(*words: str, length: Length = Length.NORMAL, since: datetime | None = None, until: datetime = NOW) -> Query:
    return Query(Window(since, until), words, length)


def digest(
    articles: Sequence[Article | Understood],
    wanted: Query | None = None,
    *,
    day: date | None = TODAY,
    one_story: bool = False,
    zone: str = "UTC",
) -> Digest:
    """The digest of articles, which are understood first where they are not yet.

    Args:
        one_story: they belong together, however little they have in common.
    """
    told = [each if isinstance(each, Understood) else understand(each) for each in articles]
    grouping = {each.article.id: "s-one" for each in told} if one_story else None
    hint = "Add one."
    return make.make(told, wanted or asked(), title="News", zone=zone, day=day, grouping=grouping, dating_hint=hint)


def shown(told: Digest) -> list[str]:
    """Every bullet of a digest as it is read: the day in front where the text gives one, and the fact."""
    bullets = [bullet for story in told.stories for bullet in (*([story.lead] if story.lead else []), *story.bullets)]
    return [f"{bullet.date.value} {bullet.text}" if bullet.date.leads else bullet.text for bullet in bullets]
