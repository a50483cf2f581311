"""dateline inspect: how a feed or a page is read, step by step."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.settings import settings_from
from bot.cli.wording import counted
from bot.errors import SourceError
from bot.model import Fetched, PageDocument, Validators
from bot.ports import UNCONDITIONAL

if TYPE_CHECKING:
    from bot.model import Entry, FeedDocument
    from bot.ports import Reader
    from config.settings import Settings
    from digests.model import Claim, Dropped, Understood

Read = dict[str, Any]


def inspect(
    address: str = typer.Argument(help="A feed or a page: an address or a file.", metavar="URL|FILE"),
    published: str | None = typer.Option(None, help="When a page was published, if it does not say.", metavar="ISO"),
    as_json: bool = typer.Option(False, "--json", help="The same as JSON."),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Show how a feed or a page is read, and why.

    Entries or text, identity, dates with their basis, sentences, claims, what was dropped and why.

    \b
    dateline inspect https://example.org/feed.xml
    dateline inspect story.txt --published 2024-10-13 --json
    """
    from bot.cli.digest import day_or_instant

    settings = settings_from(config)
    day = day_or_instant(published, settings.digest.zone) if published else None
    read = asyncio.run(_read(settings, address, day))
    typer.echo(json.dumps(read, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(read)))


async def _read(settings: Settings, address: str, published: date | datetime | None) -> Read:
    """The document as a feed; when it is none, as a page.

    Raises:
        SourceError: it is neither, or could not be fetched.
    """
    from bot import app, documents
    from digests.model import Source

    now = datetime.now(UTC)
    async with app.reading(settings) as (fetcher, reader):
        fetched = await fetcher.fetch(address, kind="feed")
        try:
            return _feed(await reader.feed(fetched, now), address)
        except SourceError as no_feed:
            held = _Held(fetched, reader)
            source = Source(address, "page", address, "" if app.is_web(address) else Path(address).name, settings.digest.zone)
            try:
                told = await documents.read_source(source, held, held, now, published=published)
            except SourceError as no_page:
                raise SourceError(f"As a feed: {no_feed} As a page: {no_page}") from None
            if told.bugs:
                raise told.bugs[0] from None
            return _page(held.document, told.articles[0], list(told.notes), str(no_feed))


class _Held:
    """A document that was fetched already, as the fetcher and the reader of itself; keeps what was read as a page."""

    def __init__(self, fetched: Fetched, reader: Reader) -> None:
        self._fetched, self._reader = fetched, reader
        self.document = PageDocument("", "")
        self.feed, self.understand = reader.feed, reader.understand

    async def fetch(self, url: str, *, kind: str, validators: Validators = UNCONDITIONAL) -> Fetched:
        del url, kind, validators
        return self._fetched

    async def page(self, fetched: Fetched) -> PageDocument:
        self.document = await self._reader.page(fetched)
        return self.document


def _feed(feed: FeedDocument, address: str) -> Read:
    return {
        "kind": "feed",
        "address": address,
        "version": feed.version,
        "title": feed.title,
        "notes": list(feed.notes),
        "entries": [_entry(entry) for entry in feed.entries],
    }


def _entry(entry: Entry) -> Read:
    instant = entry.published_at.isoformat() if entry.published_at else None
    day = entry.published_day.isoformat() if entry.published_day else None
    return {
        "title": entry.title,
        "key": entry.key,
        "url": entry.url,
        "published": instant or day,
        "date_written": entry.date_raw or None,
        "date_note": entry.date_note or None,
        "characters": len(entry.text),
        "teaser": entry.summary_only,
    }


def _page(page: PageDocument, understood: Understood, notes: list[str], no_feed: str) -> Read:
    article = understood.article
    instant = article.published_at.isoformat() if article.published_at else None
    return {
        "kind": "page",
        "no_feed_because": no_feed,
        "title": article.title,
        "outlet": article.outlet,
        "url": article.url,
        "published": instant or (article.published_day.isoformat() if article.published_day else None),
        "date_basis": page.date_basis or None,
        "origins": list(understood.origins),
        "stub": article.stub,
        "comment": article.comment,
        "notes": notes,
        "claims": [_claim(claim) for claim in understood.claims],
        "dropped": [
            {
                "kind": _kind(each, article.title),
                "start": each.citation.start,
                "end": each.citation.end,
                "quote": each.citation.quote,
            }
            for each in understood.dropped
        ],
    }


def _kind(dropped: Dropped, title: str) -> str:
    """Why a sentence makes no claim; the headline of a plain text stands in it, too."""
    return "headline" if " ".join(dropped.citation.quote.split()) == title else str(dropped.kind)


def _claim(claim: Claim) -> Read:
    return {
        "text": claim.text,
        "start": claim.citation.start,
        "end": claim.citation.end,
        "quote": claim.citation.quote,
        "day": claim.date.value,
        "day_basis": str(claim.date.basis),
        "day_words": claim.date.words or None,
        "said_by": claim.attribution.said_by,
        "edits": [{"rule": edit.rule, "start": edit.start, "end": edit.end, "with": edit.replacement} for edit in claim.edits],
        "reads_alone": claim.alone,
        "whole": claim.whole,
        "before": [{"text": each.text, "days": [day.value for day in each.dates]} for each in claim.background],
    }


def _lines(read: Read) -> Iterator[str]:
    """What was read, for a person."""
    yield f"{read['kind']}: {read['title'] or 'without a title'}"
    if read["kind"] == "feed":
        yield f"{read['version']}, {counted(len(read['entries']), 'entry', 'entries')}"
        yield from (f"note: {note}" for note in read["notes"])
        for entry in read["entries"]:
            yield f"\n{entry['title'] or 'without a title'}"
            note = f" ({entry['date_note']})" if entry["date_note"] else ""
            written = f', written "{entry["date_written"]}"' if entry["date_written"] else ""
            yield f"  published {entry['published'] or 'unknown'}{written}{note}"
            yield f"  {entry['url'] or 'no link'} · key {entry['key']}"
            yield f"  {entry['characters']} characters{', a teaser: the page is read too' if entry['teaser'] else ''}"
        return
    yield f"outlet {read['outlet']} · {read['url'] or 'no link'}"
    basis = f" ({read['date_basis']})" if read["date_basis"] else ""
    yield f"published {read['published'] or 'unknown'}{basis}"
    if read["origins"]:
        yield f"origins {', '.join(read['origins'])}"
    yield from (f"note: {note}" for note in read["notes"])
    yield f"\n{counted(len(read['claims']), 'claim')}"
    for claim in read["claims"]:
        day = f"{claim['day']} ({claim['day_basis']})" if claim["day"] else claim["day_basis"]
        words = f' from "{claim["day_words"]}"' if claim["day_words"] else ""
        said = f" · {claim['said_by']}" if claim["said_by"] else ""
        unfit = "" if claim["reads_alone"] else " · does not read alone"
        unfit += "" if claim["whole"] else " · cut off"
        yield f"  {claim['start']}-{claim['end']}  {claim['text']}{said}"
        yield f"      {day}{words}{''.join(' ' + edit['rule'] for edit in claim['edits'])}{unfit}"
    yield f"\n{len(read['dropped'])} dropped"
    for each in read["dropped"]:
        yield f"  {each['start']}-{each['end']}  {each['kind']}: {' '.join(each['quote'].split())}"
