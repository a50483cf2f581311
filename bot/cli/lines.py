"""Lines in and drawings out: a prompt with history and completion on a terminal, plain lines in a pipe."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from bot.adapters.console.replies import Drawing
    from digests.render.layout import Line

Completes = Callable[[str], Awaitable[list[str]]]

WIDEST = 100


class Lines:
    """What is typed, and what is shown.

    Args:
        given: where lines are typed, and ``shown`` where they are shown; on a terminal with all that it can do.
    """

    def __init__(self, given: TextIO, shown: TextIO) -> None:
        self._given, self._shown = given, shown
        self._prompt: Any = None
        self._completes: Completes | None = None

    @property
    def by_hand(self) -> bool:
        """Whether a person types."""
        return self._given.isatty() and self._shown.isatty()

    def complete(self, completes: Completes) -> None:
        """Complete what is typed by this from now on."""
        self._completes = completes

    def asks(self, question: str) -> bool:
        """The answer to a question, yes where only Enter is pressed; no where nobody is there to be asked."""
        if not self.by_hand:
            return False
        width = min(get_terminal_size().columns, WIDEST)
        self._shown.write(f"{fill(question, width - 1)}\n[Y/n] ")
        self._shown.flush()
        return self._given.readline().strip().lower() in ("", "y", "yes")

    async def next(self, question: str, *, broken_off: str | None = None) -> str | None:
        """The next line; None at the end.  Ctrl-C empties the line.

        Args:
            broken_off: the line that Ctrl-C on an empty one stands for; None for the end.
        """
        if self.by_hand:
            return await self._typed(question, broken_off)
        line = await asyncio.to_thread(self._given.readline)
        if line:
            self.say(f"{question}{line.rstrip()}")
        return line if line else None

    def show(self, drawing: Drawing) -> None:
        """Show a drawing, and an empty line after it."""
        from rich.console import Console

        from bot.adapters.console.replies import as_text, spaced

        if not self._shown.isatty():
            self._shown.write(f"\n{as_text(drawing)}\n")
            self._shown.flush()
            return
        console = Console(file=self._shown, highlight=False, markup=False, emoji=False)
        console.print()
        console.print(spaced(drawing), width=min(console.width, WIDEST))
        console.print()

    def say(self, words: str) -> None:
        self._shown.write(f"{words}\n")
        self._shown.flush()

    async def progress(self, line: Line) -> None:
        """Show what is going on, where a person waits."""
        from digests.render.layout import words

        if self.by_hand:
            self.say(words(line))

    async def _typed(self, question: str, broken_off: str | None) -> str | None:
        if self._prompt is None:
            self._prompt = self._session()
        while True:
            try:
                return str(await self._prompt.prompt_async(question))
            except KeyboardInterrupt:
                if not self._prompt.default_buffer.text:
                    return broken_off
            except EOFError:
                return None

    def _session(self) -> Any:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import Completer, Completion
        from prompt_toolkit.history import InMemoryHistory

        lines = self

        class Offers(Completer):
            def get_completions(self, document: Any, complete_event: Any) -> Iterable[Completion]:
                return []

            async def get_completions_async(self, document: Any, complete_event: Any) -> Any:
                typed = document.text_before_cursor
                for offer in await lines._completes(typed) if lines._completes else []:
                    yield Completion(offer, start_position=-len(typed))

        return PromptSession(history=InMemoryHistory(), completer=Offers(), complete_while_typing=False)
