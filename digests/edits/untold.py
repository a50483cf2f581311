"""Finds what a claim takes for known that its article told before it: who opens it, and which thing it speaks of.

"Reed said the piers were safe" asks who Reed is, where the article wrote "Tom Reed, the harbour master" and nobody shows that
sentence.  Such a claim still tells something, so it is not refused: it is chosen after those that need nothing, until what
is shown beside it has told the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from digests import words
from digests.data import table
from digests.edits.alone import written


def takes_for_known(text: str, earlier: str) -> frozenset[str]:
    """The words (stems) of ``text`` by which it means somebody or something that ``earlier``, the text before it, brought in.

    Who: a surname that opens it or speaks in it, where the first to bear it there had a first name; not of one whom it
    describes itself ("Reed, a retired pilot"), nor of one whom all news know.
    Which: "the pilot" inside it, where "a pilot" stands before, and an opening "The pilot" where any does.

    >>> sorted(takes_for_known("Reed found the leak", "Tom Reed dived twice. Divers looked for a leak."))
    ['leak', 'reed']
    """
    if not earlier:
        return frozenset()
    return frozenset((*_surnames(text, earlier), *_things(text, earlier), *_opening(text, earlier)))


def _surnames(text: str, earlier: str) -> list[str]:
    """The surname that opens a claim and that of one who speaks in it, if nothing in the claim tells who that is."""
    return [word for found in _mentions(text) for word in _surname(found["name"], earlier)]


def _mentions(text: str) -> Iterator[re.Match[str]]:
    if (opening := written("surname").match(text)) and not written("says_who").match(text, opening.end()):
        yield opening
    if (speaker := written("speaker").search(text)) and not written("says_who").match(text, speaker.end("name")):
        yield speaker


def _surname(name: str, earlier: str) -> list[str]:
    """The stem of a name by which the text before means one whom it named in full first."""
    if _opens_sentences(name):
        return []
    first = next(_whole(name, earlier), None)
    if first is None or next(_whole(name.lower(), earlier), None) is not None:
        return []
    given = _given_name().search(earlier, max(0, first - _FAR), first)
    if given is None or _opens_sentences(given["given"]) or written("titled").fullmatch(given["given"]):
        return []
    return [word for word in words.content(name)[-1:] if not words.in_all_news(word)]


def _opens_sentences(name: str) -> bool:
    """Whether what has the form of a name is only a small word at the start of a sentence: "The", "After"."""
    return name.lower() in table("splitting.en.toml")["openers"]


def _things(text: str, earlier: str) -> list[str]:
    small, found = text.lower(), []
    for phrase in written("inside_words").finditer(text):
        for noun in (phrase["one"], phrase["two"]):
            stems = words.content(noun or "")
            fresh = stems and next(_whole(noun, small), 0) >= phrase.start()
            if fresh and (_introduced(noun, earlier) or (_are_several(noun) and " and " not in text[: phrase.start()])):
                found += stems
    return found


def _are_several(noun: str) -> bool:
    """Whether it is a word for people whom the text has named one by one: "the couple"."""
    return noun in table("alone.en.toml")["several"]


def _opening(text: str, earlier: str) -> list[str]:
    """The noun of an opening "The <noun>" that stands before in whatever form; not one that all news have: "The government"."""
    found = written("the").match(text)
    if found is None or next(_whole(found["noun"], earlier), None) is None:
        return []
    return [stem for stem in words.content(found["noun"]) if not words.in_all_news(stem)]


def _introduced(noun: str, earlier: str) -> bool:
    """Whether the text has "a <noun>", words that describe it between the two or not; not in "a barge owner"."""
    for at in _whole(noun, earlier):
        article = _ARTICLE.search(earlier, max(0, at - _FAR), at)
        behind = _BEHIND.match(earlier, at + len(noun))
        if article and behind:
            described = words.tokens(article["described"])
            if len(words.telling(described)) == len(described) and not words.content(behind["next"] or ""):
                return True
    return False


def _whole(word: str, text: str) -> Iterator[int]:
    """Where a word or name stands in a text, not inside another word."""
    at = text.find(word)
    for _ in range(_OFTEN):
        if at < 0:
            return
        end = at + len(word)
        if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum() or text[at - 1 : at] == "-"):
            yield at
        at = text.find(word, end)


@cache
def _given_name() -> re.Pattern[str]:
    """A first name right before a surname, an initial or a nickname between them or not."""
    return re.compile(rf"{written('given').pattern}\Z")


_ARTICLE = re.compile(r"\b[Aa]n? (?P<described>(?:[\w'’-]+ ){0,3})\Z")
_BEHIND = re.compile(r" (?P<next>[a-z]+)|(?![\w'’-])")
_FAR = 60  # characters: what may stand between an article and its noun, or a first name and its surname
_OFTEN = 50  # times: what stands oftener in the text was brought in early or never
