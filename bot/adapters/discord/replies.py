"""A reply as Discord messages and modals, and what people do with these read back: pure, no chat library.

An id of a control goes out as the desk made it.  Behind a ``#``, which such an id never holds, may stand what this module
itself has to know of it: ``t``, the message that it stands in is turned over; ``f``, it opens a form that is kept; ``g2``, it
opens the second step of one; ``m1.2``, it is the first step of two; a number, to tell two of the same message apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from bot.adapters.discord.render import COMPONENTS_V2, MAX_CHARACTERS, MAX_COMPONENTS, MAX_OPTIONS, NO_PINGS, render, units
from bot.adapters.discord.render import line as drawn_line
from bot.model import Payload
from bot.talk import (
    LONGEST_ID,
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
    Text,
)
from bot.wording import name, say
from digests.render.layout import Line, Run, shortened
from digests.render.safe import SafeText

EPHEMERAL: Final = 1 << 6
FIELDS_A_STEP: Final = 5
_ROW, _BUTTON, _MENU, _INPUT, _SECTION, _TEXT, _FILE, _LABEL = 1, 2, 3, 4, 9, 10, 13, 18
_STYLES = {"": 2, "primary": 1, "danger": 4}
_A_ROW = 5  # buttons
_MENUS = 4  # of one list of choices
_LONGEST_TEXT = 1_900  # of one text, in characters; a run that is longer is cut between words
_LONGEST_RUN = 900  # twice as many once escaped
_LONGEST_LABEL, _LONGEST_PLACEHOLDER, _LONGEST_OPTION, _LONGEST_HINT = 80, 150, 100, 100
_LONGEST_TITLE = 45  # of a modal and of its fields
_LONGEST_INPUT = 4_000
_FILE_NAME = re.compile(r"[^A-Za-z0-9_.-]+")

Component = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of an answer, and the files that go with it."""

    payload: Payload
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """What is never parted: a text with its buttons, a menu, a digest."""

    components: tuple[Component, ...]
    file: File | None = None


@dataclass(slots=True)
class _Filling:
    """A message on its way."""

    components: list[Component] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def takes(self, block: _Block) -> bool:
        """Add a block; False where there is no room for it."""
        whole = [*self.components, *block.components]
        if self.components and (_counted(whole) > MAX_COMPONENTS or _length(whole) > MAX_CHARACTERS):
            return False
        ids, fresh = set(self.ids), []
        for component in block.components:
            apart = _apart(component, ids, alone=not self.components)
            if apart is None:
                return False
            fresh.append(apart)
        self.ids = ids
        self.components += fresh
        self.files += [block.file] if block.file else []
        return True


def messages(reply: Reply) -> list[Message]:
    """The messages of an answer, in order.  Whether they are ephemeral is for who sends them to say."""
    return _packed(block for part in reply.parts for block in _part(part))


def progress(line: Line) -> Payload:
    """The waiting answer while something takes its time."""
    return _payload([{"type": _TEXT, "content": drawn_line(line) or "…"}])


def turned(control: Control) -> Control:
    """The control so that what it brings takes the place of its message; as it is where its id is too long for that."""
    return _with(control, "t")


def read(raw: str) -> tuple[str, str]:
    """The id of a control as the desk made it, and what this module put behind it.

    >>> read("v1:timeline:s-7f3a:2#t1")
    ('v1:timeline:s-7f3a:2', 't1')
    """
    made, _, behind = raw.partition("#")
    return made, behind


def pressed(raw: str, values: Sequence[str] = ()) -> Pressed:
    """What was pressed, or picked in a menu."""
    return Pressed(read(raw)[0], tuple(read(value)[0] for value in values))


# Forms


