"""What is asked and what is answered, as values that know no platform.

An adapter makes a `Request` of what its platform sends, and draws the `Reply`.  Limits of a platform (how many buttons, how
long a text) are its business alone.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final, Literal
from urllib.parse import quote, unquote

from bot.model import Channel, Space
from digests.model import Digest
from digests.render.layout import Line

VERSION: Final = "v1"
"""Of the ids of controls.  One of another version is answered in words."""
LONGEST_ID: Final = 100
"""Characters: what Discord's ``custom_id`` holds.  Slack's ``action_id`` would hold 255."""

_PRINTED: Final = 120  # letters and digits; a title that is shown has 300 characters
_STAMP: Final = "%Y%m%dT%H%M%S"  # in UTC
_NAME = re.compile(r"[a-z][a-z-]{0,30}")


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks.

    Args:
        id: the platform's own name of the person, stable; never shown.
        admin: the platform says that they may administer this place.
        groups: ids of the groups or roles they are in.
        zone: IANA name, where the platform knows it.
    """

    id: str
    admin: bool = False
    groups: frozenset[str] = frozenset()
    zone: str | None = None

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a person needs an id")


@dataclass(frozen=True, slots=True)
class Typed:
    """Words after the name of the bot: ``about israel since:yesterday``."""

    words: str


@dataclass(frozen=True, slots=True)
class Picked:
    """A command with its words and options apart, as Discord gives them: ``about``, ``israel``, ``{"since": "yesterday"}``."""

    command: str
    words: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A control was used; ``values`` are what was picked in a menu."""

    control: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form was sent off: its id, and the text of each of its fields.

    Args:
        begun: more of it is to come, where a platform shows a form step by step: nothing is done yet, and the reply is the form
            again, with what is wrong so far.
    """

    form: str
    fields: Mapping[str, str]
    begun: bool = False


Asked = Typed | Picked | Pressed | Submitted


@dataclass(frozen=True, slots=True)
class Request:
    """Someone in a channel asked for something.

    Args:
        id: the platform's name of this request; the same when it is delivered again.
        at: when it came, aware, in UTC.
        attached: a file that came with it.
    """

    id: str
    person: Person
    channel: Channel
    asked: Asked
    at: datetime
    attached: bytes | None = None

    def __post_init__(self) -> None:
        if self.at.utcoffset() != timedelta(0):
            raise ValueError("a request's instant must be aware and in UTC")

    @property
    def space(self) -> Space:
        return Space.of(self.channel)


@dataclass(frozen=True, slots=True)
class Control:
    """Something to press, or an option of a menu.

    Args:
        id: what comes back when it is pressed: see `control_id`.  It stays good after a restart and carries no secret.
        label: a few words.
        style: ``primary`` for the one that goes on, ``danger`` for what cannot be taken back.
    """

    id: str
    label: str
    style: Literal["", "primary", "danger"] = ""

    def __post_init__(self) -> None:
        if not (self.label and 0 < len(self.id) <= LONGEST_ID):
            raise ValueError(f"a control needs a label and an id of 1 to {LONGEST_ID} characters, not {self.id!r}")


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``small`` for what explains."""

    line: Line
    small: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A digest, drawn as the platform draws digests.

    Args:
        note: marks it: a preview says so first.
        kept: its stories are in the archive, so that more can be asked about them; a page that was read just now is in none.
    """

    digest: Digest
    note: Line = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list: a line, small lines under it, and what can be done with it."""

    line: Line
    small: tuple[Line, ...] = ()
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, a page of it at a time.

    Args:
        page: from 1, ``pages`` how many there are.
        back, on: lead to its neighbours; None at the ends.
    """

    title: Line
    rows: tuple[Row, ...]
    page: int = 1
    pages: int = 1
    back: Control | None = None
    on: Control | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.page <= self.pages:
            raise ValueError(f"page {self.page} of {self.pages}")


