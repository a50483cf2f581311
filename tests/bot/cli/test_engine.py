"""The engine answers every line, whatever it holds, and goes on."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import signal
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest

from bot.cli.engine import MOST_BYTES, answered, lines
from tests.bot.cli.running import ATOM_PAGE, FERRY, clean, command, rss, run

DATES = {"id": "last", "task": "dates", "text": "It sank on Wednesday.", "reference": "2024-10-13"}


def asked(*requests: object) -> bytes:
    return b"".join(each if isinstance(each, bytes) else json.dumps(each).encode() + b"\n" for each in requests)


def answers(home: Path, *requests: object, task: str | None = None) -> list[dict[str, Any]]:
    ended = run(home, "engine", *(["--task", task] if task else []), stdin=asked(*requests))
    assert (ended.code, ended.err) == (0, "")
    return [json.loads(line) for line in ended.out.splitlines()]


def test_a_line_asked_wrongly_is_answered_and_the_next_one_goes_on(tmp_path: Path) -> None:
    given = answers(
        tmp_path,
        b"no json\n",
        b"\xff\xfe{\n",
        b"[1]\n",
        b"[" * 100_000 + b"\n",
        b"\n",
        {"id": 1, "task": "poem"},
        {"id": 2, "task": "dates"},
        {"id": 3, "task": "digest", "articles": 5},
        {"id": 4, "task": "digest", "articles": [{"id": "a", "text": 5}]},
        {"id": 5, "task": "bullet-day", "article": None, "sentence": "x", "start": "a", "end": 2},
        {"id": 6, "task": "attribute", "sentences": [None]},
        {"id": [6], "task": "novelty", "history": [{}], "candidates": [1]},
        b'{"id": NaN, "task": "attribute", "sentences": []}\n',
        DATES,
    )

    assert [each["id"] for each in given] == [None, None, None, None, 1, 2, 3, 4, 5, 6, None, None, "last"]
    assert all(set(each) == {"id", "error"} and each["error"] for each in given[:-1])
    assert [each["value"] for each in given[-1]["dates"]] == ["2024-10-09"]


@pytest.mark.parametrize("fault", [AttributeError, KeyError, TypeError, RecursionError, ZeroDivisionError, MemoryError])
def test_whatever_a_task_raises_is_an_answer(fault: type[Exception]) -> None:
    def stumble(line: dict[str, Any]) -> dict[str, Any]:
        raise fault("text")

    assert set(json.loads(answered(b'{"id": 7}', stumble))) == {"id", "error"}


def test_an_answer_that_is_no_text_is_an_error_of_its_line():
    assert json.loads(answered(b'{"id": 7}', lambda line: {"value": float("nan")}))["error"]
    assert json.loads(answered(b'{"id": 7}', lambda line: {"text": "\ud800"})) == {"id": 7, "text": "\ud800"}


def test_a_line_beyond_the_cap_is_skipped_whole():
    stream = io.BytesIO(b"first\n" + b"x" * (MOST_BYTES + 5_000_000) + b"\n\nlast")

    assert list(lines(stream)) == [b"first\n", None, b"last"]
    assert "longer than 20,000,000 bytes" in answered(None, lambda line: line)


def document(number: int, body: bytes, **more: str) -> dict[str, object]:
    return {"id": number, "url": "https://harbour.example/feed", "body": base64.b64encode(body).decode(), **more}


def test_documents_that_cannot_be_read_are_answered_and_the_next_one_is_read(tmp_path: Path) -> None:
    given = answers(
        tmp_path,
        {"id": 1, "body": "no base64!"},
        {"id": 2},
        {"id": 3, "body": 5},
        {"id": 4, "body": "", "url": 5},
        document(5, ATOM_PAGE),
        document(6, b""),
        document(7, rss(FERRY)),
        task="feed",
    )

    assert [each["id"] for each in given] == [1, 2, 3, 4, 5, 6, 7]
    assert all(set(each) == {"id", "error"} for each in given[:-1])
    assert "All news (https://harbour.example/feed.xml)" in given[4]["error"]
    assert [entry["title"] for entry in given[-1]["entries"]] == [FERRY["title"]]


def test_a_page_is_answered_with_its_text(tmp_path: Path) -> None:
    text = "The ferry Aurelia ran aground off Brennhaven on Wednesday, the coast guard said. " * 4
    page = f"<html><head><title>Ferry</title></head><body><article><p>{text}</p></article></body></html>".encode()

    [given] = answers(tmp_path, document(1, page, content_type="text/html; charset=utf-8"), task="article")

    assert "ran aground off Brennhaven" in given["text"]


@pytest.mark.parametrize("task", [[], ["--task", "feed"]], ids=["thinking", "reading"])
async def test_ctrl_c_ends_an_engine_that_waits_for_its_next_line(tmp_path: Path, task: list[str]) -> None:
    engine = await asyncio.create_subprocess_exec(
        *command("engine", *task), stdin=PIPE, stdout=PIPE, stderr=PIPE, env=clean(tmp_path)
    )
    assert engine.stdin
    assert engine.stdout
    engine.stdin.write(asked(document(1, rss(FERRY)) if task else DATES))
    assert await asyncio.wait_for(engine.stdout.readline(), 20)

    engine.send_signal(signal.SIGINT)
    try:
        _, err = await asyncio.wait_for(engine.communicate(), 10)
    finally:
        if engine.returncode is None:
            engine.kill()

    assert engine.returncode == 130
    assert b"Traceback" not in err
    assert b"Stopped" in err
