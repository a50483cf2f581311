"""What an outlet is called, by the title of its feed: pure.

Feeds of one outlet are titled by their section ("World"), or with it ("Harbour Post | All stories"), or carry a motto; behind a
fact a reader looks for who published it.
"""

from __future__ import annotations

import re

from bot.address import domain_at

_BEHIND = re.compile(r"\s+[|•·»>/-]+\s+|\s+[–—]\s+|\s*:{1,2}\s+")  # what parts a name from a section or a motto
_COMMENTS = re.compile(r"\A(?:comments on|comments for)[: ]\s*", re.IGNORECASE)
_WORDS = """
    all and articles blog blogs breaking content feed feeds front headlines home index latest main most news page podcast
    posts recent rss atom stories the top updates website
    africa americas asia australia britain business canada china climate culture economy education entertainment environment
    europe events finance health india international law lifestyle local markets media middle east money national opinion
    pacific policy politics press release releases regional research science security society sport sports story tech
    technology travel uk us usa world
"""
_SECTIONS = frozenset(re.findall("[a-z]+", _WORDS))


def outlet_name(title: str, address: str) -> str:
    """The name of the outlet whose feed at an address is titled so; its domain where the title names no outlet.

    >>> outlet_name("Harbour Post | All stories", "https://www.harbourpost.example/rss")
    'Harbour Post'
    >>> outlet_name("World", "https://feeds.harbourpost.example/world.xml")
    'harbourpost.example'
    """
    domain = domain_at(address) or ""
    whole = _COMMENTS.sub("", " ".join(title.split()))
    parts = [part for part in _BEHIND.split(whole) if part.strip()]
    named = [part for part in parts if not _is_section(part)]
    if not named:
        return domain or whole
    own = next((part for part in named if _is_of(part, domain)), None)
    if own is not None and len(parts) > 1:
        return own
    return named[0] if len(named) == 1 else whole


def _is_section(part: str) -> bool:
    words = re.findall(r"[^\W_]+", part.casefold())
    return bool(words) and _SECTIONS.issuperset(words)


def _is_of(part: str, domain: str) -> bool:
    """Whether a name is that of its domain, written out or by its first letters: ``Al-Monitor`` of ``al-monitor.com``."""
    label = re.sub(r"[\W_]", "", domain.partition(".")[0])
    words = re.findall(r"[^\W_]+", part.casefold())
    return label in {"".join(words), "".join(words).removeprefix("the"), "".join(word[0] for word in words)}
