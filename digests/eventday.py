"""Decides which of a sentence's days is the day of its fact, and whether that day may move to the front.

A leading day says that *this very fact* happened then.  So the day must belong to the main clause: not to the saying of it
("X said on Tuesday that ..."), not to a clause of what came before or after, not to a noun ("the July 7 bombings"), and it must
be no limit ("by Friday").  Where the cheap cues here are in doubt the sentence gets no day: a false one is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from digests.data import table
from digests.dates import TimeExpression
from digests.model import Basis, EventDate, Precision
from digests.verbs import Tense, Verb, lexicon, verbs

Span = tuple[int, int]

_LONGEST = 1500  # characters; what is longer is no sentence of news
_BLANK = re.compile(r"\s")


def event_date(sentence: str, expressions: Sequence[TimeExpression], reference: date | None) -> EventDate | None:
    """The day of the sentence's main fact; None when the sentence gives none for it.

    Args:
        expressions: those of the sentence, offsets counted in it; see ``inside``.
        reference: the day of publication in the outlet's zone; None when unknown.

    Returns:
        Basis WRITTEN or WORKED_OUT where the day is known; UNCLEAR, with its words, where it is this fact's but cannot be
        worked out.  ``planned`` for what lies ahead.  Never a week or a season: those are no day to lead with.

    >>> from digests.dates import tag
    >>> sentence = "The harbour was closed on Wednesday after the storm of 4 October."
    >>> found = event_date(sentence, tag(sentence, date(2024, 10, 13)), date(2024, 10, 13))
    >>> found.value, found.words
    ('2024-10-09', 'on Wednesday')
    """
    days = [expression for expression in expressions if _is_calendar(expression)]
    if not days or len(sentence) > _LONGEST:
        return None
    sentence = _BLANK.sub(" ", sentence)
    reading = _read(sentence, days)
    for expression in days:
        if reading is not None and _belongs(sentence, expression, reading):
            return _event_date(sentence, expression, reading, reference)
    return None


def inside(expressions: Sequence[TimeExpression], start: int, end: int) -> tuple[TimeExpression, ...]:
    """The expressions of a text that lie in the span ``start``-``end``, their offsets counted from its start."""
    return tuple(
        replace(expression, start=expression.start - start, end=expression.end - start)
        for expression in expressions
        if start <= expression.start and expression.end <= end
    )


def movable(sentence: str, expressions: Sequence[TimeExpression], day: EventDate | None) -> Span | None:
    """The span to cut because its day moves to the front of the bullet (rules E5 and E6); None when it has to stay.

    Strict: only a whole, plain day that is the sentence's one point in time (a duration elsewhere
    in it does no harm), close to its main verb, with nothing between
    that could make it another clause's, and nothing beside it that makes it more than a day ("until", "late", a clock time).

    >>> from digests.dates import tag
    >>> sentence = "The ferry sank on Wednesday in the outer harbour."
    >>> found = tag(sentence, date(2024, 10, 13))
    >>> start, end = movable(sentence, found, event_date(sentence, found, date(2024, 10, 13)))
    >>> sentence[start:end]
    'on Wednesday'
    """
    times = [expression for expression in expressions if expression.type in ("DATE", "TIME")]
    if day is None or not day.leads or day.precision is not Precision.DAY or day.planned or len(times) != 1:
        return None
    sentence, only = _BLANK.sub(" ", sentence), times[0]
    if only.type != "DATE" or only.day != day.value:
        return None
    start = only.start - len(_PLACED.search(sentence[: only.start])[0])  # type: ignore[index]
    before, after = sentence[:start], sentence[only.end :]
    if _BESIDE_BEFORE.search(before) or not _BESIDE_AFTER.match(after) or '"' in sentence or "“" in sentence:
        return None
    if not before.strip():
        return (0, only.end + 1) if after.startswith(",") and not _SECOND_PHRASE.match(after) else None
    found = verbs(sentence)
    left = [verb for verb in found if verb.end <= start]
    if not left or any(verb.tense is Tense.FUTURE or verb.word == "had" for verb in found):
        return None
    main = next((verb for verb in found if verb.finite), None)
    if sentence[start:].startswith("On ") or (main is not None and main.word in _lists()["same_happening"]):
        return None
    if main is None or not {left[-1]} & set(_group(found, main)) or _BETWEEN.search(sentence[left[-1].end : start]):
        return None
    if before.endswith(", ") and after.startswith(","):
        return (start, only.end + 1)
    return (start, only.end)


_PLACED = re.compile(r"(?:\b[Oo]n )?\Z")
_BESIDE_BEFORE = re.compile(
    r"(?:\b(?:until|till|by|since|from|of|the|before|after|late|early|earlier|later|for|to|and|between|than|in|at|through|as|just|only)|['’]s|-)\s*\Z",
    re.I,
)
_BESIDE_AFTER = re.compile(
    r",|\.(?:\s|\Z)|\s(?:in|at|on|to|with|from|by|after|near|for|over|under|against|into|amid|during|following|outside|inside|across|aboard|about|as)\s|\Z"
)
_SECOND_PHRASE = re.compile(r",\s(?:however|though|too|and|as|when|after|before|while|if|since|\w+ing|\w+ly)\b")
_BETWEEN = re.compile(
    r"[:;]|\b(?:that|who|whom|whose|which|when|where|while|after|before|since|and|but|or|because|if|\w+ing|\w{2,}ed)\b"
)


def _group(found: Sequence[Verb], main: Verb) -> list[Verb]:
    """The main verb with the auxiliaries and the full verb that go with it."""
    at = found.index(main)
    group = [main]
    for verb in found[at + 1 :]:
        if not verb.helped or not group[-1].auxiliary:
            break
        group.append(verb)
    return group


# ----------------------------------------------------------------------------------------------------- the main clause


@cache
def _lists(language: str = "en") -> dict[str, frozenset[str]]:
    loaded: dict[str, Any] = table(f"clauses.{language}.toml")
    return {name: frozenset(words) for name, words in loaded.items()}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What of a sentence is its fact: the parts that are not, and its verbs."""

    aside: tuple[Span, ...]
    begin: int
    verbs: tuple[Verb, ...]
    main: Verb

    def holds(self, at: int) -> bool:
        """Whether the position lies in a main clause of the fact."""
        return at >= self.begin and not any(start <= at < end for start, end in self.aside)


