"""The commands that Discord is told of: groups, typed options, choices, completion; pure.

They are told as Discord takes them, because what comes back is read as it comes: one table is both, and no callback for each
command has to be written.  Words stand in the file of sentences; a second language would be told beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from bot.adapters.discord.permissions import MANAGE_SERVER
from bot.model import Payload
from bot.talk import Picked
from bot.wording import name

READERS: Final = "digest"
ADMINS: Final = "digest-admin"
LONGEST: Final = 8_000
"""Characters of names, descriptions and choices of one command in all."""
_SUB, _GROUP, _STRING, _INTEGER, _BOOLEAN, _CHANNEL_KIND, _FILE = 1, 2, 3, 4, 5, 7, 11
_POSTABLE = [0, 5, 10, 11, 12, 15]  # text, announcements, threads, forums
_CHAT, _OF_MESSAGE = 1, 3
_IN_SERVERS, _IN_MESSAGES = 0, 1
WORDS: Final = frozenset({"words", "story", "link", "thing", "feed", "address", "schedule"})
"""Options that are the words of a command, whatever they are called."""
FILE: Final = "file"
ON_LINK, ON_WHY, ON_SOURCES = "link", "why", "sources"
"""What is done with a message, by the command that does it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option.

    Args:
        label: what it is called to Discord.
        offers: kinds of what `bot.ports.desk.Answers.offers` completes it with, the first first.
        choices: the only values that it takes.
    """

    label: str
    kind: int = _STRING
    required: bool = False
    offers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    def told(self) -> Payload:
        """As Discord takes it."""
        shown = {"type": self.kind, "name": self.label, "description": name(f"discord_option_{self.label}")}
        if self.required:
            shown["required"] = True
        if self.offers:
            shown["autocomplete"] = True
        if self.choices:
            shown["choices"] = [{"name": each, "value": each} for each in self.choices]
        if self.kind == _INTEGER:
            shown["min_value"] = 1
        elif self.kind == _CHANNEL_KIND:
            shown["channel_types"] = _POSTABLE
        elif self.kind == _STRING and not self.choices:
            shown["max_length"] = 500
        return shown


def _words(label: str, *offers: str, required: bool = True) -> Option:
    return Option(label, required=required, offers=offers)


_TOPIC, _SOURCE = Option("topic", offers=("topic",)), Option("source", offers=("source",))
_SINCE, _UNTIL, _DATE = Option("since"), Option("until"), Option("date")
_LENGTH = Option("length", choices=("short", "normal", "full"))
_SHARE, _PAGE = Option("share", _BOOLEAN), Option("page", _INTEGER)
_CHANNEL = Option("channel", _CHANNEL_KIND)
_FOR = Option("for", choices=("1w", "1m", "always"))
_STORY = _words("story", "story")
_MINE = _words("thing", "topic", "source", "story", required=False)
_FEED, _ADDRESS = _words("feed", "source"), _words("address")
_SCHEDULE = _words("schedule", "schedule", required=False)
_PLAN = (Option("at"), Option("zone"), _TOPIC, _LENGTH, Option("title"), Option("if-nothing", choices=("post", "silent")))

COMMANDS: Final[Mapping[str, tuple[Option, ...]]] = {
    "now": (_TOPIC, _SINCE, _UNTIL, _LENGTH, _SHARE),
    "catchup": (_SINCE, _TOPIC, _PAGE),
    "about": (_words("words"), _SINCE, _UNTIL, _SOURCE, _LENGTH, _SHARE),
    "story": (_STORY, _PAGE, _SHARE),
    "link": (_words("link"), _DATE, _LENGTH, _SHARE),
    "search": (_words("words"), _SINCE, _UNTIL, _SOURCE, _PAGE, _SHARE),
    "sources": (_STORY, _PAGE, _SHARE),
    "why": (_STORY,),
    "follow": (_MINE, _FOR),
    "unfollow": (_words("thing", "followed"),),
    "mute": (_MINE, _FOR),
    "unmute": (_words("thing", "muted"),),
    "forget-me": (),
    "help": (),
}
"""For everyone, by the words that call them."""

ADMIN_COMMANDS: Final[Mapping[str, tuple[Option, ...]]] = {
    "setup": (),
    "preview": (_SCHEDULE,),
    "status": (),
    "settings": (),
    "schedule list": (_PAGE,),
    "schedule add": _PLAN,
    "schedule edit": (_SCHEDULE, *_PLAN),
    "schedule pause": (_SCHEDULE,),
    "schedule resume": (_SCHEDULE,),
    "schedule remove": (_SCHEDULE,),
    "schedule run": (_SCHEDULE,),
    "feeds list": (_CHANNEL, _PAGE),
    "feeds add": (_ADDRESS, _TOPIC, _CHANNEL),
    "feeds remove": (_FEED, _CHANNEL),
    "feeds pause": (_FEED,),
    "feeds resume": (_FEED,),
    "feeds test": (_ADDRESS,),
    "feeds import": (Option(FILE, _FILE, required=True), _TOPIC, _CHANNEL),
    "feeds export": (),
}
"""For those who may administer a server; a group alone cannot be sent, and its ``list`` stands for it."""

ON_MESSAGES: Final = (ON_LINK, ON_WHY, ON_SOURCES)


def told() -> list[Payload]:
    """All commands as Discord takes them."""
    everywhere = {"contexts": [_IN_SERVERS, _IN_MESSAGES], "integration_types": [0]}
    admins = {"contexts": [_IN_SERVERS], "integration_types": [0], "default_member_permissions": str(MANAGE_SERVER)}
    entries = [{"type": _OF_MESSAGE, "name": name(f"discord_menu_{each}"), **everywhere} for each in ON_MESSAGES]
    return [_group(READERS, COMMANDS, everywhere), _group(ADMINS, ADMIN_COMMANDS, admins), *entries]


def fingerprint(commands: list[Payload]) -> str:
    """What tells one set of commands from another."""
    return blake2b(json.dumps(commands, sort_keys=True).encode(), digest_size=16).hexdigest()


def picked(data: Mapping[str, Any]) -> tuple[Picked, str]:
    """The command that was sent, and the id of the file that came with it; ``""`` without one."""
    called, given = _leaf(data)
    words = " ".join(_written(label, value) for label, value in given.items() if label in WORDS)
    options = {label: _said(value) for label, value in given.items() if label not in WORDS | {FILE} and value is not False}
    return Picked(called, words, options), str(given.get(FILE, ""))


def on_message(data: Mapping[str, Any]) -> str:
    """What was chosen in the menu of a message; ``""`` for nothing that we know."""
    return next((each for each in ON_MESSAGES if name(f"discord_menu_{each}") == data.get("name")), "")


def typing(data: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """The kinds of what could be meant by the option that somebody types into, and what stands in it."""
    called, _ = _leaf(data)
    known = {**COMMANDS, **ADMIN_COMMANDS}.get(called, ())
    for each in _options(data):
        if each.get("focused"):
            kinds = next((option.offers for option in known if option.label == each.get("name")), ())
            return kinds, str(each.get("value") or "")
    return (), ""


def _group(called: str, commands: Mapping[str, tuple[Option, ...]], where: Mapping[str, Any]) -> Payload:
    """A command whose sub-commands these are; those of two words stand in groups."""
    held: dict[str, Payload] = {}
    for words, options in commands.items():
        first, _, second = words.partition(" ")
        leaf = {
            "type": _SUB,
            "name": second or first,
            "description": name(f"discord_command_{words.replace(' ', '_')}"),
            "options": [option.told() for option in options],
        }
        if second:
            description = name(f"discord_command_{first}")
            group = held.setdefault(first, {"type": _GROUP, "name": first, "description": description, "options": []})
            group["options"].append(leaf)
        else:
            held[first] = leaf
    description = name(f"discord_command_{called}")
    return {"type": _CHAT, "name": called, "description": description, "options": list(held.values()), **where}


def _leaf(data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The words of the command that was sent, and the values of its options."""
    path, options = [], data.get("options") or []
    while options and options[0].get("type") in (_SUB, _GROUP):
        path.append(str(options[0].get("name", "")))
        options = options[0].get("options") or []
    return " ".join(path), {str(each["name"]): each.get("value") for each in options}


def _options(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for each in data.get("options") or ():
        yield each
        yield from _options(each)


def _written(label: str, value: Any) -> str:
    """The value of an option that is words.  What was picked of a list by its name is one name, however many words it has."""
    text = str(value)
    return f'"{text.replace(chr(34), " ")}"' if label == "feed" and " " in text else text


def _said(value: Any) -> str:
    return "yes" if value is True else str(value)
