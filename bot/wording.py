"""Every sentence that a person reads in chat, by a key, out of one file a language.

A template marks what stands out with ``*stars*`` and what is to be typed with backticks, names its values in braces, and
counts: ``{feeds:# feed|# feeds}``.  Marks are read before values are put in, so a value is literal whatever it holds.

Not here is what a reader of a grammar says of it (`digests.query`, `bot.schedule`) and a value of its own form (`bot.model`,
`bot.ports`): such an error quotes the rule beside which it stands, and changes with it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import groupby

from digests.errors import QueryError
from digests.render.layout import Line, Run, words
from digests.render.safe import SafeText

LANGUAGE = "en"
_LONGEST_VALUE = 300  # characters; a value is a name, a title, an error, never a text
_MARK = re.compile(r"\*(?P<bold>[^*\s][^*]*)\*|`(?P<code>[^`]+)`|(?P<plain>[^*`]+|[*`])")
_VALUE = re.compile(r"\{(?P<name>\w+)(?::(?P<one>[^|}]*)\|(?P<many>[^}]*))?\}")

Value = str | int | Run | Line


def say(key: str, /, **values: Value) -> Line:
    """The sentence of a key with its values.

    Args:
        values: text and numbers are literal; a run or a line keeps its own style and link.

    Raises:
        KeyError: no such sentence, or a value that it names is not given; both are bugs of ours.

    >>> from digests.render.layout import words
    >>> words(say("feeds_checked", feeds=34))
    'I checked 34 feeds.'
    """
    return tuple(run for piece in _pieces(_templates()[key]) for run in _filled(*piece, values))


def marked(text: str) -> Line:
    """A sentence of ours that holds its values already, such as the text of an error, with its marks read."""
    return tuple(Run(_inert(piece), bold=bold, code=code) for piece, bold, code in _marks(text))


class WordedError(QueryError):
    """A reply out of the file of sentences; ``line`` keeps its values literal, which its text, read again, would not."""

    def __init__(self, line: Line) -> None:
        super().__init__(plain(line))
        self.line = line


def query_error(key: str, /, **values: Value) -> WordedError:
    """The sentence of a key with its values, as what is raised when the one who asked can mend it; see `say`."""
    return WordedError(say(key, **values))


def line_of(error: Exception) -> Line:
    """What an error says, as a reply shows it."""
    return error.line if isinstance(error, WordedError) else marked(str(error))


def plain(line: Line) -> str:
    """A line without style; what is to be typed stands in backticks."""
    pieces = groupby(line, key=lambda run: run.code)
    return "".join(f"`{words(tuple(runs))}`" if code else words(tuple(runs)) for code, runs in pieces)


def name(key: str) -> str:
    """A label of a few words, without values or marks: of a button, a field, a column."""
    return _templates()[key]


def keys() -> Mapping[str, frozenset[str]]:
    """Every key with the values that it names."""
    return {key: frozenset(match["name"] for match in _VALUE.finditer(text)) for key, text in _templates().items()}


@cache
def _templates() -> dict[str, str]:
    read = tomllib.loads((files("bot") / "words" / f"{LANGUAGE}.toml").read_text(encoding="utf-8"))
    return {key: text for section in read.values() for key, text in section.items()}


@cache
def _pieces(template: str) -> tuple[tuple[str, bool, bool], ...]:
    """(text, bold, code) of a template, its values still in braces."""
    return tuple(_marks(template))


def _marks(text: str) -> Iterator[tuple[str, bool, bool]]:
    for match in _MARK.finditer(text):
        yield match["bold"] or match["code"] or match["plain"], bool(match["bold"]), bool(match["code"])


def _inert(text: str) -> SafeText:
    """The text made harmless, with one space where it begins or ends with some."""
    before, after = " " * text[:1].isspace(), " " * text[-1:].isspace()
    inner = SafeText(text, 8 * _LONGEST_VALUE)
    return SafeText.own(f"{before}{inner}{after}" if inner else " ")


def _filled(text: str, bold: bool, code: bool, values: Mapping[str, Value]) -> Iterator[Run]:
    at = 0
    for match in _VALUE.finditer(text):
        if match.start() > at:
            yield Run(SafeText.own(text[at : match.start()]), bold=bold, code=code)
        value = values[match["name"]]
        if match["one"] is not None:
            if not isinstance(value, int):
                raise TypeError(f"{match['name']} is counted, so it must be a number")
            value = (match["one"] if value == 1 else match["many"]).replace("#", f"{value:,}")
        for run in _runs(value):
            yield replace(run, bold=run.bold or bold, code=run.code or code)
        at = match.end()
    if at < len(text):
        yield Run(SafeText.own(text[at:]), bold=bold, code=code)


def _runs(value: Value) -> Line:
    if isinstance(value, Run):
        return (value,)
    if isinstance(value, tuple):
        return value
    return (Run(SafeText(f"{value:,}" if isinstance(value, int) else value, _LONGEST_VALUE)),)
