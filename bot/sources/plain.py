"""HTML fragments as plain text: paragraphs parted by blank lines, nothing hidden, nothing that only decorates."""

from __future__ import annotations

import html
import re
from typing import Any

LONGEST_FRAGMENT = 400_000  # characters of markup; an entry with more is cut here
MOST_TAGS = 20_000  # in one fragment; beyond it tags are only stripped
_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_SKIPPED_NAMES = """
    applet audio button canvas embed form head iframe input math nav noframes noscript object script select style svg
    template textarea title video
"""
_BLOCKS, _SKIPPED = frozenset(_BLOCK_NAMES.split()), frozenset(_SKIPPED_NAMES.split())
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?(?:-->|$)", re.DOTALL)
_LOOKS_MARKED_UP = re.compile(r"<[/!A-Za-z]|&#?\w{1,32};")
_HIDING = re.compile(
    r"display:none|visibility:hidden|(?:left|top|text-indent):-\d{3,}|font-size:0(?:px|pt|em|%)?(?:;|$)|opacity:0(?:;|$)", re.I
)
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(https?://[^\s()]{1,500}\)")
"""A link as Markdown writes it, which some feeds hand on as it is."""
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text"
    r"|(?:[\w-]*[-_])?(?:tooltip|popover|rollover|hover-?card)(?:-\w+)?[-_]*(?:text|content|body|inner|block))(?:\s|$)",
    re.IGNORECASE,
)
"""For screen readers only, or shown when the pointer rests on what it explains."""


def one_line(marked_up: str, limit: int = 500) -> str:
    """A title as plain text on one line: entities read twice, as feeds escape twice; tags dropped; cut at ``limit``."""
    text = marked_up[: 8 * limit]
    for _ in range(2):
        text = html.unescape(_TAG.sub("", text))
    text = " ".join(_TAG.sub("", text).replace("\u200b", "").replace("\u00ad", "").split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def paragraphs(marked_up: str) -> str:
    """The text of an HTML fragment: paragraphs parted by a blank line, white space folded, hidden text dropped.

    Plain text passes with its own paragraphs.
    """
    fragment = marked_up[:LONGEST_FRAGMENT]
    if not _LOOKS_MARKED_UP.search(fragment):
        return _folded(re.split(r"\n\s*\n", fragment))
    if fragment.count("<") > MOST_TAGS:
        return _folded([html.unescape(_TAG.sub(" ", fragment))])
    return _folded(_blocks(_tree(fragment)))


def hidden(element: Any) -> bool:
    """Whether an element of an lxml tree is not meant to be seen: by attribute, inline style or a telling class."""
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true":
        return True
    style = attributes.get("style")
    if style and _HIDING.search(re.sub(r"\s", "", style[:2000])):
        return True
    return bool(_HIDDEN_CLASS.search(attributes.get("class", "")[:500]))


def _tree(fragment: str) -> Any:
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
    try:
        return lxml_html.document_fromstring(f"<html><body>{fragment}</body></html>", parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _blocks(root: Any) -> list[str]:
    """The texts of the blocks in order, walked without recursion: nesting is the author's to choose."""
    if root is None:
        return []
    blocks: list[list[str]] = [[]]
    steps: list[tuple[Any, bool]] = [(root, True)]
    while steps:
        element, entering = steps.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if not entering:
            if tag in _BLOCKS:
                blocks.append([])
            blocks[-1].append(element.tail or "")
            continue
        if not tag or tag in _SKIPPED or hidden(element):
            blocks[-1].append(element.tail or "")
            continue
        if tag in _BLOCKS:
            blocks.append([])
        elif tag == "br":
            _break(blocks, element)
        blocks[-1].append(element.text or "")
        steps.append((element, False))
        steps.extend((child, True) for child in reversed(element))
    return ["".join(pieces) for pieces in blocks]


def _break(blocks: list[list[str]], element: Any) -> None:
    """One line break is a space, two in a row part paragraphs."""
    before = element.getprevious()
    doubled = before is not None and before.tag == "br" and not (before.tail or "").strip()
    if doubled:
        blocks.append([])
    else:
        blocks[-1].append(" ")


def _folded(blocks: list[str]) -> str:
    folded = (" ".join(_LINK.sub(r"\1", block.replace("\u200b", "").replace("\u00ad", "")).split()) for block in blocks)
    return "\n\n".join(block for block in folded if block)