_QUOTED = re.compile(
    r"[\"“][^\"”“]{12,}(?:[\"”]|\Z)|``.{12,}?(?:''|\Z)|\([^)]*\)|\[[^\]]*\]| [–—-]{1,2} .*?(?: [–—-]{1,2} |\Z)|—.*?(?:—|\Z)",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DATELINE = re.compile(r"\s*(?:[A-Z][\w.'’/-]{0,30},? ){1,5}(?:\([^)]{1,30}\) )?(?:--?|—|–)\s")
_ACCORDING = re.compile(r"\b(?:according to|as per|as reported by|reported by)\b[^,]*(?:,|\Z)", re.I)
_SAID_AFTER = re.compile(r",[\"”']? (?=[^,]{0,90}\Z)|,[\"”'] ")


def _read(sentence: str, days: Sequence[TimeExpression]) -> _Reading | None:
    lists = _lists()
    low = sentence.lower()
    if any(cue in low for cue in lists["caption"]) or sentence.rstrip().endswith("?"):
        return None
    dateline = _DATELINE.match(sentence)
    begin = dateline.end() if dateline else 0
    shut = [match.span() for match in _QUOTED.finditer(sentence, begin)]
    shut += [match.span() for match in _ACCORDING.finditer(sentence, begin)]
    found = tuple(verb for verb in verbs(sentence) if not _in(verb.start, shut) and verb.start >= begin)
    shut += _tail_saying(sentence, found)
    found = tuple(verb for verb in found if not _in(verb.start, shut))
    return _main_clause(sentence, days, found, shut, begin, depth=0)


def _in(at: int, spans: Sequence[Span]) -> bool:
    return any(start <= at < end for start, end in spans)


def _tail_saying(sentence: str, found: Sequence[Verb]) -> list[Span]:
    """The last ", X said on Tuesday", whose day is that of the saying."""
    for verb in reversed(found):
        if verb.saying and not verb.auxiliary:
            comma = max(sentence.rfind(",", 0, verb.start), sentence.rfind(";", 0, verb.start))
            between = _WORD.findall(sentence[comma + 1 : verb.start])
            earlier = any(other.finite and other.end <= comma for other in found)
            rest_has_clause = any(other.finite and other.start > verb.end for other in found)
            opens_other = {word.lower() for word in between} & (_lists()["relative"] | {"and", "but", "as", "while"})
            is_tail = comma > 0 and earlier and 0 < len(between) <= 9 and not rest_has_clause and not opens_other
            return [(comma, len(sentence))] if is_tail else []
    return []


def _main_clause(
    sentence: str, days: Sequence[TimeExpression], found: Sequence[Verb], shut: list[Span], begin: int, depth: int
) -> _Reading | None:
    """The reading from ``begin`` on; where its verb is one of plain saying, that of what is said."""
    aside = [*shut, *_asides(sentence, days, found, shut, begin)]
    open_verbs = [verb for verb in found if verb.finite and verb.start >= begin and not _in(verb.start, aside)]
    main = _head(sentence, open_verbs)
    if main is None:
        return None
    if main.saying and depth < 3:
        content = _content(sentence, main, found, days, shut)
        if content is not None:
            return _main_clause(sentence, days, found, shut, content, depth + 1)
        if main.word not in lexicon()["saying_or_deed"]:
            return None
    aside += [(verb.start, main.start) for verb in open_verbs if verb.start < main.start and not verb.auxiliary]
    aside += _after_second_verb(sentence, main, open_verbs, found)
    return _Reading(tuple(aside), begin, tuple(found), main)


def _head(sentence: str, open_verbs: Sequence[Verb]) -> Verb | None:
    """The main verb: the first finite one, unless it is a participle of the subject ("the men arrested on Friday were ...")."""
    for at, verb in enumerate(open_verbs):
        if verb.auxiliary or verb.helped:
            full = next((other for other in open_verbs[at + 1 :] if other.helped), None)
            passive = _PASSIVE.search(verb.word) and not _IT.search(sentence[: verb.start])
            return full if full is not None and full.saying and verb.auxiliary and not passive else verb
        follower = next((other for other in open_verbs[at + 1 :]), None)
        if follower is None or verb.saying or verb.word in _lists()["worded_deed"]:
            return verb
        gap = sentence[verb.end : follower.start]
        before_follower = _WORD.findall(gap)[-1:] or [""]
        joined = re.search(r"\b(?:and|but|or|to|that)\b|[,;:]", gap) is not None
        if joined or before_follower[0].lower() in _lists()["pronoun"] or not verb.word.endswith("ed"):
            return verb
    return None


_IT = re.compile(r"\bit\s\Z", re.IGNORECASE)  # "It was reported on Friday that"
_PASSIVE = re.compile(r"(?:was|were|is|are|be|been|being)\Z")


def _content(
    sentence: str, saying: Verb, found: Sequence[Verb], days: Sequence[TimeExpression], shut: Sequence[Span]
) -> int | None:
    """Where that which is said begins; None when no clause follows the word of saying."""
    later = [verb for verb in found if verb.start >= saying.end and verb.finite and not _in(verb.start, shut)]
    if not later:
        return None
    that = re.compile(r"\bthat\b").search(sentence, saying.end, later[0].start)
    if that is not None:
        return that.end()
    at = saying.end
    for day in days:
        told = sentence[at : day.start]
        plain = re.fullmatch(r"(?: [\w'’.-]+){0,6}?,?(?: late| early)?(?: on| in)? ", told) is not None
        if day.start >= at and plain and not any(at <= verb.start < day.start for verb in later):
            at = day.end
    return at


def _asides(
    sentence: str, days: Sequence[TimeExpression], found: Sequence[Verb], shut: Sequence[Span], begin: int
) -> list[Span]:
    """The subordinate clauses and phrases from ``begin`` on."""
    spans: list[Span] = []
    words = [match for match in _WORD.finditer(sentence, begin) if not _in(match.start(), shut)]
    at, first, finite_seen, resumed = 0, True, False, False
    by_start = {verb.start: verb for verb in found}
    time_spans = [(day.start, day.end) for day in days]
    while at < len(words):
        match = words[at]
        verb = by_start.get(match.start())
        comma_before = sentence[max(0, match.start() - 2) : match.start()].strip().endswith(",")
        if _in(match.start(), time_spans):
            at += 1
            continue
        opens = _opens_clause(sentence, words, at) or (
            not resumed
            and (
                _opens_gerund(words, at, verb, comma=comma_before, first=first, finite_seen=finite_seen)
                or _opens_participle(sentence, words, at, verb, comma=comma_before, finite_seen=finite_seen)
            )
        )
        resumed = False
        if opens:
            end = _aside_end(
                sentence,
                words,
                at,
                by_start,
                time_spans,
                initial=first or _opens_sentence(sentence, words, at),
                comma=comma_before or not finite_seen,
            )
            spans.append((match.start(), end))
            while at < len(words) and words[at].start() < end:
                at += 1
            resumed = True
            continue
        if verb is not None and verb.finite:
            finite_seen = True
        first = False
        at += 1
    return spans


_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "am"])


