"""What differs between two forms of one sentence, where that changes what it states: a number, a name, a day, a "not"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache

from digests import data, numbers, words
from digests.updates import ALIKE

NEGATED = 0.85
"""Share of the content words that two forms have in common where only a "not" came or went; ``ALIKE`` for anything else."""
LEAST = 2
"""So many content words must two forms have in common: a shorter sentence is the same as too many others."""
LONGEST_PHRASE = 8  # words; what differs in more is quoted as whole sentences
LONGEST = 1_000  # characters; longer sentences are no form of a bullet, and aligning them would take for ever


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a sentence said and what it says now, in its shortest distinctive words: ``24 dead``, ``17 dead``.

    Args:
        gone, come: what was exchanged, folded; the same change in another sentence has the same.
    """

    posted: str
    now: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The capitalised words of a text, to tell a name from a word that opens a sentence or stands in a headline."""

    known: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Names:
        return cls(frozenset(words.names(text)))

    def __contains__(self, word: str) -> bool:
        return words.stem(word.lower().replace("’", "'").removesuffix("'s")) in self.known


def change(posted: str, now: str, before: Names, after: Names, *, noticed: bool = False) -> Exchange | None:
    """What changed in a sentence; None when it only reads otherwise, or is another sentence.

    A count that goes on ("at least 24") is not changed by a higher number, nor a number by its round form ("about 1,200").

    Args:
        before, after: the names of the article as it was, and as it is.
        noticed: the source says that it made a correction.  Otherwise a name counts as changed only when the article knows
            it no more: sentences are reworded around the same people every hour.
    """
    if max(len(posted), len(now)) > LONGEST:
        return None
    old, new = _parts(posted), _parts(now)
    blocks = [
        (old[a:b], new[c:d])
        for kind, a, b, c, d in SequenceMatcher(None, [p.key for p in old], [p.key for p in new], autojunk=False).get_opcodes()
        if kind != "equal"
    ]
    counted = [block for block in blocks if _numbers_changed(*block, old, new, posted, now) or _day_changed(*block)]
    named = [block for block in blocks if _name_changed(*block, before, after, noticed=noticed)]
    if not noticed and len(named) > 1 - bool(counted):
        return None  # another name and another number are another fact
    exchanged = [block for block in blocks if block in counted or block in named]
    turned = _is_negated(old) != _is_negated(new)
    if turned and not exchanged:
        exchanged = [block for block in blocks if any(part.negates for side in block for part in side)]
    if not exchanged:
        return None
    names = [part for block in named for side in block for part in side if part.text[0].isupper()]
    kept, said = _content(old, names), _content(new, names)
    common = len(kept & said)
    if common < max(LEAST, ALIKE * len(kept)):
        return None
    if turned and common < NEGATED * max(len(kept), len(said)):
        return None
    return Exchange(
        *_phrases(posted, now, old, new, exchanged),
        tuple(part.key for gone, _ in exchanged for part in gone),
        tuple(part.key for _, come in exchanged for part in come),
    )


def says(text: str, keys: Sequence[str]) -> bool:
    """Whether a text holds all of what was exchanged in another."""
    return set(keys) <= {part.key for part in _parts(text)}


def closeness(one: str, other: str) -> float:
    """How much two sentences have in common, numbers and negations aside: from 0 to 1, the same words."""
    left, right = (_content(_parts(text[:LONGEST])) for text in (one, other))
    return len(left & right) / max(len(left | right), 1)


def reworded(posted: str, now: str) -> bool:
    """Whether a sentence still tells what another one told, in whatever words."""
    old, new = (_content(_parts(text[:LONGEST])) for text in (posted, now))
    return len(old & new) >= max(1.0, ALIKE * len(old))


def matches(cue: str, text: str) -> bool:
    """Whether a text holds one of the cues of ``corrections.en.toml`` under that name, such as ``notice``."""
    return bool(_cues(cue).search(text[:LONGEST]))


@dataclass(frozen=True, slots=True)
class _Part:
    """A word or a number of a sentence; ``key`` is the same for all its spellings."""

    text: str
    start: int
    end: int
    key: str
    value: Decimal | None = None  # of a number

    @property
    def is_number(self) -> bool:
        return self.value is not None

    @property
    def negates(self) -> bool:
        return not self.is_number and (self.key in _table("negation") or self.key.endswith(("n't", "n’t")))

    @property
    def day(self) -> str:
        """``weekday`` or ``month`` where it names one; else ``""``."""
        values = data.table("dates.en.toml")["values"]
        return next((kind for kind in ("weekday", "month") if self.text[:1].isupper() and self.key in values[kind]), "")


_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def _parts(text: str) -> list[_Part]:
    found = [
        _Part(text[each.start : each.end], each.start, each.end, f"#{each.value.normalize():f}", each.value)
        for each in numbers.numbers(text, in_words=True)
    ]
    taken = [(each.start, each.end) for each in found]
    for word in _WORD.finditer(text):
        if not any(start < word.end() and word.start() < end for start, end in taken):
            found.append(_Part(word[0], word.start(), word.end(), word[0].lower().replace("’", "'").removesuffix("'s")))
    return sorted(found, key=lambda part: part.start)


Block = tuple[list[_Part], list[_Part]]


def _numbers_changed(
    gone: Sequence[_Part], come: Sequence[_Part], old: Sequence[_Part], new: Sequence[_Part], posted: str, now: str
) -> bool:
    everywhere = {part.key for part in old}, {part.key for part in new}
    were = [part for part in gone if part.is_number and part.key not in everywhere[1]]
    are = [part for part in come if part.is_number and part.key not in everywhere[0]]
    if not (were and are):
        return False
    pairs = list(zip(were, are, strict=False))
    return not all(_went_on(one, other, posted) or _rounded(one, other, posted, now) for one, other in pairs)


def _went_on(old: _Part, new: _Part, posted: str) -> bool:
    grew = _value(new) > _value(old)
    return grew and (_stands_before("bound", posted, old) or matches("running", posted))


def _value(number: _Part) -> Decimal:
    assert number.value is not None
    return number.value


def _rounded(old: _Part, new: _Part, posted: str, now: str) -> bool:
    """Whether one of two numbers is the other, rounded, and says so."""
    for coarse, fine, text in ((old, new, posted), (new, old, now)):
        rough, exact = _value(coarse), _value(fine)
        if _stands_before("about", text, coarse) and abs(rough - exact) <= abs(exact) / 20:
            return True
    return False


def _stands_before(name: str, text: str, number: _Part) -> bool:
    return bool(re.search(rf"{_cues(name).pattern}\s+\Z", text[: number.start], re.IGNORECASE))


def _day_changed(gone: Sequence[_Part], come: Sequence[_Part]) -> bool:
    """Whether a weekday stands where another stood, or a month for a month; "Monday" for "9 March" may be the same day."""
    were, are = ([part for part in side if part.day] for side in (gone, come))
    return bool(were and are) and were[0].day == are[0].day and {part.key for part in were}.isdisjoint(part.key for part in are)


def _name_changed(gone: Sequence[_Part], come: Sequence[_Part], before: Names, after: Names, *, noticed: bool) -> bool:
    were = [part for part in gone if _is_name(part, before)]
    are = [part for part in come if _is_name(part, after)]
    if not (were and are) or {part.key for part in were} & {part.key for part in are}:
        return False
    if _letters(were) in (_letters(are), _initials(are)) or _letters(are) == _initials(were):
        return False
    return noticed or any(part.text not in after for part in were)


def _is_name(part: _Part, known: Names) -> bool:
    return not part.is_number and not part.day and part.text[:1].isupper() and part.text in known


def _initials(parts: Iterable[_Part]) -> str:
    return "".join(part.text[0] for part in parts).lower()


def _letters(parts: Iterable[_Part]) -> str:
    return "".join(character for part in parts for character in part.text.lower() if character.isalpha())


def says_not(sentence: str) -> bool:
    """Whether a sentence denies something: it holds "not", "never", "n't" an odd number of times.

    >>> says_not("The rule was not overturned"), says_not("Nobody said that it was not overturned")
    (True, False)
    """
    small = sentence.lower()
    if "n't" not in small and "n’t" not in small and _negations().isdisjoint(words.tokens(small)):
        return False  # nearly always; to part it costs ten times as much
    return _is_negated(_parts(sentence))


@cache
def _negations() -> frozenset[str]:
    return frozenset(_table("negation"))


def _is_negated(parts: Iterable[_Part]) -> bool:
    return sum(part.negates for part in parts) % 2 == 1


def _content(parts: Sequence[_Part], left_out: Sequence[_Part] = ()) -> set[str]:
    """The content words of a sentence without its numbers and negations, and without the names that were exchanged."""
    told = [part for part in parts if part not in left_out and not part.is_number and not part.negates]
    return set(words.content(" ".join(part.text for part in told)))


def _phrases(posted: str, now: str, old: Sequence[_Part], new: Sequence[_Part], exchanged: Sequence[Block]) -> tuple[str, str]:
    """The words around all that was exchanged, in both forms; both sentences where that would be many words or the same."""
    phrases = []
    for text, parts, sides in (
        (posted, old, [gone for gone, _ in exchanged]),
        (now, new, [come for _, come in exchanged]),
    ):
        at = [parts.index(part) for side in sides for part in side]
        if not at:
            return posted, now
        first, last = _widened(text, parts, min(at), max(at))
        if last - first >= LONGEST_PHRASE:
            return posted, now
        phrases.append(text[parts[first].start : parts[last].end])
    return (phrases[0], phrases[1]) if phrases[0] != phrases[1] else (posted, now)


def _widened(text: str, parts: Sequence[_Part], first: int, last: int) -> tuple[int, int]:
    """With what is counted: one more word behind, or before where a clause ends; a name takes what belongs to it."""
    follows = last + 1 < len(parts) and not re.search(r"[.,;:!?()–—]", text[parts[last].end : parts[last + 1].start])
    if all(part.text[0].isupper() and not part.is_number for part in parts[first : last + 1]):
        while first and parts[first - 1].text[0].isupper() and text[parts[first - 1].end : parts[first].start] == " ":
            first -= 1
        while (
            last + 1 < len(parts) and parts[last + 1].text[0].isupper() and text[parts[last].end : parts[last + 1].start] == " "
        ):
            last += 1
    elif follows:
        last += 1
    elif first:
        first -= 1
    return first, last


@cache
def _cues(name: str) -> re.Pattern[str]:
    listed = "|".join(_table(name))
    return re.compile(listed if name in ("notice", "retraction") else rf"\b(?:{listed})\b", re.IGNORECASE)


def _table(name: str) -> list[str]:
    found: list[str] = data.table("corrections.en.toml")[name]
    return found
