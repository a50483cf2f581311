"""What people type who have not read the help, as a command: politely, with a question mark, in whole phrases.  Pure."""

from __future__ import annotations

import re
from typing import Final

from digests.slips import MARKS

_POLITE = frozenset(("please", "pls", "plz"))
_GREETINGS = frozenset(("hi", "hello", "hey"))
_NEWS_ABOUT = re.compile(
    r"(?:what(?:['’]?s| is) (?:new|up|happening)|(?:(?:any|the|latest|show me|give me|tell me) )*(?:news|more)|tell me)"
    r" (?:about|on|with|in) (?P<words>\S.*)",
    re.IGNORECASE,
)
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_PHRASES: Final = {
    **dict.fromkeys(("today", "latest", "news", "the news", "latest news", "todays news", "todays digest"), "now"),
    **dict.fromkeys(("whats new", "what is new", "anything new", "show me the news"), "now"),
    **dict.fromkeys(("yesterday", "yesterdays news", "yesterdays digest"), "now since:yesterday until:yesterday"),
    **dict.fromkeys(("what did i miss", "what have i missed", "missed"), "catchup"),
}
"""Without apostrophes, in small letters."""


def as_command(typed: str) -> str:
    """What was typed without "please" around it and without a mark behind its command; a phrase as the command it means.

    Words in quotes are left alone, and so is a word that stands for itself.

    >>> as_command("Help?"), as_command("please search iran, please!"), as_command("What's new?")
    ('Help', 'search iran', 'now')
    >>> as_command("Hi! What's new about Iran, please?"), as_command("news on iran"), as_command("hello")
    ('about Iran', 'about iran', 'hello')
    """
    kind = without_please(typed)
    greeting, _, behind = kind.partition(" ")
    if behind.strip() and greeting.rstrip(MARKS).casefold() in _GREETINGS:
        return as_command(behind)
    if asked := _NEWS_ABOUT.fullmatch(kind):
        return f"about {asked['words']}"
    words = kind.split(maxsplit=1)
    if not words:
        return typed.strip()
    first, rest = words[0].rstrip(MARKS) or words[0], words[1:]
    plain = " ".join([first, *rest]).translate(_APOSTROPHES).replace("'", "").casefold()
    return _PHRASES.get(plain.rstrip(MARKS + " "), " ".join([first, *rest]))


def without_please(typed: str) -> str:
    """The words without politeness at either end; politeness alone, or in quotes, stays.

    >>> without_please("iran please?"), without_please("please"), without_please('"please"')
    ('iran', 'please', '"please"')
    """
    words, polite = typed.strip(), True
    while polite:
        first, _, behind = words.partition(" ")
        before, _, last = words.rpartition(" ")
        polite = False
        if behind.strip() and _is_polite(first):
            words, polite = behind.strip(), True
        elif before.strip() and _is_polite(last):
            words, polite = before.rstrip(" ,"), True
    return words


def _is_polite(word: str) -> bool:
    return word.rstrip(MARKS).casefold() in _POLITE
