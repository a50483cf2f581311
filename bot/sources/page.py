"""Article pages and plain texts as one value.

A page is bounded before any parser sees it and stripped of hidden text before it is read.  It states its date or has none:
a guessed one is worse than the feed's, and worse than none.  The reading is in ``page_text``, the facts in ``page_facts``.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from bot.errors import SourceError
from bot.model import PageDocument
from bot.sources.charset import decoded
from bot.sources.gates import is_gate
from bot.sources.page_facts import Facts, facts_of
from bot.sources.page_text import article_text
from bot.sources.plain import hidden

MOST_BYTES = 2 * 1024 * 1024
MOST_TAGS = 30_000  # the busiest of 360 pages has 8,000; tables cost trafilatura time by the square of their rows
DEEPEST = 400  # elements within each other, of those that nest; an honest page stays under 60
_SHORTEST_ARTICLE = 250  # characters; below it a plea to subscribe is all there is

_MARKUP = re.compile(r"<(?:!doctype|!--|/?[a-z][a-z0-9]{0,12}[\s>/])", re.IGNORECASE)
_FEED = re.compile(
    # What stands before is read once, and not again by less of it: a lookahead is never gone back into.
    r"\s*+(?=(?P<before>(?:<(?:\?(?:(?!\?>).){0,1000}\?|!--(?:(?!-->).){0,4000}--|!doctype[^>]{0,1000})>\s*+)*))(?P=before)"
    r"<(?:[\w.-]{1,30}:)?(?:rss|feed|rdf)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_NESTING = re.compile(r"<(/?)(?:div|span|b|i|em|strong|font|table|section|article|blockquote|ul|ol|a)\b", re.IGNORECASE)
_UNREADABLE = re.compile(r"(?:image|audio|video|font)/|application/(?:pdf|zip|gzip|octet-stream|msword|vnd\.)", re.IGNORECASE)
_PLEA = re.compile(
    r"\b(?:subscribe|subscription|subscribers|sign in|log in|sign up|register|abonn\w+|abo\b|anmelden|suscr[ií]b\w+|s'abonner)",
    re.IGNORECASE,
)


_HEADLINE = re.compile(r"\s*(?:# )?(?!By )([^\n]{2,200}[^\s.,;:!…\"”'’)\]])[ \t]*\n[ \t]*\n\s*\S")


def read_page(body: bytes, *, url: str, content_type: str) -> PageDocument:
    """The article in a page, or a plain text as it is.

    Args:
        body: as fetched; a document without markup is a plain text, whatever its content type says.
        url: where it was found, after redirects.

    Raises:
        SourceError: it is no page but a feed or no text at all, too large or too deep to be one, or holds no text.
    """
    if len(body) > MOST_BYTES:
        raise SourceError(f"The page is larger than {MOST_BYTES // 1024 // 1024} MiB.")
    _refuse_binary(body, content_type)
    text = decoded(body, content_type)
    if not text.strip():
        raise SourceError("The page is empty.")
    if _FEED.match(text):  # read as a page its entries would run into each other, addresses and dates included
        raise SourceError("That is a feed, not a page; give it as a feed.")
    if content_type.lower().startswith("text/plain") or not _MARKUP.search(text):
        return PageDocument(title=_headline(text), text=text)
    _refuse_excess(text)
    return _read(text, url)


def _headline(text: str) -> str:
    """The first line of a plain text where that is its headline: it stands alone, is no sentence, and text follows."""
    found = _HEADLINE.match(text)
    return " ".join(found[1].split()) if found and any(map(str.isalpha, found[1])) else ""


def _read(text: str, url: str) -> PageDocument:
    tree = _tree(text)
    facts = facts_of(tree, url)
    if is_gate(facts.title, url, len(tree.text_content())):
        return _document(facts, "", stub=True, note="a consent or challenge page stands before the article")
    article = article_text(_visible(tree), url)
    if len(article) < _SHORTEST_ARTICLE:  # some pages hide all until their script runs
        article = max(article, article_text(tree, url), key=len)
    if not article:
        raise SourceError("The page holds no text to read.")
    plea = len(article) < _SHORTEST_ARTICLE and bool(_PLEA.search(article))
    note = "the page says that the article is not free to read" if facts.paid else "only a plea to subscribe" if plea else ""
    return _document(facts, article, stub=facts.paid or plea, note=note)


def _document(facts: Facts, text: str, *, stub: bool, note: str) -> PageDocument:
    return PageDocument(
        title=facts.title,
        text=text,
        canonical_url=facts.canonical_url,
        published_at=facts.published_at,
        published_day=facts.published_day,
        date_raw=facts.date_raw,
        date_basis="structured" if facts.published_day else "",
        site_name=facts.site_name,
        authors=facts.authors,
        language=facts.language,
        origins=facts.origins_of(text),
        stub=stub,
        comment=facts.comment,
        notes=(note,) if note else (),
    )


def _refuse_binary(body: bytes, content_type: str) -> None:
    if _UNREADABLE.match(content_type.strip()) or body.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04")
    ):
        raise SourceError(f"That is no page to read ({content_type.split(';')[0].strip() or 'a binary file'}).")
    start = body[:4096]
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[:4].count(0) in (2, 3)
    if not wide and sum(byte < 9 or 13 < byte < 27 for byte in start) > len(start) // 50:
        raise SourceError("That is no page to read: it is not text.")


def _refuse_excess(text: str) -> None:
    if text.count("<") > MOST_TAGS:
        raise SourceError(f"The page has more than {MOST_TAGS:,} tags, which no article needs.")
    depth = 0
    for closing in _NESTING.findall(text):
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > DEEPEST:
            raise SourceError("The page nests its elements too deeply to be read.")


def _tree(text: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise SourceError("The page holds no text to read.") from None


def _visible(tree: Any) -> Any:
    """A copy of the page without what its reader would not see."""
    shown = copy.deepcopy(tree)
    for element in list(shown.iter()):
        unseen = element.tag in ("template", "noscript") or (element.tag not in ("html", "body", "head") and hidden(element))
        if unseen and element.getparent() is not None:
            element.drop_tree()
    return shown
