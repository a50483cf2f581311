"""The terminal: styled where somebody looks on, plain in a pipe."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from bot.adapters import console
from digests.render import text
from digests.render.links import cited
from tests.golden.injection import INJECTIONS
from tests.golden.news import DIGESTS, full, of


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


def on_terminal(name: str, width: int) -> str:
    stream = Terminal()
    Console(file=stream, width=width, force_terminal=True, color_system="standard", highlight=False).print(
        console.styled(DIGESTS[name]())
    )
    return stream.getvalue()


def unstyled(output: str) -> str:
    without_links = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\", "", output)
    return re.sub(r"\x1b\[[0-9;]*m", "", without_links)


def test_a_pipe_gets_plain_text() -> None:
    stream = io.StringIO()

    console.show(full(), stream, width=80)

    assert stream.getvalue() == text.render(full(), 80)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", DIGESTS)
def test_a_terminal_gets_the_same_words_within_its_width(name: str, width: int) -> None:
    shown = unstyled(on_terminal(name, width))

    bold_legend = text.render(DIGESTS[name](), width).replace("Day in front", "Bold day")
    assert shown.split() == bold_legend.split()
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= width


def test_on_a_terminal_a_bullet_opens_at_its_sentence() -> None:
    citation = full().stories[0].bullets[1].citations[0]

    assert f";{cited(citation)}\x1b\\" in on_terminal("full", 100)
    assert "\x1b[1mWed 9 Oct\x1b[0m" in on_terminal("full", 100)


def test_bullets_hang_under_their_first_word() -> None:
    lines = unstyled(on_terminal("full", 60)).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(" • The port authority"))

    assert lines[first + 1].startswith("   ")


@pytest.mark.parametrize("raw", INJECTIONS)
def test_no_feed_can_steer_the_terminal(raw: str) -> None:
    stream = Terminal()

    console.show(of(f"News {raw}"), stream, width=80)

    assert "\x1b" not in unstyled(stream.getvalue())
    assert not re.search(r"[\x00-\x09\x0b-\x1a\x7f-\x9f]", unstyled(stream.getvalue()))
