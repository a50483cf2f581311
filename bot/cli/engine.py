"""dateline engine: the thinking part alone, JSON lines in, JSON lines out."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

import typer

from bot.cli.settings import settings_from
from bot.errors import ConfigError, SourceError

if TYPE_CHECKING:
    from bot.ports import Reader

Line = dict[str, Any]
MOST_BYTES = 20_000_000
"""A longer line is refused: it would be more than the largest document that is ever fetched."""
DEADLINE_S = 15.0
"""For one document: who asks for many of them stops waiting for an answer after 20 s."""


def engine(
    task: str | None = typer.Option(None, help="article or feed: the task of lines that name none.", metavar="TASK"),
) -> None:
    """Answer JSON lines: the thinking alone, for programs.

    Each line of standard input is answered by one on standard output, in order, with the line's id.
    A line names its task: digest, dates, bullet-day, cluster, attribute or novelty.  Lines of --task article and
    --task feed name none; they carry a document: {"id", "url", "content_type", "body" (base64)}.
    What a line asks wrongly is answered {"id", "error"}, and the next line goes on.

    For example:

    \b
    {"id": 1, "task": "dates", "text": "on Wednesday", "reference": "2024-10-13"}
    """
    if task not in (None, "article", "feed"):
        raise ConfigError(f"--task is {task!r}; accepted: article, feed.")
    if task:
        _serve_documents(task)
    else:
        from digests import tasks

        _serve(tasks.answer)


def _serve(answer: Callable[[Line], Line]) -> None:
    for text in lines(sys.stdin.buffer):
        sys.stdout.write(answered(text, answer) + "\n")
        sys.stdout.flush()


def _serve_documents(task: str) -> None:
    from bot import app

    # The loop runs only while a document is read: waiting for the next line then needs no thread, and Ctrl-C ends it at once.
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            reading = app.reading(settings_from(None), deadline_s=DEADLINE_S)
            _, reader = runner.run(stack.enter_async_context(reading))
            _serve(lambda line: runner.run(_document(task, line, reader)))
        finally:
            runner.run(stack.aclose())


def lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream that hold anything; None stands for one that is too long, the rest of which is skipped."""
    while text := stream.readline(MOST_BYTES + 1):
        if len(text) <= MOST_BYTES:
            if text.strip():
                yield text
            continue
        while text and not text.endswith(b"\n"):
            text = stream.readline(1 << 20)
        yield None


def answered(text: bytes | None, answer: Callable[[Line], Line]) -> str:
    """The answer to a line, as a line of ASCII; what is wrong with it, in words, is an answer too."""
    asked: object = None
    try:
        if text is None:
            raise ValueError(f"the line is longer than {MOST_BYTES:,} bytes")
        asked = json.loads(text.decode("utf-8-sig"))
        if not isinstance(asked, dict):
            raise TypeError("a line is a JSON object")
        return json.dumps({"id": asked.get("id"), **answer(asked)}, allow_nan=False)
    except Exception as error:  # whatever one line brings about, the next one is answered
        name = asked.get("id") if isinstance(asked, dict) else None
        return json.dumps({"id": name if isinstance(name, int | str) else None, "error": in_words(error)})


def in_words(error: Exception) -> str:
    """What is wrong with a line, or went wrong with it, in a sentence without its stop."""
    match error:
        case SourceError():
            return str(error)
        case UnicodeDecodeError():
            return f"the line is no UTF-8: {error.reason} at byte {error.start}"
        case json.JSONDecodeError():
            return f"the line is no JSON: {error}"
        case KeyError():
            return f"the field {error} is missing"
        case ValueError() | TypeError():
            return str(error)
        case RecursionError():
            return "the line is nested too deeply"
        case _:
            return " ".join([type(error).__name__, *str(error).strip().splitlines()[-1:]])


async def _document(task: str, line: Line, reader: Reader) -> Line:
    """What a document holds, read in a worker that is killed when it overruns."""
    from bot.model import Fetched
    from bot.sources.answers import feed_answer, page_answer

    try:
        body = base64.b64decode(line["body"], validate=True)
    except binascii.Error as error:
        raise ValueError(f"body is no base64: {error}") from None
    url, content_type = line.get("url") or "", line.get("content_type") or ""
    if not isinstance(url, str) or not isinstance(content_type, str):
        raise TypeError("url and content_type are strings")
    fetched = Fetched(url, 200, body, content_type)
    if task == "feed":
        return feed_answer(await reader.feed(fetched, datetime.now(UTC)))
    return page_answer(await reader.page(fetched))
