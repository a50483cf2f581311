"""The terminal: the smallest adapter.  Styled where somebody looks on, plain text in a pipe."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.errors import OutcomeUnknown, Rejected, TargetGone
from bot.model import Abilities, Channel, Payload, Receipt
from digests.model import Digest
from digests.render import text as plain
from digests.render.layout import Item, Kind, Line, arrange, words
from digests.render.safe import SafeText

WIDEST = 110  # columns: longer lines are hard to read
_MAX_LINE = 900
_LINK_ID = re.compile(r"\x1b\]8;id=\d+;")  # rich gives each link a number at random


class Terminal:
    """A `bot.ports.Adapter` that writes messages to a stream, one below the other: it can do nothing else.

    Args:
        width: of the messages, in columns; they are drawn before they are written, perhaps by an earlier process.
    """

    abilities = Abilities()

    def __init__(self, stream: TextIO, width: int = 80) -> None:
        self._stream, self._width = stream, width

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        """Nothing to connect to."""
        yield

    def render(self, digest: Digest) -> list[Payload]:
        """One message, in two forms: plain text, and the same with the codes for a terminal."""
        drawn = io.StringIO()
        Console(
            file=drawn,
            width=self._width,
            force_terminal=True,
            color_system="standard",
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
            _environ={},
        ).print(styled(digest))
        without_chance = _LINK_ID.sub("\x1b]8;;", drawn.getvalue())
        return [{"text": plain.render(digest, self._width), "styled": without_chance}]

    def render_line(self, text: str) -> Payload:
        return {"text": plain.fold(SafeText(text, _MAX_LINE), self._width) + "\n"}

    def plain(self, payload: Payload) -> list[Payload]:
        return [{"text": payload["text"]}]

    async def check(self, channel: Channel) -> None:
        """It can always be written to, as long as somebody reads it."""

    async def groups(self, channel: Channel) -> None:
        """Who sits here is the operator."""

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        """Write a message and an empty line.

        Raises:
            TargetGone: the stream is closed, or nobody reads it any more.
        """
        form = "styled" if "styled" in payload and self._stream.isatty() else "text"
        try:
            self._stream.write(payload[form] + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            raise TargetGone("The terminal is closed, so nothing can be shown there.") from None
        return Receipt()

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        raise Rejected("What stands on a terminal cannot be edited.")

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        raise OutcomeUnknown("Nobody can tell what a terminal showed; look at it, and send it again if it is not there.")


def show(digest: Digest, stream: TextIO, width: int | None = None) -> None:
    """Write a digest to a stream: bold days and links that open at the sentence on a terminal, plain text elsewhere.

    ``width`` is in columns; None asks the terminal, and takes 80 in a pipe.
    """
    if not stream.isatty():
        stream.write(plain.render(digest, width or 80))
        return
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
    console.print(styled(digest), width=min(console.width, WIDEST))


def styled(digest: Digest) -> RenderableType:
    """The digest for rich: story lines and days bold, outlets and story lines linked, small lines dim."""
    sheet = arrange(digest)
    items = [draft.whole for draft in sheet.drafts]
    blocks: list[RenderableType] = [text_of(item.line) for item in items if item.kind is Kind.NOTICE]
    blocks.append(_head(sheet.title, sheet.summary))
    blocks += [text_of(item.line) for item in items if item.kind is Kind.CORRECTION]
    blocks += [Text(sheet.nothing)] if sheet.nothing else []
    blocks += [_story(item) for item in items if item.kind is Kind.STORY]
    also = [item.line for item in items if item.kind is Kind.ALSO]
    heading = [Text(sheet.also, "bold")] if sheet.also else []
    blocks += [Group(*heading, *map(_bullet, also))] if also else []
    small = [Text(line, "dim") for line in (sheet.left_out, sheet.footer) if line]
    blocks += [Group(*small)] if small else []
    spaced = [part for block in blocks for part in (block, Text())]
    return Group(*spaced[:-1])


def _head(title: str, summary: str) -> Group:
    return Group(Text(title, "bold underline"), *([Text(summary, "dim")] if summary else []))


def _story(item: Item) -> Group:
    small = [_indented("", Text(words(item.small), "dim"))] if item.small else []
    return Group(text_of(item.line), *map(_bullet, item.bullets), *small)


def _bullet(line: Line) -> Table:
    return _indented("•", text_of(line))


def _indented(mark: str, text: Text) -> Table:
    """The text with a hanging indent of three columns, and the mark before its first line."""
    table = Table.grid(padding=0)
    table.add_column(width=3)
    table.add_column()
    table.add_row(Text(f" {mark}"), text)
    return table


def text_of(line: Line) -> Text:
    """A line for rich: its bold, struck, code and linked words."""
    text = Text()
    for run in line:
        text.append(
            run.text,
            Style(
                bold=run.bold or None,
                strike=run.strike or None,
                color="cyan" if run.code else None,
                link=str(run.link) if run.link else None,
            ),
        )
    return text
