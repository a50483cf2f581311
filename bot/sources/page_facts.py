"""What a page states about its article in marked-up form: title, day, site, authors, language, origin, price, opinion.

Only statements count: a date comes from JSON-LD, meta elements, ``itemprop``, the address or the only ``<time>``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from bot.sources.feed_dates import FeedDate, parse
from bot.sources.identity import absolute, canonical, same_site
from bot.sources.plain import one_line
from digests.attribution import agency_of, origin

_LONGEST_SCRIPT = 500_000
_MOST_SCRIPTS = 20
_MOST_NODES = 2_000

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Posting|Report|WebPage|Review|CreativeWork|VideoObject|Recipe)$")
_DATE_METAS = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date", "dc.date.issued",
    "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publication_date", "publish_date", "article.published", "published-date", "citation_date",
    "citation_publication_date", "bt:pubdate", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "displaydate",
    "rbpubdate", "article_date_original", "originalpublicationdate", "prism.publicationdate", "lastmodified-published",
)  # fmt: skip
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-]([01]?\d)[/-]([0-3]?\d)(?=[/_-]|$)|/((?:19|20)\d\d)([01]\d)([0-3]\d)(?=[/_-]|$)")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=\D|$)")
_OPINION = re.compile(
    r"\b(?:opinions?|op-?eds?|editorials?|commentary|comment|comment is free|columnists?|columns?|letters|kommentare?|meinung"
    r"|leitartikel|tribunes?|opini[oó]n|editoriale|opinie)\b",
    re.IGNORECASE,
)
_OPINION_PATH = re.compile(
    r"/(?:opinions?|op-ed|editorials?|commentisfree|commentary|comment|columnists?|letters-to-the-editor|kommentare?|meinung|opinion-.{1,20})/",
    re.IGNORECASE,
)
_PLACE = r"[A-ZÀ-Ý][\w.’' ,/-]{1,60}?"
_DATELINE = re.compile(
    rf"^{_PLACE}(?:,\s+[A-Z][a-z]{{2,8}}\.? \d{{1,2}})?\s*\(([A-Za-z][\w -]{{1,24}}(?:/[\w -]{{2,24}})?)\)\s*(?:[-–—:]|$)"
    r"|^\(([A-Z][\w -]{1,24})\)\s*[-–—:]"
    rf"|^{_PLACE}\s[-–—]\s?\(?(AP|AFP|Reuters|dpa)\)?\s?[-–—]"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page says of itself; ``named_origins`` are agencies and outlets in its marked-up form."""

    title: str = ""
    canonical_url: str | None = None
    published_at: datetime | None = None
    published_day: date | None = None
    date_raw: str = ""
    site_name: str = ""
    authors: tuple[str, ...] = ()
    language: str | None = None
    named_origins: tuple[str, ...] = ()
    paid: bool = False
    comment: bool = False

    def origins_of(self, text: str) -> tuple[str, ...]:
        """Those whom the page names as its origin, with the agencies of the text's own dateline first."""
        found: dict[str, None] = {}
        for paragraph in text.split("\n\n")[:3]:
            if line := _DATELINE.match(paragraph[:160]):
                for name in re.split(r"/", next(group for group in line.groups() if group)):
                    if agency := agency_of(name.strip()):
                        found[agency] = None
        names = [*found, *self.named_origins]
        own = origin(self.site_name)
        return tuple(dict.fromkeys(name for name in names if origin(name) != own))


def facts_of(tree: Any, url: str) -> Facts:
    """The facts of a parsed page at an address.  Scripts and hidden elements must still be in the tree."""
    metas = _metas(tree)
    nodes = list(_json_ld(tree))
    site = one_line(metas.get("og:site_name", "") or _name_of(_first(nodes, "publisher")), 100)
    raw, found = _date(tree, url, metas, nodes)
    return Facts(
        title=_title(tree, metas, site),
        canonical_url=_canonical_url(tree, url, metas),
        published_at=found.at if found else None,
        published_day=found.day if found else None,
        date_raw=raw,
        site_name=site,
        authors=_authors(metas, nodes),
        language=_language(tree, metas, nodes),
        named_origins=_named_origins(metas, nodes, url),
        paid=any(str(node.get("isAccessibleForFree", "")).lower() == "false" for node in nodes if _is_article(node)),
        comment=_is_opinion(url, metas, nodes),
    )


