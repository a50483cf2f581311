"""Tells whether a small word ("after", "who", "despite") opens a clause or phrase that tells of something else."""

from __future__ import annotations

from digests.eventday.cues import AS, CLAUSE, DETERMINER, DIGITS, JOIN, NUMBER, PHRASE, PREPOSITION, PRONOUN, RELATIVE, TO, cues
from digests.eventday.words import Words


def opens(words: Words, at: int, begin: int) -> bool:
    """Whether a word that may open a clause or phrase does so here."""
    lists, role, low = cues(), words.roles[at], words.low[at]
    if role & AS:
        return _as_opens(words, at, begin)
    if low in lists["adverb_at_end"] and words.ends(at + 1):
        return False
    if low in lists["around"] and _is_time(words, at + 1):
        return False
    if low in lists["limit"] and at + 1 < len(words) and words.days[at + 1]:
        return words.text[words.end[at + 1] : words.end[at + 1] + 1] in ("'", "’")  # "after Monday's blast"
    if low in lists["doubtful_clause"]:
        return at == begin or bool(words.marks[at]) or words.may(at + 1, DETERMINER | PRONOUN)
    if low in lists["that"]:
        return not (at == begin or words.marks[at] or words.may(at - 1, PREPOSITION))
    return _phrase_opens(words, at, begin) if role & PHRASE else True


def _as_opens(words: Words, at: int, begin: int) -> bool:
    """Whether "as" opens a clause, as in "as crowds waited", and no phrase, as in "as president"."""
    if not _as_may_open(words, at, begin):
        return False
    verb = next_verb(words, at, begin)
    return verb is not None and not words.may(verb - 1, JOIN)


def _as_may_open(words: Words, at: int, begin: int) -> bool:
    lists, before = cues(), words.low[at - 1] if at > begin else ""
    return not (words.low[at + 1] in lists["as_phrase"] or before in lists["before_as"] or words.may(at + 1, DIGITS))


def _phrase_opens(words: Words, at: int, begin: int) -> bool:
    lists, low = cues(), words.low[at]
    needs, refused = lists.only_with["phrase_needs"].get(low), lists.only_with["phrase_refused_after"].get(low, ())
    if (needs is not None and words.low[at + 1] not in needs) or (at > begin and words.low[at - 1] in refused):
        return False
    return not (low in lists["rough"] and (words.may(at + 1, DIGITS | NUMBER) or words.low[at + 1] in lists["rough_after"]))


def _is_time(words: Words, at: int) -> bool:
    return at < len(words) and (words.days[at] or words.may(at, DIGITS) or words.low[at] in cues()["noon"])


def next_verb(words: Words, at: int, begin: int) -> int | None:
    """The next finite verb before a mark or a word that opens a clause."""
    for other in range(at + 1, len(words)):
        if words.marks[other]:
            return None
        verb = words.verbs[other]
        if verb is None:
            # Whether "as" opens a clause hangs on the verb after it; to ask for that here would not end.
            opening = _as_may_open if words.may(other, AS) else opens
            if words.may(other, CLAUSE | RELATIVE) and not words.days[other] and opening(words, other, begin):
                return None
        elif verb.finite and not words.may(other - 1, TO):
            return other
    return None
