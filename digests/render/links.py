"""Where a link may lead, and how it opens at the very sentence that a bullet stands on."""

from __future__ import annotations

import re
from itertools import dropwhile
from urllib.parse import quote, urlsplit, urlunsplit

from digests.model import Citation
from digests.render.safe import SafeText
from digests.tracking import tracks

MAX_LENGTH = 2048

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\\]")
_KEPT = "%/:=&?~!$,;'@*-._+"  # everything else in a path or query is percent-encoded
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DIRECTIVE = ":~:"
_MARKS = frozenset("-*•·|")
_FIRST, _LAST = 5, 2  # words

_SHOWN_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s/?#<>\"')\]]+[^\s]*", re.IGNORECASE)
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#]\S*)?", re.IGNORECASE)


class SafeLink(str):
    """An address that a reader may be sent to: http or https, a host, no user data, nothing that ends a link early.

    Made by ``SafeLink.of``.  At most 2,048 characters; tracking parameters are gone; outside ASCII is percent-encoded.
    """

    __slots__ = ()

    @classmethod
    def of(cls, address: str | None) -> SafeLink | None:
        """The address as a safe link; None when there is none, or it is not one to send a reader to."""
        if not address or len(address) > MAX_LENGTH or _UNFIT.search(address.strip()):
            return None
        try:
            parts = urlsplit(address.strip())
            place = _place(parts.hostname, parts.port)
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or place is None:
            return None
        pairs = [pair for pair in parts.query.split("&") if not tracks(pair.partition("=")[0])]
        path, query, fragment = (_encoded(part) for part in (parts.path, "&".join(pairs), parts.fragment))
        whole = urlunsplit((parts.scheme, place, path, query, fragment))
        return super().__new__(cls, whole) if len(whole) <= MAX_LENGTH else None

    @property
    def host(self) -> str:
        return urlsplit(self).hostname or ""

    def at(self, sentence: str, text: str = "") -> SafeLink:
        """The link that opens the page at the sentence (a text fragment); the link itself where that grows too long.

        Args:
            text: of the page as far as it was read; a beginning of the sentence that stands there elsewhere too is not enough.

        >>> SafeLink.of("https://news.example/a").at("Crews restored power to 900,000 homes in the north on Saturday")
        'https://news.example/a#:~:text=Crews%20restored%20power%20to%20900%2C000,on%20Saturday'
        """
        address, _, fragment = self.partition("#")
        whole = f"{address}#{fragment.partition(_DIRECTIVE)[0]}{_DIRECTIVE}text={_text_directive(sentence, text)}"
        return super().__new__(type(self), whole) if len(whole) <= MAX_LENGTH else self

    @property
    def bare(self) -> SafeLink:
        """The link without its text fragment."""
        address, _, fragment = self.partition("#")
        kept = fragment.partition(_DIRECTIVE)[0]
        return super().__new__(type(self), f"{address}#{kept}" if kept else address)


def cited(citation: Citation, address: str | None = None) -> SafeLink | None:
    """The link to a citation: at its sentence when the page itself was read, else to the article.

    ``address`` stands in for the article's own, for a story line that links elsewhere; the sentence is then used only
    where both are the same page.
    """
    article = citation.article
    link = SafeLink.of(article.url if address is None else address)
    if link is None or not article.page_read or address not in (None, article.url):
        return link
    return link.at(citation.quote, article.text)


def label(text: SafeText, link: SafeLink | None) -> SafeText:
    """The words of a link.  An address of another host in them is replaced by the host that the link really opens."""
    if link is None:
        return text
    if _BARE_HOST.fullmatch(text):
        return text if _same_site(text, link) else SafeText(link.host)
    return SafeText(_SHOWN_ADDRESS.sub(lambda shown: shown[0] if _same_site(shown[0], link) else link.host, text))


def _same_site(shown: str, link: SafeLink) -> bool:
    try:
        host = urlsplit(shown if "://" in shown else f"https://{shown}").hostname or ""
    except ValueError:
        return False
    ours, theirs = (name.lower().rstrip(".").removeprefix("www.") for name in (link.host, host))
    return ours == theirs or ours.endswith(f".{theirs}") or theirs.endswith(f".{ours}")


def _place(host: str | None, port: int | None) -> str | None:
    """Host and port as ASCII; None for what no browser should be given."""
    if not host:
        return None
    if not host.isascii():
        host = host.encode("idna").decode("ascii")  # UnicodeError is a ValueError
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host.lower()):
        return None
    return host if port is None else f"{host}:{port}"


def _encoded(part: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_KEPT)


def _text_directive(sentence: str, text: str) -> str:
    """``first five words,last two words``, or all of a short sentence; percent-encoded, ``-`` and ``,`` too.

    With fewer first words browsers began at a sentence or a teaser before it; where five stand in the text twice there are
    more.  The mark that the extractor puts before an item of a list or a cell does not stand on the page, so no browser would
    find it.
    """
    words = sentence.split()
    words = list(dropwhile(_MARKS.__contains__, words)) or words
    first, whole = _FIRST, " ".join(text.split()).casefold()
    while first < len(words) - _LAST and whole.count(" ".join(words[:first]).casefold()) > 1:
        first += 1
    ends = [words] if len(words) <= first + _LAST else [words[:first], words[-_LAST:]]
    return ",".join(quote(" ".join(end), safe="").replace("-", "%2D") for end in ends)
