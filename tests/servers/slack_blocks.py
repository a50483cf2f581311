"""What Slack refuses in blocks and views, written from its documents; nothing here is taken from the adapters.

Sources: Slack's Block Kit reference (blocks, block elements, composition objects, views), Slack's own type definitions, and
for what is undocumented what people saw it refuse: the sum of all block text (bolt-js#2509), multi-selects in an actions
block (python-slack-sdk#1631), the same ``action_id`` twice in a block (java-slack-sdk, slack-php-block-kit#3).  Newer blocks
(markdown, table, card ...) are refused: not every workspace has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, Literal

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]

ALL_TEXT = 13_000  # characters of all blocks of a message together


class RefusedError(Exception):
    """A payload is not as Slack wants it.

    Args:
        word: Slack's word for it, such as ``invalid_blocks``.
        why: the sentence that Slack adds, with the json-pointer to the place; "" when it adds none.
    """

    def __init__(self, word: str, why: str = "") -> None:
        super().__init__(word)
        self.word = word
        self.why = why


def check_blocks(blocks: Any, surface: Surface = "message", at: str = "/blocks") -> None:
    """Raise `RefusedError` unless Slack takes these blocks there."""
    _demand(isinstance(blocks, list), "must be an array", at, word="invalid_blocks_format")
    _size(blocks, 0, 50 if surface == "message" else 100, at)
    for number, block in enumerate(blocks):
        _check_block(block, surface, f"{at}/{number}")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    _demand(len(set(ids)) == len(ids), "`block_id` must be unique", at)
    if surface == "message":
        everything = sum(len(one[key]) for one in objects(blocks) for key in ("text", "url") if isinstance(one.get(key), str))
        _demand(everything <= ALL_TEXT, word="msg_blocks_too_long")


def check_view(view: Any, kinds: Collection[str] = ("modal", "home")) -> None:
    """Raise `RefusedError` unless Slack takes this view."""
    _demand(isinstance(view, dict), "must be an object", "/view", word="invalid_arguments")
    try:
        _check_view(view, kinds)
    except RefusedError as error:
        raise RefusedError("invalid_arguments", error.why) from error


def _check_view(view: Json, kinds: Collection[str]) -> None:
    _demand(view.get("type") in kinds, "unsupported type", "/view/type")
    modal = ("title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
    common = ("blocks", "private_metadata", "callback_id", "external_id")
    _keys(view, "/view", *common, *(modal if view["type"] == "modal" else ()))
    _texts(view, "/view", private_metadata=3_000, callback_id=255, external_id=255)
    _switches(view, "/view", "clear_on_close", "notify_on_close", "submit_disabled")
    if view["type"] == "modal":
        _plain(view.get("title"), 24, "/view/title")
        for name in ("submit", "close"):
            if name in view:
                _plain(view[name], 24, f"/view/{name}")
    _demand("blocks" in view, "missing required field: blocks", "/view")
    check_blocks(view["blocks"], view["type"], "/view/blocks")
    inputs = any(block["type"] == "input" for block in view["blocks"])
    _demand(not inputs or view["type"] == "home" or "submit" in view, "`submit` is required with input blocks", "/view")
    focused = [one for one in objects(view["blocks"]) if one.get("focus_on_load") is True]
    _demand(len(focused) <= 1, "only one element can have focus_on_load", "/view/blocks")


def objects(value: Any) -> Iterator[Json]:
    """Every object in blocks, in order."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def controls_of(block: Json) -> list[Json]:
    """The elements of a block that can be pressed, chosen from or typed into."""
    elements = (
        block["elements"] if block["type"] == "actions" else [block[key] for key in ("accessory", "element") if key in block]
    )
    return [one for one in elements if one["type"] != "image"]


# Blocks


