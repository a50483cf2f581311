"""What Discord refuses of components: in messages of the old and of the second version, and in modals.

Limits are those of Discord's Component Reference; nothing here is taken from the adapters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.servers.discord_limits import CHOICES, FORM, LENGTH, REQUIRED, SIZE, Json, Path, Wrong, address, number, text, within

ROW, BUTTON, STRINGS, INPUT, USERS, ROLES, MENTIONABLES, CHANNELS = range(1, 9)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL, UPLOAD, RADIO, BOXES, BOX = 17, 18, 19, 21, 22, 23
SELECTS = (STRINGS, USERS, ROLES, MENTIONABLES, CHANNELS)
IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
IN_MESSAGE = (*IN_CONTAINER, CONTAINER)
IN_LABEL = (INPUT, *SELECTS, UPLOAD, RADIO, BOXES, BOX)
WITH_ID = (BUTTON, INPUT, *SELECTS, UPLOAD, RADIO, BOXES, BOX)

LINK, PREMIUM = 5, 6  # styles of buttons that tell the app nothing
MOST_COMPONENTS, MOST_CHARACTERS = 40, 4_000
KIND = "COMPONENT_TYPE_INVALID"


def of_message(components: Any, *, v2: bool) -> Wrong:
    """What is wrong with the components of a message.

    Args:
        v2: it is marked as one of components alone (flag ``1 << 15``).
    """
    if not isinstance(components, list):
        yield (), "LIST_TYPE_CONVERT"
        return
    yield from _list(components, IN_MESSAGE if v2 else (ROW,), _in_message)
    if not v2 and len(components) > 5:
        yield (), SIZE
    everything = [part for _, part in walk(components)]
    if v2 and len(everything) > MOST_COMPONENTS:
        yield (), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"
    if sum(len(part.get("content") or "") for part in everything if part.get("type") == TEXT) > MOST_CHARACTERS:
        yield (), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"
    yield from _unique(components)


def of_modal(modal: Json) -> Wrong:
    """What is wrong with a modal."""
    yield from text(modal, "custom_id", 1, 100, needed=True)
    yield from text(modal, "title", 1, 45, needed=True)
    components = modal.get("components")
    if not isinstance(components, list) or not 1 <= len(components) <= 5:
        yield ("components",), SIZE
        return
    yield from within(("components",), _list(components, (ROW, TEXT, LABEL), _in_modal))
    yield from within(("components",), _unique(components))


def walk(components: Any, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Each component with the way to it, nested ones after what holds them."""
    for at, component in enumerate(components if isinstance(components, list) else []):
        if not isinstance(component, dict):
            continue
        here = (*path, str(at))
        yield here, component
        yield from walk(component.get("components"), (*here, "components"))
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield (*here, key), component[key]


def _list(components: list[Any], kinds: tuple[int, ...], check: Callable[[Json], Wrong]) -> Wrong:
    for at, component in enumerate(components):
        yield from within((str(at),), _one(component, kinds, check))


def _one(component: Any, kinds: tuple[int, ...], check: Callable[[Json], Wrong]) -> Wrong:
    if not isinstance(component, dict):
        yield (), FORM
    elif component.get("type") not in kinds:
        yield ("type",), KIND
    else:
        yield from number(component, "id", 0, 2**31 - 1)
        if component["type"] in WITH_ID and not (component["type"] == BUTTON and component.get("style") in (LINK, PREMIUM)):
            yield from text(component, "custom_id", 1, 100, needed=True)
        yield from check(component)


def _unique(components: list[Any]) -> Wrong:
    for key, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
        seen: set[Any] = set()
        for path, part in walk(components):
            if part.get(key) and part[key] in seen:
                yield (*path, key), code
            seen.add(part.get(key))


def _in_message(part: Json) -> Wrong:
    held = part.get("components")
    inner = held if isinstance(held, list) else []
    match part["type"]:
        case 1:
            yield from within(("components",), _row(inner))
        case 9:
            if not 1 <= len(inner) <= 3:
                yield ("components",), SIZE
            yield from within(("components",), _list(inner, (TEXT,), _in_message))
            yield from within(("accessory",), _one(part.get("accessory"), (BUTTON, THUMBNAIL), _in_message))
        case 10:
            yield from text(part, "content", 1, MOST_CHARACTERS, needed=True)
        case 11:
            yield from _media(part, "media")
            yield from text(part, "description", 0, 1_024)
        case 12:
            yield from _gallery(part)
        case 13:
            if not re.match(r"attachment://.", str((part.get("file") or {}).get("url"))):
                yield ("file", "url"), "URL_TYPE_INVALID_SCHEME"
        case 14:
            yield from number(part, "spacing", 1, 2)
        case 17:
            if not inner:
                yield ("components",), SIZE
            yield from number(part, "accent_color", 0, 0xFFFFFF)
            yield from within(("components",), _list(inner, IN_CONTAINER, _in_message))
        case 2:
            yield from _button(part)
        case _:
            yield from _select(part)


def _row(inner: list[Any]) -> Wrong:
    kinds = [part.get("type") for part in inner if isinstance(part, dict)]
    if not 1 <= len(inner) <= 5 or (len(inner) > 1 and any(kind in SELECTS for kind in kinds)):
        yield (), SIZE
    yield from _list(inner, (BUTTON, *SELECTS), _in_message)


