"""Programs are asked the same questions, one after the other, and judged by what they answered."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from bot.engines import Engine, Heard
from bot.evaluate import Asked, Figures, evaluated, judged, once_started, sets
from digests.evaluate import Question

SENTENCE = "The ferry sank on Wednesday."
ARTICLE = {"id": "a", "text": SENTENCE, "published": "2024-10-13"}
DAY = {"task": "bullet-day", "article": ARTICLE, "sentence": SENTENCE, "start": 0, "end": 28, "gold": {"day": "2024-10-09"}}
DIGEST = {"task": "digest", "articles": [ARTICLE], "budget": {"max_bullets": 2}}
STORY = {"task": "cluster", "by": "story", "articles": [ARTICLE], "gold": ["a"]}
COPY = {**STORY, "by": "copy"}


def asked(*lines: dict[str, Any]) -> Asked:
    (only,) = sets("lines.jsonl", {number: Question.of(line) for number, line in enumerate(lines, 1)})
    return only


def planted(name: str, answer: str) -> Engine:
    """A program that takes a millisecond of processor time for each line, and answers it with the fields of an expression."""
    code = f"""
import json, sys, time
for line in sys.stdin:
    asked, until = json.loads(line), time.process_time() + 0.001
    while time.process_time() < until: pass
    print(json.dumps({{"id": asked["id"]}} | {answer}), flush=True)
"""
    return Engine(name, (sys.executable, "-I", "-S", "-c", code))


RIGHT = planted("right", '({"bullets": [{"text": "The ferry sank on Wednesday.", "sources": ["a"]}], "day": "2024-10-09"})')
SILENT = planted("silent", '{"error": "nothing to say"}')
LOST = planted("lost", '{"id": 7}')


def test_the_lines_of_a_task_are_one_set_and_keep_their_numbers():
    lines = dict(enumerate(map(Question.of, (DAY, STORY, DIGEST, DAY, COPY)), 1))

    assert [(each.task, each.by, each.lines) for each in sets("x", lines)] == [
        ("bullet-day", None, (1, 4)),
        ("cluster", "story", (2,)),
        ("digest", None, (3,)),
        ("cluster", "copy", (5,)),
    ]


def test_answers_that_cannot_be_measured_are_counted_and_the_first_is_told():
    lines = asked(DAY, DAY, DAY, DAY)
    heard = Heard(({"day": "2024-10-09"}, "no such day", {"day": 9}, {"day": None}))

    figures = judged(lines, "lead", heard)

    found = figures.measure("day found")
    assert found is not None
    assert (found.value, found.cases) == (50.0, 2)
    assert (figures.unanswered, figures.why, figures.line) == (2, "answers with an error: no such day", 2)
    assert not figures.broke


def test_a_program_that_broke_off_has_no_figures():
    figures = judged(asked(DAY, DAY), "lead", Heard(({"day": "2024-10-09"},), "ended at request 2 of 2"))

    assert figures == Figures("lead", (), 2, "ended at request 2 of 2", 2, broke=True)


async def test_each_program_is_asked_each_set():
    told: list[tuple[int, int]] = []

    found = await evaluated(
        [asked(DAY, DAY), asked(DIGEST)],
        [RIGHT, SILENT, LOST],
        patience_s=30,
        progress=lambda done, total: told.append((done, total)),
    )

    (_, days), (_, digests) = found
    assert [each.engine for each in days] == [each.engine for each in digests] == ["right", "silent", "lost"]
    assert [each.unanswered for each in days] == [0, 2, 2]
    assert [each.broke for each in days] == [False, False, True]
    right, grounded = days[0].measure("day found"), digests[0].measure("grounded")
    assert right is not None
    assert grounded is not None
    assert (right.value, grounded.value) == (100.0, 100.0)
    assert days[1].measures == days[2].measures == digests[1].measures == ()
    assert told == [(number, 9) for number in range(1, len(told) + 1)]


@pytest.mark.parametrize("start_s", [0.0, 0.3, 30.0])
def test_the_speed_of_a_program_leaves_out_its_start(start_s: float):
    assert once_started(299, start_s + 0.001, start_s + 0.3) == pytest.approx(1_000)


def test_a_program_whose_lines_cost_no_more_than_a_start_differs_by_chance_has_no_speed():
    assert once_started(299, 0.50, 0.55) is None
    assert once_started(299, 0.55, 0.50) is None
    assert once_started(0, 0.1, 5.0) is None


@pytest.mark.slow
async def test_all_lines_but_the_first_count_for_the_speed_of_a_program():
    ((_, (figures,)),) = await evaluated([asked(*[DIGEST] * 300)], [RIGHT], patience_s=30)

    speed = figures.measure("speed")

    assert speed is not None
    assert speed.value is not None
    assert speed.cases % 300 == 299


async def test_only_digests_have_a_speed_and_only_of_those_who_answer():
    ((_, days), (_, digests)) = await evaluated([asked(DAY), asked(DIGEST)], [SILENT], patience_s=30)

    assert days[0].measure("speed") is None
    assert digests[0].measure("speed") is None
