"""Whatever a program does that is asked over its pipes, asking it ends, and says what it did."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from bot.engines import MOST_BYTES, Engine, Heard, ask, ours

ANSWERING = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"id": asked["id"], "said": asked["text"]}), flush=True)
"""
REQUESTS = [{"text": "one"}, {"text": "zwei “…”"}, {"text": "three"}]
ENOUGH_S = 30.0
ORDER = "answers come in order, with the line's id"


def program(code: str) -> Engine:
    return Engine("planted", (sys.executable, "-I", "-S", "-c", code))


async def heard(code: str, patience_s: float = ENOUGH_S) -> Heard:
    return await ask(program(code), REQUESTS, patience_s=patience_s)


async def test_each_request_has_its_answer_in_order():
    told = 0

    def progress() -> None:
        nonlocal told
        told += 1

    answered = await ask(program(ANSWERING), REQUESTS, progress=progress)

    assert answered.failure == ""
    assert [each["said"] for each in answered.answers if not isinstance(each, str)] == ["one", "zwei “…”", "three"]
    assert told == 3


async def test_its_cpu_time_is_counted_where_the_platform_can():
    busy = "import time\nwhile time.process_time() < 0.1: pass\n" + ANSWERING

    cpu_s = (await heard(busy)).cpu_s

    assert cpu_s is None or 0.1 <= cpu_s < 3


async def test_a_program_that_reads_everything_first_is_heard():
    batch = "import sys\nlines = sys.stdin.read().splitlines()\nfor n, _ in enumerate(lines, 1): print('{\"id\": %d}' % n)"

    assert (await heard(batch)).answers == ({"id": 1}, {"id": 2}, {"id": 3})


async def test_more_than_a_pipe_holds_goes_both_ways():
    many = [{"text": "x" * 10_000}] * 100

    assert len((await ask(program(ANSWERING), many)).answers) == 100


async def test_an_answer_that_is_an_error_is_its_words_and_the_next_one_counts():
    code = 'import sys\nfor n, _ in enumerate(sys.stdin, 1): print(\'{"id": %d, "error": "no\\x1b[2J"}\' % n)'

    assert (await heard(code.replace("\\x1b", "\\\\u001b"))).answers == ("no�[2J",) * 3


@pytest.mark.parametrize(
    ("code", "failure", "answers"),
    [
        ("raise SystemExit(3)", "ended at request 1 of 3 with exit code 3", 0),
        (
            'import sys\nsys.stdin.readline()\nprint(\'{"id": 1}\', flush=True)\nsys.exit("no \\x1b[31mmodel")',
            "ended at request 2 of 3 with exit code 1 (no �[31mmodel)",
            1,
        ),
        ('print("Ready!", flush=True)\ninput()', "answered request 1 of 3 with what is no JSON object: Ready!", 0),
        ("print('[1]')", "answered request 1 of 3 with what is no JSON object: [1]", 0),
        ("print('[' * 100000)", f"answered request 1 of 3 with what is no JSON object: {'[' * 60}", 0),
        ("print('{\"id\": 2}')", "answered request 1 of 3 with the id 2; " + ORDER, 0),
        (
            'print(\'{"id": 1}\\n{"id": 3}\')',
            "answered request 2 of 3 with the id 3; answers come in order, with the line's id",
            1,
        ),
        ("print('{}')", "answered request 1 of 3 with the id null; " + ORDER, 0),
        ("for n in (1, 2, 3, 4): print('{\"id\": %d}' % n)", "answers more lines than it was asked", 3),
        ("for n in (1, 2, 3): print('{\"id\": %d}' % n, flush=True)\nraise SystemExit(5)", "ended with exit code 5", 3),
        (f"print('x' * {2 * MOST_BYTES})", f"answered request 1 of 3 with more than {MOST_BYTES:,} bytes", 0),
        ("import os\nos.kill(os.getpid(), 9)", "ended at request 1 of 3 with signal 9", 0),
    ],
    ids=[
        "ends at once",
        "ends in the middle",
        "greets",
        "no object",
        "nested",
        "out of order",
        "one left out",
        "no id",
        "too many",
        "ends badly",
        "floods",
        "killed",
    ],
)
async def test_a_program_that_goes_wrong_is_stopped_and_it_is_said_how(code: str, failure: str, answers: int) -> None:
    found = await heard(code)

    assert found.failure == failure
    assert len(found.answers) == answers


def holding(pipe: Path) -> str:
    """A program whose child answers once, holds a pipe open, and then does nothing for long."""
    child = f"import time; held = open({str(pipe)!r}, 'w'); print('{{\"id\": 1}}', flush=True); time.sleep(60)"
    return f"import subprocess, sys\nsubprocess.run([sys.executable, '-I', '-S', '-c', {child!r}])"


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A pipe that reads to its end only when everybody who holds it open is gone."""
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.mark.slow
async def test_a_program_that_hangs_is_given_up_with_all_that_it_started(pipe: Path):
    ended = asyncio.create_task(asyncio.to_thread(pipe.read_bytes))

    found = await heard(holding(pipe), patience_s=3.0)

    assert found.failure == "gave no answer to request 2 of 3 within 3 s"
    assert await asyncio.wait_for(ended, 10) == b""


async def test_who_stops_asking_leaves_nothing_behind(pipe: Path):
    ended = asyncio.create_task(asyncio.to_thread(pipe.read_bytes))
    answered = asyncio.Event()
    asking = asyncio.create_task(ask(program(holding(pipe)), REQUESTS, progress=answered.set))
    await asyncio.wait_for(answered.wait(), ENOUGH_S)
    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asking, 10)
    assert await asyncio.wait_for(ended, 10) == b""


@pytest.mark.slow
async def test_a_program_that_leaves_a_child_with_its_pipes_is_not_waited_for():
    code = ANSWERING + (
        "\nimport subprocess"
        '\nsubprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(20)"], start_new_session=True)'
    )
    began = time.monotonic()

    found = await heard(code)

    assert found.failure.startswith("did not end within 5 s")
    assert time.monotonic() - began < 15


async def test_what_is_no_program_says_so():
    found = await ask(Engine("planted", (str(Path(__file__).parent),)), REQUESTS)

    assert (found.answers, found.failure) == ((), "cannot be started: permission denied")


@pytest.mark.slow
async def test_our_own_engine_answers_wherever_it_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "bot.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)

    found = await ask(
        ours("dateline"), [{"task": "dates", "text": "on Wednesday", "reference": "2024-10-13"}, {"task": "poem"}]
    )

    first, second = found.answers
    assert not isinstance(first, str)
    assert first["dates"][0]["value"] == "2024-10-09"
    assert isinstance(second, str)
    assert second.startswith("there is no task 'poem'")
