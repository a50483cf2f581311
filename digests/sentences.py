"""Gives the sentences of a text, each with its span and what it is to a digest.

``split`` finds where sentences end; ``read`` also says which of them are facts and which are captions, furniture of the
page, comment, or a repetition.  Nothing is moved or rewritten: a span is always true to the text that was given.
Most words that decide are data (``splitting.en.toml``, ``cleaning.en.toml``); bylines and what is spoken are told by English
patterns here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from itertools import chain, pairwise
from typing import NamedTuple

from digests import lines, words
from digests.data import table
from digests.model import Kind

LONG_LINE = 30  # words; a line without a stop that is longer tells something and is no caption
SHORT_LINE = 12  # words; headings are shorter
SHORT_FURNITURE = 7  # words; with a stop at its end furniture is shorter


class Sentence(NamedTuple):
    """A sentence of a text: ``text == source[start:end]``, ``paragraph`` counts from 0."""

    start: int
    end: int
    text: str
    paragraph: int
    kind: Kind = Kind.FACT


def read(text: str, title: str = "") -> tuple[Sentence, ...]:
    """Every sentence of ``text`` in its order, the ones to be left out under their kind.

    Spans never overlap and together hold every character that is no white space.
    """
    repeated = _Repeats(title)
    told = []
    paragraphs = _paragraphs(text)
    parted = [_split(text, start, end) for start, end in paragraphs]
    said = {(a, b): words.tokens(text[a:b]) for spans in parted for a, b in spans}
    marks = _Marks(text, chain.from_iterable(said.values()))
    spoken = lines.spoken([text[start : min(end, start + _LONGEST_LABEL)] for start, end in paragraphs])
    for number, ((start, _), spans) in enumerate(zip(paragraphs, parted, strict=True)):
        first = text[slice(*spans[0])]
        one = (len(spans) == 1 or (len(spans) == 2 and _invites(text[slice(*spans[1])]))) and number not in spoken
        alone = _alone(first, number, len(paragraphs)) if one else None
        noted = False  # a paragraph that begins as a notice of what was amended is one to its end
        for a, b in spans:
            sentence, tokens = text[a:b], said[a, b]
            kind = Kind.FURNITURE if noted else _kind(sentence, tokens, marks.within(a, b), alone)
            noted = noted or (kind is Kind.FURNITURE and a == start and len(paragraphs) > 1 and _amends(sentence))
            if kind is None:
                kind = Kind.COMMENT if number in spoken else repeated.kind(sentence, tokens)
            told.append(Sentence(a, b, sentence, number, kind))
    return _without_lone_lines(told)


def split(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of ``text``.  Takes time in proportion to its length.

    >>> text = "Maj. Gen. Ann Lee spoke at 9 a.m. The U.S. Army listened."
    >>> [text[a:b] for a, b in split(text)]
    ['Maj. Gen. Ann Lee spoke at 9 a.m.', 'The U.S. Army listened.']
    """
    return [span for start, end in _paragraphs(text) for span in _split(text, start, end)]


def balanced(text: str) -> bool:
    """Whether every quotation mark and bracket that opens in ``text`` closes in it."""
    if not _ANY_PAIR.search(text) and "''" not in text:
        return True
    if text.count('"') % 2 or text.count("''") % 2:
        return False
    if any(text.count(left) != text.count(right) for left, right in (("“", "”"), ("(", ")"), ("[", "]"))):
        return False
    if ")" in text and text.index(")") < text.index("("):  # the end of one and the beginning of another
        return False
    return "‘" not in text or len(_SINGLE_OPEN.findall(text)) <= len(_SINGLE_CLOSE.findall(text))


