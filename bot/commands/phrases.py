"""What people type who have not read the help, as a command: politely, with a question mark, in whole phrases.  Pure."""

from __future__ import annotations

import re
from typing import Final

from digests.query import is_picture
from digests.query.typed import is_address
from digests.slips import MARKS

_POLITE = frozenset(("please", "pls", "plz"))
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_PHRASES: Final = {
    **dict.fromkeys(
        ("today", "latest", "todays news", "todays digest", "digest", "a digest", "the digest", "my digest"), "now"
    ),
    **dict.fromkeys(("yesterday", "yesterdays news", "yesterdays digest"), "now since:yesterday until:yesterday"),
    **dict.fromkeys(("what did i miss", "what have i missed", "missed"), "catchup"),
    **dict.fromkeys(("what can you do", "what can i ask"), "help"),
}
"""Without apostrophes, in small letters."""

_MARKS = rf"[{re.escape(MARKS)} ]*"
_MOST_IN_FRONT = 4
_IN_FRONT = re.compile(
    rf"(?:(?:hi|hello|hey){_MARKS}(?<=[{re.escape(MARKS)} ])|(?:can|could|would|will) you |(?:show|tell|give) me "
    r"|(?P<digest>/?(?:(?:a|the|my) )?digest(?: of)? ))(?=\S)",
    re.IGNORECASE,
)
"""What may stand before a question, or before a command."""

_WEEKDAY = r"(?:last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PERIOD = r"(?:last|past|this) (?:[\w-]+ ){0,3}(?:hour|day|week|month|year)s?"
_WHEN = rf"today|yesterday|(?:(?:in|over|during|within) )?(?:the )?{_PERIOD}|(?:on )?{_WEEKDAY}|on \d{{1,2}} [a-z]+|since \S.*"
_WITH_WORD_OF_TIME = ("in", "over", "during", "within", "on", "since")
_NEW = r"what(?:['’]?s| is| has) (?:new|up|happening|happened)|what happened|anything new"
_NEWS = r"(?:(?:any|the|latest) )*"
_NEWS_NOW = re.compile(rf"(?:{_NEW}|{_NEWS}news)(?: (?P<when>{_WHEN}))?{_MARKS}", re.IGNORECASE)
_NEWS_ABOUT = re.compile(
    rf"(?:{_NEW}|{_NEWS}(?:news|more))(?: (?P<when>today|yesterday|(?:this|last) (?:week|month)))?"
    r" (?:about|on|with|in|to|at|near|from) (?P<words>\S.*)",
    re.IGNORECASE,
)
_LOOK_FOR = re.compile(rf"(?:(?:search|look|find) for|find)(?P<words>(?: .*)?){_MARKS}", re.IGNORECASE)
_WHO = re.compile(r"who (?:reports|reported|tells|told|wrote)(?: about| of| on)? (?P<words>\S.*)", re.IGNORECASE)
_SHARE = re.compile(r"share (?P<words>(?:now|about|search|story|sources|link)(?: .*)?)", re.IGNORECASE)
_OF_ADMINS = re.compile(
    r"(?:(?P<verb>list|show|add|remove|delete|pause|resume|test|edit) (?:(?:a|the|my) )?(?P<what>feed|schedule)s?"
    rf"|(?P<kept>feed|schedule)s? (?P<done>delete))(?P<rest>(?: .*)?){_MARKS}",
    re.IGNORECASE,
)


def as_command(typed: str) -> str:
    """What was typed without "please" around it and without a mark behind its command; a phrase as the command it means.

    Words in quotes are left alone, and so is a word that stands for itself.

    >>> as_command("Help?"), as_command("please search for iran, please!"), as_command("What's new?")
    ('Help', 'search iran', 'now')
    >>> as_command("Hi! What's new about Iran, please?"), as_command("news on iran"), as_command("hello")
    ('about Iran', 'about iran', 'hello')
    >>> as_command("Can you show me what happened yesterday?"), as_command("what's new in the last two days")
    ('now of yesterday', 'now in the last two days')
    >>> as_command("digest about iran"), as_command("list feeds"), as_command("who reported the ferry?")
    ('about iran', 'feeds list', 'sources the ferry?')
    """
    kind = _bare(typed)
    if meant := _meant(kind):
        return meant
    words = kind.split(maxsplit=1)
    if not words:
        return typed.strip()
    first, rest = words[0].rstrip(MARKS) or words[0], words[1:]
    plain = " ".join([first, *rest]).translate(_APOSTROPHES).replace("'", "").casefold()
    return _PHRASES.get(plain.rstrip(MARKS + " "), " ".join([first, *rest]))


def asked_about(words: str) -> str:
    """The words to look for among those of a question.

    >>> asked_about("what happened in Geneva?"), asked_about("more in common"), asked_about("What's new today about storms?")
    ('Geneva?', 'more in common', 'storms? today')
    """
    kind = _bare(words)
    # "more in common" is looked for as it is, however "more on iran" is meant where it stands alone.
    if not _NEWS_ABOUT.fullmatch(kind) or _NEWS_NOW.fullmatch(kind) or kind.casefold().startswith("more "):
        return words
    return (_meant(kind) or words).removeprefix("about ")


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


def _bare(typed: str) -> str:
    """What was typed without politeness, greetings, and pictures before it; these alone stay."""
    words = typed.split(" ")
    kind = without_please(" ".join(next((words[at:] for at, each in enumerate(words) if each and not is_picture(each)), words)))
    for _ in range(_MOST_IN_FRONT):
        front = _IN_FRONT.match(kind)
        if front is None:
            break
        kind = without_please(kind[front.end() :])
        if front["digest"] and is_address(kind):
            return f"link {kind}"
    return kind


def _meant(kind: str) -> str | None:
    """The command that a phrase means; None where it is none."""
    if found := _NEWS_NOW.fullmatch(kind):
        when = found["when"] or "today"
        if when.casefold() == "today":
            return "now"
        return f"now {when}" if when.split()[0].casefold() in _WITH_WORD_OF_TIME else f"now of {when}"
    if found := _NEWS_ABOUT.fullmatch(kind):
        return f"about {found['words']} {found['when'] or ''}".rstrip()
    if found := _LOOK_FOR.fullmatch(kind):
        return f"search{found['words']}"
    if found := _WHO.fullmatch(kind):
        return f"sources {found['words']}"
    if found := _SHARE.fullmatch(kind):
        return f"{found['words']} share:yes"
    if found := _OF_ADMINS.fullmatch(kind):
        said, of = (found["verb"] or found["done"]).casefold(), (found["what"] or found["kept"]).casefold()
        verb = {"delete": "remove", "show": "list"}.get(said, said)
        return f"{'feeds' if of == 'feed' else of} {verb}{found['rest']}".rstrip()
    return None