def _check_block(block: Any, surface: Surface, at: str) -> None:
    good = isinstance(block, dict) and isinstance(block.get("type"), str)
    _demand(good, "must be an object", at, word="invalid_blocks_format")
    _texts(block, at, least=1, block_id=255)
    match block["type"]:
        case "header":
            _keys(block, at, "text")
            _plain(block.get("text"), 150, f"{at}/text")
        case "section":
            _check_section(block, surface, at)
        case "context":
            _keys(block, at, "elements")
            for one, place in _each(block, "elements", 1, 10, at):
                if isinstance(one, dict) and one.get("type") == "image":
                    _check_element(one, "context", surface, place)
                else:
                    _text(one, 3_000, place)
        case "actions":
            _keys(block, at, "elements")
            for one, place in _each(block, "elements", 1, 25, at):
                _check_element(one, "actions", surface, place)
        case "divider":
            _keys(block, at)
        case "image":
            _keys(block, at, "image_url", "slack_file", "alt_text", "title")
            _check_image(block, at)
            if "title" in block:
                _plain(block["title"], 2_000, f"{at}/title")
        case "input":
            _check_input(block, surface, at)
        case "rich_text":
            _keys(block, at, "elements")
            for one, place in _each(block, "elements", 0, None, at):
                _check_rich(one, place)
        case kind:
            _demand(False, f"unsupported type: {kind}", f"{at}/type")
    actions = [one["action_id"] for one in controls_of(block) if "action_id" in one]
    _demand(len(set(actions)) == len(actions), "`action_id` must be unique in its block", at)


def _check_section(block: Json, surface: Surface, at: str) -> None:
    _keys(block, at, "text", "fields", "accessory", "expand")
    _switches(block, at, "expand")
    _demand("text" in block or "fields" in block, "must define either `text` or `fields`", at)
    if "text" in block:
        _text(block["text"], 3_000, f"{at}/text")
    if "fields" in block:
        for one, place in _each(block, "fields", 1, 10, at):
            _text(one, 2_000, place)
    if "accessory" in block:
        _check_element(block["accessory"], "section", surface, f"{at}/accessory")


def _check_input(block: Json, surface: Surface, at: str) -> None:
    _demand(surface != "message", "unsupported type: input", f"{at}/type")
    _keys(block, at, "label", "element", "hint", "optional", "dispatch_action")
    _switches(block, at, "optional", "dispatch_action")
    _plain(block.get("label"), 2_000, f"{at}/label")
    if "hint" in block:
        _plain(block["hint"], 2_000, f"{at}/hint")
    _check_element(block.get("element"), "input", surface, f"{at}/element")
    file = block["element"]["type"] == "file_input"
    _demand(not (file and block.get("dispatch_action")), "unsupported type: file_input", f"{at}/element/type")


def _check_image(image: Json, at: str) -> None:
    _demand(("image_url" in image) != ("slack_file" in image), "must define either `image_url` or `slack_file`", at)
    if "image_url" in image:
        _url(image, "image_url", at)
    else:
        _demand(isinstance(image["slack_file"], dict), "must be an object", f"{at}/slack_file")
        _keys(image["slack_file"], f"{at}/slack_file", "id", "url")
    _demand("alt_text" in image, "missing required field: alt_text", at)
    _texts(image, at, alt_text=2_000)


# Elements

SINGLE = {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
MULTI = {f"multi_{name}" for name in SINGLE}
CHOICES = {"radio_buttons", "checkboxes"}
PICKERS = {"datepicker", "timepicker"}
TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}

PLACES = {
    "section": {"button", "overflow", "image"} | SINGLE | MULTI | CHOICES | PICKERS,
    "actions": {"button", "overflow", "datetimepicker"} | SINGLE | CHOICES | PICKERS,
    "context": {"image"},
    "input": {"datetimepicker", "file_input"} | SINGLE | MULTI | CHOICES | PICKERS | TYPED,
}
IN_MODALS_ONLY = {"number_input", "email_text_input", "url_text_input", "file_input"}

KEYS: dict[str, tuple[str, ...]] = {
    "button": ("text", "value", "url", "style", "confirm", "accessibility_label"),
    "overflow": ("options", "confirm"),
    "image": ("image_url", "slack_file", "alt_text"),
    "radio_buttons": ("options", "initial_option", "confirm", "focus_on_load"),
    "checkboxes": ("options", "initial_options", "confirm", "focus_on_load"),
    "datepicker": ("placeholder", "initial_date", "confirm", "focus_on_load"),
    "timepicker": ("placeholder", "initial_time", "timezone", "confirm", "focus_on_load"),
    "datetimepicker": ("initial_date_time", "confirm", "focus_on_load"),
    "plain_text_input": (
        *("placeholder", "initial_value", "multiline", "min_length", "max_length"),
        *("dispatch_action_config", "focus_on_load"),
    ),
    "number_input": (
        *("placeholder", "initial_value", "is_decimal_allowed", "min_value", "max_value"),
        *("dispatch_action_config", "focus_on_load"),
    ),
    "email_text_input": ("placeholder", "initial_value", "dispatch_action_config", "focus_on_load"),
    "url_text_input": ("placeholder", "initial_value", "dispatch_action_config", "focus_on_load"),
    "file_input": ("filetypes", "max_files"),
    "static_select": ("options", "option_groups", "initial_option"),
    "external_select": ("initial_option", "min_query_length"),
    "users_select": ("initial_user",),
    "conversations_select": ("initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"),
    "channels_select": ("initial_channel", "response_url_enabled"),
    "multi_static_select": ("options", "option_groups", "initial_options"),
    "multi_external_select": ("initial_options", "min_query_length"),
    "multi_users_select": ("initial_users",),
    "multi_conversations_select": ("initial_conversations", "default_to_current_conversation", "filter"),
    "multi_channels_select": ("initial_channels",),
}