def unquoted(text: str) -> str:
    """The text with every quotation blanked, its length kept; one that begins or ends in another sentence too.

    >>> unquoted('The mayor called it "a fine day" and left.')
    'The mayor called it              and left.'
    """
    for pattern in (_QUOTED, _QUOTE_ENDS, _QUOTE_BEGINS):
        if not _ANY_QUOTE.search(text) and "''" not in text:
            break  # most often all of them are blanked by now
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def quotations(text: str) -> list[str]:
    """What stands between quotation marks in ``text``, the marks included.

    >>> quotations('The mayor called it "a fine day" and left.')
    ['"a fine day"']
    """
    return _QUOTED.findall(text)


def inside_quotation(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]``, a sentence without a quotation mark, stands between those of a quotation around it.

    The quotation opens before it in its paragraph, and closes behind it there or goes on in the next paragraph, which opens
    with a mark again.  Marks are told by their form, not counted, so that one that is missing misleads nobody far on.
    Only double marks: a single one may be an apostrophe.

    >>> text = 'The mayor wrote: "It rained. The pier is safe. I saw it."'
    >>> inside_quotation(text, text.index("The pier"), text.index(" I saw"))
    True
    """
    paragraph = text.rfind("\n", 0, start) + 1
    opened = max([text.rfind(mark, paragraph, start) for mark in _DOUBLE])
    if opened < 0 or not _OPENS_QUOTATION.match(text, opened):
        return False
    closing = _DOUBLE_MARK.search(text, start)
    if closing is None or closing.start() < end:
        return False
    if "\n" in text[end : closing.start()]:
        return bool(_OPENS_QUOTATION.match(text, closing.start())) and not text[end : closing.start()].strip()
    return bool(_CLOSES_QUOTATION.match(text, closing.start()))


# ---------------------------------------------------------------- where a sentence ends

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
# One set of characters first, then what may follow which: so the engine skips to the next of them without trying a pattern.
_STOP = re.compile(
    r"[.!?…。！？](?:(?<=[.!?…])[.!?…]*[\"”’'»)\]]*(?:[ \u00a0][”’](?![^\W\d_]))*|(?<=[。！？])[。！？]*[」』）”’]*)"
)
_BEFORE = re.compile(r"[(\[\"“‘'«—–/-]")
_AFTER = re.compile(r"[\s\"“‘'«(\[*•–—-]*")
_NEXT = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_SPOKEN = re.compile(r"(?:[A-Z][\w.'’-]* ){1,4}(?:said|says|asked|asks|added|told|wrote|replied|cried|shouted|exclaimed)\b")
_SINGLE_OPEN = re.compile(r"(?<![^\s(\[“\"—–-])[‘](?=\S)|‘(?=\s)")
_SINGLE_CLOSE = re.compile(r"’(?![^\W_])")
_LONGEST_WORD = 40
_LONGEST_LABEL = 80  # characters of a paragraph that may say who speaks in it


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """The spans of the paragraphs: lines, or in a text wrapped at a fixed width what stands between empty lines."""
    trimmed = (_trim(text, line.start(), line.end()) for line in _LINE.finditer(text))
    rows = [(a, b) for a, b in trimmed if a < b]
    if not _wrapped(text, rows):
        return rows
    joined: list[tuple[int, int]] = []
    for a, b in rows:
        if joined and text.count("\n", joined[-1][1], a) == 1:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return joined


def _wrapped(text: str, rows: Sequence[tuple[int, int]]) -> bool:
    """Whether the lines were broken by width: most are alike in length and run on into the next without a stop."""
    followed = [(a, b) for (a, b), (c, _) in pairwise(rows) if text.count("\n", b, c) == 1]
    if len(followed) < 3 or max(b - a for a, b in rows) > 120:
        return False
    running = [1 for a, b in followed if b - a >= 40 and text[b - 1] not in ".!?…”\"'’:"]
    return len(running) > 0.6 * len(followed)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())


def _split(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of the sentences of one paragraph."""
    spans, at = [], start
    for stop in _STOP.finditer(text, start, end):
        if _ends(text, at, stop, end):
            spans.append((at, stop.end()))
            start, at = at, _skip(text, stop.end(), end)
            if _closes(text, start, stop.end(), at):
                spans.append((at, at + 1))
                at = _skip(text, at + 1, end)
    if at < end:
        spans.append((at, end))
    return spans


