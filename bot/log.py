"""The log: one event a line, a stable word and its values, and never a secret.

```text
2024-10-14T05:30:07Z info run_composed subscription=news slot=2024-10-14T07:30 due=2024-10-14T05:30:00Z number=12
```

>>> from bot import log
>>> log.info("delivery_posted", subscription="news", ms=412)  # doctest: +SKIP

Words are for programs, so they stay; a person reads the same line.  Whatever is logged passes the filter: known secrets and
what has the shape of one become ``***``, addresses lose their queries, and control characters are written out, so that no
text of a feed can begin a line of its own.  What libraries say at warning or above comes through the same door.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import traceback
from collections.abc import Callable, Collection, Mapping, MutableMapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final, TextIO, cast

import structlog

HIDDEN: Final = "***"
LONGEST: Final = 500
"""Characters of one value; a traceback may have twenty times as many."""

_SHORTEST_SECRET = 6  # shorter ones would blot out plain words
_QUERY = re.compile(r"([a-z][a-z0-9+.-]{1,20}://[^\s?#\"'<>]*)[?#][^\s\"'<>]*", re.IGNORECASE)
_USER = re.compile(r"([a-z][a-z0-9+.-]{1,20}://)[^\s/@\"'<>]+@", re.IGNORECASE)
_SHAPES = (
    re.compile(r"(?<=/services/)[^\s\"'<>]+"),  # of Slack's webhooks
    re.compile(r"(?<=/webhooks/)\d+/[\w-]+"),  # of Discord's
    re.compile(r"\bxox[a-z]-[\w-]{6,}|\bxapp-[\w-]{6,}"),  # Slack's tokens
    re.compile(r"\b[MNO][\w-]{22,30}\.[\w-]{6}\.[\w-]{27,}"),  # Discord's
    re.compile(r"(?<=Bearer )\S+", re.IGNORECASE),
    re.compile(r"(?<=Basic )(?:[A-Za-z0-9+/_-]{12,}={0,2}|[A-Za-z0-9+/_-]+={1,2})", re.IGNORECASE),
    re.compile(r"(?<=password=)\S+|(?<=token=)\S+|(?<=secret=)\S+", re.IGNORECASE),
)
_PLAIN = re.compile(r"[^\s\"'=\\]+")
_COLOURS = {"warning": "\x1b[33m", "error": "\x1b[31m"}


def info(word: str, /, **values: object) -> None:
    """Something happened as it should."""
    _logger.info(word, **values)


def warning(word: str, /, **values: object) -> None:
    """Something went wrong that mends itself, or that the operator should look at some day."""
    _logger.warning(word, **values)


def error(word: str, fault: BaseException | None = None, /, **values: object) -> None:
    """Something needs the operator, or is a bug of ours: then with its traceback."""
    _logger.error(word, **values, **({"traceback": _trace(fault)} if fault else {}))


def start(
    stream: TextIO | io.TextIOBase, *, secrets: Collection[str] = (), clock: Callable[[], datetime] | None = None
) -> None:
    """Write the log to a stream from now on; in colours where it is a terminal.

    Args:
        secrets: values that no line may show, whatever holds them.
        clock: the present instant, aware, for the first word of each line; None leaves it out.
    """
    hide = Filter(secrets)
    colours = stream.isatty()

    def render(_: object, level: str, event: MutableMapping[str, Any]) -> str:
        word = str(event.pop("event"))
        text = line(level, word, {name: hide(value) for name, value in event.items()}, clock() if clock else None)
        return f"{_COLOURS[level]}{text}\x1b[0m" if colours and level in _COLOURS else text

    structlog.configure(
        processors=[render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, stream)),
        cache_logger_on_first_use=False,
    )
    logging.root.handlers = [_Libraries()]
    logging.root.setLevel(logging.WARNING)


class LogFile(io.TextIOBase):
    """A stream to the end of a file, for a log that is not to be seen where somebody reads; standard error where it cannot be.

    The file is opened with its first words: where nothing is logged, nothing is made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None

    @property
    def begun(self) -> bool:
        """Whether there is something of it in the file."""
        return self._file is not None and self._file is not sys.stderr

    def write(self, text: str) -> int:
        if self._file is None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("a", encoding="utf-8")
            except OSError:
                self._file = sys.stderr
        return self._file.write(text)

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        if self._file is not None and self._file is not sys.stderr:
            self._file.close()
        self._file = None
        super().close()


class Filter:
    """Gives any value as text without secrets.

    Args:
        secrets: values to hide wherever they stand; of an address also its path, which is what makes it one.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        parts = {part for secret in secrets for part in (secret, re.sub(r"^[a-z]+://[^/]*", "", secret))}
        found = sorted((part for part in parts if len(part) >= _SHORTEST_SECRET), key=len, reverse=True)
        known = "|".join(map(re.escape, found))
        self._known = re.compile(rf"(?:{known})(?:[?#][^\s\"'<>]*)?") if found else None

    def __call__(self, value: object) -> str:
        text = _written(value)
        if self._known:
            text = self._known.sub(HIDDEN, text)
        text = _USER.sub(rf"\1{HIDDEN}@", _QUERY.sub(r"\1", text))
        for shape in _SHAPES:
            text = shape.sub(HIDDEN, text)
        return text


def line(level: str, word: str, values: Mapping[str, str], at: datetime | None = None) -> str:
    r"""One event as one line.

    >>> line("info", "feed_read", {"title": 'a "new"\nline', "ms": "3"})
    'info feed_read title="a \\"new\\"\\nline" ms=3'
    """
    when = [_stamp(at)] if at else []
    pairs = [f"{name}={_quoted(text, 20 * LONGEST if name == 'traceback' else LONGEST)}" for name, text in values.items()]
    return " ".join([*when, level, word, *pairs])


def _stamp(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return _stamp(value) if value.tzinfo else value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(_written(each) for each in value)
    return str(value)


def _quoted(text: str, longest: int) -> str:
    text = text if len(text) <= longest else f"{text[: longest - 1]}…"
    if _PLAIN.fullmatch(text) and text.isprintable():
        return text
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else _escaped(each) for each in inner) + '"'


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _trace(fault: BaseException) -> str:
    return "".join(traceback.format_exception(fault)).rstrip()


class _Libraries(logging.Handler):
    """What libraries say, as events of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else None
        try:
            words = record.getMessage()
        except Exception:  # its values do not fit its words: a bug of the library, and no reason to stop
            words = str(record.msg)
        if record.levelno >= logging.ERROR:
            error("library_said", fault, library=record.name, words=words)
        else:
            warning("library_said", library=record.name, words=words)


_logger: Any = structlog.get_logger()
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