def _opens_sentence(sentence: str, words: Sequence[re.Match[str]], at: int) -> bool:
    """Whether the word stands in a phrase before the subject, which ends at its comma."""
    opening = words[0][0].lower() in _lists()["opening"]
    return at == 1 or (opening and "," not in sentence[words[0].start() : words[at].start()])


def _opens_clause(sentence: str, words: Sequence[re.Match[str]], at: int) -> bool:
    word = words[at][0].lower()
    if word == "as":
        return _as_clause(words, at)
    return word in _lists()["subordinate"] and not _harmless(sentence, words, at)


def _opens_gerund(
    words: Sequence[re.Match[str]], at: int, verb: Verb | None, *, comma: bool, first: bool, finite_seen: bool
) -> bool:
    """Whether an -ing word opens a phrase of its own: ", killing nine", "Facing its worst crisis", "photos showing"."""
    word = words[at][0].lower()
    if word == "being":
        return not (verb is not None and verb.helped)
    if not word.endswith("ing") or len(word) < 6 or word in _lists()["no_gerund"] or (at and words[at - 1][0].lower() in _BE):
        return False
    if comma or first:
        return comma or not words[1:] or not words[1][0][0].isupper()
    described = {other[0].lower() for other in words[max(0, at - 3) : at]} & _lists()["determiner"]
    return verb is None and finite_seen and not described


