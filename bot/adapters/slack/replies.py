"""A reply as Slack shows it, and what people do read back: pure functions between values and payloads, no chat library.

A reply becomes messages, each within Slack's limits: it is cut between rows and parts, never inside one.  Its form becomes a
modal.  Text from outside stands where it is literal, as in `bot.adapters.slack.render`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from bot.adapters.slack import render
from bot.adapters.slack.manifest import ASK_DIGEST
from bot.adapters.slack.render import Block, bullet_list, context, escape, plain_text, rich_text, section
from bot.model import Payload
from bot.talk import (
    PICK,
    Buttons,
    Choices,
    Confirm,
    Control,
    Field,
    File,
    Form,
    Listing,
    Part,
    Pressed,
    Reply,
    Row,
    Shown,
    Submitted,
    Text,
)
from bot.wording import name, say
from digests.render.layout import Line, Run, shortened, words

MARK: Final = "#"
"""Stands before what makes an id unique in its message; no id of a control holds it."""
TURN: Final = "turn"
"""Such a mark: what is pressed takes the place of the message in which it stands."""

_MOST_BUTTONS = 25
_MOST_OPTIONS = 100
_MOST_ROWS_WITH_BUTTONS = 10  # more of them are named in a menu, or a list is a wall of buttons
_LABEL, _OPTION, _PLACEHOLDER, _TITLE, _SUBMIT = 75, 75, 150, 24, 24
_FIELD_LABEL, _HINT, _INPUT, _ERROR = 2_000, 2_000, 3_000, 300
_MOST_HOME_BLOCKS = 100
_CHOSEN = "="  # before the value of an option: Slack takes no empty one


@dataclass(frozen=True, slots=True)
class Piece:
    """What is never cut: blocks, and what a screen reader says of them."""

    blocks: tuple[Block, ...]
    text: str


def messages(reply: Reply) -> list[Payload]:
    """The messages of a reply, in order; none where all of it is a form or a file."""
    packed: list[list[Piece]] = []
    for piece in _pieces(reply.parts):
        if packed and _fit([*packed[-1], piece]):
            packed[-1].append(piece)
        else:
            packed.append([piece])
    return [_message(pieces) for pieces in packed]


def notice(line: Line) -> Payload:
    """A message of one line."""
    return _message([_paragraph(line)])


def form_of(reply: Reply) -> Form | None:
    """The form of a reply, where it has one."""
    return next((part for part in reply.parts if isinstance(part, Form)), None)


def files_of(reply: Reply) -> list[File]:
    return [part for part in reply.parts if isinstance(part, File)]


def without_form(reply: Reply) -> Reply | None:
    """What a reply shows beside its form; None where that is nothing."""
    rest = tuple(part for part in reply.parts if not isinstance(part, Form))
    return Reply(rest, reply.public) if rest else None


def late_form(form: Form) -> Reply:
    """A form that can no longer be opened: pressing the button asks for it anew."""
    line = form.intro or say("slack_form_waits", form=form.title)
    return Reply((Text(line), Buttons((Control(form.id, name("button_form_open"), "primary"),))))


# Modals


def modal(form: Form, metadata: str) -> Payload:
    """The view of a form.

    Args:
        metadata: comes back when it is sent off, at most 3,000 characters.
    """
    blocks = [rich_text([section(form.intro)])] if form.intro else []
    return {
        "type": "modal",
        "callback_id": form.id,
        "private_metadata": metadata,
        "title": plain_text(_label(form.title, _TITLE)),
        "submit": plain_text(_label(form.submit, _SUBMIT)),
        "close": plain_text(name("slack_cancel")),
        "notify_on_close": False,
        "blocks": blocks + [_input(field) for field in form.fields],
    }


def errors(form: Form) -> dict[str, str]:
    """What is wrong with each field that has something wrong, in words."""
    return {field.name: str(shortened(words(field.error), _ERROR)) for field in form.fields if field.error}


def submitted(view: Mapping[str, Any]) -> Submitted:
    """What was filled in and sent off."""
    return Submitted(str(view.get("callback_id") or ""), values(view))


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """The text of each field of a view, by its name; what comes from outside and is none of ours is left out."""
    state = view.get("state")
    blocks = state.get("values") if isinstance(state, dict) else None
    found: dict[str, str] = {}
    for field, actions in blocks.items() if isinstance(blocks, dict) else ():
        for value in actions.values() if isinstance(actions, dict) else ():
            found[str(field)] = _value(value) if isinstance(value, dict) else ""
    return found


def pressed(action: Mapping[str, Any]) -> tuple[Pressed, bool]:
    """What was pressed or picked, and whether what comes of it takes the place of the message."""
    control, _, mark = str(action.get("action_id") or "").partition(MARK)
    chosen = action.get("selected_option")
    value = chosen.get("value") if isinstance(chosen, dict) else None
    return Pressed(control, (value,) if isinstance(value, str) else ()), mark.startswith(TURN)


def options(offered: Sequence[tuple[str, str]]) -> list[Block]:
    """The options of a menu that asks while somebody types."""
    return [_option(label, value) for label, value in offered[:_MOST_OPTIONS] if label and value]


def home(reply: Reply) -> Payload:
    """The view of the Home tab; where it holds no more, the rest is left away whole and said to be.

    What is pressed there is answered where nobody looks just then, so that it begins with where that is.
    """
    blocks: list[Block] = [context(words(say("slack_home_answers")))]
    length = 0
    for piece in _pieces(reply.parts):
        length += render.length(list(piece.blocks))
        if len(blocks) + len(piece.blocks) >= _MOST_HOME_BLOCKS or length > _MOST_HOME_BLOCKS * 1_000:
            blocks.append(context(words(say("slack_home_more"))))
            break
        blocks += piece.blocks
    return {"type": "home", "blocks": _unique(blocks)}


# Parts


def _pieces(parts: Iterable[Part]) -> Iterator[Piece]:
    for part in parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[Piece]:
    match part:
        case Text(line, small):
            yield _small(line) if small else _paragraph(line)
        case Shown(digest, note, kept):
            for payload in render.render(digest, controls=kept, note=note):
                yield Piece(tuple(payload["blocks"]), payload["text"])
        case Listing():
            yield from _listing(part)
        case Choices(menu, prompt, choices):
            yield from _menu(menu, prompt, [(option.label, option.id) for option in choices])
        case Buttons(controls):
            yield from _buttons(controls)
        case Confirm(line, yes, no):
            [row] = _buttons((yes, no))
            asked = _paragraph(line)
            yield Piece((*asked.blocks, *row.blocks), asked.text)
        case Form():
            return
        case File(called):
            yield _small(say("slack_file_sent", name=called))


def _listing(listing: Listing) -> Iterator[Piece]:
    if listing.title:
        yield _paragraph(tuple(Run(run.text, run.link, bold=True, code=run.code) for run in listing.title))
    pressable = [row for row in listing.rows if row.controls]
    as_menus = len(pressable) > _MOST_ROWS_WITH_BUTTONS
    for row in listing.rows:
        yield _row(row, () if as_menus else row.controls)
    if as_menus:
        yield from _menus_of(pressable)
    if listing.pages > 1:
        yield _small(say("page_of", page=listing.page, pages=listing.pages))
    if turns := [each for each in (listing.back, listing.on) if each]:
        yield from _buttons(turns, TURN)


def _row(row: Row, controls: Sequence[Control]) -> Piece:
    elements: list[Block] = [bullet_list([row.line])]
    if small := [line for line in row.small if line]:
        elements.append({**bullet_list(small), "indent": 1})
    text = "\n".join([f"• {words(row.line)}", *map(words, small)])
    pressable = [block for piece in _buttons(controls) for block in piece.blocks]
    return Piece((rich_text(elements), *pressable), render.bounded(escape(text)))


def _menus_of(rows: Sequence[Row]) -> Iterator[Piece]:
    """What can be done with many rows: a menu of them for each thing to do."""
    doable = [(control.label, (words(row.line), control.id)) for row in rows for control in row.controls]
    doable.sort(key=lambda each: each[0])
    for label, group in groupby(doable, key=lambda each: each[0]):
        yield from _menu(PICK, label, [each for _, each in group])


def _menu(menu: str, prompt: str, choices: Sequence[tuple[str, str]]) -> Iterator[Piece]:
    if not choices:
        return
    element = {
        "type": "static_select",
        "action_id": menu,
        "placeholder": plain_text(_label(prompt, _PLACEHOLDER)),
        "options": [_option(*each) for each in choices[:_MOST_OPTIONS]],
    }
    more = _small(say("slack_menu_more", shown=_MOST_OPTIONS, choices=len(choices))) if len(choices) > _MOST_OPTIONS else None
    named = escape("\n".join([prompt, *(f"• {label}" for label, _ in choices[:_MOST_OPTIONS])]))
    blocks: tuple[Block, ...] = ({"type": "actions", "elements": [element]},)
    yield Piece((*blocks, *(more.blocks if more else ())), render.bounded(named))


def _buttons(controls: Sequence[Control], mark: str = "") -> Iterator[Piece]:
    for start in range(0, len(controls), _MOST_BUTTONS):
        row = controls[start : start + _MOST_BUTTONS]
        yield Piece(({"type": "actions", "elements": [_button(each, mark) for each in row]},), "")


def _button(control: Control, mark: str) -> Block:
    button = render.button(f"{control.id}{MARK}{mark}" if mark else control.id, _label(control.label, _LABEL))
    return {**button, "style": control.style} if control.style else button


def _option(label: str, value: str) -> Block:
    return {"text": plain_text(_label(label, _OPTION)), "value": value[:150]}


def _label(text: str, limit: int) -> str:
    """The words of something to press: never none, whatever they were."""
    return str(shortened(text, limit)) or "…"


def _paragraph(line: Line) -> Piece:
    return Piece((rich_text([section(line)]),), render.bounded(escape(words(line))))


def _small(line: Line) -> Piece:
    """A line that explains.  Slack's small text has no links and shows nothing as typed, so such a line stands as all else."""
    if any(run.link or run.code for run in line) or not words(line).strip():
        return _paragraph(line)
    return Piece((context(words(line)),), render.bounded(escape(words(line))))


