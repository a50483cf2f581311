"""Parts a sentence into its main clauses and the asides in them.

One pass from left to right.  A word such as "after" or "who", a participle or a form in -ing opens an aside; its comma, the
verb of the clause around it or a clause joined to that closes it.  No parser: where the cheap signs are in doubt the aside
stays open, so that its days are not taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from digests.eventday import openers, participles
from digests.eventday.cues import (
    ADVERB,
    COMPARED,
    DIGITS,
    ING,
    JOIN,
    OPENERS,
    PHRASE,
    PRONOUN,
    RELATIVE,
    SUBJECT,
    TO,
    WITH,
    cues,
)
from digests.eventday.participles import Standing
from digests.eventday.words import Words
from digests.verbs import Tense, Verb, lexicon

_HEAD_REACH = 5  # words from the first of a main verb to its last: "has, however, already said"
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


class Clauses:
    """One pass over the words from ``begin`` on.

    Args:
        heads: the verbs of the main clauses met so far, in order.
        asides: the stretches closed so far that tell of something else.
    """

    def __init__(self, words: Words, begin: int) -> None:
        opening = words.days[begin] or words.low[begin] in cues()["opening"] or words.may(begin, ADVERB)
        self._words, self._standing = words, Standing(begin, begin, opening)
        self._open: list[_Open] = []
        self._joined = self._in_infinitive = False
        self._group: Head | None = None  # that the next helped verb belongs to
        self._next, self._head_at = begin, begin
        self.heads: list[Head] = []
        self.asides: list[Aside] = []

    def read_to_head(self) -> Head | None:
        """Read until the main verb is known, and no farther than it may reach; None when there is none."""
        self._read(to_head=True)
        return self.heads[0] if self.heads else None

    def read_to_end(self) -> None:
        """Read what is left."""
        self._read(to_head=False)
        self._close_from(0, len(self._words.text))

    def _read(self, *, to_head: bool) -> None:
        words, begin = self._words, self._standing.begin
        marks, days, verbs, roles = words.marks, words.days, words.verbs, words.roles
        for at in range(self._next, len(words)):
            if to_head and self.heads and at - self._head_at > _HEAD_REACH:
                self._next = at
                return
            if marks[at] and at > begin:
                self._mark(at)
            if days[at]:
                continue
            if (verb := verbs[at]) is not None:
                self._verb(at, verb)
            elif roles[at] & _HEEDED:
                self._word(at, roles[at])
        self._next = len(words)

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
        elif role & OPENERS and openers.opens(words, at, begin):
            self._open_clause(at, role)
        elif role & WITH and words.marks[at] and self.heads:
            self._open.append(_Open(start, at_comma=True))
        elif role & SUBJECT and self.heads and not words.marks[at] and not words.may(at - 1, JOIN):
            self._open.append(_Open(start, has_verb=False))
        elif role & COMPARED and self._compares(at):
            self._open.append(_Open(start, at_comma=True, to_number=True))
        elif role & TO and self._open and self._open[-1].to_number:
            self._close_from(len(self._open) - 1, start)
        elif role & ING and participles.opens_in_ing(words, at, self._standing):
            self._open.append(_Open(start, at_comma=at == begin or words.marks[at] == ",", loose=at == begin))

    def _join(self, at: int) -> None:
        words = self._words
        if openers.next_verb(words, at, self._standing.begin) is None:
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
        if verb.finite and not participles.is_participle(words, at, verb, standing, loose=loose):
            self._take(at, verb)
        elif not participles.completes(words, at, begin):
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
            self._head_at = self._head_at if self.heads else at
            self.heads.append(self._group)
            self._standing.has_verb, self._joined = True, False
        elif not participles.completes(words, at, self._standing.begin) and self._opens_clause(at, verb):
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
        if (words.may(at - 1, PRONOUN) and not words.marks[at]) or words.may(participles.before_adverb(words, at), JOIN):
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
        return openers.next_verb(self._words, at, self._standing.begin) is None

    def _has_inner_subject(self, at: int) -> bool:
        """Whether the verb is that of a clause inside: "the town they took", where the main verb was not known as one."""
        words, standing = self._words, self._standing
        if not words.may(at - 1, PRONOUN) or standing.in_opening or at - 1 - standing.begin < 2:
            return False
        return not words.marks[at - 1] and not words.may(at - 2, JOIN)

    def _opens_clause(self, at: int, verb: Verb) -> bool:
        """Whether a second verb that nothing joins is that of a clause, and no noun that looks like one."""
        return verb.auxiliary or verb.tense is Tense.PAST or self._words.may(at - 1, PRONOUN)