def _opens_participle(
    sentence: str, words: Sequence[re.Match[str]], at: int, verb: Verb | None, *, comma: bool, finite_seen: bool
) -> bool:
    """Whether a past participle opens a shortened clause: ", built in 1990,", "numbers released on Thursday"."""
    looks_back = verb is not None and (verb.tense is Tense.PAST or verb.word.endswith("ed"))
    if verb is None or verb.auxiliary or verb.helped or not looks_back:
        return False
    if finite_seen:
        return _reduced(words, at, verb, sentence)
    opening = words[0][0].lower() in _lists()["opening"] and "," not in sentence[words[0].start() : verb.start]
    if opening and "," in sentence[verb.end :] and verb.word not in _lists()["same_happening"]:
        return True
    adverb_first = at == 1 and words[0][0].lower().endswith("ly")
    apposed = comma and "," in sentence[verb.end :]  # else it is the verb: "Lund, 54, refused"
    return (apposed or adverb_first or at == 0) and verb.word.endswith("ed")


def _harmless(sentence: str, words: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a subordinating word opens nothing here: "that day", "about 40", "more than 30", "ahead of"."""
    word = words[at][0].lower()
    following = words[at + 1][0].lower() if at + 1 < len(words) else ""
    previous = words[at - 1][0].lower() if at else ""
    if word in ("about", "than", "over"):
        return following[:1].isdigit() or previous in ("more", "less", "fewer", "rather", "other") or following in ("a", "half")
    if word in ("like", "following", "ahead", "against", "regarding", "concerning", "including"):
        return word == "against" or (word == "following" and previous == "the")
    if word in ("after", "before"):
        return (
            re.match(r"\s\d{1,2}(?::\d\d| ?[ap]\.?m)|\s(?:noon|midnight)\b", sentence[words[at].end() : words[at].end() + 9])
            is not None
        )
    return word == "that" and (not at or sentence[: words[at].start()].endswith(", "))


def _as_clause(words: Sequence[re.Match[str]], at: int) -> bool:
    lists = _lists()
    following = words[at + 1][0].lower() if at + 1 < len(words) else ""
    previous = words[at - 1][0].lower() if at else ""
    return (
        following not in lists["as_phrase"] and previous not in ("such", "well", "soon", "long") and not following[:1].isdigit()
    )


def _reduced(words: Sequence[re.Match[str]], at: int, verb: Verb, sentence: str) -> bool:
    """Whether a participle after a noun opens a shortened clause ("numbers released on Thursday")."""
    if verb.tense is not Tense.PAST or verb.word in _lists()["same_happening"] | lexicon()["simple_past"] or not at:
        return False
    previous = words[at - 1]
    gap = sentence[previous.end() : verb.start]
    return previous[0].lower() not in {"and", "but", "or", "then", "also", "to"} | _lists()["pronoun"] and "," not in gap


def _aside_end(
    sentence: str,
    words: Sequence[re.Match[str]],
    at: int,
    by_start: dict[int, Verb],
    time_spans: Sequence[Span],
    *,
    initial: bool,
    comma: bool,
) -> int:
    """Where the clause that opens at a word ends: its comma, the next finite verb of the clause around it, or the end."""
    finite = 0
    for number in range(at + 1, len(words)):
        match = words[number]
        gap = sentence[words[number - 1].end() : match.start()]
        verb = by_start.get(match.start())
        if _in(match.start(), time_spans) and _in(words[number - 1].start(), time_spans):
            continue
        if ";" in gap:
            return match.start()
        if "," in gap and not _in(match.start(), time_spans):
            word = match[0].lower()
            if initial:
                return match.start()
            if verb is not None and (comma or verb.auxiliary):
                return match.start()
            if word in ("but", "and", "while") and _clause_follows(words, number, by_start):
                return match.start()
        if not initial and verb is not None and verb.finite and not verb.helped:
            finite += 1
            previous = words[number - 1][0].lower()
            relative = words[at][0].lower() in _lists()["relative"]
            if (
                relative
                and finite > 1
                and verb.auxiliary
                and previous not in {"and", "or", "but", "that", "to"} | _lists()["pronoun"]
            ):
                return match.start()
    return len(sentence)


def _clause_follows(words: Sequence[re.Match[str]], number: int, by_start: dict[int, Verb]) -> bool:
    """Whether "and"/"but" begins a clause of its own: a subject and, soon, a verb."""
    following = [by_start.get(match.start()) for match in words[number + 1 : number + 9]]
    return any(verb is not None and verb.finite for verb in following)


def _after_second_verb(sentence: str, main: Verb, open_verbs: Sequence[Verb], found: Sequence[Verb]) -> list[Span]:
    """The clause that follows a main verb without a word to open it ("announced it will close on Friday")."""
    group = _group(open_verbs, main) if main in open_verbs else [main]
    last = group[-1]
    for verb in open_verbs:
        if verb.start <= last.start or verb in group or (verb.helped and not verb.auxiliary):
            continue
        gap = sentence[last.end : verb.start]
        if verb.word in _lists()["same_happening"]:
            continue
        if re.search(r"\b(?:and|but|or|then|to)\b|[,;:]", gap):
            last = verb
            continue
        subject = max(gap.rfind(f" {word} ") for word in _lists()["pronoun"])
        return [(last.end + subject if subject >= 0 else verb.start, len(sentence))]
    return []


# ------------------------------------------------------------------------------------------------------ a day's company


def _is_calendar(expression: TimeExpression) -> bool:
    """Whether the words name a day, month or year, known or not, that a fact can lead with."""
    if expression.type not in ("DATE", "TIME"):
        return False
    if expression.precision in (Precision.DAY, Precision.MONTH, Precision.YEAR):
        return True
    value = expression.value
    return expression.basis is Basis.UNCLEAR and (
        value is None or (value.startswith("XXXX-") and not value.startswith("XXXX-XX"))
    )


_RELATIVE = re.compile(r"(?:late|early|mid|earlier|later|last|this|next|the)\b|.*\bago\Z", re.IGNORECASE)
# "for the third time this year" tells nothing of the year
_RANKED = re.compile(
    r"\b(?:first|second|third|(?:four|fif|six|seven|eigh|nin|ten|\d+)th|the \w+est|last|only|so)\s(?:[\w-]+\s){1,2}\Z",
    re.IGNORECASE,
)
_BEFORE_DAY = re.compile(r"([^\W_]+|['’]s)[\s]*\Z")
_AFTER_DAY = re.compile(r"(['’]s?\b|-\w)|\s+([^\W_]+)")


def _belongs(sentence: str, expression: TimeExpression, reading: _Reading) -> bool:
    """Whether the day is told of the main clause and stands for itself."""
    if not reading.holds(expression.start):
        return False
    placed = _placing(sentence, expression)
    if placed is None:
        return False
    word, initial = placed
    if word == "for" and not any(verb.tense is Tense.FUTURE and verb.end <= expression.start for verb in reading.verbs):
        return False
    return _stands_alone(sentence, expression, initial=initial)


def _placing(sentence: str, expression: TimeExpression) -> tuple[str, bool] | None:
    """The word that ties the day to its clause and whether both begin the sentence; None when it ties it to something else."""
    lists, end = _lists(), expression.start
    word = ""
    while (match := _BEFORE_DAY.search(sentence, max(0, end - 24), end)) is not None:
        word, end = match[1].lower(), match.start()
        if word not in ("late", "early", "mid", "earlier", "later", "just", "only"):
            break
    initial = not sentence[:end].strip(" \"“'‘,")
    if word == "at" and expression.type == "TIME":
        return word, initial
    if word == "of":
        part = re.search(r"\b(?:morning|afternoon|evening|night|day)\s+of\s+\Z", sentence[: expression.start])
        return ("on", initial) if part else None
    if word == "from":
        return (
            ("from", initial) if re.match(r"\s(?:to|until|through)\s", sentence[expression.end : expression.end + 9]) else None
        )
    if word in lists["limit"] or word in lists["determiner"] or word in ("'s", "’s"):
        return None
    if word in ("on", "in", "during", "for"):
        if word == "in" and expression.precision is Precision.DAY and expression.type == "DATE":
            return None
        return word, initial
    if expression.precision in (Precision.MONTH, Precision.YEAR) and not _RELATIVE.match(expression.words):
        return None
    coarse = expression.precision is not Precision.DAY
    if coarse and _RANKED.search(sentence[max(0, expression.start - 40) : expression.start]):
        return None
    if not sentence[: expression.start].strip() and re.search(r"\d", expression.words):
        return None  # a dateline
    if sentence[: expression.start].rstrip().endswith(":"):
        return None
    return "", not sentence[: expression.start].strip(" \"“'‘,")


def _stands_alone(sentence: str, expression: TimeExpression, *, initial: bool) -> bool:
    """Whether no noun follows that the day only describes ("the July 7 bombers", "Friday's close")."""
    match = _AFTER_DAY.match(sentence, expression.end)
    if match is None:
        return True
    if match[1]:
        return False
    if initial:
        return True
    word = match[2]
    if word[0].isupper():
        return expression.words.lower() in ("today", "yesterday", "tomorrow")
    after = verbs(sentence[match.start(2) : match.end(2)])
    return word in _lists()["follows"] or word.endswith("ly") or bool(after)


# -------------------------------------------------------------------------------------------------------------- the value


def _event_date(sentence: str, expression: TimeExpression, reading: _Reading, reference: date | None) -> EventDate | None:
    words = sentence[_words_start(sentence, expression) : expression.end]
    planned = any(verb.tense is Tense.FUTURE for verb in reading.verbs if reading.holds(verb.start))
    value = expression.day
    if value is None:
        if reference is not None and expression.value is None:
            return None  # not for want of a publication date
        partial = expression.value.partition("T")[0] if expression.value else None
        return EventDate(None, Precision.NONE, Basis.UNCLEAR, words, planned, partial)
    day = EventDate(value, expression.precision, expression.basis, words)
    first = day.first_day
    assert first is not None
    if reference is None:
        return replace(day, planned=planned)
    ahead = first > reference
    if ahead and not planned and not expression.ahead and first - reference > timedelta(days=1):
        return None  # told as past, yet it lies ahead: whatever it is, it is not this fact's day
    return replace(day, planned=ahead)


def _words_start(sentence: str, expression: TimeExpression) -> int:
    match = re.search(r"\b(?:on|in|during)\s\Z", sentence[max(0, expression.start - 8) : expression.start], re.I)
    return expression.start - (len(match[0]) if match else 0)
