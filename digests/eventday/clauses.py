"""Tells which parts of a sentence are its fact, and by which verbs: the main clauses, or those of what is said.

One pass from left to right.  A word such as "after" or "who", a participle or a form in -ing opens an aside; its comma, the
verb of the clause around it or a clause joined to that closes it.  No parser: where the cheap signs are in doubt the aside
stays open, so that its days are not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from digests.dates import TimeExpression
from digests.eventday import asides
from digests.eventday.asides import Standing
from digests.eventday.crediting import without_credits
from digests.eventday.cues import (
    ADVERB,
    CLAUSE,
    COMPARED,
    DIGITS,
    ING,
    JOIN,
    OPENERS,
    PHRASE,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    SUBJECT,
    TO,
    WITH,
    cues,
)
from digests.eventday.words import Words, read
from digests.model import Precision
from digests.verbs import Tense, Verb, lexicon

_DEEPEST = 3  # "X said that Y told Z that ..."
_MOST_BEFORE_DAY = 7  # words between that of saying and its day
_HEEDED = OPENERS | JOIN | COMPARED | WITH | ING | TO | SUBJECT


@dataclass(slots=True)
class Head:
    """The verb of a main clause, with those that it helps: ``has``, ``been``, ``killed``; ``of_it`` in "It was said that"."""

    first: Verb
    last: Verb
    of_it: bool = False

    @property
    def saying(self) -> bool:
        passive = self.first is not self.last and self.first.word in lexicon()["be"]
        return self.last.saying and (self.of_it or not passive)


@dataclass(frozen=True, slots=True)
class Aside:
    """A stretch that tells of something else; ``present`` for a relative clause whose verbs all are, so that no day gone by is
    theirs: "signals that scientists believe to be older on Wednesday"."""

    start: int
    end: int
    present: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What of a sentence is its fact.

    Args:
        begin: offset where it begins, after "X said that".
        heads: the verbs of its main clauses, in order; never empty.
    """

    words: Words
    begin: int
    asides: tuple[Aside, ...]
    heads: tuple[Head, ...]

    @property
    def looks_ahead(self) -> bool:
        """Whether a verb of the fact tells of what is to come."""
        return any(
            verb is not None and verb.tense is Tense.FUTURE and verb.start >= self.begin and not self._around(verb.start)
            for verb in self.words.verbs
        )

    def verb_of(self, day: TimeExpression, *, gone_by: bool) -> Head | None:
        """The verb that the day belongs to; None when it stands in no main clause of the fact."""
        if day.start < self.begin or self.words.text[day.start] == " ":
            return None
        around = self._around(day.start)
        if around and not (gone_by and day.precision is Precision.DAY and all(aside.present for aside in around)):
            return None
        before = [head for head in self.heads if head.first.start < day.start]
        if not before:
            return self.heads[0]
        return None if self._trails_aside(day, before[-1]) else before[-1]

    def _around(self, at: int) -> list[Aside]:
        return [aside for aside in self.asides if aside.start <= at < aside.end]

    def _trails_aside(self, day: TimeExpression, head: Head) -> bool:
        """Whether the day stands behind an aside that follows the verb: ", after a raid, which went wrong, on Friday"."""
        return any(
            head.last.end < aside.start and aside.end <= day.start and self.words.text[aside.end : day.start].count(" ") <= 1
            for aside in self.asides
        )


def fact(sentence: str, days: Sequence[TimeExpression]) -> Fact | None:
    """The fact of ``sentence``; None where it cannot be told apart.

    Args:
        days: those of its time expressions that name days, months or years; nothing in them opens a clause.
    """
    words = read(sentence, days)
    return _fact(without_credits(words), 0, 0) if words is not None else None


def _fact(words: Words, begin: int, depth: int) -> Fact | None:
    if begin >= len(words):
        return None
    scan = _Scan(words, begin)
    scan.run()
    if not scan.heads:
        return None
    head = scan.heads[0]
    if head.saying and depth < _DEEPEST:
        content = _content(words, head)
        if content is not None:
            return _fact(words, content, depth + 1)
        if head.last.word not in lexicon()["saying_or_deed"] or words.quotes:
            return None
    return Fact(words, words.start[begin], tuple(scan.asides), tuple(scan.heads))