def _metas(tree: Any) -> dict[str, str]:
    """The meta elements by name, lower case; the first of each counts."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv") or ""
        value = (element.get("content") or "").strip()
        if name and value:
            found.setdefault(name.strip().lower(), value[:2000])
    return found


def _json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, outermost first."""
    scripts = [element for element in tree.iter("script") if "ld+json" in (element.get("type") or "").lower()]
    left = _MOST_NODES
    for script in scripts[:_MOST_SCRIPTS]:
        text = (script.text or "")[:_LONGEST_SCRIPT].strip().removeprefix("<!--").removesuffix("-->").rstrip().rstrip(";")
        try:
            waiting = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and left:
            left -= 1
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value[:200]
            elif isinstance(value, dict):
                yield value
                waiting += [
                    value[key]
                    for key in ("@graph", "mainEntity", "mainEntityOfPage")
                    if isinstance(value.get(key), (dict, list))
                ]


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(_ARTICLE_TYPES.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _first(nodes: list[dict[str, Any]], key: str) -> Any:
    return next((node[key] for node in nodes if node.get(key) and _is_article(node)), None)


def _name_of(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name", "")
    return value if isinstance(value, str) else ""


def _title(tree: Any, metas: dict[str, str], site: str) -> str:
    headings = [one_line(element.text_content(), 300) for element in tree.iter("h1")]
    headings = [heading for heading in headings if heading]
    written = next(tree.iter("title"), None)
    head = one_line(written.text_content(), 300) if written is not None else ""
    candidates = (one_line(metas.get("og:title", ""), 300), headings[0] if len(headings) == 1 else "", head, *headings[:1])
    return next((bare for title in candidates if (bare := _without_site(title, site, headings))), "")


def _without_site(title: str, site: str, headings: list[str]) -> str:
    """The title without the name of the site at its end, or as the page's heading has it."""
    for heading in headings:
        if heading != title and len(heading) > 15 and title.startswith(heading):
            return heading
    found = re.match(r"(.{8,}?)\s+[|–—·»:-]\s+([^|–—·»]{2,60})$", title)
    if found and site and re.sub(r"\W", "", found[2]).lower() in (re.sub(r"\W", "", site).lower(),):
        return found[1]
    return title


def _canonical_url(tree: Any, url: str, metas: dict[str, str]) -> str | None:
    """The page's own canonical link, when it is on the same site and not the home page; else the cleaned address."""
    named = [
        element.get("href") or "" for element in tree.iter("link") if "canonical" in (element.get("rel") or "").lower().split()
    ]
    for link in (*named[:1], metas.get("og:url", "")):
        found = canonical(link, url) if link.strip() else None
        if found and same_site(found, url) and (urlsplit(found).path.strip("/") or urlsplit(found).query):
            return found
    return canonical(url)


def _date(tree: Any, url: str, metas: dict[str, str], nodes: list[dict[str, Any]]) -> tuple[str, FeedDate | None]:
    for raw in _stated_dates(tree, url, metas, nodes):
        if found := _parsed(raw):
            return raw.strip()[:80], found
    return "", None


def _stated_dates(tree: Any, url: str, metas: dict[str, str], nodes: list[dict[str, Any]]) -> Iterator[str]:
    """The dates that the page states, the most trustworthy first."""
    yield from (str(node["datePublished"]) for node in nodes if node.get("datePublished") and _is_article(node))
    yield from (metas[name] for name in _DATE_METAS if name in metas)
    for element in tree.iter():
        if element.get("itemprop") in ("datePublished", "dateCreated") or element.get("pubdate") is not None:
            yield element.get("datetime") or element.get("content") or element.text_content()[:80]
    path = urlsplit(url).path
    if day := _URL_DAY.search(path):
        yield "-".join(part.zfill(2) for part in day.groups() if part)
    times = {element.get("datetime") or element.text_content()[:80] for element in tree.iter("time")}
    if len(times) == 1:
        yield times.pop()


def _parsed(raw: str) -> FeedDate | None:
    if found := parse(raw):
        return found
    day = _ISO_DAY.match(raw.strip())
    return parse(day[0]) if day else None


def _authors(metas: dict[str, str], nodes: list[dict[str, Any]]) -> tuple[str, ...]:
    stated = _first(nodes, "author")
    people = stated if isinstance(stated, list) else [stated] if stated else []
    names = [one_line(_name_of(person), 100) for person in people[:10]]
    if not any(names):
        names = [
            one_line(metas.get(name, ""), 100)
            for name in ("author", "article:author_name", "parsely-author", "dc.creator", "byl")
        ]
        names = [re.sub(r"^(?:by|von|par|de|di)\s+", "", name, flags=re.IGNORECASE) for name in names if name][:1]
    return tuple(dict.fromkeys(name for name in names if name and not name.lower().startswith(("http:", "https:", "@"))))


def _language(tree: Any, metas: dict[str, str], nodes: list[dict[str, Any]]) -> str | None:
    stated = (
        tree.get("lang"),
        tree.get("xml:lang"),
        metas.get("og:locale"),
        metas.get("content-language"),
        metas.get("language"),
    )
    for value in (*stated, _first(nodes, "inLanguage")):
        if isinstance(value, str) and re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", value.strip()):
            return value.strip().replace("_", "-")
    return None


def _named_origins(metas: dict[str, str], nodes: list[dict[str, Any]], url: str) -> tuple[str, ...]:
    """Agencies among authors and providers, and the site that a copy names as its original."""
    found: dict[str, None] = {}
    stated = [
        value
        for key in ("author", "creator", "provider", "sourceOrganization", "copyrightHolder")
        if (value := _first(nodes, key))
    ]
    for value in stated:
        for one in (value if isinstance(value, list) else [value])[:10]:
            if agency := agency_of(_name_of(one).strip()):
                found[agency] = None
    for name in ("author", "dc.source", "source", "byl", "news_source", "article:source"):
        if agency := agency_of(metas.get(name, "").strip()):
            found[agency] = None
    based = _first(nodes, "isBasedOn")
    links = [metas.get("original-source", ""), metas.get("syndication-source", ""), based if isinstance(based, str) else ""]
    for link in links:
        address = absolute(link)
        if address and not same_site(address, url):
            host = (urlsplit(address).hostname or "").removeprefix("www.")
            found[agency_of(host.split(".")[0]) or host] = None
    return tuple(found)


def _is_opinion(url: str, metas: dict[str, str], nodes: list[dict[str, Any]]) -> bool:
    """Whether the outlet itself marks the article as opinion: by its type, its section or its place."""
    if any("Opinion" in str(node.get("@type")) for node in nodes) or _OPINION_PATH.search(urlsplit(url).path):
        return True
    section = _first(nodes, "articleSection")
    stated = [
        metas.get("article:section", ""),
        metas.get("og:section", ""),
        *(section if isinstance(section, list) else [section]),
    ]
    return any(_OPINION.fullmatch(str(value or "").strip()[:60]) for value in stated)
