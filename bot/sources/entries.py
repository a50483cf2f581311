"""What every kind of feed is brought to: raw entries, and from them the entries that the rest of the bot knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.model import Entry
from bot.sources.feed_dates import parse
from bot.sources.identity import canonical, entry_key, joined
from bot.sources.plain import one_line, paragraphs

TEASER_LENGTH = 600  # characters; below it the page has more to say
LONGEST_TEXT = 100_000  # characters of one entry
MOST_NAMES = 20  # authors or categories of one entry
_AHEAD = timedelta(hours=24)  # a clock or zone may be off that far; more is a wrong date
_TEASER_END = re.compile(
    r"(?:\.\.\.|…|\[\s*(?:\.\.\.|…)\s*\]|\b(?:read|see|learn) (?:more|the full (?:story|article)|on)|\bcontinue reading"
    r"|\bweiterlesen|\blire la suite|\bleer m[áa]s)\W{0,6}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as the feed wrote it: ``texts`` and ``title`` are HTML, ``dates`` strings in the order of their worth.

    ``link`` may be relative; ``origin`` is the link behind a counting link (feedburner), "" without one.
    """

    guid: str = ""
    link: str = ""
    origin: str = ""
    title: str = ""
    texts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None


def finished(raws: Sequence[RawEntry], *, base: str, fetched_at: datetime) -> tuple[Entry, ...]:
    """The entries in their order, each with its key, its plain text and a date that can be trusted or is None.

    An entry that the feed lists twice, with one guid and one link, has one key both times; its key must not hang on how often
    the feed lists it.
    """
    links = Counter(guid for guid, _ in {(raw.guid, raw.link or raw.title) for raw in raws})
    return tuple(_entry(raw, base=base, fetched_at=fetched_at, repeated=links[raw.guid] > 1) for raw in raws)


def _entry(raw: RawEntry, *, base: str, fetched_at: datetime, repeated: bool) -> Entry:
    title = one_line(raw.title)
    text = max((paragraphs(each) for each in raw.texts), key=len, default="")[:LONGEST_TEXT]
    url = canonical(raw.origin or raw.link, base) if raw.origin or raw.link else None
    entry = Entry(
        key=entry_key(guid=raw.guid, url=url, title=title, text=text, repeated=repeated),
        guid=raw.guid,
        url=url,
        raw_url=joined(raw.link, base) if raw.link else None,
        title=title,
        text=text,
        authors=_names(raw.authors),
        categories=_names(raw.categories),
        language=raw.language or None,
        summary_only=len(text) < TEASER_LENGTH or bool(_TEASER_END.search(text[-60:])),
    )
    return _dated(entry, raw.dates, fetched_at)


def _dated(entry: Entry, dates: Sequence[str], fetched_at: datetime) -> Entry:
    """The entry with the first date that can be understood; an instant in the future is clamped to the fetch and said.

    Its day is kept where it may be right: tomorrow has begun elsewhere, and a clock that is read without its zone is ahead.
    """
    written = [each for each in (" ".join(each[:200].split()) for each in dates) if each]
    if not written:
        return replace(entry, date_note="the feed gives no date")
    for raw in written:
        if found := parse(raw):
            break
    else:
        return replace(entry, date_raw=written[0], date_note=f"the date {written[0][:60]!r} is none that can be trusted")
    wrong = found.at > fetched_at + _AHEAD if found.at else found.day > fetched_at.date() + timedelta(days=1)
    if found.at and not found.zone_given and not wrong:
        entry = replace(entry, wall_clock=found.at.replace(tzinfo=None))
    if wrong or (found.at and found.at > fetched_at):
        note = f"the date {raw[:60]!r} lies in the future; the time of fetching stands for it"
        return _with_date(entry, found.at and fetched_at, fetched_at.date() if wrong else found.day, raw, note)
    note = "" if found.zone_given or found.at is None else "no zone is given, taken as UTC"
    return _with_date(entry, found.at, found.day, raw, note)


def _with_date(entry: Entry, at: datetime | None, day: date, raw: str, note: str) -> Entry:
    return replace(entry, published_at=at, published_day=day, date_raw=raw, date_note=note)


def _names(names: Sequence[str]) -> tuple[str, ...]:
    plain = (one_line(name, 120) for name in names[:MOST_NAMES])
    return tuple(dict.fromkeys(name for name in plain if name))
