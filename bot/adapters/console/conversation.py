"""A conversation in a terminal: lines are typed, replies are drawn, numbers press what is on the screen, forms are filled in.

No stream and no clock in here: a line in, a drawing out.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.adapters.console import text_of
from bot.adapters.console.replies import Drawing, drawn
from bot.errors import SourceError
from bot.model import Channel
from bot.ports.desk import Answers
from bot.talk import Asked, Field, Form, Person, Pressed, Progress, Request, Submitted, Typed, quietly
from bot.wording import marked, name, say

CANCEL: Final = "cancel"
_PREFIX = re.compile(r"\s*/?digest\b\s*", re.IGNORECASE)
_IMPORT = re.compile(r"(feeds\s+import)\s+(?!topic:)(\S+)\s*(.*)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\[?(\d{1,3})\]?\s*")

_KINDS: Final = {
    "story": "story",
    "sources": "story",
    "why": "story",
    "follow": "topic",
    "mute": "topic",
    "unfollow": "followed",
    "unmute": "muted",
}  # of a command's words
_OPTION = re.compile(r"(topic|source):(\S*)$", re.IGNORECASE)


@dataclass(slots=True)
class _Filling:
    """A form that is being filled in, field by field; of one that came back only what was wrong is asked again."""

    form: Form
    filled: dict[str, str] = field(default_factory=dict)

    @property
    def current(self) -> Field:
        return next(each for each in self.form.fields if each.name not in self.filled)

    @property
    def done(self) -> bool:
        return len(self.filled) == len(self.form.fields)


class Conversation:
    """One person in one place.

    Args:
        answers: the desk.
        ids: gives each request an id of its own.
        clock: the present instant, aware, in UTC.
        attached: the content of a file that is named behind ``feeds import``; a SourceError says why there is none.
    """

    def __init__(
        self,
        answers: Answers,
        person: Person,
        channel: Channel,
        *,
        clock: Callable[[], datetime],
        ids: Callable[[], str],
        attached: Callable[[str], Awaitable[bytes]],
    ) -> None:
        self._answers, self._person, self._channel = answers, person, channel
        self._clock, self._ids, self._attached = clock, ids, attached
        self._pressed: list[Pressed] = []
        self._filling: _Filling | None = None

    @property
    def filling(self) -> bool:
        """Whether a form is being filled in, to which an empty line is an answer."""
        return self._filling is not None

    @property
    def question(self) -> str:
        """What stands before the line that is typed next: of a form, its field."""
        if self._filling is None:
            return "> "
        current = self._filling.current
        kept = _label(current, current.value) or (name("none_set") if current.optional else "")
        asked = f"{current.label} [{kept}]" if kept else current.label
        return f"{asked} " if asked.endswith("?") else f"{asked}: "

    async def heard(self, line: str, progress: Progress = quietly) -> Drawing:
        """What is shown after a line was typed; its files are the caller's to save."""
        if self._filling is not None:
            return await self._filled(self._filling, line, progress)
        if number := _NUMBER.fullmatch(line):
            at = int(number[1])
            if not 0 < at <= len(self._pressed):
                return Drawing([text_of(say("no_such_number", number=at))])
            return await self._ask(self._pressed[at - 1], progress)
        typed = _PREFIX.sub("", line, count=1).strip()
        if with_file := _IMPORT.fullmatch(typed):
            try:
                content = await self._attached(with_file[2])
            except SourceError as error:
                return Drawing([text_of(marked(str(error)))])
            return await self._ask(Typed(f"{with_file[1]} {with_file[3]}".strip()), progress, content)
        return await self._ask(Typed(typed), progress)

    async def complete(self, line: str) -> list[str]:
        """Whole lines that could be meant by the beginning of one."""
        if self._filling is not None:
            return []
        front = _PREFIX.match(line)
        begin, typed = (front[0], line[front.end() :]) if front else ("", line)
        command, space, words = typed.partition(" ")
        if option := _OPTION.search(typed):
            kind, part, keep = option[1].lower(), option[2], begin + typed[: option.start(2)]
        elif space and command.lower() in _KINDS:
            kind, part, keep = _KINDS[command.lower()], words, f"{begin}{command} "
        else:
            kind, part, keep = "command", typed, begin
        offers = await self._answers.offers(self._channel, kind, part, self._clock(), person=self._person)
        quoted = kind in ("topic", "source") and option is not None
        return [keep + (f'"{label}"' if quoted and " " in label else label) for label, _ in offers]

    async def _ask(self, asked: Asked, progress: Progress, attached: bytes | None = None) -> Drawing:
        request = Request(self._ids(), self._person, self._channel, asked, self._clock(), attached)
        reply = await self._answers.answer(request, progress)
        drawing = drawn(reply) if reply else Drawing([text_of(say("answered_before"))])
        if drawing.pressed:  # else the numbers of an earlier reply are the newest on the screen
            self._pressed = drawing.pressed
        if drawing.forms:
            form = drawing.forms[0]
            again = any(each.error for each in form.fields)
            right = {each.name: each.value for each in form.fields if again and not each.error}
            self._filling = _Filling(form, right)
            begins = say("form_again" if again else "form_begins", title=form.title)
            drawing.blocks += [text_of(begins), *_asking(self._filling)]
        return drawing

    async def _filled(self, filling: _Filling, line: str, progress: Progress) -> Drawing:
        """Take the line for the current field; an empty one keeps what stands there."""
        if line.strip().lower() == CANCEL:
            self._filling = None
            return Drawing([text_of(say("form_cancelled"))])
        current = filling.current
        value = _chosen(current, line.strip()) or current.value
        if not value and not current.optional:
            return Drawing([text_of(say("field_needed", field=current.label)), *_asking(filling)])
        if current.options and value != current.value and value not in dict(current.options):
            return Drawing([text_of(say("field_of_these", typed=value, most=len(current.options))), *_asking(filling)])
        filling.filled[current.name] = value
        if not filling.done:
            return Drawing(list(_asking(filling)))
        self._filling = None
        return await self._ask(Submitted(filling.form.id, filling.filled), progress)


def _asking(filling: _Filling) -> list[RenderableType]:
    """What the current field wants to be told."""
    current = filling.current
    lines: list[RenderableType] = []
    if current.error:
        lines.append(text_of(current.error))
    if current.hint:
        lines.append(Text(current.hint, "dim"))
    if current.options:
        menu = Table.grid(padding=(0, 1))
        menu.add_column(justify="right", min_width=4)
        menu.add_column()
        for at, (_, label) in enumerate(current.options, 1):
            menu.add_row(f"{at}.", Text(label))
        lines.append(menu)
    return [Group(*lines)] if lines else []


def _label(current: Field, value: str) -> str:
    """A value as a person knows it: of a menu its label."""
    return dict(current.options).get(value, value)


def _chosen(current: Field, typed: str) -> str:
    """The value of the option whose number or label was typed; what was typed, where there are none."""
    if current.options and typed.isdecimal() and 0 < int(typed) <= len(current.options):
        return current.options[int(typed) - 1][0]
    labels = {label.casefold(): value for value, label in current.options}
    return labels.get(typed.casefold(), typed)
