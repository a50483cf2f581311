"""dateline evaluate: how good digests are, on the newsroom's gold or on texts of the operator's own."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.engine import in_words
from bot.cli.errors import BUG
from bot.cli.figures import Found, Wrong, as_values, complaints, in_lines
from bot.cli.progress import Bar
from bot.cli.settings import settings_from
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.engines import Engine
    from digests.evaluate import Question

OURS = "dateline"
NEWSROOM = "newsroom"
_NAMED = re.compile(r"([\w.-]+)=(.+)", re.DOTALL)
_LONGEST_NAME = 12


def evaluate(
    data: list[Path] = typer.Option(
        [], help="Measure on the lines of this file, in place of the newsroom. Repeat for more.", metavar="FILE"
    ),
    against: list[str] = typer.Option(
        [], help="Measure this program too, side by side. Repeat for more.", metavar="[NAME=]COMMAND"
    ),
    timeout: float = typer.Option(60.0, help="Seconds that a program may take for one answer.", metavar="SECONDS", min=0.1),
    as_json: bool = typer.Option(False, "--json", help="The same as JSON, with every miss of the newsroom's gold."),
) -> None:
    """Measure how good digests are.

    Without --data it is measured on the newsroom that ships with the program, of which an editor wrote what is right.
    Each line of a FILE is what dateline engine is asked, with what is right beside it; docs/quality.md shows some.
    A program answers such lines on its standard output; dateline engine is one.

    \b
    dateline evaluate
    dateline evaluate --data lines.jsonl --against "python lead.py"
    """
    found = asyncio.run(_found(data, engines(against), timeout))
    for line in complaints(found):
        typer.echo(f"dateline: {line}", err=True)
    if not found.sets:
        raise ConfigError("No line can be measured, so there is nothing to show.")
    if as_json:
        typer.echo(json.dumps(as_values(found), ensure_ascii=False, indent=2))
    else:
        for line in in_lines(found, shutil.get_terminal_size().columns):
            typer.echo(line)
    if any(figures.broke and figures.engine == OURS for _, all_ in found.sets for figures in all_):
        raise typer.Exit(BUG)


def read(file: Path) -> tuple[dict[int, Question], list[Wrong]]:
    """The questions of a file by line, and the lines that are none; empty ones are nothing.

    Raises:
        ConfigError: the file cannot be read.
    """
    from digests.evaluate import Question

    questions: dict[int, Question] = {}
    wrong: list[Wrong] = []
    try:
        with file.open("rb") as stream:
            for number, text in enumerate(stream, 1):
                if text.strip():
                    try:
                        questions[number] = Question.of(json.loads(text.decode("utf-8-sig")))
                    except (ValueError, RecursionError) as error:
                        wrong.append(Wrong(str(file), number, in_words(error)))
    except OSError as error:
        raise ConfigError(f"--data is {str(file)!r}, which cannot be read: {(error.strerror or str(error)).lower()}.") from None
    return questions, wrong


def engines(against: Sequence[str]) -> list[Engine]:
    """This program and those to set beside it.

    Raises:
        ConfigError: what was typed is no command, or names a program that is not there.
    """
    from bot.engines import Engine, ours

    found = [ours(OURS)]
    for typed in against:
        named = _NAMED.fullmatch(typed)
        try:
            command = tuple(shlex.split(named[2] if named else typed))
        except ValueError as error:
            raise ConfigError(f"--against is {typed!r}, which is no command: {str(error).lower()}.") from None
        if not command or shutil.which(command[0]) is None:
            shown = command[0] if command else ""
            raise ConfigError(f"--against is {typed!r}; there is no program {shown!r}. Accepted: a command, or NAME=COMMAND.")
        taken = [each.name for each in found]
        name = named[1] if named else _called(command)
        again = sum(re.sub(r"-\d+$", "", each) == name for each in taken)
        found.append(Engine(f"{name}-{again + 1}" if again else name, command))
    return found


def _called(command: Sequence[str]) -> str:
    """What to call a program: by its last word that is no option, without folder and suffix."""
    word = next((each for each in reversed(command) if not each.startswith("-")), command[0])
    return Path(word).stem[:_LONGEST_NAME]


async def _found(data: Sequence[Path], programs: Sequence[Engine], patience_s: float) -> Found:
    from bot import app, newsroom
    from bot.evaluate import evaluated, newsroom_compared, sets

    if data:
        files = {str(file): read(file) for file in data}
        asked = [each for file, (questions, _) in files.items() for each in sets(file, questions)]
        misses = None
    else:
        files = {}
        async with app.reading(settings_from(None)) as (_, reader):
            compared = await newsroom_compared(newsroom.load(), newsroom.gold(), reader)
        asked = sets(NEWSROOM, dict(enumerate(compared.questions(), 1)))
        misses = tuple(compared.misses())
    with Bar("Measuring") as bar:
        figures = await evaluated(asked, programs, patience_s=patience_s, progress=bar)
    return Found(tuple(figures), tuple(wrong for _, bad in files.values() for wrong in bad), misses)