@dataclass(frozen=True, slots=True)
class Choices:
    """A menu.  Who picks sends its id with the id of the option as value; options may be more than a platform shows."""

    id: str
    prompt: str
    options: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Buttons:
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Args:
        name: what it is called when the form comes back.
        label: what the person sees; ``hint`` explains it.
        value: what stands in it at first.
        options: (value, label) pairs of a menu; none for free text.
        long: several lines.
        error: what is wrong with what was sent, in words.
        channel: it is a channel of the place, which is picked where a platform has a menu of its channels, else typed.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    long: bool = False
    optional: bool = False
    error: Line = ()
    channel: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Several values at once: a modal where there are any, questions one by one in a terminal."""

    id: str
    title: str
    fields: tuple[Field, ...]
    submit: str
    intro: Line = ()


@dataclass(frozen=True, slots=True)
class Confirm:
    """Nothing is done before ``yes`` is pressed."""

    line: Line
    yes: Control
    no: Control


@dataclass(frozen=True, slots=True)
class File:
    """A file to save; ``name`` without any folder."""

    name: str
    content: bytes
    kind: str  # its media type


Part = Text | Shown | Listing | Choices | Buttons | Form | Confirm | File


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered.  ``public``: everyone in the channel sees it; else the asker alone."""

    parts: tuple[Part, ...]
    public: bool = False

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("nobody is left without an answer")


Progress = Callable[[Line], Awaitable[None]]
"""Told in words what is going on while an answer takes its time."""


async def quietly(_: Line) -> None:
    """Progress that nobody looks at."""


def reply(*parts: Part | Line, public: bool = False) -> Reply:
    """A reply of parts; a line alone is a paragraph."""
    return Reply(tuple(Text(part) if isinstance(part, tuple) else part for part in parts), public)


def control_id(action: str, *arguments: str) -> str:
    """The id of a control: its version, what it does, and to what.

    Raises:
        ValueError: no action of small letters, or an id longer than a platform takes.

    >>> control_id("story", "s-7f3a")
    'v1:story:s-7f3a'
    """
    if not _NAME.fullmatch(action):
        raise ValueError(f"{action!r} names no action")
    whole = ":".join((VERSION, action, *(quote(each, safe="") for each in arguments)))
    if len(whole) > LONGEST_ID:
        raise ValueError(f"the id of {action!r} has {len(whole)} characters; {LONGEST_ID} are taken")
    return whole


def story_under(story: str, line: str) -> str:
    """A story as a control names it: by its id, and by a print of the line under which it stands there.

    A story has many headlines, and is named by another one as it grows, or in another window.  Who presses one is answered
    under that one.

    >>> story_under("s-7f3a91b2", "Ferry sinks off Gillot")
    's-7f3a91b2.04fcd8'
    """
    return f"{story}.{line_print(line)}"


def line_print(line: str) -> str:
    """What tells a line of a story from its others: of its first letters and digits, which no renderer changes."""
    begin = "".join(each for each in line.casefold() if each.isalnum())[:_PRINTED]
    return blake2b(begin.encode(errors="replace"), digest_size=3).hexdigest()


PICK: Final = control_id("pick")
"""Of a menu whose options are controls."""


def fitting(action: str, *arguments: str, label: str) -> tuple[Control, ...]:
    """A control; none where its id would be longer than one may be, or it has no label."""
    try:
        return (Control(control_id(action, *arguments), label),)
    except ValueError:
        return ()


def stamp(instant: datetime) -> str:
    """An aware instant as the id of a control carries it, to the second: what is asked again goes back as far as it did.

    >>> stamp(datetime(2024, 10, 14, 7, 30, tzinfo=UTC))
    '20241014T073000'
    """
    return instant.astimezone(UTC).strftime(_STAMP)


def read_stamp(raw: str) -> datetime:
    """The instant of a stamp, in UTC.  Raises ValueError where it is none: it comes from outside."""
    return datetime.strptime(raw, _STAMP).replace(tzinfo=UTC)


def read_control(raw: str) -> tuple[str, tuple[str, ...]] | None:
    """The action and arguments of an id; None when it is of another version or not ours.  It comes from outside.

    >>> read_control("v1:story:s-7f3a")
    ('story', ('s-7f3a',))
    """
    version, _, rest = raw.partition(":")
    action, *arguments = rest.split(":")
    if version != VERSION or len(raw) > LONGEST_ID or not _NAME.fullmatch(action):
        return None
    return action, tuple(unquote(each) for each in arguments)
