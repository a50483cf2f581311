"""The feeds that a page names, in its head or in its Link header, so that an address typed by a person leads to a feed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bot.model import PageFeeds
from bot.sources.charset import decoded
from bot.sources.gates import is_gate
from bot.sources.identity import absolute, same_site
from bot.sources.plain import one_line

MOST_FEEDS = 12
_HEAD_LENGTH = 300_000  # characters; heads grow long with inlined styles
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_LINK = re.compile(r"<(?:link|base)\s[^<>]{1,4000}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r"""([a-z-]{2,20})\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_LINK_VALUE = re.compile(r"<([^<>]{1,4000})>([^<>]{0,4000})")  # of the header: RFC 8288
_KINDS = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json")


def page_feeds(body: bytes, *, url: str, content_type: str, link_header: str = "") -> PageFeeds:
    """What a document that is no feed says of feeds.

    Args:
        body: as fetched.
        url: where it was found, after redirects.
    """
    text = decoded(body, content_type)[:_HEAD_LENGTH]
    title = found[1] if (found := _TITLE.search(text)) else ""
    gate = is_gate(html.unescape(title), url, len(_TAG.sub("", text)))
    return PageFeeds(bool(_PAGE.search(text)), gate, named_feeds(text, url, link_header))


def named_feeds(page: str, url: str, link_header: str = "") -> tuple[tuple[str, str], ...]:
    """The feeds of a page as (title, address): articles before comments, the page's own site before others."""
    found: dict[str, str] = {}
    for given, base in (*_in_head(page, url), *((given, url) for given in _in_header(link_header))):
        kind = given.get("type", "").lower().split(";")[0].strip()
        if "alternate" not in given.get("rel", "").lower().split() or kind not in _KINDS:
            continue
        address = absolute(given.get("href", ""), base)
        if address and not (kind == "application/json" and "feed" not in address):
            found.setdefault(address, one_line(given.get("title", ""), 120))
    feeds = [(title, address) for address, title in found.items()]
    feeds.sort(key=lambda feed: ("comment" in (feed[0] + feed[1]).lower(), not same_site(feed[1], url)))
    return tuple(feeds[:MOST_FEEDS])


def _in_head(page: str, url: str) -> Iterator[tuple[dict[str, str], str]]:
    """The attributes of each link in a page's head, and what its address is relative to."""
    base = url
    for tag in _LINK.findall(page[:_HEAD_LENGTH]):
        given = {name.lower(): html.unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(tag)}
        if tag[:5].lower() == "<base":
            base = absolute(given.get("href", ""), url) or base
        else:
            yield given, base


def _in_header(link_header: str) -> Iterator[dict[str, str]]:
    """The attributes of each link in a Link header, as a page would have them."""
    for href, rest in _LINK_VALUE.findall(link_header):
        parameters = (part.partition("=") for part in rest.split(";"))
        yield {"href": href, **{name.strip().lower(): value.strip(' \t,"') for name, _, value in parameters}}