INNER = {
    "filter": ("include", "exclude_bot_users", "exclude_external_shared_channels"),
    "dispatch_action_config": ("trigger_actions_on",),
}


def _check_element(element: Any, place: str, surface: Surface, at: str) -> None:
    _demand(isinstance(element, dict) and isinstance(element.get("type"), str), "must be an object", at)
    kind = element["type"]
    here = kind in PLACES[place] and not (kind in IN_MODALS_ONLY and surface != "modal")
    _demand(here, f"unsupported type: {kind}", f"{at}/type")
    selects = ("placeholder", "confirm", "focus_on_load") if kind in SINGLE | MULTI else ()
    most = ("max_selected_items",) if kind in MULTI else ()
    _keys(element, at, *KEYS[kind], *selects, *most, *(("action_id",) if kind != "image" else ()))
    _texts(element, at, least=1, action_id=255)
    _texts(element, at, initial_value=3_000, initial_user=None, initial_conversation=None, initial_channel=None, timezone=None)
    _switches(element, at, "focus_on_load", "multiline", "is_decimal_allowed", "response_url_enabled")
    _switches(element, at, "default_to_current_conversation")
    for name in ("initial_users", "initial_conversations", "initial_channels", "filetypes"):
        if name in element:
            for one, where in _each(element, name, 1, None, at):
                _demand(isinstance(one, str), "must be a string", where)
    for name, known in INNER.items():
        if name in element:
            _demand(isinstance(element[name], dict), "must be an object", f"{at}/{name}")
            _keys(element[name], f"{at}/{name}", *known)
    if "placeholder" in element:
        _plain(element["placeholder"], 150, f"{at}/placeholder")
    if "confirm" in element:
        _check_confirm(element["confirm"], f"{at}/confirm")
    _numbers(element, at)
    CHECKS.get(kind, _as_it_is)(element, at)


def _as_it_is(element: Json, at: str) -> None:
    """Nothing more to check."""


def _check_button(button: Json, at: str) -> None:
    _plain(button.get("text"), 75, f"{at}/text")
    _texts(button, at, value=2_000, accessibility_label=75)
    if "url" in button:
        _url(button, "url", at)
    _demand(button.get("style", "primary") in ("primary", "danger"), "must be a valid enum value", f"{at}/style")


def _check_overflow(menu: Json, at: str) -> None:
    for option, place in _each(menu, "options", 1, 5, at):
        _check_option(option, place, url=True)


def _check_choices(element: Json, at: str) -> None:
    for option, place in _each(element, "options", 1, 10, at):
        _check_option(option, place, kinds=("plain_text", "mrkdwn"))
    _check_initial(element, element["options"], at)


def _check_select(element: Json, at: str) -> None:
    _demand(("options" in element) != ("option_groups" in element), "must define either `options` or `option_groups`", at)
    options = [option for option, _ in check_options(element, at)]
    _check_initial(element, options, at)


def check_options(element: Json, at: str) -> list[tuple[Any, str]]:
    """Raise unless these options, or groups of such, can stand in a menu; return them with their places."""
    if "option_groups" not in element:
        options = list(_each(element, "options", 1, 100, at))
    else:
        options = []
        for group, place in _each(element, "option_groups", 1, 100, at):
            _demand(isinstance(group, dict), "must be an object", place)
            _keys(group, place, "label", "options")
            _plain(group.get("label"), 75, f"{place}/label")
            options += _each(group, "options", 1, 100, place)
    for option, place in options:
        _check_option(option, place)
    return options


