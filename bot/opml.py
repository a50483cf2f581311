"""OPML, written: the list of feeds that one reader program hands to another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

Outline = tuple[str, str, tuple[str, ...]]
"""A feed of the list: its title, its address, and the folders it lies in, each with those around it: ``News / Europe``."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_opml(title: str, feeds: Sequence[Outline]) -> str:
    """A list of feeds as OPML 2.0; ``bot.sources.opml`` reads it back, but for mark-up in titles, which it drops.

    A feed in several folders stands in each; one in none stands before them.
    """
    folders = dict.fromkeys(folder for _, _, mine in feeds for folder in mine)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">', "  <head>"]
    lines += [f"    <title>{escape(_clean(title))}</title>", "  </head>", "  <body>"]
    lines += [f"    {_outline(each)}" for each in feeds if not each[2]]
    for folder in folders:
        lines.append(f"    <outline text={quoteattr(_clean(folder))}>")
        lines += [f"      {_outline(each)}" for each in feeds if folder in each[2]]
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _outline(feed: Outline) -> str:
    title, address, _ = feed
    name = quoteattr(_clean(title))
    return f'<outline type="rss" text={name} title={name} xmlUrl={quoteattr(_clean(address))}/>'


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