def _content(words: Words, head: Head) -> int | None:
    """The first word of what is said; None when no clause follows the word of saying."""
    lists, deed = cues(), head.last.word in lexicon()["saying_or_deed"]
    after = first = words.start.index(head.last.start) + 1
    tells = head.last.word in lists["told"] or words.may(after, PREPOSITION) or words.days[after : after + 1] == [True]
    for at in range(after, len(words)):
        verb, mark = words.verbs[at], words.marks[at]
        if words.low[at] in lists["that"]:
            return at + 1
        if mark == ";" or (
            at > after and words.may(at, JOIN | RELATIVE | CLAUSE) and (mark or (deed and not words.may(at, JOIN)))
        ):
            return None
        if verb is not None and verb.finite:
            return first
        if words.days[at] and tells and at - after <= _MOST_BEFORE_DAY:
            first = at + 1
    return None


# ------------------------------------------------------------------------------------------------------- the pass


@dataclass(slots=True)
class _Open:
    """An aside that is open.

    Args:
        at_comma: the next comma closes it.
        has_verb: it has the verb it waits for, or waits for none.
        firm: no verb closes it: "When the firm chose the Leeds based yard on Friday, ...".
        loose: it may turn out to be the subject: "Trading in the shares was halted".
        relative: it tells more of a noun.
        to_number: "from 41 ..." up to "to 58".
        verbs: those read in it, which tell whether a day gone by may be theirs.
    """

    start: int
    at_comma: bool = False
    has_verb: bool = True
    firm: bool = False
    loose: bool = False
    relative: bool = False
    to_number: bool = False
    verbs: list[Verb] = field(default_factory=list)