def _check_option(option: Any, at: str, kinds: tuple[str, ...] = ("plain_text",), *, url: bool = False) -> None:
    _demand(isinstance(option, dict), "must be an object", at)
    _keys(option, at, "text", "value", "description", *(("url",) if url else ()))
    _text(option.get("text"), 75, f"{at}/text", kinds)
    _demand("value" in option, "missing required field: value", at)
    _texts(option, at, least=1, value=150)
    if "description" in option:
        _text(option["description"], 75, f"{at}/description", kinds)
    if "url" in option:
        _url(option, "url", at)


def _check_initial(element: Json, options: list[Any], at: str) -> None:
    if "initial_option" in element:
        _demand(element["initial_option"] in options, "must be one of the provided options", f"{at}/initial_option")
    if "initial_options" in element:
        for one, place in _each(element, "initial_options", 1, None, at):
            _demand(one in options, "must be one of the provided options", place)


def _check_external(element: Json, at: str) -> None:
    if "initial_option" in element:
        _check_option(element["initial_option"], f"{at}/initial_option")
    if "initial_options" in element:
        for one, place in _each(element, "initial_options", 1, None, at):
            _check_option(one, place)


def _check_number_input(element: Json, at: str) -> None:
    _demand("is_decimal_allowed" in element, "missing required field: is_decimal_allowed", at)
    for name in ("initial_value", "min_value", "max_value"):
        good = isinstance(element.get(name, "0"), str) and re.fullmatch(r"-?\d+(\.\d+)?", element.get(name, "0"))
        _demand(bool(good), "must be a number in a string", f"{at}/{name}")


