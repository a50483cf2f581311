"""OPML, read: the list of feeds that one reader program hands to another."""

from __future__ import annotations

from typing import Any

from bot.errors import SourceError
from bot.opml import Outline
from bot.sources.charset import decoded
from bot.sources.plain import one_line

MOST_FEEDS = 1_000
MOST_BYTES = 5 * 1024 * 1024


def read_opml(body: bytes) -> tuple[Outline, ...]:
    """The feeds of an OPML file, each once, in its order, with all the folders that hold it.

    What names no web address (http or https) is left out: a list from elsewhere must not point at files of this machine.

    Raises:
        SourceError: it is no OPML file, declares entities, names no feed or more than 1,000; the text says which.
    """
    if len(body) > MOST_BYTES:
        raise SourceError(f"The list is larger than {MOST_BYTES >> 20} MiB.")
    found: dict[str, Outline] = {}
    # A stack, outermost first, for folders may lie in folders to any depth.
    waiting: list[tuple[Any, str]] = [(each, "") for each in reversed(_root(decoded(body, "")).findall(".//body"))]
    while waiting:
        element, folder = waiting.pop()
        title, address = _title(element), (element.get("xmlUrl") or element.get("xmlurl") or "").strip()
        if address.lower().startswith(("http://", "https://")):
            first, _, folders = found.setdefault(address, (title, address, ()))
            found[address] = (first, address, tuple(dict.fromkeys((*folders, *filter(None, [folder])))))
        inner = folder if address or not title else f"{folder} / {title}".removeprefix(" / ")
        waiting += [(each, inner) for each in reversed(element) if each.tag == "outline"]
    if not found:
        raise SourceError("The list names no feed: none of its outlines has an xmlUrl that begins with http:// or https://.")
    if len(found) > MOST_FEEDS:
        raise SourceError(f"The list names {len(found):,} feeds; {MOST_FEEDS:,} are read at most. Split it.")
    return tuple(found.values())


def _root(text: str) -> Any:
    from lxml import etree  # here, for who only asks for a digest has no list to read

    if "<!ENTITY" in text:
        raise SourceError("The list declares entities of its own, which are refused: they can be made to explode.")
    start = text.find("<opml")
    if start < 0:
        raise SourceError("That is no OPML file: it has no <opml> in it.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    root = etree.fromstring(text[start:].encode("utf-8", "replace"), parser)
    if root is None:
        raise SourceError("That is no OPML file: nothing in it can be read.")
    return root


def _title(element: Any) -> str:
    return one_line(element.get("title") or element.get("text") or "", 200)
