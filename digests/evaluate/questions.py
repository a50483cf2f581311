"""A line of gold: what a program is asked, as `digests.tasks` takes it, and what is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from digests.evaluate.shapes import (
    Shape,
    count,
    each,
    fields,
    flag,
    label,
    one_of,
    or_null,
    publication,
    text,
    written_day,
)

_ARTICLE: Mapping[str, Shape] = {
    "id": label,
    "title?": text,
    "text": text,
    "published?": publication,
    "source?": text,
    "url?": text,
}
_EXPRESSION: Mapping[str, Shape] = {"start": count, "end": count, "value?": text, "type?": text}


@dataclass(frozen=True, slots=True)
class _Task:
    """The fields that are asked, those that say what is right, and those of an answer.

    ``one_each``: of asked, right and answered fields those that are lists with an item for each item of the first.
    """

    asked: Mapping[str, Shape]
    right: Mapping[str, Shape]
    answered: Mapping[str, Shape]
    one_each: tuple[str, str] | None = None


TASKS: Mapping[str, _Task] = {
    "digest": _Task(
        {"articles": each(fields(_ARTICLE)), "budget?": fields({"max_bullets?": count, "max_words?": count})},
        {"noise?": each(text), "good?": each(text), "bad?": each(text)},
        {"bullets": each(fields({"text": text, "sources?": each(label), "quote?": text}))},
    ),
    "bullet-day": _Task(
        {
            "article": fields({"title?": text, "text": text, "published?": publication}),
            "sentence": text,
            "start": count,
            "end": count,
        },
        {"gold": fields({"day": or_null(written_day), "ok?": each(or_null(written_day))})},
        {"day": or_null(text)},
    ),
    "dates": _Task(
        {"text": text, "reference?": publication},
        {"gold": each(fields(_EXPRESSION))},
        {"dates": each(fields(_EXPRESSION))},
    ),
    "cluster": _Task(
        {"articles": each(fields(_ARTICLE)), "by": one_of("story", "copy")},
        {"gold": each(label)},
        {"clusters": each(label)},
        ("articles", "clusters"),
    ),
    "attribute": _Task(
        {"sentences": each(text)},
        {"gold": each(each(fields({"source": text, "outlet?": flag})))},
        {"sources": each(each(text))},
        ("sentences", "sources"),
    ),
    "novelty": _Task(
        {"history": each(fields({"text": text})), "candidates": each(text), "date?": publication},
        {"gold": each(flag)},
        {"new": each(flag)},
        ("candidates", "new"),
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, without a word of what is right; and what is right.

    Args:
        asked: the fields of the request, its task among them; an id is whoever asks it to give.
        right: the fields of the gold.

    Raises:
        ValueError: it is no question of a known task with its gold; the text says which field is wrong, and what is accepted.
    """

    asked: Mapping[str, Any]
    right: Mapping[str, Any]

    def __post_init__(self) -> None:
        task = _task(self.asked)
        fields(task.asked)(self.asked, "")
        fields(task.right)(self.right, "")
        if task.one_each:
            _same_length(self.asked, task.one_each[0], self.right, "gold")
        if self.task == "bullet-day" and not 0 <= self.asked["start"] < self.asked["end"] <= len(self.asked["article"]["text"]):
            raise ValueError("start and end lie outside article.text; accepted: where the sentence stands, in code points")

    @classmethod
    def of(cls, line: Any) -> Question:
        """The question of a line as it stands in a file: a JSON value.  Raises ValueError as above."""
        if not isinstance(line, dict):
            raise ValueError("the line is no object")
        task = _task(line)
        return cls({"task": line["task"], **_only(task.asked, line)}, _only(task.right, line))

    @property
    def task(self) -> str:
        return str(self.asked["task"])

    @property
    def by(self) -> str | None:
        """Of articles that are grouped: by ``story`` or by ``copy``."""
        return self.asked.get("by")

    @property
    def articles(self) -> list[Mapping[str, Any]]:
        """The articles of a digest or of a grouping; none of the other tasks."""
        return self.asked.get("articles") or []

    def checked(self, answer: Mapping[str, Any]) -> None:
        """Do nothing when an answer can be measured.  Raises ValueError when it cannot: its text names the field."""
        task = TASKS[self.task]
        fields(task.answered)(answer, "")
        if task.one_each:
            _same_length(self.asked, task.one_each[0], answer, task.one_each[1])


def _only(shapes: Mapping[str, Shape], line: Mapping[str, Any]) -> dict[str, Any]:
    return {key: line[key] for key in (name.removesuffix("?") for name in shapes) if key in line}


def _task(line: Mapping[str, Any]) -> _Task:
    if "task" not in line:
        raise ValueError("task is missing")
    one_of(*TASKS)(line["task"], "task")
    return TASKS[line["task"]]


def _same_length(asked: Mapping[str, Any], of: str, held: Mapping[str, Any], name: str) -> None:
    if len(held[name]) != len(asked[of]):
        raise ValueError(f"{name} has {len(held[name])} items; accepted: one for each of the {len(asked[of])} {of}")