_SPACE = re.compile(r"\s*")


def _skip(text: str, at: int, end: int) -> int:
    """Where the white space at ``at`` ends."""
    found = _SPACE.match(text, at, end)
    return found.end() if found else at


def _ends(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """Whether a sentence that began at ``start`` ends with this stop."""
    after = stop.end()
    if after >= end or stop[0][0] in "。！？":
        return True
    if not text[after].isspace():
        return _glued(text, stop, end)
    opening = _AFTER.match(text, after, end)
    follows = _NEXT.match(text, opening.end(), end) if opening else None
    if follows is None:
        return stop[0] != "." or not opening or opening.end() >= end or not _shortened(text, start, stop, "")
    word = follows[0]
    if stop[0].endswith((" ’", " ”")):  # a mark set apart: nobody sees where the next sentence begins
        return False
    if word[0].islower() and not (word[1:2].isupper() or _set_apart(text, after, follows.start())):  # "iPhoto" may begin one
        return False
    if stop[0] == ".":
        return not _shortened(text, start, stop, word)
    quoted = stop[0][-1] in "\"”’'" and stop[0][0] in "!?"
    return not (quoted and _SPOKEN.match(text, follows.start(), end))


_APART = re.compile(r"\s(?:['\"“‘]|'')\s+")
_STRAIGHT_APART = re.compile(r"(?<!\S)['\"](?!\S)")


def _set_apart(text: str, start: int, end: int) -> bool:
    """Whether between two words there is a quotation mark with white space on both sides, as in a text that was cut into
    words and joined again: there a sentence may begin with a small letter."""
    return _APART.fullmatch(text, start, end) is not None


def _closes(text: str, start: int, end: int, at: int) -> bool:
    """Whether the straight mark at ``at``, set apart behind the sentence from ``start`` to ``end``, closes a quotation that is
    open in it.  It belongs to neither side: what stands behind it is no quotation, and a sentence ends with its stop."""
    marked = text[at : at + 1] in ("'", '"') and _STRAIGHT_APART.match(text, at)
    return bool(marked) and len(_STRAIGHT_APART.findall(text, start, end)) % 2 == 1


def _glued(text: str, stop: re.Match[str], end: int) -> bool:
    """Whether a stop without white space after it ends a sentence: "it ended.The next day"."""
    follows = _NEXT.match(text, stop.end(), end)
    return bool(
        follows
        and follows[0][0].isupper()
        and follows[0].lower() in _rules().openers
        and text[follows.end() : follows.end() + 1] == " "
        and text[max(0, stop.start() - 2) : stop.start()].islower()
    )


def _shortened(text: str, start: int, stop: re.Match[str], follows: str) -> bool:
    """Whether the full stop marks an abbreviation, an initial or an ordinal, and the sentence goes on with ``follows``."""
    word = _word_before(text, start, stop.start())
    rules, small, opens = _rules(), word.lower(), follows.lower() in _rules().openers
    if word.isdigit():
        first = stop.start() - len(word) == start and len(word) <= 3  # "1. The first of a list"
        return first or (len(word) <= 2 and _writes_ordinals(text, stop.start()))
    if small in rules.before_name or (small in rules.before_number and follows[:1].isdigit()):
        return True
    if small in ("a.m", "p.m"):
        return small in rules.before_opener or follows.lower() in rules.after_clock or follows[:1].isdigit()
    if word.isupper() and follows.isupper() and len(follows) > 1 and _in_capitals(text, stop.end()):
        return True  # "the ID. WAVE RUNNER"
    initials = len(word) == 1 and word.isupper()
    dotted = "." in word and all(len(part) <= 2 for part in word.split("."))
    return (initials or dotted or small in rules.before_opener) and not opens


_NEAR_NUMBER = 200  # characters: so near a language shows


def _writes_ordinals(text: str, at: int) -> bool:
    """Whether the text around ``at`` is in a language whose ordinals end in a stop: "am 22. November"."""
    near = text[max(0, at - _NEAR_NUMBER) : at + _NEAR_NUMBER].lower()
    return " the " not in near and any(f" {word} " in near for word in _rules().ordinal_stops)


_TWO_IN_CAPITALS = re.compile(r"\s+[A-Z][A-Z0-9-]+ [A-Z0-9][A-Z0-9-]+\b")


def _in_capitals(text: str, at: int) -> bool:
    """Whether the two next words are in capitals: a name goes on."""
    return bool(_TWO_IN_CAPITALS.match(text, at))


def _word_before(text: str, start: int, stop: int) -> str:
    """The word that ends at ``stop``, its inner dots included."""
    near = text[max(start, stop - _LONGEST_WORD) : stop]
    if not near or near[-1].isspace():
        return ""
    word = near.split()[-1]
    return word if word.isalnum() else _BEFORE.split(word)[-1]


@dataclass(frozen=True, slots=True)
class _Rules:
    before_name: frozenset[str]
    before_number: frozenset[str]
    before_opener: frozenset[str]
    openers: frozenset[str]
    after_clock: frozenset[str]
    ordinal_stops: frozenset[str]


@cache
def _rules() -> _Rules:
    return _Rules(**{name: frozenset(listed) for name, listed in table("splitting.en.toml").items()})


# ---------------------------------------------------------------- what a sentence is

_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|(?<![^\s(])‘[^‘]*?’(?![^\W_])|''.*?''")
_DOUBLE = '"“”'
_DOUBLE_MARK = re.compile(f"[{_DOUBLE}]")
_OPENS_QUOTATION = re.compile(r"“|(?<![^\s(\[:—–-])\"(?=\S)")
_CLOSES_QUOTATION = re.compile(r"”|(?<=\S)\"(?![^\W_])")
_ANY_QUOTE = re.compile(r"[\"“”‘]")
_ANY_PAIR = re.compile(r"[\"“”‘()\[\]]")
_QUOTE_ENDS = re.compile(r"^[^“”\"]*?(?:”|(?<=[^\s(])\"(?=[\s,.]|$))")
_QUOTE_BEGINS = re.compile(r"(?:“|(?:^|(?<=[\s(]))[\"‘](?=\S| [a-z])).*$", re.DOTALL)
_OWN_VOICE = re.compile(
    r"\b(?:I(?:['’](?:m|ve|d|ll))?(?= [a-z])|(?:[Ww]e|[Mm]y|[Oo]urs?|us|me|you|yours?|yoursel(?:f|ves))\b(?!-)"
    r"|Your?\b(?= [a-z]|['’][a-z]))"
)
_LIST_MARKS = "*•·–—- "
_NUMERAL = re.compile(r"\b[A-Z]\w* $")  # "World War I mines"
_BYLINE = re.compile(r"[Bb][Yy] (?:[A-Z][\w.'’-]+[ ,]*){1,3}(?:(?:and|in|for|with) .{0,60}|[|•,-].{0,80}|$)")
_ENDS_WELL = (".", "!", "?", "…", ":", ";", "。", "！", "？", '."', ".”", ".’", "?”", "!”", '?"', '!"', ".'", ".)", "...", ",")


def _own_voice(text: str) -> Iterator[re.Match[str]]:
    """Where somebody speaks of himself or to the reader: I, we, my, our, us, you, your."""
    for found in _OWN_VOICE.finditer(text):
        start = found.start()
        if found[0] != "I" or not _NUMERAL.search(text, max(0, start - 20), start):
            yield found


_AROUND = 100  # characters: a cue is shorter
_NEAR = 40  # characters: two literals so near are one cue
_BEGINNING = 4  # letters of the first word of a cue, by which it is found; a literal of less than one word has as many
_NO_CUE: frozenset[str] = frozenset()


class _Marks:
    """Where the cues in a text end.  Looked for once in the whole: each sentence on its own would cost milliseconds.

    Args:
        tokens: those of the text, in any order; only cues of which one of them begins the first word are looked for.
    """

    def __init__(self, text: str, tokens: Iterable[str]) -> None:
        lowered = text.lower()
        if len(lowered) != len(text):  # a capital whose small form is two characters
            lowered = "".join(character if len(character.lower()) > 1 else character.lower() for character in text)
        found = [
            (end, name)
            for beginning in {"", *_BEGINNINGS.each(tokens)}
            for literal, pattern, name in _cues().get(beginning, ())
            if literal in lowered
            for end in self._ends(text, lowered, literal, pattern)
        ]
        self._found = sorted(found)

    @staticmethod
    def _ends(text: str, lowered: str, literal: str, pattern: re.Pattern[str]) -> Iterator[int]:
        """Where the cue ends, looked for only around its literal."""
        at = lowered.find(literal)
        while at >= 0:
            around = pattern.finditer(text, max(0, at - _AROUND), at + _AROUND)
            yield from (found.end() - 1 for found in around if found.start() <= at < found.end())
            at = lowered.find(literal, at + _NEAR)

    def within(self, start: int, end: int) -> frozenset[str]:
        """The kinds of cue that end in a span."""
        first = bisect_left(self._found, (start, ""))
        last = bisect_left(self._found, (end, ""), first)
        return frozenset(name for _, name in self._found[first:last]) if first < last else _NO_CUE


@cache
def _cues() -> Mapping[str, Sequence[tuple[str, re.Pattern[str], str]]]:
    """The cues that stand anywhere in a sentence, literal, pattern and kind, by how the first word of the literal begins; by ""
    where it has none."""
    found: defaultdict[str, list[tuple[str, re.Pattern[str], str]]] = defaultdict(list)
    for name in ("furniture_holds", "caption_holds", "caption_asides", "comment"):
        for literal, pattern in _patterns(name).items():
            first = next(iter(words.tokens(literal)), "")
            found[first[:_BEGINNING]].append((literal, pattern, name))
    return found


def _begun(token: str) -> str:
    """The beginning of ``_cues`` that a word has; "" where it has none."""
    return beginning if (beginning := token[:_BEGINNING]) in _cues() else ""


_BEGINNINGS = words.PerWord(_begun)


@cache
def _patterns(name: str) -> Mapping[str, re.Pattern[str]]:
    return {literal: re.compile(pattern, re.IGNORECASE) for literal, pattern in table("cleaning.en.toml")[name].items()}


@cache
def _opens(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in table("cleaning.en.toml")[name]))


@cache
def _speaks() -> re.Pattern[str]:
    """A verb of saying, "according to" or "tell" with an outlet: somebody is credited."""
    said = "|".join(table("speech.en.toml")["said"])
    return re.compile(rf"\b(?:{said})\b|\baccording to\b|\bas per\b|\btell (?-i:[A-Z])", re.IGNORECASE)


def _stopped(text: str) -> bool:
    return text.endswith(_ENDS_WELL)


def _kind(text: str, tokens: Sequence[str], cues: frozenset[str], alone: Kind | None) -> Kind | None:
    """What the sentence is by its own words; None when nothing speaks against its being a fact."""
    if not tokens or lines.states_nothing(text):
        return Kind.FURNITURE
    bare = text.lstrip("\"“‘'*•·>|–—- ")
    small = bare.lower()
    opening = _openings().match(small)
    opens = opening.lastgroup if opening else None
    if "furniture_holds" in cues or opens in ("furniture_whole", "furniture_notes"):
        return Kind.FURNITURE
    if (not _stopped(text) or text.count(" ") < SHORT_FURNITURE) and (
        _opens("furniture_opens").match(small) or _BYLINE.match(bare)
    ):
        return Kind.FURNITURE
    if "caption_holds" in cues or opens == "caption_opens" or ("caption_asides" in cues and not _reports(text, tokens)):
        return Kind.CAPTION
    if _commands(bare, tokens[0]):
        return Kind.COMMENT
    judges = "comment" in cues or opens == "comment_opens"
    return alone or (Kind.COMMENT if _comments(text, tokens, judges=judges) else None)


def _reports(text: str, tokens: Sequence[str]) -> bool:
    """Whether a sentence that points at a picture is news beside it: told of the past or credited, and under no label."""
    if lines.labelled(text):
        return False
    return any(word in _past() or (word.endswith("ed") and word != "pictured") for word in tokens) or bool(
        _speaks().search(text)
    )


@cache
def _past() -> frozenset[str]:
    verbs = table("verbs.en.toml")
    return frozenset(verbs["auxiliary_past"] + verbs["irregular"]).difference(verbs["participles"])


def commands(text: str) -> bool:
    """Whether a sentence tells its reader to do something: "Add the onions", "To see the pier, take the bus"."""
    found = words.tokens(text)
    return bool(found) and _commands(text.lstrip("\"“‘'*•·>|–—- "), found[0])


def _invites(text: str) -> bool:
    """Whether a sentence is an invitation of the page, as behind the life of its writer: "Follow her on ..."."""
    return _opens("furniture_opens").match(text.lower()) is not None or ("follow" in text.lower() and "@" in text)


def _amends(text: str) -> bool:
    """Whether a sentence opens a notice that the text was amended: "Correction, 12 May: An earlier version said ..."."""
    found = _openings().match(text.lstrip("\"“‘'*•·>|–—- ").lower())
    return found is not None and found.lastgroup == "furniture_notes"


@cache
def _openings() -> re.Pattern[str]:
    """Which of these lists a sentence opens with, by the name of the group: one look instead of four."""
    names = ("furniture_whole", "furniture_notes", "caption_opens", "comment_opens")
    return re.compile("|".join(f"(?P<{name}>{_opens(name).pattern})" for name in names))


def _commands(bare: str, first: str) -> bool:
    """Whether a sentence opens with a command: "Add the onions", "Learn more", "Don't ..."."""
    small = bare[:1].lower() + bare[1:]
    if first in _purposes() and _told_why().match(small):
        return True
    return first in _first_of_advice() and bool(_advice().match(small))


@cache
def _purposes() -> frozenset[str]:
    return frozenset(table("cleaning.en.toml")["advice"]["purposes"])


@cache
def _told_why() -> re.Pattern[str]:
    """A command behind what it is for: "To see the pier, take the bus", "For a list of piers see Naxos"."""
    listed = {name: "|".join(given) for name, given in table("cleaning.en.toml")["advice"].items() if name != "purposes"}
    verbs = rf"(?:{listed['verbs']}|{listed['nouns_too']}) (?:{listed['determiners']})\b"
    return re.compile(rf"\w+ [^,;:“”\"]{{2,80}}(?:, (?:please )?{verbs}|,? see [A-Za-z])")


@cache
def _advice() -> re.Pattern[str]:
    listed = {name: "|".join(given) for name, given in table("cleaning.en.toml")["advice"].items()}
    verbs = rf"(?:{listed['verbs']}) (?!(?:{listed['no_command']})\b)[a-z]"
    rest = rf"(?:(?:{listed['nouns_too']}) (?:{listed['determiners']})|{listed['phrases']})\b(?!,)"
    return re.compile(rf"(?:(?:{listed['lead_in']}),? )?(?:{verbs}|{rest})")


_LETTERS = re.compile(r"[a-z]+")


@cache
def _first_of_advice() -> frozenset[str]:
    """The words that may open a command: to ask for these first spares most sentences the pattern."""
    listed = table("cleaning.en.toml")["advice"]
    openings = chain(listed["verbs"], listed["nouns_too"], listed["lead_in"], listed["openings"])
    return frozenset(_LETTERS.findall(opening)[0] for opening in openings)


def _comments(text: str, tokens: Sequence[str], *, judges: bool) -> bool:
    """Whether a sentence is no fact: a question, the writer's own voice, or a judgement that nobody is credited with."""
    if not (judges or "?" in text or not _listed("own_words").isdisjoint(tokens)):
        return False
    own = unquoted(text)
    if own.rstrip("\"”’') ").endswith("?") or any(_own_voice(own)):
        return True
    opens = judges and _opens("comment_opens").match(own.lstrip(_LIST_MARKS).lower())
    judged = opens or (judges and any(pattern.search(own) for pattern in _patterns("comment").values()))
    return bool(judged) and not _speaks().search(text)


def _alone(text: str, number: int, of: int) -> Kind | None:
    """What a sentence is for being a paragraph of its own: a heading or a caption (short, no stop, text after it), a life."""
    if _stopped(text):
        if _opens("furniture_alone").match(text):
            return Kind.FURNITURE
        return Kind.CAPTION if number > 0 and lines.labelled(text) else None
    length = text.count(" ") + 1
    between = 0 < number < of - 1
    return Kind.CAPTION if length <= SHORT_LINE or (between and length <= LONG_LINE) else None


def _without_lone_lines(told: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The same sentences; where none of them ends in a stop (a feed's one-line summary) the lines are what the text tells."""
    if any(_stopped(one.text) and one.kind is Kind.FACT for one in told):
        return tuple(told)
    return tuple(
        Sentence(one.start, one.end, one.text, one.paragraph) if one.kind is Kind.CAPTION and _is_line(one.text) else one
        for one in told
    )


def _is_line(text: str) -> bool:
    """Whether only the missing stop made it a caption, and it is long enough to tell something."""
    return not _stopped(text) and text.count(" ") >= 4 and not any(p.search(text) for p in _patterns("caption_holds").values())


class _Repeats:
    """Remembers what was told and knows what is told again.  The headline counts as told, but only as a whole line."""

    _KEPT = 40  # postings a word: a word in more sentences than that tells nothing

    def __init__(self, title: str) -> None:
        self._title = frozenset(words.content(title))
        self._told: list[tuple[frozenset[str], Sequence[str]]] = []
        self._words: set[str] = set()  # all content words that were told
        self._where: defaultdict[str, list[int]] = defaultdict(list)
        self._indexed = 0  # of the told sentences: ``_where`` is brought up to date only when it is asked, which is seldom

    def kind(self, text: str, tokens: Sequence[str]) -> Kind:
        """REPEATED if an earlier fact says all of it (four fifths of its content words, every number and day), else FACT."""
        content = frozenset(words.telling(tokens))
        if not self._told and self._title and content == self._title and not _stopped(text):
            return Kind.REPEATED
        if self._said_before(content, tokens):
            return Kind.REPEATED
        self._words |= content
        self._told.append((content, tokens))
        return Kind.FACT

    def _said_before(self, content: frozenset[str], tokens: Sequence[str]) -> bool:
        if len(content & self._words) < _SAID * len(content):
            return False
        self._index()
        shared = Counter(chain.from_iterable(self._where[word] for word in content if word in self._where))
        return any(
            _covers(self._told[index][0], content, count) and _agree(self._told[index][1], tokens)
            for index, count in nsmallest(3, shared.items(), key=lambda each: (-each[1], each[0]))  # a set has no order
        )

    def _index(self) -> None:
        for at in range(self._indexed, len(self._told)):
            for word in self._told[at][0]:
                if len(postings := self._where[word]) < self._KEPT:
                    postings.append(at)
        self._indexed = len(self._told)


_SAID = 0.8  # of its content words


def _covers(old: frozenset[str], new: frozenset[str], shared: int) -> bool:
    """Whether the content words of one sentence hold those of another, with which it shares so many."""
    if len(new) < 4:
        return old == new
    return shared >= _SAID * len(new) and all(word in old for word in new if word[0].isdigit())


def _agree(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether two sentences deny the same and the old one has every day of the new one."""
    negations, days = _listed("negations"), _listed("days")
    return negations.intersection(old) == negations.intersection(new) and days.intersection(new) <= days.intersection(old)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(table("cleaning.en.toml")[name])
