"""What Discord refuses of an app's commands, and of what it offers while somebody types.

Limits are those of Discord's document Application Commands; nothing here is taken from the adapters.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from tests.servers.discord_limits import CHOICES, FORM, LENGTH, SIZE, Json, Wrong, text, within

CHAT, OF_USER, OF_MESSAGE = 1, 2, 3
MOST = {CHAT: 100, OF_USER: 15, OF_MESSAGE: 15}
SUB, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(1, 12)
WITH_CHOICES = (STRING, INTEGER, NUMBER)
MOST_CHARACTERS = 8_000  # of one command: names, descriptions and values, each in its longest language

_NAME = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")
LOCALES = {
    *("id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR"),
    *("ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"),
}
_FITS: dict[int | None, tuple[type, ...]] = {STRING: (str,), INTEGER: (int,), NUMBER: (int, float), None: (str, int, float)}


def of_app(commands: list[Any]) -> Wrong:
    """What is wrong with all commands of an app, or of it in a guild."""
    kinds = Counter(command.get("type", CHAT) for command in commands if isinstance(command, dict))
    if any(count > MOST.get(kind, 0) for kind, count in kinds.items()):
        yield (), "APPLICATION_COMMAND_TOO_MANY"
    seen: set[tuple[int, Any]] = set()
    for at, command in enumerate(commands):
        if not isinstance(command, dict):
            yield (str(at),), FORM
            continue
        yield from within((str(at),), _command(command))
        name = (command.get("type", CHAT), command.get("name"))
        if name in seen:
            yield (str(at), "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME"
        seen.add(name)


def _command(command: Json) -> Wrong:
    kind = command.get("type", CHAT)
    if kind not in MOST:
        yield ("type",), CHOICES
    if kind == CHAT:
        yield from _named(command)
        yield from _options(command.get("options") or [], (SUB, GROUP))
    else:
        yield from text(command, "name", 1, 32, needed=True)
        if command.get("description"):
            yield ("description",), "APPLICATION_COMMAND_DESCRIPTION_NOT_EMPTY"
        if command.get("options"):
            yield ("options",), "APPLICATION_COMMAND_OPTIONS_NOT_EMPTY"
    for key, known in (("contexts", (0, 1, 2)), ("integration_types", (0, 1))):
        if any(each not in known for each in command.get(key) or []):
            yield (key,), CHOICES
    permissions = command.get("default_member_permissions")
    if permissions is not None and not re.fullmatch(r"\d+", str(permissions)):
        yield ("default_member_permissions",), CHOICES
    if _characters(command) > MOST_CHARACTERS:
        yield (), "APPLICATION_COMMAND_TOO_LARGE"


def _named(held: Json) -> Wrong:
    """A command, a group, an option: its name and description, in each language."""
    for name in (held.get("name"), *(held.get("name_localizations") or {}).values()):
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name != name.lower():
            yield ("name",), "APPLICATION_COMMAND_INVALID_NAME"
    yield from text(held, "description", 1, 100, needed=True)
    for words in (held.get("description_localizations") or {}).values():
        if not isinstance(words, str) or not 1 <= len(words) <= 100:
            yield ("description_localizations",), LENGTH
    for key in ("name_localizations", "description_localizations"):
        if set(held.get(key) or {}) - LOCALES:
            yield (key,), CHOICES


def _options(options: Any, inner: tuple[int, ...]) -> Wrong:
    """Options of a command, or of a group or sub-command of it.

    Args:
        inner: the kinds of commands that may stand here: groups and sub-commands, sub-commands, none.
    """
    if not isinstance(options, list) or len(options) > 25:
        yield ("options",), SIZE
        return
    kinds = [option.get("type") for option in options if isinstance(option, dict)]
    if any(kind in (SUB, GROUP) for kind in kinds) and any(kind not in (SUB, GROUP) for kind in kinds):
        yield ("options",), "APPLICATION_COMMAND_OPTIONS_MIXED"
    optional, seen = False, set[Any]()
    for at, option in enumerate(options):
        here = ("options", str(at))
        if not isinstance(option, dict):
            yield here, FORM
            continue
        yield from within(here, _option(option, inner))
        if option.get("name") in seen:
            yield (*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED"
        seen.add(option.get("name"))
        if option.get("required") and optional:
            yield here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
        optional = optional or not option.get("required")


def _option(option: Json, inner: tuple[int, ...]) -> Wrong:
    kind, choices = option.get("type"), option.get("choices") or []
    yield from _named(option)
    if kind in (SUB, GROUP):
        if kind not in inner:
            yield ("type",), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
        if kind == GROUP and not option.get("options"):
            yield ("options",), SIZE
        if kind == GROUP and any(each.get("type") != SUB for each in option.get("options") or []):
            yield ("options",), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
        yield from _options(option.get("options") or [], (SUB,) if kind == GROUP else ())
        return
    if not isinstance(kind, int) or not STRING <= kind <= FILE:
        yield ("type",), CHOICES
    if (choices or option.get("autocomplete")) and kind not in WITH_CHOICES:
        yield ("choices",), "APPLICATION_COMMAND_OPTIONS_CHOICES_NOT_ALLOWED"
    if choices and option.get("autocomplete"):
        yield ("autocomplete",), "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES"
    yield from within(("choices",), of_choices(choices, kind))
    for key in ("min_length", "max_length"):
        value = option.get(key)
        if value is not None and (kind != STRING or not int(key == "max_length") <= value <= 6_000):
            yield (key,), "NUMBER_TYPE_RANGE"
    for key in ("min_value", "max_value"):
        if option.get(key) is not None and kind not in (INTEGER, NUMBER):
            yield (key,), CHOICES


def of_choices(choices: Any, kind: int | None = None) -> Wrong:
    """What is wrong with choices: 25 at most, each with a name and a value of the option's kind."""
    if not isinstance(choices, list) or len(choices) > 25:
        yield (), SIZE
        return
    for at, choice in enumerate(choices):
        if not isinstance(choice, dict):
            yield (str(at),), FORM
            continue
        yield from within((str(at),), text(choice, "name", 1, 100, needed=True))
        value = choice.get("value")
        if isinstance(value, str):
            yield from within((str(at),), text(choice, "value", 1, 100))
        if value is None or isinstance(value, bool) or not isinstance(value, _FITS.get(kind, ())):
            yield (str(at), "value"), CHOICES


def _characters(held: Json) -> int:
    longest = sum(
        max(len(word) for word in (held.get(key) or "", *(held.get(f"{key}_localizations") or {}).values()))
        for key in ("name", "description")
    )
    choices = held.get("choices") or []
    values = sum(len(str(choice.get("value"))) for choice in choices if isinstance(choice, dict))
    inner = [each for each in (*(held.get("options") or []), *choices) if isinstance(each, dict)]
    return longest + values + sum(map(_characters, inner))
