"""Evaluate: questions with what is right -> programs asked -> figures of each, side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.documents import read_source
from bot.engines import Engine, Heard, ask
from bot.newsroom import Newsroom
from bot.ports import Reader
from digests.evaluate import Better, Measure, Question, measures
from digests.evaluate.gold import Compared

_SPEED_ARTICLES, _MOST_SPEED_ARTICLES = 200, 20_000  # for the speed of a program
_LEAST_CPU_S = 0.2  # below it, two starts of one program differ too much beside it


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


def sets(data: str, questions: Mapping[int, Question]) -> list[Asked]:
    """The questions of a file by line, put together by task, in the order in which the tasks first come."""
    grouped: dict[tuple[str, str | None], dict[int, Question]] = {}
    for line, question in questions.items():
        grouped.setdefault((question.task, question.by), {})[line] = question
    return [Asked(data, tuple(group.values()), tuple(group)) for group in grouped.values()]


async def evaluated(
    sets_: Sequence[Asked],
    programs: Sequence[Engine],
    *,
    patience_s: float,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[tuple[Asked, tuple[Figures, ...]]]:
    """The figures of each program on each set; one after the other, so that none takes another's processor.

    Args:
        patience_s: seconds that a program may take for one answer.
        progress: told how many of how many answers are there.
    """
    done, total = 0, len(programs) * sum(len(each.questions) for each in sets_)

    def answered() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    return [
        (each, tuple([await figures_of(each, program, patience_s=patience_s, progress=answered) for program in programs]))
        for each in sets_
    ]


async def newsroom_compared(room: Newsroom, gold: Mapping[str, Any], reader: Reader) -> Compared:
    """The newsroom, read as ``dateline digest`` reads it, beside its gold."""
    read = await asyncio.gather(*(read_source(source, room, reader, room.now) for source in room.sources))
    articles = [understood for each in read for understood in each.articles]
    return Compared.of(gold, articles, title=room.title, zone=room.zone, now=room.now)


async def figures_of(asked: Asked, engine: Engine, *, patience_s: float, progress: Callable[[], None]) -> Figures:
    """How a program does on a set.

    Args:
        patience_s: seconds that it may take for one answer.
        progress: told of each answer.
    """
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
    requests = [question.asked for question in asked.questions]
    first = await ask(engine, requests[:1], patience_s=patience_s)
    times, value, articles = -(-_SPEED_ARTICLES // asked.articles), None, 0
    while value is None and times * asked.articles <= _MOST_SPEED_ARTICLES:
        all_ = await ask(engine, requests * times, patience_s=patience_s)
        if first.failure or all_.failure or first.cpu_s is None or all_.cpu_s is None:
            break
        articles = times * asked.articles - len(asked.questions[0].articles)
        value = once_started(articles, first.cpu_s, all_.cpu_s)
        times *= 8
    return Measure("speed", "articles a CPU second, once started", Better.HIGH, value, articles, "articles a CPU second")


def once_started(articles: int, first_cpu_s: float, all_cpu_s: float) -> float | None:
    """Articles a CPU second, without what starting cost; None where that cannot be told from what a start costs by chance.

    Args:
        articles: those that came after the first line.
        first_cpu_s, all_cpu_s: what a run of the first line alone took, and one of all lines; each has one start in it.

    >>> once_started(300, 1.5, 2.0)
    600.0
    """
    rest_s = all_cpu_s - first_cpu_s
    return articles / rest_s if articles and rest_s >= _LEAST_CPU_S else None


def judged(asked: Asked, engine: str, heard: Heard) -> Figures:
    """The figures of what a program answered.  One that broke off has none: what it answered might be the easy ones."""
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
