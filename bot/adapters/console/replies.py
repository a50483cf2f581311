"""A reply drawn for a terminal.  What can be pressed has a number; typing the number presses it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.adapters.console import styled, text_of
from bot.talk import (
    Buttons,
    Choices,
    Confirm,
    Control,
    File,
    Form,
    Listing,
    Part,
    Pressed,
    Reply,
    Row,
    Shown,
    control_id,
    story_under,
)
from bot.talk import Text as Paragraph
from bot.wording import name, say
from digests.model import Digest
from digests.render.layout import Kind, arrange, shortened
from digests.render.safe import SafeText

_MOST_STORIES = 25
_LONGEST_LABEL = 75
_GAP = "   "  # between two controls


@dataclass(slots=True)
class Drawing:
    """A reply on its way to the screen: what was drawn, and what each number presses."""

    blocks: list[RenderableType] = field(default_factory=list)
    pressed: list[Pressed] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    files: list[File] = field(default_factory=list)

    def number(self, control: Control, menu: str | None = None) -> Text:
        """The control with its number, from 1 in the order of the screen."""
        self.pressed.append(Pressed(menu, (control.id,)) if menu else Pressed(control.id))
        return Text.assemble((f"[{len(self.pressed)}]", "bold cyan"), f" {SafeText(control.label, _LONGEST_LABEL)}")


def drawn(reply: Reply) -> Drawing:
    """The reply for rich, with the numbers of its controls."""
    drawing = Drawing()
    for part in reply.parts:
        drawing.blocks += _part(drawing, part)
    if reply.public:
        drawing.blocks.append(text_of(say("everybody_sees")))
    return drawing


def as_text(drawing: Drawing, width: int = 80) -> str:
    """The drawing as plain text of a width in columns, with a newline at the end."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=False, no_color=True, highlight=False, markup=False, emoji=False)
    console.print(spaced(drawing))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def spaced(drawing: Drawing) -> RenderableType:
    """The blocks with an empty line between two."""
    parts = [part for block in drawing.blocks for part in (block, Text())]
    return Group(*parts[:-1])


def _part(drawing: Drawing, part: Part) -> Iterable[RenderableType]:
    match part:
        case Paragraph(line, small):
            text = text_of(line)
            if small:
                text.stylize("dim")
            return [text]
        case Shown(digest, note, kept):
            controls = _controls(drawing, digest, preview=bool(note)) if kept else ()
            return [*([text_of(note)] if note else []), styled(digest), *controls]
        case Listing():
            return _listing(drawing, part)
        case Choices(menu, prompt, options):
            return [Group(Text(prompt, "bold"), *(drawing.number(option, menu) for option in options))]
        case Buttons(controls):
            return [_row_of(drawing, controls)]
        case Confirm(line, yes, no):
            return [text_of(line), _row_of(drawing, (yes, no))]
        case Form():
            drawing.forms.append(part)
            return [text_of(part.intro)] if part.intro else []
        case File():
            drawing.files.append(part)
            return []


def _listing(drawing: Drawing, listing: Listing) -> Iterable[RenderableType]:
    yield text_of(listing.title)
    yield Group(*(_row(drawing, row) for row in listing.rows))
    turns = [control for control in (listing.back, listing.on) if control]
    if listing.pages > 1:
        yield text_of(say("page_of", page=listing.page, pages=listing.pages))
    if turns:
        yield _row_of(drawing, turns)


def _row(drawing: Drawing, row: Row) -> RenderableType:
    table = Table.grid(padding=0)
    table.add_column(width=3)
    table.add_column()
    small = []
    for line in row.small:
        text = text_of(line)
        text.stylize("dim")
        small.append(text)
    controls = [_row_of(drawing, row.controls)] if row.controls else []
    table.add_row(Text(" •"), Group(text_of(row.line), *small, *controls))
    return table


def _row_of(drawing: Drawing, controls: Iterable[Control]) -> RenderableType:
    return _Side([drawing.number(control) for control in controls])


@dataclass(frozen=True, slots=True)
class _Side:
    """Controls side by side, as many in a line as go whole into it: a number never stands apart from its words."""

    controls: Sequence[Text]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        lines: list[Text] = []
        for control in self.controls:
            if lines and lines[-1].cell_len + len(_GAP) + control.cell_len <= options.max_width:
                lines[-1] += Text(_GAP) + control
            else:
                lines.append(control.copy())
        yield from lines


def _controls(drawing: Drawing, digest: Digest, *, preview: bool) -> Iterable[RenderableType]:
    """What stands under a digest: the same controls as in a channel."""
    sheet = arrange(digest)
    number = str(digest.number) if digest.number is not None else "-"
    buttons = [] if preview else [Control(control_id("missed", number), name("button_missed"))]
    if sheet.left_out_count and digest.number is not None:
        buttons.append(Control(control_id("left-out", number), f"{name('button_left_out')}: {sheet.left_out_count}"))
    stories = [draft.whole for draft in sheet.drafts if draft.whole.kind in (Kind.STORY, Kind.ALSO)][:_MOST_STORIES]
    if stories:
        menu = control_id("story", number)
        lines = []
        for item in stories:
            drawing.pressed.append(Pressed(menu, (story_under(item.id, item.name),)))
            lines.append(Text.assemble((f"[{len(drawing.pressed)}]", "bold cyan"), f" {shortened(item.name, _LONGEST_LABEL)}"))
        yield Group(Text(name("menu_more"), "bold"), *lines)
    if buttons:
        yield _row_of(drawing, buttons)
