"""The terminal as an adapter: what was drawn before is written later, styled only where somebody looks on."""

from __future__ import annotations

import io
import re

import pytest

from bot.adapters.console import Terminal
from bot.errors import TargetGone
from bot.model import Channel
from digests.render import text
from tests.golden.injection import INJECTIONS
from tests.golden.news import full

CONSOLE = Channel.parse("console")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_a_pipe_gets_plain_text_and_a_screen_the_same_words_in_style() -> None:
    pipe, screen = io.StringIO(), Screen()
    (payload,) = Terminal(pipe).render(full())

    await Terminal(pipe).post(CONSOLE, payload, nonce="n")
    await Terminal(screen).post(CONSOLE, payload, nonce="n")

    assert pipe.getvalue() == text.render(full(), 80) + "\n"
    assert "\x1b[1m" in screen.getvalue()
    assert "examplenews.example/2024/45" in screen.getvalue()


@pytest.mark.parametrize("raw", INJECTIONS)
async def test_no_line_steers_the_terminal(raw: str) -> None:
    screen = Screen()
    terminal = Terminal(screen)

    await terminal.post(CONSOLE, terminal.render_line(raw), nonce="n")

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", screen.getvalue())


async def test_a_broken_pipe_is_a_target_that_is_gone() -> None:
    class Broken(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    terminal = Terminal(Broken())

    with pytest.raises(TargetGone):
        await terminal.post(CONSOLE, terminal.render_line("x"), nonce="n")
