"""Feeds of every kind as one value: RSS 0.9x to 2.0, RDF, Atom by feedparser, JSON Feed by a reader of our own.

feedparser gets a document that was decoded, cut to its root element and bounded before: a few kilobytes of newlines before the
root, or of entity declarations, would hold it for minutes.  It is still no library for the main process: see ``bot.readers``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.errors import SourceError
from bot.model import FeedDocument
from bot.sources import jsonfeed
from bot.sources.charset import decoded
from bot.sources.discovery import named_feeds
from bot.sources.entries import RawEntry, finished
from bot.sources.identity import canonical
from bot.sources.plain import one_line

MOST_BYTES = 5 * 1024 * 1024
MOST_ENTRIES = 5_000
MOST_TAGS = 300_000  # a million unclosed ones take feedparser to 460 MiB
_LONGEST_TTL_S = 31 * 86_400.0

_ROOT = re.compile(r"<(?:[\w.-]{1,30}:)?(?:rss|feed|rdf|channel)(?=[\s>/])", re.IGNORECASE)
_ROOT_END = re.compile(r"</(?:[\w.-]{1,30}:)?(?:rss|feed|rdf|channel)\s*>\s*\Z", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.-]{1,30}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ENTRY_START = re.compile(r"<(?:[\w.-]{1,30}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]{0,60})")
_PERIODS_S = {"hourly": 3600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}


def read_feed(body: bytes, *, url: str, content_type: str, fetched_at: datetime, link_header: str = "") -> FeedDocument:
    """The feed in a document.

    Args:
        body: as fetched; the content type is a hint only.
        url: where it was found: relative links are relative to it.
        fetched_at: aware, in UTC; the time that stands for dates in the future.
        link_header: names feeds, where the document is a page instead.

    Raises:
        SourceError: it is no feed, or one that must not be read; the text says what it is instead.
    """
    if len(body) > MOST_BYTES:
        raise SourceError(f"The feed is larger than {MOST_BYTES // 1024 // 1024} MiB.")
    text = decoded(body, content_type)
    start = text.lstrip()[:1]
    if not start:
        raise SourceError("The document is empty.")
    if start in "{[":
        return _json_document(text, url, fetched_at)
    return _xml_document(_from_root(text, url, link_header), url, fetched_at)


def _json_document(text: str, url: str, fetched_at: datetime) -> FeedDocument:
    feed = jsonfeed.read(text)
    return FeedDocument(
        title=one_line(feed.title, 200),
        url=canonical(feed.home, url) if feed.home else None,
        version="json1",
        entries=finished(feed.entries[:MOST_ENTRIES], base=url, fetched_at=fetched_at),
        language=feed.language,
        notes=_left(len(feed.entries) - MOST_ENTRIES),
    )


def _xml_document(text: str, url: str, fetched_at: datetime) -> FeedDocument:
    text, left = _bounded(text)
    parsed = _feedparser_reads(text, url)
    raws = [_raw(entry) for entry in parsed["entries"][:MOST_ENTRIES]]
    notes = _left(left)
    if not raws and _ENTRY_END.search(text):
        raws = list(_second_opinion(text))[:MOST_ENTRIES]
    if not raws and not parsed["version"]:
        raise SourceError("That is an XML document, but no feed.")
    if not _ROOT_END.search(text):
        if not raws:
            raise SourceError("The feed was cut off before its first entry.")
        notes += ("The feed was cut off; what came before the cut is read.",)
    feed = parsed["feed"]
    return FeedDocument(
        title=one_line(feed.get("title", ""), 200),
        url=canonical(feed.get("link") or "", url),
        version=parsed["version"] or "rss",
        entries=finished(raws, base=url, fetched_at=fetched_at),
        language=feed.get("language") or None,
        notes=notes,
        ttl_s=_ttl_s(feed),
    )


def _from_root(text: str, url: str, link_header: str) -> str:
    """The document from its root element on: nothing before it is needed once the text is decoded.

    Raises:
        SourceError: entities are declared, or there is no root of a feed.
    """
    first = _first_element(text)
    root = _ROOT.match(text, first)
    if root is None and (later := _ROOT.search(text, first)) and _ENTRY_START.search(text, later.start()):
        root = later  # a warning of the server, printed before the feed
    if root:
        return text[root.start() :]
    name = _ELEMENT.match(text, first)
    if name is None:
        raise SourceError("That is neither a feed nor a page: it holds no markup.")
    if name[1].lower() in ("html", "head", "body", "div", "p", "br", "script", "title", "meta"):
        raise SourceError(_page_instead(text, url, link_header))
    if _ENTRY_START.search(text, first):
        return text[first:]
    raise SourceError(f"That is an XML document (its root is <{name[1]}>), but no feed.")


def _first_element(text: str) -> int:
    """Where the first element starts, after declaration, comments, document type and stray words.

    One pass with plain searches: a pattern over the whole prolog is where feedparser loses minutes.
    """
    at = text.find("<")
    while at != -1:
        if text.startswith("<!--", at):
            end = text.find("-->", at)
        elif text.startswith("<!ENTITY", at):
            raise SourceError("The document declares entities of its own, which are refused: they can be made to explode.")
        elif text.startswith("<?", at):
            end = text.find("?>", at)
        elif _ELEMENT.match(text, at):
            return at
        else:
            end = at + 1
        if end == -1:
            break
        at = text.find("<", end)
    return len(text)


def _page_instead(text: str, url: str, link_header: str) -> str:
    feeds = named_feeds(text, url, link_header)
    if not feeds:
        return "That is a web page, not a feed, and it names no feed."
    names = "; ".join(f"{title} ({address})" if title else address for title, address in feeds)
    return f"That page is no feed itself; it names these feeds: {names}"


def _bounded(text: str) -> tuple[str, int]:
    """The document with at most as many entries and tags as we read, and how many entries were left out."""
    ends = [found.end() for found in _ENTRY_END.finditer(text)]
    left = max(0, len(ends) - MOST_ENTRIES)
    if left:
        text = text[: ends[MOST_ENTRIES - 1]] + text[ends[-1] :]
    if text.count("<") > MOST_TAGS:
        raise SourceError(f"The feed has more than {MOST_TAGS:,} tags, which no honest one has.")
    return text, left


def _left(left: int) -> tuple[str, ...]:
    return (f"The feed has {left:,} entries more than the {MOST_ENTRIES:,} that are read.",) if left > 0 else ()


def _feedparser_reads(text: str, url: str) -> dict[str, Any]:
    import feedparser
    from feedparser.mixin import _FeedParserMixin

    # An id is opaque: feedparser would resolve it like a link.
    _FeedParserMixin.can_be_relative_uri = _FeedParserMixin.can_be_relative_uri - {"id"}
    body = b"<?xml version='1.0' encoding='utf-8'?>\n" + text.encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # A stream, for feedparser takes bytes for the name of a file first.
        return dict(
            feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False, response_headers=headers)
        )
    except (ValueError, AssertionError, TypeError, KeyError, IndexError, AttributeError, RecursionError, LookupError):
        return {"entries": [], "feed": {}, "version": ""}  # its faults on odd input are many; the second opinion is asked


def _raw(entry: Any) -> RawEntry:
    """What feedparser found; the plain ``dict`` is asked, for its own class mixes dates up."""
    contents = [each.get("value", "") for each in dict.get(entry, "content", ())[:8]]
    authors = [each.get("name", "") for each in dict.get(entry, "authors", ())] or [dict.get(entry, "author", "")]
    detail = dict.get(entry, "title_detail") or {}
    return RawEntry(
        guid=dict.get(entry, "id", "").strip(),
        link=dict.get(entry, "link", ""),
        origin=dict.get(entry, "feedburner_origlink", ""),
        title=dict.get(entry, "title", ""),
        texts=tuple(dict.fromkeys(text for text in (*contents, dict.get(entry, "summary", "")) if text)),
        dates=tuple(str(dict.get(entry, name) or "") for name in ("published", "updated", "created")),
        authors=tuple(str(name or "") for name in authors),
        categories=tuple(str(tag.get("term") or "") for tag in dict.get(entry, "tags", ())[:20]),
        language=detail.get("language"),
    )


def _second_opinion(text: str) -> Iterator[RawEntry]:
    """What fastfeedparser makes of a document in which feedparser sees no entry."""
    import fastfeedparser

    try:
        found = fastfeedparser.parse(b"<?xml version='1.0' encoding='utf-8'?>\n" + text.encode("utf-8", "replace"))
    except Exception:
        return
    for entry in found.get("entries", ()):
        contents = [each.get("value") or "" for each in entry.get("content") or ()]
        yield RawEntry(
            guid=str(entry.get("id") or ""),
            link=str(entry.get("link") or ""),
            title=str(entry.get("title") or ""),
            texts=tuple(text for text in (*contents, entry.get("description") or "") if text),
            dates=(str(entry.get("published") or ""), str(entry.get("updated") or "")),
            authors=(str(entry.get("author") or ""),),
        )


def _ttl_s(feed: Any) -> float | None:
    """How long the feed asks not to be polled: its ``ttl`` (minutes) or its update period, in seconds."""
    ttl, period = str(feed.get("ttl") or ""), str(feed.get("sy_updateperiod") or "").strip().lower()
    if ttl.isdecimal() and len(ttl) < 9 and int(ttl):
        return min(int(ttl) * 60.0, _LONGEST_TTL_S)
    if period in _PERIODS_S:
        times = str(feed.get("sy_updatefrequency") or "1").strip()
        return min(_PERIODS_S[period] / max(1, int(times) if times.isdecimal() and len(times) < 9 else 1), _LONGEST_TTL_S)
    return None