def _gallery(part: Json) -> Wrong:
    items = part.get("items") or []
    if not 1 <= len(items) <= 10:
        yield ("items",), SIZE
    for at, item in enumerate(items):
        yield from within(("items", str(at)), _media(item, "media"))
        yield from within(("items", str(at)), text(item, "description", 0, 1_024))


def _media(part: Json, key: str) -> Wrong:
    url = (part.get(key) or {}).get("url")
    if not isinstance(url, str) or not re.fullmatch(r"(?:https?|attachment)://\S+", url):
        yield (key, "url"), "URL_TYPE_INVALID_URL"


def _button(part: Json) -> Wrong:
    style = part.get("style")
    yield from number(part, "style", 1, 6, needed=True)
    yield from text(part, "label", 1, 80)
    yield from address(part, "url", 512)
    needs = {LINK: "url", PREMIUM: "sku_id"}.get(style, "custom_id") if isinstance(style, int) else "custom_id"
    for key in ("custom_id", "url", "sku_id"):
        if key != needs and part.get(key):
            yield (key,), "BUTTON_COMPONENT_INVALID_FIELD"
        elif key == needs and not part.get(key):
            yield (key,), REQUIRED
    if style == PREMIUM and (part.get("label") or part.get("emoji")):
        yield ("label",), "BUTTON_COMPONENT_INVALID_FIELD"
    if style != PREMIUM and not (part.get("label") or part.get("emoji")):
        yield ("label",), REQUIRED


def _select(part: Json) -> Wrong:
    yield from text(part, "placeholder", 0, 150)
    yield from number(part, "min_values", 0, 25)
    yield from number(part, "max_values", 1, 25)
    options = part.get("options") or []
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    if part["type"] == STRINGS:
        yield from _options(options, 1, 25)
        if isinstance(most, int) and most > len(options) > 0:
            yield ("max_values",), "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE"
        if isinstance(most, int) and sum(bool(option.get("default")) for option in options if isinstance(option, dict)) > most:
            yield ("options",), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES"
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield ("min_values",), "SELECT_COMPONENT_MIN_VALUES_TOO_LARGE"


def _options(options: Any, least: int, most: int) -> Wrong:
    if not isinstance(options, list) or not least <= len(options) <= most:
        yield ("options",), SIZE
        return
    seen: set[Any] = set()
    for at, option in enumerate(options):
        here = ("options", str(at))
        if not isinstance(option, dict):
            yield here, FORM
            continue
        yield from within(here, text(option, "label", 1, 100, needed=True))
        yield from within(here, text(option, "value", 1, 100, needed=True))
        yield from within(here, text(option, "description", 1, 100))
        if option.get("value") in seen:
            yield here, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
        seen.add(option.get("value"))


def _in_modal(part: Json) -> Wrong:
    match part["type"]:
        case 1:
            inner = part.get("components")
            if not isinstance(inner, list) or len(inner) != 1:
                yield ("components",), SIZE
            else:
                yield from within(("components",), _list(inner, (INPUT,), lambda held: _input(held, labelled=False)))
        case 10:
            yield from text(part, "content", 1, MOST_CHARACTERS, needed=True)
        case _:
            yield from text(part, "label", 1, 45, needed=True)
            yield from text(part, "description", 1, 100)
            yield from within(("component",), _one(part.get("component"), IN_LABEL, _in_label))


def _in_label(part: Json) -> Wrong:
    kind = part["type"]
    if part.get("disabled"):
        yield ("disabled",), "COMPONENT_DISABLED_IN_MODAL"
    needed, least = part.get("required", True), part.get("min_values")
    if needed and least == 0:
        yield ("min_values",), "COMPONENT_MIN_VALUES_OF_REQUIRED"
    if kind == INPUT:
        yield from _input(part, labelled=True)
    elif kind in SELECTS:
        yield from _select(part)
    elif kind == UPLOAD:
        yield from number(part, "min_values", 0, 10)
        yield from number(part, "max_values", 1, 10)
    elif kind == RADIO:
        yield from _options(part.get("options"), 2, 10)
    elif kind == BOXES:
        yield from _options(part.get("options"), 1, 10)
        yield from number(part, "min_values", 0, 10)
        yield from number(part, "max_values", 1, 10)


def _input(part: Json, *, labelled: bool) -> Wrong:
    """A field for text; only in a row of the old kind it has a label of its own."""
    yield from number(part, "style", 1, 2, needed=True)
    if labelled and part.get("label"):
        yield ("label",), "TEXT_INPUT_LABEL_IN_LABEL"
    if not labelled:
        yield from text(part, "label", 1, 45, needed=True)
    yield from number(part, "min_length", 0, 4_000)
    yield from number(part, "max_length", 1, 4_000)
    yield from text(part, "value", 0, 4_000)
    yield from text(part, "placeholder", 0, 100)
    least, most, value = part.get("min_length") or 0, part.get("max_length") or 4_000, part.get("value")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield ("min_length",), CHOICES
    elif isinstance(value, str) and value and isinstance(most, int) and len(value) > most:
        yield ("value",), LENGTH