class _Scan:
    """One pass over the words from ``begin`` on."""

    def __init__(self, words: Words, begin: int) -> None:
        opening = words.days[begin] or words.low[begin] in cues()["opening"] or words.may(begin, ADVERB)
        self._words, self._standing = words, Standing(begin, begin, opening)
        self._open: list[_Open] = []
        self._joined = self._in_infinitive = False
        self._group: Head | None = None  # that the next helped verb belongs to
        self.heads: list[Head] = []
        self.asides: list[Aside] = []

    def run(self) -> None:
        words, begin = self._words, self._standing.begin
        marks, days, verbs, roles = words.marks, words.days, words.verbs, words.roles
        for at in range(begin, len(words)):
            if marks[at] and at > begin:
                self._mark(at)
            if days[at]:
                continue
            if (verb := verbs[at]) is not None:
                self._verb(at, verb)
            elif roles[at] & _HEEDED:
                self._word(at, roles[at])
        self._close_from(0, len(words.text))

    # ------------------------------------------------------------------------------------------------ what is met

    def _mark(self, at: int) -> None:
        start, standing = self._words.start[at], self._standing
        if self._words.marks[at] == ";":
            self._close_from(0, start)
            self._joined = True
            return
        if self._words.marks[at] == ":":
            self._close_from(0, start)
            if self.heads:  # what is told next, or an account of it
                self._open.append(_Open(start, firm=True))
            return
        closed = next((depth for depth, aside in enumerate(self._open) if aside.at_comma), None)
        if closed is not None:
            self._close_from(closed, start)
        if not self._open and not self.heads:
            if standing.in_opening:
                standing.in_opening, standing.commas, standing.subject = False, 0, at
            else:
                standing.commas += 1

    def _word(self, at: int, role: int) -> None:
        words, begin = self._words, self._standing.begin
        start = words.start[at]
        if role & JOIN:
            self._join(at)
        elif role & OPENERS and asides.opens(words, at, begin):
            self._open_clause(at, role)
        elif role & WITH and words.marks[at] and self.heads:
            self._open.append(_Open(start, at_comma=True))
        elif role & SUBJECT and self.heads and not words.marks[at] and not words.may(at - 1, JOIN):
            self._open.append(_Open(start, has_verb=False))
        elif role & COMPARED and self._compares(at):
            self._open.append(_Open(start, at_comma=True, to_number=True))
        elif role & TO and self._open and self._open[-1].to_number:
            self._close_from(len(self._open) - 1, start)
        elif role & ING and asides.opens_in_ing(words, at, self._standing):
            self._open.append(_Open(start, at_comma=at == begin or words.marks[at] == ",", loose=at == begin))

    def _join(self, at: int) -> None:
        words = self._words
        if asides.next_verb(words, at, self._standing.begin) is None:
            return
        if self.heads and (words.marks[at] == "," or words.low[at] in cues()["contrast"]):
            self._close_from(0, words.start[at])
        self._joined = True

    def _verb(self, at: int, verb: Verb) -> None:
        words, begin = self._words, self._standing.begin
        if verb.helped:
            self._help(verb)
            return
        if words.low[at] in cues()["same_happening"] and not self._is_own_verb(at):
            return
        self._in_infinitive = words.may(at - 1, TO)
        if self._in_infinitive:
            return
        self._group = None
        standing, loose = (None, self._open[-1].loose) if self._open else (self._standing, False)
        if verb.finite and not asides.is_participle(words, at, verb, standing, loose=loose):
            self._take(at, verb)
        elif not asides.completes(words, at, begin):
            front = self._standing.in_opening or at == begin
            at_comma = front or words.marks[at] == ","
            self._open.append(_Open(words.start[at], at_comma=at_comma, firm=front, verbs=[verb]))

    def _help(self, verb: Verb) -> None:
        if self._open:
            self._open[-1].verbs.append(verb)
        elif self._group is not None and not (self._in_infinitive and verb.bearing is not Tense.PAST):
            self._group.last = verb

    def _take(self, at: int, verb: Verb) -> None:
        """Give a finite verb to the clause it is the verb of."""
        words = self._words
        if not self.heads:
            self._close_subjects(at)
        if self._open:
            self._open[-1].has_verb = True
            self._open[-1].verbs.append(verb)
            self._joined = False
        elif not self.heads and self._has_inner_subject(at):
            self._open.append(_Open(words.start[at - 1], verbs=[verb]))
        elif not self.heads or self._joined or words.marks[at] == ",":
            self._group = Head(verb, verb, words.low[at - 1] in cues()["it"])
            self.heads.append(self._group)
            self._standing.has_verb, self._joined = True, False
        elif not asides.completes(words, at, self._standing.begin) and self._opens_clause(at, verb):
            subject = at - 1 if words.may(at - 1, PRONOUN) else at
            self._open.append(_Open(words.start[subject], verbs=[verb]))

    # ------------------------------------------------------------------------------------------------- asides

    def _open_clause(self, at: int, role: int) -> None:
        words = self._words
        comma, relative = words.marks[at] == ",", bool(role & RELATIVE)
        front = not self.heads and not self._open
        clause = front and not relative and not role & PHRASE
        aside = _Open(words.start[at], has_verb=bool(role & PHRASE), relative=relative)
        aside.at_comma = comma or (front and (not relative or self._standing.in_opening))
        aside.firm = (clause or (comma and relative)) and "," in words.marks[at + 1 :]
        self._open.append(aside)

    def _close_subjects(self, at: int) -> None:
        """Close the asides that tell of the subject: the clause's own verb has come."""
        words = self._words
        if (words.may(at - 1, PRONOUN) and not words.marks[at]) or words.may(asides.before_adverb(words, at), JOIN):
            return
        while self._open and self._open[-1].has_verb and not self._open[-1].firm:
            self._close_from(len(self._open) - 1, words.start[at])

    def _close_from(self, depth: int, end: int) -> None:
        """Close the asides that are open, down to ``depth``."""
        while len(self._open) > depth:
            aside = self._open.pop()
            relative = aside.relative or any(other.relative for other in self._open)
            present = relative and bool(aside.verbs) and all(verb.bearing is not Tense.PAST for verb in aside.verbs)
            self.asides.append(Aside(aside.start, end, present))
            if self._open:
                self._open[-1].verbs.extend(aside.verbs)

    # ----------------------------------------------------------------------------------------- what a word does here

    def _compares(self, at: int) -> bool:
        """Whether "from" begins what a number is compared with: "to 58 from 41 a day earlier", "up from 54 percent"."""
        words = self._words
        if at + 1 >= len(words) or words.days[at + 1]:
            return False
        return words.may(at + 1, DIGITS) or words.low[at - 1] in cues()["change"]

    def _is_own_verb(self, at: int) -> bool:
        """Whether a verb of the same happening ("held") is the clause's own: no other follows in it."""
        if self.heads or self._standing.in_opening:
            return False
        return asides.next_verb(self._words, at, self._standing.begin) is None

    def _has_inner_subject(self, at: int) -> bool:
        """Whether the verb is that of a clause inside: "the town they took", where the main verb was not known as one."""
        words, standing = self._words, self._standing
        if not words.may(at - 1, PRONOUN) or standing.in_opening or at - 1 - standing.begin < 2:
            return False
        return not words.marks[at - 1] and not words.may(at - 2, JOIN)

    def _opens_clause(self, at: int, verb: Verb) -> bool:
        """Whether a second verb that nothing joins is that of a clause, and no noun that looks like one."""
        return verb.auxiliary or verb.tense is Tense.PAST or self._words.may(at - 1, PRONOUN)
