"""dateline engine: the thinking part alone, JSON lines in, JSON lines out."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.settings import settings_from
from bot.errors import ConfigError, SourceError

if TYPE_CHECKING:
    from bot.ports import Reader

Line = dict[str, Any]
MOST_CHARACTERS = 20_000_000
"""A longer line is refused: it would be more than the largest document that is ever fetched."""


def engine(
    task: str | None = typer.Option(None, help="article or feed: the task of lines that name none.", metavar="TASK"),
) -> None:
    """Answer JSON lines on standard input with JSON lines on standard output, in order, each with the line's id.

    A line names its task: digest, dates, bullet-day, cluster, attribute or novelty.  Lines of --task article and
    --task feed carry a document: {"id", "url", "content_type", "body" (base64)}.
    What a line asks wrongly is answered {"id", "error"}, and the next line goes on.

    \b
    echo '{"id": 1, "task": "dates", "text": "It sank on Wednesday.", "reference": "2024-10-13"}' | dateline engine
    """
    if task not in (None, "article", "feed"):
        raise ConfigError(f"--task is {task!r}; accepted: article, feed.")
    asyncio.run(_serve(task))


async def _serve(task: str | None) -> None:
    from bot import app

    async with app.reading(settings_from(None)) as (_, reader):

        async def document(line: Line) -> Line:
            return await _document(task or "", line, reader)

        answer: Callable[[Line], Awaitable[Line]] = document if task else _thought
        while text := await asyncio.to_thread(sys.stdin.readline, MOST_CHARACTERS):
            if text.strip():
                sys.stdout.write(json.dumps(await _answered(text, answer), ensure_ascii=False) + "\n")
                sys.stdout.flush()


async def _answered(text: str, answer: Callable[[Line], Awaitable[Line]]) -> Line:
    """The answer to a line; what is wrong with the line, in words, is an answer too."""
    asked: object = None
    try:
        asked = json.loads(text)
        if not isinstance(asked, dict):
            raise TypeError("a line is a JSON object")
        return {"id": asked.get("id"), **await answer(asked)}
    except SourceError as error:
        return {"id": asked.get("id") if isinstance(asked, dict) else None, "error": str(error)}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        words = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
        return {"id": asked.get("id") if isinstance(asked, dict) else None, "error": words}


async def _thought(line: Line) -> Line:
    from digests import tasks

    return tasks.answer(line)


async def _document(task: str, line: Line, reader: Reader) -> Line:
    """What a document holds, read in a worker that is killed when it overruns."""
    from bot.model import Fetched
    from bot.sources.answers import feed_answer, page_answer

    try:
        body = base64.b64decode(line["body"], validate=True)
    except binascii.Error as error:
        raise ValueError(f"body is no base64: {error}") from None
    fetched = Fetched(line.get("url") or "", 200, body, line.get("content_type") or "")
    if task == "feed":
        return feed_answer(await reader.feed(fetched, datetime.now(UTC)))
    return page_answer(await reader.page(fetched))
