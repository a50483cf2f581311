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


def presumes(text: str, earlier: str, said_by: str = "") -> frozenset[str]:
    """All words (stems) of ``text`` and of who says it by which it means somebody or something that the text before it
    (``earlier``) told first.

    Beside what ``takes_for_known`` finds: a surname anywhere in it, an abbreviation that was written out there, "the Harbour
    Board (HB)", and "The French duo" of a duo told before.  An editor would ask who or what that is, of a sentence that stands
    alone.

    >>> sorted(presumes("Divers of the HB told Reed", "Tom Reed is in the Harbour Board (HB)."))
    ['hb', 'reed']
    """
    if not earlier:
        return frozenset()
    earlier = earlier.replace("’", "'")
    names = {name for name in _lone_names(f"{text} {said_by}") if _named_in_full(name, earlier) and f"({name})" not in text}
    stems = {words.stem(name.lower()) for name in names}
    known = {stem for stem in stems if words.in_all_news(stem)}
    return takes_for_known(text, earlier) | (stems - known) | _opening_noun(text, earlier)


def _opening_noun(text: str, earlier: str) -> frozenset[str]:
    """The noun of "The camp", "The French camp" where any stands before; not one of which each country has one."""
    opening = written("the").match(text) or written("the_named").match(text)
    noun = opening["noun"] if opening else ""
    if not noun or noun in table("alone.en.toml")["institutions"] or next(_whole(noun, earlier), None) is None:
        return frozenset()
    return frozenset(words.content(noun))


def definites(text: str) -> list[str]:
    """The nouns (stems) that ``text`` takes for known by "the", though nothing in it tells which one is meant.

    Not "the pier of Naxos", "the northern Naxos pier", "the first pier" or "the pier" of which it has told; nor what there is
    one of: "the government", "the sea".

    >>> definites("Divers closed the leak, and the hull of a ferry was towed to the shipyard by the ferry")
    ['leak', 'shipyard']
    """
    small, found = text.lower(), []
    for phrase in written("definite").finditer(text):
        noun = phrase["noun"].lower()
        stems = words.content(noun)
        if (
            not stems
            or noun in _unique()
            or written("tells_which").match(phrase["words"])
            or _follows_apposed(text, phrase.end())
        ):
            continue
        if next(_whole(noun, small), 0) >= phrase.start():
            found += stems[-1:]  # of "the quarter-final" one
    return found


def _follows_apposed(text: str, at: int) -> bool:
    """Whether who it is stands behind a comma: "the judge, Sir Tom Reed"."""
    return text[at : at + 2] == ", " and text[at + 2 : at + 3].isupper()


@cache
def _unique() -> frozenset[str]:
    listed = table("alone.en.toml")
    return frozenset(listed["institutions"] + listed["unique"])


def _lone_names(text: str) -> Iterator[str]:
    """Names and abbreviations of one word, a title before them or not."""
    for run in written("name_run").findall(text):
        *titles, name = run.split()
        if titles and _opens_sentences(titles[0]):
            del titles[0]
        name = _POSSESSIVE.sub("", name).replace("’", "'")
        if name[1:] and all(written("titled").fullmatch(title.rstrip(".")) for title in titles):
            yield name


def _named_in_full(name: str, earlier: str) -> bool:
    """Whether the text before has a first name before a name, so that it is a surname, or an abbreviation behind its words."""
    if name.isupper():
        return f"({name})" in earlier
    for at in _whole(name, earlier):
        given = _given_name().search(earlier, max(0, at - _FAR), at)
        if given and not words.written_small(given["given"]) and not written("titled").fullmatch(given["given"]):
            return not (_opens_sentences(given["given"]) or earlier[at + len(name) : at + len(name) + 2].strip().isdigit())
    return False


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


_POSSESSIVE = re.compile(r"(?:['’]s?|[.-])$")
_ARTICLE = re.compile(r"\b[Aa]n? (?P<described>(?:[\w'’-]+ ){0,3})\Z")
_BEHIND = re.compile(r" (?P<next>[a-z]+)|(?![\w'’-])")
_FAR = 60  # characters: what may stand between an article and its noun, or a first name and its surname
_OFTEN = 50  # times: what stands oftener in the text was brought in early or never
