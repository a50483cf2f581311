"""dateline evaluate: how good digests are, on the newsroom's gold or on texts of the operator's own."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import shutil
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.engine import in_words
from bot.cli.errors import BUG
from bot.cli.progress import Bar
from bot.cli.settings import settings_from
from bot.cli.wording import counted
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.engines import Engine, Heard
    from digests.evaluate import Measure, Question
    from digests.evaluate.gold import Compared

OURS = "dateline"
NEWSROOM = "newsroom"
_NAMED = re.compile(r"([\w.-]+)=(.+)", re.DOTALL)
_LONGEST_NAME = 12
_MOST_TOLD = 20  # wrong lines that are named one by one
_SPEED_ARTICLES, _MOST_SPEED_ARTICLES = 200, 20_000  # for the speed of a program
_LEAST_CPU_S = 0.2  # below it, two starts of one program differ too much beside it


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


# ---------------------------------------------------------------- what is asked


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of a file that asks nothing that could be measured, and why."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions of one task that belong together, from one file or from the newsroom.

    ``lines`` are those of the file, from 1; in the newsroom the questions are numbered.
    """

    data: str
    questions: tuple[Question, ...]
    lines: tuple[int, ...]

    @property
    def task(self) -> str:
        return self.questions[0].task

    @property
    def by(self) -> str | None:
        return self.questions[0].by

    @property
    def articles(self) -> int:
        return sum(len(question.articles) for question in self.questions)


def sets(data: str, questions: Mapping[int, Question]) -> list[Asked]:
    """The questions of a file by line, put together by task, in the order in which the tasks first come."""
    grouped: dict[tuple[str, str | None], dict[int, Question]] = {}
    for line, question in questions.items():
        grouped.setdefault((question.task, question.by), {})[line] = question
    return [Asked(data, tuple(group.values()), tuple(group)) for group in grouped.values()]


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


# ---------------------------------------------------------------- what is found