def _check_date(element: Json, at: str) -> None:
    _shape(element, "initial_date", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", at)


def _check_time(element: Json, at: str) -> None:
    _shape(element, "initial_time", r"([01]\d|2[0-3]):[0-5]\d", at)


CHECKS: dict[str, Callable[[Json, str], None]] = {
    "button": _check_button,
    "overflow": _check_overflow,
    "image": _check_image,
    "radio_buttons": _check_choices,
    "checkboxes": _check_choices,
    "static_select": _check_select,
    "multi_static_select": _check_select,
    "external_select": _check_external,
    "multi_external_select": _check_external,
    "number_input": _check_number_input,
    "datepicker": _check_date,
    "timepicker": _check_time,
}


def _check_confirm(confirm: Any, at: str) -> None:
    _demand(isinstance(confirm, dict), "must be an object", at)
    _keys(confirm, at, "title", "text", "confirm", "deny", "style")
    _plain(confirm.get("title"), 100, f"{at}/title")
    _text(confirm.get("text"), 300, f"{at}/text")
    _plain(confirm.get("confirm"), 30, f"{at}/confirm")
    _plain(confirm.get("deny"), 30, f"{at}/deny")
    _demand(confirm.get("style", "primary") in ("primary", "danger"), "must be a valid enum value", f"{at}/style")


# Rich text

RICH = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
INLINE = {
    "text": ("text", "style"),
    "link": ("url", "text", "style", "unsafe"),
    "emoji": ("name", "unicode", "skin_tone", "style"),
    "date": ("timestamp", "format", "url", "fallback", "style"),
    "user": ("user_id", "style"),
    "usergroup": ("usergroup_id", "style"),
    "channel": ("channel_id", "style"),
    "broadcast": ("range", "style"),
    "color": ("value", "style"),
}
NEEDED = {
    "text": "text",
    "link": "url",
    "emoji": "name",
    "date": "timestamp",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "broadcast": "range",
    "color": "value",
}
STYLES = {"bold", "italic", "strike", "code", "underline"}


def _check_rich(element: Any, at: str) -> None:
    good = isinstance(element, dict) and element.get("type") in RICH and isinstance(element.get("elements"), list)
    _demand(good, "unsupported type", f"{at}/type")
    if element["type"] == "rich_text_list":
        _keys(element, at, "elements", "style", "indent", "offset", "border")
        _demand(element.get("style") in ("bullet", "ordered"), "must be a valid enum value", f"{at}/style")
        for one, place in _each(element, "elements", 0, None, at):
            section = isinstance(one, dict) and one.get("type") == "rich_text_section"
            _demand(section, "unsupported type", f"{place}/type")
            _check_rich(one, place)
        return
    _keys(element, at, "elements", *(("border", "language") if element["type"] == "rich_text_preformatted" else ("border",)))
    known = ("text", "link") if element["type"] == "rich_text_preformatted" else tuple(INLINE)
    for one, place in _each(element, "elements", 0, None, at):
        _check_inline(one, known, place)


def _check_inline(one: Any, known: tuple[str, ...], at: str) -> None:
    _demand(isinstance(one, dict) and one.get("type") in known, "unsupported type", f"{at}/type")
    _keys(one, at, *INLINE[one["type"]])
    style = one.get("style", {})
    switches = isinstance(style, dict) and set(style) <= STYLES and all(isinstance(value, bool) for value in style.values())
    _demand(switches, "invalid style", f"{at}/style")
    needed = NEEDED[one["type"]]
    _demand(needed in one, f"missing required field: {needed}", at)
    _demand(isinstance(one[needed], int if needed == "timestamp" else str), "wrong type", f"{at}/{needed}")
    match one["type"]:
        case "text":
            _texts(one, at, least=1, text=None)
        case "link":
            _demand(re.match(r"(?:https?://|mailto:)\S", one["url"]) is not None, "invalid url", f"{at}/url")
            _texts(one, at, least=1, text=None)
        case "date":
            _demand(isinstance(one.get("format"), str), "missing required field: format", at)
        case "broadcast":
            _demand(one["range"] in ("here", "channel", "everyone"), "must be a valid enum value", f"{at}/range")


# The demands


def _demand(good: bool, why: str = "", at: str = "", *, word: str = "invalid_blocks") -> None:
    if not good:
        raise RefusedError(word, f"{why} [json-pointer:{at}]" if why else "")


def _keys(thing: Json, at: str, *known: str) -> None:
    strange = sorted(set(thing) - {"type", *known} - ({"block_id"} if re.search(r"/blocks/\d+$", at) else set()))
    _demand(not strange, f"invalid additional property: {', '.join(strange)}", at)


def _text(text: Any, most: int, at: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
    _demand(isinstance(text, dict) and text.get("type") in kinds, f"must be {' or '.join(kinds)}", at)
    _keys(text, at, "text", "emoji" if text["type"] == "plain_text" else "verbatim")
    _switches(text, at, "emoji", "verbatim")
    _demand("text" in text, "missing required field: text", at)
    _texts(text, at, least=1, text=most)


def _plain(text: Any, most: int, at: str) -> None:
    _text(text, most, at, ("plain_text",))


def _texts(thing: Json, at: str, *, least: int = 0, **most: int | None) -> None:
    """Each of these fields, where it is there, is a text of so many characters; None for no limit."""
    for name, limit in most.items():
        if name in thing:
            _demand(isinstance(thing[name], str), "must be a string", f"{at}/{name}")
            _size(thing[name], least, limit, f"{at}/{name}", "characters")


def _size(thing: Any, least: int, most: int | None, at: str, of: str = "items") -> None:
    _demand(len(thing) >= least, f"must be more than {least - 1} {of}", at)
    _demand(most is None or len(thing) <= most, f"must be less than {(most or 0) + 1} {of}", at)


def _each(thing: Json, name: str, least: int, most: int | None, at: str) -> list[tuple[Any, str]]:
    """The items of a list with their places."""
    _demand(isinstance(thing.get(name), list), f"missing required field: {name}", at)
    _size(thing[name], least, most, f"{at}/{name}")
    return [(one, f"{at}/{name}/{number}") for number, one in enumerate(thing[name])]


def _switches(thing: Json, at: str, *names: str) -> None:
    for name in names:
        _demand(isinstance(thing.get(name, True), bool), "must be a boolean", f"{at}/{name}")


NUMBERS = {"min_query_length": (0, None), "max_selected_items": (1, None), "max_files": (1, 10), "initial_date_time": (0, None)}
LENGTHS = {"min_length": (0, 3_000), "max_length": (1, 3_000)}


def _numbers(thing: Json, at: str) -> None:
    for name, (least, most) in {**NUMBERS, **LENGTHS}.items():
        if name in thing:
            value = thing[name]
            _demand(isinstance(value, int) and not isinstance(value, bool), "must be an integer", f"{at}/{name}")
            _demand(value >= least and (most is None or value <= most), "out of range", f"{at}/{name}")


def _url(thing: Json, name: str, at: str) -> None:
    good = isinstance(thing[name], str) and re.match(r"https?://\S", thing[name]) is not None
    _demand(good, "invalid url", f"{at}/{name}")
    _texts(thing, at, **{name: 3_000})


def _shape(thing: Json, name: str, shape: str, at: str) -> None:
    good = name not in thing or (isinstance(thing[name], str) and re.fullmatch(shape, thing[name]) is not None)
    _demand(good, "invalid format", f"{at}/{name}")
