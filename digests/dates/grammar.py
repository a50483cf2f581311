"""Compiles the words and patterns for time of a language from its file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from digests.data import table
from digests.words import PerWord

_SLOT = re.compile(r"\{([a-z_]+)\}")
_NAMED = re.compile(r"\(\?P<\w+>")
_LITERAL = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A form of words and the rule that reads it."""

    rule: str
    form: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Opening:
    """The patterns that a word may open, in order, and all of them in one: its groups tell which one fits."""

    patterns: tuple[Pattern, ...]
    any_of: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words and patterns of a language.

    Args:
        values: by list, what its words stand for.
        words: by name.
        forms: patterns that a rule asks for beside its own.
        openings: by each word, as it may be written, that may open an expression; None for one that only tells of it.
        digits: for a number.
        telling: words of which every expression that opens with another word holds one.
        heeded: whether a word, as written, may open an expression or tells of one, or is a number.
        goes_on: whether an expression can go on with a word: with a number, or with what some list or pattern holds.
    """

    values: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, frozenset[str]]
    forms: Mapping[str, re.Pattern[str]]
    openings: Mapping[str, Opening | None]
    digits: Opening
    telling: frozenset[str]
    heeded: PerWord[bool]
    goes_on: PerWord[bool]


@cache
def grammar(language: str) -> Grammar:
    """The grammar of ``language``.

    Raises:
        FileNotFoundError: the language has no file.
    """
    data = table(f"dates.{language}.toml")
    lists = {name: list(values) for name, values in data["values"].items()} | data["words"]
    slots = {name: _alternatives(words) for name, words in lists.items()}
    opened: dict[str, list[Pattern]] = {}
    digits: list[Pattern] = []
    for entry in data["patterns"]:
        pattern = Pattern(entry["rule"], _compiled(entry["form"], slots))
        if "digits" in entry["opens"]:
            digits.append(pattern)
        for word in {_first(word) for name in entry["opens"] if name != "digits" for word in lists[name]}:
            opened.setdefault(word, []).append(pattern)
    telling = frozenset(_first(word) for name in data["telling"] for word in lists[name])
    written = [*(entry["form"] for entry in data["patterns"]), *(word.lower() for words in lists.values() for word in words)]
    inner = frozenset(word.rstrip("s") for form in written for word in _LITERAL.findall(form))
    opening: dict[str, Opening | None] = dict.fromkeys(telling)
    opening |= {word: _opening(tuple(patterns)) for word, patterns in opened.items()}
    openings = {form: forms for word, forms in opening.items() for form in (word, word.capitalize(), word.upper())}
    return Grammar(
        data["values"],
        {name: frozenset(words) for name, words in data["words"].items()},
        {name: _compiled(form, slots) for name, form in data["forms"].items()},
        openings,
        _opening(tuple(digits)),
        frozenset(form for word in telling for form in (word, word.capitalize(), word.upper())),
        PerWord(lambda word: word in openings or word[0] <= "9"),
        PerWord(lambda word: word[:1].isdigit() or word.lower().rstrip("s") in inner),
    )


def _first(words: str) -> str:
    """The first word, in lower case: "new" of "New Year's Eve"."""
    return re.split(r"['’\s]", words.lower())[0]


def _compiled(form: str, slots: Mapping[str, str]) -> re.Pattern[str]:
    """``form`` with the words of its slots; a blank stands for any white space."""
    filled = _SLOT.sub(lambda slot: slots[slot[1]], form)
    return re.compile(re.sub(r"(?<![\\\[]) (?![?*])", r"\\s{1,9}", re.sub(r" \?", r"\\s?", filled)), re.IGNORECASE)


@cache
def _opening(patterns: tuple[Pattern, ...]) -> Opening:
    nameless = [_NAMED.sub("(?:", pattern.form.pattern).replace("(?P=mark)", "[/.]") for pattern in patterns]
    return Opening(patterns, re.compile("|".join(f"({form})" for form in nameless), re.IGNORECASE))


def _alternatives(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