@dataclass(frozen=True, slots=True)
class Figures:
    """How one program did on one set.

    Args:
        measures: none where it gave no answer at all.
        unanswered: questions without an answer that can be measured; the others alone are in the measures.
        why: what the program did at the first of them.
        line: of that one.
        broke: it could not be asked to the end.
    """

    engine: str
    measures: tuple[Measure, ...]
    unanswered: int = 0
    why: str = ""
    line: int = 0
    broke: bool = False

    def measure(self, name: str) -> Measure | None:
        return next((each for each in self.measures if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Found:
    """All figures: of each set those of each program; lines that are wrong; what the newsroom's digest misses of its gold."""

    sets: tuple[tuple[Asked, tuple[Figures, ...]], ...]
    wrong: tuple[Wrong, ...] = ()
    misses: tuple[str, ...] | None = None


async def _found(data: Sequence[Path], programs: Sequence[Engine], patience_s: float) -> Found:
    wrong: list[Wrong] = []
    asked: list[Asked] = []
    misses: tuple[str, ...] | None = None
    if data:
        for file in dict.fromkeys(data):
            questions, bad = read(file)
            asked += sets(str(file), questions)
            wrong += bad
    else:
        compared = await _newsroom()
        misses = tuple(await asyncio.to_thread(compared.misses))
        asked = sets(NEWSROOM, dict(enumerate(compared.questions(), 1)))
    done, total = 0, len(programs) * sum(len(each.questions) for each in asked)
    with Bar("Measuring") as bar:

        def progress() -> None:
            nonlocal done
            done += 1
            bar(done, total)

        found = []
        for each in asked:
            found.append((each, tuple([await _figures(each, program, patience_s, progress) for program in programs])))
    return Found(tuple(found), tuple(wrong), misses)


async def _newsroom() -> Compared:
    """The newsroom, read as ``dateline digest`` reads it, beside its gold."""
    from bot import app, newsroom
    from bot.collect import read_source
    from digests.evaluate.gold import Compared

    room = newsroom.load()
    async with app.reading(settings_from(None)) as (_, reader):
        found = await asyncio.gather(*(read_source(source, room, reader, room.now) for source in room.sources))
    articles = [understood for each, _ in found for understood in each]
    return await asyncio.to_thread(Compared.of, newsroom.gold(), articles, title=room.title, zone=room.zone, now=room.now)


async def _figures(asked: Asked, engine: Engine, patience_s: float, progress: Callable[[], None]) -> Figures:
    from bot.engines import ask

    requests = [question.asked for question in asked.questions]
    heard = await ask(engine, requests, patience_s=patience_s, progress=progress)
    figures = judged(asked, engine.name, heard)
    if asked.task == "digest" and asked.articles and figures.measures:
        figures = replace(figures, measures=(*figures.measures, await _speed(asked, engine, patience_s)))
    return figures


async def _speed(asked: Asked, engine: Engine, patience_s: float) -> Measure:
    """Articles that a program makes digests of in a CPU second, once it is under way.

    What the first line costs alone, with starting and loading, is taken off.  The lines are asked again and again in one
    process until the rest costs enough to be told from a start.
    """
    from bot.engines import ask
    from digests.evaluate import Better, Measure

    requests = [question.asked for question in asked.questions]
    first = await ask(engine, requests[:1], patience_s=patience_s)
    times, value, articles = -(-_SPEED_ARTICLES // asked.articles), None, 0
    while value is None and times * asked.articles <= _MOST_SPEED_ARTICLES:
        all_ = await ask(engine, requests * times, patience_s=patience_s)
        if first.failure or all_.failure or first.cpu_s is None or all_.cpu_s is None:
            break
        articles = times * asked.articles - len(asked.questions[0].articles)
        if articles and all_.cpu_s - first.cpu_s >= _LEAST_CPU_S:
            value = articles / (all_.cpu_s - first.cpu_s)
        times *= 8
    return Measure("speed", "articles a CPU second, once started", Better.HIGH, value, articles, "articles a CPU second")


def judged(asked: Asked, engine: str, heard: Heard) -> Figures:
    """The figures of what a program answered.  One that broke off has none: what it answered might be the easy ones."""
    from digests.evaluate import measures

    if heard.failure:
        line = asked.lines[min(len(heard.answers), len(asked.lines) - 1)]
        return Figures(engine, (), len(asked.questions), heard.failure, line, broke=True)
    answered = []
    wrong: dict[int, str] = {}
    for line, question, answer in zip(asked.lines, asked.questions, heard.answers, strict=True):
        try:
            if isinstance(answer, str):
                raise ValueError(f"answers with an error: {answer}")
            _checked(question, answer)
            answered.append((question, answer))
        except ValueError as error:
            wrong[line] = str(error)
    line, why = next(iter(wrong.items()), (0, ""))
    return Figures(engine, tuple(measures(answered)), len(wrong), why, line)


def _checked(question: Question, answer: Mapping[str, Any]) -> None:
    try:
        question.checked(answer)
    except ValueError as error:
        raise ValueError(f"answers what cannot be measured: {error}") from None


# ---------------------------------------------------------------- how it is told


_TITLES = {
    ("digest", None): "digests",
    ("bullet-day", None): "the day of a fact",
    ("dates", None): "dates in running text",
    ("cluster", "story"): "stories",
    ("cluster", "copy"): "copies",
    ("attribute", None): "who says it",
    ("novelty", None): "what is new to a channel",
}
_MISSED = {
    "before": "Before phrases",
    "chosen": "bullets chosen",
    "credit": "who said it",
    "day": "days",
    "dropped": "sentences kept",
    "grouping": "stories grouped",
    "lost": "good sentences lost",
    "told": "best facts untold",
}
_NAME, _COLUMN, _BETTER, _GAP = 11, 8, 6, 2
_NARROWEST, _WIDEST = 20, 44  # of the column with the meanings


def in_lines(found: Found, width: int) -> Iterator[str]:
    """The table, and what is to be known beside it."""
    names = [figures.engine for figures in found.sets[0][1]]
    columns = [max(_COLUMN, len(name)) for name in names]
    room = width - 2 - _NAME - _BETTER - sum(columns) - _GAP * (2 + len(columns))
    meaning = min(_WIDEST, room) if room >= _NARROWEST else 0  # many programs: their figures alone

    def row(name: str, means: str, better: str, values: Sequence[str]) -> Iterator[str]:
        first, *more = (textwrap.wrap(means, meaning) if meaning else []) or [""]
        cells = "".join(" " * _GAP + value.rjust(column) for value, column in zip(values, columns, strict=True))
        told = f"{first:<{meaning}}{'':{_GAP}}" if meaning else ""
        yield f"  {name:<{_NAME}}{'':{_GAP}}{told}{better:<{_BETTER}}{cells}".rstrip()
        for line in more:
            yield " " * (2 + _NAME + _GAP) + line

    yield from row("", "", "better", names)
    for asked, all_ in found.sets:
        yield f"{_title(asked)} · {_size(asked)}"
        known = {measure.name: measure for figures in all_ for measure in figures.measures}
        for name, measure in known.items():
            values = [shown(figures.measure(name)) for figures in all_]
            if any(values):
                yield from row(name, measure.means, measure.better or "", [value or "-" for value in values])
        if not known:
            yield "  no program answered"
        elif any(figures.measures and figures.unanswered for figures in all_):
            yield from row("unanswered", "lines, not counted above", "low", [f"{figures.unanswered:,}" for figures in all_])
    if found.misses is not None:
        yield ""
        yield from textwrap.wrap(_missed(found.misses), width)


def _title(asked: Asked) -> str:
    return f"{Path(asked.data).name} · {_TITLES[asked.task, asked.by]}"


def _size(asked: Asked) -> str:
    lines = counted(len(asked.questions), "line")
    return f"{lines}, {counted(asked.articles, 'article')}" if asked.articles else lines


def shown(measure: Measure | None) -> str:
    """A figure as the table has it, empty where there is none: all and none are said of all and none only."""
    if measure is None or measure.value is None:
        return ""
    if measure.unit != "%":
        return f"{measure.value:,.0f}" if measure.value >= 100 else f"{measure.value:.1f}"
    value = round(measure.value, 1)
    if value == 100.0 > measure.value:
        value = 99.9
    if value == 0.0 < measure.value:
        value = 0.1
    return f"{value:.1f}"


def _missed(misses: Sequence[str]) -> str:
    kinds = Counter(miss.partition(":")[0] for miss in misses)
    which = ", ".join(f"{_MISSED.get(kind, kind)} {count}" for kind, count in kinds.most_common())
    where = f"{counted(len(misses), 'place')} ({which})" if misses else "no place"
    return f"The digest of the whole newsroom misses its gold in {where}." + (" --json lists them." if misses else "")


def complaints(found: Found) -> Iterator[str]:
    """What went wrong on the way, a line each; what a program says of several sets alike is told once."""
    for wrong in found.wrong[:_MOST_TOLD]:
        yield f"{wrong.file}, line {wrong.line}, is left out: {wrong.why}."
    if len(found.wrong) > _MOST_TOLD:
        yield f"{counted(len(found.wrong) - _MOST_TOLD, 'more line')} left out; --json lists them."
    told: dict[tuple[str, str], list[str]] = {}
    for asked, all_ in found.sets:
        for figures in all_:
            if figures.why:
                told.setdefault((figures.engine, figures.why), []).append(_unanswered(asked, figures))
    for (engine, why), unanswered in told.items():
        yield f"{engine} {why}. Not measured: {'; '.join(unanswered)}."


def _unanswered(asked: Asked, figures: Figures) -> str:
    """Which lines of a set a program left without an answer that can be measured."""
    if figures.broke:
        return f"{_title(asked)}, at line {figures.line}"
    if figures.unanswered == len(asked.questions):
        return _title(asked)
    of = counted(len(asked.questions), "line")
    return f"{_title(asked)}, {figures.unanswered:,} of {of}, the first is line {figures.line}"


def as_values(found: Found) -> dict[str, Any]:
    """All of it, for programs."""
    return {
        "version": 1,
        "sets": [
            {
                "data": asked.data,
                "task": asked.task,
                "by": asked.by,
                "lines": len(asked.questions),
                "articles": asked.articles,
                "programs": [
                    {
                        "name": figures.engine,
                        "measures": [
                            {
                                "measure": measure.name,
                                "means": measure.means,
                                "better": measure.better,
                                "unit": measure.unit,
                                "value": None if measure.value is None else round(measure.value, 3),
                                "cases": measure.cases,
                            }
                            for measure in figures.measures
                        ],
                        "unanswered": figures.unanswered,
                        "why": figures.why or None,
                        "line": figures.line or None,
                    }
                    for figures in all_
                ],
            }
            for asked, all_ in found.sets
        ],
        "wrong_lines": [{"file": each.file, "line": each.line, "why": each.why} for each in found.wrong],
        "misses": None if found.misses is None else list(found.misses),
    }
