"""Tells which parts of a sentence are its fact, and by which verbs: the main clauses, or those of what is said.

One pass from left to right.  A word such as "after" or "who", a participle or a form in -ing opens an aside; its comma, the
verb of the clause around it or a clause joined to that closes it.  No parser: where the cheap signs are in doubt the aside
stays open, so that its days are not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from digests.dates import TimeExpression
from digests.eventday import words as reading
from digests.eventday.cues import AS, CLAUSE, COMPARED, DETERMINER, JOIN, NUMBER, PHRASE, PREPOSITION, PRONOUN, RELATIVE, cues
from digests.eventday.words import Words
from digests.verbs import Tense, Verb, lexicon

_DEEPEST = 3  # "X said that Y told Z that ..."


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
    """A stretch that tells of something else; ``present`` when its verbs all do, so that no day gone by can be theirs."""

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

    def _around(self, at: int) -> list[Aside]:
        return [aside for aside in self.asides if aside.start <= at < aside.end]

    def verb_of(self, day: TimeExpression, *, gone_by: bool) -> Head | None:
        """The verb that the day belongs to; None when it stands in no main clause of the fact."""
        if day.start < self.begin or self.words.text[day.start] == " ":
            return None
        around = self._around(day.start)
        if around and not (gone_by and all(aside.present for aside in around)):
            return None
        before = [head for head in self.heads if head.first.start < day.start]
        if not before:
            return self.heads[0]
        return None if self._trails_aside(day, before[-1]) else before[-1]

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
    words = reading.read(sentence, days)
    return _fact(words, 0, 0) if words is not None else None


def _fact(words: Words, begin: int, depth: int) -> Fact | None:
    scan = _Scan(words, begin)
    scan.run()
    if not scan.heads or begin >= len(words):
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
    begin = first = at = words.start.index(head.last.start) + 1
    told = head.last.word in lists["told"]
    while at < len(words):
        verb = words.verbs[at]
        if words.low[at] in lists["that"]:
            return at + 1
        if words.marks[at] == ";":
            return None
        if at > first and (deed or words.marks[at]) and words.roles[at] & (JOIN | RELATIVE | CLAUSE) and _stops(words, at, deed):
            return None
        if verb is not None and verb.finite:
            return first
        if words.days[at] and at - begin <= 7 and (words.roles[begin] & PREPOSITION or words.days[begin] or told):
            first = at + 1
        at += 1
    return None


def _stops(words: Words, at: int, deed: bool) -> bool:
    return bool(words.marks[at]) or (deed and not words.roles[at] & JOIN)


# ------------------------------------------------------------------------------------------------------- the pass


@dataclass(slots=True)
class _Frame:
    """A clause or phrase that is open.

    Args:
        at_comma: the next comma closes it.
        firm: only that closes it, not a verb: "When the firm chose the Leeds based yard on Friday, ...".
        has_verb: it has the verb it waits for, or waits for none.
        verbs: those read in it, which tell whether a day gone by may be theirs.
    """

    start: int
    at_comma: bool = False
    has_verb: bool = False
    to_number: bool = False
    relative: bool = False
    firm: bool = False
    loose: bool = False
    verbs: list[Verb] = field(default_factory=list)


class _Scan:
    """One pass over the words from ``begin`` on.  The outermost frame is the fact's."""

    def __init__(self, words: Words, begin: int) -> None:
        self._words, self._begin = words, begin
        self._open: list[_Frame] = [_Frame(0)]
        self._commas, self._subject = 0, begin
        self._in_opening = words.days[begin : begin + 1] == [True] or words.low[begin : begin + 1] and (
            words.low[begin] in cues()["opening"] or words.low[begin].endswith(tuple(lexicon()["adverb_ending"]))
        )
        self._joined = False
        self._infinitive = False
        self.heads: list[Head] = []
        self.asides: list[Aside] = []

    def run(self) -> None:
        words = self._words
        for at in range(self._begin, len(words)):
            if words.marks[at] and at > self._begin:
                self._mark(at)
            if words.days[at]:
                continue
            verb = words.verbs[at]
            if verb is None:
                self._word(at)
            elif verb.helped:
                self._help(verb)
            else:
                self._verb(at, verb)
        while len(self._open) > 1:
            self._close(len(words.text))

    # ------------------------------------------------------------------------------------------------ what is met

    def _mark(self, at: int) -> None:
        words = self._words
        start = words.start[at]
        if words.marks[at] == ";":
            while len(self._open) > 1:
                self._close(start)
            self._joined = True
            return
        outermost = next((depth for depth, frame in enumerate(self._open) if frame.at_comma), len(self._open))
        while len(self._open) > outermost:
            self._close(start)
        if len(self._open) == 1 and not self.heads:
            if self._in_opening:
                self._in_opening, self._commas, self._subject = False, 0, at
            else:
                self._commas += 1

    def _word(self, at: int) -> None:
        words = self._words
        role = words.roles[at]
        if role & JOIN:
            self._join(at)
        elif role & (CLAUSE | RELATIVE | PHRASE | AS) and self._opens(at, role):
            self._push_clause(at, role)
        elif words.marks[at] and self.heads and words.low[at] in cues()["with"]:
            self._push(at, has_verb=True, at_comma=True)
        elif role & COMPARED and self._compares(at):
            self._push(at, has_verb=True, to_number=True, at_comma=True)
        elif self._open[-1].to_number and words.low[at] in cues()["compared_to"]:
            self._close(words.start[at])
        elif words.low[at].endswith(_gerund_ending()) and self._is_phrase_in_ing(at):
            after_comma = words.marks[at] == "," and at > self._begin
            self._push(at, has_verb=True, at_comma=after_comma or at == self._begin)
            self._open[-1].loose = at == self._begin

    def _join(self, at: int) -> None:
        words, lists = self._words, cues()
        follower = self._next_verb(at)
        if follower is None:
            return
        comma, contrast = words.marks[at] == ",", words.low[at] in lists["contrast"]
        if len(self._open) > 1 and (comma or contrast) and self.heads:
            while len(self._open) > 1:
                self._close(words.start[at])
        self._joined = True

    def _help(self, verb: Verb) -> None:
        if len(self._open) == 1 and self.heads and not (self._infinitive and verb.bearing is not Tense.PAST):
            self.heads[-1].last = verb
        self._open[-1].verbs.append(verb)

    def _verb(self, at: int, verb: Verb) -> None:
        words = self._words
        if words.low[at] in cues()["same_happening"] and not self._stands_first(at):
            return
        self._infinitive = words.low[at - 1] in lexicon()["infinitive"]
        if self._infinitive:
            return
        if not verb.finite:
            if not self._adjective(at):
                self._push_participle(at, verb)
            return
        if self._is_participle(at, verb):
            if not self._adjective(at):
                self._push_participle(at, verb)
            return
        self._take(at, verb)

    def _push_participle(self, at: int, verb: Verb) -> None:
        front = self._in_opening or at == self._begin
        self._push(at, has_verb=True, at_comma=front or self._words.marks[at] == ",", verb=verb)
        self._open[-1].firm = front

    def _take(self, at: int, verb: Verb) -> None:
        """Give a finite verb to the clause it is the verb of."""
        words = self._words
        while len(self._open) > 1 and self._open[-1].has_verb and not self._open[-1].firm and not self.heads and not self._has_own_subject(at) and not words.roles[self._before_adverb(at)] & JOIN:
            self._close(words.start[at])
        frame = self._open[-1]
        if len(self._open) > 1:
            frame.has_verb = True
            frame.verbs.append(verb)
            self._joined = False
        elif not self.heads and self._has_inner_subject(at):
            self._push(at - 1, has_verb=True, verb=verb)
        elif not self.heads or self._joined or words.marks[at] == ",":
            self.heads.append(Head(verb, verb, words.low[at - 1] in cues()["it"]))
            self._joined = False
        elif not self._adjective(at) and (verb.auxiliary or verb.tense is Tense.PAST or words.roles[at - 1] & PRONOUN):
            subject = at - 1 if words.roles[at - 1] & PRONOUN else at
            self._push(subject, has_verb=True, verb=verb)

    # ------------------------------------------------------------------------------------------------- asides

    def _push_clause(self, at: int, role: int) -> None:
        words = self._words
        comma, relative, front = words.marks[at] == ",", bool(role & RELATIVE), not self.heads and len(self._open) == 1
        self._push(
            at,
            has_verb=bool(role & PHRASE),
            at_comma=comma or (front and not relative) or (front and self._in_opening),
            relative=relative,
        )
        sub = front and not relative and not role & PHRASE
        self._open[-1].firm = (sub or (comma and relative)) and self._comma_after(at)

    def _push(
        self,
        at: int,
        *,
        has_verb: bool,
        at_comma: bool = False,
        to_number: bool = False,
        relative: bool = False,
        verb: Verb | None = None,
    ) -> None:
        frame = _Frame(self._words.start[at], at_comma, has_verb, to_number, relative)
        if verb is not None:
            frame.verbs.append(verb)
        self._open.append(frame)

    def _close(self, end: int) -> None:
        frame = self._open.pop()
        present = frame.relative and bool(frame.verbs) and all(verb.bearing is not Tense.PAST for verb in frame.verbs)
        self.asides.append(Aside(frame.start, end, present))
        if len(self._open) > 1:
            self._open[-1].verbs.extend(frame.verbs)

    # ----------------------------------------------------------------------------------------- what a word does here

    def _opens(self, at: int, role: int) -> bool:
        """Whether a word that may open a clause or phrase does so here."""
        words, lists = self._words, cues()
        low, after, before = words.low[at], words.low[at + 1], words.low[at - 1] if at > self._begin else ""
        at_end = at + 1 >= len(words) or bool(words.marks[at + 1])
        if role & AS:
            if after in lists["as_phrase"] or before in lists["before_as"] or words.is_number(at + 1):
                return False
            follower = self._next_verb(at)
            return follower is not None and not words.roles[follower - 1] & JOIN
        if low in lists["adverb_at_end"] and at_end:
            return False
        if low in lists["around"] and (self._is_clock(at + 1)):
            return False
        if words.days[at + 1 : at + 2] == [True] and low in lists["limit"]:
            return words.text[words.end[at + 1] : words.end[at + 1] + 1] in ("'", "’")
        if low in lists["doubtful_clause"]:
            return at == self._begin or bool(words.marks[at]) or bool(words.roles[at + 1] & (DETERMINER | PRONOUN))
        if low in lists["that"]:
            return not (at == self._begin or words.marks[at] or words.roles[at - 1] & PREPOSITION)
        if role & PHRASE:
            return self._opens_phrase(at, low, before, after)
        return True

    def _opens_phrase(self, at: int, low: str, before: str, after: str) -> bool:
        words, lists = self._words, cues()
        needs, refused = lists.only_with["phrase_needs"].get(low), lists.only_with["phrase_refused_after"].get(low, ())
        if (needs is not None and after not in needs) or before in refused:
            return False
        return not (low in lists["rough"] and (words.is_number(at + 1) or words.roles[at + 1] & NUMBER or after in lists["rough_after"]))

    def _is_clock(self, at: int) -> bool:
        words = self._words
        if at >= len(words):
            return False
        return words.days[at] or words.is_number(at) or words.low[at] in cues()["noon"]

    def _compares(self, at: int) -> bool:
        """Whether "from" begins what a number is compared with: "to 58 from 41 a day earlier", "up from 54 percent"."""
        words = self._words
        if at + 1 >= len(words) or words.days[at + 1]:
            return False
        return words.is_number(at + 1) or words.low[at - 1] in cues()["change"]

    def _is_phrase_in_ing(self, at: int) -> bool:
        """Whether a word in -ing opens a phrase of its own: ", killing nine", "Facing a crisis", "photos showing it"."""
        words, lists = self._words, cues()
        low, before, after = words.low[at], words.low[at - 1] if at > self._begin else "", words.low[at + 1]
        if len(low) < 6 or words.roles[at] & PREPOSITION or before in lexicon()["be"] or before.endswith(_gerund_ending()):
            return False
        next_role = words.roles[at + 1]
        ends = at + 1 >= len(words) or bool(words.marks[at + 1]) or words.days[at + 1] or bool(next_role & JOIN)
        if words.marks[at] == "," and at > self._begin:
            return low not in lists["no_gerund"] or not ends
        if at == self._begin:
            return low not in lists["no_gerund"] and not words.is_capital(at + 1)
        if words.verbs[at - 1] is not None:
            return False
        if after in lexicon()["infinitive"] and words.roles[at - 1] & PREPOSITION and low not in lists["no_gerund"]:
            return True  # "for failing to"
        object_follows = bool(next_role & (DETERMINER | PRONOUN | NUMBER)) or words.is_number(at + 1) or after in lists["object"]
        if low in lists["no_gerund"]:
            return object_follows and not words.roles[at - 1] & DETERMINER
        if words.roles[at - 1] & (DETERMINER | NUMBER) or words.is_number(at - 1):
            return False
        if object_follows or not (ends or next_role & PREPOSITION):
            return object_follows or not any(words.roles[other] & DETERMINER for other in range(max(self._begin, at - 3), at))
        return not self.heads and not words.roles[at - 1] & PREPOSITION

    def _stands_first(self, at: int) -> bool:
        """Whether a verb of the same happening is the clause's own: no other follows in it."""
        follower = self._next_verb(at)
        return follower is None and not self.heads and not self._in_opening

    def _adjective(self, at: int) -> bool:
        """Whether a participle only completes or describes: "stayed closed", "with increased speed"."""
        words = self._words
        before = self._before_adverb(at)
        return before >= self._begin and words.verbs[before] is not None and not words.marks[at]

    def _is_participle(self, at: int, verb: Verb) -> bool:
        """Whether a past form is no clause's verb but a shortened clause: ", built in 1990,", "numbers released on Thursday"."""
        words = self._words
        if verb.auxiliary:
            return verb.word in lexicon()["auxiliary_bare"]
        if verb.word in lexicon()["simple_past"] or not (
            verb.tense is Tense.PAST or verb.word in lexicon()["irregular"] or verb.word.endswith(tuple(lexicon()["past_ending"]))
        ):
            return False
        if len(self._open) > 1 and words.low[at + 1] in lexicon()["by"] and not (words.is_number(at + 2) or words.roles[min(at + 2, len(words))] & NUMBER):
            return True
        if not self.heads and len(self._open) == 1:
            return self._is_participle_of_subject(at, verb)
        if self._open[-1].loose and self._comma_after(at) and not self._takes_object(at):
            return True
        if words.marks[at] == ",":
            return not self._lists_verbs(at)
        return False

    def _before_adverb(self, at: int) -> int:
        """The word before a verb, an adverb between them passed over."""
        low = self._words.low[at - 1]
        adverb = low in cues()["adverb"] or low.endswith(tuple(lexicon()["adverb_ending"]))
        return at - 2 if adverb and not self._words.marks[at] else at - 1

    def _is_participle_of_subject(self, at: int, verb: Verb) -> bool:
        words = self._words
        if at in (self._begin, self._subject):
            return True
        if words.roles[at - 1] & PRONOUN or words.roles[self._begin] & PRONOUN:
            return False
        if self._in_opening and self._comma_after(at) and not words.days[at - 1]:
            return self._opening_holds(at)
        if words.marks[self._before_adverb(at) + 1] == ",":
            return self._commas % 2 == 1
        return self._is_reduced(at, verb)

    def _opening_holds(self, at: int) -> bool:
        """Whether no subject stands between the day or phrase in front and the word."""
        return not any(self._words.days[self._begin : at])

    def _comma_after(self, at: int) -> bool:
        return "," in self._words.marks[at + 1 :]

    def _is_reduced(self, at: int, verb: Verb) -> bool:
        """Whether another verb follows that is the clause's: "the men arrested on Friday were freed"."""
        words, lists = self._words, cues()
        after = at + 1
        if after >= len(words) or words.marks[after]:
            return False
        if words.roles[after] & (DETERMINER | PRONOUN | NUMBER) or words.is_number(after) or words.low[after] in lists["object"]:
            if not words.days[after]:
                return False
        follower = self._follower(at)
        if follower is None:
            return False
        other = words.verbs[follower]
        assert other is not None
        plain = words.days[after] or bool(words.roles[after] & PREPOSITION) or words.low[after] in lexicon()["infinitive"]
        if verb.saying or verb.word in lists["worded_deed"]:
            return plain and all(
                words.days[between] or words.roles[between] & PREPOSITION for between in range(after, follower)
            )
        if other.auxiliary or other.word in lexicon()["simple_past"]:
            return True
        return plain and self._takes_object(follower)

    def _takes_object(self, at: int) -> bool:
        words = self._words
        return bool(words.roles[at + 1] & (DETERMINER | NUMBER)) or words.is_number(at + 1) or words.low[at + 1] in cues()["object"]

    def _follower(self, at: int) -> int | None:
        """The verb after a verb that stands unjoined on the same level; None when none does."""
        words = self._words
        waiting = commas = 0
        joined = False
        for other in range(at + 1, len(words)):
            if words.marks[other]:
                if words.marks[other] == ";":
                    return None
                commas += 1
            verb, role = words.verbs[other], words.roles[other]
            if verb is None:
                if role & JOIN and commas % 2 == 0:
                    joined = True
                elif role & (CLAUSE | RELATIVE | AS) and self._opens(other, role):
                    waiting += 1
                continue
            if verb.helped or not verb.finite or words.days[other]:
                continue
            if words.low[other - 1] in lexicon()["infinitive"]:
                continue
            if waiting:
                waiting -= 1
                continue
            if joined or words.roles[other - 1] & PRONOUN:
                return None
            if commas == 0 or (commas >= 2 and words.marks[other]):
                return other
            return None
        return None

    def _lists_verbs(self, at: int) -> bool:
        """Whether a verb after a comma is one of a list: "entered the shop, fired twice and fled"."""
        words = self._words
        for other in range(at + 1, len(words) - 1):
            if words.marks[other] == ";":
                return False
            following = words.verbs[other + 1]
            if words.roles[other] & JOIN and following is not None and following.finite:
                return not words.low[at + 1] in lexicon()["by"]
        return False

    def _has_own_subject(self, at: int) -> bool:
        return bool(self._words.roles[at - 1] & PRONOUN) and not self._words.marks[at]

    def _has_inner_subject(self, at: int) -> bool:
        """Whether the verb is that of a clause inside: "the town they took", where the main verb was not known as one."""
        words = self._words
        if not words.roles[at - 1] & PRONOUN or self._in_opening or at - 1 - self._begin < 2:
            return False
        return not words.marks[at - 1] and not words.roles[at - 2] & JOIN

    def _next_verb(self, at: int) -> int | None:
        """The next finite verb before a comma or a word that opens a clause."""
        words = self._words
        for other in range(at + 1, len(words)):
            if words.marks[other]:
                return None
            verb, role = words.verbs[other], words.roles[other]
            if verb is not None and verb.finite and words.low[other - 1] not in lexicon()["infinitive"]:
                return other
            if verb is None and role & (CLAUSE | RELATIVE) and not words.days[other] and self._opens(other, role):
                return None
        return None


def _gerund_ending() -> tuple[str, ...]:
    return tuple(lexicon()["gerund_ending"])