# Messages


def _fit(pieces: Sequence[Piece]) -> bool:
    return render.fits_one(_text(pieces), [block for piece in pieces for block in piece.blocks])


def _text(pieces: Sequence[Piece]) -> str:
    return "\n".join(piece.text for piece in pieces if piece.text)


def _message(pieces: Sequence[Piece]) -> Payload:
    blocks = [block for piece in pieces for block in piece.blocks]
    return {"text": _text(pieces) or escape(name("slack_buttons")), "blocks": _unique(blocks), **render.QUIET}


def _unique(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with no id of a control twice: what would be one gets a mark behind it."""
    seen: set[str] = set()
    found: list[Block] = []
    for block in blocks:
        if block["type"] != "actions":
            found.append(block)
            continue
        elements = []
        for element in block["elements"]:
            called, number = element["action_id"], 2
            while called in seen:
                called = f"{element['action_id']}{'' if MARK in element['action_id'] else MARK}{number}"
                number += 1
            seen.add(called)
            elements.append({**element, "action_id": called})
        found.append({**block, "elements": elements})
    return found


# Fields


def _input(field: Field) -> Block:
    told = field.hint and not field.channel  # how a channel is typed is no help where one is picked
    hint = {"hint": plain_text(_label(field.hint, _HINT))} if told else {}
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(_label(field.label, _FIELD_LABEL)),
        "optional": field.optional,
        "element": _select(field) if field.options else _channels(field) if field.channel else _typed(field),
        **hint,
    }


def _typed(field: Field) -> Block:
    value = {"initial_value": field.value[:_INPUT]} if field.value else {}
    return {"type": "plain_text_input", "action_id": field.name, "multiline": field.long, "max_length": _INPUT, **value}


def _select(field: Field) -> Block:
    offered = list(field.options)
    chosen = next((each for each in offered if each[0] == field.value), None)
    if chosen and chosen not in offered[:_MOST_OPTIONS]:  # what is chosen is never lost for want of room
        offered.insert(0, chosen)
    shown = [_option(label, f"{_CHOSEN}{value}") for value, label in offered[:_MOST_OPTIONS]]
    initial = {"initial_option": _option(chosen[1], f"{_CHOSEN}{chosen[0]}")} if chosen else {}
    return {"type": "static_select", "action_id": field.name, "options": shown, **initial}


def _channels(field: Field) -> Block:
    """A menu of the channels that the person sees; Slack shows no ids that could be typed."""
    chosen = field.value.rpartition("/")[2]
    initial = {"initial_conversation": chosen} if _CHANNEL.fullmatch(chosen) else {}
    only = {"include": ["public", "private"], "exclude_bot_users": True}
    return {"type": "conversations_select", "action_id": field.name, "filter": only, **initial}


def _value(state: Mapping[str, Any]) -> str:
    chosen = state.get("selected_option")
    if isinstance(chosen, dict):
        return str(chosen.get("value") or "").removeprefix(_CHOSEN)
    for key in ("value", "selected_conversation"):
        if isinstance(state.get(key), str):
            return str(state[key])
    return ""


# What people write

_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]+")
_LINK: Final = re.compile(r"<(https?://[^\s|<>]{1,2000})(?:\|[^<>]*)?>")
_MARKUP: Final = re.compile(r"<(?P<inner>[^<>]*)>")


def first_link(message: Mapping[str, Any]) -> str:
    """The first web address in a message as Slack sends it; ``""`` without one."""
    text = str(message.get("text") or "")
    if match := _LINK.search(text):
        return _unescaped(match[1])
    for one in _objects([message.get("blocks"), message.get("attachments")]):
        address = one.get("url") if one.get("type") == "link" else one.get("from_url") or one.get("title_link")
        if isinstance(address, str) and re.match(r"https?://\S{1,2000}$", address):
            return address
    return ""


def stories(message: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(title, id) of the stories that a digest of ours offers in its menu."""
    found: list[tuple[str, str]] = []
    for one in _objects(message.get("blocks")):
        if one.get("type") != "static_select" or not str(one.get("action_id")).startswith("v1:story:"):
            continue
        for option in one.get("options") or ():
            if isinstance(option, dict) and isinstance(option.get("text"), dict):
                found.append((str(option["text"].get("text") or ""), str(option.get("value") or "")))
    return [(title, story) for title, story in found if title and story]


def typed(text: str, *, command: str, bot: str) -> str:
    """The words that somebody wrote to the bot, without its name and without Slack's markup: a link is its address."""
    plain = text.replace(f"<@{bot}>", " ")
    plain = _unescaped(_MARKUP.sub(_inner, plain)).strip()
    first, _, rest = plain.partition(" ")
    return rest.strip() if first == command else plain


def _inner(match: re.Match[str]) -> str:
    address, _, label = match["inner"].partition("|")
    if address.startswith(("http://", "https://")):
        return address
    return label or address.removeprefix("mailto:")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _objects(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every object in a payload, in order; one that is nested without end is left at some depth."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if depth < 20:
            yield from _objects(inner, depth + 1)


# The form that is opened from anywhere


def ask_view() -> Payload:
    """The form for a digest, opened by the global shortcut: topic, time, length, and where the answer is read."""
    since = tuple((value, name(f"slack_since_{value or 'day'}")) for value in ("", "today", "yesterday", "3d", "week"))
    lengths = tuple((value, name(f"length_{value}")) for value in ("short", "normal", "full"))
    fields = (
        Field("since", name("slack_ask_since"), options=since),
        Field("length", name("label_length"), "normal", options=lengths),
    )
    view = modal(Form(ASK_DIGEST, name("slack_ask_title"), fields, name("slack_ask_submit")), "")
    topic = {
        "type": "external_select",
        "action_id": "offer:topic",
        "min_query_length": 0,
        "placeholder": plain_text(name("slack_ask_any")),
    }
    place = {
        "type": "conversations_select",
        "action_id": "where",
        "default_to_current_conversation": True,
        "response_url_enabled": True,
    }
    topic_block = _block("topic", topic, name("label_topic"), name("slack_ask_topic_hint"), optional=True)
    place_block = _block("where", place, name("slack_ask_where"), name("slack_ask_where_hint"), optional=False)
    return {**view, "blocks": [topic_block, *view["blocks"], place_block]}


def _block(called: str, element: Block, label: str, hint: str, *, optional: bool) -> Block:
    labels = {"label": plain_text(label), "hint": plain_text(hint)}
    return {"type": "input", "block_id": called, "optional": optional, "element": element, **labels}
