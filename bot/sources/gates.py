"""Pages that stand in front of what was asked for: they ask for consent, or for proof of humanity."""

from __future__ import annotations

import re

_TITLE = re.compile(
    r"just a moment|before you continue|are you (?:a )?(?:robot|human)|attention required|access denied|please wait"
    r"|verify(?:ing)? (?:that )?you are|checking your browser|security check|cookie consent|privacy settings"
    r"|bevor sie fortfahren|avant de continuer",
    re.IGNORECASE,
)
_HOST = re.compile(r"https?://(?:consent|guce|myprivacy|privacy|captcha|challenges?)\.", re.IGNORECASE)
_LONGEST = 5_000  # characters of text; an article may be called "Please wait"


def is_gate(title: str, url: str, length: int) -> bool:
    """Whether a page of this title, found there, with so many characters of text, stands in front of another."""
    return bool(_HOST.match(url)) or (bool(_TITLE.search(title)) and length < _LONGEST)
