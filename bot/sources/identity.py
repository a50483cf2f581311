"""Which entries are the same: the cleaned link of an article and the key of an entry within its feed.

Two links are one article when they differ only in what readers add on the way: tracking, AMP, a fragment, a default port.
Every other parameter stays, in its order: ``?id=``, ``?p=`` and ``?v=`` tell articles apart.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from urllib.parse import quote, unquote, urljoin, urlsplit

from digests.tracking import tracks

LONGEST_LINK = 2048  # characters; a longer one is no link that a platform would post

_AMP_CACHE = re.compile(r"https?://(?:[^/]+\.cdn\.ampproject\.org/(?:c|v|a)|(?:www\.)?google\.[a-z.]+/amp)/(s/)?(.+)", re.I)
_AMP_VALUES = {"amp": ("", "1", "true"), "outputtype": ("amp",), "output": ("amp",)}
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE = "/:@!$&'*+,;=~%-._"  # what stays as it is in a path; brackets and quotation marks are encoded


def canonical(url: str, base: str | None = None) -> str | None:
    """The link with everything removed that does not choose the article; None when it is no web link.

    Scheme and host in lower case and punycode, no default port, no dot segments, no fragment (but ``#!``), no tracking
    parameters; ``ref`` goes when it names a host.  AMP addresses become the plain ones.  Google News links are opaque and stay.

    Args:
        url: as written; white space around and line breaks inside are ignored, as browsers do.
        base: what a relative link is relative to.

    >>> canonical("HTTP://News.Example:80/a/../b?id=7&utm_source=rss#top")
    'http://news.example/b?id=7'
    """
    try:
        return _canonical(absolute(url, base) or "")
    except ValueError:  # a bracket in the host, a port that is no number, a label that punycode cannot spell
        return None


def absolute(url: str, base: str | None = None) -> str | None:
    """The link as written, made absolute; None when it is no web link or names a user."""
    found = joined(url, base)
    try:
        parts = urlsplit(found)
        if parts.scheme.lower() in _DEFAULT_PORTS and parts.hostname and "@" not in parts.netloc:
            return found
    except ValueError:
        pass
    return None


def joined(url: str, base: str | None = None) -> str:
    """The address as written, relative to the base, whatever its scheme: to show and to compare, never to follow."""
    url = re.sub(r"[\t\r\n\0]", "", url).strip()
    try:
        return urljoin(base, url) if base else url
    except ValueError:
        return url


def link_key(url: str) -> str:
    """What links are compared by: the canonical link without its scheme and its last slash (http and https are one)."""
    return (canonical(url) or url).split("://", 1)[-1].rstrip("/")


def entry_key(*, guid: str, url: str | None, title: str, text: str, repeated: bool = False) -> str:
    """The identity of an entry within its feed, stable over polls: 32 hexadecimal digits.

    The guid when there is one, taken as it is (never resolved, never normalised); together with the link when the feed repeats
    the guid; without a guid the canonical link; without either title and text.
    """
    link = link_key(url) if url else ""
    parts: tuple[str, ...]
    if guid and not repeated:
        parts = ("guid", guid)
    elif guid:
        parts = ("guid and link", guid, link or title)
    elif link:
        parts = ("link", link)
    else:
        parts = ("words", " ".join(title.split()), " ".join(text.split()))
    return blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def same_site(one: str, other: str) -> bool:
    """Whether two hosts are one site: equal but for ``www.``, ``m.`` or ``amp.``, or one lies under the other."""
    a, b = (re.sub(r"^(?:www\d?|m|mobile|amp)\.", "", (urlsplit(url).hostname or "").lower()) for url in (one, other))
    return bool(a and b) and (a == b or a.endswith("." + b) or b.endswith("." + a))


def _canonical(url: str) -> str | None:
    if not url:
        return None
    if cached := _AMP_CACHE.match(url):
        url = ("https://" if cached[1] else "http://") + cached[2]
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = _host(parts.hostname or "")
    port = "" if parts.port in (None, _DEFAULT_PORTS.get(scheme)) else f":{parts.port}"
    if scheme not in _DEFAULT_PORTS or not host:
        return None
    path = _path(parts.path)
    query = _query(parts.query, host)
    if host != "news.google.com":
        host = host.removeprefix("amp.") if host.count(".") > 1 else host
        path = re.sub(r"(?<=[^/])/amp/?$", "", path)
    fragment = "#" + _encoded(parts.fragment, _SAFE + "/?") if parts.fragment.startswith("!") else ""
    found = f"{scheme}://{host}{port}{path}{query}{fragment}"
    return found if len(found) <= LONGEST_LINK else None


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _path(path: str) -> str:
    """The path without dot segments, with every character encoded in one way."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            del kept[1:][-1:], kept[max(1, len(kept) - 1) :]
        elif plain != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return _encoded("/" + "/".join(kept).lstrip("/") if kept else "/", _SAFE)


def _query(query: str, host: str) -> str:
    kept = [pair for pair in query.split("&") if pair and not _is_tracking(pair, host)]
    return "?" + _encoded("&".join(kept), _SAFE + "?[]") if kept else ""


def _is_tracking(pair: str, host: str) -> bool:
    written, _, value = pair.partition("=")
    name = unquote(written).lower()
    if name == "ref":  # names where the reader came from when it is a host; otherwise it may choose the article
        return same_site(f"http://{unquote(value)}", f"http://{host}") or value.lower() in ("rss", "feed")
    return tracks(written) or value.lower() in _AMP_VALUES.get(name, ())


def _encoded(text: str, safe: str) -> str:
    """The text with its other characters percent-encoded and its escapes in capitals."""
    return re.sub(r"%[0-9a-fA-F]{2}", lambda escape: escape[0].upper(), quote(text, safe=safe))