def steps(form: Form) -> int:
    """How many modals a form takes."""
    return max(1, -(-len(form.fields) // FIELDS_A_STEP))


def of_step(form: Form, step: int) -> tuple[Field, ...]:
    """The fields of a step, which is counted from 1."""
    return form.fields[(step - 1) * FIELDS_A_STEP : step * FIELDS_A_STEP]


def modal(form: Form, step: int = 1) -> Payload:
    """One step of a form."""
    of = steps(form)
    title = f"{form.title} ({step}/{of})" if of > 1 else form.title
    marked = f"{form.id}#m{step}.{of}"
    fields = of_step(form, step)
    components: list[Component] = [_field(each) for each in fields]
    if form.intro and len(components) < FIELDS_A_STEP and step == 1:
        components.insert(0, {"type": _TEXT, "content": _cut_to(drawn_line(form.intro))})
    custom_id = marked if len(marked) <= LONGEST_ID else form.id
    return {"custom_id": custom_id, "title": str(shortened(title, _LONGEST_TITLE)), "components": components}


def step_of(raw: str) -> tuple[str, int, int]:
    """The id of a form, which step of it a modal is, and of how many."""
    made, behind = read(raw)
    found = re.fullmatch(r"m(\d)\.(\d)", behind)
    return (made, int(found[1]), int(found[2])) if found else (made, 1, 1)


def filled(data: Mapping[str, Any]) -> dict[str, str]:
    """The text of each field of a modal that was sent off; of a menu the value that was picked."""
    found: dict[str, str] = {}
    for outer in data.get("components", ()):
        inner: Mapping[str, Any] = outer.get("component") or next(iter(outer.get("components", ())), {})
        if isinstance(called := inner.get("custom_id"), str):
            values = inner.get("values")
            found[called] = str(values[0]) if values else str(inner.get("value") or "")
    return found


def with_values(form: Form, values: Mapping[str, str]) -> Form:
    """The form with these values in its fields."""
    return replace(form, fields=tuple(replace(each, value=values.get(each.name, each.value)) for each in form.fields))


def faults(form: Form) -> list[tuple[int, Line]]:
    """What is wrong with a form: in which step, and in words."""
    return [
        (at // FIELDS_A_STEP + 1, say("field_wrong", field=each.label, why=each.error))
        for at, each in enumerate(form.fields)
        if each.error
    ]


def without_faults(form: Form, steps: Collection[int]) -> Form:
    """The form without what is wrong in some of its steps."""
    kept = (each if at // FIELDS_A_STEP + 1 not in steps else replace(each, error=()) for at, each in enumerate(form.fields))
    return replace(form, fields=tuple(kept))


def form_again(form: Form) -> Reply:
    """A modal can't follow a modal: what is wrong in words, and a button that opens the form with what was typed."""
    lines = [line for _, line in faults(form)] or [say("form_kept", title=form.title)]
    opens = _with(Control(form.id, name("button_form_again"), "primary"), "f")
    return Reply((*(Text(line) for line in lines), Buttons((opens,))))


def form_on(form: Form, step: int) -> Reply:
    """Between two steps of a form."""
    opens = _with(Control(form.id, name("button_form_on"), "primary"), f"g{step}")
    return Reply((Text(say("form_step_kept", step=step - 1, steps=steps(form))), Buttons((opens,))))


def form_lost(form_id: str) -> Reply:
    """What was typed in the first steps of a form is no longer known."""
    return Reply((Text(say("form_lost")), Buttons((Control(form_id, name("button_form_open"), "primary"),))))


def _field(each: Field) -> Component:
    label = {"type": _LABEL, "label": str(shortened(each.label, _LONGEST_TITLE))}
    hint = str(shortened(each.hint, _LONGEST_HINT)) if each.hint else ""
    if each.options:
        chosen = [pair for pair in each.options if pair[0] == each.value]
        others = [pair for pair in each.options if pair[0] != each.value]
        kept = {value for value, _ in [*chosen, *others][:MAX_OPTIONS]}
        options = [
            {"label": named(text), "value": value, **({"default": True} if value == each.value else {})}
            for value, text in each.options
            if value in kept
        ]
        inner: Component = {"type": _MENU, "custom_id": each.name, "options": options, "required": not each.optional}
        if each.optional:
            inner["min_values"] = 0
    else:
        inner = {"type": _INPUT, "custom_id": each.name, "style": 2 if each.long else 1, "required": not each.optional}
        inner |= {"max_length": _LONGEST_INPUT} | ({"value": each.value[:_LONGEST_INPUT]} if each.value else {})
    return {**label, **({"description": hint} if hint else {}), "component": inner}


# Parts


def _part(part: Part) -> Iterator[_Block]:
    match part:
        case Text(line, small):
            yield from (_Block(({"type": _TEXT, "content": text},)) for text in _texts(line, "-# " if small else ""))
        case Shown(digest, note, kept):
            yield from _part(Text(note)) if note else ()
            for payload in render(digest, controls=True, kept=kept, preview=bool(note)):
                yield _Block(tuple(payload["components"]))
        case Listing():
            yield from _listing(part)
        case Choices():
            yield from _choices(part)
        case Buttons(controls):
            yield from _rows_of(controls)
        case Confirm(line, yes, no):
            *texts, last = _texts(line)
            yield from (_Block(({"type": _TEXT, "content": text},)) for text in texts)
            yield _Block(({"type": _TEXT, "content": last}, _row((turned(yes), turned(no)))))
        case Form():  # it came too late to open by itself
            yield from _part(Text(part.intro)) if part.intro else ()
            yield from _part(Text(say("form_waits", title=part.title)))
            yield from _rows_of((_with(Control(part.id, name("button_form_open"), "primary"), "f"),))
        case File():
            safe = replace(part, name=_FILE_NAME.sub("-", part.name).strip(".-")[-80:] or "file")
            yield _Block(({"type": _FILE, "file": {"url": f"attachment://{safe.name}"}},), safe)


def _listing(listing: Listing) -> Iterator[_Block]:
    """The title, the rows, and what turns the pages; rows without buttons share a text."""
    waiting = list(_texts(listing.title))
    for row in listing.rows:
        texts = _row_texts(row)
        if row.controls:
            yield from _flushed(waiting)
            yield from (_Block(({"type": _TEXT, "content": text},)) for text in texts[:-1])
            yield from _beside(texts[-1], row.controls)
        else:
            waiting += texts
    if listing.pages > 1:
        waiting += [f"-# {drawn_line(say('page_of', page=listing.page, pages=listing.pages))}"]
    yield from _flushed(waiting)
    yield from _rows_of([turned(each) for each in (listing.back, listing.on) if each])


def _row_texts(row: Row) -> list[str]:
    """A row as texts: the line as an entry, its small lines under it."""
    texts = list(_texts(row.line, "- "))
    for small in row.small:
        for text in _texts(small, "-# "):
            if len(texts[-1]) + len(text) < _LONGEST_TEXT:
                texts[-1] += f"\n{text}"
            else:
                texts.append(text)
    return texts


def _beside(text: str, controls: tuple[Control, ...]) -> Iterator[_Block]:
    """A text with its buttons: one beside it, more below."""
    shown: Component = {"type": _TEXT, "content": text}
    if len(controls) == 1:
        yield _Block(({"type": _SECTION, "components": [shown], "accessory": _button(controls[0])},))
        return
    first, *more = _batched(controls, _A_ROW)
    yield _Block((shown, _row(first)))
    yield from (_Block((_row(each),)) for each in more)


def _flushed(waiting: list[str]) -> Iterator[_Block]:
    """The texts that wait, as few as hold them."""
    joined = ""
    for text in waiting:
        if joined and len(joined) + len(text) >= _LONGEST_TEXT:
            yield _Block(({"type": _TEXT, "content": joined},))
            joined = text
        else:
            joined = f"{joined}\n{text}" if joined else text
    if joined:
        yield _Block(({"type": _TEXT, "content": joined},))
    waiting.clear()


def _choices(choices: Choices) -> Iterator[_Block]:
    """As many menus as it takes, and how many found no room in them."""
    options = list({each.id: each for each in choices.options}.values())
    several = len(options) > MAX_OPTIONS
    for at, some in enumerate(_batched(options[: _MENUS * MAX_OPTIONS], MAX_OPTIONS)):
        begins = at * MAX_OPTIONS + 1
        prompt = f"{choices.prompt} ({begins}–{begins + len(some) - 1})" if several else choices.prompt
        yield _Block((_row_with(choices.id, prompt, some),))
    if len(options) > _MENUS * MAX_OPTIONS:
        yield from _part(Text(say("more_choices", count=len(options) - _MENUS * MAX_OPTIONS), small=True))


def _row_with(menu: str, prompt: str, options: Iterable[Control]) -> Component:
    held = [{"label": named(each.label), "value": each.id} for each in options]
    select = {"type": _MENU, "custom_id": menu, "placeholder": str(shortened(prompt, _LONGEST_PLACEHOLDER)), "options": held}
    return {"type": _ROW, "components": [select]}


def _rows_of(controls: Iterable[Control]) -> Iterator[_Block]:
    yield from (_Block((_row(some),)) for some in _batched(controls, _A_ROW))


def _row(controls: Iterable[Control]) -> Component:
    return {"type": _ROW, "components": [_button(each) for each in controls]}


def _button(control: Control) -> Component:
    label = str(shortened(control.label, _LONGEST_LABEL)) or "-"
    return {"type": _BUTTON, "style": _STYLES[control.style], "custom_id": control.id, "label": label}


def named(label: str) -> str:
    """A label as an option of a menu, or of what is offered while one types, has room for it."""
    return str(shortened(label, _LONGEST_OPTION)) or "-"


def _with(control: Control, behind: str) -> Control:
    marked = f"{control.id}#{behind}"
    return replace(control, id=marked) if len(marked) <= LONGEST_ID else control


def _batched(things: Iterable[Control], most: int) -> Iterator[tuple[Control, ...]]:
    """The things, so many at a time."""
    left = iter(things)
    while some := tuple(islice(left, most)):
        yield some


# Texts


def _texts(line: Line, before: str = "") -> Iterator[str]:
    """A line as texts, one unless it is very long; cut between runs, or between the words of one."""
    held: list[Run] = []
    begun = False
    for run in (piece for each in line for piece in _pieces(each)):
        if held and len(drawn_line((*held, run))) > _LONGEST_TEXT:
            yield _headed(drawn_line(tuple(held)), before)
            held, begun = [], True
        held.append(run)
    text = drawn_line(tuple(held))
    if text.strip() or not begun:
        yield _headed(text if text.strip() else "…", before)


def _pieces(run: Run) -> Iterator[Run]:
    text = str(run.text)
    while len(text) > _LONGEST_RUN:
        end = text.rfind(" ", 1, _LONGEST_RUN) + 1 or _LONGEST_RUN
        yield replace(run, text=SafeText.own(text[:end]))
        text = text[end:]
    yield replace(run, text=SafeText.own(text))


def _headed(text: str, before: str) -> str:
    """The text with what begins its line; a number that begins one is no list."""
    literal = re.sub(r"(?m)^( *\d+)\.", r"\1\\.", text.strip("\n"))
    return before + literal


def _cut_to(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else str(shortened(text, _LONGEST_TEXT))


# Messages


def _packed(blocks: Iterable[_Block]) -> list[Message]:
    filling = [_Filling()]
    for block in blocks:
        if not filling[-1].takes(block):
            filling.append(_Filling())
            filling[-1].takes(block)
    return [Message(_payload(each.components), tuple(each.files)) for each in filling if each.components]


def _payload(components: list[Component]) -> Payload:
    return {"flags": COMPONENTS_V2, "components": components, **NO_PINGS}


def _apart(component: Component, taken: set[str], *, alone: bool) -> Component | None:
    """The component with ids that its message has not yet, which are noted; None where one is too long to be told apart.

    ``alone``: no other message would be better, so what does the same as its neighbour is left away.
    """
    changed = dict(component)
    if raw := component.get("custom_id"):
        made, behind = read(raw)
        tries = (raw, *(f"{made}#{behind}{'.' if behind else ''}{number}" for number in range(2, MAX_COMPONENTS + 2)))
        free = next((each for each in tries if each not in taken and len(each) <= LONGEST_ID), None)
        if free is None:
            return None
        taken.add(free)
        changed["custom_id"] = free
    for key in ("components", "accessory"):
        if key not in component:
            continue
        held = component[key]
        inner = [_apart(each, taken, alone=alone) for each in (held if isinstance(held, list) else [held])]
        if None in inner and not alone:
            return None
        kept = [each for each in inner if each is not None]
        changed[key] = kept if isinstance(held, list) else kept[0]
    return changed


def _counted(components: Iterable[Component]) -> int:
    return sum(1 + _counted(each.get("components", ())) + ("accessory" in each) for each in components)


def _length(components: Iterable[Component]) -> int:
    return sum(units(str(each.get("content", ""))) + _length(each.get("components", ())) for each in components)
