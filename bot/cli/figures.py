"""What dateline evaluate found: as a table for a terminal, as JSON for programs, and what went wrong on the way."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.wording import counted

if TYPE_CHECKING:
    from bot.evaluate import Asked, Figures
    from digests.evaluate import Measure

_MOST_TOLD = 20  # wrong lines that are named one by one
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


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of a file that asks nothing that could be measured, and why."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """All figures: of each set those of each program; lines that are wrong; what the newsroom's digest misses of its gold."""

    sets: tuple[tuple[Asked, tuple[Figures, ...]], ...]
    wrong: tuple[Wrong, ...] = ()
    misses: tuple[str, ...] | None = None


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
